#pragma once

#include <optional>
#include <vector>

#include "chains/stellar/xdr/json_support.hpp"
#include "chains/stellar/xdr/support.hpp"

/// Lists and optionals of the generated XDR-JSON, each item by the function that is given.
namespace astro::stellar::xdr {

template <class List, class F>
void put_list(JsonWriter& out, const List& from, F&& put_item) {
    out.raw("[");
    bool first = true;
    for (const auto& item : from) {
        if (!first) out.raw(",");
        first = false;
        put_item(out, item);
    }
    out.raw("]");
}

template <class T, class F>
void put_optional(JsonWriter& out, const std::optional<T>& from, F&& put_item) {
    if (from)
        put_item(out, *from);
    else
        out.raw("null");
}

template <class T, class F>
[[nodiscard]] bool take_list(JsonReader& in, JsonValue from, std::vector<T>& out, std::size_t max,
                             F&& take_item) {
    std::size_t size = 0;
    if (!in.items(from, max, false, size)) return false;
    out.clear();
    out.reserve(size);
    for (std::size_t i = 0; i < size; ++i)
        if (!take_item(in, JsonReader::item(from, i), out.emplace_back())) return in.at(i);
    return true;
}

template <class T, std::size_t N, class F>
[[nodiscard]] bool take_array(JsonReader& in, JsonValue from, std::array<T, N>& out,
                              F&& take_item) {
    std::size_t size = 0;
    if (!in.items(from, N, true, size)) return false;
    for (std::size_t i = 0; i < N; ++i)
        if (!take_item(in, JsonReader::item(from, i), out[i])) return in.at(i);
    return true;
}

template <class T, class F>
[[nodiscard]] bool take_optional(JsonReader& in, JsonValue from, std::optional<T>& out,
                                 F&& take_item) {
    out.reset();
    return JsonReader::is_null(from) || take_item(in, from, out.emplace());
}

}  // namespace astro::stellar::xdr

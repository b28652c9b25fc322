#pragma once

#include <optional>
#include <vector>

#include "chains/stellar/xdr/reader.hpp"
#include "chains/stellar/xdr/writer.hpp"

/// Lists and optionals of the generated codec, each item by the function that is given.
namespace astro::stellar::xdr {

template <class T, class F>
[[nodiscard]] bool read_list(Reader& in, std::vector<T>& out, std::size_t max, F&& read_item) {
    std::size_t size = 0;
    if (!in.count(size, max)) return false;
    out.clear();
    // A length costs four bytes, whatever it says: room comes with the items that are there.
    out.reserve(std::min<std::size_t>(size, 64));
    for (std::size_t i = 0; i < size; ++i)
        if (!read_item(in, out.emplace_back())) return in.at(i);
    return true;
}

template <class T, std::size_t N, class F>
[[nodiscard]] bool read_array(Reader& in, std::array<T, N>& out, F&& read_item) {
    for (std::size_t i = 0; i < N; ++i)
        if (!read_item(in, out[i])) return in.at(i);
    return true;
}

template <class T, class F>
[[nodiscard]] bool read_optional(Reader& in, std::optional<T>& out, F&& read_item) {
    bool there = false;
    if (!in.boolean(there)) return false;
    out.reset();
    return !there || read_item(in, out.emplace());
}

template <class T, class F>
void write_list(Writer& out, const std::vector<T>& from, std::size_t max, F&& write_item) {
    out.length(from.size(), max);
    for (const auto& item : from) write_item(out, item);
}

template <class T, std::size_t N, class F>
void write_array(Writer& out, const std::array<T, N>& from, F&& write_item) {
    for (const auto& item : from) write_item(out, item);
}

template <class T, class F>
void write_optional(Writer& out, const std::optional<T>& from, F&& write_item) {
    out.u32(from ? 1 : 0);
    if (from) write_item(out, *from);
}

}  // namespace astro::stellar::xdr

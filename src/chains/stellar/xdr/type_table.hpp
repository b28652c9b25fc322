#pragma once

#include <string>
#include <string_view>

#include "chains/stellar/xdr/json_support.hpp"
#include "chains/stellar/xdr/support.hpp"

namespace astro::stellar::xdr {

/// A type of the schema, for callers that know it by its name only.
struct TypeEntry {
    std::string_view name;
    /// Reads the whole of `bytes`; the value is written as XDR-JSON.
    Result<std::string> (*json_of_xdr)(ByteView bytes);
    /// Reads the parsed document.
    Result<Bytes> (*xdr_of_json)(JsonValue document);
    /// Reads the whole of `bytes` and writes it anew: the same bytes.
    Result<Bytes> (*rewritten)(ByteView bytes);
};

namespace detail {

template <class Codec>
Result<typename Codec::Value> value_of_xdr(ByteView bytes) {
    Reader in(bytes);
    typename Codec::Value value{};
    if (!Codec::read_value(in, value) || !in.end()) return in.error();
    return value;
}

template <class Codec>
Result<std::string> json_of_xdr(ByteView bytes) {
    ASTRO_TRY(const auto value, value_of_xdr<Codec>(bytes));
    JsonWriter out;
    Codec::put_value(out, value);
    return out.take();
}

template <class Codec>
Result<Bytes> xdr_of_json(JsonValue document) {
    JsonReader in;
    typename Codec::Value value{};
    if (!Codec::take_value(in, document, value)) return in.error();
    Writer out;
    Codec::write_value(out, value);
    return out.take();
}

template <class Codec>
Result<Bytes> rewritten(ByteView bytes) {
    ASTRO_TRY(const auto value, value_of_xdr<Codec>(bytes));
    Writer out;
    Codec::write_value(out, value);
    return out.take();
}

}  // namespace detail

template <class Codec>
[[nodiscard]] constexpr TypeEntry type_entry(std::string_view name) {
    return {name, detail::json_of_xdr<Codec>, detail::xdr_of_json<Codec>, detail::rewritten<Codec>};
}

}  // namespace astro::stellar::xdr

#pragma once

#include "chains/stellar/xdr/support.hpp"
#include "foundation/base/encoding.hpp"

/// XDR in and out for each type of the schema (include the header of the type's schema file too).
namespace astro::stellar::xdr {

/// Refusal "xdr_malformed": where is the path to the field.
template <class T>
[[nodiscard]] Result<T> from_xdr(ByteView bytes) {
    if (bytes.size() > kXdrBytesMax)
        return refusal("xdr_malformed",
                       "it is longer than " + std::to_string(kXdrBytesMax) + " bytes");
    Reader in(bytes);
    T out{};
    if (!read(in, out) || !in.end()) return in.error();
    return out;
}

template <class T>
[[nodiscard]] Bytes to_xdr(const T& value) {
    Writer out;
    write(out, value);
    return out.take();
}

template <class T>
[[nodiscard]] Result<T> from_base64(std::string_view text) {
    ASTRO_TRY(const Bytes bytes, parse_base64(text));
    return from_xdr<T>(bytes);
}

template <class T>
[[nodiscard]] std::string to_base64(const T& value) {
    return astro::to_base64(to_xdr(value));
}

}  // namespace astro::stellar::xdr

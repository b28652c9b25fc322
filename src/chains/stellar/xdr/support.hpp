#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chains/stellar/xdr/box.hpp"
#include "chains/stellar/xdr/reader.hpp"
#include "chains/stellar/xdr/writer.hpp"

/// What the generated types of Stellar's XDR stand on.
namespace astro::stellar::xdr {

[[nodiscard]] inline bool read(Reader& in, std::uint32_t& out) {
    return in.u32(out);
}
[[nodiscard]] inline bool read(Reader& in, std::int32_t& out) {
    std::uint32_t value = 0;
    if (!in.u32(value)) return false;
    out = static_cast<std::int32_t>(value);
    return true;
}
[[nodiscard]] inline bool read(Reader& in, std::uint64_t& out) {
    return in.u64(out);
}
[[nodiscard]] inline bool read(Reader& in, std::int64_t& out) {
    std::uint64_t value = 0;
    if (!in.u64(value)) return false;
    out = static_cast<std::int64_t>(value);
    return true;
}
[[nodiscard]] inline bool read(Reader& in, bool& out) {
    return in.boolean(out);
}

inline void write(Writer& out, std::uint32_t from) {
    out.u32(from);
}
inline void write(Writer& out, std::int32_t from) {
    out.u32(static_cast<std::uint32_t>(from));
}
inline void write(Writer& out, std::uint64_t from) {
    out.u64(from);
}
inline void write(Writer& out, std::int64_t from) {
    out.u64(static_cast<std::uint64_t>(from));
}
inline void write(Writer& out, bool from) {
    out.u32(from ? 1 : 0);
}

/// The value of a union's case; that it holds the type which its discriminant says is the caller's.
template <class T, class Variant>
[[nodiscard]] const T& arm_of(const Variant& value) {
    const T* arm = std::get_if<T>(&value);
    ASTRO_ASSERT(arm != nullptr);
    return *arm;
}

}  // namespace astro::stellar::xdr

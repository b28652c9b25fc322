#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace astro {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Little-endian integer at `offset`; the caller has checked that it is inside.
template <class T>
[[nodiscard]] T load_le(ByteView bytes, std::size_t offset) {
    static_assert(std::endian::native == std::endian::little);
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

/// N bytes with a meaning given by Tag (a public key, a signature, a hash). Ordered bytewise.
template <class Tag, std::size_t N>
struct FixedBytes {
    static constexpr std::size_t kSize = N;
    std::array<std::uint8_t, N> bytes{};

    auto operator<=>(const FixedBytes&) const = default;
    [[nodiscard]] ByteView view() const { return bytes; }
    [[nodiscard]] bool is_zero() const { return *this == FixedBytes{}; }
};

}  // namespace astro

/// Keys and hashes are uniformly random already; eight of their bytes are a good hash.
template <class Tag, std::size_t N>
struct std::hash<astro::FixedBytes<Tag, N>> {
    std::size_t operator()(const astro::FixedBytes<Tag, N>& v) const noexcept {
        std::uint64_t a, b;
        std::memcpy(&a, v.bytes.data(), 8);
        std::memcpy(&b, v.bytes.data() + N - 8, 8);
        return a ^ (b * 0x9E3779B97F4A7C15ULL);
    }
};

#pragma once

#include <array>
#include <cstring>
#include <string_view>

#include "chains/stellar/xdr/enum_table.hpp"
#include "foundation/base/assert.hpp"
#include "foundation/base/bytes.hpp"

namespace astro::stellar::xdr {

/// Writes canonical XDR. That a value keeps its schema's limits is the caller's to see to: one that
/// was read does.
class Writer {
  public:
    void u32(std::uint32_t value) {
        value = __builtin_bswap32(value);
        std::memcpy(room(4), &value, 4);
    }
    void u64(std::uint64_t value) {
        value = __builtin_bswap64(value);
        std::memcpy(room(8), &value, 8);
    }
    template <std::size_t N>
    void fixed(const std::array<std::uint8_t, N>& bytes) {
        padded(bytes.data(), N);
    }
    void opaque(ByteView bytes, std::size_t max) {
        length(bytes.size(), max);
        padded(bytes.data(), bytes.size());
    }
    void string(std::string_view text, std::size_t max) { opaque(as_bytes(text), max); }
    template <class E>
    void enumeration(const EnumTable& table, E value) {
        ASTRO_ASSERT(table.find(static_cast<std::int32_t>(value)) != nullptr);
        u32(static_cast<std::uint32_t>(value));
    }
    /// Of a list.
    void length(std::size_t size, std::size_t max) {
        ASTRO_ASSERT(size <= max);
        u32(static_cast<std::uint32_t>(size));
    }
    /// The discriminant is none of the union's.
    [[noreturn]] void no_arm(const char*) {
        ASTRO_ASSERT(false && "no such case of the union");
        __builtin_unreachable();
    }

    [[nodiscard]] ByteView bytes() const { return {buffer_.data(), size_}; }
    [[nodiscard]] Bytes take() {
        buffer_.resize(size_);
        size_ = 0;
        return std::move(buffer_);
    }
    /// Begins anew, in the memory it has.
    void clear() { size_ = 0; }

  private:
    std::uint8_t* room(std::size_t size) {
        if (buffer_.size() - size_ < size) [[unlikely]]
            buffer_.resize(std::max(buffer_.size() * 2, size_ + size + 256));
        size_ += size;
        return buffer_.data() + size_ - size;
    }
    void padded(const std::uint8_t* bytes, std::size_t size) {
        const std::size_t whole = (size + 3) & ~std::size_t{3};
        auto* to = room(whole);
        if (size > 0) std::memcpy(to, bytes, size);
        for (std::size_t i = size; i < whole; ++i) to[i] = 0;
    }

    Bytes buffer_;
    std::size_t size_ = 0;
};

}  // namespace astro::stellar::xdr

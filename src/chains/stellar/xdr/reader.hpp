#pragma once

#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "chains/stellar/xdr/enum_table.hpp"
#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"

namespace astro::stellar::xdr {

/// The most bytes that one value may have.
inline constexpr std::size_t kXdrBytesMax = 64U << 20;
/// How deep values of one recursive type may lie in each other.
inline constexpr std::size_t kXdrDepthMax = 200;

/// Reads canonical XDR (RFC 4506): padding is zero, a boolean or an optional is 0 or 1, an enum has
/// one of its values, a length is within its limit. Each call returns false when the bytes do not
/// serve; the first reason is kept, and at() of the callers puts the path to the field before it,
/// so that a good value costs nothing for it.
class Reader {
  public:
    explicit Reader(ByteView bytes)
        : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    [[nodiscard]] bool u32(std::uint32_t& out) {
        if (remaining() < 4) [[unlikely]]
            return early();
        std::memcpy(&out, at_, 4);
        out = __builtin_bswap32(out);
        at_ += 4;
        return true;
    }
    [[nodiscard]] bool u64(std::uint64_t& out) {
        if (remaining() < 8) [[unlikely]]
            return early();
        std::memcpy(&out, at_, 8);
        out = __builtin_bswap64(out);
        at_ += 8;
        return true;
    }
    [[nodiscard]] bool boolean(bool& out) {
        std::uint32_t value = 0;
        if (!u32(value)) return false;
        out = value == 1;
        return value <= 1 || not_boolean(value);
    }
    template <std::size_t N>
    [[nodiscard]] bool fixed(std::array<std::uint8_t, N>& out) {
        if (remaining() < padded(N)) [[unlikely]]
            return early();
        std::memcpy(out.data(), at_, N);
        return skip_padding(N);
    }
    [[nodiscard]] bool opaque(Bytes& out, std::size_t max) {
        std::size_t size = 0;
        if (!length(size, max)) return false;
        out.assign(at_, at_ + size);
        return skip_padding(size);
    }
    [[nodiscard]] bool string(std::string& out, std::size_t max) {
        std::size_t size = 0;
        if (!length(size, max)) return false;
        out.assign(reinterpret_cast<const char*>(at_), size);
        return skip_padding(size);
    }
    template <class E>
    [[nodiscard]] bool enumeration(const EnumTable& table, E& out) {
        std::uint32_t value = 0;
        if (!u32(value)) return false;
        out = static_cast<E>(static_cast<std::int32_t>(value));
        return table.find(static_cast<std::int32_t>(value)) != nullptr ||
               not_of_enum(table.type, static_cast<std::int32_t>(value));
    }
    /// The number of items of a list; each takes four bytes at least.
    [[nodiscard]] bool count(std::size_t& out, std::size_t max) {
        std::uint32_t size = 0;
        if (!u32(size)) return false;
        out = size;
        return size > max ? too_long(size, max) : size <= remaining() / 4 || early();
    }
    /// The discriminant of a union that has one case.
    [[nodiscard]] bool only(std::int32_t value, std::string_view type, std::string_view of);
    /// Refuses: the union `of` has no case of that value. `table`: of its enum, if it has one.
    [[nodiscard]] bool no_arm(const EnumTable* table, std::int32_t value, std::string_view of);
    /// Refuses when something is left.
    [[nodiscard]] bool end();

    /// Both return false: what failed lies in that member or item.
    [[gnu::cold]] bool at(std::string_view member);
    [[gnu::cold]] bool at(std::size_t index);

    /// "xdr_malformed": what was wrong, where in the value, and at which byte.
    [[nodiscard]] Unexpected error() const;

    /// Held while a value of a recursive type is read; false: it lies too deep.
    class Deeper {
      public:
        explicit Deeper(Reader& in) : in_(in), ok_(++in.depth_ <= kXdrDepthMax || in.too_deep()) {}
        ~Deeper() { --in_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;
        [[nodiscard]] explicit operator bool() const { return ok_; }

      private:
        Reader& in_;
        bool ok_;
    };

  private:
    [[nodiscard]] static constexpr std::size_t padded(std::size_t size) {
        return (size + 3) & ~std::size_t{3};
    }
    [[nodiscard]] std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
    [[nodiscard]] bool length(std::size_t& size, std::size_t max) {
        std::uint32_t value = 0;
        if (!u32(value)) return false;
        size = value;
        if (size > max) [[unlikely]]
            return too_long(size, max);
        return padded(size) <= remaining() || early();
    }
    [[nodiscard]] bool skip_padding(std::size_t size) {
        at_ += size;
        for (std::size_t i = size; i < padded(size); ++i)
            if (*at_++ != 0) [[unlikely]]
                return bad_padding();
        return true;
    }

    [[gnu::cold]] bool fail(std::string why);
    [[gnu::cold]] bool early();
    [[gnu::cold]] bool too_long(std::size_t size, std::size_t max);
    [[gnu::cold]] bool too_deep();
    [[gnu::cold]] bool bad_padding();
    [[gnu::cold]] bool not_boolean(std::uint32_t value);
    [[gnu::cold]] bool not_of_enum(std::string_view type, std::int32_t value);

    const std::uint8_t* begin_;
    const std::uint8_t* at_;
    const std::uint8_t* end_;
    std::size_t depth_ = 0;
    std::string why_, path_;
    std::size_t failed_at_ = 0;
};

}  // namespace astro::stellar::xdr

#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

namespace astro {

/// How a strong number travels in JSON: amounts as strings (64-bit values do not survive a double),
/// counters such as slots as numbers.
enum class JsonForm { number, string };

/// An integer with a meaning: explicit construction, no implicit way out.
///
/// | operator         | identifier | quantity |
/// |------------------|------------|----------|
/// | == <=>           | yes        | yes      |
/// | a + b, a - b     | no         | yes, the same type; wraps like the integer: use checked_* on
/// foreign input |
///
/// A change of dimension is a named function, never an operator.
template <class Tag>
class Strong {
  public:
    using Rep = typename Tag::Rep;
    static constexpr JsonForm kJsonForm = Tag::kJsonForm;

    constexpr Strong() = default;
    constexpr explicit Strong(Rep value) : value_(value) {}
    [[nodiscard]] constexpr Rep value() const { return value_; }

    constexpr auto operator<=>(const Strong&) const = default;

    constexpr Strong& operator+=(Strong other)
        requires Tag::kIsQuantity
    {
        value_ = static_cast<Rep>(value_ + other.value_);
        return *this;
    }
    constexpr Strong& operator-=(Strong other)
        requires Tag::kIsQuantity
    {
        value_ = static_cast<Rep>(value_ - other.value_);
        return *this;
    }
    friend constexpr Strong operator+(Strong a, Strong b)
        requires Tag::kIsQuantity
    {
        return a += b;
    }
    friend constexpr Strong operator-(Strong a, Strong b)
        requires Tag::kIsQuantity
    {
        return a -= b;
    }

  private:
    Rep value_{};
};

template <class T>
inline constexpr bool kIsStrong = false;
template <class Tag>
inline constexpr bool kIsStrong<Strong<Tag>> = true;

namespace tags {
template <class R, bool Quantity, JsonForm Form>
struct Number {
    using Rep = R;
    static constexpr bool kIsQuantity = Quantity;
    static constexpr JsonForm kJsonForm = Form;
};
struct Slot : Number<std::uint64_t, false, JsonForm::number> {};
struct Lamports : Number<std::int64_t, true, JsonForm::string> {};
struct RawAmount : Number<std::uint64_t, true, JsonForm::string> {};
struct RawDelta : Number<std::int64_t, true, JsonForm::string> {};
struct BasisPoints : Number<std::int32_t, true, JsonForm::number> {};
struct MicroUsd : Number<std::int64_t, true, JsonForm::string> {};
}  // namespace tags

using Slot = Strong<tags::Slot>;                ///< Solana slot number
using Lamports = Strong<tags::Lamports>;        ///< 1 SOL = 1e9 lamports; signed, since deltas are
using RawAmount = Strong<tags::RawAmount>;      ///< a token amount in its smallest unit
using RawDelta = Strong<tags::RawDelta>;        ///< a change of a token amount, smallest unit
using BasisPoints = Strong<tags::BasisPoints>;  ///< 1/100 of a per cent
using MicroUsd = Strong<tags::MicroUsd>;        ///< 1e-6 US dollar

/// a + b, a - b, a * b, or nothing when the result does not fit.
template <class T>
[[nodiscard]] constexpr std::optional<T> checked_add(T a, T b) {
    T out{};
    if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
    return out;
}
template <class T>
[[nodiscard]] constexpr std::optional<T> checked_sub(T a, T b) {
    T out{};
    if (__builtin_sub_overflow(a, b, &out)) return std::nullopt;
    return out;
}
template <class T>
[[nodiscard]] constexpr std::optional<T> checked_mul(T a, T b) {
    T out{};
    if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
    return out;
}

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

/// floor(a * b / c) in 128 bits, or nothing when c is 0 or the result does not fit 64 bits.
[[nodiscard]] constexpr std::optional<std::uint64_t> mul_div(std::uint64_t a, std::uint64_t b,
                                                             std::uint64_t c) {
    if (c == 0) return std::nullopt;
    const UInt128 quotient = static_cast<UInt128>(a) * b / c;
    if (quotient > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
    return static_cast<std::uint64_t>(quotient);
}

}  // namespace astro

template <class Tag>
struct std::hash<astro::Strong<Tag>> {
    std::size_t operator()(astro::Strong<Tag> v) const noexcept {
        return std::hash<typename Tag::Rep>{}(v.value());
    }
};

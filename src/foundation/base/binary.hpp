#pragma once

#include <algorithm>
#include <array>
#include <boost/mp11/algorithm.hpp>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "foundation/base/boxed.hpp"
#include "foundation/base/bytes.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/numbers.hpp"
#include "foundation/base/result.hpp"

/// The one binary form of described structs: of commands in the journal, of snapshots, of what is
/// hashed. A value has exactly one form and a form exactly one value, so hashes of forms compare
/// values.
///
/// | type                          | form                                                         |
/// |-------------------------------|--------------------------------------------------------------|
/// | integers, Strong, Int128      | fixed width, little-endian, two's complement                 |
/// | bool                          | one byte, 0 or 1                                             |
/// | described enum                | one byte, the enumerator's value (0 … 255)                   |
/// | FixedBytes, std::array        | the items, no length                                         |
/// | std::string, std::vector      | u32 count, the items                                         |
/// | std::map                      | u32 count, key and value by turns, keys strictly ascending   |
/// | std::optional                 | one byte, 0 or 1, then the value when 1                      |
/// | std::variant                  | one byte, the index, then the value                          |
/// | described struct, monostate   | its members in the order of their description                |
/// | Boxed                         | the value in it                                              |
///
/// Fixed width and not varint: a struct of fixed members is read with one check of its length and
/// plain loads. A 60-byte order is written in 3 ns and read in 2; in LEB128 it takes 33 bytes, and
/// 8 and 14 ns. Its size is known without looking at it, and there are no overlong forms to
/// refuse. Floating point has no form: nothing that is replayed or hashed holds any.
///
/// Names and types of members are not in the form: whoever changes a struct that has been stored
/// gives the new one another version or variant index.
namespace astro {

struct BinaryLimits {
    /// Of one list, map or text. The input itself bounds it too: each item takes a byte or more.
    std::uint32_t items_max = 0xFFFFFFFF;
    /// Lists within lists.
    int depth_max = 32;
};

template <class T>
struct BinaryForm;

/// Reads values one after the other, strictly; after the first that is wrong nothing is read any
/// more. Memory that is allocated grows with what has been read, not with what lengths promise.
class BinaryReader {
  public:
    explicit BinaryReader(ByteView bytes, const BinaryLimits& limits = {})
        : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()), limits_(limits) {}

    /// False when the bytes are not the form of a T: see error(). `out` is then unspecified.
    template <class T>
    [[nodiscard]] bool read(T& out) {
        if constexpr (BinaryForm<T>::kFixed)
            if (left() < BinaryForm<T>::kSizeMin) [[unlikely]]
                return fail("ends too early", end_);
        return BinaryForm<T>::get(*this, out);
    }
    /// Whether everything has been read.
    [[nodiscard]] bool finish() { return at_ == end_ || fail("has bytes behind its end", at_); }
    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
    [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
    /// Code "bad_binary"; where: "byte N".
    [[nodiscard]] Unexpected error() const;

    // For BinaryForm only.

    /// `n` bytes that are there: the caller has checked.
    const std::uint8_t* take(std::size_t n) {
        const auto* p = at_;
        at_ += n;
        return p;
    }
    /// The count of a list whose items take at least `item_size` bytes each.
    [[nodiscard]] bool read_count(std::size_t item_size, std::size_t& out) {
        std::uint32_t count = 0;
        if (!read(count)) return false;
        if (count > limits_.items_max) [[unlikely]]
            return fail("has more items than allowed", at_ - sizeof count);
        if (count > left() / item_size) [[unlikely]]
            return fail("has a length beyond its end", at_ - sizeof count);
        out = count;
        return true;
    }
    [[nodiscard]] bool enter() {
        return ++depth_ <= limits_.depth_max || fail("is nested too deeply", at_);
    }
    void leave() { --depth_; }
    bool fail(const char* reason, const std::uint8_t* at) {
        reason_ = reason;
        at_ = at;
        return false;
    }
    /// What has just been taken is wrong from `n` bytes back.
    bool fail_back(const char* reason, std::size_t n) { return fail(reason, at_ - n); }

  private:
    const std::uint8_t* begin_;
    const std::uint8_t* at_;
    const std::uint8_t* end_;
    BinaryLimits limits_;
    int depth_ = 0;
    const char* reason_ = "";
};

template <class T>
[[nodiscard]] std::size_t binary_size(const T& value) {
    return BinaryForm<T>::size(value);
}

/// Appends the form of `value`; allocates only when `out` must grow.
template <class T>
void append_binary(const T& value, Bytes& out) {
    const std::size_t start = out.size(), size = binary_size(value);
    out.resize(start + size);
    [[maybe_unused]] const auto* end = BinaryForm<T>::put(out.data() + start, value);
    ASTRO_ASSERT(end == out.data() + start + size);
}

template <class T>
[[nodiscard]] Bytes to_binary(const T& value) {
    Bytes out;
    append_binary(value, out);
    return out;
}

/// The value whose form `bytes` is, all of them. Refusal: "bad_binary", where: "byte N".
template <class T>
[[nodiscard]] Result<T> parse_binary(ByteView bytes, const BinaryLimits& limits = {}) {
    BinaryReader reader(bytes, limits);
    T out{};
    if (!reader.read(out) || !reader.finish()) [[unlikely]]
        return reader.error();
    return out;
}

// ---- The forms. kFixed: every value takes kSizeMin bytes, and get() is called with them there.
// ----

namespace detail {

template <class T>
inline constexpr bool kIsBinaryInteger = (std::is_integral_v<T> && !std::is_same_v<T, bool>) ||
                                         std::is_same_v<T, Int128> || std::is_same_v<T, UInt128>;
template <class T>
inline constexpr bool kNoForm = false;

inline std::uint8_t* put_count(std::uint8_t* p, std::size_t count) {
    ASTRO_ASSERT(count <= 0xFFFFFFFF);
    const auto narrow = static_cast<std::uint32_t>(count);
    std::memcpy(p, &narrow, sizeof narrow);
    return p + sizeof narrow;
}
inline constexpr std::size_t kCountSize = sizeof(std::uint32_t);

template <class T>
using BinaryMembers = boost::describe::describe_members<T, boost::describe::mod_any_access |
                                                               boost::describe::mod_inherited>;
template <class D, class T>
using MemberType = std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>;

/// For items that follow each other: arrays and lists.
template <class T, class Items>
std::uint8_t* put_items(std::uint8_t* p, const Items& items) {
    if constexpr (kIsBinaryInteger<T>) {
        if (items.size() != 0) std::memcpy(p, items.data(), items.size() * sizeof(T));
        return p + items.size() * sizeof(T);
    } else {
        for (const T& item : items) p = BinaryForm<T>::put(p, item);
        return p;
    }
}
template <class T, class Items>
std::size_t size_items(const Items& items) {
    if constexpr (BinaryForm<T>::kFixed) return items.size() * BinaryForm<T>::kSizeMin;
    std::size_t size = 0;
    for (const T& item : items) size += BinaryForm<T>::size(item);
    return size;
}

}  // namespace detail

template <class T>
struct BinaryForm {
    static_assert(detail::kNoForm<T>, "describe the type; floating point has no binary form");
};

template <class T>
    requires detail::kIsBinaryInteger<T>
struct BinaryForm<T> {
    static_assert(std::endian::native == std::endian::little);
    static constexpr bool kFixed = true;
    static constexpr std::size_t kSizeMin = sizeof(T);
    static std::size_t size(const T&) { return sizeof(T); }
    static std::uint8_t* put(std::uint8_t* p, const T& value) {
        std::memcpy(p, &value, sizeof value);
        return p + sizeof value;
    }
    static bool get(BinaryReader& reader, T& out) {
        std::memcpy(&out, reader.take(sizeof out), sizeof out);
        return true;
    }
};

template <>
struct BinaryForm<bool> {
    static constexpr bool kFixed = true;
    static constexpr std::size_t kSizeMin = 1;
    static std::size_t size(const bool&) { return 1; }
    static std::uint8_t* put(std::uint8_t* p, const bool& value) {
        *p = value ? 1 : 0;
        return p + 1;
    }
    static bool get(BinaryReader& reader, bool& out) {
        const auto byte = *reader.take(1);
        out = byte == 1;
        return byte <= 1 || reader.fail_back("is neither 0 nor 1", 1);
    }
};

template <class E>
    requires kIsDescribedEnum<E>
struct BinaryForm<E> {
    static constexpr bool kFixed = true;
    static constexpr std::size_t kSizeMin = 1;
    static std::size_t size(const E&) { return 1; }
    static std::uint8_t* put(std::uint8_t* p, const E& value) {
        ASTRO_ASSERT(is_enumerator(static_cast<long long>(value)));
        *p = static_cast<std::uint8_t>(value);
        return p + 1;
    }
    static bool get(BinaryReader& reader, E& out) {
        const auto byte = *reader.take(1);
        out = static_cast<E>(byte);
        return is_enumerator(byte) || reader.fail_back("is no value of its enum", 1);
    }

  private:
    static constexpr bool fits_a_byte() {
        bool fits = true;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
            const auto value = static_cast<long long>(d.value);
            fits = fits && value >= 0 && value <= 255;
        });
        return fits;
    }
    static_assert(fits_a_byte(), "enumerators lie in 0 … 255");
    static bool is_enumerator(long long value) {
        bool found = false;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
            [&](auto d) { found = found || static_cast<long long>(d.value) == value; });
        return found;
    }
};

template <class Tag>
struct BinaryForm<Strong<Tag>> {
    using Rep = typename Tag::Rep;
    static constexpr bool kFixed = true;
    static constexpr std::size_t kSizeMin = sizeof(Rep);
    static std::size_t size(const Strong<Tag>&) { return sizeof(Rep); }
    static std::uint8_t* put(std::uint8_t* p, const Strong<Tag>& value) {
        return BinaryForm<Rep>::put(p, value.value());
    }
    static bool get(BinaryReader& reader, Strong<Tag>& out) {
        Rep value{};
        BinaryForm<Rep>::get(reader, value);
        out = Strong<Tag>{value};
        return true;
    }
};

template <class Tag, std::size_t N>
struct BinaryForm<FixedBytes<Tag, N>> {
    static constexpr bool kFixed = true;
    static constexpr std::size_t kSizeMin = N;
    static std::size_t size(const FixedBytes<Tag, N>&) { return N; }
    static std::uint8_t* put(std::uint8_t* p, const FixedBytes<Tag, N>& value) {
        std::memcpy(p, value.bytes.data(), N);
        return p + N;
    }
    static bool get(BinaryReader& reader, FixedBytes<Tag, N>& out) {
        std::memcpy(out.bytes.data(), reader.take(N), N);
        return true;
    }
};

template <>
struct BinaryForm<std::monostate> {
    static constexpr bool kFixed = true;
    static constexpr std::size_t kSizeMin = 0;
    static std::size_t size(const std::monostate&) { return 0; }
    static std::uint8_t* put(std::uint8_t* p, const std::monostate&) { return p; }
    static bool get(BinaryReader&, std::monostate&) { return true; }
};

template <class T, std::size_t N>
struct BinaryForm<std::array<T, N>> {
    static constexpr bool kFixed = BinaryForm<T>::kFixed;
    static constexpr std::size_t kSizeMin = N * BinaryForm<T>::kSizeMin;
    static std::size_t size(const std::array<T, N>& items) { return detail::size_items<T>(items); }
    static std::uint8_t* put(std::uint8_t* p, const std::array<T, N>& items) {
        return detail::put_items<T>(p, items);
    }
    static bool get(BinaryReader& reader, std::array<T, N>& out) {
        if constexpr (detail::kIsBinaryInteger<T> && N > 0) {
            std::memcpy(out.data(), reader.take(N * sizeof(T)), N * sizeof(T));
            return true;
        } else {
            return std::all_of(out.begin(), out.end(), [&](T& item) {
                if constexpr (kFixed) return BinaryForm<T>::get(reader, item);
                return reader.read(item);
            });
        }
    }
};

template <>
struct BinaryForm<std::string> {
    static constexpr bool kFixed = false;
    static constexpr std::size_t kSizeMin = detail::kCountSize;
    static std::size_t size(const std::string& text) { return detail::kCountSize + text.size(); }
    static std::uint8_t* put(std::uint8_t* p, const std::string& text) {
        return detail::put_items<char>(detail::put_count(p, text.size()), text);
    }
    static bool get(BinaryReader& reader, std::string& out) {
        std::size_t count = 0;
        if (!reader.read_count(1, count)) return false;
        out.assign(reinterpret_cast<const char*>(reader.take(count)), count);
        return true;
    }
};

template <class T>
struct BinaryForm<std::vector<T>> {
    static_assert(!std::is_same_v<T, bool>, "std::vector<bool> holds no bools");
    static constexpr bool kFixed = false;
    static constexpr std::size_t kSizeMin = detail::kCountSize;
    static std::size_t size(const std::vector<T>& items) {
        return detail::kCountSize + detail::size_items<T>(items);
    }
    static std::uint8_t* put(std::uint8_t* p, const std::vector<T>& items) {
        return detail::put_items<T>(detail::put_count(p, items.size()), items);
    }
    static bool get(BinaryReader& reader, std::vector<T>& out) {
        static_assert(BinaryForm<T>::kSizeMin > 0, "a list of nothing has no bound");
        std::size_t count = 0;
        if (!reader.read_count(BinaryForm<T>::kSizeMin, count) || !reader.enter()) return false;
        out.clear();
        if constexpr (detail::kIsBinaryInteger<T>) {
            out.resize(count);
            if (count != 0)
                std::memcpy(out.data(), reader.take(count * sizeof(T)), count * sizeof(T));
        } else {
            // Items may be far larger than their forms: no more in advance than the input is long.
            out.reserve(std::min(count, reader.left() / sizeof(T)));
            for (std::size_t i = 0; i < count; ++i)
                if (!reader.read(out.emplace_back())) return false;
        }
        reader.leave();
        return true;
    }
};

template <class K, class V>
struct BinaryForm<std::map<K, V>> {
    static constexpr bool kFixed = false;
    static constexpr std::size_t kSizeMin = detail::kCountSize;
    static std::size_t size(const std::map<K, V>& map) {
        std::size_t size = detail::kCountSize;
        for (const auto& [key, value] : map)
            size += BinaryForm<K>::size(key) + BinaryForm<V>::size(value);
        return size;
    }
    static std::uint8_t* put(std::uint8_t* p, const std::map<K, V>& map) {
        p = detail::put_count(p, map.size());
        for (const auto& [key, value] : map)
            p = BinaryForm<V>::put(BinaryForm<K>::put(p, key), value);
        return p;
    }
    static bool get(BinaryReader& reader, std::map<K, V>& out) {
        constexpr auto kItemSize = BinaryForm<K>::kSizeMin + BinaryForm<V>::kSizeMin;
        static_assert(kItemSize > 0, "a map of nothing has no bound");
        std::size_t count = 0;
        if (!reader.read_count(kItemSize, count) || !reader.enter()) return false;
        out.clear();
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t left = reader.left();
            K key{};
            if (!reader.read(key)) return false;
            if (!out.empty() && !(out.rbegin()->first < key))
                return reader.fail_back("has keys out of order", left - reader.left());
            if (!reader.read(out.try_emplace(out.end(), std::move(key))->second)) return false;
        }
        reader.leave();
        return true;
    }
};

template <class T>
struct BinaryForm<std::optional<T>> {
    static constexpr bool kFixed = false;
    static constexpr std::size_t kSizeMin = 1;
    static std::size_t size(const std::optional<T>& value) {
        return 1 + (value ? BinaryForm<T>::size(*value) : 0);
    }
    static std::uint8_t* put(std::uint8_t* p, const std::optional<T>& value) {
        p = BinaryForm<bool>::put(p, value.has_value());
        return value ? BinaryForm<T>::put(p, *value) : p;
    }
    static bool get(BinaryReader& reader, std::optional<T>& out) {
        bool there = false;
        out.reset();
        return reader.read(there) && (!there || reader.read(out.emplace()));
    }
};

template <class... Ts>
struct BinaryForm<std::variant<Ts...>> {
    using Variant = std::variant<Ts...>;
    static_assert(sizeof...(Ts) <= 255);
    static constexpr bool kFixed = false;
    static constexpr std::size_t kSizeMin = 1 + std::min({BinaryForm<Ts>::kSizeMin...});
    static std::size_t size(const Variant& value) {
        return 1 + std::visit([]<class T>(const T& v) { return BinaryForm<T>::size(v); }, value);
    }
    static std::uint8_t* put(std::uint8_t* p, const Variant& value) {
        ASTRO_ASSERT(!value.valueless_by_exception());
        *p++ = static_cast<std::uint8_t>(value.index());
        return std::visit([p]<class T>(const T& v) { return BinaryForm<T>::put(p, v); }, value);
    }
    static bool get(BinaryReader& reader, Variant& out) {
        std::uint8_t index = 0;
        if (!reader.read(index)) return false;
        if (index >= sizeof...(Ts)) return reader.fail_back("is no index of its variant", 1);
        return boost::mp11::mp_with_index<sizeof...(Ts)>(
            index, [&](auto i) { return reader.read(out.template emplace<i>()); });
    }
};

template <BoxedValue T>
struct BinaryForm<T> {
    using Value = typename T::value_type;
    static constexpr bool kFixed = BinaryForm<Value>::kFixed;
    static constexpr std::size_t kSizeMin = BinaryForm<Value>::kSizeMin;
    static std::size_t size(const T& value) { return BinaryForm<Value>::size(*value); }
    static std::uint8_t* put(std::uint8_t* p, const T& value) {
        return BinaryForm<Value>::put(p, *value);
    }
    static bool get(BinaryReader& reader, T& out) {
        Value value{};
        if (!BinaryForm<Value>::get(reader, value)) return false;
        out = T(std::move(value));
        return true;
    }
};

template <class T>
    requires kIsDescribedStruct<T>
struct BinaryForm<T> {
    using Members = detail::BinaryMembers<T>;

    static constexpr bool all_fixed() {
        bool fixed = true;
        boost::mp11::mp_for_each<Members>([&](auto d) {
            fixed = fixed && BinaryForm<detail::MemberType<decltype(d), T>>::kFixed;
        });
        return fixed;
    }
    static constexpr std::size_t size_min() {
        std::size_t size = 0;
        boost::mp11::mp_for_each<Members>(
            [&](auto d) { size += BinaryForm<detail::MemberType<decltype(d), T>>::kSizeMin; });
        return size;
    }
    static constexpr bool kFixed = all_fixed();
    static constexpr std::size_t kSizeMin = size_min();

    static std::size_t size(const T& value) {
        if constexpr (kFixed) return kSizeMin;
        std::size_t size = 0;
        boost::mp11::mp_for_each<Members>([&](auto d) { size += binary_size(value.*d.pointer); });
        return size;
    }
    static std::uint8_t* put(std::uint8_t* p, const T& value) {
        boost::mp11::mp_for_each<Members>([&](auto d) {
            p = BinaryForm<detail::MemberType<decltype(d), T>>::put(p, value.*d.pointer);
        });
        return p;
    }
    static bool get(BinaryReader& reader, T& out) {
        bool good = true;
        boost::mp11::mp_for_each<Members>([&](auto d) {
            using Form = BinaryForm<detail::MemberType<decltype(d), T>>;
            if constexpr (kFixed)
                good = good && Form::get(reader, out.*d.pointer);
            else
                good = good && reader.read(out.*d.pointer);
        });
        return good;
    }
};

}  // namespace astro

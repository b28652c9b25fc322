#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "chains/solana/json_document.hpp"
#include "chains/solana/key_cache.hpp"

namespace astro::solana {

/// Why a value could not be used.
struct Fault {
    std::string_view code;  ///< stable: "wrong_type", "missing_field", …
    std::string detail;     ///< with the byte at which the value stands
};

/// Reads members of known type out of JSON objects. Every function returns whether it succeeded;
/// the first failure is kept in fault().
class FieldReader {
  public:
    [[nodiscard]] const Fault& fault() const { return fault_; }
    void clear() { fault_ = {}; }

    /// Records a fault unless there is one already; always false.
    bool fail(std::string_view code, std::string_view what);
    bool fail(std::string_view code, std::string_view what, JsonValue at);

    /// The named members of an object, absent ones default-constructed; others are passed over. A
    /// name that occurs twice is a fault: which of the two is meant cannot be known.
    template <std::size_t N>
    bool collect(JsonValue object, const std::array<std::string_view, N>& names,
                 std::array<JsonValue, N>& out);

    bool expect_array(JsonValue value, std::string_view what);
    /// A whole number from 0 to `limit`.
    bool number(JsonValue value, std::string_view what, std::uint64_t limit, std::uint64_t& out);
    bool signed_number(JsonValue value, std::string_view what, std::int64_t& out);
    /// A string without escapes: the text of keys, amounts and encoded bytes.
    bool text(JsonValue value, std::string_view what, std::string_view& out);
    /// Decimal digits, at most 2^64 - 1.
    bool decimal(std::string_view digits, std::uint64_t& out) const;
    bool amount_text(JsonValue value, std::string_view what, std::uint64_t& out);
    bool pubkey(JsonValue value, std::string_view what, Pubkey& out);

    template <class T>
    bool number_as(JsonValue value, std::string_view what, std::uint64_t limit, T& out) {
        std::uint64_t wide = 0;
        if (!number(value, what, limit, wide)) return false;
        out = static_cast<T>(wide);
        return true;
    }

  private:
    Fault fault_;
    KeyCache keys_;
};

template <std::size_t N>
bool FieldReader::collect(JsonValue object, const std::array<std::string_view, N>& names,
                          std::array<JsonValue, N>& out) {
    if (!object.is_object()) return fail("wrong_type", "an object is expected", object);
    std::size_t expected = 0;  // nodes write members in one order: try the one after the last found
    for (const JsonField field : object.fields()) {
        for (std::size_t tried = 0; tried < N; ++tried) {
            const std::size_t i = expected;
            expected = expected + 1 == N ? 0 : expected + 1;
            if (names[i] != field.key) continue;
            if (out[i].present())
                return fail("duplicate_field", std::string(names[i]) + " occurs twice",
                            field.value);
            out[i] = field.value;
            break;
        }
    }
    return true;
}

}  // namespace astro::solana

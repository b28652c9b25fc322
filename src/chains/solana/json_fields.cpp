#include "chains/solana/json_fields.hpp"

#include <limits>

namespace astro::solana {

bool FieldReader::fail(std::string_view code, std::string_view what) {
    if (fault_.code.empty()) fault_ = {code, std::string(what)};
    return false;
}

bool FieldReader::fail(std::string_view code, std::string_view what, JsonValue at) {
    if (!at.present()) return fail("missing_field", what);
    return fail(code, std::string(what) + " at byte " + std::to_string(at.byte()));
}

bool FieldReader::expect_array(JsonValue value, std::string_view what) {
    if (value.present() && value.is_array()) return true;
    return fail("wrong_type", std::string(what) + " is not an array", value);
}

bool FieldReader::decimal(std::string_view digits, std::uint64_t& out) const {
    if (digits.empty() || digits.size() > 20) return false;
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return false;
        if (__builtin_mul_overflow(value, 10U, &value) ||
            __builtin_add_overflow(value, static_cast<unsigned>(c - '0'), &value))
            return false;
    }
    out = value;
    return true;
}

bool FieldReader::number(JsonValue value, std::string_view what, std::uint64_t limit,
                         std::uint64_t& out) {
    if (!value.present()) return fail("missing_field", std::string(what) + " is missing");
    const std::string_view digits = value.scalar();
    if (decimal(digits, out) && out <= limit) return true;
    const bool is_integer = digits.find_first_not_of("-0123456789") == std::string_view::npos;
    return is_integer
               ? fail("number_out_of_range",
                      std::string(what) + " is not within 0 and " + std::to_string(limit), value)
               : fail("wrong_type", std::string(what) + " is not a whole number", value);
}

bool FieldReader::signed_number(JsonValue value, std::string_view what, std::int64_t& out) {
    if (!value.present()) return fail("missing_field", std::string(what) + " is missing");
    std::string_view digits = value.scalar();
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    std::uint64_t magnitude = 0;
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!decimal(digits, magnitude) || magnitude > kMax)
        return fail("number_out_of_range",
                    std::string(what) + " is not a whole number of 64 bits with sign", value);
    out = negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
    return true;
}

bool FieldReader::text(JsonValue value, std::string_view what, std::string_view& out) {
    if (!value.present() || !value.is_string())
        return fail("wrong_type", std::string(what) + " is not a string", value);
    out = value.raw_string();
    return true;
}

bool FieldReader::amount_text(JsonValue value, std::string_view what, std::uint64_t& out) {
    std::string_view digits;
    if (!text(value, what, digits)) return false;
    if (decimal(digits, out)) return true;
    return fail("number_out_of_range",
                std::string(what) + " is not a whole number of 64 bits in quotes", value);
}

bool FieldReader::pubkey(JsonValue value, std::string_view what, Pubkey& out) {
    std::string_view text_form;
    if (!text(value, what, text_form)) return false;
    if (keys_.decode(text_form, out)) return true;
    return fail("bad_pubkey", std::string(what) + " is not the base58 of 32 bytes", value);
}

}  // namespace astro::solana

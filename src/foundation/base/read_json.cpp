#include "foundation/base/read_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/stream_parser.hpp>
#include <charconv>
#include <set>
#include <vector>

namespace astro::detail {

namespace bj = boost::json;

std::string JsonPlace::text() const {
    if (outer == nullptr) return {};
    auto out = outer->text();
    if (member.data() == nullptr) return out + "[" + std::to_string(index) + "]";
    constexpr std::size_t kShown = 64;  // a stranger's member may be long
    return out + (out.empty() ? "" : ".") + std::string(member.substr(0, kShown));
}

Unexpected bad_body(std::string message, const JsonPlace& place) {
    return refusal("bad_body", std::move(message), place.text());
}

namespace {

/// What the parser of values leaves out: the first member that an object has twice (readers differ
/// in which of the two they believe, so that one document could mean two things), and each number
/// that is no integer as its digits say, as the parser may be some units in the last place off.
class SecondReader {
  public:
    static constexpr std::size_t max_object_size = ~std::size_t{};
    static constexpr std::size_t max_array_size = ~std::size_t{};
    static constexpr std::size_t max_key_size = ~std::size_t{};
    static constexpr std::size_t max_string_size = ~std::size_t{};

    bool on_document_begin(bj::error_code&) { return true; }
    bool on_document_end(bj::error_code&) { return true; }
    bool on_object_begin(bj::error_code&) {
        members_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, bj::error_code&) {
        members_.pop_back();
        return true;
    }
    bool on_array_begin(bj::error_code&) { return true; }
    bool on_array_end(std::size_t, bj::error_code&) { return true; }
    bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) {
        key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(bj::string_view part, std::size_t, bj::error_code& error) {
        key_.append(part.data(), part.size());
        if (!members_.back().insert(key_).second) {
            twice_ = key_;
            error = bj::make_error_code(bj::error::syntax);
            return false;
        }
        key_.clear();
        return true;
    }
    bool on_string_part(bj::string_view, std::size_t, bj::error_code&) { return true; }
    bool on_string(bj::string_view, std::size_t, bj::error_code&) { return true; }
    bool on_number_part(bj::string_view, bj::error_code&) { return true; }
    bool on_int64(std::int64_t, bj::string_view, bj::error_code&) { return true; }
    bool on_uint64(std::uint64_t, bj::string_view, bj::error_code&) { return true; }
    bool on_double(double near, bj::string_view text, bj::error_code&) {
        // Past the range of a double it stays the parser's zero or infinity.
        std::from_chars(text.data(), text.data() + text.size(), near);
        doubles_.push_back(near);
        return true;
    }
    bool on_bool(bool, bj::error_code&) { return true; }
    bool on_null(bj::error_code&) { return true; }
    bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
    bool on_comment(bj::string_view, bj::error_code&) { return true; }

    [[nodiscard]] const std::optional<std::string>& twice() const { return twice_; }
    /// In the order of the text.
    [[nodiscard]] const std::vector<double>& doubles() const { return doubles_; }

  private:
    std::vector<std::set<std::string>> members_;
    std::string key_;
    std::optional<std::string> twice_;
    std::vector<double> doubles_;
};

/// Puts `next` and those behind it in place of the numbers that are no integers.
void set_doubles(bj::value& value, const double*& next) {
    if (auto* number = value.if_double()) *number = *next++;
    if (auto* array = value.if_array())
        for (auto& element : *array) set_doubles(element, next);
    if (auto* object = value.if_object())
        for (auto& member : *object) set_doubles(member.value(), next);
}

}  // namespace

Result<bj::value> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes_max)
        return refusal("bad_body", "is longer than " + std::to_string(limits.bytes_max) + " bytes");
    bj::parse_options options;
    options.max_depth = limits.depth_max;
    bj::stream_parser parser({}, options);
    bj::error_code error;
    const auto read = parser.write_some(text.data(), text.size(), error);
    if (!error && read < text.size()) error = bj::make_error_code(bj::error::extra_data);
    if (!error) parser.finish(error);
    if (error)
        return refusal("bad_json", "is no JSON: " + error.message(),
                       "byte " + std::to_string(read));
    bj::basic_parser<SecondReader> second(options);
    second.write_some(false, text.data(), text.size(), error);
    if (const auto& member = second.handler().twice()) {
        const JsonPlace document;
        return bad_body("is there twice", {.outer = &document, .member = *member});
    }
    bj::value value = parser.release();
    const double* next = second.handler().doubles().data();
    if (!second.handler().doubles().empty()) set_doubles(value, next);
    return value;
}

Result<std::string> read_text(const bj::value& value, const JsonPlace& place) {
    const auto* text = value.if_string();
    if (text == nullptr) return bad_body("needs a text", place);
    // Cuts the text short in databases and system calls.
    if (text->find('\0') != bj::string::npos) return bad_body("holds a zero character", place);
    return std::string(text->data(), text->size());
}

Result<double> read_double(const bj::value& value, const JsonPlace& place) {
    if (!value.is_number()) return bad_body("needs a number", place);
    const auto number = value.to_number<double>();
    if (!std::isfinite(number)) return bad_body("is too large", place);
    return number;
}

namespace {

Unexpected out_of_range(const JsonPlace& place, const IntegerRange& range) {
    return bad_body(
        "must lie in " + std::to_string(range.minimum) + " … " + std::to_string(range.maximum),
        place);
}

/// Sign and magnitude.
Result<std::pair<bool, std::uint64_t>> integer_of(const bj::value& value, const JsonPlace& place,
                                                  const IntegerRange& range) {
    if (range.form == JsonForm::number) {
        if (const auto* small = value.if_int64())
            return std::pair(*small < 0, *small < 0 ? 0 - static_cast<std::uint64_t>(*small)
                                                    : static_cast<std::uint64_t>(*small));
        if (const auto* large = value.if_uint64()) return std::pair(false, *large);
        return bad_body("needs a whole number", place);
    }
    const auto* text = value.if_string();
    if (text == nullptr) return bad_body("needs a whole number as text", place);
    std::string_view digits(text->data(), text->size());
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    std::uint64_t magnitude = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
    if (error == std::errc::result_out_of_range) return out_of_range(place, range);
    if (error != std::errc{} || end != digits.data() + digits.size())
        return bad_body("needs a whole number as text", place);
    return std::pair(negative, magnitude);
}

}  // namespace

Result<std::uint64_t> read_integer(const bj::value& value, const JsonPlace& place,
                                   IntegerRange range) {
    ASTRO_TRY(const auto number, integer_of(value, place, range));
    const auto [negative, magnitude] = number;
    const auto lowest = 0 - static_cast<std::uint64_t>(range.minimum);
    if (negative ? magnitude > lowest : magnitude > range.maximum)
        return out_of_range(place, range);
    return negative ? 0 - magnitude : magnitude;
}

}  // namespace astro::detail

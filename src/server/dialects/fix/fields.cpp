#include "server/dialects/fix/fields.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "foundation/base/decimal.hpp"

namespace astro::fix {
namespace {

constexpr char kEnd = '\001';
constexpr std::int64_t kDayMs = 86'400'000;

std::optional<int> whole(std::string_view text) {
    int out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return out;
}

/// Digits in their place: "2026" of "20261130-…".
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) return std::nullopt;
    const auto part = text.substr(at, count);
    if (!std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    return whole(part);
}

std::string padded(std::int64_t value, std::size_t width) {
    std::string out = std::to_string(value);
    return std::string(width - std::min(width, out.size()), '0') + out;
}

}  // namespace

Fields::Fields(std::string_view message) {
    std::size_t data = 0;  // length of the data field that comes next
    while (!message.empty()) {
        const auto equals = message.find('=');
        if (equals == message.npos) return;
        if (const auto end = message.find(kEnd); end < equals) {
            message.remove_prefix(end + 1);
            continue;
        }
        const auto number = whole(message.substr(0, equals));
        message.remove_prefix(equals + 1);
        const bool is_data = number == tag::kRawData && data < message.size();
        const auto end = is_data ? data : std::min(message.find(kEnd), message.size());
        if (number) fields_.push_back({*number, message.substr(0, end)});
        data = 0;
        if (number == tag::kRawDataLength) {
            const auto length = whole(message.substr(0, end));
            if (length && *length > 0) data = static_cast<std::size_t>(*length);
        }
        message.remove_prefix(std::min(end + 1, message.size()));
    }
}

std::optional<std::string_view> Fields::find(int tag) const {
    const auto at = std::ranges::find(fields_, tag, &Field::tag);
    return at == fields_.end() ? std::nullopt : std::optional(at->value);
}

std::optional<int> Fields::number(int tag) const {
    return whole(text(tag));
}

std::vector<std::string_view> Fields::all(int tag) const {
    std::vector<std::string_view> out;
    for (const auto& field : fields_)
        if (field.tag == tag) out.push_back(field.value);
    return out;
}

Body& Body::put(int tag, std::string_view value) {
    if (value.empty()) return *this;  // FIX knows no empty field
    text_ += std::to_string(tag);
    text_ += '=';
    for (const char c : value) text_ += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    text_ += kEnd;
    return *this;
}

std::string utc_text(TimeMs time) {
    const auto ms = static_cast<std::int64_t>(time.value());
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{ms / kDayMs}}};
    const std::int64_t in_day = ms % kDayMs;
    return padded(static_cast<int>(date.year()), 4) + padded(unsigned{date.month()}, 2) +
           padded(unsigned{date.day()}, 2) + "-" + padded(in_day / 3'600'000, 2) + ":" +
           padded(in_day / 60'000 % 60, 2) + ":" + padded(in_day / 1'000 % 60, 2) + "." +
           padded(in_day % 1'000, 3);
}

std::optional<TimeMs> parse_utc(std::string_view text) {
    const auto year = digits(text, 0, 4), month = digits(text, 4, 2), day = digits(text, 6, 2),
               hour = digits(text, 9, 2), minute = digits(text, 12, 2),
               second = digits(text, 15, 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    if (text[8] != '-' || text[11] != ':' || text[14] != ':') return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok() || *year < 1970 || *hour > 23 || *minute > 59 || *second > 59)
        return std::nullopt;
    std::int64_t fraction = 0;
    if (text.size() > 17) {
        if (text[17] != '.' || !digits(text, 18, 3)) return std::nullopt;
        fraction = *digits(text, 18, 3);  // what is finer, up to picoseconds, is cut
        if (text.size() > 30 || !digits(text, 18, text.size() - 18)) return std::nullopt;
    }
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    return TimeMs{days * kDayMs + *hour * 3'600'000LL + *minute * 60'000LL + *second * 1'000LL +
                  fraction};
}

}  // namespace astro::fix

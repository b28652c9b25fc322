#include "foundation/base/time.hpp"

#include <chrono>
#include <cstdio>

namespace astro {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

/// Reads exactly `count` digits at `pos`, or -1.
int read_digits(std::string_view text, std::size_t pos, std::size_t count) {
    if (pos + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = pos; i < pos + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

Unexpected bad_time(std::string_view text) {
    return refusal("bad_time",
                   "not an ISO 8601 time, such as 2024-08-21T19:10:59Z: " + std::string(text));
}

}  // namespace

std::string to_iso8601(TimestampNs t) {
    std::int64_t s = t.value() / kNsPerSecond;
    std::int64_t ns = t.value() % kNsPerSecond;
    if (ns < 0) {
        ns += kNsPerSecond;
        --s;
    }
    const std::chrono::sys_seconds instant{std::chrono::seconds{s}};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day ymd{day};
    const std::chrono::hh_mm_ss hms{instant - day};
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                  static_cast<unsigned>(ymd.day()), static_cast<int>(hms.hours().count()),
                  static_cast<int>(hms.minutes().count()), static_cast<int>(hms.seconds().count()),
                  static_cast<int>(ns / 1'000'000));
    return buffer;
}

Result<TimestampNs> parse_iso8601(std::string_view text) {
    const int year = read_digits(text, 0, 4), month = read_digits(text, 5, 2),
              day = read_digits(text, 8, 2), hour = read_digits(text, 11, 2),
              minute = read_digits(text, 14, 2), second = read_digits(text, 17, 2);
    if (year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59 || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':')
        return bad_time(text);
    const std::chrono::year_month_day ymd{std::chrono::year{year},
                                          std::chrono::month{static_cast<unsigned>(month)},
                                          std::chrono::day{static_cast<unsigned>(day)}};
    // Years that do not fit 64-bit nanoseconds are refused, not wrapped.
    if (!ymd.ok() || year < 1678 || year > 2261) return bad_time(text);
    std::size_t pos = 19;
    std::int64_t fraction = 0;
    if (pos < text.size() && text[pos] == '.') {
        std::int64_t scale = kNsPerSecond / 10;
        const std::size_t first = ++pos;
        for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, scale /= 10)
            fraction += scale * (text[pos] - '0');
        if (pos == first) return bad_time(text);
    }
    std::int64_t offset_s = 0;
    if (pos + 1 == text.size() && text[pos] == 'Z') {
    } else if (pos + 6 == text.size() && (text[pos] == '+' || text[pos] == '-') &&
               text[pos + 3] == ':') {
        const int oh = read_digits(text, pos + 1, 2), om = read_digits(text, pos + 4, 2);
        if (oh < 0 || oh > 23 || om < 0 || om > 59) return bad_time(text);
        offset_s = (text[pos] == '-' ? -1 : 1) * (oh * 3600 + om * 60);
    } else {
        return bad_time(text);
    }
    const std::int64_t days = std::chrono::sys_days{ymd}.time_since_epoch().count();
    const std::int64_t s = days * 86400 + hour * 3600 + minute * 60 + second - offset_s;
    return TimestampNs{s * kNsPerSecond + fraction};
}

}  // namespace astro

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foundation/base/numbers.hpp"
#include "foundation/base/result.hpp"

namespace astro {

namespace tags {
struct TimestampNs : Number<std::int64_t, false, JsonForm::string> {};
struct DurationNs : Number<std::int64_t, true, JsonForm::string> {};
}  // namespace tags

using TimestampNs = Strong<tags::TimestampNs>;  ///< nanoseconds since 1970-01-01T00:00:00Z
using DurationNs = Strong<tags::DurationNs>;

[[nodiscard]] constexpr DurationNs milliseconds(std::int64_t n) {
    return DurationNs{n * 1'000'000};
}
[[nodiscard]] constexpr DurationNs seconds(std::int64_t n) {
    return DurationNs{n * 1'000'000'000};
}
[[nodiscard]] constexpr TimestampNs from_unix_seconds(std::int64_t s) {
    return TimestampNs{s * 1'000'000'000};
}
[[nodiscard]] constexpr TimestampNs operator+(TimestampNs t, DurationNs d) {
    return TimestampNs{t.value() + d.value()};
}
[[nodiscard]] constexpr DurationNs operator-(TimestampNs a, TimestampNs b) {
    return DurationNs{a.value() - b.value()};
}

/// "2024-08-21T19:10:59.123Z": UTC, milliseconds.
[[nodiscard]] std::string to_iso8601(TimestampNs t);
/// How a time travels in JSON.
[[nodiscard]] inline std::string to_text(const TimestampNs& t) {
    return to_iso8601(t);
}
/// Reads "YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)".
[[nodiscard]] Result<TimestampNs> parse_iso8601(std::string_view text);
[[nodiscard]] inline bool from_text(std::string_view text, TimestampNs& out) {
    const auto time = parse_iso8601(text);
    if (time) out = *time;
    return time.has_value();
}

}  // namespace astro

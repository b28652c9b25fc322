#include "foundation/base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "foundation/base/clock.hpp"

namespace astro {
namespace {

TEST(Time, WritesAndReadsIso8601) {
    EXPECT_EQ(to_iso8601(from_unix_seconds(1724267459)), "2024-08-21T19:10:59.000Z");
    EXPECT_EQ(to_iso8601(TimestampNs{-1}), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(parse_iso8601("2024-08-21T19:10:59Z").value(), from_unix_seconds(1724267459));
    EXPECT_EQ(parse_iso8601("2024-08-21T21:10:59.5+02:00").value(),
              from_unix_seconds(1724267459) + milliseconds(500));
    EXPECT_EQ(parse_iso8601("2024-02-29 00:00:00Z").value(), from_unix_seconds(1709164800));
}

TEST(Time, RefusesWhatIsNoTime) {
    for (const std::string_view text :
         {"", "2024", "2023-02-29T00:00:00Z", "2024-08-21T24:00:00Z", "2024-08-21T19:10:59",
          "2024-08-21T19:10:59.Z", "2024-08-21T19:10:59Zx", "2024-08-21T19:10:59+2:00",
          "9999-01-01T00:00:00Z", "2024/08/21T19:10:59Z"})
        EXPECT_EQ(parse_iso8601(text).error().code, "bad_time") << text;
}

RC_GTEST_PROP(TimeProperties, MillisecondsSurviveTheRoundTrip, ()) {
    const auto ms = *rc::gen::inRange<std::int64_t>(-9'000'000'000'000, 9'000'000'000'000);
    const TimestampNs t{ms * 1'000'000};
    RC_ASSERT(parse_iso8601(to_iso8601(t)).value() == t);
}

TEST(Clock, VirtualTimeMovesOnlyWhenTold) {
    VirtualClock clock(from_unix_seconds(100));
    EXPECT_EQ(clock.now(), from_unix_seconds(100));
    clock.sleep(seconds(5));
    EXPECT_EQ(clock.monotonic(), from_unix_seconds(105));
}

TEST(Clock, InterruptEndsASleep) {
    SystemClock clock;
    std::thread sleeper([&] { clock.sleep(seconds(3600)); });
    clock.interrupt();
    sleeper.join();  // would hang for an hour otherwise
}

}  // namespace
}  // namespace astro

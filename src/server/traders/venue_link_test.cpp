#include "server/traders/venue_link.hpp"

#include <gtest/gtest.h>

#include "capabilities/exchange/engine/units.hpp"
#include "server/traders/program_loop.hpp"

namespace astro::traders {
namespace {

using Kind = LinkMessage::Kind;

LinkMessage parsed(std::string_view text) {
    auto message = parse_link_message(text);
    EXPECT_TRUE(message) << text;
    return message ? std::move(*message) : LinkMessage{};
}

TEST(LinkMessage, KnowsAnswersStatesAndEvents) {
    const auto answer = parsed(R"({"type":"answer","id":3,"status":201,"body":{"order_id":"7"}})");
    EXPECT_EQ(answer.kind, Kind::answer);
    EXPECT_EQ(answer.id, 3U);
    EXPECT_TRUE(answer.done());
    EXPECT_EQ(text_of(answer.body, "order_id"), "7");
    const auto state =
        parsed(R"({"type":"snapshot","channel":"c","state":{"tickers":[{"index":"1.5"}]}})");
    EXPECT_EQ(state.kind, Kind::state);
    ASSERT_EQ(list_of(state.body, "tickers").size(), 1U);
    EXPECT_EQ(number_of<exchange::Price>(list_of(state.body, "tickers")[0], "index"),
              exchange::Price{1'500'000});
    EXPECT_EQ(parsed(R"({"type":"snapshot","channel":"c","items":[]})").kind, Kind::other);
    EXPECT_EQ(parsed(R"({"type":"event","channel":"c","data":{}})").kind, Kind::event);
    EXPECT_EQ(parsed(R"({"type":"gap","channel":"c"})").kind, Kind::gap);
    EXPECT_EQ(parsed(R"({"type":"heartbeat"})").kind, Kind::other);
}

TEST(LinkMessage, SaysWhatWasRefusedAndWhenToComeAgain) {
    const auto limited = parsed(R"({"type":"answer","id":4,"status":429,"retry_after":"7",
        "body":{"code":"too_many_requests","detail":"later"}})");
    EXPECT_FALSE(limited.done());
    EXPECT_EQ(limited.problem(), "too_many_requests: later");
    EXPECT_EQ(limited.retry_after, seconds(7));
    EXPECT_EQ(parsed(R"({"type":"answer","id":4,"status":503})").problem(), "status 503");
    EXPECT_EQ(parsed(R"({"type":"answer","retry_after":"-1"})").retry_after, std::nullopt);
}

TEST(LinkMessage, MembersOfAnotherKindAreAbsent) {
    const auto odd = parsed(R"({"type":7,"id":"x","status":null,"channel":[],"body":[1]})");
    EXPECT_EQ(odd.kind, Kind::other);
    EXPECT_EQ(text_of(odd.body, "x"), "");
    EXPECT_TRUE(list_of(odd.body, "x").empty());
    EXPECT_EQ(integer_of(odd.body, "x"), 0);
    EXPECT_FALSE(parse_link_message("[]"));
    EXPECT_FALSE(parse_link_message(""));
}

TEST(Restraint, WaitsLongerEachTimeAndAsLongAsTheServerSays) {
    Restraint restraint;
    TimestampNs now = from_unix_seconds(1'000);
    EXPECT_FALSE(restraint.holds(now));
    const auto wait_s = [&](std::optional<DurationNs> told) {
        restraint.refused(now, told);
        std::int64_t out = 0;
        while (restraint.holds(now + seconds(out))) ++out;
        return out;
    };
    EXPECT_EQ(wait_s(std::nullopt), 1);
    EXPECT_EQ(wait_s(std::nullopt), 2);
    EXPECT_EQ(wait_s(seconds(30)), 30);
    for (int i = 0; i < 10; ++i) static_cast<void>(wait_s(std::nullopt));
    EXPECT_EQ(wait_s(std::nullopt), 60);
    restraint.served();
    EXPECT_EQ(wait_s(std::nullopt), 1);
}

}  // namespace
}  // namespace astro::traders

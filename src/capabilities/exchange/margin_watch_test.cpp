#include "capabilities/exchange/margin_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capabilities/exchange/trading_test_support.hpp"

namespace astro::exchange {
namespace {

using ::testing::ElementsAre;
namespace bj = boost::json;

Health margin(std::int64_t collateral, std::int64_t requirement = 1'000) {
    return {.collateral = collateral, .requirement = requirement};
}

TEST(MarginLevel, CountsTheThresholdsThatTheCollateralIsBelow) {
    const MarginThresholds thresholds{15'000, 12'000};
    EXPECT_EQ(margin_level(margin(1'500), thresholds, 0), 0U);
    EXPECT_EQ(margin_level(margin(1'499), thresholds, 0), 1U);
    EXPECT_EQ(margin_level(margin(1'200), thresholds, 0), 1U);
    EXPECT_EQ(margin_level(margin(1'199), thresholds, 0), 2U);
    EXPECT_EQ(margin_level(margin(-5), thresholds, 0), 2U);
    EXPECT_EQ(margin_level(margin(0, 0), thresholds, 2), 0U) << "nothing is required";
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(margin_level(margin(kMost, kMost), thresholds, 2), 2U);
}

TEST(MarginLevel, IsWellAgainOnlyAFiftiethAboveTheThreshold) {
    const MarginThresholds thresholds{15'000, 12'000};
    EXPECT_EQ(margin_level(margin(1'223), thresholds, 2), 2U);
    EXPECT_EQ(margin_level(margin(1'224), thresholds, 2), 1U);
    EXPECT_EQ(margin_level(margin(1'529), thresholds, 2), 1U);
    EXPECT_EQ(margin_level(margin(1'529), thresholds, 1), 1U);
    EXPECT_EQ(margin_level(margin(1'530), thresholds, 1), 0U);
}

TEST(MarginLevel, ThresholdsAreFallingPerCentAboveAHundred) {
    EXPECT_EQ(parse_margin_thresholds("150,120").value(), (MarginThresholds{15'000, 12'000}));
    for (const char* bad : {"", "100", "120,150", "150,150", "1.5", "150,", "20000",
                            "200,190,180,170,160,150,140,130,120"})
        EXPECT_EQ(parse_margin_thresholds(bad).error().code, "bad_margin_alerts") << bad;
}

struct MarginAlerts : test::TradingTest {
    MarginAlerts() {
        account(1, "1000");
        account(2);
        (void)post(2, "/orders", limit("sell", "80", "100"));
        (void)post(1, "/orders", limit("buy", "80", "100"));
    }
    gateway::Channel channel() {
        const auto all = trading->channels();
        return *std::ranges::find(all, kMarginStream, &gateway::Channel::stream);
    }
    void follow(int who, bool begins = true) {
        channel().on_follow(user(who), begins);
        pass();
    }
    /// So long that it is looked again.
    void pass() {
        site.clock.advance(milliseconds(100));
        test::run(*service, Tick{});
    }
    void price(const std::string& to) {
        site.clock.advance(milliseconds(100));
        index("SOL-PERP", to);
        pass();
    }
    std::vector<bj::object> alerts() {
        (void)post(1, "/accounts/0/settle", "");  // answered after what was before it is told
        std::vector<bj::object> out;
        for (const auto& event : bus->newest(kMarginStream, SIZE_MAX)) {
            EXPECT_TRUE(event->has_tag("owner", user(1)));
            out.push_back(bj::parse(event->payload).as_object());
        }
        return out;
    }
    std::vector<std::string> told() {
        std::vector<std::string> out;
        for (const auto& alert : alerts())
            out.push_back((alert.at("below").as_bool() ? "below " : "above ") +
                          std::to_string(alert.at("threshold_bps").as_int64()));
        return out;
    }
};

TEST_F(MarginAlerts, WhoFollowsIsToldOfEachThresholdOnce) {
    follow(1);
    EXPECT_THAT(told(), ElementsAre());
    price("91.5");
    EXPECT_THAT(told(), ElementsAre("below 15000"));
    price("91.4");
    EXPECT_THAT(told(), ElementsAre("below 15000")) << "once";
    price("90.5");
    EXPECT_THAT(told(), ElementsAre("below 15000", "below 12000"));
    const auto alert = alerts().back();
    EXPECT_EQ(alert.at("account"), 0);
    EXPECT_LT(alert.at("margin_bps").as_int64(), 12'000);
    EXPECT_NE(alert.at("requirement"), "0");
    price("95");
    EXPECT_THAT(told(), ElementsAre("below 15000", "below 12000", "above 15000"));
}

TEST_F(MarginAlerts, NobodyIsLookedAtWhoDoesNotFollow) {
    follow(2);
    price("91");
    EXPECT_THAT(told(), ElementsAre());
    follow(1);
    EXPECT_THAT(told(), ElementsAre()) << "what is small already stands in the state";
    price("95");
    EXPECT_THAT(told(), ElementsAre("above 15000"));
    follow(1, false);
    price("91");
    EXPECT_THAT(told(), ElementsAre("above 15000"));
}

TEST_F(MarginAlerts, TwoSubscriptionsAreToldOnceAndOneMayEnd) {
    follow(1);
    follow(1);
    follow(1, false);
    price("90.5");
    EXPECT_THAT(told(), ElementsAre("below 12000")) << "of several at once the last";
}

TEST_F(MarginAlerts, ASubscriptionBeginsWithTheMarginOfAllOnesAccounts) {
    account(1, "");
    gateway::Caller caller;
    caller.user = user(1);
    const auto state = bj::parse(channel().snapshot(caller, {}).value());
    EXPECT_EQ(state.at("thresholds_bps"), (bj::array{15'000, 12'000}));
    const auto& accounts = state.at("accounts").as_array();
    ASSERT_EQ(accounts.size(), 2U);
    EXPECT_GT(accounts[0].at("margin_bps").as_int64(), 15'000);
    EXPECT_EQ(accounts[1].at("margin_bps"), nullptr);
}

}  // namespace
}  // namespace astro::exchange

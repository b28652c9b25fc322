#include "server/traders/quoting.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace astro::traders {
namespace {

Price price(std::string_view text) {
    Price out;
    EXPECT_TRUE(from_text(text, out)) << text;
    return out;
}
Base size(std::string_view text) {
    Base out;
    EXPECT_TRUE(from_text(text, out)) << text;
    return out;
}

struct QuotingTest : testing::Test {
    QuoteSettings settings{.spread = 1'000,
                           .step = 500,
                           .levels = 2,
                           .skew = 1'000,
                           .tolerance = 100,
                           .size = Base{2'000'000'000},
                           .position_max = Base{10'000'000'000}};
    MarketRules rules{.symbol = "SOL-PERP",
                      .tick = Price{10'000},
                      .price_max = Price{100'000'000'000},
                      .lot = Base{10'000'000},
                      .size_min = Base{10'000'000},
                      .notional_min = Quote{1'000'000}};

    std::string desired(std::string_view fair, std::string_view position = "0") {
        std::string out;
        for (const auto& quote :
             desired_quotes(settings, rules, {.fair = price(fair), .position = size(position)}))
            out += (out.empty() ? "" : " ") +
                   std::string(quote.slot.side == Side::buy ? "b" : "a") +
                   std::to_string(quote.slot.level) + ":" + to_text(quote.size) + "@" +
                   to_text(quote.price);
        return out;
    }
    static std::string text(const std::vector<QuoteChange>& changes) {
        std::string out;
        for (const auto& change : changes) {
            using Kind = QuoteChange::Kind;
            out += out.empty() ? "" : " ";
            out += change.kind == Kind::place ? "+" : change.kind == Kind::amend ? "~" : "-";
            out += std::string(change.slot.side == Side::buy ? "b" : "a") +
                   std::to_string(change.slot.level);
            if (change.kind != Kind::cancel)
                out += ":" + to_text(change.size) + "@" + to_text(change.price);
        }
        return out;
    }
    std::vector<RestingQuote> resting(std::string_view fair) {
        std::vector<RestingQuote> out;
        for (const auto& quote : desired_quotes(settings, rules, {.fair = price(fair)}))
            out.push_back({quote.slot, OrderId{out.size() + 1}, quote.price, quote.size, {}});
        return out;
    }
    std::string toward(std::string_view fair, const std::vector<RestingQuote>& orders) {
        return text(changes_toward(settings, desired_quotes(settings, rules, {.fair = price(fair)}),
                                   orders));
    }
};

TEST_F(QuotingTest, StandsOnBothSidesOfTheFairPriceToTheTick) {
    EXPECT_EQ(desired("100"), "b0:2@99.95 b1:2@99.9 a0:2@100.05 a1:2@100.1");
    EXPECT_EQ(desired("100.003"), "b0:2@99.95 b1:2@99.9 a0:2@100.06 a1:2@100.11");
    EXPECT_EQ(desired("0"), "");
}

TEST_F(QuotingTest, LeansAgainstThePosition) {
    EXPECT_EQ(desired("100", "5"), "b0:2@99.9 b1:2@99.85 a0:2@100 a1:2@100.05");
    EXPECT_EQ(desired("100", "-5"), "b0:2@99.99 b1:2@99.94 a0:2@100.11 a1:2@100.16");
}

TEST_F(QuotingTest, NeverQuotesBeyondTheLargestPosition) {
    EXPECT_EQ(desired("100", "9"), "b0:1@99.86 a0:2@99.96 a1:2@100.01");
    EXPECT_EQ(desired("100", "10"), "a0:2@99.95 a1:2@100");
    EXPECT_EQ(desired("100", "12"), "a0:2@99.95 a1:2@100");
    EXPECT_EQ(desired("100", "-10"), "b0:2@100.04 b1:2@99.99");
}

TEST_F(QuotingTest, StaysClearOfWhoStandsInsideTheSpread) {
    const auto quotes = desired_quotes(settings, rules,
                                       {.fair = price("100"),
                                        .position = {},
                                        .best_bid = price("100.07"),
                                        .best_ask = price("100.2")});
    ASSERT_EQ(quotes.size(), 4U);
    EXPECT_EQ(quotes[0].price, price("99.95"));
    EXPECT_EQ(quotes[2].price, price("100.08"));
    EXPECT_EQ(quotes[3].price, price("100.1"));
}

TEST_F(QuotingTest, LeavesOutLevelsThatTheMarketWouldRefuse) {
    rules.notional_min = Quote{250'000'000};
    EXPECT_EQ(desired("100"), "");
    rules.notional_min = Quote{500'000};
    settings.size = Base{15'000'000};
    EXPECT_EQ(desired("100"), "b0:0.01@99.95 b1:0.01@99.9 a0:0.01@100.05 a1:0.01@100.1");
    settings.size = Base{5'000'000};
    EXPECT_EQ(desired("100"), "");
}

TEST_F(QuotingTest, LeavesAloneWhatIsNearEnough) {
    const auto orders = resting("100");
    EXPECT_EQ(toward("100", orders), "");
    EXPECT_EQ(toward("100.005", orders), "");
    EXPECT_EQ(toward("100.02", orders), "~a0:2@100.08 ~a1:2@100.13 ~b0:2@99.96 ~b1:2@99.91");
}

TEST_F(QuotingTest, MovesAwayFromItselfFirst) {
    const auto orders = resting("100");
    EXPECT_EQ(toward("101", orders), "~a0:2@101.06 ~a1:2@101.11 ~b0:2@100.94 ~b1:2@100.89");
    EXPECT_EQ(toward("99", orders), "~b0:2@98.95 ~b1:2@98.9 ~a0:2@99.05 ~a1:2@99.1");
}

TEST_F(QuotingTest, PlacesWhatIsMissingRefillsWhatIsHalfGoneAndCancelsWhatIsTooMany) {
    auto orders = resting("100");
    orders[0].filled = size("1");  // half: it stays
    EXPECT_EQ(toward("100", orders), "");
    orders[0].filled = size("1.01");
    EXPECT_EQ(toward("100", orders), "~b0:3.01@99.95");
    orders.erase(orders.begin());
    orders.push_back({{Side::sell, 7}, OrderId{9}, price("101"), size("2"), {}});
    EXPECT_EQ(toward("100", orders), "-a7 +b0:2@99.95");
}

TEST_F(QuotingTest, TakesEverythingAwayWithoutAPrice) {
    EXPECT_EQ(toward("0", resting("100")), "-b0 -b1 -a0 -a1");
}

TEST(QuoteNames, AreReadBack) {
    for (const auto& slot : {Slot{Side::buy, 0}, Slot{Side::sell, 19}})
        EXPECT_EQ(slot_of("SOL-PERP", client_id_of("SOL-PERP", slot)), slot);
    for (const auto* name : {"", "q:SOL-PERP:", "q:SOL-PERP:b", "q:SOL-PERP:c0", "q:SOL-PERP:b-1",
                             "q:SOL-PERP:b0x", "q:BTC-PERP:b0", "grid-1"})
        EXPECT_EQ(slot_of("SOL-PERP", name), std::nullopt) << name;
}

TEST(ParseBps, ReadsHundredths) {
    EXPECT_EQ(parse_bps("5bps"), 500);
    EXPECT_EQ(parse_bps("0.25bps"), 25);
    for (const auto* bad : {"", "5", "bps", "-1bps", "0bps", "0.001bps", "10000bps", "5 bps", "5%"})
        EXPECT_EQ(parse_bps(bad), std::nullopt) << bad;
}

/// Applying the changes one by one, our own bids never reach our own asks, and all of them lead to
/// what is desired.
RC_GTEST_PROP(Quoting, NeverMeetsItselfOnTheWay, ()) {
    const auto spread = *rc::gen::inRange<std::int64_t>(20, 2'000);
    const QuoteSettings settings{.spread = spread,
                                 .step = *rc::gen::inRange<std::int64_t>(10, 500),
                                 .levels = *rc::gen::inRange<std::int64_t>(1, 5),
                                 .skew = *rc::gen::inRange<std::int64_t>(0, 2'000),
                                 .tolerance = *rc::gen::inRange<std::int64_t>(0, spread / 2),
                                 .size = Base{1'000'000'000},
                                 .position_max = Base{8'000'000'000}};
    const MarketRules rules{.symbol = "X",
                            .tick = Price{*rc::gen::element<std::int64_t>(10, 1'000, 100'000)},
                            .price_max = exchange::kPriceMax,
                            .lot = Base{1'000'000},
                            .size_min = Base{1'000'000},
                            .notional_min = Quote{1}};
    std::vector<RestingQuote> orders;
    std::uint64_t next_id = 1;
    for (int step = 0; step < 8; ++step) {
        const QuoteView view{
            .fair = Price{*rc::gen::inRange<std::int64_t>(99'000'000, 101'000'000)},
            .position = Base{*rc::gen::inRange<std::int64_t>(-9, 9) * 1'000'000'000}};
        const auto desired = desired_quotes(settings, rules, view);
        for (const auto& change : changes_toward(settings, desired, orders)) {
            const auto at = std::ranges::find_if(
                orders, [&](const auto& order) { return order.slot == change.slot; });
            if (change.kind == QuoteChange::Kind::place) {
                RC_ASSERT(at == orders.end());
                orders.push_back({change.slot, OrderId{next_id++}, change.price, change.size, {}});
            } else if (change.kind == QuoteChange::Kind::cancel) {
                orders.erase(at);
            } else {
                at->price = change.price;
                at->size = change.size;
            }
            Price bid{0}, ask = exchange::kPriceMax;
            for (const auto& order : orders)
                if (order.slot.side == Side::buy)
                    bid = std::max(bid, order.price);
                else
                    ask = std::min(ask, order.price);
            RC_ASSERT(bid < ask);
        }
        RC_ASSERT(orders.size() == desired.size());
        RC_ASSERT(changes_toward(settings, desired, orders).empty());
    }
}

}  // namespace
}  // namespace astro::traders

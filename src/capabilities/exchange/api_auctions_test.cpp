#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capabilities/exchange/auction_stream.hpp"
#include "capabilities/exchange/trading_test_support.hpp"

/// Taker orders that are offered to makers first: placed, seen, filled and told.
namespace astro::exchange {
namespace {

using ::testing::ElementsAre;
namespace bj = boost::json;

struct Auctions : test::TradingTest {
    Auctions() {
        set_auctions(1'000);
        account(1);
        account(2);
    }
    void set_auctions(std::int64_t ms) {
        MarketSettings market;
        service->read([&](const Venue& venue) { market = venue.markets()[0].settings; });
        market.auction_ms = ms;
        test::run(*service, SetMarket{market});
    }
    /// A buy up to 101 whose price goes from 99.5 to 100.5 in a second.
    std::string offer(const std::string& size = "2") {
        const auto placed =
            post(1, "/orders",
                 limit("buy", size, "101", R"(,"auction":{"start":"99.5","end":"100.5"})"));
        EXPECT_EQ(placed.status, 201) << bj::serialize(placed.body);
        EXPECT_EQ(placed.text("status"), "waiting");
        EXPECT_EQ(placed.text("remaining"), size);
        return placed.text("order_id");
    }
    void pass(std::int64_t ms) {
        site.clock.advance(milliseconds(ms));
        test::run(*service, Tick{});
    }
    bj::array running(const std::string& query = {}) {
        return ask(0, "GET", "/auctions" + query).body.at("auctions").as_array();
    }
    std::vector<bj::object> told() {
        (void)post(1, "/accounts/0/settle", "");  // answered after what was before it is told
        std::vector<bj::object> out;
        for (const auto& event : bus->newest(kAuctionStream, SIZE_MAX))
            out.push_back(bj::parse(event->payload).as_object());
        return out;
    }
};

TEST_F(Auctions, ATakerOrderIsOfferedAtAPriceThatMoves) {
    const std::string id = offer();
    auto seen = running("?market=SOL-PERP");
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].at("order"), bj::value(id));
    EXPECT_EQ(seen[0].at("price"), "99.5");
    EXPECT_EQ(seen[0].at("left"), "2");
    EXPECT_EQ(seen[0].at("book"), nullptr);
    EXPECT_FALSE(seen[0].as_object().contains("account")) << "whose it is is nobody's business";
    pass(500);
    EXPECT_EQ(running().at(0).at("price"), "100");
    (void)post(2, "/orders", limit("sell", "3", "99.9"));
    seen = running();
    EXPECT_EQ(seen[0].at("auction"), "100");
    EXPECT_EQ(seen[0].at("book"), "99.9");
    EXPECT_EQ(seen[0].at("price"), "99.9") << "the better of both";
    EXPECT_EQ(running("?market=BTC-PERP").size(), 0U);
    EXPECT_EQ(ask(0, "GET", "/auctions?market=X").brief(), "404 market_unknown");
    // Its owner sees it among his orders.
    const auto own = ask(1, "GET", "/orders").body.at("orders").at(0);
    EXPECT_EQ(own.at("in_auction"), true);
    EXPECT_EQ(own.at("status"), "waiting");
    EXPECT_EQ(ask(1, "GET", "/orders/" + id).text("in_auction"), "true");
}

TEST_F(Auctions, AMakerFillsItAndTheRestMeetsTheBook) {
    const std::string id = offer();
    pass(500);
    const auto fill = post(2, "/auctions/" + id + "/fill", R"({"size":"0.5","client_id":"m"})");
    ASSERT_EQ(fill.status, 201) << bj::serialize(fill.body);
    EXPECT_EQ(fill.text("status"), "closed");
    EXPECT_EQ(fill.text("reason"), "filled");
    EXPECT_EQ(fill.text("market"), "SOL-PERP");
    EXPECT_EQ(fill.text("side"), "sell");
    EXPECT_EQ(fill.text("client_id"), "m");
    EXPECT_EQ(fill.text("average_price"), "100");
    EXPECT_EQ(fill.body.at("fills").at(0).at("liquidity"), "maker");
    const auto better = post(2, "/auctions/" + id + "/fill", R"({"size":"0.5","price":"99.7"})");
    EXPECT_EQ(better.text("average_price"), "99.7");
    EXPECT_EQ(ask(1, "GET", "/positions").body.at("positions").at(0).at("size"), "1");
    pass(501);
    EXPECT_EQ(running().size(), 0U);
    const auto rests = ask(1, "GET", "/orders/" + id);
    EXPECT_EQ(rests.text("status"), "open");
    EXPECT_EQ(rests.text("in_auction"), "false");
    EXPECT_EQ(rests.text("remaining"), "1");
}

TEST_F(Auctions, RefusalsOfAFillSayWhy) {
    const std::string id = offer();
    const auto fill = [&](int who, const std::string& order, const std::string& body) {
        return post(who, "/auctions/" + order + "/fill", body);
    };
    const auto worse = fill(2, id, R"({"size":"1","price":"99.6"})");
    EXPECT_EQ(worse.brief(), "422 auction_price");
    EXPECT_EQ(worse.text("needed"), "99.5");
    EXPECT_EQ(fill(1, id, R"({"size":"1"})").brief(), "409 own_auction");
    EXPECT_EQ(fill(2, "77", R"({"size":"1"})").brief(), "404 order_unknown");
    EXPECT_EQ(fill(2, "x", R"({"size":"1"})").brief(), "404 order_unknown");
    EXPECT_EQ(fill(2, id, R"({"size":"1","account":0})").brief(), "404 account_unknown");
    EXPECT_EQ(fill(2, id, R"({"size":"0.0000000001"})").brief(), "400 bad_body");
    set_auctions(0);
    EXPECT_EQ(post(1, "/orders", limit("buy", "1", "99", R"(,"auction":{})")).brief(),
              "422 no_auction");
}

TEST_F(Auctions, TheChannelTellsWhatShowsThatTheTakerGotTheBest) {
    const std::string id = offer();
    pass(500);
    (void)post(2, "/auctions/" + id + "/fill", R"({"size":"2"})");
    const auto events = told();
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0].at("kind"), "opened");
    EXPECT_EQ(events[0].at("market"), "SOL-PERP");
    EXPECT_EQ(events[0].at("offer").at("limit"), "101");
    EXPECT_EQ(events[0].at("offer").at("start"), "99.5");
    EXPECT_EQ(events[1].at("kind"), "filled");
    EXPECT_EQ(events[1].at("price"), "100");
    EXPECT_EQ(events[1].at("auction"), "100");
    EXPECT_EQ(events[1].at("left"), "0");
    EXPECT_EQ(events[2].at("kind"), "ended");
    for (const auto& event : events) {
        EXPECT_EQ(event.at("order"), bj::value(id));
        EXPECT_EQ(event.at("side"), "buy");
    }
}

TEST_F(Auctions, ASubscriptionBeginsWithThoseThatRunAlsoAfterARestart) {
    const std::string id = offer();
    stop();
    start();
    const auto channels = trading->channels();
    const auto channel = std::ranges::find(channels, kAuctionStream, &gateway::Channel::stream);
    ASSERT_NE(channel, channels.end());
    const auto state = [&](const gateway::FilterValues& filter) {
        return bj::parse(channel->snapshot({}, filter).value()).at("auctions").as_array();
    };
    ASSERT_EQ(state({}).size(), 1U);
    EXPECT_EQ(state({})[0].at("order"), bj::value(id));
    EXPECT_EQ(state({{"market", {"BTC-PERP"}}}).size(), 0U);
    (void)ask(1, "DELETE", "/orders/" + id);
    const auto events = told();
    ASSERT_EQ(events.size(), 1U) << "what was opened before the restart ends after it";
    EXPECT_EQ(events[0].at("kind"), "ended");
    EXPECT_EQ(events[0].at("market"), "SOL-PERP");
}

}  // namespace
}  // namespace astro::exchange

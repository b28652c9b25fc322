#include "capabilities/market/figures.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "capabilities/exchange/market_feed.hpp"
#include "capabilities/market/engine/market_test_support.hpp"
#include "capabilities/market/series_rows.hpp"

namespace astro::market {
namespace {

using namespace exchange;
using test::dollars;

constexpr std::int64_t kMinute = 60'000;
const TimeMs kStart{1'700'000'040'000};

LiquidationNotice notice(LiquidationKind kind, std::int64_t at_ms, Side side, std::int64_t value) {
    return {
        .kind = kind, .time = TimeMs{kStart.value() + at_ms}, .side = side, .value = Quote{value}};
}

TEST(Figures, CountsWhatWasClosedWithinTheMinute) {
    MarketFigures figures{.minute = kStart};
    add_liquidations(figures,
                     {notice(LiquidationKind::liquidation, 0, Side::sell, 100),
                      notice(LiquidationKind::backstop, 59'999, Side::buy, 30),
                      notice(LiquidationKind::liquidation, 60'000, Side::sell, 1),
                      notice(LiquidationKind::liquidation, -1, Side::sell, 1),
                      notice(LiquidationKind::deleveraging, 5, Side::sell, 1)},
                     kStart, TimeMs{kStart.value() + kMinute});
    EXPECT_EQ(figures.liquidations, 2);
    EXPECT_EQ(figures.liquidated_long, Quote{100}) << "who sells closes a long position";
    EXPECT_EQ(figures.liquidated_short, Quote{30});
}

TEST(Figures, JoinedHaveTheLaterStateAndAllLiquidations) {
    const MarketFigures early{.minute = kStart,
                              .mark = dollars("1"),
                              .long_accounts = 7,
                              .liquidations = 2,
                              .liquidated_long = Quote{5}};
    const MarketFigures late{.minute = TimeMs{kStart.value() + kMinute},
                             .mark = dollars("2"),
                             .long_accounts = 3,
                             .liquidations = 1,
                             .liquidated_short = Quote{4}};
    const auto both = joined(early, late);
    EXPECT_EQ(both.minute, kStart);
    EXPECT_EQ(both.mark, dollars("2"));
    EXPECT_EQ(both.long_accounts, 3);
    EXPECT_EQ(both.liquidations, 3);
    EXPECT_EQ(both.liquidated_long, Quote{5});
    EXPECT_EQ(both.liquidated_short, Quote{4});
}

/// A real venue with its public feed, and a clock that the test moves.
struct FigureSamplerTest : testing::Test {
    FigureSamplerTest() {
        EXPECT_TRUE(store->migrate(migrations()));
        clock.advance(TimestampNs{kStart.value() * 1'000'000} - clock.now());
        MarketTape::declare_streams(*bus, clock.now());
        ServiceOptions options;
        options.directory = folder;
        options.tick_ms = 0;
        service = Service::open(options, clock, {&feed}).value();
        service->read([&](const Venue& venue) { feed.start(venue, service->applied()); });
    }
    ~FigureSamplerTest() override {
        service->stop();
        feed.stop();
        std::filesystem::remove_all(folder);
    }
    void run(CommandBody body) {
        Submission submission;
        submission.body = std::move(body);
        const auto outcome = service->run(std::move(submission));
        EXPECT_TRUE(outcome) << outcome.error().text();
        feed.flush();
    }
    void trade(std::uint32_t buyer, std::uint32_t seller, std::int64_t size) {
        for (const auto& [account, side] :
             {std::pair(seller, Side::sell), std::pair(buyer, Side::buy)}) {
            PlaceOrder order;
            order.account = AccountId{account};
            order.market = MarketId{0};
            order.side = side;
            order.price = dollars("150");
            order.size = Base{size * 1'000'000'000};
            run(order);
        }
    }
    std::vector<MarketFigures> kept() {
        return load_figures(*store, "SOL-PERP",
                            {.from = TimeMs{0}, .to = TimeMs{INT64_MAX}, .limit = 100})
            .value();
    }
    /// Moves the clock and looks.
    void pass(std::int64_t ms, FigureSampler& sampler) {
        clock.advance(milliseconds(ms));
        EXPECT_TRUE(sampler.tend(*service, clock.now()));
    }

    const std::string folder = (std::filesystem::temp_directory_path() /
                                ("astrolabe_figures_test_" + std::to_string(::getpid())))
                                   .string();
    VirtualClock clock;
    std::unique_ptr<Bus> bus = make_bus();
    std::unique_ptr<store::Store> store = store::open_sqlite({.path = ":memory:"}).value();
    MarketTape tape{*bus, {}};
    MarketFeed feed{tape, clock};
    std::unique_ptr<Service> service;
};

TEST_F(FigureSamplerTest, TakesWhoHoldsAMarketOnceAMinute) {
    for (std::uint32_t a = 0; a < 3; ++a) {
        OwnerId owner;
        owner.bytes[0] = static_cast<std::uint8_t>(a + 1);
        run(OpenAccount{owner, {}});
        run(Deposit{AccountId{a}, kUsdc, Amount{1'000'000 * kQuoteUnit}});
    }
    run(SetIndexPrice{.market = MarketId{0}, .index = dollars("150")});
    trade(0, 2, 3);
    trade(1, 2, 5);
    FigureSampler sampler(tape, *store, 0);
    pass(1'000, sampler);
    EXPECT_TRUE(kept().empty()) << "the minute is not over";
    pass(60'000, sampler);
    ASSERT_EQ(kept().size(), 1U);
    const MarketFigures figures = kept()[0];
    EXPECT_EQ(figures.minute, kStart);
    EXPECT_EQ(figures.long_accounts, 2);
    EXPECT_EQ(figures.short_accounts, 1);
    EXPECT_EQ(figures.open_interest, Base{8'000'000'000});
    EXPECT_EQ(figures.largest_long, Base{5'000'000'000});
    EXPECT_EQ(figures.largest_short, Base{8'000'000'000});
    EXPECT_EQ(figures.index, dollars("150"));
    run(SetIndexPrice{.market = MarketId{0}, .index = dollars("150")});
    trade(2, 0, 3);
    pass(59'999, sampler);
    EXPECT_EQ(kept().back().long_accounts, 1);
    pass(150'000, sampler);
    EXPECT_EQ(kept().size(), 2U) << "nobody looked when those minutes ended";
}

TEST_F(FigureSamplerTest, ForgetsWhatIsOlderThanItIsKept) {
    std::map<std::string, MarketFigures> old;
    for (const std::int64_t days : {2, 0}) {
        old["SOL-PERP"] = {.minute = TimeMs{kStart.value() - days * 86'400'000 - kMinute}};
        ASSERT_TRUE(save_figures(*store, old));
    }
    FigureSampler sampler(tape, *store, 1);
    // To the first minute of an hour, when it looks what is too old.
    const std::int64_t hour = (kStart.value() / 3'600'000 + 1) * 3'600'000;
    pass(hour - kStart.value(), sampler);
    pass(kMinute, sampler);
    const auto left = kept();
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(left[0].minute, TimeMs{kStart.value() - kMinute});
}

}  // namespace
}  // namespace astro::market

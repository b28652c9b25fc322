#include "capabilities/exchange/engine/market_settings.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace astro::exchange {
namespace {

std::string field_refused(const MarketSettings& market) {
    const auto checked = check_market(market);
    return checked ? "none" : checked.error().where;
}

TEST(MarketSettings, TheServersOwnMarketsAreValid) {
    ASSERT_EQ(default_markets().size(), 4U);
    for (const auto& market : default_markets())
        EXPECT_EQ(field_refused(market), "none") << market.symbol;
}

TEST(MarketSettings, EachImpossibleFieldIsNamed) {
    const auto with = [](auto edit) {
        MarketSettings market = default_markets().front();
        edit(market);
        return field_refused(market);
    };
    EXPECT_EQ(with([](auto& m) { m.base_asset = "sol"; }), "base_asset");
    EXPECT_EQ(with([](auto& m) { m.quote_asset = "EUR"; }), "quote_asset");
    EXPECT_EQ(with([](auto& m) { m.symbol = "SOL"; }), "symbol");
    EXPECT_EQ(with([](auto& m) { m.tick_size = Price{0}; }), "tick_size");
    EXPECT_EQ(with([](auto& m) { m.lot_size = Base{1}; }), "lot_size")
        << "a trade would be rounded";
    EXPECT_EQ(with([](auto& m) { m.price_max = Price{m.tick_size.value() + 1}; }), "price_max");
    EXPECT_EQ(with([](auto& m) { m.price_max = kPriceMax; }), "order_size_max");
    EXPECT_EQ(with([](auto& m) { m.order_size_min = Base{1}; }), "order_size_min");
    EXPECT_EQ(with([](auto& m) { m.order_size_max = Base{0}; }), "order_size_max");
    EXPECT_EQ(with([](auto& m) { m.open_interest_max = m.lot_size; }), "open_interest_max");
    EXPECT_EQ(with([](auto& m) { m.order_notional_min = Quote{-1}; }), "order_notional_min");
    EXPECT_EQ(with([](auto& m) { m.impact_notional = Quote{0}; }), "impact_notional");
    EXPECT_EQ(with([](auto& m) { m.maintenance_margin_bps = m.initial_margin_bps; }),
              "maintenance_margin_bps");
    EXPECT_EQ(with([](auto& m) { m.maker_fee_ppm = -m.taker_fee_ppm - 1; }), "maker_fee_ppm");
    EXPECT_EQ(with([](auto& m) { m.funding_sample_s = 7; }), "funding_sample_s");
    EXPECT_EQ(with([](auto& m) { m.liquidation_fee_ppm = 40'000; }), "liquidation_fee_ppm");
    EXPECT_EQ(with([](auto& m) { m.auction_ms = -1; }), "auction_ms");
}

RC_GTEST_PROP(MarketSettingsProperty, NoTradeOfAValidMarketIsRounded, ()) {
    const auto& market = *rc::gen::elementOf(default_markets());
    const Int128 price =
        Int128{market.tick_size.value()} *
        *rc::gen::inRange<std::int64_t>(1, market.price_max.value() / market.tick_size.value() + 1);
    const Int128 size = Int128{market.lot_size.value()} *
                        *rc::gen::inRange<std::int64_t>(
                            1, market.position_max.value() / market.lot_size.value() + 1);
    RC_ASSERT(price * size % kBaseUnit == 0);
    const Int128 value =
        notional(Price{static_cast<std::int64_t>(price)}, Base{static_cast<std::int64_t>(size)});
    RC_ASSERT(value > 0 && value <= kNotionalMax.value());
}

}  // namespace
}  // namespace astro::exchange

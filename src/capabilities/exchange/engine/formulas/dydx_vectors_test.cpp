#include <gtest/gtest.h>

#include "capabilities/exchange/engine/formulas/funding.hpp"
#include "capabilities/exchange/engine/formulas/liquidation.hpp"
#include "capabilities/exchange/engine/formulas/margin.hpp"
#include "capabilities/exchange/engine/formulas/vectors_test_support.hpp"
#include "capabilities/exchange/engine/market_settings.hpp"

/// All 38 examples of dYdX v4's own unit tests, met to the unit.
namespace astro::exchange::formulas {
namespace {

using testing::decimal;
using testing::Vector;

/// Positions of one account as an example gives them.
struct Account {
    AccountMargin margin;
    Base size;
    Price oracle;
    Quote maintenance;  ///< of the position in question
};

void add(Account& account, Base size, Price oracle, std::int64_t mmf_ppm) {
    const Int128 worth = notional(oracle, size);
    const Quote needed{saturate64(static_cast<Int128>(magnitude(worth)) * mmf_ppm / kPpmOne)};
    account.margin.equity += Quote{saturate64(worth)};
    account.margin.maintenance += needed;
    account.size = size;
    account.oracle = oracle;
    account.maintenance = needed;
}

std::int64_t fillable(const Vector& v) {
    Account account{{Quote{decimal(v.in().at("quote_balance_usd"), 6)}, {}}, {}, {}, {}};
    add(account, Base{decimal(v.in().at("position_btc"), 9)},
        Price{decimal(v.in().at("oracle_usd"), 6)}, decimal(v.in().at("mmf"), 6));
    const auto price =
        dydx_fillable_price(account.size, account.oracle, account.maintenance, account.margin,
                            {v["bankruptcy_adjustment_ppm"], v["spread_to_mmr_ratio_ppm"]});
    EXPECT_TRUE(price);
    return price.value_or(Price{}).value();
}

std::int64_t bankruptcy(const Vector& v) {
    Account account{{Quote{decimal(v.in().at("quote_balance_usd"), 6)}, {}}, {}, {}, {}};
    Account closing;
    for (const auto& position : v.in().at("positions").as_array()) {
        const Base size{decimal(position.at("size"), 9)};
        const Price oracle{decimal(position.at("oracle_usd"), 6)};
        add(account, size, oracle, decimal(v.in().at("mmf"), 6));
        if (position.at("asset") == v.in().at("close_asset")) closing = account;
    }
    const Base delta{decimal(v.in().at("delta"), 9)};
    const Int128 change = notional(closing.oracle, delta);
    const std::int64_t mmf = decimal(v.in().at("mmf"), 6);
    const Quote less{saturate64(static_cast<Int128>(magnitude(change)) * mmf / kPpmOne)};
    const auto quote = dydx_bankruptcy_quote(Quote{saturate64(change)}, less, account.margin);
    EXPECT_TRUE(quote);
    return quote.value_or(Quote{}).value();
}

std::int64_t initial_margin(const Vector& v) {
    const OpenInterestTier tier{v["base_imf_ppm"], 0, Quote{v["oi_lower_cap"]},
                                Quote{v["oi_upper_cap"]}};
    return dydx_initial_margin(tier, Quote{v["open_notional"]}, Quote{v["position_notional"]})
        .value();
}

std::int64_t index_delta(const Vector& v) {
    const DydxPrice price{static_cast<std::uint64_t>(v["price"]),
                          static_cast<int>(v["price_exponent"]),
                          static_cast<int>(v["atomic_resolution"])};
    const auto delta = dydx_index_delta(price, v["funding_rate_8h_ppm"], v["seconds"]);
    EXPECT_TRUE(delta);
    return saturate64(delta.value_or(kInt128Max));
}

TEST(DydxVectors, AllAreMet) {
    int met = 0;
    for (const auto& value : testing::read_vectors("dydx_v4_math_vectors.json")) {
        const Vector v(value);
        ++met;
        if (v.fn() == "funding_index_delta")
            EXPECT_EQ(index_delta(v), v.out_integer()) << v.text();
        else if (v.fn() == "oi_scaled_initial_margin")
            EXPECT_EQ(initial_margin(v), v.out_integer()) << v.text();
        else if (v.fn() == "max_abs_funding_ppm")
            EXPECT_EQ(dydx_funding_limit_ppm(v["clamp_factor_ppm"], v["initial_margin_ppm"],
                                             v["maintenance_fraction_ppm"]),
                      v.out_integer())
                << v.text();
        else if (v.fn() == "fillable_price")
            EXPECT_EQ(fillable(v), v.out_integer() * kQuoteUnit) << v.text();
        else if (v.fn() == "bankruptcy_price_quote")
            EXPECT_EQ(bankruptcy(v), v.out_integer() * kQuoteUnit) << v.text();
        else
            ADD_FAILURE() << v.fn();
    }
    EXPECT_EQ(met, 38);
}

}  // namespace
}  // namespace astro::exchange::formulas

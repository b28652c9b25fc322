#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/engine/formulas/brackets.hpp"
#include "capabilities/exchange/engine/units.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// What a market is: its sizes, its risk, its fees. An operator or a vote changes it; every command
/// is judged by the version in force when it is applied.
namespace astro::exchange {

enum class MarketState {
    pre_open,     ///< orders gather; those that cross trade at one price when it opens
    open,         ///< trading
    reduce_only,  ///< only what makes a position smaller
    halted,       ///< cancelling only
    settling,     ///< no order is left; positions wait for the settlement price
    closed        ///< settled: nothing is left of it
};
BOOST_DESCRIBE_ENUM(MarketState, pre_open, open, reduce_only, halted, settling, closed)

/// How the hourly rate comes from the premium. Facts and sources: docs/exchange.md.
enum class FundingFormula { drift, dydx, hyperliquid, binance };
BOOST_DESCRIBE_ENUM(FundingFormula, drift, dydx, hyperliquid, binance)

/// How much margin a position needs. Facts and sources: docs/exchange.md.
enum class MarginFormula {
    drift,     ///< grows with the root of the account's own size
    brackets,  ///< Binance's: each part of the notional has its rate
    dydx       ///< initial margin grows with the open interest of the whole market
};
BOOST_DESCRIBE_ENUM(MarginFormula, drift, brackets, dydx)

inline constexpr std::size_t kBracketsMax = 32;

struct MarketSettings {
    std::string symbol;  ///< "SOL-PERP"
    std::string base_asset;
    std::string quote_asset = "USDC";
    MarketState state = MarketState::open;
    std::int64_t version = 0;  ///< of these settings; grows by one with each change

    // Sizes. tick_size * lot_size is a whole number of Quote: no trade is ever rounded.
    Price tick_size, price_max;
    Base lot_size, order_size_min, order_size_max, position_max, open_interest_max;
    Quote order_notional_min;  ///< orders that only reduce are exempt
    Quote order_notional_max;  ///< at the order's own limit

    // Margin.
    std::int64_t initial_margin_bps = 0, maintenance_margin_bps = 0;
    MarginFormula margin_formula = MarginFormula::drift;
    std::int64_t imf_factor_ppm = 0;  ///< of drift: growth of both with the root of the size
    std::vector<formulas::MarginBracket> brackets;   ///< of brackets, in place of the two ratios
    Quote open_interest_lower, open_interest_upper;  ///< of dydx: from where to where it grows to 1
    std::int64_t unrealized_gain_initial_bps = 10'000;  ///< of a gain that counts as collateral

    // Fees, of the notional; a negative maker fee is a rebate.
    std::int64_t maker_fee_ppm = 0, taker_fee_ppm = 0, liquidation_fee_ppm = 0,
                 insurance_fee_ppm = 0;

    // Protection.
    std::int64_t price_band_bps = 0;  ///< a limit order may be this far beyond the mark price
    std::int64_t pre_open_band_bps = 0, reduce_only_band_bps = 0;  ///< the same in those states
    std::int64_t mark_band_bps = 0;    ///< the mark price is this far from the index at most
    std::int64_t market_band_bps = 0;  ///< a market order trades this far from the mark price

    // Funding.
    FundingFormula funding_formula = FundingFormula::hyperliquid;
    std::int64_t funding_period_s = 3'600, funding_sample_s = 5;
    std::int64_t funding_interest_ppm = 100;  ///< of eight hours
    std::int64_t funding_clamp_ppm = 500;     ///< how far interest draws the premium
    std::int64_t funding_cap_ppm = 40'000;    ///< of one period
    Quote impact_notional;                    ///< size at which the book is sampled

    // Oracle: beyond these a price is not used for what it would harm.
    std::int64_t oracle_stale_ms = 0, oracle_confidence_bps = 0, oracle_volatility_bps = 0,
                 oracle_divergence_bps = 0;

    // Liquidation and auctions.
    std::int64_t liquidation_buffer_bps = 0;  ///< margin above maintenance at which it stops
    std::int64_t liquidation_band_bps = 0;    ///< liquidation orders trade this far from the mark
    std::int64_t liquidation_step_bps = 0;    ///< of the position, closed in one step
    bool socialize_losses = false;            ///< what nobody can pay, all positions bear
    std::int64_t auction_ms = 0;              ///< of a taker order; 0: none
};
BOOST_DESCRIBE_STRUCT(MarketSettings, (),
                      (symbol, base_asset, quote_asset, state, version, tick_size, price_max,
                       lot_size, order_size_min, order_size_max, position_max, open_interest_max,
                       order_notional_min, order_notional_max, initial_margin_bps,
                       maintenance_margin_bps, margin_formula, imf_factor_ppm, brackets,
                       open_interest_lower, open_interest_upper, unrealized_gain_initial_bps,
                       maker_fee_ppm, taker_fee_ppm, liquidation_fee_ppm, insurance_fee_ppm,
                       price_band_bps, pre_open_band_bps, reduce_only_band_bps, mark_band_bps,
                       market_band_bps, funding_formula, funding_period_s, funding_sample_s,
                       funding_interest_ppm, funding_clamp_ppm, funding_cap_ppm, impact_notional,
                       oracle_stale_ms, oracle_confidence_bps, oracle_volatility_bps,
                       oracle_divergence_bps, liquidation_buffer_bps, liquidation_band_bps,
                       liquidation_step_bps, socialize_losses, auction_ms))

/// "bad_market" names the first field that cannot be, and what it can be.
[[nodiscard]] Result<void> check_market(const MarketSettings& market);

/// SOL-, BTC-, ETH- and XLM-PERP, each valid and with version 1.
[[nodiscard]] const std::vector<MarketSettings>& default_markets();

inline constexpr std::size_t kListedMax = 1'000;  ///< markets of a venue

/// Whole quote of a price and a size; exact when both are multiples of tick and lot of one market,
/// else rounded toward zero.
[[nodiscard]] constexpr Int128 notional(Price price, Base size) {
    return static_cast<Int128>(price.value()) * size.value() / kBaseUnit;
}

}  // namespace astro::exchange

#pragma once

#include <optional>

#include "capabilities/exchange/engine/formulas/mark.hpp"
#include "capabilities/exchange/engine/formulas/oracle.hpp"
#include "capabilities/exchange/engine/market_settings.hpp"
#include "capabilities/exchange/engine/model.hpp"

namespace astro::exchange {

using formulas::OracleAction;
using formulas::OracleVerdict;

/// What the oracle has said of a market, and what follows from it.
struct PriceState {
    Price confidence{};  ///< half width of the source's band
    Price reference{};   ///< of the other sources; 0: none
    TimeMs published{};  ///< by the source
    bool sources_suffice = true;
    formulas::Ema average{};  ///< of the index, five minutes
    TimeMs average_at{};      ///< 0: none yet
    OracleVerdict verdict = OracleVerdict::non_positive;

    formulas::Ema basis{};  ///< of impact mid less index
    TimeMs sampled{};       ///< when the book was last sampled
};

/// The funding of a market: sampled through a period, settled at its end.
struct FundingState {
    Int128 premium_sum = 0;  ///< of formulas::Rate
    std::int64_t samples = 0;
    TimeMs next_sample{}, next_settlement{};  ///< 0: not before there is a price
    Int128 index = 0;                         ///< sum of what one base has paid, 1e-9 of the quote
    std::int64_t dust = 0;  ///< 1e-12 of a quote unit, kept back by rounding; below one unit
    formulas::Rate last_rate{};
    Int128 loss_index = 0;  ///< sum of what one base of either side has borne of others' losses
};

/// The verdict on what the oracle has said, as of `now`.
[[nodiscard]] OracleVerdict judge(const MarketSettings& settings, Price index,
                                  const PriceState& state, TimeMs now);
/// The rate of one period from the average premium of its samples.
[[nodiscard]] formulas::Rate funding_rate(const MarketSettings& settings,
                                          const FundingState& state);

}  // namespace astro::exchange

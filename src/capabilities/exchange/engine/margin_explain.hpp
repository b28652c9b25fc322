#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/engine/margin.hpp"

/// An account's margin term by term: what health_of() sums up, so that whoever is refused or
/// liquidated can count it himself.
///
///   collateral  = sum of assets' values + sum of positions' counted_profit
///   requirement = sum of positions' requirements
///   of a position: requirement = charged_value * ratio - deduction + open_orders_loss
namespace astro::exchange {

struct MarginAssetTerm {
    AssetId asset{};
    std::string symbol;
    Amount balance{};
    Amount interest{};            ///< due and not booked yet
    Price price{};                ///< 0: none yet, and it counts for nothing
    std::int64_t weight_bps = 0;  ///< of the balance's value that counts
    Quote value{};                ///< rounded toward what is less for the account
};
BOOST_DESCRIBE_STRUCT(MarginAssetTerm, (),
                      (asset, symbol, balance, interest, price, weight_bps, value))

struct MarginPositionTerm {
    MarketId market{};
    std::string symbol;
    Leg leg = Leg::net;
    Base size{};
    Price mark{};
    Quote notional{};     ///< mark price * size, rounded down; negative for a short
    Quote entry_quote{};  ///< what it was bought for, with the sign of the money
    Quote funding{};      ///< due and not booked yet
    Quote unrealized{};   ///< notional + entry_quote + funding
    std::int64_t gain_weight_bps = 0;
    Quote counted_profit{};  ///< unrealized, a gain by its weight
    Base open_buy{}, open_sell{};
    /// Size for which margin is asked: for initial margin the worse of what all resting buys or all
    /// resting sells would make of the position.
    Base charged_size{};
    Quote charged_value{};             ///< mark price * |charged_size|, rounded up
    std::int64_t base_ratio_ppm = 0;   ///< of the market's settings
    std::int64_t premium_ppm = 0;      ///< what the size adds
    std::int64_t own_ratio_ppm = 0;    ///< that the account asks of itself; initial margin only
    std::int64_t ratio_ppm = 0;        ///< the larger of base + premium and own
    Quote deduction{};                 ///< of a bracket
    Quote open_orders_loss{};          ///< to the mark price, if they traded
    Quote requirement{};               ///< rounded up
    std::optional<Price> liquidation;  ///< mark price at which it comes, all else as it is
};
BOOST_DESCRIBE_STRUCT(MarginPositionTerm, (),
                      (market, symbol, leg, size, mark, notional, entry_quote, funding, unrealized,
                       gain_weight_bps, counted_profit, open_buy, open_sell, charged_size,
                       charged_value, base_ratio_ppm, premium_ppm, own_ratio_ppm, ratio_ppm,
                       deduction, open_orders_loss, requirement, liquidation))

struct MarginSide {
    std::vector<MarginAssetTerm> assets;  ///< those that are held, and USDC
    std::vector<MarginPositionTerm> positions;
    Quote collateral{}, requirement{}, free{};  ///< free: may be negative
};
BOOST_DESCRIBE_STRUCT(MarginSide, (), (assets, positions, collateral, requirement, free))

struct MarginExplanation {
    MarginSide initial;      ///< to place an order or to withdraw
    MarginSide maintenance;  ///< below it the account is liquidated
    /// Maintenance requirement of the collateral; nothing without collateral. At 1,000,000 and
    /// above the account is liquidated.
    std::optional<std::int64_t> margin_ratio_ppm;
};
BOOST_DESCRIBE_STRUCT(MarginExplanation, (), (initial, maintenance, margin_ratio_ppm))

/// The mark price at which the account that the position is part of would be liquidated, all else
/// as it is. Nothing without a position, or when no price does it.
[[nodiscard]] std::optional<Price> liquidation_price_of(const Market& market,
                                                        const Position& position,
                                                        const Health& maintenance);
/// Its sums are those of health_of(), to the unit.
[[nodiscard]] MarginExplanation explain_margin(const MarginContext& context,
                                               const Account& account);

}  // namespace astro::exchange

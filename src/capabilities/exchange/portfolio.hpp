#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/directory.hpp"
#include "capabilities/exchange/queries.hpp"
#include "capabilities/exchange/trading_model.hpp"

/// What an account has earned and lost in a time, from the tables. docs/risk.md says how.
namespace astro::exchange {

/// One sample; `pnl` is what of the change of equity since the first came from no deposit.
struct EquityPoint {
    TimestampNs time{};
    Quote equity{}, pnl{};
    Quote drawdown{};  ///< how far pnl is below its highest before, 0 or more
    Quote gross{}, net{};
    std::optional<std::int64_t> margin_ratio_ppm{};
};
BOOST_DESCRIBE_STRUCT(EquityPoint, (), (time, equity, pnl, drawdown, gross, net, margin_ratio_ppm))

struct Earnings {
    Quote realized{};  ///< before fees
    Quote fees{};      ///< of trades, paid; below zero: rebates
    Quote funding{};   ///< received; below zero: paid
    Quote net{};       ///< realized - fees + funding
    Quote volume{};
    std::int64_t fills = 0;
    std::int64_t wins = 0, losses = 0;  ///< trades that realised a profit or a loss
};
BOOST_DESCRIBE_STRUCT(Earnings, (), (realized, fees, funding, net, volume, fills, wins, losses))
struct NamedEarnings {
    std::string name;  ///< a market; a day of UTC, "2026-11-29"; a strategy
    Earnings earnings;
};
BOOST_DESCRIBE_STRUCT(NamedEarnings, (), (name, earnings))

struct PortfolioTotals {
    Quote equity_from{}, equity_to{};
    Quote flows{};  ///< put in less taken out: deposits, withdrawals, transfers, stakes
    Quote pnl{};    ///< equity_to - equity_from - flows
    Earnings earnings{};
    Quote other{};       ///< liquidation fees, interest, referrals, builders' income, the fund's
    Quote unrealized{};  ///< what is left of pnl: profit not realised yet, prices of collateral
    Quote drawdown_max{};
    std::int64_t drawdown_max_ppm = 0;  ///< of the equity at the highest before
};
BOOST_DESCRIBE_STRUCT(PortfolioTotals, (),
                      (equity_from, equity_to, flows, pnl, earnings, other, unrealized,
                       drawdown_max, drawdown_max_ppm))

struct Portfolio {
    AccountId account{};
    TimestampNs from{}, to{};
    PortfolioTotals totals{};
    std::vector<EquityPoint> curve{};  ///< 2,000 at most, evenly of all samples, with the last
    std::vector<NamedEarnings> by_market{}, by_day{}, by_strategy{};
};
BOOST_DESCRIBE_STRUCT(Portfolio, (),
                      (account, from, to, totals, curve, by_market, by_day, by_strategy))

/// What an order belongs to by its client id: what is before the first of "-", ":", "." and "_";
/// "(none)" without an id.
[[nodiscard]] std::string strategy_of(std::string_view client_id);

/// Of a time in which there are at most 100,000 fills: more are refused, "range_too_long".
[[nodiscard]] Result<Portfolio> portfolio_of(store::Store& store, const Directory& directory,
                                             AccountId account, TimeMs from, TimeMs to);

/// RFC 4180: sections of name and rows, money as decimal text.
[[nodiscard]] std::string portfolio_csv(const Portfolio& portfolio);

}  // namespace astro::exchange

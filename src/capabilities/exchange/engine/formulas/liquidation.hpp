#pragma once

#include <optional>

#include "capabilities/exchange/engine/formulas/margin.hpp"
#include "capabilities/exchange/engine/units.hpp"

/// Prices and sizes of closing a position whose account has too little margin.
namespace astro::exchange::formulas {

/// An account as a whole, at current prices. Both within +-1e18, margin > 0 where it divides.
struct AccountMargin {
    Quote equity;       ///< total net collateral: balance plus unrealised profit
    Quote maintenance;  ///< total maintenance requirement
};

/// dYdX: the price a liquidation order starts at: the oracle price, moved against the account by
///   clamp(adjustment * (1 - equity / maintenance), 0, 1) * spread_to_maintenance * maintenance
/// of the position. Rounded toward the account (up for a long, which sells; down for a short).
/// size != 0, 0 < oracle, account.maintenance > 0. Nothing when it leaves 64 bits.
/// Source: dYdX v4, x/clob/keeper/liquidations, GetFillablePrice.
struct DydxFillable {
    std::int64_t adjustment_ppm = 1'000'000;
    std::int64_t spread_to_maintenance_ppm = 100'000;
};
[[nodiscard]] std::optional<Price> dydx_fillable_price(Base size, Price oracle,
                                                       Quote position_maintenance,
                                                       const AccountMargin& account,
                                                       const DydxFillable& terms);

/// dYdX: the quote that changes hands (positive: the account receives it) when a part of a position
/// is closed so that the account's equity falls in step with its requirement, to zero at the end:
///   - notional change - equity * |maintenance change| / maintenance      rounded up
/// notional_change: signed (closing a long: negative). account.maintenance > 0.
/// Source: dYdX v4, GetBankruptcyPriceInQuoteQuantums.
[[nodiscard]] std::optional<Quote> dydx_bankruptcy_quote(Quote notional_change,
                                                         Quote maintenance_change,
                                                         const AccountMargin& account);

/// The price at which closing the whole position leaves the account with nothing, other positions
/// keeping their share of the equity by their share of the requirement:
///   mark -+ equity * (position's maintenance / account's) / |size|
/// Rounded so that the account is not below zero after it: up for a long, down for a short.
/// Nothing when no positive price ruins it. size != 0.
[[nodiscard]] std::optional<Price> bankruptcy_price(Base size, Price mark,
                                                    Quote position_maintenance,
                                                    const AccountMargin& account);

/// The price of this market at which equity meets maintenance, everything else as it is:
///   mark -+ (equity - maintenance) / |size| / (1 -+ ratio)
/// with the ratio as it is for this size. Rounded toward the mark: shown no farther than it is.
/// Nothing when no positive price does it. size != 0, ratio below 10,000 for a long.
/// Source: Hyperliquid docs, liquidations (l = 1 / maintenance leverage).
[[nodiscard]] std::optional<Price> liquidation_price(Base size, Price mark, std::int64_t ratio_bps,
                                                     const AccountMargin& account);

/// How much of one position to close so that the account's margin is restored.
struct CloseTerms {
    Quote equity;             ///< of the account at mark
    Quote other_maintenance;  ///< of its other positions
    Base size;                ///< signed, a whole number of lots, != 0
    Base lot;                 ///< > 0
    Price mark, exit;         ///< exit: the worst price at which it is closed
    MarginTerms margin;
    std::int64_t fee_ppm = 0;     ///< of the closed notional at exit: trade, liquidation, insurance
    std::int64_t buffer_bps = 0;  ///< margin wanted above maintenance
};

/// Whether closing `part` (0 <= part <= |size|) restores the margin, exact, nothing rounded:
///   equity - part * (loss to exit + fee) >= (others + maintenance of the rest) * (1 + buffer)
/// The whole of a position restores what it can: the same test.
[[nodiscard]] bool close_restores(const CloseTerms& terms, Base part);

struct CloseSize {
    Base size;  ///< magnitude, a whole number of lots
    bool restores = false;
};
/// The least number of lots for which close_restores. The whole position when closing all of it
/// does not restore the margin: then its account has nothing to keep a part of it on.
[[nodiscard]] CloseSize size_to_close(const CloseTerms& terms);

}  // namespace astro::exchange::formulas

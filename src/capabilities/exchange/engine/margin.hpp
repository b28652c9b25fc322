#pragma once

#include <span>
#include <vector>

#include "capabilities/exchange/engine/account.hpp"
#include "capabilities/exchange/engine/asset_settings.hpp"
#include "capabilities/exchange/engine/market.hpp"
#include "capabilities/exchange/engine/rounding.hpp"

/// How much an account needs and has. Sizes as in Drift v2 (margin grows with the root of the
/// size); open orders count by the worse of both sides.
namespace astro::exchange {

enum class MarginKind { initial, maintenance };

struct Collateral {
    AssetSettings settings{};
    Price price{};  ///< 0: none yet; of USDC always 1
    Interest interest{};
};

/// What is in force.
struct MarginContext {
    std::span<const Collateral> assets;
    const std::vector<Market>& markets;
};

struct Health {
    std::int64_t collateral = 0;   ///< Quote, weighted, with unrealised profit and loss
    std::int64_t requirement = 0;  ///< Quote
    [[nodiscard]] std::int64_t free() const { return collateral - requirement; }
};

/// How a requirement's ratio comes about.
struct MarginRatio {
    std::int64_t base_ppm = 0, premium_ppm = 0, own_ppm = 0;
    std::int64_t ppm = 0;  ///< the larger of base + premium and own
    Quote deduction{};     ///< from value * ppm
};
/// What one position needs, and why.
struct Requirement {
    Base charged{};        ///< the size that is asked for
    Quote value{};         ///< of its magnitude at the mark price, rounded up
    Quote adverse{};       ///< what its open orders would lose to the mark price
    std::int64_t total{};  ///< Quote
    MarginRatio ratio{};
};

/// Of a size of that magnitude at the mark price, rounded up.
[[nodiscard]] inline Quote value_at_mark(const Market& market, std::int64_t magnitude) {
    return Quote{static_cast<std::int64_t>(
        divide_up<kBaseUnit>(static_cast<Int128>(market.mark.value()) * magnitude))};
}
/// The ratio of a position of that size and value at the mark price; `own_margin_bps` counts for
/// initial margin. Its terms add up to ceil(value * ppm / 1,000,000) - deduction.
[[nodiscard]] MarginRatio margin_ratio(const Market& market, MarginKind kind, Base size,
                                       Quote value, std::int64_t own_margin_bps = 0);
/// At least what one more quote of the position's value adds to its maintenance margin, whatever
/// the price becomes. Basis points.
[[nodiscard]] std::int64_t steepest_maintenance_bps(const Market& market, Base size);
/// Margin of one position, and for `initial` of its open orders; rounded up.
[[nodiscard]] std::int64_t requirement_of(const Market& market, const Position& position,
                                          MarginKind kind);
/// The same with its terms.
[[nodiscard]] Requirement requirement_terms(const Market& market, const Position& position,
                                            MarginKind kind);
/// What the position is owed of funding since it last paid (negative: owes), less its part of
/// others' losses; rounded down.
[[nodiscard]] Quote funding_due(const Market& market, const Position& position);
/// The same before it is rounded, in 1e-12 of a quote unit.
[[nodiscard]] Int128 funding_exact(const Market& market, const Position& position);
/// Unrealised profit at the mark price, rounded down; for `initial` a gain counts in part.
[[nodiscard]] std::int64_t unrealized_of(const Market& market, const Position& position,
                                         MarginKind kind);
/// What resting lots at a price worse than the mark price would lose to it; rounded up, 0 or more.
[[nodiscard]] Quote adverse_of(const Market& market, Side side, std::int64_t ticks,
                               std::uint64_t lots);
/// A balance with the interest that is due and not booked.
[[nodiscard]] Amount balance_now(const Collateral& asset, AssetId id, const Account& account);
/// Of a balance's value that counts: below one for what is owned, above one for what is owed.
[[nodiscard]] std::int64_t weight_bps(const Collateral& asset, Amount balance, MarginKind kind);
/// An amount in 1e-9 of the whole asset, toward zero.
[[nodiscard]] Base as_base(const AssetSettings& asset, Amount amount);
/// Value of an amount at the asset's price, rounded down; 0 without a price.
[[nodiscard]] std::int64_t plain_value(const Collateral& asset, Amount amount);
/// Weighted value of a balance, rounded down; USDC is its own value.
[[nodiscard]] std::int64_t balance_value(const Collateral& asset, AssetId id, Amount balance,
                                         MarginKind kind);
/// Weighted value of all balances.
[[nodiscard]] std::int64_t asset_value(std::span<const Collateral> assets, const Account& account,
                                       MarginKind kind);
/// Of the whole account. `instead` stands for the position of its market and leg, and `cash` is
/// added to the USDC balance: what an order would lead to.
[[nodiscard]] Health health_of(const MarginContext& context, const Account& account,
                               MarginKind kind, const Position* instead = nullptr, Quote cash = {});

}  // namespace astro::exchange

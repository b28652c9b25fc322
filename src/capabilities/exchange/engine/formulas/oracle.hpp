#pragma once

#include <optional>
#include <span>

#include "capabilities/exchange/engine/formulas/funding.hpp"
#include "capabilities/exchange/engine/units.hpp"
#include "foundation/base/describe.hpp"

/// Whether a price may be used, and for what. A bad price does not stop the market as a whole: it
/// stops what it would harm. Judging is two steps, each a table: the reading gets the first verdict
/// that fits, worst first; the verdict allows a set of actions.
namespace astro::exchange::formulas {

/// Worst first.
enum class OracleVerdict : std::uint8_t {
    non_positive,          ///< no price at all
    too_volatile,          ///< too far from its own 5-minute average
    too_uncertain,         ///< the source itself is not sure
    stale,                 ///< too old to judge accounts by
    insufficient_sources,  ///< too few sources agree that it is a price
    divergent,             ///< too far from the other sources
    aging,                 ///< too old for the venue to trade on, young enough for the rest
    valid
};
BOOST_DESCRIBE_ENUM(OracleVerdict, non_positive, too_volatile, too_uncertain, stale,
                    insufficient_sources, divergent, aging, valid)
inline constexpr int kOracleVerdicts = 8;

enum class OracleAction : std::uint8_t {
    match,      ///< trade within price bands that are relative to it
    margin,     ///< judge new orders and withdrawals by it
    liquidate,  ///< close the positions of an account whose margin is gone
    funding,    ///< sample the premium, settle a period
    new_risk,   ///< let a position grow
    trigger,    ///< fire stop orders
    closing,    ///< let a position shrink
    average     ///< take it into the moving averages
};
BOOST_DESCRIBE_ENUM(OracleAction, match, margin, liquidate, funding, new_risk, trigger, closing,
                    average)

/// A set of actions.
class OracleActions {
  public:
    constexpr OracleActions() = default;
    template <class... Action>
    [[nodiscard]] static constexpr OracleActions of(Action... actions) {
        OracleActions out;
        ((out.bits_ = static_cast<std::uint8_t>(out.bits_ | bit(actions))), ...);
        return out;
    }
    [[nodiscard]] static constexpr OracleActions all() {
        OracleActions out;
        out.bits_ = 0xff;
        return out;
    }
    [[nodiscard]] constexpr bool allows(OracleAction action) const {
        return (bits_ & bit(action)) != 0;
    }
    [[nodiscard]] constexpr OracleActions without(OracleActions other) const {
        OracleActions out;
        out.bits_ = static_cast<std::uint8_t>(bits_ & ~other.bits_);
        return out;
    }
    [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
    constexpr bool operator==(const OracleActions&) const = default;

  private:
    static constexpr std::uint8_t bit(OracleAction action) {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(action));
    }
    std::uint8_t bits_ = 0;
};

struct OracleReading {
    Price price;
    Price confidence;      ///< half width of the source's own band, >= 0
    std::int64_t age = 0;  ///< milliseconds (ours) or slots (Drift), >= 0
    bool sources_suffice = true;
};

/// Ours, all in basis points; see MarketSettings.
struct OracleLimits {
    std::int64_t volatility_bps = 0;  ///< of the lower of price and average
    std::int64_t confidence_bps = 0;  ///< of the price
    std::int64_t divergence_bps = 0;  ///< of the reference
    std::int64_t aging_ms = 0, stale_ms = 0;
};

/// Ours. A limit itself is still good. `average`: of five minutes; `reference`: what the other
/// sources say. Without one of them its rule does not apply.
[[nodiscard]] OracleVerdict judge_oracle(const OracleReading& reading, std::optional<Price> average,
                                         std::optional<Price> reference,
                                         const OracleLimits& limits);

/// Drift's guard rails; defaults as deployed.
struct DriftOracleLimits {
    std::int64_t volatile_ratio = 5;         ///< of the whole-number quotient higher / lower
    std::int64_t confidence_ppm = 20'000;    ///< 2 %, times the tier's multiplier
    std::int64_t confidence_multiplier = 1;  ///< see drift_confidence_multiplier
    std::int64_t slots_stale_for_amm = 10, slots_stale_for_margin = 120;
    bool stablecoin = false;  ///< three times the slots for margin
};

/// 1, 1, 2, 10, 50, 50 from the best tier to the last.
[[nodiscard]] std::int64_t drift_confidence_multiplier(ContractTier tier);

/// Drift's verdict (never `divergent`). age in slots. Rounding of ratios to zero.
/// Source: Drift v2, programs/drift/src/math/oracle.rs, oracle_validity.
[[nodiscard]] OracleVerdict drift_judge_oracle(const OracleReading& reading, Price twap,
                                               const DriftOracleLimits& limits);

enum class OracleProfile : std::uint8_t {
    ours,  ///< stale: no liquidation, no new risk; closing stays allowed until no price is left
    drift  ///< as its is_oracle_valid_for_action
};

/// new_risk in Drift is what its margin check allows, closing what its matching allows.
[[nodiscard]] OracleActions allowed_actions(OracleVerdict verdict, OracleProfile profile);

struct OracleSource {
    Price price;
    int rank = 0;         ///< 0 is asked first, 1 only when too few of rank 0 are usable, …
    bool usable = false;  ///< judged one by one beforehand
};

/// The median of the usable sources of the lowest ranks that together are at least `count_min`
/// (>= 1); of an even count the mean of the middle two, rounded down. Nothing when there are too
/// few. At most 32 sources; their order has no effect.
[[nodiscard]] std::optional<Price> index_price(std::span<const OracleSource> sources,
                                               std::size_t count_min);

/// |price - reference| <= band_bps of the reference.
[[nodiscard]] bool within_band(Price price, Price reference, std::int64_t band_bps);

}  // namespace astro::exchange::formulas

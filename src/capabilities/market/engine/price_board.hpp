#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "capabilities/market/engine/aggregate.hpp"
#include "capabilities/market/engine/time_average.hpp"

namespace astro::market {

/// Why something a source said was not taken.
enum class SetAside : std::uint8_t {
    not_wanted,    ///< no rule names that source for that asset
    not_positive,  ///< a price or a band that is no number of dollars above zero, or beyond all
    late,          ///< older than what the source said before
    duplicate,     ///< the same again
    from_future    ///< published after it was received, beyond what clocks may differ
};
BOOST_DESCRIBE_ENUM(SetAside, not_wanted, not_positive, late, duplicate, from_future)
inline constexpr std::size_t kSetAsideKinds = 5;

/// How far clocks may differ.
inline constexpr DurationNs kFutureMax = seconds(2);

/// What each source said last of each asset, and the prices that follow. Not thread-safe.
class PriceBoard {
  public:
    explicit PriceBoard(std::vector<AssetRules> rules);

    /// Nothing when it was taken.
    std::optional<SetAside> observe(const Observation& seen);
    /// The price of an asset as of `now`; also feeds its average.
    [[nodiscard]] AssetPrice judge(std::size_t asset, TimestampNs now);
    [[nodiscard]] const std::vector<AssetRules>& rules() const { return rules_; }

  private:
    struct Asset {
        std::vector<std::optional<Observation>> newest;  ///< in the order of the rules
        TimeAverage average;
    };
    std::vector<AssetRules> rules_;
    std::vector<Asset> assets_;
};

}  // namespace astro::market

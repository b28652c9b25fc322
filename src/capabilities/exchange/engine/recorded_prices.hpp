#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/base/describe.hpp"

/// Prices that were, for the question what a venue would be if they came again: hourly closes of
/// three assets at the same hours, and a few crashes. Origin and licence: share/market/README.md.
namespace astro::exchange {

struct RecordedSeries {
    std::string asset;
    std::span<const std::int32_t> closes_cents;  ///< one an hour, all series at the same hours
    /// How it moves with BTC: covariance of hourly changes over BTC's variance, parts per million.
    std::int64_t beta_ppm = 0;
};
[[nodiscard]] const std::vector<RecordedSeries>& recorded_series();
/// Null when the asset was not recorded.
[[nodiscard]] inline const RecordedSeries* recorded_series_of(std::string_view asset) {
    const auto at = std::ranges::find(recorded_series(), asset, &RecordedSeries::asset);
    return at == recorded_series().end() ? nullptr : &*at;
}
/// Whose changes stand for those of an asset that was not recorded.
inline constexpr std::string_view kRecordedReference = "BTC";

struct RecordedWindow {
    std::string from, to;  ///< ISO 8601, of the first and the last close
    std::int64_t hours = 0;
};
BOOST_DESCRIBE_STRUCT(RecordedWindow, (), (from, to, hours))
[[nodiscard]] const RecordedWindow& recorded_window();

struct RecordedCrash {
    std::string name;  ///< its day
    std::string until;
    std::int64_t hours = 0;                                        ///< how long it took
    std::vector<std::pair<std::string, std::int64_t>> change_ppm;  ///< by asset, those recorded
};
[[nodiscard]] const std::vector<RecordedCrash>& recorded_crashes();

}  // namespace astro::exchange

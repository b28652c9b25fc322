#pragma once

#include <optional>
#include <vector>

#include "capabilities/market/engine/model.hpp"

/// One price out of several sources.
///
///   each source      good or not, by itself: is there, positive, young, sure of itself
///   fallback         the good ones of rank 0; when they are too few, those of rank 1 too; …
///   divergence       of three or more, who is too far from their median counts for nothing; two
///                    that are too far apart do not suffice, since nobody knows which is right
///   index            the weighted median of who is left
///   confidence       the greater of the median of their own, and of the median distance to the
///   index reference        the median of the good sources outside: those of that role, and spare
///   ones
///
/// A median needs half of the weight to be moved; a mean would follow any single liar.
namespace astro::market {

inline constexpr std::size_t kSourcesMax = 32;

/// `newest` has what each source of the rules said last, in their order. Pure: the order of sources
/// has no effect on the price.
[[nodiscard]] AssetPrice aggregate(const AssetRules& rules,
                                   const std::vector<std::optional<Observation>>& newest,
                                   TimestampNs now);

/// |a - b| in basis points of b, rounded up; b > 0.
[[nodiscard]] std::int64_t distance_bps(Price a, Price b);

}  // namespace astro::market

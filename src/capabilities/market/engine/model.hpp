#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/units.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/time.hpp"

/// What is said of prices, by whom, and what becomes of it. Prices are in the venue's unit: 1e-6 US
/// dollar for one whole unit of the asset.
namespace astro::market {

using exchange::Price;

/// What a price rests on, said plainly wherever it is shown. Worse is greater.
enum class PriceLabel : std::uint8_t { live, replay, synthetic };
BOOST_DESCRIBE_ENUM(PriceLabel, live, replay, synthetic)

/// One thing that a source has said of one asset.
struct Observation {
    std::string source{};  ///< "binance_spot"
    std::string asset{};   ///< "BTC"
    Price price{};
    Price confidence{};              ///< half width of the source's own band; 0: it names none
    std::optional<Price> average{};  ///< the source's own moving average
    TimestampNs published{}, received{};
    PriceLabel label = PriceLabel::live;
};
BOOST_DESCRIBE_STRUCT(Observation, (),
                      (source, asset, price, confidence, average, published, received, label))

enum class SourceRole : std::uint8_t {
    index,      ///< the median is made of it
    reference,  ///< the median is compared with it
    watched     ///< shown beside them; counts for nothing
};
BOOST_DESCRIBE_ENUM(SourceRole, index, reference, watched)

/// How a source is taken. Sources of rank 1 are asked only when too few of rank 0 are good, …
struct SourceRule {
    std::string source{};
    SourceRole role = SourceRole::index;
    std::int64_t rank = 0;
    std::int64_t weight = 1;  ///< in the median: 1..1,000,000
    std::int64_t age_ms_max = 10'000;
    std::int64_t confidence_bps_max = 100;  ///< of the price
};
BOOST_DESCRIBE_STRUCT(SourceRule, (), (source, role, rank, weight, age_ms_max, confidence_bps_max))

/// At most 32 sources.
struct AssetRules {
    std::string asset{};
    std::vector<SourceRule> sources{};
    std::int64_t sources_min = 2;       ///< fewer do not suffice
    std::int64_t divergence_bps = 200;  ///< a source further from the median counts for nothing
};
BOOST_DESCRIBE_STRUCT(AssetRules, (), (asset, sources, sources_min, divergence_bps))

/// What became of a source in one aggregation.
enum class SourceVerdict : std::uint8_t {
    used,          ///< the median is made of it
    reference,     ///< compared with only
    watched,       ///< good, and shown only
    spare,         ///< good, but enough of a better rank are
    absent,        ///< has said nothing yet
    not_positive,  ///< no price at all
    too_old,
    too_uncertain,
    divergent  ///< too far from what most others say
};
BOOST_DESCRIBE_ENUM(SourceVerdict, used, reference, watched, spare, absent, not_positive, too_old,
                    too_uncertain, divergent)

struct SourceView {
    std::string source{};
    SourceRole role = SourceRole::index;
    SourceVerdict verdict = SourceVerdict::absent;
    std::string why{};  ///< with the numbers, when it is not used for what its role is
    std::int64_t rank = 0, weight = 0;
    std::optional<Price> price{}, confidence{}, average{};
    std::optional<std::int64_t> age_ms{}, from_index_bps{};
    std::optional<PriceLabel> label{};
};
BOOST_DESCRIBE_STRUCT(SourceView, (),
                      (source, role, verdict, why, rank, weight, price, confidence, average, age_ms,
                       from_index_bps, label))

/// The price of an asset and how it came about.
struct AssetPrice {
    std::string asset{};
    Price index{};       ///< 0: there is none
    Price confidence{};  ///< half width: how sure the sources are, and how far apart they stand
    Price reference{};   ///< median of good sources that are not in the index; 0: none
    std::optional<Price> average{};  ///< of the index over five minutes, weighted by time
    TimestampNs published{};         ///< half of the sources used are at least that new
    TimestampNs time{};              ///< of the aggregation
    bool sources_suffice = false;
    PriceLabel label = PriceLabel::live;  ///< the worst of the sources used
    std::vector<SourceView> sources{};    ///< in the order of the rules
};
BOOST_DESCRIBE_STRUCT(AssetPrice, (),
                      (asset, index, confidence, reference, average, published, time,
                       sources_suffice, label, sources))

}  // namespace astro::market

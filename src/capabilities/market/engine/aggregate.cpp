#include "capabilities/market/engine/aggregate.hpp"

#include <algorithm>

#include "capabilities/exchange/engine/formulas/average.hpp"
#include "foundation/base/assert.hpp"

namespace astro::market {
namespace {

constexpr std::int64_t kBps = 10'000, kNsPerMs = 1'000'000;

using exchange::formulas::WeightedPrice;

std::int64_t age_of(const Observation& seen, TimestampNs now) {
    return std::max<std::int64_t>(0, (now - seen.published).value() / kNsPerMs);
}

/// What the source is worth by itself; `used` for a good one, whatever its role.
SourceVerdict judge_alone(const SourceRule& rule, const Observation& seen, TimestampNs now,
                          std::string& why) {
    if (seen.price <= Price{0} || seen.confidence < Price{0}) {
        why = "names no price above zero";
        return SourceVerdict::not_positive;
    }
    if (const auto age = age_of(seen, now); age > rule.age_ms_max) {
        why = "is " + std::to_string(age) + " ms old, " + std::to_string(rule.age_ms_max) +
              " ms are allowed";
        return SourceVerdict::too_old;
    }
    const Int128 band = static_cast<Int128>(seen.confidence.value()) * kBps;
    if (band > static_cast<Int128>(seen.price.value()) * rule.confidence_bps_max) {
        why = "is sure to " + to_text(seen.confidence) + " only, " +
              std::to_string(rule.confidence_bps_max) + " bps of its price are allowed";
        return SourceVerdict::too_uncertain;
    }
    return SourceVerdict::used;
}

SourceView view_of(const SourceRule& rule, const std::optional<Observation>& seen,
                   TimestampNs now) {
    SourceView view{.source = rule.source,
                    .role = rule.role,
                    .why = {},
                    .rank = rule.rank,
                    .weight = rule.weight};
    if (!seen) {
        view.why = "has said nothing yet";
        return view;
    }
    view.verdict = judge_alone(rule, *seen, now, view.why);
    view.price = seen->price;
    view.confidence = seen->confidence;
    view.average = seen->average;
    view.age_ms = age_of(*seen, now);
    view.label = seen->label;
    return view;
}

Price median_of(const std::vector<Price>& prices) {
    return exchange::formulas::median(prices);
}

/// Works on the views in place; each step narrows what is `used`.
class Aggregation {
  public:
    Aggregation(const AssetRules& rules, AssetPrice& out) : rules_(rules), views_(out.sources) {}

    /// The rank up to which sources are needed.
    void choose_by_rank() {
        std::vector<std::int64_t> ranks;
        for (auto& view : views_) {
            if (view.verdict != SourceVerdict::used) continue;
            if (view.role == SourceRole::index)
                ranks.push_back(view.rank);
            else
                view.verdict = view.role == SourceRole::reference ? SourceVerdict::reference
                                                                  : SourceVerdict::watched;
        }
        std::sort(ranks.begin(), ranks.end());
        const auto needed = static_cast<std::size_t>(std::max<std::int64_t>(1, rules_.sources_min));
        if (ranks.size() <= needed) return;
        for (auto& view : views_)
            if (view.verdict == SourceVerdict::used && view.rank > ranks[needed - 1]) {
                view.verdict = SourceVerdict::spare;
                view.why = "waits until too few of a better rank are good";
            }
    }

    /// True when those that are left agree.
    bool leave_out_divergent() {
        const auto prices = used_prices();
        if (prices.size() < 2) return true;
        const Price middle = median_of(prices);
        const auto is_far = [&](Price price) {
            return distance_bps(price, middle) > rules_.divergence_bps;
        };
        // The middle of two stands between them: they are apart by twice the distance to it.
        if (prices.size() == 2)
            return distance_bps(std::max(prices[0], prices[1]), std::min(prices[0], prices[1])) <=
                   rules_.divergence_bps;
        const auto far =
            static_cast<std::size_t>(std::count_if(prices.begin(), prices.end(), is_far));
        if (far * 2 >= prices.size()) return false;  // no majority: nobody can be called wrong
        for (auto& view : views_)
            if (view.verdict == SourceVerdict::used && is_far(*view.price)) {
                view.verdict = SourceVerdict::divergent;
                view.why = "is " + std::to_string(distance_bps(*view.price, middle)) +
                           " bps from the median " + to_text(middle) + ", " +
                           std::to_string(rules_.divergence_bps) + " are allowed";
            }
        return true;
    }

    [[nodiscard]] std::vector<Price> used_prices() const {
        return prices_where([](const SourceView& v) { return v.verdict == SourceVerdict::used; });
    }
    [[nodiscard]] std::vector<Price> outside_prices() const {
        return prices_where([](const SourceView& v) {
            return v.verdict == SourceVerdict::reference || v.verdict == SourceVerdict::spare;
        });
    }

  private:
    template <class Which>
    [[nodiscard]] std::vector<Price> prices_where(Which which) const {
        std::vector<Price> out;
        for (const auto& view : views_)
            if (which(view)) out.push_back(*view.price);
        return out;
    }

    const AssetRules& rules_;
    std::vector<SourceView>& views_;
};

Price index_of(const std::vector<SourceView>& views) {
    std::vector<WeightedPrice> weighted;
    for (const auto& view : views)
        if (view.verdict == SourceVerdict::used) weighted.push_back({*view.price, view.weight});
    return exchange::formulas::weighted_median(weighted);
}

Price confidence_of(const std::vector<SourceView>& views, Price index) {
    std::vector<Price> own, apart;
    for (const auto& view : views) {
        if (view.verdict != SourceVerdict::used) continue;
        own.push_back(*view.confidence);
        apart.push_back(*view.price > index ? *view.price - index : index - *view.price);
    }
    return std::max(median_of(own), median_of(apart));
}

/// Half of those used are at least that new.
TimestampNs published_of(const AssetPrice& price,
                         const std::vector<std::optional<Observation>>& newest) {
    std::vector<TimestampNs> times;
    for (std::size_t i = 0; i < price.sources.size(); ++i)
        if (price.sources[i].verdict == SourceVerdict::used)
            times.push_back(std::min(newest[i]->published, price.time));
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

}  // namespace

std::int64_t distance_bps(Price a, Price b) {
    ASTRO_ASSERT(b > Price{0});
    const Int128 apart = a > b ? (a - b).value() : (b - a).value();
    const Int128 bps = (apart * kBps + b.value() - 1) / b.value();
    return static_cast<std::int64_t>(std::min<Int128>(bps, INT64_MAX));
}

AssetPrice aggregate(const AssetRules& rules, const std::vector<std::optional<Observation>>& newest,
                     TimestampNs now) {
    ASTRO_ASSERT(newest.size() == rules.sources.size() && newest.size() <= kSourcesMax);
    AssetPrice out{.asset = rules.asset, .published = now, .time = now};
    for (std::size_t i = 0; i < newest.size(); ++i)
        out.sources.push_back(view_of(rules.sources[i], newest[i], now));
    Aggregation work(rules, out);
    work.choose_by_rank();
    const bool agree = work.leave_out_divergent();
    const std::size_t used = work.used_prices().size();
    if (const auto outside = work.outside_prices(); !outside.empty())
        out.reference = median_of(outside);
    if (used == 0) return out;
    out.index = index_of(out.sources);
    out.confidence = confidence_of(out.sources, out.index);
    out.published = published_of(out, newest);
    out.sources_suffice = agree && static_cast<std::int64_t>(used) >= rules.sources_min;
    for (auto& view : out.sources) {
        if (view.price && *view.price > Price{0})
            view.from_index_bps = distance_bps(*view.price, out.index);
        if (view.verdict == SourceVerdict::used) out.label = std::max(out.label, *view.label);
    }
    return out;
}

}  // namespace astro::market

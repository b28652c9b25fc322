#include "capabilities/market/engine/price_board.hpp"

namespace astro::market {

PriceBoard::PriceBoard(std::vector<AssetRules> rules) : rules_(std::move(rules)) {
    for (const auto& asset : rules_) {
        assets_.emplace_back();
        assets_.back().newest.resize(asset.sources.size());
    }
}

std::optional<SetAside> PriceBoard::observe(const Observation& seen) {
    if (seen.price <= Price{0} || seen.price > exchange::kPriceMax || seen.confidence < Price{0} ||
        seen.confidence > exchange::kPriceMax)
        return SetAside::not_positive;
    if (seen.published > seen.received + kFutureMax) return SetAside::from_future;
    bool wanted = false;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (rules_[i].asset != seen.asset) continue;
        for (std::size_t j = 0; j < rules_[i].sources.size(); ++j) {
            if (rules_[i].sources[j].source != seen.source) continue;
            auto& last = assets_[i].newest[j];
            if (last && seen.published < last->published) return SetAside::late;
            if (last && seen.published == last->published && seen.price == last->price &&
                seen.confidence == last->confidence)
                return SetAside::duplicate;
            last = seen;
            wanted = true;
        }
    }
    return wanted ? std::nullopt : std::optional(SetAside::not_wanted);
}

AssetPrice PriceBoard::judge(std::size_t asset, TimestampNs now) {
    AssetPrice price = aggregate(rules_[asset], assets_[asset].newest, now);
    TimeAverage& average = assets_[asset].average;
    average.set(
        price.index > Price{0} && price.sources_suffice ? std::optional(price.index) : std::nullopt,
        now);
    price.average = average.value(now);
    return price;
}

}  // namespace astro::market

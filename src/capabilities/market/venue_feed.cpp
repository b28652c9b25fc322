#include "capabilities/market/venue_feed.hpp"

namespace astro::market {
namespace {

using exchange::SetAssetPrice;
using exchange::SetIndexPrice;

constexpr DurationNs kLookUpEvery = seconds(5);  ///< markets are listed while the venue runs
constexpr std::int64_t kNsPerMs = 1'000'000;

}  // namespace

/// Markets and collaterals are only ever added, at the end.
void VenueFeed::look_up() {
    const TimestampNs now = clock_.monotonic();
    if (looked_up_ != TimestampNs{} && now - looked_up_ < kLookUpEvery) return;
    looked_up_ = now;
    venue_.read([this](const exchange::Venue& venue) {
        for (; markets_ < venue.markets().size(); ++markets_)
            targets_.emplace(venue.markets()[markets_].settings.base_asset,
                             Target{SetIndexPrice{.market = exchange::MarketId{
                                                      static_cast<std::uint16_t>(markets_)}}});
        for (; assets_ < venue.assets().size(); ++assets_)
            if (assets_ != exchange::kUsdc.value())
                targets_.emplace(venue.assets()[assets_].settings.symbol,
                                 Target{SetAssetPrice{.asset = exchange::AssetId{
                                                          static_cast<std::uint8_t>(assets_)}}});
    });
}

void VenueFeed::give(const AssetPrice& price) {
    if (price.index <= Price{0}) return;  // the venue sees by its age that there is none
    look_up();
    const auto [first, last] = targets_.equal_range(price.asset);
    for (auto at = first; at != last; ++at) {
        exchange::CommandBody command = at->second.command;
        if (auto* index = std::get_if<SetIndexPrice>(&command)) {
            index->index = price.index;
            index->confidence = price.confidence;
            index->reference = price.reference;
            index->published = exchange::TimeMs{price.published.value() / kNsPerMs};
            index->sources_suffice = price.sources_suffice;
        } else if (auto* collateral = std::get_if<SetAssetPrice>(&command)) {
            if (!price.sources_suffice) continue;  // a collateral's price has no guard of its own
            collateral->price = price.index;
        }
        submit(at->second, std::move(command));
    }
}

void VenueFeed::submit(Target& target, exchange::CommandBody command) {
    if (target.under_way->exchange(true)) return;
    const auto done = [state = state_,
                       under_way = target.under_way](const Result<exchange::Outcome>& outcome) {
        {
            const std::lock_guard lock(state->mutex);
            ++state->status.submitted;
            if (!outcome) {
                ++state->status.failed;
                state->status.detail = outcome.error().text();
            } else if (outcome->events && !outcome->events->empty()) {
                const auto* refused = std::get_if<exchange::Refused>(&outcome->events->front());
                if (refused != nullptr) {
                    ++state->status.refused;
                    state->status.detail = enum_name(refused->refusal.code);
                }
            }
        }
        under_way->store(false);
    };
    const auto taken = venue_.submit({.key = {}, .body = std::move(command)}, done);
    if (taken) return;
    target.under_way->store(false);
    const std::lock_guard lock(state_->mutex);
    ++state_->status.failed;
    state_->status.detail = taken.error().text();
}

}  // namespace astro::market

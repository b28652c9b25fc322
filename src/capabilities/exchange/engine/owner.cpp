#include "capabilities/exchange/engine/owner.hpp"

#include <algorithm>

namespace astro::exchange {
namespace {

constexpr std::int64_t kPpm = 1'000'000, kRing = kVolumeDays + 1;

/// What is left of `keep` after a discount, rounded up.
std::int64_t less(std::int64_t keep, std::int64_t discount_ppm) {
    return (keep * (kPpm - discount_ppm) + kPpm - 1) / kPpm;
}

}  // namespace

void VolumeDays::add(std::int64_t day, Quote volume) {
    for (std::int64_t gone = std::max(newest + 1, day - kRing + 1); gone <= day; ++gone)
        volumes[static_cast<std::size_t>(gone % kRing)] = Quote{0};
    newest = std::max(newest, day);
    if (day + kRing <= newest) return;  // nobody asks for it any more
    // A sum above every tier's counts the same: it cannot overflow.
    Quote& sum = volumes[static_cast<std::size_t>(day % kRing)];
    constexpr std::int64_t kMost = std::int64_t{1} << 57;
    sum = Quote{std::min(kMost, sum.value()) + std::min(kMost, volume.value())};
}

Quote VolumeDays::before(std::int64_t day) const {
    Quote out;
    for (std::int64_t d = std::max<std::int64_t>(day - kRing + 1, 0); d < day; ++d)
        if (d <= newest && d + kRing > newest) out += volumes[static_cast<std::size_t>(d % kRing)];
    return out;
}

std::int64_t Owner::builder_fee_max(AccountId builder) const {
    const auto found = std::ranges::find(builders, builder, &BuilderLimit::builder);
    return found == builders.end() ? 0 : found->fee_max_ppm;
}

FeeRates fee_rates(const VenueSettings& venue, const Owner& owner, std::int64_t day) {
    FeeRates out;
    std::int64_t keep = kPpm, maker_less = 0;
    const Quote volume = owner.volume.before(day);
    for (const auto& tier : venue.fee_tiers)
        if (volume >= tier.volume_min) {
            keep = kPpm - tier.taker_discount_ppm;
            maker_less = tier.maker_less_ppm;
        }
    std::int64_t discount = 0;
    for (const auto& tier : venue.stake_tiers)
        if (owner.staked >= tier.stake_min) discount = tier.taker_discount_ppm;
    keep = less(keep, discount);
    if (owner.referrer) {
        keep = less(keep, venue.referral_discount_ppm);
        out.referrer = owner.referrer->value();
    }
    out.taker_keep_ppm = static_cast<std::int32_t>(keep);
    out.maker_less_ppm = static_cast<std::int32_t>(maker_less);
    return out;
}

}  // namespace astro::exchange

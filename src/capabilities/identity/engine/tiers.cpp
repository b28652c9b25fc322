#include "capabilities/identity/engine/tiers.hpp"

namespace astro::identity {
namespace {

Result<void> check_range(std::string_view field, std::int64_t value, std::int64_t low,
                         std::int64_t high) {
    if (value < low || value > high)
        return refusal("bad_tier",
                       std::string(field) + " is from " + std::to_string(low) + " to " +
                           std::to_string(high) + ", not " + std::to_string(value),
                       std::string(field));
    return {};
}

}  // namespace

const std::vector<Tier>& default_tiers() {
    static const std::vector<Tier> tiers = {
        {"free", 120, 20'000, 2, 20, 7},
        {"pro", 1'200, 400'000, 20, 500, 365},
        {"institution", 12'000, 1'000'000, 200, 10'000, 3'650},
    };
    return tiers;
}

Result<void> check_tier(const Tier& tier) {
    if (tier.name.empty() || tier.name.size() > 32)
        return refusal("bad_tier", "a tier's name has 1 to 32 characters", "name");
    ASTRO_CHECK(check_range("requests_per_minute", tier.requests_per_minute, 1, 1'000'000));
    ASTRO_CHECK(check_range("requests_per_day", tier.requests_per_day, tier.requests_per_minute,
                            1'000'000));
    ASTRO_CHECK(check_range("websocket_connections", tier.websocket_connections, 0, 10'000));
    ASTRO_CHECK(check_range("subscriptions", tier.subscriptions, 0, 100'000));
    return check_range("history_days", tier.history_days, 0, 36'500);
}

}  // namespace astro::identity

#include "capabilities/identity/engine/tiers.hpp"

#include <algorithm>

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

bool is_name(std::string_view text) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && text.size() <= 32 && is_letter(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
           });
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
    if (!is_name(tier.name))
        return refusal("bad_tier",
                       "a tier's name is of a-z, 0-9, _ and -, begins with a letter and has at most "
                       "32 characters",
                       "name");
    ASTRO_CHECK(check_range("requests_per_minute", tier.requests_per_minute, 1, 1'000'000));
    ASTRO_CHECK(check_range("requests_per_day", tier.requests_per_day, tier.requests_per_minute,
                            1'000'000));
    ASTRO_CHECK(check_range("websocket_connections", tier.websocket_connections, 0, 10'000));
    ASTRO_CHECK(check_range("subscriptions", tier.subscriptions, 0, 100'000));
    return check_range("history_days", tier.history_days, 0, 36'500);
}

}  // namespace astro::identity

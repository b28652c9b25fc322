#include "capabilities/identity/tier_book.hpp"

#include <algorithm>

#include "capabilities/identity/rows.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kSelect =
    "SELECT name, requests_per_minute, requests_per_day, websocket_connections, subscriptions, "
    "history_days FROM identity_tiers ORDER BY name";

template <class Tiers>
auto find_in(Tiers& tiers, std::string_view name) {
    return std::find_if(tiers.begin(), tiers.end(), [&](const Tier& t) { return t.name == name; });
}

bool is_builtin(std::string_view name) {
    return find_in(default_tiers(), name) != default_tiers().end();
}

Tier to_tier(const store::Row& row) {
    return {store::to_string(row[0]), store::to_int(row[1]), store::to_int(row[2]),
            store::to_int(row[3]),    store::to_int(row[4]), store::to_int(row[5])};
}

std::map<std::string, std::string> detail_of(const Tier& tier) {
    return {{"requests_per_minute", std::to_string(tier.requests_per_minute)},
            {"requests_per_day", std::to_string(tier.requests_per_day)},
            {"websocket_connections", std::to_string(tier.websocket_connections)},
            {"subscriptions", std::to_string(tier.subscriptions)},
            {"history_days", std::to_string(tier.history_days)}};
}

Result<void> check_room(store::Writer& w, const std::string& name) {
    ASTRO_TRY(const auto others,
              w.query("SELECT COUNT(*) FROM identity_tiers WHERE name <> ?", {name}));
    if (store::to_int(others[0][0]) < static_cast<std::int64_t>(TierBook::kTiersMax)) return {};
    return conflict("too_many_tiers",
                    "at most " + std::to_string(TierBook::kTiersMax) + " tiers are kept");
}

Result<void> check_unused(store::Writer& w, const std::string& name) {
    ASTRO_TRY(const auto users,
              w.query("SELECT COUNT(*) FROM identity_users WHERE tier = ? AND status <> 'erased'",
                      {name}));
    const std::int64_t count = store::to_int(users[0][0]);
    if (count == 0) return {};
    return conflict("tier_in_use", std::to_string(count) + " accounts have it; give them another");
}

}  // namespace

Result<void> check_tier_known(store::Writer& w, const std::string& name) {
    if (is_builtin(name)) return {};
    ASTRO_TRY(const auto rows, w.query("SELECT 1 FROM identity_tiers WHERE name = ?", {name}));
    if (rows.empty()) return refusal("tier_unknown", "there is no such tier", name.substr(0, 32));
    return {};
}

TierBook::TierBook(Core& core) : core_(core), tiers_(default_tiers()) {}

Result<void> TierBook::load() {
    ASTRO_TRY(const auto rows, core_.around.store.query(kSelect));
    std::vector<Tier> tiers = default_tiers();
    for (const auto& row : rows) {
        Tier tier = to_tier(row);
        if (!check_tier(tier))
            return unavailable("store_corrupt", "a tier has numbers that were not written",
                               tier.name);
        if (const auto at = find_in(tiers, tier.name); at != tiers.end())
            *at = std::move(tier);
        else
            tiers.push_back(std::move(tier));
    }
    tiers_.set(std::move(tiers));
    return {};
}

Tier TierBook::of(std::string_view name) const {
    const auto tiers = all();
    const auto at = find_in(*tiers, name);
    return at == tiers->end() ? tiers->front() : *at;
}

Result<void> TierBook::put(const std::string& actor, const Tier& tier) {
    ASTRO_CHECK(check_tier(tier));
    const std::lock_guard lock(changes_);
    const auto done = core_.act(
        {"admin.tier_changed", actor, tier.name, detail_of(tier), {}, {}},
        [&](store::Writer& w) -> Result<void> {
            ASTRO_CHECK(check_room(w, tier.name));
            ASTRO_CHECK(w.execute("DELETE FROM identity_tiers WHERE name = ?", {tier.name}));
            ASTRO_CHECK(
                w.execute("INSERT INTO identity_tiers VALUES (?, ?, ?, ?, ?, ?)",
                          {tier.name, tier.requests_per_minute, tier.requests_per_day,
                           tier.websocket_connections, tier.subscriptions, tier.history_days}));
            return {};
        });
    ASTRO_CHECK(done);
    return load();
}

Result<void> TierBook::remove(const std::string& actor, const std::string& name) {
    const std::lock_guard lock(changes_);
    const auto done = core_.act(
        {"admin.tier_removed", actor, name, {}, {}, {}}, [&](store::Writer& w) -> Result<void> {
            if (is_builtin(name))
                return conflict("tier_builtin", "the server's own tiers stay; change their numbers",
                                name);
            ASTRO_CHECK(check_unused(w, name));
            ASTRO_TRY(const auto removed,
                      w.execute("DELETE FROM identity_tiers WHERE name = ?", {name}));
            if (removed == 0) return not_found("tier_unknown", "there is no such tier", name);
            return {};
        });
    ASTRO_CHECK(done);
    return load();
}

}  // namespace astro::identity

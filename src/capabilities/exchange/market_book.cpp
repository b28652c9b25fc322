#include "capabilities/exchange/market_book.hpp"

#include <algorithm>

#include "foundation/base/read_json.hpp"

namespace astro::exchange {
namespace {

Unexpected changed_since(std::int64_t in_force, std::int64_t read) {
    return conflict("market_changed",
                    "it has been changed since: version " + std::to_string(in_force) +
                        " is in force, not " + std::to_string(read),
                    "version");
}

Result<void> check_change(const MarketSettings& before, const MarketSettings& after) {
    if (before.version != after.version) return changed_since(before.version, after.version);
    if (before.tick_size != after.tick_size)
        return conflict("market_fixed", "orders are counted in it: " + to_text(before.tick_size),
                        "tick_size");
    if (before.lot_size != after.lot_size)
        return conflict("market_fixed", "positions are counted in it: " + to_text(before.lot_size),
                        "lot_size");
    return {};
}

/// As the venue judges it: who operates stops a market at once, and does nothing else without a
/// vote.
bool stops_only(MarketSettings before, const MarketSettings& after) {
    before.state = after.state;
    return (after.state == MarketState::halted || after.state == MarketState::reduce_only) &&
           are_equal(before, after);
}

Unexpected governed() {
    return forbidden("governed",
                     "governance binds: only a proposal changes a market, but for stopping it "
                     "(state halted or reduce_only, and nothing else); propose it by POST "
                     "/api/v1/governance/proposals");
}

}  // namespace

Result<std::vector<MarketSettings>> first_markets(store::Store& store) {
    ASTRO_TRY(const auto rows,
              store.query("SELECT settings FROM exchange_markets ORDER BY symbol"));
    std::vector<MarketSettings> out = default_markets();
    for (const auto& row : rows) {
        auto market = read_json<MarketSettings>(store::to_string(row[0]));
        if (!market || !check_market(*market))
            return unavailable("store_corrupt", "a market is stored that was not written");
        const auto own = std::ranges::find(out, market->symbol, &MarketSettings::symbol);
        if (own != out.end())
            *own = std::move(*market);
        else
            out.push_back(std::move(*market));
    }
    return out;
}

void MarketBook::attach(Service& service) {
    service_ = &service;
    service.read([this](const Venue& venue) { load(venue); });
}

void MarketBook::on_applied(const Applied& applied) {
    for (const auto& event : applied.events)
        if (std::holds_alternative<MarketSet>(event)) return load(applied.venue);
}

void MarketBook::load(const Venue& venue) {
    std::vector<MarketSettings> all;
    for (const auto& market : venue.markets()) all.push_back(market.settings);
    std::ranges::sort(all, {}, &MarketSettings::symbol);
    const std::lock_guard lock(mutex_);
    markets_ = std::make_shared<const std::vector<MarketSettings>>(std::move(all));
}

std::shared_ptr<const std::vector<MarketSettings>> MarketBook::all() const {
    const std::lock_guard lock(mutex_);
    return markets_;
}

Result<MarketSettings> MarketBook::put(const std::string& actor, MarketSettings market) {
    ASTRO_CHECK(check_market(market));
    const std::lock_guard lock(changes_);
    const auto known = all();
    const auto found = std::ranges::find(*known, market.symbol, &MarketSettings::symbol);
    const MarketSettings before = found == known->end() ? MarketSettings{} : *found;
    if (found != known->end()) {
        ASTRO_CHECK(check_change(before, market));
    } else if (market.version != 0) {
        return not_found("market_unknown", "there is no such market; a new one has version 0",
                         "version");
    } else if (known->size() >= kMarketsMax) {
        return conflict("too_many_markets",
                        "at most " + std::to_string(kMarketsMax) + " markets are kept");
    }
    bool binds = false;
    service_->read([&](const Venue& venue) { binds = venue.governance().settings().binds; });
    if (binds && !stops_only(before, market)) return governed();
    ++market.version;
    ASTRO_CHECK(audit_({.actor = actor,
                        .action = "exchange.market_changed",
                        .subject = market.symbol,
                        .detail = changed_members(before, market)}));
    ASTRO_TRY(const auto outcome,
              service_->run({.key = {}, .body = SetMarket{market, before.version}}));
    if (outcome.events->empty() || !std::holds_alternative<Refused>(outcome.events->back()))
        return market;
    // A vote of governance was faster, between the check and here.
    const Refusal& refused = std::get<Refused>(outcome.events->back()).refusal;
    if (refused.code == RefusalCode::market_changed)
        return changed_since(refused.needed, refused.available);
    if (refused.code == RefusalCode::governed) return governed();
    return refusal("bad_market", "the venue refused it: " + std::string(enum_name(refused.code)));
}

}  // namespace astro::exchange

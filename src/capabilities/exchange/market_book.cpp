#include "capabilities/exchange/market_book.hpp"

#include <algorithm>

#include "foundation/base/read_json.hpp"

namespace astro::exchange {
namespace {

using Fields = std::map<std::string, std::string>;

Fields fields_of(const MarketSettings& market) {
    Fields out;
    for_each_member(market, [&](std::string_view name, const auto& value) {
        out[std::string(name)] = to_json(value);
    });
    return out;
}

Fields difference(const MarketSettings& before, const MarketSettings& after) {
    const Fields old = fields_of(before);
    Fields out;
    for (auto& [name, value] : fields_of(after))
        if (const auto& was = old.at(name); was != value) out[name] = was + " -> " + value;
    return out;
}

Result<void> check_change(const MarketSettings& before, const MarketSettings& after) {
    if (before.version != after.version)
        return conflict("market_changed",
                        "it has been changed since: version " + std::to_string(before.version) +
                            " is in force, not " + std::to_string(after.version),
                        "version");
    if (before.tick_size != after.tick_size)
        return conflict("market_fixed", "orders are counted in it: " + to_text(before.tick_size),
                        "tick_size");
    if (before.lot_size != after.lot_size)
        return conflict("market_fixed", "positions are counted in it: " + to_text(before.lot_size),
                        "lot_size");
    return {};
}

}  // namespace

std::vector<store::Migration> migrations() {
    return {{"exchange", 1,
             "CREATE TABLE exchange_markets (symbol TEXT PRIMARY KEY, settings TEXT NOT NULL)"}};
}

Result<std::unique_ptr<MarketBook>> MarketBook::open(store::Store& store, AuditedWrite write) {
    std::unique_ptr<MarketBook> out(new MarketBook(store, std::move(write)));
    ASTRO_CHECK(out->load());
    return out;
}

Result<void> MarketBook::load() {
    ASTRO_TRY(const auto rows, store_.query("SELECT settings FROM exchange_markets"));
    std::map<std::string, MarketSettings> markets;
    for (const auto& market : default_markets()) markets[market.symbol] = market;
    for (const auto& row : rows) {
        auto market = read_json<MarketSettings>(store::to_string(row[0]));
        if (!market || !check_market(*market))
            return unavailable("store_corrupt", "a market is stored that was not written");
        markets[market->symbol] = std::move(*market);
    }
    std::vector<MarketSettings> all;
    for (auto& [symbol, market] : markets) all.push_back(std::move(market));
    const std::lock_guard lock(mutex_);
    markets_ = std::make_shared<const std::vector<MarketSettings>>(std::move(all));
    return {};
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
    ++market.version;
    const auto keep = [&](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(
            w.execute("INSERT INTO exchange_markets VALUES (?, ?) ON CONFLICT (symbol) DO "
                      "UPDATE SET settings = excluded.settings",
                      {market.symbol, to_json(market)}));
        return {};
    };
    ASTRO_CHECK(write_({actor, market.symbol, difference(before, market)}, keep));
    ASTRO_CHECK(load());
    return market;
}

}  // namespace astro::exchange

#include "capabilities/exchange/market_batch.hpp"

#include <algorithm>
#include <iterator>

namespace astro::exchange {
namespace {

template <class T>
void move_onto(std::vector<T>& to, std::vector<T>&& from) {
    if (to.empty())
        to = std::move(from);
    else
        to.insert(to.end(), std::make_move_iterator(from.begin()),
                  std::make_move_iterator(from.end()));
}

/// Sorts by key and keeps the last of each.
template <class T, class Key>
void keep_newest(std::vector<T>& items, Key key) {
    std::ranges::stable_sort(items, std::less<>(), key);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < items.size(); ++i)
        if (i + 1 == items.size() || key(items[i]) != key(items[i + 1])) items[kept++] = items[i];
    items.resize(kept);
}

}  // namespace

PriceNow price_now(const Venue& venue, MarketId id) {
    const Market& market = venue.markets()[id.value()];
    const PriceState& oracle = market.oracle;
    return {.market = id,
            .index = market.index,
            .mark = market.mark,
            .last = market.last,
            .confidence = oracle.confidence,
            .average = oracle.average_at == TimeMs{0} ? Price{0} : oracle.average.value(),
            .reference = oracle.reference,
            .published = oracle.published,
            .sources_suffice = oracle.sources_suffice,
            .verdict = oracle.verdict,
            .funding_rate = funding_rate(market.settings, market.funding),
            .funding_rate_last = market.funding.last_rate,
            .funding_at = market.funding.next_settlement,
            .open_interest = market.open_interest};
}

void MarketBatch::compact() {
    keep_newest(levels, [](const LevelNow& l) { return std::tuple(l.market, l.side, l.price); });
    keep_newest(prices, [](const PriceNow& p) { return p.market; });
}

void MarketBatch::append(MarketBatch&& later) {
    seq = later.seq;
    time = later.time;
    pools = later.pools;
    accounts = later.accounts;
    resting_orders = later.resting_orders;
    if (later.whole_books) levels.clear();
    whole_books |= later.whole_books;
    move_onto(settings, std::move(later.settings));
    move_onto(levels, std::move(later.levels));
    move_onto(prices, std::move(later.prices));
    move_onto(trades, std::move(later.trades));
    // Of what would trade only the newest counts.
    for (const auto& opening : later.openings)
        std::erase_if(openings, [&](const OpeningNow& known) {
            return known.market == opening.market &&
                   known.notice.change == MarketChangeKind::opening;
        });
    move_onto(openings, std::move(later.openings));
    move_onto(fundings, std::move(later.fundings));
    move_onto(liquidations, std::move(later.liquidations));
}

}  // namespace astro::exchange

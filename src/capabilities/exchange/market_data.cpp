#include "capabilities/exchange/market_data.hpp"

#include <algorithm>

#include "capabilities/exchange/average_price.hpp"
#include "capabilities/exchange/market_api.hpp"
#include "capabilities/exchange/market_book.hpp"
#include "capabilities/exchange/queries.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kTradesRead = 1'000, kPeriodsRead = 1'000, kLiquidationsRead = 500;

TradeNow to_trade(const TradeRecord& record) {
    return {.market = record.market,
            .trade = record.trade_id,
            .seq = Sequence{sequence_of(record.place)},
            .time = record.time,
            .price = record.price,
            .size = record.size,
            .side = record.taker_side,
            .liquidation = record.liquidation};
}

FundingPoint to_funding(const FundingRecord& record) {
    return {.market = {},
            .seq = Sequence{sequence_of(record.place)},
            .period_end = record.period_end,
            .rate = record.rate,
            .index = record.index_price,
            .per_base = record.per_base,
            .samples = record.samples};
}

/// From newest first to oldest first.
template <class Record, class Convert>
auto turned(const std::vector<Record>& records, Convert convert) {
    std::vector<decltype(convert(records.front()))> out;
    for (auto at = records.rbegin(); at != records.rend(); ++at) out.push_back(convert(*at));
    return out;
}

Result<MarketPast> load_market(store::Store& store, MarketId market) {
    constexpr TimeMs kEver{INT64_MAX};
    MarketPast out;
    for (std::size_t i = kCandleIntervals.size(); i-- > 0;) {
        ASTRO_TRY(out.candles[i], candles(store, i,
                                          {.market = market,
                                           .from = TimeMs{INT64_MIN},
                                           .to = kEver,
                                           .limit = std::int64_t{market::CandleBook::kKept}}));
        if (out.candles.back().empty()) return out;  // nobody has traded
    }
    ASTRO_TRY(const auto trades, trades_of_market(store, {.market = market, .limit = kTradesRead}));
    out.trades = turned(trades.items, to_trade);
    ASTRO_TRY(const auto fundings,
              funding_history(store, {.market = market, .limit = kPeriodsRead}));
    out.fundings = turned(fundings.items, to_funding);
    return out;
}

/// Of the steps that the public sees.
std::optional<LiquidationKind> kind_of(LiquidationStep step) {
    switch (step) {
        case LiquidationStep::closed:
            return LiquidationKind::liquidation;
        case LiquidationStep::collateral_sold:
            return LiquidationKind::collateral_sale;
        case LiquidationStep::deficit_covered:
            return LiquidationKind::deficit;
        case LiquidationStep::started:
        case LiquidationStep::ended:
            return std::nullopt;
    }
    return std::nullopt;
}

LiquidationNow to_liquidation(const LiquidationRecord& record, LiquidationKind kind) {
    LiquidationNow out{record.market, {.kind = kind, .time = record.time}};
    LiquidationNotice& notice = out.notice;
    notice.seq = Sequence{sequence_of(record.place)};
    notice.side = record.side;
    notice.mark = record.mark;
    notice.size = record.size;
    notice.value = record.value_quote;
    notice.fee = record.fee;
    if (kind == LiquidationKind::liquidation) {
        notice.price = average_price(*record.value_quote, *record.size);
        notice.collateral = record.collateral;
        notice.requirement = record.requirement;
    }
    notice.paid = record.paid;
    notice.uncovered = record.uncovered;
    return out;
}

LiquidationNow to_deleveraging(const DeleveragingRecord& record) {
    LiquidationNow out{record.market, {.kind = LiquidationKind::deleveraging, .time = record.time}};
    LiquidationNotice& notice = out.notice;
    notice.seq = Sequence{sequence_of(record.place)};
    notice.side = record.side;
    notice.price = record.price;
    notice.size = record.size;
    notice.value = Quote{static_cast<std::int64_t>(notional(record.price, record.size))};
    notice.rank = record.rank_bps;
    return out;
}

struct Placed {
    Place place{};
    LiquidationNow liquidation;
    std::optional<AssetId> sold{};
};

Result<std::vector<Placed>> load_liquidations(store::Store& store) {
    std::vector<Placed> out;
    ASTRO_TRY(const auto steps, liquidations(store, {.limit = kLiquidationsRead}));
    for (const auto& record : steps.items)
        if (const auto kind = kind_of(record.step))
            out.push_back({record.place, to_liquidation(record, *kind), record.asset});
    ASTRO_TRY(const auto others, deleveragings(store, {.limit = kLiquidationsRead}));
    for (const auto& record : others.items)
        out.push_back({record.place, to_deleveraging(record), {}});
    std::ranges::sort(out, std::less<>(), &Placed::place);
    return out;
}

}  // namespace

Result<std::unique_ptr<MarketData>> MarketData::open(Bus& bus, store::Store& store,
                                                     const Clock& clock,
                                                     const TapeOptions& options) {
    MarketTape::declare_streams(bus, clock.now());
    auto out = std::make_unique<MarketData>(bus, clock, options);
    ASTRO_CHECK(out->load(store));
    return out;
}

Result<void> MarketData::load(store::Store& store) {
    for (std::uint16_t i = 0; i < MarketBook::kMarketsMax; ++i) {
        ASTRO_TRY(auto past, load_market(store, MarketId{i}));
        pasts_.push_back(std::move(past));
    }
    ASTRO_TRY(auto placed, load_liquidations(store));
    for (auto& each : placed) {
        liquidations_.push_back(std::move(each.liquidation));
        sold_.push_back(each.sold);
    }
    return {};
}

void MarketData::begin(Service& service) {
    service.read([&](const Venue& venue) {
        feed_.start(venue, service.applied(), [&] { restore(venue); });
    });
}

void MarketData::restore(const Venue& venue) {
    const std::size_t count = std::min(pasts_.size(), venue.markets().size());
    for (std::size_t i = 0; i < count; ++i)
        tape_.restore(MarketId{static_cast<std::uint16_t>(i)}, pasts_[i]);
    std::vector<LiquidationNotice> notices;
    for (std::size_t i = 0; i < liquidations_.size(); ++i) {
        LiquidationNotice notice = std::move(liquidations_[i].notice);
        if (const auto market = liquidations_[i].market)
            notice.market = venue.markets()[market->value()].settings.symbol;
        if (sold_[i]) notice.asset = venue.assets()[sold_[i]->value()].settings.symbol;
        notices.push_back(std::move(notice));
    }
    tape_.restore_liquidations(notices);
    pasts_ = {};
    liquidations_ = {};
    sold_ = {};
}

std::vector<gateway::Route> MarketData::routes(Service& service) const {
    return market_routes(tape_, service);
}

std::vector<gateway::Channel> MarketData::channels() const {
    return market_channels(tape_);
}

}  // namespace astro::exchange

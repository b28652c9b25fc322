#include "server/dialects/binance/stream_text.hpp"

#include <algorithm>

#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"
#include "server/dialects/binance/stream_model.hpp"
#include "server/dialects/binance/tickers.hpp"

namespace astro::binance {
namespace {

using exchange::BookLevel;

constexpr JsonLimits kOwnLimits{.bytes_max = 4U << 20, .depth_max = 16, .items_max = 100'000};

std::int64_t ms(TimeMs time) {
    return static_cast<std::int64_t>(time.value());
}

std::vector<Level> levels_of(const std::vector<BookLevel>& from, std::size_t count) {
    std::vector<Level> out;
    for (std::size_t i = 0; i < std::min(count, from.size()); ++i)
        out.push_back({to_text(from[i].price), to_text(from[i].size)});
    return out;
}

DepthUpdate depth_update(const exchange::BookDelta& delta, const Listed& listed) {
    DepthUpdate out{.E = ms(delta.time), .T = ms(delta.time), .s = listed.symbol};
    out.pu = delta.prev_seq.value();
    out.U = out.pu + 1;
    out.u = delta.seq.value();
    out.b = levels_of(delta.bids, delta.bids.size());
    out.a = levels_of(delta.asks, delta.asks.size());
    return out;
}

template <class T>
std::string listed_text(const StreamName& name, const T& update) {
    return name.as_list ? "[" + to_json(update) + "]" : to_json(update);
}

TickerUpdate ticker_update(const Ticker24h& t) {
    TickerUpdate out{.E = t.closeTime, .s = t.symbol, .p = t.priceChange};
    out.P = t.priceChangePercent;
    out.w = t.weightedAvgPrice;
    out.c = t.lastPrice;
    out.Q = t.lastQty;
    out.o = t.openPrice;
    out.h = t.highPrice;
    out.l = t.lowPrice;
    out.v = t.volume;
    out.q = t.quoteVolume;
    out.O = t.openTime;
    out.C = t.closeTime;
    out.F = t.firstId;
    out.L = t.lastId;
    out.n = t.count;
    return out;
}

BookTickerUpdate book_ticker_update(const BookTicker& t) {
    BookTickerUpdate out{.u = t.lastUpdateId, .E = t.time, .T = t.time, .s = t.symbol};
    out.b = t.bidPrice;
    out.B = t.bidQty;
    out.a = t.askPrice;
    out.A = t.askQty;
    return out;
}

}  // namespace

std::string StreamTexts::market() const {
    for (const auto& [name, value] : event_.tags)
        if (name == "market") return value;
    return {};
}

std::optional<std::string> StreamTexts::of(const StreamName& name, const Listed& listed) const {
    if (event_.stream == exchange::kBookStream) return of_book(name, listed);
    if (event_.stream == exchange::kTradeStream) return of_trade(name, listed);
    if (event_.stream == exchange::kPriceStream) return of_price(name, listed);
    if (event_.stream == exchange::kCandleStream) return of_candle(name, listed);
    return of_liquidation(name, listed);
}

std::optional<std::string> StreamTexts::of_book(const StreamName& name,
                                                const Listed& listed) const {
    if (name.kind == StreamKind::book_ticker)
        return to_json(book_ticker_update(book_ticker(around_, listed)));
    if (name.kind != StreamKind::depth && name.kind != StreamKind::partial_depth)
        return std::nullopt;
    const auto delta = read_json<exchange::BookDelta>(event_.payload, kOwnLimits);
    if (!delta) return std::nullopt;
    DepthUpdate out = depth_update(*delta, listed);
    if (name.kind == StreamKind::partial_depth) {
        const auto book = around_.tape.book(listed.name);
        out.u = book->seq.value();
        out.b = levels_of(book->bids, name.levels);
        out.a = levels_of(book->asks, name.levels);
    }
    return to_json(out);
}

std::optional<std::string> StreamTexts::of_trade(const StreamName& name,
                                                 const Listed& listed) const {
    if (name.kind != StreamKind::trade && name.kind != StreamKind::aggregate_trade)
        return std::nullopt;
    const auto trade = read_json<exchange::PublicTrade>(event_.payload, kOwnLimits);
    if (!trade) return std::nullopt;
    const std::uint64_t id = trade->trade.value();
    const bool buyer_made = trade->side == Side::sell;
    if (name.kind == StreamKind::trade) {
        TradeUpdate out{.E = ms(trade->time), .T = ms(trade->time), .s = listed.symbol, .t = id};
        out.p = trade->price;
        out.q = trade->size;
        out.m = buyer_made;
        return to_json(out);
    }
    AggTradeUpdate out{.E = ms(trade->time), .s = listed.symbol, .a = id, .p = trade->price};
    out.q = trade->size;
    out.f = out.l = id;
    out.T = ms(trade->time);
    out.m = buyer_made;
    return to_json(out);
}

std::optional<std::string> StreamTexts::of_price(const StreamName& name,
                                                 const Listed& listed) const {
    const bool is_day = name.kind == StreamKind::ticker || name.kind == StreamKind::mini_ticker;
    if (!is_day && name.kind != StreamKind::mark_price) return std::nullopt;
    const auto ticker = read_json<exchange::Ticker>(event_.payload, kOwnLimits);
    if (!ticker) return std::nullopt;
    if (name.kind == StreamKind::mark_price) {
        MarkPriceUpdate out{.E = ms(ticker->time), .s = listed.symbol, .p = ticker->mark};
        out.i = out.P = ticker->index;
        out.r = ticker->funding_rate;
        out.T = ms(ticker->funding_at);
        return listed_text(name, out);
    }
    const TickerUpdate day = ticker_update(ticker_24h(around_, listed, *ticker));
    if (name.kind == StreamKind::ticker) return listed_text(name, day);
    MiniTickerUpdate out{.E = day.E, .s = day.s, .c = day.c, .o = day.o, .h = day.h, .l = day.l};
    out.v = day.v;
    out.q = day.q;
    return listed_text(name, out);
}

std::optional<std::string> StreamTexts::of_candle(const StreamName& name,
                                                  const Listed& listed) const {
    if (name.kind != StreamKind::kline || !event_.has_tag("interval", name.interval))
        return std::nullopt;
    const auto update = read_json<exchange::CandleUpdate>(event_.payload, kOwnLimits);
    if (!update) return std::nullopt;
    const market::Candle& c = update->candle;
    const auto& interval = market::kCandleIntervals[*market::find_interval(name.interval)];
    KlineUpdate out{.E = event_.time.value() / 1'000'000, .s = listed.symbol};
    out.k.t = ms(c.start);
    out.k.T = out.k.t + interval.length_ms - 1;
    out.k.s = listed.symbol;
    out.k.i = name.interval;
    out.k.f = c.first_trade.value();
    out.k.L = c.last_trade.value();
    out.k.o = c.open;
    out.k.c = c.close;
    out.k.h = c.high;
    out.k.l = c.low;
    out.k.v = c.volume;
    out.k.n = c.trades;
    out.k.x = update->closed;
    out.k.q = c.value;
    return to_json(out);
}

std::optional<std::string> StreamTexts::of_liquidation(const StreamName& name,
                                                       const Listed& listed) const {
    if (name.kind != StreamKind::force_order) return std::nullopt;
    const auto notice = read_json<exchange::LiquidationNotice>(event_.payload, kOwnLimits);
    if (!notice || notice->kind != exchange::LiquidationKind::liquidation || !notice->size)
        return std::nullopt;
    ForceOrderUpdate out{.E = ms(notice->time)};
    out.o.s = listed.symbol;
    out.o.S = notice->side == Side::buy ? "BUY" : "SELL";
    out.o.q = out.o.l = out.o.z = *notice->size;
    out.o.p = out.o.ap = notice->price.value_or(notice->mark.value_or(Price{}));
    out.o.T = out.E;
    return to_json(out);
}

}  // namespace astro::binance

#include "server/dialects/binance/tickers.hpp"

#include "capabilities/exchange/average_price.hpp"
#include "server/dialects/binance/exchange_info.hpp"

namespace astro::binance {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

}  // namespace

exchange::Ticker ticker_of(const Around& around, const Listed& listed) {
    return around.tape.market(listed.name)->ticker;
}

Ticker24h ticker_24h(const Around& around, const Listed& listed, const exchange::Ticker& ticker) {
    Ticker24h out{.symbol = listed.symbol};
    out.lastPrice = ticker.last;
    out.openPrice = ticker.open_24h;
    out.highPrice = ticker.high_24h;
    out.lowPrice = ticker.low_24h;
    out.priceChange = Price{ticker.last.value() - ticker.open_24h.value()};
    if (ticker.open_24h == Price{0}) out.priceChange = Price{0};
    out.priceChangePercent = decimal_text(ticker.change_24h_bps, 2);
    out.volume = ticker.volume_24h;
    out.quoteVolume = ticker.value_24h;
    out.weightedAvgPrice =
        exchange::average_price(ticker.value_24h, ticker.volume_24h).value_or(Price{});
    out.closeTime = ticker.time.value();
    out.openTime = out.closeTime - kDayMs;
    out.count = ticker.trades_24h;
    const auto newest = around.tape.trades(listed.name, {}, 1);
    if (newest && !newest->trades.empty()) {
        out.lastQty = newest->trades.front().size;
        out.lastId = newest->trades.front().trade.value();
    }
    return out;
}

BookTicker book_ticker(const Around& around, const Listed& listed) {
    const auto book = around.tape.book(listed.name);
    BookTicker out{.symbol = listed.symbol};
    if (!book->bids.empty()) {
        out.bidPrice = book->bids.front().price;
        out.bidQty = book->bids.front().size;
    }
    if (!book->asks.empty()) {
        out.askPrice = book->asks.front().price;
        out.askQty = book->asks.front().size;
    }
    out.time = book->time.value();
    out.lastUpdateId = book->seq.value();
    return out;
}

PremiumIndex premium_index(const Listed& listed, const exchange::Ticker& ticker) {
    return {listed.symbol,
            ticker.mark,
            ticker.index,
            ticker.index,
            ticker.funding_rate,
            fraction_text(listed.settings->funding_interest_ppm, 6),
            ticker.funding_at.value(),
            ticker.time.value()};
}

}  // namespace astro::binance

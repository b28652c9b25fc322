#include "capabilities/market/sources/exchange_text.hpp"

#include <algorithm>

#include "capabilities/market/sources/observe.hpp"
#include "capabilities/market/sources/source_text.hpp"
#include "capabilities/market/sources/text_entry.hpp"

namespace astro::market {
namespace {

using text::Entry;
using text::JsonValue;
using text::to_ms;

/// `contracts` of a dollar each, at `price`. Nothing for what does not fit.
std::optional<Base> dollars_to_base(Base contracts, Price price) {
    if (price <= Price{0}) return std::nullopt;
    // Contracts are read with nine decimals, dollars have six.
    const Int128 size = static_cast<Int128>(contracts.value()) * 1'000'000 / price.value();
    return size > INT64_MAX ? std::nullopt : std::optional(Base{static_cast<std::int64_t>(size)});
}

template <class T>
void add(ExchangeNews& news, std::vector<T>& list, std::optional<T> entry) {
    if (entry)
        list.push_back(std::move(*entry));
    else
        ++news.unreadable;
}

/// Snapshots come newest first from some, and the gate wants them as they came about.
void sort_trades(ExchangeNews& news) {
    std::ranges::stable_sort(news.trades, std::less<>(),
                             [](const ExchangeTrade& each) { return each.trade.seq; });
}

// ── Binance ─────────────────────────────────────────────────────────────────────────────────────

ExchangeQuote quote_of(const BookTicker& ticker) {
    constexpr std::int64_t kToBase = 10;  // 1e-8 to 1e-9
    const auto size = [](Quantity quantity) {
        return Base{std::min(quantity.value(), INT64_MAX / kToBase) * kToBase};
    };
    return {.symbol = ticker.symbol,
            .bid = ticker.bid,
            .ask = ticker.ask,
            .bid_size = size(ticker.bid_size),
            .ask_size = size(ticker.ask_size),
            .time = ticker.time};
}

Result<ExchangeNews> read_binance(solana::JsonDocument& document, std::string_view json) {
    ASTRO_TRY(const BinanceMessage message, parse_binance(document, json));
    ExchangeNews news{.source = source_name(message.venue)};
    news.recognised = !std::holds_alternative<OtherMessage>(message.body);
    if (const auto* ticker = std::get_if<BookTicker>(&message.body)) {
        news.quotes.push_back(quote_of(*ticker));
    } else if (const auto* trade = std::get_if<PublicTrade>(&message.body)) {
        const auto made = candle_trade_of(message.venue, *trade);
        add(news, news.trades,
            made ? std::optional(ExchangeTrade{trade->symbol, *made,
                                               trade->buyer_is_maker ? Side::sell : Side::buy})
                 : std::nullopt);
    }
    return news;
}

// ── Coinbase ────────────────────────────────────────────────────────────────────────────────────

std::optional<ExchangeQuote> coinbase_quote(JsonValue object) {
    Entry entry(object);
    ExchangeQuote out{.symbol = entry.symbol("product_id"),
                      .bid = entry.price("best_bid"),
                      .ask = entry.price("best_ask")};
    if (entry["best_bid_size"].present()) out.bid_size = entry.size("best_bid_size");
    if (entry["best_ask_size"].present()) out.ask_size = entry.size("best_ask_size");
    if (entry["time"].present()) out.time = entry.iso_time("time");
    return entry.whole() ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<ExchangeTrade> coinbase_trade(JsonValue object) {
    Entry entry(object);
    ExchangeTrade out{.symbol = entry.symbol("product_id"),
                      .trade = {.seq = entry.seq("trade_id"),
                                .time = to_ms(entry.iso_time("time")),
                                .price = entry.price("price"),
                                .size = entry.size("size")},
                      .side = entry.side("side") == Side::buy ? Side::sell : Side::buy};
    out.trade.value = trade_value(out.trade.price, out.trade.size);
    return entry.whole() ? std::optional(std::move(out)) : std::nullopt;
}

Result<ExchangeNews> read_coinbase(JsonValue root) {
    const auto type = text::word(text::member(root, "type"));
    if (!type) return refusal("bad_coinbase", "has no type", "type");
    ExchangeNews news{.source = "coinbase"};
    const bool is_trade = *type == "match" || *type == "last_match";
    news.recognised = is_trade || *type == "ticker";
    if (is_trade) add(news, news.trades, coinbase_trade(root));
    if (*type == "ticker") add(news, news.quotes, coinbase_quote(root));
    if (news.unreadable > 0)
        return refusal("bad_coinbase", "a member is missing or has the wrong form",
                       std::string(*type));
    if (*type == "error")
        news.complaint = text::words(text::member(root, "message"), text::member(root, "reason"));
    return news;
}

// ── Kraken ──────────────────────────────────────────────────────────────────────────────────────

std::optional<ExchangeQuote> kraken_quote(JsonValue object) {
    Entry entry(object);
    ExchangeQuote out{.symbol = entry.symbol("symbol"),
                      .bid = entry.price("bid"),
                      .ask = entry.price("ask"),
                      .bid_size = entry.size("bid_qty"),
                      .ask_size = entry.size("ask_qty")};
    if (entry["timestamp"].present()) out.time = entry.iso_time("timestamp");
    return entry.whole() ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<ExchangeTrade> kraken_trade(JsonValue object) {
    Entry entry(object);
    ExchangeTrade out{.symbol = entry.symbol("symbol"),
                      .trade = {.seq = entry.seq("trade_id"),
                                .time = to_ms(entry.iso_time("timestamp")),
                                .price = entry.price("price"),
                                .size = entry.size("qty")},
                      .side = entry.side("side")};
    out.trade.value = trade_value(out.trade.price, out.trade.size);
    return entry.whole() ? std::optional(std::move(out)) : std::nullopt;
}

Result<ExchangeNews> read_kraken(JsonValue root) {
    ExchangeNews news{.source = "kraken"};
    const auto channel = text::word(text::member(root, "channel"));
    if (!channel) {
        const JsonValue error = text::member(root, "error");
        if (!text::member(root, "method").present() && !error.present())
            return refusal("bad_kraken", "has neither a channel nor a method", "channel");
        news.complaint = text::words(error, {});
        return news;
    }
    const bool quotes = *channel == "ticker", trades = *channel == "trade";
    news.recognised = quotes || trades;
    if (!news.recognised) return news;
    const JsonValue data = text::member(root, "data");
    if (!data.present() || !data.is_array()) return refusal("bad_kraken", "needs a list", "data");
    std::size_t count = 0;
    for (const JsonValue each : data.items()) {
        if (++count > kEntriesMax) return refusal("bad_kraken", "too many entries", "data");
        if (quotes) add(news, news.quotes, kraken_quote(each));
        if (trades) add(news, news.trades, kraken_trade(each));
    }
    sort_trades(news);
    return news;
}

// ── Kraken futures ──────────────────────────────────────────────────────────────────────────────

bool is_in_dollars(std::string_view symbol) {
    return symbol.starts_with("PI_") || symbol.starts_with("FI_");
}

std::optional<ExchangeQuote> futures_quote(JsonValue object) {
    Entry entry(object);
    ExchangeQuote out{
        .symbol = entry.symbol("product_id"), .bid = entry.price("bid"), .ask = entry.price("ask")};
    // The lite form has neither sizes nor a time.
    if (entry["bid_size"].present()) out.bid_size = entry.size("bid_size");
    if (entry["ask_size"].present()) out.ask_size = entry.size("ask_size");
    if (entry["time"].present()) out.time = entry.time_ms("time");
    if (!entry.whole()) return std::nullopt;
    if (is_in_dollars(out.symbol) && !out.is_crossed()) {
        const auto bid = dollars_to_base(out.bid_size, out.bid),
                   ask = dollars_to_base(out.ask_size, out.ask);
        if (!bid || !ask) return std::nullopt;
        out.bid_size = *bid;
        out.ask_size = *ask;
    }
    return out;
}

std::optional<ExchangeTrade> futures_trade(JsonValue object) {
    Entry entry(object);
    ExchangeTrade out{.symbol = entry.symbol("product_id"),
                      .trade = {.seq = entry.seq("seq"),
                                .time = to_ms(entry.time_ms("time")),
                                .price = entry.price("price"),
                                .size = entry.size("qty")},
                      .side = entry.side("side")};
    if (!entry.whole()) return std::nullopt;
    CandleTrade& trade = out.trade;
    if (is_in_dollars(out.symbol)) {
        const auto size = dollars_to_base(trade.size, trade.price);
        if (!size) return std::nullopt;
        trade.value = Quote{trade.size.value() / 1'000};  // 1e-9 to 1e-6
        trade.size = *size;
    } else {
        trade.value = trade_value(trade.price, trade.size);
    }
    return out;
}

Result<ExchangeNews> read_futures(JsonValue root) {
    ExchangeNews news{.source = "kraken_futures"};
    const auto event = text::word(text::member(root, "event"));
    if (event) {
        if (*event == "error" || *event == "alert")
            news.complaint = text::words(text::member(root, "message"), {});
        return news;
    }
    const auto feed = text::word(text::member(root, "feed"));
    if (!feed) return refusal("bad_kraken", "has neither a feed nor an event", "feed");
    news.recognised = true;
    if (*feed == "ticker" || *feed == "ticker_lite")
        add(news, news.quotes, futures_quote(root));
    else if (*feed == "trade")
        add(news, news.trades, futures_trade(root));
    if (news.unreadable > 0)
        return refusal("bad_kraken", "a member is missing or has the wrong form",
                       std::string(*feed));
    if (*feed != "trade_snapshot") return news;
    std::size_t count = 0;
    const JsonValue trades = text::member(root, "trades");
    if (!trades.present() || !trades.is_array())
        return refusal("bad_kraken", "needs a list", "trades");
    for (const JsonValue each : trades.items()) {
        if (++count > kEntriesMax) return refusal("bad_kraken", "too many entries", "trades");
        add(news, news.trades, futures_trade(each));
    }
    sort_trades(news);
    return news;
}

std::string quoted_list(const std::vector<std::string>& symbols) {
    std::string out;
    for (const auto& symbol : symbols) out += (out.empty() ? "\"" : ",\"") + symbol + "\"";
    return "[" + out + "]";
}

}  // namespace

Result<ExchangeNews> read_exchange(ExchangeFormat format, solana::JsonDocument& document,
                                   std::string_view json) {
    if (format == ExchangeFormat::binance) return read_binance(document, json);
    ASTRO_TRY(const JsonValue root, document.load(json));
    if (format == ExchangeFormat::coinbase) return read_coinbase(root);
    return format == ExchangeFormat::kraken ? read_kraken(root) : read_futures(root);
}

Result<ExchangeNews> read_recorded(solana::JsonDocument& document, std::string_view json) {
    ASTRO_TRY(const JsonValue root, document.load(json));
    if (!text::word(text::member(root, "stream"))) {
        if (text::word(text::member(root, "channel"))) return read_kraken(root);
        if (text::word(text::member(root, "feed"))) return read_futures(root);
        if (text::word(text::member(root, "type"))) return read_coinbase(root);
    }
    return read_binance(document, json);
}

std::vector<std::string> subscriptions(ExchangeFormat format,
                                       const std::vector<std::string>& symbols) {
    const std::string list = quoted_list(symbols);
    switch (format) {
        case ExchangeFormat::binance:
            return {};  // the address names the streams
        case ExchangeFormat::coinbase:
            return {R"({"type":"subscribe","channels":["ticker","matches","heartbeat"],)"
                    R"("product_ids":)" +
                    list + "}"};
        case ExchangeFormat::kraken:
            return {R"({"method":"subscribe","params":{"channel":"ticker","event_trigger":"bbo",)"
                    R"("symbol":)" +
                        list + "}}",
                    R"({"method":"subscribe","params":{"channel":"trade","snapshot":true,)"
                    R"("symbol":)" +
                        list + "}}"};
        case ExchangeFormat::kraken_futures:
            break;
    }
    return {R"({"event":"subscribe","feed":"ticker","product_ids":)" + list + "}",
            R"({"event":"subscribe","feed":"trade","product_ids":)" + list + "}"};
}

}  // namespace astro::market

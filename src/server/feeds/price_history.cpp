#include "server/feeds/price_history.hpp"

#include <algorithm>
#include <charconv>

namespace astro::feeds {
namespace {

const std::string kCoinbase = "/coinbase", kKraken = "/kraken";
constexpr std::string_view kBinanceEnd = "/api/v3/historicalTrades";

std::uint64_t number(const net::Request& request, std::string_view name, std::uint64_t otherwise) {
    const auto text = request.query_value(name);
    std::uint64_t out = otherwise;
    if (text) (void)std::from_chars(text->data(), text->data() + text->size(), out);
    return out;
}

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

/// "BTC/USD" as "XBTUSD".
std::string pair_name(std::string symbol) {
    std::erase(symbol, '/');
    return symbol.starts_with("BTC") ? "XBT" + symbol.substr(3) : symbol;
}

std::string binance_text(const market::PublicTrade& trade) {
    return R"({"id":)" + std::to_string(trade.id) + R"(,"price":)" + quoted(to_text(trade.price)) +
           R"(,"qty":)" + quoted(to_text(trade.size)) + R"(,"time":)" +
           std::to_string(trade.time.value() / 1'000'000) + R"(,"isBuyerMaker":)" +
           (trade.buyer_is_maker ? "true" : "false") + R"(,"isBestMatch":true})";
}

std::string coinbase_text(const market::PublicTrade& trade) {
    return R"({"trade_id":)" + std::to_string(trade.id) + R"(,"side":)" +
           quoted(trade.buyer_is_maker ? "buy" : "sell") + R"(,"size":)" +
           quoted(to_text(trade.size)) + R"(,"price":)" + quoted(to_text(trade.price)) +
           R"(,"time":)" + quoted(to_iso8601(trade.time)) + "}";
}

std::string kraken_text(const market::PublicTrade& trade) {
    const std::string fraction = std::to_string(trade.time.value() % 1'000'000'000);
    return "[" + quoted(to_text(trade.price)) + "," + quoted(to_text(trade.size)) + "," +
           std::to_string(trade.time.value() / 1'000'000'000) + "." +
           std::string(9 - fraction.size(), '0') + fraction + "," +
           quoted(trade.buyer_is_maker ? "s" : "b") + R"(,"m","",)" + std::to_string(trade.id) +
           "]";
}

template <class Range, class Text>
std::string list_of(const Range& trades, std::size_t most, Text text) {
    std::string out;
    for (const auto& trade : trades) {
        if (most-- == 0) break;
        out += (out.empty() ? "" : ",") + text(trade);
    }
    return "[" + out + "]";
}

}  // namespace

void PriceHistory::note(const std::string& path, const std::string& symbol,
                        const market::PublicTrade& trade) {
    auto& kept = trades_[path + "/" + (path == kKraken ? pair_name(symbol) : symbol)];
    if (kept.size() == kKept) kept.pop_front();
    kept.push_back(trade);
}

const PriceHistory::Trades& PriceHistory::find(const std::string& path,
                                               std::string_view symbol) const {
    static const Trades kNone;
    const auto at = trades_.find(path + "/" + std::string(symbol));
    return at == trades_.end() ? kNone : at->second;
}

std::optional<std::string> PriceHistory::answer(const net::Request& request) const {
    const std::string_view path = request.path;
    const auto from = [](const Trades& trades, std::uint64_t id) {
        return std::ranges::lower_bound(trades, id, std::less<>(), &market::PublicTrade::id);
    };
    if (path.ends_with(kBinanceEnd)) {
        const auto& trades = find(std::string(path.substr(0, path.size() - kBinanceEnd.size())),
                                  request.query_value("symbol").value_or(""));
        return list_of(
            std::ranges::subrange(from(trades, number(request, "fromId", 0)), trades.end()),
            number(request, "limit", 500), binance_text);
    }
    constexpr std::string_view kProducts = "/coinbase/products/", kTrades = "/trades";
    if (path.starts_with(kProducts) && path.ends_with(kTrades)) {
        const auto& trades =
            find(kCoinbase,
                 path.substr(kProducts.size(), path.size() - kProducts.size() - kTrades.size()));
        const auto end = from(trades, number(request, "after", UINT64_MAX));
        return list_of(std::ranges::subrange(std::make_reverse_iterator(end), trades.rend()),
                       number(request, "limit", 1'000), coinbase_text);
    }
    if (path == "/kraken/0/public/Trades") {
        const auto pair = request.query_value("pair").value_or("");
        const auto& trades = find(kKraken, pair);
        const TimestampNs since{static_cast<std::int64_t>(number(request, "since", 0))};
        const auto begin =
            std::ranges::upper_bound(trades, since, std::less<>(), &market::PublicTrade::time);
        return R"({"error":[],"result":{)" + quoted(pair) + ":" +
               list_of(std::ranges::subrange(begin, trades.end()), number(request, "count", 1'000),
                       kraken_text) +
               R"(,"last":"0"}})";
    }
    return std::nullopt;
}

}  // namespace astro::feeds

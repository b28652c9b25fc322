#include "capabilities/market/sources/history_text.hpp"

#include <algorithm>
#include <array>

#include "capabilities/market/sources/observe.hpp"
#include "capabilities/market/sources/text_entry.hpp"

namespace astro::market {
namespace {

using text::Entry;
using text::JsonValue;

struct BinanceRoute {
    std::string_view source, path;
    BinanceVenue venue;
};
constexpr std::array kBinance{
    BinanceRoute{"binance_spot", "/api/v3/historicalTrades", BinanceVenue::spot},
    BinanceRoute{"binance_usdm", "/fapi/v1/historicalTrades", BinanceVenue::usd_m},
    BinanceRoute{"binance_coinm", "/dapi/v1/historicalTrades", BinanceVenue::coin_m}};

const BinanceRoute* binance_route(std::string_view source) {
    const auto at = std::ranges::find(kBinance, source, &BinanceRoute::source);
    return at == kBinance.end() ? nullptr : &*at;
}

/// "BTC/USD" as "XBTUSD", which is what the REST interface calls it.
std::string kraken_pair(std::string_view symbol) {
    std::string out(symbol.starts_with("BTC") ? "XBT" : symbol.substr(0, 3));
    for (const char c : symbol.substr(std::min<std::size_t>(3, symbol.size())))
        if (c != '/') out.push_back(c);
    return out;
}

std::optional<ExchangeTrade> binance_trade(const BinanceRoute& route, std::string_view symbol,
                                           JsonValue object) {
    Entry entry(object);
    PublicTrade trade{
        .symbol = std::string(symbol),
        .price = entry.price("price"),
        .id = entry.seq("id").value(),
        .buyer_is_maker = entry["isBuyerMaker"].present() && entry["isBuyerMaker"].is_true(),
        .time = entry.time_ms("time")};
    constexpr std::int64_t kToBase = 10;  // 1e-9 to 1e-8
    trade.size = Quantity{entry.size("qty").value() / kToBase};
    const auto made = candle_trade_of(route.venue, trade);
    if (!entry.whole() || !made) return std::nullopt;
    return ExchangeTrade{trade.symbol, *made, trade.buyer_is_maker ? Side::sell : Side::buy};
}

std::optional<ExchangeTrade> coinbase_trade(std::string_view symbol, JsonValue object) {
    Entry entry(object);
    ExchangeTrade out{.symbol = std::string(symbol),
                      .trade = {.seq = entry.seq("trade_id"),
                                .time = text::to_ms(entry.iso_time("time")),
                                .price = entry.price("price"),
                                .size = entry.size("size")},
                      .side = entry.side("side") == Side::buy ? Side::sell : Side::buy};
    out.trade.value = trade_value(out.trade.price, out.trade.size);
    return entry.whole() ? std::optional(std::move(out)) : std::nullopt;
}

/// [price, volume, seconds, "b" or "s", type, "", number]
std::optional<ExchangeTrade> kraken_trade(std::string_view symbol, JsonValue list) {
    std::array<JsonValue, 7> parts{};
    std::size_t count = 0;
    for (const JsonValue part : list.items())
        if (count < parts.size()) parts[count++] = part;
    if (count < parts.size()) return std::nullopt;
    const auto scaled = [](JsonValue value, int decimals) {
        const auto characters = text::digits(value);
        return characters ? parse_scaled(*characters, decimals) : std::nullopt;
    };
    const auto price = text::price(parts[0]);
    const auto size = scaled(parts[1], exchange::BaseTag::kDecimals), time = scaled(parts[2], 3);
    const auto side = text::word(parts[3]);
    const auto id = text::integer<std::uint64_t>(parts[6]);
    if (!price || !size || *size < 0 || !time || *time < 0 || !side || !id) return std::nullopt;
    CandleTrade trade{.seq = TradeSeq{*id},
                      .time = TimeMs{*time},
                      .price = *price,
                      .size = Base{*size},
                      .value = {}};
    trade.value = trade_value(trade.price, trade.size);
    return ExchangeTrade{std::string(symbol), trade, *side == "b" ? Side::buy : Side::sell};
}

/// The list of trades in Kraken's {"error":[],"result":{"XXBTZUSD":[…],"last":"…"}}.
Result<JsonValue> kraken_list(JsonValue root) {
    const JsonValue errors = text::member(root, "error"), result = text::member(root, "result");
    if (errors.present())
        for (const JsonValue error : errors.items())
            return refusal("bad_history", text::words(error, {}), "error");
    if (result.present())
        for (const auto field : result.fields())
            if (field.value.is_array()) return field.value;
    return refusal("bad_history", "has no list of trades", "result");
}

}  // namespace

bool has_history(std::string_view source) {
    return source == "coinbase" || source == "kraken" || binance_route(source) != nullptr;
}

std::string history_target(std::string_view source, std::string_view symbol,
                           const TradeGate::Gap& gap) {
    const std::string name(symbol), most = std::to_string(kHistoryPage);
    if (const auto* route = binance_route(source))
        return std::string(route->path) + "?symbol=" + name +
               "&fromId=" + std::to_string(gap.first) + "&limit=" + most;
    if (source == "coinbase")
        return "/products/" + name + "/trades?limit=" + most +
               "&after=" + std::to_string(gap.last + 1);
    // Trades behind this moment: those of the moment itself too.
    const std::int64_t since_ns = std::max<std::int64_t>(0, gap.from.value() * 1'000'000 - 1);
    return "/0/public/Trades?pair=" + kraken_pair(symbol) + "&since=" + std::to_string(since_ns) +
           "&count=" + most;
}

Result<std::vector<ExchangeTrade>> read_history(std::string_view source, std::string_view symbol,
                                                solana::JsonDocument& document,
                                                std::string_view json) {
    ASTRO_TRY(JsonValue list, document.load(json));
    const auto* route = binance_route(source);
    if (source == "kraken") {
        ASTRO_TRY(list, kraken_list(list));
    }
    if (!list.is_array()) return refusal("bad_history", "needs a list");
    std::vector<ExchangeTrade> out;
    for (const JsonValue each : list.items()) {
        auto trade = route != nullptr       ? binance_trade(*route, symbol, each)
                     : source == "coinbase" ? coinbase_trade(symbol, each)
                                            : kraken_trade(symbol, each);
        // One that cannot be read would count as one that is not there.
        if (!trade) return refusal("bad_history", "a trade has the wrong form");
        if (out.size() == kHistoryPage) return refusal("bad_history", "more than was asked for");
        out.push_back(std::move(*trade));
    }
    std::ranges::stable_sort(out, std::less<>(), [](const auto& each) { return each.trade.seq; });
    return out;
}

Covered covered(std::string_view source, const TradeGate::Gap& gap,
                const std::vector<ExchangeTrade>& trades) {
    if (trades.size() < kHistoryPage) return {gap.first, gap.last};
    const std::uint64_t oldest = trades.front().trade.seq.value(),
                        newest = trades.back().trade.seq.value();
    if (source == "coinbase") return {std::max(gap.first, oldest), gap.last};
    // An answer that ends before the gap begins leads no further.
    if (newest < gap.first) return {gap.first, gap.last};
    return {gap.first, std::min(gap.last, newest)};
}

}  // namespace astro::market

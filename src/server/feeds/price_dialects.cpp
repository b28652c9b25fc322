#include "server/feeds/price_dialects.hpp"

#include "capabilities/market/sources/text_members.hpp"

namespace astro::feeds {
namespace {

using market::text::JsonValue;

/// "name":"value", or without quotes around the value.
std::string member(std::string_view name, const std::string& value, bool quoted) {
    const std::string mark = quoted ? "\"" : "";
    return "\"" + std::string(name) + "\":" + mark + value + mark;
}

}  // namespace

std::string ticker_text(OtherFormat format, std::string_view symbol,
                        const market::BookTicker& ticker, TimestampNs now) {
    const bool coinbase = format == OtherFormat::coinbase;
    const auto number = [&](std::string_view name, const std::string& value) {
        return member(name, value, coinbase) + ",";
    };
    if (coinbase)
        return R"({"type":"ticker",)" + number("best_bid", to_text(ticker.bid)) +
               number("best_bid_size", to_text(ticker.bid_size)) +
               number("best_ask", to_text(ticker.ask)) +
               number("best_ask_size", to_text(ticker.ask_size)) +
               member("product_id", std::string(symbol), true) + "," +
               member("time", to_iso8601(now), true) + "}";
    return R"({"channel":"ticker","type":"update","data":[{)" + number("bid", to_text(ticker.bid)) +
           number("bid_qty", to_text(ticker.bid_size)) + number("ask", to_text(ticker.ask)) +
           number("ask_qty", to_text(ticker.ask_size)) +
           member("symbol", std::string(symbol), true) + "," +
           member("timestamp", to_iso8601(now), true) + "}]}";
}

std::string trade_text(OtherFormat format, std::string_view symbol,
                       const market::PublicTrade& trade) {
    const std::string id = std::to_string(trade.id), name(symbol);
    if (format == OtherFormat::coinbase)
        return R"({"type":"match",)" + member("trade_id", id, false) + "," +
               member("side", trade.buyer_is_maker ? "buy" : "sell", true) + "," +
               member("size", to_text(trade.size), true) + "," +
               member("price", to_text(trade.price), true) + "," +
               member("product_id", name, true) + "," +
               member("time", to_iso8601(trade.time), true) + "}";
    return R"({"channel":"trade","type":"update","data":[{)" + member("symbol", name, true) + "," +
           member("side", trade.buyer_is_maker ? "sell" : "buy", true) + "," +
           member("price", to_text(trade.price), false) + "," +
           member("qty", to_text(trade.size), false) + "," + member("trade_id", id, false) + "," +
           member("timestamp", to_iso8601(trade.time), true) + "}]}";
}

std::vector<std::string> subscribed_symbols(market::JsonDocument& document, std::string_view text) {
    using market::text::member;
    const auto root = document.load(text);
    if (!root) return {};
    JsonValue list = member(*root, "product_ids");
    if (!list.present()) list = member(member(*root, "params"), "symbol");
    std::vector<std::string> out;
    if (!list.present()) return out;
    for (const JsonValue each : list.items())
        if (const auto symbol = market::text::word(each)) out.emplace_back(*symbol);
    return out;
}

}  // namespace astro::feeds

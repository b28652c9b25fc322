#include "server/dialects/fix/market_data.hpp"

#include <algorithm>

namespace astro::fix {
namespace {

using exchange::Base;
using exchange::BookLevel;
using exchange::Price;
using exchange::PublicTrade;
using Levels = std::vector<BookLevel>;

constexpr char kBid = '0', kAsk = '1', kTraded = '2';
constexpr char kNew = '0', kChange = '1', kDelete = '2';
constexpr std::size_t kTradesInSnapshot = 20, kTradesAtOnce = 1'000;

std::vector<MarketMessage> refused(const Fields& fields, char reason, std::string_view why) {
    Body body;
    body.put(tag::kMdReqId, fields.text(tag::kMdReqId))
        .put(tag::kMdReqRejReason, reason)
        .put(tag::kText, why);
    return {{"Y", body.take()}};
}

Levels first(const Levels& levels, std::size_t count) {
    return {levels.begin(),
            levels.begin() + static_cast<std::ptrdiff_t>(std::min(count, levels.size()))};
}

/// The entries of a message, which are counted before they are written.
class Entries {
  public:
    explicit Entries(std::string market) : market_(std::move(market)) {}

    void level(std::optional<char> action, char side, const BookLevel& level) {
        begin(action, side);
        body_.put(tag::kMdEntryPx, to_text(level.price));
        if (action != kDelete) body_.put(tag::kMdEntrySize, to_text(level.size));
    }
    void trade(std::optional<char> action, const PublicTrade& trade) {
        begin(action, kTraded);
        const std::string time = utc_text(trade.time);
        body_.put(tag::kMdEntryId, std::to_string(trade.trade.value()))
            .put(tag::kMdEntryPx, to_text(trade.price))
            .put(tag::kMdEntrySize, to_text(trade.size))
            .put(tag::kMdEntryDate, time.substr(0, 8))
            .put(tag::kMdEntryTime, time.substr(9))
            .put(tag::kAggressorSide, trade.side == exchange::Side::buy ? '1' : '2');
    }
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::string take() { return body_.take(); }

  private:
    void begin(std::optional<char> action, char type) {
        ++count_;
        if (action) body_.put(tag::kMdUpdateAction, *action);
        body_.put(tag::kMdEntryType, type);
        if (action) body_.put(tag::kSymbol, market_);
    }
    const std::string market_;
    Body body_;
    std::size_t count_ = 0;
};

/// What leads from one side of a book to another; both best first.
void put_difference(Entries& out, char side, const Levels& from, const Levels& to) {
    const auto better = [side](Price a, Price b) { return side == kBid ? a > b : a < b; };
    auto old = from.begin();
    auto now = to.begin();
    while (old != from.end() || now != to.end()) {
        if (now == to.end() || (old != from.end() && better(old->price, now->price))) {
            out.level(kDelete, side, *old++);
        } else if (old == from.end() || better(now->price, old->price)) {
            out.level(kNew, side, *now++);
        } else {
            if (old->size != now->size) out.level(kChange, side, *now);
            ++old;
            ++now;
        }
    }
}

}  // namespace

std::vector<PublicTrade> MarketDataFeed::new_trades(const std::string& market, Line& line) const {
    auto list = tape_.trades(market, std::nullopt, kTradesAtOnce);
    if (!list || list->trades.empty()) return {};
    std::erase_if(list->trades, [&](const auto& trade) { return trade.trade <= line.last_trade; });
    std::ranges::reverse(list->trades);
    if (!list->trades.empty()) line.last_trade = list->trades.back().trade;
    return std::move(list->trades);
}

std::string MarketDataFeed::snapshot(const std::string& id, const Request& request,
                                     const std::string& market, Line& line) const {
    const auto book = tape_.book(market);
    line.bids = book ? first(book->bids, request.depth) : Levels{};
    line.asks = book ? first(book->asks, request.depth) : Levels{};
    Entries entries(market);
    if (request.bids)
        for (const auto& level : line.bids) entries.level({}, kBid, level);
    if (request.asks)
        for (const auto& level : line.asks) entries.level({}, kAsk, level);
    if (request.trades) {
        const auto trades = new_trades(market, line);
        const std::size_t from = trades.size() - std::min(trades.size(), kTradesInSnapshot);
        for (std::size_t i = from; i < trades.size(); ++i) entries.trade({}, trades[i]);
    }
    Body body;
    body.put(tag::kSymbol, market).put(tag::kMdReqId, id);
    body.put(tag::kNoMdEntries, static_cast<std::int64_t>(entries.count()));
    return body.take() + entries.take();
}

std::string MarketDataFeed::difference(const std::string& id, const Request& request,
                                       const std::string& market, Line& line) const {
    Entries entries(market);
    if (const auto book = tape_.book(market); book && (request.bids || request.asks)) {
        Levels bids = first(book->bids, request.depth), asks = first(book->asks, request.depth);
        if (request.bids) put_difference(entries, kBid, line.bids, bids);
        if (request.asks) put_difference(entries, kAsk, line.asks, asks);
        line.bids = std::move(bids);
        line.asks = std::move(asks);
    }
    if (request.trades)
        for (const auto& trade : new_trades(market, line)) entries.trade(kNew, trade);
    if (entries.count() == 0) return {};
    Body body;
    body.put(tag::kMdReqId, id);
    body.put(tag::kNoMdEntries, static_cast<std::int64_t>(entries.count()));
    return body.take() + entries.take();
}

std::vector<MarketMessage> MarketDataFeed::request(const Fields& fields) {
    const std::string id(fields.text(tag::kMdReqId));
    if (fields.is(tag::kSubscription, "2")) {
        if (requests_.erase(id) == 0)
            return refused(fields, '1', "nothing is followed under this MDReqID");
        return {};
    }
    if (requests_.contains(id)) return refused(fields, '1', "this MDReqID is in use");
    const auto depth = fields.number(tag::kMarketDepth).value_or(-1);
    if (depth < 0 || depth > kDepthMax)
        return refused(fields, '5', "MarketDepth is 0 (1000 levels) to 1000");
    Request request;
    request.depth = static_cast<std::size_t>(depth == 0 ? kDepthMax : depth);
    request.incremental = fields.is(tag::kMdUpdateType, "1") || !fields.find(tag::kMdUpdateType);
    for (const auto type : fields.all(tag::kMdEntryType)) {
        if (type != "0" && type != "1" && type != "2")
            return refused(fields, '8', "MDEntryType is 0 (bid), 1 (offer) or 2 (trade)");
        (type == "0" ? request.bids : type == "1" ? request.asks : request.trades) = true;
    }
    std::size_t followed = 0;
    for (const auto& [other, known] : requests_) followed += known.lines.size();
    const auto known = tape_.symbols();
    for (const auto symbol : fields.all(tag::kSymbol)) {
        if (std::ranges::find(known, symbol) == known.end())
            return refused(fields, '0', "there is no market " + std::string(symbol.substr(0, 40)));
        request.lines[std::string(symbol)];
    }
    if (followed + request.lines.size() > kSubscriptionsMax)
        return refused(fields, '3', "a session follows at most 50 markets");
    std::vector<MarketMessage> out;
    for (auto& [market, line] : request.lines)
        out.push_back({"W", snapshot(id, request, market, line)});
    if (fields.is(tag::kSubscription, "1")) requests_.emplace(id, std::move(request));
    return out;
}

std::vector<MarketMessage> MarketDataFeed::changes(const std::string& market) {
    std::vector<MarketMessage> out;
    for (auto& [id, request] : requests_) {
        const auto line = request.lines.find(market);
        if (line == request.lines.end()) continue;
        Line now = line->second;
        std::string changes = difference(id, request, market, now);
        if (changes.empty()) continue;
        // The whole of it again, for who asked so.
        if (!request.incremental) {
            out.push_back({"W", snapshot(id, request, market, line->second)});
            continue;
        }
        line->second = std::move(now);
        out.push_back({"X", std::move(changes)});
    }
    return out;
}

}  // namespace astro::fix

#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "capabilities/exchange/market_tape.hpp"
#include "server/dialects/fix/fields.hpp"

/// MarketDataRequest and what follows it: snapshots (W), then what differs from what was told (X).
namespace astro::fix {

inline constexpr int kDepthMax = 1'000;
inline constexpr std::size_t kSubscriptionsMax = 50;  ///< markets of requests, of one session

/// A message for one session.
struct MarketMessage {
    std::string type, body;
};

/// The market data that one session follows. Each change is what the book is now against what was
/// told, so that a slow reader gets fewer and larger ones, and never a wrong one. Not thread-safe.
class MarketDataFeed {
  public:
    explicit MarketDataFeed(const exchange::MarketTape& tape) : tape_(tape) {}

    /// A request's answer.
    std::vector<MarketMessage> request(const Fields& fields);
    /// What has changed of a market.
    std::vector<MarketMessage> changes(const std::string& market);
    [[nodiscard]] bool empty() const { return requests_.empty(); }
    void clear() { requests_.clear(); }

  private:
    struct Line {
        std::vector<exchange::BookLevel> bids, asks;  ///< as told
        exchange::TradeId last_trade{};
    };
    struct Request {
        std::size_t depth = 0;
        bool bids = false, asks = false, trades = false;
        bool incremental = true;
        std::map<std::string, Line> lines{};  ///< by market
    };
    [[nodiscard]] std::string snapshot(const std::string& id, const Request& request,
                                       const std::string& market, Line& line) const;
    [[nodiscard]] std::string difference(const std::string& id, const Request& request,
                                         const std::string& market, Line& line) const;
    /// Those after the last that was told, oldest first.
    [[nodiscard]] std::vector<exchange::PublicTrade> new_trades(const std::string& market,
                                                                Line& line) const;

    const exchange::MarketTape& tape_;
    std::map<std::string, Request> requests_;  ///< by MDReqID
};

}  // namespace astro::fix

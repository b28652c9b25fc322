#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/market_settings.hpp"
#include "foundation/store/store.hpp"

namespace astro::exchange {

[[nodiscard]] std::vector<store::Migration> migrations();

struct MarketChange {
    std::string actor;
    std::string symbol;
    std::map<std::string, std::string> detail;  ///< each field that changes: "from -> to"
};
/// Runs the work in a transaction together with the audit entry of the change.
using AuditedWrite = std::function<Result<void>(
    const MarketChange& change, const std::function<Result<void>(store::Writer&)>& work)>;

/// The settings of all markets, in the store; the server's own ones until somebody changes them.
/// Thread-safe.
class MarketBook {
  public:
    static constexpr std::size_t kMarketsMax = 200;

    /// The store, migrated, outlives it. "store_corrupt"
    static Result<std::unique_ptr<MarketBook>> open(store::Store& store, AuditedWrite write);

    /// By symbol.
    [[nodiscard]] std::shared_ptr<const std::vector<MarketSettings>> all() const;
    /// Changes a market, or lists a new one (version 0). `market.version` is the one that was read;
    /// the answer has the next. "bad_market", "market_changed" when somebody was faster,
    /// "market_fixed" for what orders and positions are counted in, "too_many_markets".
    Result<MarketSettings> put(const std::string& actor, MarketSettings market);

  private:
    MarketBook(store::Store& store, AuditedWrite write) : store_(store), write_(std::move(write)) {}
    Result<void> load();

    store::Store& store_;
    const AuditedWrite write_;
    std::mutex changes_;  ///< over a change and what it does to `markets_`
    mutable std::mutex mutex_;
    std::shared_ptr<const std::vector<MarketSettings>> markets_;
};

}  // namespace astro::exchange

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "capabilities/exchange/audit.hpp"
#include "capabilities/exchange/service.hpp"
#include "foundation/store/store.hpp"

namespace astro::exchange {

/// What markets a new venue begins with: the server's own, and those that an earlier version of it
/// kept in the store. "store_corrupt"
[[nodiscard]] Result<std::vector<MarketSettings>> first_markets(store::Store& store);

/// The settings of all markets as the venue has them, and changing them by commands. Thread-safe.
class MarketBook final : public Listener {
  public:
    static constexpr std::size_t kMarketsMax = 200;

    explicit MarketBook(Audit audit) : audit_(std::move(audit)) {}
    /// From here on there are markets; `service`, which tells this of what it applies, outlives it.
    void attach(Service& service);

    void on_applied(const Applied& applied) override;
    void on_group_end(const Venue&) override {}

    /// By symbol.
    [[nodiscard]] std::shared_ptr<const std::vector<MarketSettings>> all() const;
    /// Changes a market, or lists a new one (version 0). `market.version` is the one that was read;
    /// the answer has the next. "bad_market", "market_changed" when somebody was faster,
    /// "market_fixed" for what orders and positions are counted in, "too_many_markets", and what
    /// the service refuses. Waits for the journal.
    Result<MarketSettings> put(const std::string& actor, MarketSettings market);

  private:
    void load(const Venue& venue);

    const Audit audit_;
    Service* service_ = nullptr;
    std::mutex changes_;  ///< one after the other
    mutable std::mutex mutex_;
    std::shared_ptr<const std::vector<MarketSettings>> markets_ =
        std::make_shared<const std::vector<MarketSettings>>();
};

}  // namespace astro::exchange

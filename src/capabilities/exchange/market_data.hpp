#pragma once

#include "capabilities/exchange/market_feed.hpp"
#include "capabilities/exchange/market_tape.hpp"
#include "foundation/store/store.hpp"
#include "server/gateway/route.hpp"

namespace astro::exchange {

/// The venue's public data as a part of the program: goes between the store, the venue and the bus.
class MarketData {
  public:
    /// Declares the streams and reads what earlier runs have stored: before the venue is opened,
    /// which tells again what is not stored. All outlive it.
    [[nodiscard]] static Result<std::unique_ptr<MarketData>> open(Bus& bus, store::Store& store,
                                                                  const Clock& clock,
                                                                  const TapeOptions& options);
    MarketData(Bus& bus, const Clock& clock, const TapeOptions& options)
        : tape_(bus, options), feed_(tape_, clock) {}

    /// What the venue's service tells of what it applies.
    [[nodiscard]] Listener& listener() { return feed_; }
    /// Once the venue runs: from here on all is told.
    void begin(Service& service);
    /// `service` outlives them.
    [[nodiscard]] std::vector<gateway::Route> routes(Service& service) const;
    [[nodiscard]] std::vector<gateway::Channel> channels() const;
    [[nodiscard]] const MarketTape& tape() const { return tape_; }
    /// Returns when all that was heard has been told.
    void flush() { feed_.flush(); }
    /// After the venue. Idempotent.
    void stop() { feed_.stop(); }

  private:
    Result<void> load(store::Store& store);
    void restore(const Venue& venue);

    MarketTape tape_;
    MarketFeed feed_;
    std::vector<MarketPast> pasts_;  ///< by market
    std::vector<LiquidationNow> liquidations_;
    std::vector<std::optional<AssetId>> sold_;  ///< beside `liquidations_`
};

}  // namespace astro::exchange

#pragma once

#include <memory>
#include <vector>

#include "server/dialects/binance/around.hpp"
#include "server/dialects/binance/listen_keys.hpp"
#include "server/dialects/binance/order_memory.hpp"
#include "server/dialects/binance/stream_hub.hpp"
#include "server/gateway/metrics.hpp"

namespace astro::binance {

/// Binance's USD-M futures API over the venue: its routes, its streams (docs/binance.md). Made
/// before the venue's service, so that it hears all of it.
class Module {
  public:
    explicit Module(const Clock& clock) : keys_(clock) {}

    /// What the venue's service tells of what it applies.
    [[nodiscard]] exchange::Listener& listener() { return orders_; }
    /// From here on there are routes and streams; all outlive it.
    void attach(const Around& around, Bus& bus);
    [[nodiscard]] std::vector<gateway::Route> routes();
    [[nodiscard]] gateway::Endpoint endpoint() { return streams_->endpoint(); }
    static void declare(gateway::Metrics& metrics);
    void collect(gateway::Metrics& metrics) const;
    /// After the venue, which tells it no more. Idempotent.
    void stop();

  private:
    OrderMemory orders_;
    ListenKeys keys_;
    std::unique_ptr<Around> around_;
    std::shared_ptr<StreamHub> streams_;
};

}  // namespace astro::binance

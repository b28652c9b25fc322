#pragma once

#include <memory>
#include <vector>

#include "capabilities/exchange/account_stream.hpp"
#include "capabilities/exchange/auction_stream.hpp"
#include "capabilities/exchange/desk.hpp"
#include "capabilities/exchange/margin_watch.hpp"

namespace astro::exchange {

struct TradingOptions {
    bool is_paper = false;  ///< play money: there is a faucet, and operators set prices
    Audit audit;            ///< of what operators change
    MarginThresholds margin_alerts{15'000, 12'000};
};

/// The private API of the venue: accounts, orders and their history. Made before the service, so
/// that it hears all of it.
class Trading {
  public:
    /// All outlive it. "store_corrupt".
    [[nodiscard]] static Result<std::unique_ptr<Trading>> open(store::Store& store, Bus& bus,
                                                               const Clock& clock,
                                                               const TradingOptions& options);
    ~Trading() { stop(); }
    Trading(const Trading&) = delete;
    Trading& operator=(const Trading&) = delete;

    [[nodiscard]] std::vector<Listener*> listeners();
    /// What the service has to tell again.
    [[nodiscard]] journal::Sequence wanted_from() const { return stream_->wanted_from(); }
    /// From here on there are routes; `service` outlives it.
    void attach(Service& service);
    [[nodiscard]] std::vector<gateway::Route> routes();
    /// What other capabilities' routes to the venue are made with; after attach().
    [[nodiscard]] Desk& desk() { return *desk_; }
    [[nodiscard]] std::vector<gateway::Channel> channels() {
        return {stream_->channel(), auctions_.channel(), margins_.channel()};
    }
    /// After the service and before the gateway is destroyed: answers what waits. Idempotent.
    void stop();

  private:
    Trading(store::Store& store, Bus& bus, const Clock& clock, const TradingOptions& options);

    store::Store& store_;
    const Clock& clock_;
    const TradingOptions options_;
    Directory directory_;
    Faucet faucet_;
    std::unique_ptr<AccountStream> stream_;
    WorkQueue answers_;
    AuctionStream auctions_;
    MarginWatch margins_;
    std::unique_ptr<Desk> desk_;
    bool is_stopped_ = false;
};

}  // namespace astro::exchange

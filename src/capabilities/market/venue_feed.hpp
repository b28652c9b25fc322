#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "capabilities/market/module.hpp"

namespace astro::market {

/// Gives prices to the venue: to each market by its base asset, to each collateral by its symbol.
/// At most one command of a market is under way, so that a slow disk makes prices rarer, not a
/// queue of old ones. give() is for one thread.
class VenueFeed {
  public:
    VenueFeed(exchange::Service& venue, Clock& clock) : venue_(venue), clock_(clock) {}

    void give(const AssetPrice& price);
    [[nodiscard]] VenueFeedStatus status() const { return state_->copy(); }

  private:
    /// Shared with what is under way, which may end after this object.
    struct State {
        mutable std::mutex mutex;
        VenueFeedStatus status;
        [[nodiscard]] VenueFeedStatus copy() const {
            const std::lock_guard lock(mutex);
            return status;
        }
    };
    struct Target {
        exchange::CommandBody command;  ///< with what does not change
        std::shared_ptr<std::atomic<bool>> under_way = std::make_shared<std::atomic<bool>>(false);
    };
    void look_up();
    void submit(Target& target, exchange::CommandBody command);

    exchange::Service& venue_;
    Clock& clock_;
    std::shared_ptr<State> state_ = std::make_shared<State>();
    std::multimap<std::string, Target, std::less<>> targets_;  ///< by asset
    TimestampNs looked_up_{};
    std::size_t markets_ = 0, assets_ = 0;
};

}  // namespace astro::market

#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "capabilities/exchange/desk.hpp"
#include "server/dialects/binance/order_state.hpp"
#include "server/dialects/orders/order_tracker.hpp"

namespace astro::binance {

using dialects::AccountNews;
using dialects::Fill;
using dialects::OrderNews;

/// The orders of those accounts that use the dialect, as of the last command: what a request is
/// answered from at once, with what the tables do not keep (whether it was a market order). Of
/// ended ones it has the newest; older ones are in the tables. Thread-safe.
///
/// Nothing is remembered of accounts that never asked, so that a venue without them pays nothing.
class OrderMemory final : public exchange::Listener {
  public:
    void attach(exchange::Desk& desk) { desk_ = &desk; }
    /// Called on the applying thread, briefly, with what concerns accounts that are watched.
    void on_news(std::function<void(AccountNews)> told) { told_ = std::move(told); }
    /// From here on the account's orders are remembered; begins with those that are open. Waits
    /// for the venue the first time; not from a listener.
    Result<void> watch(AccountId account);

    void on_applied(const exchange::Applied& applied) override;
    void on_group_end(const exchange::Venue&) override {}

    [[nodiscard]] std::optional<OrderState> find(AccountId account, OrderId order) const;
    /// The newest of that name.
    [[nodiscard]] std::optional<OrderState> find(AccountId account,
                                                 const exchange::ClientId& name) const;
    /// Oldest first.
    [[nodiscard]] std::vector<OrderState> all(AccountId account) const;

  private:
    [[nodiscard]] Result<void> add_times(AccountId account);

    exchange::Desk* desk_ = nullptr;
    std::function<void(AccountNews)> told_;
    std::atomic<bool> anybody_ = false;
    mutable std::mutex mutex_;
    dialects::OrderTracker orders_;  ///< under it
};

}  // namespace astro::binance

#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "capabilities/exchange/service.hpp"
#include "server/dialects/orders/order_state.hpp"

namespace astro::fix {

using exchange::AccountId;

/// Hears what the venue applies and leaves what concerns watched accounts to another thread, in
/// order. Thread-safe.
class VenueEar final : public exchange::Listener {
  public:
    /// A command that was applied.
    struct Command {
        std::uint64_t sequence = 0;
        TimeMs time{};
        exchange::Submission submission;
        std::shared_ptr<const exchange::Events> events;
    };
    /// From here on an account is watched; these are its open orders.
    struct Begin {
        AccountId account{};
        std::uint64_t sequence = 0;
        std::vector<dialects::OrderState> orders{};
    };
    /// What became of a request that no Command comes of.
    struct Answer {
        std::string session, client_id;
        std::string request{};         ///< the message; empty: it came a second time
        std::optional<Error> error{};  ///< else: it had been done before
    };
    using Item = std::variant<Command, Begin, Answer>;

    /// Called when there is something to take, from any thread.
    void on_items(std::function<void()> wake);
    /// Before anything is applied.
    void watch(AccountId account);
    /// From now on, as of one moment. Waits for the venue; not from a listener.
    void watch(AccountId account, exchange::Service& service);
    void post(Item item);
    /// All there is, and the last command before which nothing is missing; 0: none was heard.
    struct Heard {
        std::vector<Item> items;
        std::uint64_t sequence = 0;
    };
    [[nodiscard]] Heard take();

    void on_applied(const exchange::Applied& applied) override;
    void on_group_end(const exchange::Venue&) override {}

  private:
    [[nodiscard]] bool concerns_watched(const exchange::Applied& applied) const;
    void add(AccountId account);

    std::vector<bool> watched_;  ///< of the applying thread, once there is one
    bool anybody_ = false;       ///< the same
    std::mutex mutex_;           // of all below
    std::function<void()> wake_;
    std::vector<Item> items_;
    std::uint64_t sequence_ = 0;
};

}  // namespace astro::fix

#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "capabilities/exchange/desk.hpp"
#include "server/dialects/binance/order_state.hpp"

namespace astro::binance {

/// A trade from the side of one order.
struct Fill {
    exchange::TradeId trade{};
    Price price{};
    Base size{};
    Quote fee{}, realized{};
    bool maker = false;
};

/// What happened to an order, and how it is then.
struct OrderNews {
    enum class Kind { accepted, amended, traded, closed, triggered };
    Kind kind = Kind::accepted;
    OrderState order;
    std::optional<Fill> fill{};
};

/// What a command has meant for one account.
struct AccountNews {
    AccountId account{};
    TimeMs time{};
    std::uint64_t sequence = 0;
    std::vector<OrderNews> orders{};
    std::vector<exchange::BalanceChanged> balances{};
    std::vector<exchange::PositionChanged> positions{};
    std::vector<exchange::LeverageSet> leverages{};
};

/// The orders of those accounts that use the dialect, as of the last command: what a request is
/// answered from at once, with what the tables do not keep (whether it was a market order). Of
/// ended ones it has the newest; older ones are in the tables. Thread-safe.
///
/// Nothing is remembered of accounts that never asked, so that a venue without them pays nothing.
class OrderMemory final : public exchange::Listener {
  public:
    static constexpr std::size_t kClosedMax = 1'000;  ///< of an account

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
    using Orders = std::map<OrderId, OrderState>;
    struct Hearing;  ///< one command

    void put(OrderState order);
    void forget_oldest(Orders& orders);
    [[nodiscard]] bool is_watched(AccountId account) const {
        return account.value() < watched_.size() && watched_[account.value()];
    }
    [[nodiscard]] Result<void> add_times(AccountId account);

    exchange::Desk* desk_ = nullptr;
    std::function<void(AccountNews)> told_;
    std::atomic<bool> anybody_ = false;
    mutable std::mutex mutex_;  // of all below
    std::vector<bool> watched_;
    std::unordered_map<AccountId, Orders> accounts_;
    std::unordered_map<OrderId, AccountId> owners_;  ///< of all orders above
};

}  // namespace astro::binance

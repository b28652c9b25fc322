#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "server/dialects/orders/order_state.hpp"

namespace astro::dialects {

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

/// A command that was applied, as a dialect hears of it.
struct Happened {
    std::uint64_t sequence = 0;  ///< of the journal
    TimeMs time{};
    const exchange::CommandBody& body;
    const exchange::Events& events;
};

/// The orders of watched accounts as the commands that it was told of have left them, and what each
/// command meant for them. Of ended ones it has the newest. Not thread-safe.
class OrderTracker {
  public:
    static constexpr std::size_t kClosedMax = 1'000;  ///< of an account

    void watch(AccountId account);
    [[nodiscard]] bool is_watched(AccountId account) const {
        return account.value() < watched_.size() && watched_[account.value()];
    }
    /// One that is known from elsewhere.
    void put(OrderState order);
    /// By account.
    std::map<AccountId, AccountNews> apply(const Happened& command);

    [[nodiscard]] OrderState* find(OrderId order);
    [[nodiscard]] const OrderState* find(OrderId order) const;
    [[nodiscard]] const OrderState* find(AccountId account, OrderId order) const;
    /// The newest of that name.
    [[nodiscard]] const OrderState* find(AccountId account, const exchange::ClientId& name) const;
    /// Oldest first.
    [[nodiscard]] std::vector<OrderState> all(AccountId account) const;

  private:
    using Orders = std::map<OrderId, OrderState>;
    struct Hearing;  ///< one command

    void forget_oldest(Orders& orders);

    std::vector<bool> watched_;
    std::unordered_map<AccountId, Orders> accounts_;
    std::unordered_map<OrderId, AccountId> owners_;  ///< of all orders above
};

}  // namespace astro::dialects

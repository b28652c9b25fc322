#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/events.hpp"
#include "server/dialects/fix/fields.hpp"
#include "server/dialects/orders/order_tracker.hpp"

/// From what the venue has done to the reports of it. Pure: the same commands give the same
/// messages, so that what is told is decided by the journal alone, and a command that is heard
/// again after a crash is told as it would have been.
namespace astro::fix {

using dialects::Happened;
using dialects::OrderState;
using exchange::AccountId;
using exchange::MarketId;
using exchange::OrderId;

/// A message for the sessions of an account, or for one of them.
struct Outgoing {
    AccountId account{};
    std::string session{};  ///< empty: all of the account
    std::string type{}, body{};
};

/// The idempotency key of a session's request: whose it is and its ClOrdID.
struct RequestKey {
    std::string session, client_id;
};
[[nodiscard]] std::string key_text(const RequestKey& key);
/// Nothing when the key is not of FIX.
[[nodiscard]] std::optional<RequestKey> parse_key(std::string_view key);

/// Names for numbers.
struct ReportNames {
    std::function<std::string(MarketId)> symbol;
};

/// An ExecutionReport's body of how an order is now, without having changed (ExecType I).
[[nodiscard]] Body status_report(const ReportNames& names, const OrderState& order, TimeMs now);
/// Of an order that is not taken: a refused NewOrderSingle, whose fields are repeated.
[[nodiscard]] std::string refused_order(const Fields& request, AccountId account,
                                        const std::string& exec_id, int reason,
                                        std::string_view text, TimeMs now);
/// OrderCancelReject of a cancel (F) or a replace (G) request. `order`: null when it is unknown.
struct CancelRefusal {
    std::string_view request_type, client_id, previous_client_id;
    int reason = 0;
    std::string text;
};
[[nodiscard]] std::string refused_cancel(const CancelRefusal& refusal, const OrderState* order,
                                         AccountId account, TimeMs now);

class ReportBook {
  public:
    explicit ReportBook(ReportNames names) : names_(std::move(names)) {}

    void watch(AccountId account) { tracker_.watch(account); }
    [[nodiscard]] bool is_watched(AccountId account) const { return tracker_.is_watched(account); }
    void put(OrderState order) { tracker_.put(std::move(order)); }
    /// What a command, that came with that key, has to be told of, in order.
    std::vector<Outgoing> apply(const Happened& command, std::string_view key);

    [[nodiscard]] const dialects::OrderTracker& orders() const { return tracker_; }
    /// Orders that have changed since it was asked last.
    std::set<OrderId> take_changed() { return std::exchange(changed_, {}); }
    void mark_changed(OrderId order) { changed_.insert(order); }

  private:
    struct Telling;  ///< one command

    ReportNames names_;
    dialects::OrderTracker tracker_;
    std::set<OrderId> changed_;
};

}  // namespace astro::fix

#pragma once

#include <optional>

#include "capabilities/exchange/engine/events.hpp"
#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/records.hpp"
#include "foundation/base/describe.hpp"

/// An order as a dialect of another venue's API tells it, wherever it is known from.
namespace astro::dialects {

using exchange::AccountId;
using exchange::Base;
using exchange::MarketId;
using exchange::OrderId;
using exchange::Price;
using exchange::Quote;
using exchange::Side;

/// What was asked for beside price and size.
struct OrderForm {
    exchange::OrderType type = exchange::OrderType::limit;
    exchange::TimeInForce time_in_force = exchange::TimeInForce::gtc;
    exchange::PostOnly post_only = exchange::PostOnly::no;
    exchange::SelfTrade self_trade = exchange::SelfTrade::cancel_newest;
};
BOOST_DESCRIBE_STRUCT(OrderForm, (), (type, time_in_force, post_only, self_trade))
[[nodiscard]] OrderForm form_of(const exchange::PlaceOrder& order);

struct OrderState {
    OrderId id{};
    AccountId account{};
    MarketId market{};
    exchange::ClientId client_id{};
    Side side = Side::buy;
    exchange::Leg leg = exchange::Leg::net;
    bool reduce_only = false;
    Price price{};  ///< at which it may trade at worst
    Base size{}, display{}, filled{};
    Quote filled_quote{};
    exchange::OrderStatus status = exchange::OrderStatus::open;
    std::optional<exchange::CloseReason> reason{};  ///< of a closed one
    OrderForm form{};
    TimeMs expires{}, created{}, updated{};
    std::optional<exchange::Trigger> trigger{};      ///< of one that waits, or has waited
    std::optional<OrderId> placed{};                 ///< what came of it
    std::optional<OrderId> waited{};                 ///< what this has come of
    std::optional<exchange::RefusalCode> refused{};  ///< why nothing came of it

    [[nodiscard]] bool is_algo() const { return trigger.has_value(); }
    [[nodiscard]] std::optional<Price> average() const;
};
BOOST_DESCRIBE_STRUCT(OrderState, (),
                      (id, account, market, client_id, side, leg, reduce_only, price, size, display,
                       filled, filled_quote, status, reason, form, expires, created, updated,
                       trigger, placed, waited, refused))

[[nodiscard]] OrderState state_of(const exchange::Venue::OrderView& order);
[[nodiscard]] OrderState state_of(const exchange::Conditional& waiting, AccountId account);
/// Of the tables, which do not say whether an order was a market order: it is told as a limit
/// order.
[[nodiscard]] OrderState state_of(const exchange::OrderRecord& record);
/// What the engine does not tell of an order that is open: when it was placed, at what price it has
/// traded.
void complete(OrderState& order, const exchange::OrderRecord& record);
[[nodiscard]] OrderState state_of(const exchange::OrderAccepted& accepted, const OrderForm& form,
                                  TimeMs time);
[[nodiscard]] OrderState state_of(const exchange::ConditionalAccepted& accepted, TimeMs time);

}  // namespace astro::dialects

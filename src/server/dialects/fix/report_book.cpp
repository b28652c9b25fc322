#include "server/dialects/fix/report_book.hpp"

#include <algorithm>

#include "capabilities/exchange/average_price.hpp"
#include "capabilities/exchange/refusal_text.hpp"
#include "server/dialects/fix/order_request.hpp"

namespace astro::fix {
namespace {

using dialects::AccountNews;
using dialects::Fill;
using dialects::OrderNews;
using exchange::Base;
using exchange::ClientId;
using exchange::CloseReason;
using exchange::OrderStatus;
using exchange::OrderType;
using exchange::Price;
using exchange::Quote;
using exchange::refusal_sentence;
using exchange::Side;
using exchange::TimeInForce;
using exchange::TriggerKind;

constexpr std::string_view kKeyBegin = "fix ";
constexpr std::string_view kNoOrder = "NONE";

// ExecType.
constexpr char kNew = '0', kCanceled = '4', kReplaced = '5', kExpired = 'C', kRestated = 'D',
               kTrade = 'F', kStatus = 'I', kTriggered = 'L';

char status_of(const OrderState& order) {
    if (order.status != OrderStatus::closed) return order.filled > Base{0} ? '1' : '0';
    switch (order.reason.value_or(CloseReason::filled)) {
        case CloseReason::filled:
            return '2';
        case CloseReason::expired:
            return 'C';
        default:
            return '4';
    }
}

std::string_view closing_text(CloseReason reason) {
    switch (reason) {
        case CloseReason::not_traded:
            return "what did not trade at once is cancelled";
        case CloseReason::self_trade:
            return "it would have traded with the same owner";
        case CloseReason::reduce_only:
            return "there is no more position that it could reduce";
        case CloseReason::liquidation:
            return "the account is in liquidation";
        case CloseReason::partner_done:
            return "the order that it was bound to has traded or ended";
        case CloseReason::dead_man:
            return "the account's dead man's switch";
        case CloseReason::refused:
            return "it may not be what it would be now";
        case CloseReason::market:
            return "its market does not trade";
        default:
            return "";
    }
}

char side_char(Side side) {
    return side == Side::buy ? '1' : '2';
}

std::string_view order_type(const OrderState& order) {
    const bool at_market = order.form.type == OrderType::market;
    if (!order.trigger) return at_market ? "1" : "2";
    switch (order.trigger->kind) {
        case TriggerKind::stop:
            return at_market ? "3" : "4";
        case TriggerKind::take_profit:
            return at_market ? "J" : "2";
        case TriggerKind::trailing:
            break;
    }
    return "P";
}

std::string_view time_in_force(const OrderState& order) {
    if (order.form.type == OrderType::market && order.form.time_in_force != TimeInForce::fok)
        return "3";
    switch (order.form.time_in_force) {
        case TimeInForce::gtc:
            return "1";
        case TimeInForce::gtt:
            return "6";
        case TimeInForce::ioc:
            return "3";
        case TimeInForce::fok:
            break;
    }
    return "4";
}

void put_instructions(Body& body, const OrderState& order) {
    std::string text;
    const auto add = [&](bool holds, std::string_view word) {
        if (holds) text += (text.empty() ? "" : " ") + std::string(word);
    };
    add(order.form.post_only != exchange::PostOnly::no, "6");
    add(order.reduce_only, "E");
    add(order.trigger && order.trigger->kind == TriggerKind::trailing, "a");
    body.put(tag::kExecInst, text);
}

/// What an order is called by: the one that waited, when it has come of one.
std::string number_of(const OrderState& order) {
    const OrderId id = order.waited.value_or(order.id);
    return id == OrderId{} ? std::string(kNoOrder) : std::to_string(id.value());
}

void put_terms(Body& body, const OrderState& order) {
    body.put(tag::kOrdType, order_type(order)).put(tag::kTimeInForce, time_in_force(order));
    if (order.form.type == OrderType::limit) body.put(tag::kPrice, to_text(order.price));
    if (order.trigger && order.trigger->kind == TriggerKind::trailing)
        body.put(tag::kPegOffsetValue, order.trigger->trail_bps).put(tag::kPegOffsetType, '1');
    else if (order.trigger)
        body.put(tag::kStopPx, to_text(order.trigger->price));
    if (order.expires != TimeMs{0}) body.put(tag::kExpireTime, utc_text(order.expires));
    if (order.display > Base{0}) body.put(tag::kMaxFloor, to_text(order.display));
    put_instructions(body, order);
}

/// All that every report says of its order.
Body report_of(const ReportNames& names, const OrderState& order, char exec_type,
               std::string_view exec_id, TimeMs time) {
    Body body;
    body.put(tag::kOrderId, number_of(order))
        .put(tag::kClOrdId, order.client_id.text())
        .put(tag::kExecId, exec_id)
        .put(tag::kExecType, exec_type)
        .put(tag::kOrdStatus, status_of(order))
        .put(tag::kAccount, std::int64_t{order.account.value()})
        .put(tag::kSymbol, names.symbol(order.market))
        .put(tag::kSide, side_char(order.side))
        .put(tag::kOrderQty, to_text(order.size))
        .put(tag::kLeavesQty,
             order.status == OrderStatus::closed ? "0" : to_text(order.size - order.filled))
        .put(tag::kCumQty, to_text(order.filled))
        .put(tag::kAvgPx, to_text(order.average().value_or(Price{})))
        .put(tag::kTransactTime, utc_text(time));
    if (order.waited) body.put(tag::kSecondaryOrderId, std::to_string(order.id.value()));
    put_terms(body, order);
    return body;
}

void put_fill(Body& body, const Fill& fill) {
    body.put(tag::kLastQty, to_text(fill.size))
        .put(tag::kLastPx, to_text(fill.price))
        .put(tag::kCommission, to_text(fill.fee))
        .put(tag::kCommType, '3')
        .put(tag::kCommCurrency, "USDC")
        .put(tag::kLastLiquidity, fill.maker ? '1' : '2')
        .put(tag::kSecondaryExecId, std::to_string(fill.trade.value()));
}

/// Whose order is a command's.
const OrderId* order_in(const exchange::CommandBody& body) {
    if (const auto* amend = std::get_if<exchange::AmendOrder>(&body)) return &amend->order;
    if (const auto* cancel = std::get_if<exchange::CancelOrder>(&body)) return &cancel->order;
    return nullptr;
}

const exchange::PlaceOrder* placed_in(const exchange::CommandBody& body) {
    if (const auto* order = std::get_if<exchange::PlaceOrder>(&body)) return order;
    if (const auto* waiting = std::get_if<exchange::PlaceConditional>(&body))
        return &(*waiting)->order;
    return nullptr;
}

}  // namespace

std::string key_text(const RequestKey& key) {
    return std::string(kKeyBegin) + key.session + " " + key.client_id;
}

std::optional<RequestKey> parse_key(std::string_view key) {
    if (!key.starts_with(kKeyBegin)) return std::nullopt;
    key.remove_prefix(kKeyBegin.size());
    const auto space = key.find(' ');
    if (space == key.npos) return std::nullopt;
    return RequestKey{std::string(key.substr(0, space)), std::string(key.substr(space + 1))};
}

Body status_report(const ReportNames& names, const OrderState& order, TimeMs now) {
    return report_of(names, order, kStatus, "0", now);
}

std::string refused_order(const Fields& request, AccountId account, const std::string& exec_id,
                          int reason, std::string_view text, TimeMs now) {
    Body body;
    body.put(tag::kOrderId, kNoOrder)
        .put(tag::kClOrdId, request.text(tag::kClOrdId))
        .put(tag::kExecId, exec_id)
        .put(tag::kExecType, '8')
        .put(tag::kOrdStatus, '8')
        .put(tag::kOrdRejReason, std::int64_t{reason})
        .put(tag::kAccount, std::int64_t{account.value()})
        .put(tag::kSymbol, request.text(tag::kSymbol))
        .put(tag::kSide, request.text(tag::kSide))
        .put(tag::kOrderQty, request.text(tag::kOrderQty))
        .put(tag::kOrdType, request.text(tag::kOrdType))
        .put(tag::kPrice, request.text(tag::kPrice))
        .put(tag::kLeavesQty, "0")
        .put(tag::kCumQty, "0")
        .put(tag::kAvgPx, "0")
        .put(tag::kTransactTime, utc_text(now))
        .put(tag::kText, text);
    return body.take();
}

std::string refused_cancel(const CancelRefusal& refusal, const OrderState* order, AccountId account,
                           TimeMs now) {
    Body body;
    body.put(tag::kOrderId, order ? number_of(*order) : std::string(kNoOrder))
        .put(tag::kClOrdId, refusal.client_id)
        .put(tag::kOrigClOrdId, refusal.previous_client_id)
        .put(tag::kOrdStatus, order ? status_of(*order) : '8')
        .put(tag::kCxlRejResponseTo, refusal.request_type == "G" ? '2' : '1')
        .put(tag::kCxlRejReason, std::int64_t{refusal.reason})
        .put(tag::kAccount, std::int64_t{account.value()})
        .put(tag::kTransactTime, utc_text(now))
        .put(tag::kText, refusal.text);
    return body.take();
}

/// The messages of one command.
struct ReportBook::Telling {
    ReportBook& book;
    const Happened& command;
    std::optional<RequestKey> key;
    std::vector<Outgoing> out{};
    std::map<AccountId, int> counts{};  ///< reports of each, for their ids

    std::string exec_id(AccountId account) {
        return std::to_string(command.sequence) + "." + std::to_string(++counts[account]);
    }
    void report(AccountId account, Body body) { out.push_back({account, {}, "8", body.take()}); }
    /// The new name that a request has given its order.
    [[nodiscard]] bool renames(OrderId order) const {
        const OrderId* about = order_in(command.body);
        return key && about != nullptr && *about == order;
    }

    void tell(const OrderNews& news) {
        OrderState order = news.order;
        // What the request was called by: the tracker knows the venue's name of the order only.
        std::string previous;
        if (renames(order.id)) {
            previous = to_text(order.client_id);
            order.client_id = ClientId(key->client_id);
        }
        switch (news.kind) {
            case OrderNews::Kind::accepted:
                return put(order, order.waited ? kTriggered : kNew, "", "");
            case OrderNews::Kind::traded:
                return put_trade(order, *news.fill);
            case OrderNews::Kind::amended:
                return amended(order, previous);
            case OrderNews::Kind::closed:
                return put(order, order.reason == CloseReason::expired ? kExpired : kCanceled,
                           previous, closing_text(*order.reason));
            case OrderNews::Kind::triggered:
                // What came of it has been told as the order itself.
                if (order.placed) return;
                return put(order, kCanceled, "",
                           order.refused ? "its price has come, and it was refused: " +
                                               refusal_sentence({*order.refused}, {})
                                         : std::string("its price has come"));
        }
    }
    void put(const OrderState& order, char type, std::string_view previous, std::string_view text) {
        Body body = report_of(book.names_, order, type, exec_id(order.account), command.time);
        body.put(tag::kOrigClOrdId, previous).put(tag::kText, text);
        report(order.account, std::move(body));
    }
    void put_trade(const OrderState& order, const Fill& fill) {
        Body body = report_of(book.names_, order, kTrade, exec_id(order.account), command.time);
        put_fill(body, fill);
        report(order.account, std::move(body));
    }
    void amended(const OrderState& order, std::string_view previous) {
        const bool is_asked = std::holds_alternative<exchange::AmendOrder>(command.body);
        Body body = report_of(book.names_, order, is_asked ? kReplaced : kRestated,
                              exec_id(order.account), command.time);
        body.put(tag::kOrigClOrdId, previous);
        if (!is_asked) body.put(tag::kRestatement, '3');  // repriced, or reduced by the venue
        report(order.account, std::move(body));
    }

    // What trades for an account without an order of its own.
    void operator()(const exchange::Traded& e) {
        forced(e.taker, e.taker_order, e.market, e.taker_side, e.price, e.size, e.taker_fee,
               e.trade, "closed by the venue: liquidation");
    }
    void operator()(const exchange::Deleveraged& e) {
        forced(e.account, {}, e.market, e.side, e.price, e.size, {}, {},
               "closed by the venue: deleveraging");
        forced(e.against, {}, e.market, other(e.side), e.price, e.size, {}, {},
               "closed by the venue: deleveraging");
    }
    void operator()(const exchange::BackstopTook& e) {
        forced(e.account, {}, e.market, e.side, e.price, e.size, e.fee, {},
               "taken over by a backstop");
        forced(e.backstop, {}, e.market, other(e.side), e.price, e.size, {}, {},
               "taken over as a backstop");
    }
    void operator()(const auto&) {}
    static Side other(Side side) { return side == Side::buy ? Side::sell : Side::buy; }

    void forced(AccountId account, OrderId order, MarketId market, Side side, Price price,
                Base size, Quote fee, exchange::TradeId trade, std::string_view why) {
        if (!book.is_watched(account) || book.tracker_.find(account, order) != nullptr) return;
        OrderState state{.id = order, .account = account, .market = market};
        state.side = side;
        state.size = state.filled = size;
        state.filled_quote = Quote{static_cast<std::int64_t>(exchange::notional(price, size))};
        state.form.type = OrderType::market;
        state.reduce_only = true;
        state.status = OrderStatus::closed;
        state.reason = CloseReason::filled;
        const std::string id = exec_id(account);
        Body body = report_of(book.names_, state, kTrade, id, command.time);
        body.put(tag::kLastQty, to_text(size))
            .put(tag::kLastPx, to_text(price))
            .put(tag::kCommission, to_text(fee))
            .put(tag::kCommType, '3')
            .put(tag::kCommCurrency, "USDC")
            .put(tag::kText, why);
        if (trade != exchange::TradeId{})
            body.put(tag::kSecondaryExecId, std::to_string(trade.value()));
        report(account, std::move(body));
    }

    /// The request was refused: only its session is told.
    void refused(const exchange::Refused& e) {
        const std::string text = refusal_sentence(e.refusal, {});
        if (const auto* order = placed_in(command.body)) return refused_new(*order, e, text);
        if (const auto* all = std::get_if<exchange::CancelAll>(&command.body))
            return mass_canceled(*all, 0, text);
        const OrderId* about = order_in(command.body);
        if (about == nullptr) return;
        const OrderState* order = book.tracker_.find(*about);
        const bool amends = std::holds_alternative<exchange::AmendOrder>(command.body);
        const std::string previous = order ? to_text(order->client_id) : "";
        const CancelRefusal refusal{amends ? "G" : "F", key->client_id, previous,
                                    cancel_reason(e.refusal.code), text};
        out.push_back({e.account, key->session, "9",
                       refused_cancel(refusal, order, e.account, command.time)});
    }
    void refused_new(const exchange::PlaceOrder& order, const exchange::Refused& e,
                     std::string_view text) {
        OrderState state{.id = {}, .account = order.account, .market = order.market};
        state.client_id = order.client_id;
        state.side = order.side;
        state.price = order.price;
        state.size = order.size;
        state.form = dialects::form_of(order);
        state.reduce_only = order.reduce_only;
        Body body;
        body.put(tag::kOrderId, kNoOrder)
            .put(tag::kClOrdId, key->client_id)
            .put(tag::kExecId, exec_id(order.account))
            .put(tag::kExecType, '8')
            .put(tag::kOrdStatus, '8')
            .put(tag::kOrdRejReason, std::int64_t{order_reason(e.refusal.code)})
            .put(tag::kAccount, std::int64_t{order.account.value()})
            .put(tag::kSymbol, book.names_.symbol(order.market))
            .put(tag::kSide, side_char(order.side))
            .put(tag::kOrderQty, to_text(order.size))
            .put(tag::kLeavesQty, "0")
            .put(tag::kCumQty, "0")
            .put(tag::kAvgPx, "0")
            .put(tag::kTransactTime, utc_text(command.time));
        put_terms(body, state);
        body.put(tag::kText, text);
        out.push_back({order.account, key->session, "8", body.take()});
    }
    void mass_canceled(const exchange::CancelAll& all, std::int64_t count, std::string_view text) {
        const char type = all.market ? '1' : '7';
        Body body;
        body.put(tag::kClOrdId, key->client_id)
            .put(tag::kOrderId, key->client_id)
            .put(tag::kMassCancelType, type)
            .put(tag::kMassCancelResponse, text.empty() ? type : '0')
            .put(tag::kTotalAffected, count)
            .put(tag::kAccount, std::int64_t{all.account.value()})
            .put(tag::kTransactTime, utc_text(command.time));
        if (all.market) body.put(tag::kSymbol, book.names_.symbol(*all.market));
        if (all.side) body.put(tag::kSide, side_char(*all.side));
        if (!text.empty()) body.put(tag::kMassCancelReason, std::int64_t{99}).put(tag::kText, text);
        out.push_back({all.account, key->session, "r", body.take()});
    }

    /// After the orders that it has cancelled.
    void conclude() {
        const auto* all = std::get_if<exchange::CancelAll>(&command.body);
        if (!key || all == nullptr) return;
        const auto count = std::ranges::count_if(command.events, [](const auto& event) {
            return std::holds_alternative<exchange::OrderClosed>(event);
        });
        mass_canceled(*all, count, "");
    }
};

std::vector<Outgoing> ReportBook::apply(const Happened& command, std::string_view key) {
    Telling telling{*this, command, parse_key(key)};
    const auto* refused =
        command.events.empty() ? nullptr : std::get_if<exchange::Refused>(&command.events.front());
    if (refused != nullptr) {
        if (telling.key) telling.refused(*refused);
        return std::move(telling.out);
    }
    for (const auto& [account, news] : tracker_.apply(command))
        for (const auto& item : news.orders) {
            telling.tell(item);
            changed_.insert(item.order.id);
        }
    for (const auto& event : command.events) std::visit(telling, event);
    telling.conclude();
    // From now on the order is called as the request that replaced it was.
    if (const auto* amend = std::get_if<exchange::AmendOrder>(&command.body); amend && telling.key)
        if (OrderState* order = tracker_.find(amend->order))
            order->client_id = ClientId(telling.key->client_id);
    return std::move(telling.out);
}

}  // namespace astro::fix

#include <algorithm>

#include "capabilities/exchange/account_view.hpp"
#include "server/dialects/fix/client.hpp"

/// What a client asks to see.
namespace astro::fix {
namespace {

using exchange::Base;
using exchange::OrderStatus;
using exchange::PositionView;

constexpr std::string_view kFuture = "FUT";

void put_security(Body& body, const std::string& symbol, const exchange::MarketSettings& market) {
    body.put(tag::kSymbol, symbol)
        .put(tag::kCurrency, market.quote_asset)
        .put(tag::kSecurityType, kFuture)
        .put(tag::kContractMultiplier, "1")
        .put(tag::kRoundLot, to_text(market.lot_size))
        .put(tag::kMinTradeVol, to_text(market.order_size_min))
        .put(tag::kMinPriceIncrement, to_text(market.tick_size));
}

}  // namespace

void Client::tell_status(const Request& request) {
    const OrderState* order = order_of(request.fields, tag::kClOrdId);
    const TimeMs now = now_ms(shared_.around);
    if (order != nullptr) {
        Body body = status_report(shared_.names, *order, now);
        body.put(tag::kStatusReqId, request.fields.text(tag::kStatusReqId));
        return send("8", body.take());
    }
    Body body;
    body.put(tag::kOrderId, "NONE")
        .put(tag::kClOrdId, request.fields.text(tag::kClOrdId))
        .put(tag::kExecId, "0")
        .put(tag::kExecType, 'I')
        .put(tag::kOrdStatus, '8')
        .put(tag::kOrdRejReason, "5")
        .put(tag::kSymbol, request.fields.text(tag::kSymbol))
        .put(tag::kSide, request.fields.text(tag::kSide))
        .put(tag::kLeavesQty, "0")
        .put(tag::kCumQty, "0")
        .put(tag::kAvgPx, "0")
        .put(tag::kTransactTime, utc_text(now))
        .put(tag::kStatusReqId, request.fields.text(tag::kStatusReqId))
        .put(tag::kText, "no such order is open, and none has ended lately");
    send("8", body.take());
}

void Client::tell_all(const Request& request) {
    const Fields& fields = request.fields;
    auto orders = shared_.reports.orders().all(account());
    const auto market = market_of()(fields.text(tag::kSymbol));
    const bool of_market = fields.is(tag::kMassStatusType, "1");
    std::erase_if(orders, [&](const OrderState& order) {
        const bool is_buy = order.side == exchange::Side::buy;
        return order.status == OrderStatus::closed || (of_market && order.market != market) ||
               (fields.find(tag::kSide) && fields.is(tag::kSide, "1") != is_buy);
    });
    const TimeMs now = now_ms(shared_.around);
    const auto total = static_cast<std::int64_t>(orders.size());
    for (std::size_t i = 0; i < orders.size(); ++i) {
        Body body = status_report(shared_.names, orders[i], now);
        body.put(tag::kMassStatusId, fields.text(tag::kMassStatusId))
            .put(tag::kTotNumReports, total)
            .put(tag::kLastReport, i + 1 == orders.size() ? 'Y' : 'N');
        send("8", body.take());
    }
    if (!orders.empty()) return;
    Body body;
    body.put(tag::kOrderId, "NONE")
        .put(tag::kExecId, "0")
        .put(tag::kExecType, 'I')
        .put(tag::kOrdStatus, '8')
        .put(tag::kSymbol, fields.find(tag::kSymbol).value_or("[N/A]"))
        .put(tag::kSide, fields.find(tag::kSide).value_or("1"))
        .put(tag::kLeavesQty, "0")
        .put(tag::kCumQty, "0")
        .put(tag::kAvgPx, "0")
        .put(tag::kMassStatusId, fields.text(tag::kMassStatusId))
        .put(tag::kTotNumReports, "0")
        .put(tag::kLastReport, 'Y')
        .put(tag::kText, "no order is open");
    send("8", body.take());
}

void Client::tell_positions(const Request& request) {
    if (const auto own = check_account(request.fields, account()); !own)
        return reject_business(request, 0, own.error().message);
    std::vector<PositionView> positions;
    shared_.around.desk.service.read([&](const exchange::Venue& venue) {
        positions = exchange::position_views(venue, account());
    });
    std::erase_if(positions, [](const PositionView& p) { return p.size == Base{0}; });
    const TimeMs now = now_ms(shared_.around);
    const auto total = static_cast<std::int64_t>(positions.size());
    // One that says that there is none, when there is none.
    if (positions.empty()) positions.push_back({});
    for (std::size_t i = 0; i < positions.size(); ++i) {
        const PositionView& position = positions[i];
        const bool is_long = position.size > Base{0};
        const Base size = is_long ? position.size : Base{-position.size.value()};
        Body body;
        body.put(tag::kPosReqId, request.fields.text(tag::kPosReqId))
            .put(721,
                 std::string(request.fields.text(tag::kPosReqId)) + "." + std::to_string(i + 1))
            .put(724, "0")
            .put(727, total)
            .put(728, total == 0 ? '2' : '0')
            .put(715, utc_text(now).substr(0, 8))
            .put(tag::kAccount, std::int64_t{account().value()})
            .put(581, "1")
            .put(tag::kSymbol, total == 0 ? "[N/A]" : std::string_view(position.market))
            .put(730, to_text(position.mark))
            .put(731, "2")
            .put(734, to_text(position.entry_price.value_or(exchange::Price{})))
            .put(453, "1")
            .put(448, record_.name)
            .put(447, 'D')
            .put(452, "3");
        if (total > 0)
            body.put(702, "1")
                .put(703, "TQ")
                .put(704, is_long ? to_text(size) : "0")
                .put(705, is_long ? "0" : to_text(size))
                .put(753, "1")
                .put(707, "FMTM")
                .put(708, to_text(position.unrealized));
        send("AP", body.take());
    }
}

void Client::tell_securities(const Request& request) {
    const Fields& fields = request.fields;
    const auto& directory = shared_.around.desk.directory;
    Body group;
    std::int64_t count = 0;
    for (const auto& symbol : shared_.around.tape.symbols()) {
        if (fields.is(tag::kSecurityListType, "0") && !fields.is(tag::kSymbol, symbol)) continue;
        const auto market = directory.market(symbol);
        if (!market) continue;
        put_security(group, symbol, *directory.settings(*market));
        ++count;
    }
    Body body;
    body.put(tag::kSecurityReqId, fields.text(tag::kSecurityReqId))
        .put(tag::kSecurityResponseId, fields.text(tag::kSecurityReqId))
        .put(tag::kSecurityResult, count > 0 ? '0' : '2')
        .put(tag::kTotNoRelatedSym, count);
    if (count > 0) body.put(tag::kNoRelatedSym, count);
    send("y", body.take() + group.take());
}

void Client::tell_market_data(const Request& request) {
    for (const auto& message : market_data_.request(request.fields))
        send(message.type, message.body);
}

void Client::tell_market(const std::string& market) {
    if (!session_->is_logged_on() || market_data_.empty()) return;
    for (const auto& message : market_data_.changes(market)) send(message.type, message.body);
}

}  // namespace astro::fix

#include "capabilities/exchange/order_receipt.hpp"

#include <algorithm>

#include "capabilities/exchange/average_price.hpp"

namespace astro::exchange {
namespace {

/// Takes the events of one command in their order.
class Reader {
  public:
    Reader(OrderId order, OrderReceipt before) : order_(order), out_(std::move(before)) {
        out_.order_id = order;
    }

    void operator()(const OrderAccepted& e) {
        if (e.order != order_) return;
        begin(e.account, e.side, e.price, e.size, e.client_id);
        out_.status = ReceiptStatus::open;
        out_.reason.reset();
    }
    void operator()(const ConditionalAccepted& e) {
        if (e.order != order_) return;
        begin(e.spec.account, e.spec.side, e.spec.price, e.spec.size, e.spec.client_id);
        out_.status = ReceiptStatus::waiting;
    }
    void operator()(const AuctionOpened& e) {
        if (e.order != order_) return;
        begin(e.account, e.terms->side, e.terms->limit, e.terms->size, e.client_id);
        out_.status = ReceiptStatus::waiting;
    }
    void operator()(const Traded& e) {
        const bool takes = e.taker_order == order_;
        if (!takes && e.maker_order != order_) return;
        out_.fills.push_back({e.trade, e.price, e.size, takes ? e.taker_fee : e.maker_fee,
                              takes ? e.taker_builder_fee : e.maker_builder_fee,
                              takes ? Liquidity::taker : Liquidity::maker});
        out_.filled += e.size;
        out_.remaining -= e.size;
        out_.fee += out_.fills.back().fee;
        quote_ += Quote{static_cast<std::int64_t>(notional(e.price, e.size))};
    }
    void operator()(const OrderReduced& e) {
        if (e.order == order_) out_.remaining = e.open;
    }
    void operator()(const OrderClosed& e) {
        if (e.order != order_) return;
        out_.status = ReceiptStatus::closed;
        out_.reason = e.reason;
        out_.remaining = e.open;
    }
    void operator()(const auto&) {}

    OrderReceipt take() {
        out_.average_price = average_price(quote_, out_.filled);
        return std::move(out_);
    }

  private:
    void begin(AccountId account, Side side, Price price, Base size, const ClientId& client_id) {
        out_.account = account;
        out_.side = side;
        out_.price = price;
        out_.size = out_.remaining = size;
        if (!client_id.empty()) out_.client_id = client_id;
    }

    const OrderId order_;
    OrderReceipt out_;
    Quote quote_{};
};

}  // namespace

OrderReceipt order_receipt(const Events& events, OrderId order, OrderReceipt before) {
    Reader reader(order, std::move(before));
    for (const Event& event : events) std::visit(reader, event);
    return reader.take();
}

OrderId placed_order(const Events& events, bool waits) {
    for (const Event& event : events) {
        const auto* placed = std::get_if<OrderAccepted>(&event);
        const auto* waiting = std::get_if<ConditionalAccepted>(&event);
        const auto* offered = std::get_if<AuctionOpened>(&event);
        if (!waits && placed != nullptr) return placed->order;
        if (!waits && offered != nullptr) return offered->order;
        if (waits && waiting != nullptr) return waiting->order;
    }
    return {};
}

std::vector<OrderId> attached_orders(const Events& events, AccountId account, OrderId order) {
    std::vector<OrderId> out;
    for (const Event& event : events)
        if (const auto* waiting = std::get_if<ConditionalAccepted>(&event);
            waiting != nullptr && waiting->spec.account == account && waiting->order != order)
            out.push_back(waiting->order);
    return out;
}

std::vector<OrderId> closed_orders(const Events& events, AccountId account, CloseReason reason) {
    std::vector<OrderId> out;
    for (const Event& event : events)
        if (const auto* closed = std::get_if<OrderClosed>(&event);
            closed != nullptr && closed->account == account && closed->reason == reason)
            out.push_back(closed->order);
    return out;
}

}  // namespace astro::exchange

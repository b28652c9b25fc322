#include <limits>
#include <memory>

#include "bench/judge/judge_abi.hpp"
#include "capabilities/exchange/engine/bare_book.hpp"
#include "capabilities/exchange/engine/order_index.hpp"

/// Our book behind the public judge's interface. Only glue: every rule is the engine's own.
namespace {

using astro::exchange::BareBook;
using astro::exchange::kNoOrder;
using astro::exchange::OrderIndex;
using astro::exchange::OrderPool;
using astro::exchange::OrderSlot;
using astro::exchange::RestingOrder;
using astro::exchange::Side;

constexpr std::size_t kOrdersReserved = 1U << 20;

enum ReportType : std::uint8_t {
    order_ack,
    trade,
    cancel_ack,
    modify_ack,
    cancel_reject,
    modify_reject
};

class Adapter {
  public:
    Adapter(const JudgeTransport& transport, void* sink)
        : transport_(transport), sink_(sink), book_(pool_, 0) {
        pool_.reserve(kOrdersReserved);
        ids_.reserve(kOrdersReserved);
    }

    void on_new(const JudgeNewOrder& order) {
        index_.prefetch(order.order_id);
        JudgeReport report = make(order_ack, order.sequence, order.order_id, order.side);
        report.price = order.price;
        report.quantity = order.quantity;
        push(report);
        place(order.order_id, order.sequence, static_cast<Side>(order.side), order.price,
              order.quantity, order.ioc != 0);
    }

    void on_cancel(const JudgeCancel& cancel) {
        const OrderSlot slot = index_.take(cancel.order_id);
        if (slot == kNoOrder) return push(make(cancel_reject, cancel.sequence, cancel.order_id, 0));
        const RestingOrder& order = pool_[slot];
        JudgeReport report = make(cancel_ack, cancel.sequence, cancel.order_id,
                                  static_cast<std::uint8_t>(BareBook::side_of(order)));
        report.price = order.price;
        book_.cancel(slot);
        push(report);
    }

    /// Cancel and insert anew: priority is lost.
    void on_modify(const JudgeModify& modify) {
        const OrderSlot slot = index_.take(modify.order_id);
        if (slot == kNoOrder) return push(make(modify_reject, modify.sequence, modify.order_id, 0));
        const Side side = BareBook::side_of(pool_[slot]);
        book_.cancel(slot);
        JudgeReport report =
            make(modify_ack, modify.sequence, modify.order_id, static_cast<std::uint8_t>(side));
        report.price = modify.price;
        report.quantity = modify.quantity;
        push(report);
        place(modify.order_id, modify.sequence, side, modify.price, modify.quantity, false);
    }

    void flush() { transport_.flush(sink_); }
    BareBook& book() { return book_; }

  private:
    static JudgeReport make(ReportType type, std::uint64_t sequence, std::uint64_t id,
                            std::uint8_t side) {
        JudgeReport report{};
        report.type = type;
        report.side = side;
        report.sequence = sequence;
        report.order_id = id;
        return report;
    }
    void push(const JudgeReport& report) {
        while (transport_.push(sink_, &report) == 0) {
        }
    }

    void place(std::uint64_t id, std::uint64_t sequence, Side side, std::int64_t price,
               std::uint32_t quantity, bool ioc) {
        const std::uint64_t left = book_.match(
            side, price, quantity,
            [&](OrderSlot slot, const RestingOrder& maker, std::int64_t at, std::uint64_t fill) {
                JudgeReport report = make(trade, sequence, 0, 0);
                report.price = at;
                report.quantity = static_cast<std::uint32_t>(fill);
                report.maker_id = ids_[slot];
                report.taker_id = id;
                if (fill == maker.quantity) index_.take(report.maker_id);
                push(report);
            });
        if (left == 0) return;
        if (ioc) {
            JudgeReport report = make(cancel_ack, sequence, id, static_cast<std::uint8_t>(side));
            report.price = price;
            return push(report);
        }
        const OrderSlot slot = book_.rest(side, price, left, 0);
        if (slot >= ids_.size()) ids_.resize(slot + 1);
        ids_[slot] = id;
        index_.put(id, slot);
    }

    JudgeTransport transport_;
    void* sink_;
    OrderPool pool_;
    BareBook book_;
    OrderIndex index_;
    std::vector<std::uint64_t> ids_;
};

std::unique_ptr<Adapter> adapter;

}  // namespace

extern "C" {

void engine_init(std::uint64_t, const JudgeTransport* transport, void* sink) {
    adapter = std::make_unique<Adapter>(*transport, sink);
}
void engine_shutdown() {
    adapter.reset();
}
void engine_on_new_order(const JudgeNewOrder* order) {
    adapter->on_new(*order);
}
void engine_on_cancel(const JudgeCancel* cancel) {
    adapter->on_cancel(*cancel);
}
void engine_on_modify(const JudgeModify* modify) {
    adapter->on_modify(*modify);
}
void engine_flush() {
    adapter->flush();
}
std::int64_t engine_query_best_bid() {
    return adapter->book().best(Side::buy).value_or(std::numeric_limits<std::int64_t>::min());
}
std::int64_t engine_query_best_ask() {
    return adapter->book().best(Side::sell).value_or(std::numeric_limits<std::int64_t>::max());
}
std::uint64_t engine_query_depth_at(std::int64_t price, std::uint8_t side) {
    return adapter->book().quantity_at(static_cast<Side>(side), price);
}
}

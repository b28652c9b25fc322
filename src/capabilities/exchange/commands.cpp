#include "capabilities/exchange/commands.hpp"

namespace astro::exchange {

std::string csv_line(const BookTrade& trade) {
    std::string out = std::to_string(trade.seq);
    const auto add = [&](auto value) { out.append(1, ',').append(std::to_string(value)); };
    add(trade.symbol);
    add(trade.taker);
    add(trade.maker);
    add(trade.price);
    add(trade.quantity);
    return out;
}

BareBook& Matcher::book(std::uint32_t symbol) {
    const auto next = static_cast<std::uint32_t>(books_.size());
    const auto [at, is_new] = book_of_.emplace(symbol, next);
    if (is_new) books_.emplace_back(pool_, next);
    return books_[at->second];
}

Result<void> Matcher::cancel(const Operation& operation) {
    const auto found = slot_of_.find(operation.order_id);
    if (found == slot_of_.end()) return {};
    BareBook& from = book(operation.symbol);
    if (&from != &books_[BareBook::book_of(pool_[found->second])])
        return refusal("bad_operation", "order " + std::to_string(operation.order_id) +
                                            " rests under another symbol than " +
                                            std::to_string(operation.symbol));
    from.cancel(found->second);
    slot_of_.erase(found);
    return {};
}

Result<void> Matcher::apply(const SequencedOperation& sequenced, const Sink& sink) {
    const Operation& operation = sequenced.operation;
    if (operation.type == OperationType::cancel) return cancel(operation);
    if (slot_of_.contains(operation.order_id))
        return refusal("bad_operation", "order_id " + std::to_string(operation.order_id) +
                                            " rests already; each order has its own");
    BareBook& in = book(operation.symbol);
    const std::uint64_t left = in.match(
        operation.side, operation.price, operation.quantity,
        [&](OrderSlot, const RestingOrder& maker, std::int64_t price, std::uint64_t quantity) {
            sink({sequenced.seq, operation.symbol, operation.order_id, maker.owner, price,
                  quantity});
            if (quantity == maker.quantity) slot_of_.erase(maker.owner);
        });
    if (left > 0 && operation.type == OperationType::add)
        slot_of_[operation.order_id] =
            in.rest(operation.side, operation.price, left, operation.order_id);
    return {};
}

}  // namespace astro::exchange

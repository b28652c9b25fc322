#include "capabilities/exchange/account_mentions.hpp"

namespace astro::exchange {
namespace {

class Finder {
  public:
    Finder(const Events& events, const Venue& venue) : events_(events), venue_(venue) {}

    std::vector<Mention> take() {
        for (; at_ < events_.size(); ++at_) std::visit(*this, events_[at_]);
        return std::move(out_);
    }

    void operator()(const Refused&) {}
    void operator()(const BatchItem&) {}
    void operator()(const OrderPegged& e) {
        if (const auto account = account_of(e.order)) add(*account);
    }
    void operator()(const ConditionalAccepted& e) { add(e.spec.account); }
    void operator()(const Traded& e) {
        add(e.taker, true);
        add(e.maker);
    }
    void operator()(const OrderReduced& e) {
        if (const auto account = account_of(e.order)) add(*account);
    }
    /// After OrderClosed of the order that waited.
    void operator()(const OrderTriggered& e) {
        if (const auto account = account_of(e.waited)) add(*account);
    }
    void operator()(const Deleveraged& e) {
        add(e.account, true);
        add(e.against);
    }
    void operator()(const WithdrawalChanged& e) { add(e.withdrawal->account); }
    template <class E>
    void operator()(const E& e) {
        if constexpr (requires { AccountId{e.account}; }) add(e.account);
    }

  private:
    void add(AccountId account, bool takes = false) {
        out_.push_back({static_cast<std::uint32_t>(at_), account, takes});
    }
    /// Whose an order is that was open when the command came, or that it placed.
    [[nodiscard]] std::optional<AccountId> account_of(OrderId order) const {
        if (const auto resting = venue_.find_order(order)) return resting->account;
        for (const Event& event : events_) {
            if (const auto* closed = std::get_if<OrderClosed>(&event);
                closed != nullptr && closed->order == order)
                return closed->account;
            if (const auto* accepted = std::get_if<OrderAccepted>(&event);
                accepted != nullptr && accepted->order == order)
                return accepted->account;
        }
        return std::nullopt;
    }

    const Events& events_;
    const Venue& venue_;
    std::size_t at_ = 0;
    std::vector<Mention> out_;
};

}  // namespace

std::vector<Mention> mentions_of(const Events& events, const Venue& venue) {
    return Finder(events, venue).take();
}

}  // namespace astro::exchange

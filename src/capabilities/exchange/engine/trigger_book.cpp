#include "capabilities/exchange/engine/trigger_book.hpp"

#include <algorithm>

#include "capabilities/exchange/engine/rounding.hpp"

namespace astro::exchange {

bool waits_for_rise(const Conditional& conditional) {
    const bool buys = conditional.order.side == Side::buy;
    return conditional.trigger.kind == TriggerKind::take_profit ? !buys : buys;
}

bool is_met(const Conditional& conditional, Price price) {
    if (price == Price{0}) return false;
    return waits_for_rise(conditional) ? price >= conditional.trigger.price
                                       : price <= conditional.trigger.price;
}

std::set<TriggerBook::Key>& TriggerBook::set_of(const Conditional& conditional) {
    Waiting& waiting = by_source_[static_cast<std::size_t>(conditional.trigger.source)];
    return waits_for_rise(conditional) ? waiting.for_rise : waiting.for_fall;
}

void TriggerBook::add(const Conditional& conditional, std::uint32_t place) {
    set_of(conditional).insert({conditional.trigger.price, conditional.id, place});
    if (conditional.trigger.kind == TriggerKind::trailing) trailing_.push_back(place);
    ++count_;
}

void TriggerBook::remove(const Conditional& conditional, std::uint32_t place) {
    set_of(conditional).erase({conditional.trigger.price, conditional.id, place});
    if (conditional.trigger.kind == TriggerKind::trailing)
        trailing_.erase(std::ranges::find(trailing_, place));
    --count_;
}

std::optional<std::uint32_t> TriggerBook::find_met(const TriggerPrices& prices) const {
    for (const auto source : {TriggerSource::mark, TriggerSource::index, TriggerSource::last}) {
        const Price price = prices.of(source);
        if (price == Price{0}) continue;
        const Waiting& waiting = by_source_[static_cast<std::size_t>(source)];
        if (!waiting.for_fall.empty()) {
            // The highest first; of one price the oldest.
            const Price highest = waiting.for_fall.rbegin()->price;
            if (price <= highest) return waiting.for_fall.lower_bound({.price = highest})->place;
        }
        if (!waiting.for_rise.empty() && price >= waiting.for_rise.begin()->price)
            return waiting.for_rise.begin()->place;
    }
    return std::nullopt;
}

bool trail(Conditional& conditional, Price price) {
    constexpr std::int64_t kBps = 10'000;
    const bool buys = conditional.order.side == Side::buy;
    if (price == Price{0} || (conditional.extreme != Price{0} &&
                              (buys ? price >= conditional.extreme : price <= conditional.extreme)))
        return false;
    conditional.extreme = price;
    const Int128 distance =
        divide_down<kBps>(static_cast<Int128>(price.value()) * conditional.trigger.trail_bps);
    conditional.trigger.price =
        Price{price.value() + (buys ? 1 : -1) * static_cast<std::int64_t>(distance)};
    return true;
}

}  // namespace astro::exchange

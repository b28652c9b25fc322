#include "server/traders/quoting.hpp"

#include <algorithm>
#include <charconv>

namespace astro::traders {
namespace {

constexpr std::int64_t kWhole = 1'000'000;  ///< hundredths of a basis point

/// value * part / kWhole, toward zero.
std::int64_t part_of(std::int64_t value, std::int64_t part) {
    return static_cast<std::int64_t>(static_cast<Int128>(value) * part / kWhole);
}

Price to_tick(std::int64_t price, Price tick, Side side) {
    const std::int64_t whole = price / tick.value();
    const bool up = side == Side::sell && price % tick.value() != 0;
    return Price{(whole + (up ? 1 : 0)) * tick.value()};
}

/// The middle of the quotes: fair, moved against the position.
std::int64_t centre_of(const QuoteSettings& settings, const QuoteView& view) {
    const std::int64_t most = settings.position_max.value();
    if (most == 0) return view.fair.value();
    const std::int64_t position = std::clamp(view.position.value(), -most, most);
    const auto moved =
        static_cast<std::int64_t>(static_cast<Int128>(settings.skew) * position / most);
    return view.fair.value() - part_of(view.fair.value(), moved);
}

/// How much of a side may still be filled before the position is as large as it may be.
std::int64_t room_of(const QuoteSettings& settings, const QuoteView& view, Side side) {
    const std::int64_t position = view.position.value() * (side == Side::buy ? 1 : -1);
    return std::max<std::int64_t>(0, settings.position_max.value() - position);
}

/// A maker makes: whoever stands inside the spread is left to others.
Price clear_of_others(Price price, const MarketRules& rules, const QuoteView& view, Side side) {
    if (side == Side::buy && view.best_ask) return std::min(price, *view.best_ask - rules.tick);
    if (side == Side::sell && view.best_bid) return std::max(price, *view.best_bid + rules.tick);
    return price;
}

bool is_large_enough(const MarketRules& rules, Price price, Base size) {
    if (size < rules.size_min || size <= Base{0}) return false;
    const Int128 notional = static_cast<Int128>(price.value()) * size.value() / exchange::kBaseUnit;
    return notional >= rules.notional_min.value();
}

}  // namespace

std::vector<DesiredQuote> desired_quotes(const QuoteSettings& settings, const MarketRules& rules,
                                         const QuoteView& view) {
    std::vector<DesiredQuote> out;
    if (view.fair <= Price{0}) return out;
    const std::int64_t centre = centre_of(settings, view);
    for (const Side side : {Side::buy, Side::sell}) {
        const std::int64_t sign = side == Side::buy ? -1 : 1;
        std::int64_t room = room_of(settings, view, side);
        for (std::int64_t level = 0; level < settings.levels; ++level) {
            const std::int64_t distance = settings.spread / 2 + level * settings.step;
            const Price price = clear_of_others(
                to_tick(centre + sign * part_of(centre, distance), rules.tick, side), rules, view,
                side);
            const std::int64_t lots = std::min(settings.size.value(), room) / rules.lot.value();
            const Base size{lots * rules.lot.value()};
            if (price <= Price{0} || price > rules.price_max ||
                !is_large_enough(rules, price, size))
                break;
            room -= size.value();
            out.push_back({{side, level}, price, size});
        }
    }
    return out;
}

std::vector<QuoteChange> changes_toward(const QuoteSettings& settings,
                                        const std::vector<DesiredQuote>& desired,
                                        const std::vector<RestingQuote>& resting) {
    std::vector<QuoteChange> cancels, up, down;
    const auto wanted = [&](const Slot& slot) {
        return std::ranges::find_if(desired, [&](const auto& quote) { return quote.slot == slot; });
    };
    for (const auto& order : resting)
        if (wanted(order.slot) == desired.end())
            cancels.push_back({QuoteChange::Kind::cancel, order.slot, order.order, {}, {}});
    for (const auto& quote : desired) {
        const auto order = std::ranges::find_if(
            resting, [&](const auto& candidate) { return candidate.slot == quote.slot; });
        if (order == resting.end()) {
            // A new order meets nothing of ours when those that move away went first.
            (quote.slot.side == Side::buy ? up : down)
                .push_back({QuoteChange::Kind::place, quote.slot, {}, quote.price, quote.size});
            continue;
        }
        const std::int64_t off = std::abs((quote.price - order->price).value());
        const Base open = order->size - order->filled;
        const bool stays = off <= part_of(quote.price.value(), settings.tolerance);
        if (stays && open <= quote.size && open.value() * 2 >= quote.size.value()) continue;
        auto& list = quote.price > order->price ? up : down;
        list.push_back({QuoteChange::Kind::amend, quote.slot, order->order, quote.price,
                        order->filled + quote.size});
    }
    // Prices that go up: asks first, best last; prices that go down: bids first.
    const auto by_side = [](Side first) {
        return [first](const QuoteChange& a, const QuoteChange& b) {
            return (a.slot.side == first) > (b.slot.side == first);
        };
    };
    std::stable_sort(up.begin(), up.end(), by_side(Side::sell));
    std::stable_sort(down.begin(), down.end(), by_side(Side::buy));
    cancels.insert(cancels.end(), up.begin(), up.end());
    cancels.insert(cancels.end(), down.begin(), down.end());
    return cancels;
}

std::string client_id_of(std::string_view market, const Slot& slot) {
    return "q:" + std::string(market) + (slot.side == Side::buy ? ":b" : ":a") +
           std::to_string(slot.level);
}

std::optional<Slot> slot_of(std::string_view market, std::string_view client_id) {
    const std::string prefix = "q:" + std::string(market) + ":";
    if (!client_id.starts_with(prefix)) return std::nullopt;
    client_id.remove_prefix(prefix.size());
    if (client_id.size() < 2 || (client_id[0] != 'a' && client_id[0] != 'b')) return std::nullopt;
    Slot out{.side = client_id[0] == 'b' ? Side::buy : Side::sell};
    const char* last = client_id.data() + client_id.size();
    const auto [end, error] = std::from_chars(client_id.data() + 1, last, out.level);
    if (error != std::errc{} || end != last || out.level < 0) return std::nullopt;
    return out;
}

std::optional<std::int64_t> parse_bps(std::string_view text) {
    constexpr std::string_view kUnit = "bps";
    if (!text.ends_with(kUnit)) return std::nullopt;
    text.remove_suffix(kUnit.size());
    std::int64_t out = 0;
    if (!exchange::parse_decimal(text, 2, out) || out <= 0 || out >= kWhole) return std::nullopt;
    return out;
}

}  // namespace astro::traders

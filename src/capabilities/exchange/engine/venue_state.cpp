#include "capabilities/exchange/engine/venue_state.hpp"

#include <algorithm>

namespace astro::exchange {
namespace {

std::uint32_t count_of(const auto& items) {
    return static_cast<std::uint32_t>(items.size());
}

void save_list(StateWriter& io, const auto& items) {
    io(count_of(items));
    for (const auto& item : items) io(item);
}

/// Of an unordered map: in the order of the keys.
auto sorted(const auto& map) {
    using Map = std::remove_cvref_t<decltype(map)>;
    std::vector<std::pair<typename Map::key_type, const typename Map::mapped_type*>> out;
    out.reserve(map.size());
    for (const auto& [key, value] : map) out.emplace_back(key, &value);
    std::ranges::sort(out, {}, [](const auto& entry) { return entry.first; });
    return out;
}

}  // namespace

SavedOrder VenueState::to_saved(const RestingOrder& resting, const OrderInfo& info,
                                const Venue& venue) {
    // Rebuilt: owner, the place of the name; next and previous are the order of saving.
    const auto& [next, previous, price, quantity, account, book_side] = resting;
    const auto& [id, hidden, display, size, adverse, expires, owner, client_id, leg, reduce_only,
                 has_builder, pegged, post_only, self_trade] = info;
    SavedOrder out{.id = id,
                   .book_side = book_side,
                   .price = price,
                   .quantity = quantity,
                   .account = AccountId{account},
                   .size = size,
                   .adverse = adverse,
                   .leg = leg,
                   .reduce_only = reduce_only,
                   .post_only = post_only,
                   .self_trade = self_trade};
    if (client_id != 0) out.client_id = venue.client_ids_.name(client_id);
    if (display != 0) out.iceberg = {hidden, display};
    if (expires != TimeMs{0}) out.expires = expires;
    if (has_builder) {
        const auto& fee = venue.builder_fees_.at(id);
        out.builder = {fee.builder, fee.fee_ppm};
    }
    if (pegged) {
        const Market& market = venue.markets_[book_side / 2];
        const auto& [slot, offset, limit, target] = market.pegs.at(id);
        out.peg = {offset, limit, target};
    }
    return out;
}

void VenueState::save(StateWriter& io, const Venue& venue) {
    io(kStateVersion, venue);
    save_list(io, venue.assets_);
    for (std::size_t i = 0; i < venue.assets_.size(); ++i)
        io(venue.deposited_[i], venue.fund_assets_[i]);
    save_list(io, venue.markets_);
    io(count_of(venue.accounts_));
    for (const auto& account : venue.accounts_) {
        io(account);
        save_list(io, account.positions);
        save_list(io, account.orders);
        save_list(io, account.conditionals);
    }
    save_money(io, venue);
    save_list(io, venue.touched_);

    io(static_cast<std::uint32_t>(venue.orders_.slots()));
    save_list(io, venue.orders_.free_slots());
    save_auctions(io, venue);
    for (const auto& market : venue.markets_)
        for (const Side side : {Side::buy, Side::sell})
            market.book.for_each_level(side, [&](std::int64_t, const PriceLevel& level) {
                for (OrderSlot slot = level.head; slot != kNoOrder; slot = venue.orders_[slot].next)
                    io(to_saved(venue.orders_[slot], venue.infos_[slot], venue));
                return true;
            });

    io(count_of(venue.conditionals_));
    save_list(io, venue.free_conditionals_);
    for (const auto& conditional : venue.conditionals_)
        if (conditional.id != OrderId{0}) io(conditional);
    // Each pair stands there twice: under the older order here.
    io(static_cast<std::uint32_t>(venue.partners_.size() / 2));
    for (const auto& [order, partner] : sorted(venue.partners_))
        if (order < *partner) io(order, *partner);
    io(count_of(venue.brackets_));
    for (const auto& [order, bracket] : sorted(venue.brackets_)) io(order, *bracket);
    save_votes(io, venue);
}

void Venue::save(const std::function<void(ByteView)>& sink) const {
    StateWriter io(sink);
    VenueState::save(io, *this);
    io.flush();
}

void Venue::save(Bytes& out) const {
    save([&out](ByteView piece) { out.insert(out.end(), piece.begin(), piece.end()); });
}

}  // namespace astro::exchange

#include "capabilities/exchange/engine/venue_state.hpp"
#include "capabilities/exchange/engine/venue_state_checks.hpp"

/// Taker orders in their auctions, as bytes.
namespace astro::exchange {
using namespace state_checks;

namespace {

bool can_be(const TakerAuction& a, const Market& market, TimeMs now) {
    const std::int64_t most = market.settings.price_max.value();
    const auto lots_max = static_cast<std::uint64_t>(kMax / market.settings.lot_size.value());
    for (const Price price : {a.range.start, a.range.end})
        if (!within(price.value(), kPriceMax.value()) ||
            (!a.oracle_relative && (price <= Price{0} || price.value() > most)))
            return false;
    return a.limit >= 1 && a.limit <= market.ticks(market.settings.price_max) && a.lots >= 1 &&
           a.lots <= lots_max &&
           within(static_cast<Int128>(a.lots) * a.limit * market.tick_lot, kMax) &&
           is_counted(market, market.size(a.lots)) && within(a.size.value(), kMoneyMax) &&
           a.adverse >= Quote{0} && within(a.adverse.value(), kMax) &&
           (!a.reduces || a.adverse == Quote{0}) && is_time(a.expires) && is_time(a.opened) &&
           a.opened <= now && a.duration_ms >= 1 && a.duration_ms <= 60'000 &&
           a.last_moment() >= now &&
           (a.expires == TimeMs{0} || (a.rests && a.expires > a.last_moment()));
}

}  // namespace

void VenueState::save_auctions(StateWriter& io, const Venue& venue) {
    io(static_cast<std::uint32_t>(venue.auctions_.size()));
    for (const auto& [id, auction] : venue.auctions_)
        io(id, auction,
           auction.client_id == 0 ? ClientId() : venue.client_ids_.name(auction.client_id));
}

Result<void> VenueState::load_auctions(StateReader& io, Venue& venue, std::vector<bool>& used) {
    std::size_t count = 0;
    if (!io.count(sizeof(OrderId), count)) return io.error();
    if (count > kAuctionsMax || count > venue.orders_.live()) return bad("has too many auctions");
    OrderId previous{0};
    for (std::size_t i = 0; i < count; ++i) {
        OrderId id{};
        TakerAuction auction;
        ClientId name;
        if (!io(id, auction, name)) return io.error();
        const auto wrong = [&](std::string_view what) {
            return bad(std::string(what), "auction", id.value());
        };
        auction.slot = slot_in(id);
        const std::uint64_t accepted = id.value() >> kSlotBits;
        if (id <= previous || accepted == 0 || accepted > venue.orders_accepted_ ||
            auction.slot >= used.size() || used[auction.slot])
            return wrong("has a slot that is free, or another's");
        if (auction.market.value() >= venue.markets_.size() || !venue.has(auction.account))
            return wrong("is of no market, or nobody's");
        Market& market = venue.markets_[auction.market.value()];
        Account& account = venue.of(auction.account);
        Position* position = account.find(auction.market, auction.leg);
        if (position == nullptr || !can_be(auction, market, venue.now_)) return wrong("cannot be");
        if (auction.builder.fee_ppm > 1'000'000 || !venue.has(auction.builder.builder))
            return wrong("has a builder that cannot be");
        if (++account.auctions > kAccountAuctionsMax) return wrong("is one too many");
        if (!name.empty()) {
            if (venue.client_ids_.find(auction.account, name) != OrderId{0})
                return wrong("has the client id of another");
            auction.client_id = venue.client_ids_.add(auction.account, name, id);
        }
        const bool buys = auction.side == Side::buy;
        if (auction.reduces) {
            ++position->reduce_orders;
        } else {
            // Few and small: with what rests they are counted again in add_up().
            (buys ? position->open_buy : position->open_sell) += market.size(auction.lots);
            (buys ? position->adverse_buy : position->adverse_sell) += auction.adverse;
            const Base open = buys ? position->open_buy : position->open_sell;
            if (!is_counted(market, Base{std::abs(position->size.value()) + open.value()}))
                return wrong("adds up to more than is counted");
        }
        used[auction.slot] = true;
        venue.auctions_.emplace(id, auction);
        venue.auction_ends_.emplace(auction.last_moment(), id);
        previous = id;
    }
    return {};
}

}  // namespace astro::exchange

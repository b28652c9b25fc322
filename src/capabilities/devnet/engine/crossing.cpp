#include "capabilities/devnet/engine/crossing.hpp"

#include <algorithm>

#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/assets.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "capabilities/devnet/engine/sponsorship.hpp"

namespace astro::devnet {
namespace {

using End = Converted::End;

/// What one offer of the book gave.
struct Crossed {
    Exchanged exchanged;
    bool is_used_up = false;
};

/// The offer takes part with what its owner can give and take now; whatever the rounding leaves of
/// it stays in the book, adjusted.
Crossed cross_offer(Application& app, const Key& key, const Conversion& what,
                    std::int64_t sheep_max, std::int64_t wheat_max) {
    auto* entry = app.state.change(key);
    ASTRO_ASSERT(entry != nullptr);
    auto& offer = offer_in(*entry);
    release_liabilities(app, offer);
    auto sheep = Holding::of(app, offer.seller_id, what.sheep);
    auto wheat = Holding::of(app, offer.seller_id, what.wheat);
    const auto adjust = [&] {
        offer.amount =
            adjusted_amount(offer.price, std::min(offer.amount, wheat.can_sell()), sheep.can_buy());
    };
    adjust();
    const ExchangeLimits limits{std::min(offer.amount, wheat.can_sell()), wheat_max, sheep_max,
                                sheep.can_buy()};
    const Crossed out{exchange(offer.price, limits, what.rule)};
    const bool is_paid = sheep.add(out.exchanged.sheep) && wheat.add(-out.exchanged.wheat);
    ASTRO_ASSERT(is_paid);
    if (out.exchanged.wheat_stays) {
        offer.amount -= out.exchanged.wheat;
        adjust();
    } else {
        offer.amount = 0;
    }
    if (offer.amount > 0) {
        acquire_liabilities(app, offer);
        return out;
    }
    give_back_reserve(app, *entry, xdr::PublicKey(offer.seller_id));
    app.state.remove(key);
    return {out.exchanged, true};
}

xdr::ClaimAtom atom_of(const xdr::OfferEntry& offer, const Exchanged& exchanged) {
    return {xdr::ClaimAtomType::order_book,
            xdr::ClaimOfferAtom{offer.seller_id, offer.offer_id, offer.selling, exchanged.wheat,
                                offer.buying, exchanged.sheep}};
}

End end_of(OfferVerdict verdict) {
    return verdict == OfferVerdict::own ? End::own : End::worse_price;
}

/// The pool's share of a conversion, without changing the pool.
std::optional<PoolExchanged> try_pool(const Application& app, const Conversion& what) {
    if (what.crossed_max == 0) return std::nullopt;
    const auto* entry = app.state.find(pool_key(pool_of(what.sheep, what.wheat)));
    if (!entry) return std::nullopt;
    const auto& pool = pool_in(*entry);
    if (pool.reserve_a <= 0 || pool.reserve_b <= 0) return std::nullopt;
    const bool sends_a = what.sheep == pool.params.asset_a;
    const auto amount = what.rule == ExchangeRule::strict_send ? what.sheep_max : what.wheat_max;
    return exchange_with_pool(sends_a ? pool.reserve_a : pool.reserve_b,
                              sends_a ? pool.reserve_b : pool.reserve_a, amount, pool.params.fee,
                              what.rule);
}

Converted trade_with_pool(Application& app, const Conversion& what, const PoolExchanged& traded) {
    const auto id = pool_of(what.sheep, what.wheat);
    auto& pool = pool_in(*app.state.change(pool_key(id)));
    const bool sends_a = what.sheep == pool.params.asset_a;
    const bool is_moved = add_within(sends_a ? pool.reserve_a : pool.reserve_b, traded.sent) &&
                          add_within(sends_a ? pool.reserve_b : pool.reserve_a, -traded.received);
    ASTRO_ASSERT(is_moved);
    Converted out;
    out.sheep = traded.sent;
    out.wheat = traded.received;
    out.trail.push_back(
        {xdr::ClaimAtomType::liquidity_pool,
         xdr::ClaimLiquidityAtom{id, what.wheat, traded.received, what.sheep, traded.sent}});
    return out;
}

/// The book is strictly better: wheat for sheep, without division.
bool is_better(const Converted& book, const PoolExchanged& pool) {
    return book.end == End::done &&
           multiply(pool.sent, book.wheat) > multiply(pool.received, book.sheep);
}

}  // namespace

Converted convert_with_offers(Application& app, const Conversion& what, const OfferFilter& filter) {
    Converted out;
    std::int64_t sheep_left = what.sheep_max, wheat_left = what.wheat_max;
    const auto ended = [&](End end) {
        out.end = end;
        return out;
    };
    if (sheep_left == 0 || wheat_left == 0) return out;
    if (what.crossed_max == 0) return ended(End::too_many);
    while (const Book* book = app.state.book(what.wheat, what.sheep)) {
        const BookPlace best = *book->begin();
        const Key key = offer_key(best.seller, best.offer_id);
        const xdr::OfferEntry offer = offer_in(*app.state.find(key));
        if (const auto verdict = filter(offer); verdict != OfferVerdict::take)
            return ended(end_of(verdict));
        if (out.trail.size() >= what.crossed_max) return ended(End::too_many);
        const auto crossed = cross_offer(app, key, what, sheep_left, wheat_left);
        out.trail.push_back(atom_of(offer, crossed.exchanged));
        out.sheep += crossed.exchanged.sheep;
        out.wheat += crossed.exchanged.wheat;
        sheep_left -= crossed.exchanged.sheep;
        wheat_left -= crossed.exchanged.wheat;
        if (crossed.exchanged.wheat_stays || sheep_left == 0 || wheat_left == 0) return out;
        if (!crossed.is_used_up) return ended(End::book_ended);
    }
    return ended(End::book_ended);
}

Converted convert_by_the_better(Application& app, const Conversion& what,
                                const OfferFilter& filter) {
    const auto pool = try_pool(app, what);
    app.state.begin_step();
    auto book = convert_with_offers(app, what, filter);
    if (!pool || is_better(book, *pool)) {
        app.state.keep_step();
        return book;
    }
    app.state.undo_step();
    return trade_with_pool(app, what, *pool);
}

}  // namespace astro::devnet

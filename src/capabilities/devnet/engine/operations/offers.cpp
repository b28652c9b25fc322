#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/crossing.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::OperationType;
using Code = xdr::ManageSellOfferResultCode;

/// The three kinds in one: sheep are sold, wheat is bought, at a price of sheep.
struct Wish {
    Type type;
    xdr::Asset sheep, wheat;
    std::int64_t amount = 0;  ///< of sheep, or of wheat if it buys
    bool buys = false;
    xdr::Price price;  ///< wheat for one sheep
    std::int64_t offer_id = 0;
    bool is_passive = false;

    [[nodiscard]] bool deletes() const { return amount == 0; }
    [[nodiscard]] xdr::Liabilities promises() const {
        return buys ? liabilities_of_buying(price, amount) : liabilities_of(price, amount);
    }
};

/// Codes of the two kinds of result have the same numbers.
xdr::OperationResult refused(const Wish& wish, Code code) {
    if (wish.type == Type::manage_buy_offer)
        return tried_with<xdr::ManageBuyOfferResult>(
            wish.type, static_cast<xdr::ManageBuyOfferResultCode>(code));
    return tried_with<xdr::ManageSellOfferResult>(wish.type, code);
}

xdr::OperationResult done(const Wish& wish, xdr::ManageOfferSuccessResult success) {
    if (wish.type == Type::manage_buy_offer)
        return tried(wish.type, xdr::ManageBuyOfferResult{xdr::ManageBuyOfferResultCode::success,
                                                          std::move(success)});
    return tried(wish.type, xdr::ManageSellOfferResult{Code::success, std::move(success)});
}

std::optional<Code> check_trust(Application& app, const Wish& wish) {
    if (wish.deletes()) return std::nullopt;
    if (!is_native(wish.sheep)) {
        const auto sheep = Holding::look(app, app.source, wish.sheep);
        if (!sheep.exists()) return Code::sell_no_trust;
        if (sheep.balance() == 0) return Code::underfunded;
        if (!sheep.is_authorized()) return Code::sell_not_authorized;
    }
    const auto wheat = Holding::look(app, app.source, wish.wheat);
    if (!wheat.exists()) return Code::buy_no_trust;
    if (!wheat.is_authorized()) return Code::buy_not_authorized;
    return std::nullopt;
}

/// The offer as it will be, if anything of it stays.
xdr::LedgerEntry offer_of(const Application& app, const Wish& wish) {
    xdr::OfferEntry offer;
    offer.seller_id = app.source;
    offer.offer_id = wish.offer_id;
    offer.selling = wish.sheep;
    offer.buying = wish.wheat;
    offer.price = wish.price;
    offer.flags = wish.is_passive ? bits(xdr::OfferEntryFlags::passive_flag) : 0;
    return to_entry(std::move(offer));
}

/// Both limits as the account's holdings have them, and the wish beyond what was exchanged.
struct Limits {
    std::int64_t sheep = 0, wheat = 0;
};
Limits limits_of(Application& app, const Wish& wish, const Converted& so_far) {
    Limits out{Holding::look(app, app.source, wish.sheep).can_sell(),
               Holding::look(app, app.source, wish.wheat).can_buy()};
    if (wish.buys)
        out.wheat = std::min(out.wheat, wish.amount - so_far.wheat);
    else
        out.sheep = std::min(out.sheep, wish.amount - so_far.sheep);
    return out;
}

std::optional<Code> check_promises(Application& app, const Wish& wish) {
    const auto promises = wish.promises();
    if (Holding::look(app, app.source, wish.wheat).room() < promises.buying) return Code::line_full;
    if (Holding::look(app, app.source, wish.sheep).available() < promises.selling)
        return Code::underfunded;
    return limits_of(app, wish, {}).wheat == 0 ? std::optional(Code::line_full) : std::nullopt;
}

Converted cross(Application& app, const Wish& wish) {
    const auto limits = limits_of(app, wish, {});
    const xdr::Price price_max{wish.price.d, wish.price.n};
    return convert_with_offers(
        app, {wish.sheep, wish.wheat, limits.sheep, limits.wheat, ExchangeRule::offers},
        [&](const xdr::OfferEntry& offer) {
            const bool is_worse = is_less(price_max, offer.price) ||
                                  (wish.is_passive && !is_less(offer.price, price_max));
            if (is_worse) return OfferVerdict::worse_price;
            return offer.seller_id == app.source ? OfferVerdict::own : OfferVerdict::take;
        });
}

/// Pays for what was taken; returns what is left of the wish, as an offer can have it.
std::int64_t settle(Application& app, const Wish& wish, const Converted& taken) {
    if (taken.wheat > 0) {
        const bool is_settled = Holding::of(app, app.source, wish.wheat).add(taken.wheat) &&
                                Holding::of(app, app.source, wish.sheep).add(-taken.sheep);
        ASTRO_ASSERT(is_settled);
    }
    if (taken.end == Converted::End::done) return 0;
    const auto left = limits_of(app, wish, taken);
    return adjusted_amount(wish.price, left.sheep, left.wheat);
}

/// Takes the offer to be changed out of the book; its reserve stays until it is known whether one
/// comes in its place. False when there is none.
bool take_out(Application& app, Wish& wish, xdr::LedgerEntryExt& ext) {
    const Key key = offer_key(app.source, wish.offer_id);
    auto* entry = app.state.change(key);
    if (!entry) return false;
    release_liabilities(app, offer_in(*entry));
    wish.is_passive = offer_in(*entry).flags & bits(xdr::OfferEntryFlags::passive_flag);
    ext = entry->ext;
    app.state.remove(key);
    return true;
}

xdr::ManageOfferSuccessResultOffer put_in(Application& app, const Wish& wish,
                                          xdr::LedgerEntry entry, std::int64_t amount) {
    if (amount == 0) {
        give_back_reserve(app, entry, app.source);
        return {xdr::ManageOfferEffect::deleted, std::monostate{}};
    }
    auto& offer = offer_in(entry);
    offer.amount = amount;
    if (wish.offer_id == 0) offer.offer_id = static_cast<std::int64_t>(++app.header.id_pool);
    const auto& kept = offer_in(app.state.create(std::move(entry)));
    acquire_liabilities(app, kept);
    return {wish.offer_id == 0 ? xdr::ManageOfferEffect::created : xdr::ManageOfferEffect::updated,
            kept};
}

xdr::OperationResult manage_offer(Application& app, Wish wish) {
    if (const auto code = check_trust(app, wish)) return refused(wish, *code);
    xdr::LedgerEntryExt ext;
    if (wish.offer_id != 0 && !take_out(app, wish, ext)) return refused(wish, Code::not_found);
    auto entry = offer_of(app, wish);
    entry.ext = ext;
    if (wish.offer_id == 0)
        if (const auto outcome = take_on_reserve(app, entry, app.source);
            outcome != ReserveOutcome::ok)
            return reserve_refused(outcome, refused(wish, Code::low_reserve));
    xdr::ManageOfferSuccessResult success;
    std::int64_t amount = 0;
    if (!wish.deletes()) {
        if (const auto code = check_promises(app, wish)) return refused(wish, *code);
        auto taken = cross(app, wish);
        if (taken.end == Converted::End::own) return refused(wish, Code::cross_self);
        if (taken.end == Converted::End::too_many)
            return not_tried(xdr::OperationResultCode::op_exceeded_work_limit);
        amount = settle(app, wish, taken);
        success.offers_claimed = std::move(taken.trail);
    }
    success.offer = put_in(app, wish, std::move(entry), amount);
    return done(wish, std::move(success));
}

}  // namespace

xdr::OperationResult apply(Application& app, const xdr::ManageSellOfferOp& op) {
    return manage_offer(app, {Type::manage_sell_offer, op.selling, op.buying, op.amount, false,
                              op.price, op.offer_id});
}

xdr::OperationResult apply(Application& app, const xdr::ManageBuyOfferOp& op) {
    // Its price is of what it buys: the offer in the book has the inverse.
    return manage_offer(app, {Type::manage_buy_offer,
                              op.selling,
                              op.buying,
                              op.buy_amount,
                              true,
                              {op.price.d, op.price.n},
                              op.offer_id});
}

xdr::OperationResult apply(Application& app, const xdr::CreatePassiveSellOfferOp& op) {
    return manage_offer(app, {Type::create_passive_sell_offer, op.selling, op.buying, op.amount,
                              false, op.price, 0, true});
}

}  // namespace astro::devnet

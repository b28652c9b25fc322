#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/crossing.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"
#include "chains/stellar/build/text.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::OperationType;

/// The reasons that all three kinds share; each has a code of its own for them.
enum class Failure {
    none,
    underfunded,
    src_no_trust,
    src_not_authorized,
    no_destination,
    no_trust,
    not_authorized,
    line_full,
    too_few_offers,
    offer_cross_self,
    too_many_offers,
};

/// Their codes have the same numbers from underfunded to line_full, and of paths those of offers.
template <class Code>
Code code_of(Failure failure) {
    switch (failure) {
        case Failure::underfunded:
            return Code::underfunded;
        case Failure::src_no_trust:
            return Code::src_no_trust;
        case Failure::src_not_authorized:
            return Code::src_not_authorized;
        case Failure::no_destination:
            return Code::no_destination;
        case Failure::no_trust:
            return Code::no_trust;
        case Failure::not_authorized:
            return Code::not_authorized;
        case Failure::line_full:
            return Code::line_full;
        default:
            break;
    }
    if constexpr (requires { Code::too_few_offers; }) {
        if (failure == Failure::too_few_offers) return Code::too_few_offers;
        if (failure == Failure::offer_cross_self) return Code::offer_cross_self;
    }
    ASTRO_ASSERT(failure == Failure::none);
    return Code::success;
}

template <class R>
xdr::OperationResult failed(Type type, Failure failure) {
    if (failure == Failure::too_many_offers)
        return not_tried(xdr::OperationResultCode::op_exceeded_work_limit);
    return tried_with<R>(type, code_of<decltype(R::code)>(failure));
}

Failure pay_in(Application& app, const xdr::PublicKey& to, const xdr::Asset& asset,
               std::int64_t amount) {
    auto holding = Holding::of(app, to, asset);
    if (!holding.exists()) return Failure::no_trust;
    if (!holding.is_authorized()) return Failure::not_authorized;
    return holding.add(amount) ? Failure::none : Failure::line_full;
}

Failure take_out(Application& app, const xdr::Asset& asset, std::int64_t amount) {
    auto holding = Holding::of(app, app.source, asset);
    if (!holding.exists()) return Failure::src_no_trust;
    if (!holding.is_authorized()) return Failure::src_not_authorized;
    if (holding.is_lumens() && holding.available() < amount) return Failure::underfunded;
    return holding.add(-amount) ? Failure::none : Failure::underfunded;
}

/// Credit can always go back to its issuer, even one that is no account any more.
bool needs_destination(const xdr::Asset& send, const xdr::Asset& receive, bool has_path,
                       const xdr::PublicKey& to) {
    return has_path || send != receive || !is_issuer(to, receive);
}

struct Hop {
    Failure failure = Failure::none;
    std::int64_t sheep = 0, wheat = 0;
};

/// One hop; the offers taken are put into `trail`, in front for paths walked from their end.
Hop convert_hop(Application& app, Conversion what, std::vector<xdr::ClaimAtom>& trail,
                bool in_front) {
    what.crossed_max = kCrossedMax - std::min(trail.size(), kCrossedMax);
    const auto done = convert_by_the_better(app, what, [&](const xdr::OfferEntry& offer) {
        return offer.seller_id == app.source ? OfferVerdict::own : OfferVerdict::take;
    });
    switch (done.end) {
        case Converted::End::own:
            return {Failure::offer_cross_self};
        case Converted::End::too_many:
            return {Failure::too_many_offers};
        case Converted::End::done:
            break;
        default:
            return {Failure::too_few_offers};
    }
    const bool is_exact = what.rule == ExchangeRule::strict_receive ? done.wheat == what.wheat_max
                                                                    : done.sheep == what.sheep_max;
    if (!is_exact) return {Failure::too_few_offers};
    trail.insert(in_front ? trail.begin() : trail.end(), done.trail.begin(), done.trail.end());
    return {Failure::none, done.sheep, done.wheat};
}

}  // namespace

xdr::OperationResult apply(Application& app, const xdr::PaymentOp& op) {
    const auto to = stellar::account_of(op.destination);
    Failure failure = Failure::none;
    if (!(is_native(op.asset) && to == app.source)) {
        if (needs_destination(op.asset, op.asset, false, to) && !app.find_account(to))
            failure = Failure::no_destination;
        if (failure == Failure::none) failure = pay_in(app, to, op.asset, op.amount);
        if (failure == Failure::none) failure = take_out(app, op.asset, op.amount);
    }
    return failed<xdr::PaymentResult>(Type::payment, failure);
}

xdr::OperationResult apply(Application& app, const xdr::PathPaymentStrictReceiveOp& op) {
    using Result = xdr::PathPaymentStrictReceiveResult;
    constexpr Type kType = Type::path_payment_strict_receive;
    const auto to = stellar::account_of(op.destination);
    if (needs_destination(op.send_asset, op.dest_asset, !op.path.empty(), to) &&
        !app.find_account(to))
        return failed<Result>(kType, Failure::no_destination);
    if (const auto failure = pay_in(app, to, op.dest_asset, op.dest_amount);
        failure != Failure::none)
        return failed<Result>(kType, failure);
    xdr::PathPaymentStrictReceiveResultSuccess success;
    success.last = {to, op.dest_asset, op.dest_amount};
    std::vector<xdr::Asset> back(op.path.rbegin(), op.path.rend());
    back.push_back(op.send_asset);
    xdr::Asset wheat = op.dest_asset;
    std::int64_t amount = op.dest_amount;
    for (const auto& sheep : back) {
        if (sheep == wheat) continue;
        const auto hop =
            convert_hop(app, {sheep, wheat, kAmountMax, amount, ExchangeRule::strict_receive},
                        success.offers, true);
        if (hop.failure != Failure::none) return failed<Result>(kType, hop.failure);
        amount = hop.sheep;
        wheat = sheep;
    }
    if (amount > op.send_max)
        return tried_with<Result>(kType, xdr::PathPaymentStrictReceiveResultCode::over_sendmax);
    if (const auto failure = take_out(app, op.send_asset, amount); failure != Failure::none)
        return failed<Result>(kType, failure);
    return tried(kType,
                 Result{xdr::PathPaymentStrictReceiveResultCode::success, std::move(success)});
}

xdr::OperationResult apply(Application& app, const xdr::PathPaymentStrictSendOp& op) {
    using Result = xdr::PathPaymentStrictSendResult;
    constexpr Type kType = Type::path_payment_strict_send;
    const auto to = stellar::account_of(op.destination);
    if (needs_destination(op.send_asset, op.dest_asset, !op.path.empty(), to) &&
        !app.find_account(to))
        return failed<Result>(kType, Failure::no_destination);
    if (const auto failure = take_out(app, op.send_asset, op.send_amount); failure != Failure::none)
        return failed<Result>(kType, failure);
    xdr::PathPaymentStrictSendResultSuccess success;
    std::vector<xdr::Asset> path = op.path;
    path.push_back(op.dest_asset);
    xdr::Asset sheep = op.send_asset;
    std::int64_t amount = op.send_amount;
    for (const auto& wheat : path) {
        if (wheat == sheep) continue;
        const auto hop =
            convert_hop(app, {sheep, wheat, amount, kAmountMax, ExchangeRule::strict_send},
                        success.offers, false);
        if (hop.failure != Failure::none) return failed<Result>(kType, hop.failure);
        amount = hop.wheat;
        sheep = wheat;
    }
    if (amount < op.dest_min)
        return tried_with<Result>(kType, xdr::PathPaymentStrictSendResultCode::under_destmin);
    if (const auto failure = pay_in(app, to, op.dest_asset, amount); failure != Failure::none)
        return failed<Result>(kType, failure);
    success.last = {to, op.dest_asset, amount};
    return tried(kType, Result{xdr::PathPaymentStrictSendResultCode::success, std::move(success)});
}

}  // namespace astro::devnet

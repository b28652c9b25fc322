#include <algorithm>

#include "capabilities/devnet/engine/arithmetic.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/hashes.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::OperationType;
using Create = xdr::CreateClaimableBalanceResultCode;
using Claim = xdr::ClaimClaimableBalanceResultCode;
using Claw = xdr::ClawbackResultCode;
using ClawBalance = xdr::ClawbackClaimableBalanceResultCode;
using Kind = xdr::ClaimPredicateType;

xdr::OperationResult created(Create code) {
    return tried_with<xdr::CreateClaimableBalanceResult>(Type::create_claimable_balance, code);
}
xdr::OperationResult claimed(Claim code) {
    return tried_with<xdr::ClaimClaimableBalanceResult>(Type::claim_claimable_balance, code);
}
xdr::OperationResult clawed(Claw code) {
    return tried_with<xdr::ClawbackResult>(Type::clawback, code);
}
xdr::OperationResult clawed_balance(ClawBalance code) {
    return tried_with<xdr::ClawbackClaimableBalanceResult>(Type::clawback_claimable_balance, code);
}

/// "Within 60 seconds" becomes a time when the balance is made.
void make_absolute(xdr::ClaimPredicate& predicate, std::uint64_t now_s) {
    if (auto* both = std::get_if<std::vector<xdr::ClaimPredicate>>(&predicate.value)) {
        for (auto& each : *both) make_absolute(each, now_s);
    } else if (auto* of =
                   std::get_if<std::optional<xdr::Box<xdr::ClaimPredicate>>>(&predicate.value)) {
        make_absolute(***of, now_s);
    } else if (predicate.type == Kind::before_relative_time) {
        auto& time = std::get<std::int64_t>(predicate.value);
        predicate.type = Kind::before_absolute_time;
        const auto room = static_cast<std::uint64_t>(kAmountMax - time);
        time = now_s > room ? kAmountMax : time + static_cast<std::int64_t>(now_s);
    }
}

bool is_met(const xdr::ClaimPredicate& predicate, std::uint64_t now_s) {
    switch (predicate.type) {
        case Kind::unconditional:
            return true;
        case Kind::and_:
        case Kind::or_: {
            const auto& both = std::get<std::vector<xdr::ClaimPredicate>>(predicate.value);
            const bool first = is_met(both[0], now_s), second = is_met(both[1], now_s);
            return predicate.type == Kind::and_ ? first && second : first || second;
        }
        case Kind::not_:
            return !is_met(
                **std::get<std::optional<xdr::Box<xdr::ClaimPredicate>>>(predicate.value), now_s);
        default:
            return static_cast<std::uint64_t>(std::get<std::int64_t>(predicate.value)) > now_s;
    }
}

/// The issuer's own credit can be clawed back if its account says so.
bool allows_clawback(Application& app, const xdr::Asset& asset, const Holding& from) {
    if (is_native(asset)) return false;
    if (const auto* line = from.line())
        return line->flags & bits(xdr::TrustLineFlags::trustline_clawback_enabled_flag);
    return app.find_account(app.source)->flags & bits(xdr::AccountFlags::clawback_enabled_flag);
}

}  // namespace

xdr::OperationResult apply(Application& app, const xdr::CreateClaimableBalanceOp& op) {
    app.touch_account(app.source);
    auto from = Holding::of(app, app.source, op.asset);
    if (!from.exists()) return created(Create::no_trust);
    if (!from.is_authorized()) return created(Create::not_authorized);
    if (!from.add(-op.amount)) return created(Create::underfunded);
    xdr::ClaimableBalanceEntry balance;
    balance.balance_id = stellar::xdr::claimable_balance_id(
        app.transaction_source, app.transaction_sequence, app.operation_index);
    balance.claimants = op.claimants;
    for (auto& claimant : balance.claimants)
        make_absolute(claimant.v0.predicate, app.header.scp_value.close_time);
    balance.asset = op.asset;
    balance.amount = op.amount;
    if (allows_clawback(app, op.asset, from))
        balance.ext = {
            1, xdr::ClaimableBalanceEntryExtensionV1{
                   {}, bits(xdr::ClaimableBalanceFlags::claimable_balance_clawback_enabled_flag)}};
    const auto id = balance.balance_id;
    auto entry = to_entry(std::move(balance));
    const auto outcome = take_on_reserve(app, entry, app.source);
    if (outcome != ReserveOutcome::ok)
        return reserve_refused(outcome, created(Create::low_reserve));
    app.state.create(std::move(entry));
    return tried(Type::create_claimable_balance,
                 xdr::CreateClaimableBalanceResult{Create::success, id});
}

xdr::OperationResult apply(Application& app, const xdr::ClaimClaimableBalanceOp& op) {
    const Key key = balance_key(op.balance_id);
    auto* entry = app.state.change(key);
    if (!entry) return claimed(Claim::does_not_exist);
    const auto& balance = balance_in(*entry);
    const auto mine = std::find_if(balance.claimants.begin(), balance.claimants.end(),
                                   [&](const auto& it) { return it.v0.destination == app.source; });
    if (mine == balance.claimants.end() ||
        !is_met(mine->v0.predicate, app.header.scp_value.close_time))
        return claimed(Claim::cannot_claim);
    auto to = Holding::of(app, app.source, balance.asset);
    if (!to.exists()) return claimed(Claim::no_trust);
    if (!to.is_authorized()) return claimed(Claim::not_authorized);
    if (!to.add(balance.amount)) return claimed(Claim::line_full);
    app.touch_account(app.source);
    give_back_reserve(app, *entry, app.source);
    app.state.remove(key);
    return claimed(Claim::success);
}

xdr::OperationResult apply(Application& app, const xdr::ClawbackOp& op) {
    auto from = Holding::of(app, stellar::account_of(op.from), op.asset);
    if (!from.exists()) return clawed(Claw::no_trust);
    if (!(from.line()->flags & bits(xdr::TrustLineFlags::trustline_clawback_enabled_flag)))
        return clawed(Claw::not_clawback_enabled);
    return clawed(from.add_unasked(-op.amount) ? Claw::success : Claw::underfunded);
}

xdr::OperationResult apply(Application& app, const xdr::ClawbackClaimableBalanceOp& op) {
    const Key key = balance_key(op.balance_id);
    auto* entry = app.state.change(key);
    if (!entry) return clawed_balance(ClawBalance::does_not_exist);
    const auto& balance = balance_in(*entry);
    if (!is_issuer(app.source, balance.asset)) return clawed_balance(ClawBalance::not_issuer);
    if (!is_clawback_enabled(balance)) return clawed_balance(ClawBalance::not_clawback_enabled);
    app.touch_account(app.source);
    give_back_reserve(app, *entry, app.source);
    app.state.remove(key);
    return clawed_balance(ClawBalance::success);
}

}  // namespace astro::devnet

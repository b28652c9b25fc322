#include "capabilities/devnet/engine/assets.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/holding.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/pools.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"
#include "chains/stellar/xdr/hashes.hpp"

/// An issuer says who may hold its asset. Whoever loses it in full loses the offers with it, and
/// his pool shares become balances to be claimed (CAP-38).
namespace astro::devnet {
namespace {

using Type = xdr::OperationType;
using Allow = xdr::AllowTrustResultCode;
using Flags = xdr::SetTrustLineFlagsResultCode;

xdr::OperationResult allowed(Allow code) {
    return tried_with<xdr::AllowTrustResult>(Type::allow_trust, code);
}
xdr::OperationResult flagged(Flags code) {
    return tried_with<xdr::SetTrustLineFlagsResult>(Type::set_trust_line_flags, code);
}

void remove_offers(Application& app, const xdr::PublicKey& account, const xdr::Asset& asset) {
    for (const Key& key : app.state.keys_of(account, xdr::LedgerEntryType::offer)) {
        const auto& seen = offer_in(*app.state.find(key));
        if (seen.selling != asset && seen.buying != asset) continue;
        auto& entry = *app.state.change(key);
        release_liabilities(app, offer_in(entry));
        give_back_reserve(app, entry, account);
        app.state.remove(key);
    }
}

xdr::ClaimableBalanceID revoked_balance_id(const Application& app, const xdr::PoolID& pool,
                                           const xdr::Asset& asset) {
    return {stellar::xdr::hash_of(
        {xdr::EnvelopeType::pool_revoke_op_id,
         xdr::HashIDPreimageRevokeID{app.transaction_source, app.transaction_sequence,
                                     app.operation_index, pool, asset}})};
}

/// What a pool gives back for shares, as a balance that whoever paid for the shares' reserve pays
/// for, be he short of lumens or not; unless he is sponsored just now.
ReserveOutcome redeem(Application& app, const xdr::PublicKey& account, const xdr::PoolID& pool,
                      const xdr::Asset& asset, std::int64_t amount, const xdr::PublicKey& payer) {
    if (amount == 0 || is_issuer(account, asset)) return ReserveOutcome::ok;
    xdr::ClaimableBalanceEntry balance;
    balance.balance_id = revoked_balance_id(app, pool, asset);
    balance.claimants = {{{account, {}}}};
    balance.asset = asset;
    balance.amount = amount;
    if (!is_native(asset)) {
        const auto* line = app.state.change(line_key(account, asset));
        if (line_in(*line).flags & bits(xdr::TrustLineFlags::trustline_clawback_enabled_flag))
            balance.ext = {
                1,
                xdr::ClaimableBalanceEntryExtensionV1{
                    {}, bits(xdr::ClaimableBalanceFlags::claimable_balance_clawback_enabled_flag)}};
    }
    auto entry = to_entry(std::move(balance));
    if (app.sponsor_for(payer)) {
        if (const auto outcome = take_on_reserve(app, entry, payer); outcome != ReserveOutcome::ok)
            return outcome;
    } else {
        establish_sponsorship(app, entry, payer);
    }
    app.state.create(std::move(entry));
    return ReserveOutcome::ok;
}

ReserveOutcome redeem_shares(Application& app, const xdr::PublicKey& account, const Key& key) {
    auto& entry = *app.state.change(key);
    const auto payer = sponsor_of(entry).value_or(account);
    const auto shares = line_in(entry).balance;
    const auto id = std::get<xdr::PoolID>(line_in(entry).asset.value);
    give_back_reserve(app, entry, account);
    app.state.remove(key);
    auto& pool = pool_in(*app.state.change(pool_key(id)));
    if (shares != 0) {
        const auto a = share_of(shares, pool.total_pool_shares, pool.reserve_a);
        const auto b = share_of(shares, pool.total_pool_shares, pool.reserve_b);
        if (const auto outcome = redeem(app, account, id, pool.params.asset_a, a, payer);
            outcome != ReserveOutcome::ok)
            return outcome;
        if (const auto outcome = redeem(app, account, id, pool.params.asset_b, b, payer);
            outcome != ReserveOutcome::ok)
            return outcome;
        pool.total_pool_shares -= shares;
        pool.reserve_a -= a;
        pool.reserve_b -= b;
    }
    leave_pool(app, account, xdr::LiquidityPoolConstantProductParameters(pool.params));
    return ReserveOutcome::ok;
}

/// Nothing of the asset is left to be traded by the account.
ReserveOutcome withdraw_from_trade(Application& app, const xdr::PublicKey& account,
                                   const xdr::Asset& asset) {
    remove_offers(app, account, asset);
    for (const Key& key : app.state.keys_of(account, xdr::LedgerEntryType::trustline)) {
        const auto* id = std::get_if<xdr::PoolID>(&line_in(*app.state.find(key)).asset.value);
        if (!id) continue;
        const auto& pool = pool_in(*app.state.find(pool_key(*id)));
        if (pool.params.asset_a != asset && pool.params.asset_b != asset) continue;
        if (const auto outcome = redeem_shares(app, account, key); outcome != ReserveOutcome::ok)
            return outcome;
    }
    return ReserveOutcome::ok;
}

ReserveOutcome set_line_flags(Application& app, const xdr::PublicKey& trustor,
                              const xdr::Asset& asset, std::uint32_t flags) {
    const Key key = line_key(trustor, asset);
    const bool loses =
        may_keep_offers(line_in(*app.state.change(key))) && (flags & kTrustAuthorization) == 0;
    if (loses)
        if (const auto outcome = withdraw_from_trade(app, trustor, asset);
            outcome != ReserveOutcome::ok)
            return outcome;
    line_in(*app.state.change(key)).flags = flags;
    return ReserveOutcome::ok;
}

bool may_revoke(Application& app) {
    return app.find_account(app.source)->flags & bits(xdr::AccountFlags::revocable_flag);
}

}  // namespace

xdr::OperationResult apply(Application& app, const xdr::AllowTrustOp& op) {
    const bool revocable = may_revoke(app);
    if (!revocable && op.authorize == 0) return allowed(Allow::cant_revoke);
    const auto asset = asset_of(op.asset, app.source);
    const auto* entry = app.state.change(line_key(op.trustor, asset));
    if (!entry) return allowed(Allow::no_trust_line);
    const auto& line = line_in(*entry);
    const bool lessens =
        is_authorized(line) &&
        (op.authorize & bits(xdr::TrustLineFlags::authorized_to_maintain_liabilities_flag));
    if (!revocable && lessens) return allowed(Allow::cant_revoke);
    const auto outcome =
        set_line_flags(app, op.trustor, asset, (line.flags & ~kTrustAuthorization) | op.authorize);
    return outcome == ReserveOutcome::ok ? allowed(Allow::success)
                                         : reserve_refused(outcome, allowed(Allow::low_reserve));
}

xdr::OperationResult apply(Application& app, const xdr::SetTrustLineFlagsOp& op) {
    const bool clears = (op.clear_flags & kTrustAuthorization) != 0;
    const bool authorizes = op.set_flags & bits(xdr::TrustLineFlags::authorized_flag);
    if (!may_revoke(app) && clears && !authorizes) return flagged(Flags::cant_revoke);
    const auto* entry = app.state.change(line_key(op.trustor, op.asset));
    if (!entry) return flagged(Flags::no_trust_line);
    const auto flags = (line_in(*entry).flags & ~op.clear_flags) | op.set_flags;
    if ((flags & kTrustAuthorization) == kTrustAuthorization) return flagged(Flags::invalid_state);
    const auto outcome = set_line_flags(app, op.trustor, op.asset, flags);
    return outcome == ReserveOutcome::ok ? flagged(Flags::success)
                                         : reserve_refused(outcome, flagged(Flags::low_reserve));
}

}  // namespace astro::devnet

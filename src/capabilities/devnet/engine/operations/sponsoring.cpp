#include <algorithm>

#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"
#include "capabilities/devnet/engine/operations/signers.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::OperationType;
using Begin = xdr::BeginSponsoringFutureReservesResultCode;
using End = xdr::EndSponsoringFutureReservesResultCode;
using Revoke = xdr::RevokeSponsorshipResultCode;

xdr::OperationResult begun(Begin code) {
    return tried_with<xdr::BeginSponsoringFutureReservesResult>(
        Type::begin_sponsoring_future_reserves, code);
}
xdr::OperationResult ended(End code) {
    return tried_with<xdr::EndSponsoringFutureReservesResult>(Type::end_sponsoring_future_reserves,
                                                              code);
}
xdr::OperationResult revoked(Revoke code) {
    return tried_with<xdr::RevokeSponsorshipResult>(Type::revoke_sponsorship, code);
}

/// Who would pay for an entry that nobody sponsors: its owner; of a claimable balance its sponsor.
xdr::PublicKey owner_of(const xdr::LedgerEntry& entry) {
    switch (entry.data.type) {
        case xdr::LedgerEntryType::account:
            return account_in(entry).account_id;
        case xdr::LedgerEntryType::trustline:
            return line_in(entry).account_id;
        case xdr::LedgerEntryType::offer:
            return offer_in(entry).seller_id;
        case xdr::LedgerEntryType::data:
            return std::get<xdr::DataEntry>(entry.data.value).account_id;
        default:
            return sponsor_of(entry).value_or(xdr::PublicKey{});
    }
}

/// A reserve that goes from one payer to another: of `count` units, from the owner where there was
/// no sponsor, to the owner where there will be none.
struct Handover {
    xdr::PublicKey owner;
    std::optional<xdr::PublicKey> from, to;
    std::uint32_t count = 1;
    /// A claimable balance has nobody whose sponsored entries are counted.
    bool has_owner = true;
};

/// Whether the next payer can; then both sides' counts are changed.
ReserveOutcome hand_over(Application& app, const Handover& what) {
    const auto reserve = std::int64_t{what.count} * app.header.base_reserve;
    const auto& payer = app.need_account(what.to.value_or(what.owner));
    if (available(payer, app.header) < reserve) return ReserveOutcome::low_reserve;
    if (what.to) {
        const auto* counts = sponsorships(payer);
        const auto sum =
            std::uint64_t{counts ? counts->num_sponsoring : 0} + payer.num_sub_entries + what.count;
        if (sum > 0xFFFFFFFFU) return ReserveOutcome::too_many_sponsoring;
        need_sponsorships(app.need_account(*what.to)).num_sponsoring += what.count;
    }
    if (what.from) need_sponsorships(app.need_account(*what.from)).num_sponsoring -= what.count;
    if (!what.has_owner || what.from.has_value() == what.to.has_value()) return ReserveOutcome::ok;
    auto& sponsored = need_sponsorships(app.need_account(what.owner)).num_sponsored;
    if (what.to) sponsored += what.count;
    if (what.from) sponsored -= what.count;
    return ReserveOutcome::ok;
}

/// Who pays from now on: whoever sponsors the source, unless that is the owner himself.
std::optional<xdr::PublicKey> next_sponsor(const Application& app, const xdr::PublicKey& owner) {
    const auto sponsor = app.sponsor_for(app.source);
    return sponsor && *sponsor != owner ? sponsor : std::nullopt;
}

xdr::OperationResult revoke_entry(Application& app, const xdr::LedgerKey& of) {
    auto* entry = app.state.change(key_of(of));
    if (!entry) return revoked(Revoke::does_not_exist);
    const auto sponsor = sponsor_of(*entry);
    const auto owner = owner_of(*entry);
    if (sponsor.value_or(owner) != app.source) return revoked(Revoke::not_sponsor);
    const auto next = next_sponsor(app, owner);
    const bool is_balance = entry->data.type == xdr::LedgerEntryType::claimable_balance;
    if (!next && is_balance) return revoked(Revoke::only_transferable);
    if (!sponsor && !next) return revoked(Revoke::success);
    const auto outcome = hand_over(app, {owner, sponsor, next, reserves_of(*entry), !is_balance});
    if (outcome != ReserveOutcome::ok)
        return reserve_refused(outcome, revoked(Revoke::low_reserve));
    need_sponsor(*entry) = next;
    return revoked(Revoke::success);
}

xdr::OperationResult revoke_signer(Application& app, const xdr::RevokeSponsorshipOpSigner& of) {
    auto* account = app.change_account(of.account_id);
    if (!account) return revoked(Revoke::does_not_exist);
    const auto at = find_signer(*account, of.signer_key);
    if (!at) return revoked(Revoke::does_not_exist);
    const auto* counts = sponsorships(*account);
    const auto sponsor = counts ? counts->signer_sponsoring_i_ds.at(*at) : std::nullopt;
    if (sponsor.value_or(of.account_id) != app.source) return revoked(Revoke::not_sponsor);
    const auto next = next_sponsor(app, of.account_id);
    if (!sponsor && !next) return revoked(Revoke::success);
    const auto outcome = hand_over(app, {of.account_id, sponsor, next});
    if (outcome != ReserveOutcome::ok)
        return reserve_refused(outcome, revoked(Revoke::low_reserve));
    need_sponsorships(*account).signer_sponsoring_i_ds.at(*at) = next;
    return revoked(Revoke::success);
}

}  // namespace

xdr::OperationResult apply(Application& app, const xdr::BeginSponsoringFutureReservesOp& op) {
    if (app.sponsor_for(op.sponsored_id)) return begun(Begin::already_sponsored);
    if (app.is_sponsor(op.sponsored_id) || app.sponsor_for(app.source))
        return begun(Begin::recursive);
    app.sponsorships.emplace(op.sponsored_id.ed25519, app.source);
    return begun(Begin::success);
}

xdr::OperationResult apply_end_sponsoring(Application& app) {
    return ended(app.sponsorships.erase(app.source.ed25519) == 1 ? End::success
                                                                 : End::not_sponsored);
}

xdr::OperationResult apply(Application& app, const xdr::RevokeSponsorshipOp& op) {
    if (const auto* key = std::get_if<xdr::LedgerKey>(&op.value)) return revoke_entry(app, *key);
    return revoke_signer(app, xdr::arm_of<xdr::RevokeSponsorshipOpSigner>(op.value));
}

}  // namespace astro::devnet

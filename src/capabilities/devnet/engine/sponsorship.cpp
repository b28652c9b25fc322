#include "capabilities/devnet/engine/sponsorship.hpp"

#include <limits>

#include "capabilities/devnet/engine/entries.hpp"

namespace astro::devnet {
namespace {

using xdr::LedgerEntryType;

constexpr std::uint64_t kCountMax = std::numeric_limits<std::uint32_t>::max();

std::uint64_t sponsoring_count(const xdr::AccountEntry& account) {
    const auto* counts = sponsorships(account);
    return counts ? counts->num_sponsoring : 0;
}

bool sums_to_more(const xdr::AccountEntry& account, std::uint32_t count) {
    return sponsoring_count(account) + account.num_sub_entries + count > kCountMax;
}

bool has_too_many_subentries(const xdr::AccountEntry& account, std::uint32_t count) {
    return account.num_sub_entries > kSubentriesMax - count || sums_to_more(account, count);
}

bool is_subentry(const xdr::LedgerEntry& entry) {
    return entry.data.type != LedgerEntryType::account &&
           entry.data.type != LedgerEntryType::claimable_balance;
}

ReserveOutcome can_sponsor(const Application& app, const xdr::AccountEntry& sponsor,
                           std::uint32_t count) {
    if (available(sponsor, app.header) < std::int64_t{count} * app.header.base_reserve)
        return ReserveOutcome::low_reserve;
    if (sums_to_more(sponsor, count)) return ReserveOutcome::too_many_sponsoring;
    return ReserveOutcome::ok;
}

ReserveOutcome can_pay_alone(const Application& app, const xdr::LedgerEntry& entry,
                             const xdr::AccountEntry& owner) {
    if (entry.data.type == LedgerEntryType::account)
        return owner.balance < reserve_of(owner, app.header) ? ReserveOutcome::low_reserve
                                                             : ReserveOutcome::ok;
    const auto count = reserves_of(entry);
    if (has_too_many_subentries(owner, count)) return ReserveOutcome::too_many_subentries;
    return available(owner, app.header) < std::int64_t{count} * app.header.base_reserve
               ? ReserveOutcome::low_reserve
               : ReserveOutcome::ok;
}

}  // namespace

void establish_sponsorship(Application& app, xdr::LedgerEntry& entry,
                           const xdr::PublicKey& sponsor) {
    need_sponsor(entry) = sponsor;
    need_sponsorships(app.need_account(sponsor)).num_sponsoring += reserves_of(entry);
}

ReserveOutcome take_on_reserve(Application& app, xdr::LedgerEntry& entry,
                               const xdr::PublicKey& owner) {
    const bool is_account = entry.data.type == LedgerEntryType::account;
    const bool has_owner = entry.data.type != LedgerEntryType::claimable_balance;
    auto& holder = is_account ? account_in(entry) : app.need_account(owner);
    const auto count = reserves_of(entry);
    auto sponsor = app.sponsor_for(owner);
    if (!sponsor && !has_owner) sponsor = owner;
    if (!sponsor) {
        const auto outcome = can_pay_alone(app, entry, holder);
        if (outcome == ReserveOutcome::ok && is_subentry(entry)) holder.num_sub_entries += count;
        return outcome;
    }
    if (is_subentry(entry) && has_too_many_subentries(holder, count))
        return ReserveOutcome::too_many_subentries;
    if (const auto outcome = can_sponsor(app, app.need_account(*sponsor), count);
        outcome != ReserveOutcome::ok)
        return outcome;
    if (is_subentry(entry)) holder.num_sub_entries += count;
    if (has_owner) need_sponsorships(holder).num_sponsored += count;
    establish_sponsorship(app, entry, *sponsor);
    return ReserveOutcome::ok;
}

void give_back_reserve(Application& app, xdr::LedgerEntry& entry, const xdr::PublicKey& owner) {
    const auto count = reserves_of(entry);
    const bool has_owner = entry.data.type != LedgerEntryType::claimable_balance;
    if (is_subentry(entry)) app.need_account(owner).num_sub_entries -= count;
    const auto sponsor = sponsor_of(entry);
    if (!sponsor) return;
    need_sponsor(entry).reset();
    need_sponsorships(app.need_account(*sponsor)).num_sponsoring -= count;
    // An account that is about to go keeps its count: it goes with it.
    if (has_owner && entry.data.type != LedgerEntryType::account)
        need_sponsorships(app.need_account(owner)).num_sponsored -= count;
}

ReserveOutcome take_on_signer_reserve(Application& app, xdr::AccountEntry& account,
                                      std::size_t signer) {
    if (has_too_many_subentries(account, 1)) return ReserveOutcome::too_many_subentries;
    const auto sponsor = app.sponsor_for(account.account_id);
    if (!sponsor) {
        if (available(account, app.header) < app.header.base_reserve)
            return ReserveOutcome::low_reserve;
        ++account.num_sub_entries;
        return ReserveOutcome::ok;
    }
    auto& payer = app.need_account(*sponsor);
    if (const auto outcome = can_sponsor(app, payer, 1); outcome != ReserveOutcome::ok)
        return outcome;
    ++account.num_sub_entries;
    auto& counts = need_sponsorships(account);
    counts.signer_sponsoring_i_ds.at(signer) = sponsor;
    ++counts.num_sponsored;
    ++need_sponsorships(payer).num_sponsoring;
    return ReserveOutcome::ok;
}

void remove_signer(Application& app, xdr::AccountEntry& account, std::size_t signer) {
    const auto at = static_cast<std::ptrdiff_t>(signer);
    if (sponsorships(account)) {
        auto& counts = need_sponsorships(account);
        if (const auto sponsor = counts.signer_sponsoring_i_ds.at(signer)) {
            --counts.num_sponsored;
            --need_sponsorships(app.need_account(*sponsor)).num_sponsoring;
        }
        counts.signer_sponsoring_i_ds.erase(counts.signer_sponsoring_i_ds.begin() + at);
    }
    --account.num_sub_entries;
    account.signers.erase(account.signers.begin() + at);
}

}  // namespace astro::devnet

#include "capabilities/devnet/engine/entries.hpp"

#include "foundation/base/assert.hpp"

namespace astro::devnet {
namespace {

using xdr::LedgerEntryType;

xdr::AccountEntryExtensionV1& need_v1(xdr::AccountEntry& account) {
    if (account.ext.v == 0) account.ext = {1, xdr::AccountEntryExtensionV1{}};
    return std::get<xdr::AccountEntryExtensionV1>(account.ext.value);
}

xdr::TrustLineEntryExtV1& need_v1(xdr::TrustLineEntry& line) {
    if (line.ext.v == 0) line.ext = {1, xdr::TrustLineEntryExtV1{}};
    return std::get<xdr::TrustLineEntryExtV1>(line.ext.value);
}

template <class T>
xdr::LedgerEntry entry_of(LedgerEntryType type, T value) {
    xdr::LedgerEntry out;
    out.data.type = type;
    out.data.value = std::move(value);
    return out;
}

}  // namespace

xdr::LedgerEntry to_entry(xdr::AccountEntry account) {
    return entry_of(LedgerEntryType::account, std::move(account));
}
xdr::LedgerEntry to_entry(xdr::TrustLineEntry line) {
    return entry_of(LedgerEntryType::trustline, std::move(line));
}
xdr::LedgerEntry to_entry(xdr::OfferEntry offer) {
    return entry_of(LedgerEntryType::offer, std::move(offer));
}
xdr::LedgerEntry to_entry(xdr::DataEntry data) {
    return entry_of(LedgerEntryType::data, std::move(data));
}
xdr::LedgerEntry to_entry(xdr::ClaimableBalanceEntry balance) {
    return entry_of(LedgerEntryType::claimable_balance, std::move(balance));
}
xdr::LedgerEntry to_entry(xdr::LiquidityPoolEntry pool) {
    return entry_of(LedgerEntryType::liquidity_pool, std::move(pool));
}

xdr::Liabilities liabilities(const xdr::AccountEntry& account) {
    const auto* v1 = std::get_if<xdr::AccountEntryExtensionV1>(&account.ext.value);
    return v1 ? v1->liabilities : xdr::Liabilities{};
}
xdr::Liabilities liabilities(const xdr::TrustLineEntry& line) {
    const auto* v1 = std::get_if<xdr::TrustLineEntryExtV1>(&line.ext.value);
    return v1 ? v1->liabilities : xdr::Liabilities{};
}
const xdr::AccountEntryExtensionV2* sponsorships(const xdr::AccountEntry& account) {
    const auto* v1 = std::get_if<xdr::AccountEntryExtensionV1>(&account.ext.value);
    return v1 ? std::get_if<xdr::AccountEntryExtensionV2>(&v1->ext.value) : nullptr;
}
const xdr::AccountEntryExtensionV3* sequence_times(const xdr::AccountEntry& account) {
    const auto* v2 = sponsorships(account);
    return v2 ? std::get_if<xdr::AccountEntryExtensionV3>(&v2->ext.value) : nullptr;
}
std::int32_t pool_use_count(const xdr::TrustLineEntry& line) {
    const auto* v1 = std::get_if<xdr::TrustLineEntryExtV1>(&line.ext.value);
    const auto* v2 = v1 ? std::get_if<xdr::TrustLineEntryExtensionV2>(&v1->ext.value) : nullptr;
    return v2 ? v2->liquidity_pool_use_count : 0;
}
std::optional<xdr::PublicKey> sponsor_of(const xdr::LedgerEntry& entry) {
    const auto* v1 = std::get_if<xdr::LedgerEntryExtensionV1>(&entry.ext.value);
    return v1 ? v1->sponsoring_id : std::nullopt;
}

xdr::Liabilities& need_liabilities(xdr::AccountEntry& account) {
    return need_v1(account).liabilities;
}
xdr::Liabilities& need_liabilities(xdr::TrustLineEntry& line) {
    return need_v1(line).liabilities;
}
xdr::AccountEntryExtensionV2& need_sponsorships(xdr::AccountEntry& account) {
    auto& v1 = need_v1(account);
    if (v1.ext.v == 0) {
        xdr::AccountEntryExtensionV2 v2;
        v2.signer_sponsoring_i_ds.resize(account.signers.size());
        v1.ext = {2, std::move(v2)};
    }
    return std::get<xdr::AccountEntryExtensionV2>(v1.ext.value);
}
xdr::AccountEntryExtensionV3& need_sequence_times(xdr::AccountEntry& account) {
    auto& v2 = need_sponsorships(account);
    if (v2.ext.v == 0) v2.ext = {3, xdr::AccountEntryExtensionV3{}};
    return std::get<xdr::AccountEntryExtensionV3>(v2.ext.value);
}
std::int32_t& need_pool_use_count(xdr::TrustLineEntry& line) {
    auto& v1 = need_v1(line);
    if (v1.ext.v == 0) v1.ext = {2, xdr::TrustLineEntryExtensionV2{}};
    return std::get<xdr::TrustLineEntryExtensionV2>(v1.ext.value).liquidity_pool_use_count;
}
std::optional<xdr::PublicKey>& need_sponsor(xdr::LedgerEntry& entry) {
    if (entry.ext.v == 0) entry.ext = {1, xdr::LedgerEntryExtensionV1{}};
    return std::get<xdr::LedgerEntryExtensionV1>(entry.ext.value).sponsoring_id;
}

std::int64_t reserve_of(const xdr::AccountEntry& account, const xdr::LedgerHeader& header) {
    std::int64_t units = 2 + std::int64_t{account.num_sub_entries};
    if (const auto* sponsoring = sponsorships(account))
        units += std::int64_t{sponsoring->num_sponsoring} - sponsoring->num_sponsored;
    ASTRO_ASSERT(units >= 0);
    return units * header.base_reserve;
}

std::int64_t available(const xdr::AccountEntry& account, const xdr::LedgerHeader& header) {
    return account.balance - reserve_of(account, header) - liabilities(account).selling;
}

bool may_keep_offers(const xdr::TrustLineEntry& line) {
    return line.asset.type == xdr::AssetType::pool_share || (line.flags & kTrustAuthorization) != 0;
}

bool is_clawback_enabled(const xdr::ClaimableBalanceEntry& balance) {
    const auto* v1 = std::get_if<xdr::ClaimableBalanceEntryExtensionV1>(&balance.ext.value);
    return v1 && (v1->flags &
                  bits(xdr::ClaimableBalanceFlags::claimable_balance_clawback_enabled_flag)) != 0;
}

std::uint32_t reserves_of(const xdr::LedgerEntry& entry) {
    switch (entry.data.type) {
        case LedgerEntryType::account:
            return 2;
        case LedgerEntryType::trustline:
            return line_in(entry).asset.type == xdr::AssetType::pool_share ? 2 : 1;
        case LedgerEntryType::claimable_balance:
            return static_cast<std::uint32_t>(balance_in(entry).claimants.size());
        default:
            return 1;
    }
}

}  // namespace astro::devnet

#pragma once

#include <cstdint>
#include <optional>

#include "chains/stellar/xdr/ledger.hpp"

/// What entries say and how their extensions grow: an extension is there once its first value was
/// needed, and stays.
namespace astro::devnet {

namespace xdr = stellar::xdr;

inline constexpr std::uint32_t kSubentriesMax = 1000;

template <class E>
[[nodiscard]] constexpr std::uint32_t bits(E flag) {
    return static_cast<std::uint32_t>(flag);
}
inline constexpr std::uint32_t kTrustFlags =
    bits(xdr::TrustLineFlags::authorized_flag) |
    bits(xdr::TrustLineFlags::authorized_to_maintain_liabilities_flag) |
    bits(xdr::TrustLineFlags::trustline_clawback_enabled_flag);
/// Either of them lets offers stay.
inline constexpr std::uint32_t kTrustAuthorization =
    bits(xdr::TrustLineFlags::authorized_flag) |
    bits(xdr::TrustLineFlags::authorized_to_maintain_liabilities_flag);

[[nodiscard]] inline xdr::AccountEntry& account_in(xdr::LedgerEntry& entry) {
    return std::get<xdr::AccountEntry>(entry.data.value);
}
[[nodiscard]] inline const xdr::AccountEntry& account_in(const xdr::LedgerEntry& entry) {
    return std::get<xdr::AccountEntry>(entry.data.value);
}
[[nodiscard]] inline xdr::TrustLineEntry& line_in(xdr::LedgerEntry& entry) {
    return std::get<xdr::TrustLineEntry>(entry.data.value);
}
[[nodiscard]] inline const xdr::TrustLineEntry& line_in(const xdr::LedgerEntry& entry) {
    return std::get<xdr::TrustLineEntry>(entry.data.value);
}
[[nodiscard]] inline xdr::OfferEntry& offer_in(xdr::LedgerEntry& entry) {
    return std::get<xdr::OfferEntry>(entry.data.value);
}
[[nodiscard]] inline const xdr::OfferEntry& offer_in(const xdr::LedgerEntry& entry) {
    return std::get<xdr::OfferEntry>(entry.data.value);
}
[[nodiscard]] inline xdr::LiquidityPoolEntryBodyConstantProduct& pool_in(xdr::LedgerEntry& entry) {
    return std::get<xdr::LiquidityPoolEntry>(entry.data.value).body.constant_product;
}
[[nodiscard]] inline const xdr::LiquidityPoolEntryBodyConstantProduct& pool_in(
    const xdr::LedgerEntry& entry) {
    return std::get<xdr::LiquidityPoolEntry>(entry.data.value).body.constant_product;
}
[[nodiscard]] inline const xdr::ClaimableBalanceEntry& balance_in(const xdr::LedgerEntry& entry) {
    return std::get<xdr::ClaimableBalanceEntry>(entry.data.value);
}

[[nodiscard]] xdr::LedgerEntry to_entry(xdr::AccountEntry account);
[[nodiscard]] xdr::LedgerEntry to_entry(xdr::TrustLineEntry line);
[[nodiscard]] xdr::LedgerEntry to_entry(xdr::OfferEntry offer);
[[nodiscard]] xdr::LedgerEntry to_entry(xdr::DataEntry data);
[[nodiscard]] xdr::LedgerEntry to_entry(xdr::ClaimableBalanceEntry balance);
[[nodiscard]] xdr::LedgerEntry to_entry(xdr::LiquidityPoolEntry pool);

// Zero, or nullptr, where the extension is not there yet.
[[nodiscard]] xdr::Liabilities liabilities(const xdr::AccountEntry& account);
[[nodiscard]] xdr::Liabilities liabilities(const xdr::TrustLineEntry& line);
[[nodiscard]] const xdr::AccountEntryExtensionV2* sponsorships(const xdr::AccountEntry& account);
[[nodiscard]] const xdr::AccountEntryExtensionV3* sequence_times(const xdr::AccountEntry& account);
[[nodiscard]] std::int32_t pool_use_count(const xdr::TrustLineEntry& line);
[[nodiscard]] std::optional<xdr::PublicKey> sponsor_of(const xdr::LedgerEntry& entry);

// They make the extension, and those below it, where it is not there yet.
[[nodiscard]] xdr::Liabilities& need_liabilities(xdr::AccountEntry& account);
[[nodiscard]] xdr::Liabilities& need_liabilities(xdr::TrustLineEntry& line);
[[nodiscard]] xdr::AccountEntryExtensionV2& need_sponsorships(xdr::AccountEntry& account);
[[nodiscard]] xdr::AccountEntryExtensionV3& need_sequence_times(xdr::AccountEntry& account);
[[nodiscard]] std::int32_t& need_pool_use_count(xdr::TrustLineEntry& line);
[[nodiscard]] std::optional<xdr::PublicKey>& need_sponsor(xdr::LedgerEntry& entry);

/// The lumens that an account must keep: for itself two reserves, one for each entry that it pays
/// for.
[[nodiscard]] std::int64_t reserve_of(const xdr::AccountEntry& account,
                                      const xdr::LedgerHeader& header);
/// Of lumens, what is neither reserved nor promised; may be negative after the reserve was raised.
[[nodiscard]] std::int64_t available(const xdr::AccountEntry& account,
                                     const xdr::LedgerHeader& header);

[[nodiscard]] inline bool is_authorized(const xdr::TrustLineEntry& line) {
    return (line.flags & bits(xdr::TrustLineFlags::authorized_flag)) != 0;
}
/// Of pool shares always.
[[nodiscard]] bool may_keep_offers(const xdr::TrustLineEntry& line);
[[nodiscard]] bool is_clawback_enabled(const xdr::ClaimableBalanceEntry& balance);

/// How many reserves an entry costs.
[[nodiscard]] std::uint32_t reserves_of(const xdr::LedgerEntry& entry);

}  // namespace astro::devnet

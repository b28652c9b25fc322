#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chains/stellar/xdr/transaction.hpp"

/// What is known of the ledger when a transaction is looked at before it is sent. Amounts are
/// stroops.
namespace astro::stellar {

/// A trustline for an asset; those for shares of pools only count as entries.
struct TrustLine {
    xdr::Asset asset;
    std::int64_t balance = 0, limit = 0;
    std::int64_t buying_liabilities = 0, selling_liabilities = 0;  ///< of the account's offers
    bool is_authorized = true;
    bool may_keep_offers = true;  ///< authorized to maintain liabilities, if not in full
};

struct AccountView {
    xdr::PublicKey id;
    std::int64_t balance = 0;  ///< lumens
    std::int64_t buying_liabilities = 0, selling_liabilities = 0;
    std::int64_t sequence = 0;
    std::uint32_t subentries = 0, sponsoring = 0, sponsored = 0;
    std::uint32_t flags = 0;
    std::vector<xdr::SignerKey> signers{};  ///< without the master key
    std::set<std::string> data_names{};
    bool requires_memo = false;  ///< SEP-29
    std::vector<TrustLine> lines{};
};

struct LedgerView {
    /// nullopt: looked up, and not there. An account that is missing was not looked up.
    std::map<xdr::Uint256, std::optional<AccountView>> accounts;
    std::int64_t base_reserve_stroops = 5'000'000;
    std::uint32_t base_fee_stroops = 100;
    /// Of the last ledger; 0: not known.
    std::uint64_t close_time_s = 0;
    std::uint32_t sequence = 0;
};

}  // namespace astro::stellar

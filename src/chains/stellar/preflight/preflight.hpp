#pragma once

#include <string>
#include <vector>

#include "chains/stellar/build/amount.hpp"
#include "chains/stellar/preflight/view.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// Before a transaction is signed: what would fail and why, in words, with the numbers; and what
/// the accounts hold afterwards. The operations are tried in order, each on what the ones before
/// it leave.
namespace astro::stellar {

struct PreflightFinding {
    std::optional<std::uint32_t> operation{};  ///< from 0; absent: the transaction itself
    std::string code;  ///< Horizon's of the result that is to be expected; "memo_required" is ours
    std::string reason;  ///< with the numbers
    std::string remedy;
};
BOOST_DESCRIBE_STRUCT(PreflightFinding, (), (operation, code, reason, remedy))

/// Something that the view cannot tell, such as the price at which an offer will be taken.
struct PreflightGap {
    std::uint32_t operation = 0;
    std::string what;
};
BOOST_DESCRIBE_STRUCT(PreflightGap, (), (operation, what))

/// What an account holds of an asset, and how much of it can be sent: less the reserve (lumens) and
/// what its offers have promised.
struct PreflightBalance {
    std::string account, asset;
    Stroops before, after, available_before, available_after;
};
BOOST_DESCRIBE_STRUCT(PreflightBalance, (),
                      (account, asset, before, after, available_before, available_after))

struct PreflightReport {
    bool passes = false;
    std::vector<PreflightFinding> findings;
    std::vector<PreflightGap> not_checked;
    /// Of every account that the transaction touches and the view has; with the whole fee taken.
    /// As they are where it does not pass.
    std::vector<PreflightBalance> balances;
};
BOOST_DESCRIBE_STRUCT(PreflightReport, (), (passes, findings, not_checked, balances))

[[nodiscard]] PreflightReport preflight(const xdr::TransactionEnvelope& envelope,
                                        const LedgerView& view);

/// The accounts that a view for this transaction should have: sources, destinations, issuers,
/// sponsors and who is sponsored.
[[nodiscard]] std::vector<xdr::PublicKey> accounts_of(const xdr::TransactionEnvelope& envelope);

}  // namespace astro::stellar

#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "capabilities/devnet/engine/state.hpp"
#include "chains/stellar/xdr/transaction.hpp"

/// What an operation acts on.
namespace astro::devnet {

/// Who pays whose reserves until the end of the transaction or of the sponsorship: the sponsor by
/// the sponsored.
using OpenSponsorships = std::map<xdr::Uint256, xdr::PublicKey>;

struct Application {
    State& state;
    xdr::LedgerHeader& header;
    OpenSponsorships& sponsorships;
    xdr::PublicKey transaction_source;
    std::int64_t transaction_sequence = 0;
    /// The highest number that a transaction of the ledger being closed has for an account.
    const std::map<xdr::Uint256, std::int64_t>& sequences_in_ledger;
    std::uint32_t operation_index = 0;
    xdr::PublicKey source;  ///< of the operation

    [[nodiscard]] const xdr::AccountEntry* find_account(const xdr::PublicKey& id) const;
    /// To be changed; nullptr when there is none.
    [[nodiscard]] xdr::AccountEntry* change_account(const xdr::PublicKey& id);
    /// Of who is known to be there.
    [[nodiscard]] xdr::AccountEntry& need_account(const xdr::PublicKey& id);
    /// Counts as changed in this ledger, as a node does with what it loads to change it.
    void touch_account(const xdr::PublicKey& id);
    [[nodiscard]] bool is_sponsor(const xdr::PublicKey& id) const;
    [[nodiscard]] std::optional<xdr::PublicKey> sponsor_for(const xdr::PublicKey& id) const;
};

/// Lumens that come or go; false and unchanged when the account must keep them or cannot hold them.
[[nodiscard]] bool add_lumens(Application& app, xdr::AccountEntry& account, std::int64_t delta);

/// Notes when the account's sequence number was set: what a minimal age or gap is counted from.
void note_sequence_set(const xdr::LedgerHeader& header, xdr::AccountEntry& account);

[[nodiscard]] inline std::int64_t first_sequence(const xdr::LedgerHeader& header) {
    return static_cast<std::int64_t>(header.ledger_seq) << 32;
}

}  // namespace astro::devnet

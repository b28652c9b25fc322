#pragma once

#include "capabilities/devnet/engine/application.hpp"

/// Who pays the reserve of what (CAP-33): counts of entries, sponsored and sponsoring, kept
/// together with the entries' own notes.
namespace astro::devnet {

enum class ReserveOutcome { ok, low_reserve, too_many_subentries, too_many_sponsoring };

/// The owner of an entry about to be created, or the sponsor that he has for now, takes on its
/// reserve; the entry notes its sponsor. Of a new account, `owner` is itself. A claimable balance
/// has no owner: `owner` is who makes it, and is its sponsor unless he has one.
[[nodiscard]] ReserveOutcome take_on_reserve(Application& app, xdr::LedgerEntry& entry,
                                             const xdr::PublicKey& owner);
/// Gives it back. Of a claimable balance `owner` does not matter.
void give_back_reserve(Application& app, xdr::LedgerEntry& entry, const xdr::PublicKey& owner);

/// The same of the account's signer of that index, which is there already, without its reserve.
[[nodiscard]] ReserveOutcome take_on_signer_reserve(Application& app, xdr::AccountEntry& account,
                                                    std::size_t signer);
/// Removes the signer too.
void remove_signer(Application& app, xdr::AccountEntry& account, std::size_t signer);

/// An entry becomes that account's to sponsor, whatever lumens it has.
void establish_sponsorship(Application& app, xdr::LedgerEntry& entry,
                           const xdr::PublicKey& sponsor);

}  // namespace astro::devnet

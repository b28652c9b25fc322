#pragma once

#include <string_view>

#include "chains/stellar/xdr/ledger.hpp"
#include "chains/stellar/xdr/transaction.hpp"
#include "chains/stellar/xdr/writer.hpp"
#include "foundation/crypto/sha256.hpp"

/// What Stellar identifies and signs: hashes over XDR.
namespace astro::stellar::xdr {

/// sha256 of the network's passphrase.
[[nodiscard]] Hash network_id(std::string_view passphrase);

/// sha256(network id, envelope type, transaction): what is signed, and the id on the ledger. An
/// envelope of version 0 hashes as the same transaction in version 1.
[[nodiscard]] Hash transaction_hash(const TransactionEnvelope& envelope, const Hash& network);
/// The same with the caller's memory, for many.
[[nodiscard]] Hash transaction_hash(const TransactionEnvelope& envelope, const Hash& network,
                                    Writer& scratch);

[[nodiscard]] Hash ledger_hash(const LedgerHeader& header);

/// Of an operation's claimable balance, a contract, a Soroban authorisation: sha256 of the
/// preimage.
[[nodiscard]] Hash hash_of(const HashIDPreimage& preimage);
[[nodiscard]] PoolID pool_id(const LiquidityPoolParameters& parameters);

/// "C…" of the contract that stands for an asset on that network.
[[nodiscard]] ContractID asset_contract(const Asset& asset, const Hash& network);
[[nodiscard]] ContractID contract_id(const ContractIDPreimage& preimage, const Hash& network);
[[nodiscard]] ClaimableBalanceID claimable_balance_id(const PublicKey& source,
                                                      std::int64_t sequence,
                                                      std::uint32_t operation_index);

/// What an account signs for a contract's call: with its address bound (CAP-71) or without, as the
/// kind of the entry's credentials says; nullopt where the transaction's source signs.
[[nodiscard]] std::optional<HashIDPreimage> authorization_preimage(
    const SorobanAuthorizationEntry& entry, const Hash& network);

}  // namespace astro::stellar::xdr

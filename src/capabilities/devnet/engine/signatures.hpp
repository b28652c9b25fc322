#pragma once

#include <cstdint>
#include <vector>

#include "chains/stellar/xdr/transaction.hpp"

namespace astro::devnet {

namespace xdr = stellar::xdr;

/// The signatures of one transaction, and which of them served. Verifying is what costs most:
/// each is tried once for each key.
class SignatureCheck {
  public:
    /// Both outlive it. `hash` is what the transaction's signers sign.
    SignatureCheck(const xdr::Hash& hash, const std::vector<xdr::DecoratedSignature>& signatures)
        : hash_(hash), signatures_(signatures), is_used_(signatures.size()) {}

    /// Whether these signers' signatures weigh that much; a signer counts once, at most 255. The
    /// order is stellar-core's (SignatureChecker): hashes of transactions, then preimages, keys and
    /// payloads, ending as soon as it is enough. So none is used beyond need, and nothing needs
    /// none: a threshold of 0 still wants one signer.
    [[nodiscard]] bool weighs(const std::vector<xdr::Signer>& signers, std::uint32_t needed);
    [[nodiscard]] bool are_all_used() const;

  private:
    struct Tried {
        std::size_t signature;
        xdr::Uint256 key;
        bool is_good;
    };

    [[nodiscard]] bool serves(std::size_t signature, const xdr::SignerKey& key);
    [[nodiscard]] bool is_signed_by(std::size_t signature, const xdr::Uint256& key);

    const xdr::Hash& hash_;
    const std::vector<xdr::DecoratedSignature>& signatures_;
    std::vector<bool> is_used_;
    std::vector<Tried> tried_;
};

/// All that may sign for an account: its own key, unless its weight is zero, and its signers.
[[nodiscard]] std::vector<xdr::Signer> signers_of(const xdr::AccountEntry& account);
[[nodiscard]] xdr::Signer signer_of(const xdr::PublicKey& key, std::uint32_t weight);

}  // namespace astro::devnet

#pragma once

#include <initializer_list>

#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/networks.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/hashes.hpp"
#include "chains/stellar/xdr/sources.hpp"

namespace astro::identity::sep10 {

/// The challenge as a wallet gives it back; a key that is named twice signs twice.
inline std::string signed_by(std::string_view challenge, std::string_view network_passphrase,
                             std::initializer_list<const crypto::Ed25519Key*> keys) {
    namespace xdr = stellar::xdr;
    auto envelope = xdr::from_base64<xdr::TransactionEnvelope>(challenge).value();
    auto unsigned_one = envelope;
    xdr::signatures_of(unsigned_one).clear();
    const auto hash = xdr::transaction_hash(envelope, xdr::network_id(network_passphrase));
    for (const auto* key : keys) {
        auto one = unsigned_one;
        stellar::sign(one, hash, *key).value();
        xdr::signatures_of(envelope).push_back(xdr::signatures_of(one).front());
    }
    return xdr::to_base64(envelope);
}

}  // namespace astro::identity::sep10

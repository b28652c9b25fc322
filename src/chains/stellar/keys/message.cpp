#include "chains/stellar/keys/message.hpp"

#include "foundation/crypto/sha256.hpp"

namespace astro::stellar {
namespace {

crypto::Sha256 hash_of(ByteView message) {
    crypto::Sha256Stream hash;
    hash.add(as_bytes("Stellar Signed Message:\n"));
    hash.add(message);
    return hash.finish();
}

}  // namespace

crypto::Ed25519Signature sign_message(const crypto::Ed25519Key& key, ByteView message) {
    return key.sign(hash_of(message).view());
}

bool verify_message(ByteView account, ByteView message, ByteView signature) {
    return crypto::verify_ed25519(account, hash_of(message).view(), signature);
}

}  // namespace astro::stellar

#pragma once

#include <string_view>

#include "foundation/crypto/ed25519.hpp"

/// Signed messages (SEP-53): a signature of these never is one of a transaction.
namespace astro::stellar {

[[nodiscard]] crypto::Ed25519Signature sign_message(const crypto::Ed25519Key& key,
                                                    ByteView message);
/// False also when a length is wrong.
[[nodiscard]] bool verify_message(ByteView account, ByteView message, ByteView signature);

}  // namespace astro::stellar

#pragma once

#include "foundation/crypto/mnemonic.hpp"

namespace astro::stellar {

/// The key of account `index` of a phrase, at m/44'/148'/index' (SEP-5); index below 2^31.
[[nodiscard]] crypto::Ed25519Key account_key(const crypto::MnemonicSeed& seed, std::uint32_t index);

}  // namespace astro::stellar

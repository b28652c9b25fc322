#include "chains/stellar/keys/derive.hpp"

#include <array>

namespace astro::stellar {

crypto::Ed25519Key account_key(const crypto::MnemonicSeed& seed, std::uint32_t index) {
    constexpr std::uint32_t kPurpose = 44, kStellar = 148;
    const std::array path{kPurpose, kStellar, index};
    return crypto::Ed25519Key::from_seed(crypto::derive_ed25519(seed, path));
}

}  // namespace astro::stellar

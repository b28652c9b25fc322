#pragma once

#include <string>

#include "foundation/base/result.hpp"
#include "foundation/crypto/random.hpp"
#include "foundation/crypto/secret.hpp"

namespace astro::node {

/// Where the key that wraps all keys comes from; the first that is given counts.
struct MasterKeySource {
    std::string text{};     ///< base64 of 32 bytes, from the environment
    std::string command{};  ///< a shell command that prints it
    std::string file{};     ///< holds it; mode 0600; made when missing
};

/// Codes "master_key" (no key, or one of the wrong form) and "master_key_mode" (others may read
/// the file).
[[nodiscard]] Result<crypto::SecretKey> load_master_key(const MasterKeySource& source,
                                                        crypto::Random& random);

}  // namespace astro::node

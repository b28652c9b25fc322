#pragma once

#include <optional>
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

/// A key file that is there, as load_master_key() would read it; nothing when there is none.
[[nodiscard]] Result<std::optional<crypto::SecretKey>> read_key_file(const std::string& path);

/// Changing the key that lies in a file, so that whatever ends the program between two steps leaves
/// a key for everything that is in the database:
///
///     begin_key_change    the next key stands in "<file>.next"; both are read from now on
///     (re-wrapping)       what is in the database goes over to the next key, on the disk
///     end_key_change      the next key takes the file's name; the one before is nowhere any more
///
/// A program that finds "<file>.next" when it starts goes on from the second step.
[[nodiscard]] std::string next_key_file(const std::string& file);
/// The next key: one that an unfinished change left, or a new one. "master_key"
[[nodiscard]] Result<crypto::SecretKey> begin_key_change(const std::string& file,
                                                         crypto::Random& random);
[[nodiscard]] Result<void> end_key_change(const std::string& file);

}  // namespace astro::node

#pragma once

#include <string>

#include "foundation/base/result.hpp"
#include "foundation/crypto/random.hpp"

/// Argon2id (RFC 9106) in the PHC text form "$argon2id$v=19$m=…,t=…,p=…$salt$hash". Slow by intent:
/// 16 ms with the defaults. Call it on a worker thread, with a cap on how many run at once.
namespace astro::crypto {

/// Work of one hash. The defaults are OWASP's first recommendation.
struct Argon2Cost {
    std::uint32_t memory_kib = 19'456;  ///< 8 to 1048576
    std::uint32_t passes = 2;           ///< 1 to 16

    auto operator<=>(const Argon2Cost&) const = default;
};

struct ParsedPasswordHash {
    Argon2Cost cost;
    std::uint32_t lanes = 1;
    std::size_t salt_bytes = 0;
    std::size_t hash_bytes = 0;
};

inline constexpr std::size_t kPasswordSaltBytes = 16;
inline constexpr std::size_t kPasswordHashBytes = 32;

/// "bad_argon2_cost" outside the ranges.
[[nodiscard]] Result<void> check_cost(const Argon2Cost& cost);

/// The 32 bytes themselves, one lane. The cost is within its ranges. "out_of_memory" (unavailable)
/// when the memory cannot be had.
[[nodiscard]] Result<SecretKey> argon2id(ByteView password, ByteView salt16,
                                         const Argon2Cost& cost);

[[nodiscard]] Result<std::string> hash_password(std::string_view password, const Argon2Cost& cost,
                                                Random& random);
/// Refuses text that is not such a hash ("bad_password_hash"), also when its cost is out of range.
[[nodiscard]] Result<ParsedPasswordHash> parse_password_hash(std::string_view text);
/// Whether the password belongs to the hash; a malformed hash belongs to none.
[[nodiscard]] bool verify_password(std::string_view hash, std::string_view password);
/// Whether a password that has just been verified should be hashed again at today's cost.
[[nodiscard]] bool needs_rehash(std::string_view hash, const Argon2Cost& cost);

}  // namespace astro::crypto

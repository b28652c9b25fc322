#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/result.hpp"

namespace astro::identity {

/// What a password must be. Length and estimated guessing effort, no rules of composition
/// (NIST SP 800-63B §5.1.1.2).
struct PasswordPolicy {
    std::size_t length_min = 10;   ///< bytes
    std::size_t length_max = 256;  ///< bytes; longer ones cost hashing time for nothing
    int bits_min = 33;             ///< 10^10 guesses, the estimator's highest class
};

/// Bits of the guesses that zxcvbn expects an attacker to need, rounded down. `words` are what the
/// attacker knows of the user: address, name, the server's name.
[[nodiscard]] int estimate_bits(std::string_view password, const std::vector<std::string>& words);

/// "password_short", "password_long", "password_text" (not UTF-8, or control characters),
/// "password_weak". The message never holds the password.
[[nodiscard]] Result<void> check_password(const PasswordPolicy& policy, std::string_view password,
                                          const std::vector<std::string>& words);

}  // namespace astro::identity

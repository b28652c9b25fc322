#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/identity/engine/ids.hpp"
#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/random.hpp"
#include "foundation/crypto/sha256.hpp"

/// Time-based one-time codes (RFC 6238: SHA-1, 30 s, 6 digits, as every authenticator app has them)
/// and recovery codes for when the device is lost.
namespace astro::identity {

inline constexpr std::size_t kTotpSecretBytes = 20;
inline constexpr std::size_t kRecoveryCodes = 10;

/// The step whose code this is: now's, the one before or the one after. `last_step` is the step of
/// the last code that was accepted; it and earlier ones are refused, so a code seen over a shoulder
/// serves once. Store what is returned as the next `last_step`.
/// Codes: "totp_malformed", "totp_wrong", "totp_replayed".
[[nodiscard]] Result<std::int64_t> check_totp(ByteView secret, std::string_view code,
                                              TimestampNs now,
                                              std::optional<std::int64_t> last_step);

/// "otpauth://totp/…" for a QR code.
[[nodiscard]] std::string totp_uri(std::string_view issuer, std::string_view account,
                                   ByteView secret);

/// "abcd-efgh-ijkl-mnop": 80 random bits each, shown once.
[[nodiscard]] std::vector<std::string> make_recovery_codes(crypto::Random& random);
/// What is stored of a code; spaces, dashes and capitals do not matter. 80 bits need no slow hash.
/// Refuses what cannot be a code: "recovery_code_malformed".
[[nodiscard]] Result<crypto::Sha256> hash_recovery_code(const UserId& user, std::string_view code);

}  // namespace astro::identity

#pragma once

#include <string>
#include <variant>

#include "foundation/base/clock.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/net/message.hpp"

namespace astro::traders {

/// An API key that signs (docs/security.md).
struct ApiKey {
    std::string id;                                              ///< 32 hex digits
    std::variant<crypto::Ed25519Key, crypto::SecretKey> secret;  ///< of Ed25519, of HMAC
};

/// The file that `astrolabe identity key create` makes, an Ed25519 key in PKCS #8, PEM; or the
/// secret of an HMAC key as the server shows it once. "bad_key_id", "bad_key_file".
[[nodiscard]] Result<ApiKey> load_api_key(const std::string& id, const std::string& file);
/// The other way, mode 0600; replaces the file.
[[nodiscard]] Result<void> save_private_key(const std::string& file, const crypto::Ed25519Key& key);

/// The headers that sign a request.
[[nodiscard]] net::Fields sign_request(const ApiKey& key, std::string_view method,
                                       std::string_view target, std::string_view body,
                                       TimestampNs now);

}  // namespace astro::traders

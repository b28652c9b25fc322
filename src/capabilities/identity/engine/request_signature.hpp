#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "capabilities/identity/engine/ids.hpp"
#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/secret.hpp"
#include "foundation/crypto/sha256.hpp"

/// Requests signed with an API key. The client signs this text, seven lines, no newline at the end:
///
///     ASTROLABE-1
///     <key id, 32 hex digits>
///     <timestamp, milliseconds since 1970>
///     <nonce, 16 to 64 characters of A-Z a-z 0-9 - _>
///     <METHOD>
///     <target as sent: path, and ?query if there is one>
///     <SHA-256 of the body, lower-case hex; of nothing when there is no body>
///
/// and sends its signature in base64url (no padding): Ed25519 (preferred: the server knows the
/// public key only), or HMAC-SHA-256.
namespace astro::identity {

struct SignedRequest {
    ApiKeyId key;
    std::int64_t timestamp_ms = 0;
    std::string nonce;
    std::string method;
    std::string target;
    crypto::Sha256 body_hash;
};

/// What the server holds of a signing key.
using SigningSecret = std::variant<crypto::Ed25519Public, crypto::SecretKey>;

inline constexpr std::int64_t kReceiveWindowDefaultMs = 5'000;
inline constexpr std::int64_t kReceiveWindowMaxMs = 60'000;

[[nodiscard]] std::string canonical_text(const SignedRequest& request);

/// Codes: "nonce_malformed", "request_malformed" (a line break in method or target),
/// "request_too_old", "request_from_future", "bad_signature". The replay check is NonceCache's,
/// after this one, so that only the key's owner can fill it.
[[nodiscard]] Result<void> verify_request(const SignedRequest& request, const SigningSecret& secret,
                                          std::string_view signature, TimestampNs now,
                                          std::int64_t window_ms);

/// Nonces of signed requests that could still be replayed. Bounded: a key has at most `per_key`
/// at a time, all keys `total`; beyond that requests are refused, never let through unremembered.
/// One thread at a time.
class NonceCache {
  public:
    NonceCache(std::size_t per_key, std::size_t total) : per_key_(per_key), total_(total) {}

    /// Remembers the nonce until `timestamp + window` of its request has passed. Codes:
    /// "nonce_replayed", "too_many_requests".
    Result<void> remember(const SignedRequest& request, TimestampNs now, std::int64_t window_ms);
    [[nodiscard]] std::size_t size() const { return by_expiry_.size(); }

  private:
    struct Entry {
        std::int64_t expires_ms;
        ApiKeyId key;
        std::string nonce;
        auto operator<=>(const Entry&) const = default;
    };
    void forget_expired(std::int64_t now_ms);

    std::size_t per_key_, total_;
    std::map<ApiKeyId, std::set<std::string, std::less<>>> by_key_;
    std::set<Entry> by_expiry_;
};

}  // namespace astro::identity

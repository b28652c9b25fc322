#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

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
///
/// Of a nonce it keeps 128 bits of the SHA-256 of key and nonce: two nonces that are taken for one
/// cost a refusal, and 2^64 requests to find.
class NonceCache {
  public:
    NonceCache(std::size_t per_key, std::size_t total) : per_key_(per_key), total_(total) {}

    /// Remembers the nonce until `timestamp + window` of its request has passed. Codes:
    /// "nonce_replayed", "too_many_requests".
    Result<void> remember(const SignedRequest& request, TimestampNs now, std::int64_t window_ms);
    [[nodiscard]] std::size_t size() const { return seen_.size(); }

  private:
    struct TagTag {};
    using Tag = FixedBytes<TagTag, 16>;
    struct Entry {
        Tag tag;
        ApiKeyId key;
    };
    static Tag tag_of(const SignedRequest& request);
    void forget_expired(std::int64_t now_ms);

    std::size_t per_key_, total_;
    boost::unordered_flat_set<Tag, std::hash<Tag>> seen_;
    std::unordered_map<ApiKeyId, std::size_t> counts_;
    std::map<std::int64_t, std::vector<Entry>> by_second_;  ///< of 1970 in which they expire
};

}  // namespace astro::identity

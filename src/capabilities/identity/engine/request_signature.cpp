#include "capabilities/identity/engine/request_signature.hpp"

#include <algorithm>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::identity {
namespace {

constexpr std::size_t kNonceMin = 16, kNonceMax = 64;

std::int64_t to_ms(TimestampNs t) {
    return t.value() / 1'000'000;
}

bool is_nonce(std::string_view text) {
    return text.size() >= kNonceMin && text.size() <= kNonceMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

Result<void> check_time(std::int64_t timestamp_ms, std::int64_t now_ms, std::int64_t window_ms) {
    // Compared without subtraction: the timestamp is foreign and may be anything.
    if (timestamp_ms < now_ms - window_ms)
        return unauthenticated("request_too_old",
                               "the request's timestamp is more than " + std::to_string(window_ms) +
                                   " ms before the server's " + std::to_string(now_ms),
                               "timestamp");
    if (timestamp_ms > now_ms + window_ms)
        return unauthenticated("request_from_future",
                               "the request's timestamp is more than " + std::to_string(window_ms) +
                                   " ms after the server's " + std::to_string(now_ms),
                               "timestamp");
    return {};
}

bool signature_fits(const SigningSecret& secret, ByteView message, ByteView signature) {
    if (const auto* key = std::get_if<crypto::Ed25519Public>(&secret))
        return crypto::verify_ed25519(key->view(), message, signature);
    return crypto::verify_hmac_sha256(std::get<crypto::SecretKey>(secret).view(), message,
                                      signature);
}

}  // namespace

std::string canonical_text(const SignedRequest& request) {
    std::string out;
    out.reserve(160 + request.nonce.size() + request.method.size() + request.target.size());
    const auto line = [&out](std::string_view text) { out.append(text).push_back('\n'); };
    line("ASTROLABE-1");
    line(to_text(request.key));
    line(std::to_string(request.timestamp_ms));
    line(request.nonce);
    line(request.method);
    line(request.target);
    return out += to_hex(request.body_hash.view());
}

Result<void> verify_request(const SignedRequest& request, const SigningSecret& secret,
                            std::string_view signature, TimestampNs now, std::int64_t window_ms) {
    if (!is_nonce(request.nonce))
        return unauthenticated("nonce_malformed",
                               "a nonce has 16 to 64 characters of A-Z a-z 0-9 - _", "nonce");
    // A line break would let one text mean two requests.
    if (request.method.find_first_of("\r\n") != std::string::npos ||
        request.target.find_first_of("\r\n") != std::string::npos)
        return refusal("request_malformed", "method and target hold no line break");
    ASTRO_CHECK(check_time(request.timestamp_ms, to_ms(now),
                           std::clamp<std::int64_t>(window_ms, 1, kReceiveWindowMaxMs)));
    const auto bytes = parse_base64url(signature);
    if (!bytes || !signature_fits(secret, as_bytes(canonical_text(request)), *bytes))
        return unauthenticated(
            "bad_signature", "the signature does not belong to this request and key", "signature");
    return {};
}

NonceCache::Tag NonceCache::tag_of(const SignedRequest& request) {
    Bytes text(request.key.bytes.begin(), request.key.bytes.end());
    text.insert(text.end(), request.nonce.begin(), request.nonce.end());
    const auto hash = crypto::sha256(text);
    Tag out;
    std::copy_n(hash.bytes.begin(), out.bytes.size(), out.bytes.begin());
    return out;
}

Result<void> NonceCache::remember(const SignedRequest& request, TimestampNs now,
                                  std::int64_t window_ms) {
    forget_expired(to_ms(now));
    const Tag tag = tag_of(request);
    if (!seen_.insert(tag).second)
        return unauthenticated("nonce_replayed", "this nonce has been used; use a new one",
                               "nonce");
    auto& count = counts_[request.key];
    if (count >= per_key_ || seen_.size() > total_) {
        if (count == 0) counts_.erase(request.key);
        seen_.erase(tag);
        return limited("too_many_requests", "too many signed requests within the window");
    }
    ++count;
    by_second_[(request.timestamp_ms + window_ms) / 1000].push_back({tag, request.key});
    return {};
}

void NonceCache::forget_expired(std::int64_t now_ms) {
    // A second goes as a whole, once all of it has passed.
    while (!by_second_.empty() && by_second_.begin()->first < now_ms / 1000) {
        for (const auto& entry : by_second_.begin()->second) {
            seen_.erase(entry.tag);
            if (const auto count = counts_.find(entry.key); --count->second == 0)
                counts_.erase(count);
        }
        by_second_.erase(by_second_.begin());
    }
}

}  // namespace astro::identity

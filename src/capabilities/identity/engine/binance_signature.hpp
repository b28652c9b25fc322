#pragma once

#include <string>
#include <string_view>

#include "capabilities/identity/engine/request_signature.hpp"

/// Requests signed as Binance's are, for programs that were written for it. Signed is the query as
/// sent, followed by the body as sent, both without the parameter `signature`:
///
///     POST /fapi/v1/order   symbol=SOLUSDC&side=BUY&…&timestamp=1764460800000   (query or body)
///     signature             HMAC-SHA-256 in hex, under the key's secret as it was shown (its
///     text);
///                           or Ed25519 in base64
///
/// Neither method nor path is signed, nor is there a nonce: programs send the same parameters to
/// several paths within a millisecond. What changes something is therefore done once for each
/// signature, method and path; reading may be repeated within the receive window.
namespace astro::identity {

struct BinanceSigned {
    ApiKeyId key;
    std::int64_t timestamp_ms = 0;
    std::int64_t window_ms = kReceiveWindowDefaultMs;
    std::string payload;    ///< what is signed
    std::string signature;  ///< percent-decoded
    std::string deed{};     ///< method and path of what changes something; empty: it reads
};

inline constexpr std::int64_t kBinanceAheadMaxMs = 1'000;

/// Takes the parameters apart; `query` and `body` as sent. Codes: "signature_missing",
/// "timestamp_missing", "receive_window".
[[nodiscard]] Result<BinanceSigned> read_binance_request(const ApiKeyId& key,
                                                         std::string_view query,
                                                         std::string_view body);

/// Codes: "request_too_old", "request_from_future", "bad_signature".
[[nodiscard]] Result<void> verify_binance_request(const BinanceSigned& request,
                                                  const SigningSecret& secret, TimestampNs now);

/// As what a NonceCache remembers it: the same deed under the same signature is the same nonce.
[[nodiscard]] SignedRequest remembered(const BinanceSigned& request);

}  // namespace astro::identity

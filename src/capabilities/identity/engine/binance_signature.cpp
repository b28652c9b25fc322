#include "capabilities/identity/engine/binance_signature.hpp"

#include <charconv>
#include <optional>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::identity {
namespace {

constexpr std::string_view kSignature = "signature";

/// Pairs of a query or a form, as sent.
template <class Each>
void for_each_pair(std::string_view text, Each each) {
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        each(pair, pair.substr(0, equals),
             equals < pair.size() ? pair.substr(equals + 1) : std::string_view());
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Of text in base64, whose +, / and = may be escaped; what is no escape stays.
std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low < 0) {
            out.push_back(text[i]);
        } else {
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        }
    }
    return out;
}

std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size() || out < 0) return std::nullopt;
    return out;
}

bool signature_fits(const BinanceSigned& request, const SigningSecret& secret) {
    if (const auto* key = std::get_if<crypto::Ed25519Public>(&secret)) {
        const auto bytes = parse_base64(request.signature);
        return bytes && crypto::verify_ed25519(key->view(), as_bytes(request.payload), *bytes);
    }
    const auto bytes = parse_hex(request.signature);
    // The client has the secret as text, and signs with that text's bytes.
    std::string shown = to_base64url(std::get<crypto::SecretKey>(secret).view());
    const bool fits =
        bytes && crypto::verify_hmac_sha256(as_bytes(shown), as_bytes(request.payload), *bytes);
    crypto::wipe(shown);
    return fits;
}

}  // namespace

Result<BinanceSigned> read_binance_request(const ApiKeyId& key, std::string_view query,
                                           std::string_view body) {
    BinanceSigned out{.key = key, .payload = {}, .signature = {}};
    std::optional<std::string_view> timestamp, window;
    for (const std::string_view part : {query, body}) {
        const std::size_t begun = out.payload.size();
        for_each_pair(part,
                      [&](std::string_view pair, std::string_view name, std::string_view value) {
                          if (name == kSignature) {
                              out.signature = decoded(value);
                              return;
                          }
                          if (name == "timestamp") timestamp = value;
                          if (name == "recvWindow") window = value;
                          if (out.payload.size() > begun) out.payload.push_back('&');
                          out.payload.append(pair);
                      });
    }
    const auto time = whole(timestamp.value_or(""));
    if (!time)
        return unauthenticated("timestamp_missing", "needs milliseconds since 1970", "timestamp");
    out.timestamp_ms = *time;
    if (window) {
        const auto wanted = whole(*window);
        if (!wanted || *wanted > kReceiveWindowMaxMs)
            return unauthenticated("receive_window", "recvWindow must be less than 60000",
                                   "recvWindow");
        out.window_ms = *wanted;
    }
    if (out.signature.empty())
        return unauthenticated("signature_missing", "the request is not signed", "signature");
    return out;
}

Result<void> verify_binance_request(const BinanceSigned& request, const SigningSecret& secret,
                                    TimestampNs now) {
    const std::int64_t now_ms = now.value() / 1'000'000;
    if (request.timestamp_ms < now_ms - request.window_ms)
        return unauthenticated("request_too_old",
                               "Timestamp for this request is outside of the recvWindow; the "
                               "server's is " +
                                   std::to_string(now_ms),
                               "timestamp");
    if (request.timestamp_ms > now_ms + kBinanceAheadMaxMs)
        return unauthenticated("request_from_future",
                               "Timestamp for this request was 1000ms ahead of the server's time, "
                               "which is " +
                                   std::to_string(now_ms),
                               "timestamp");
    if (!signature_fits(request, secret))
        return unauthenticated("bad_signature", "Signature for this request is not valid.",
                               "signature");
    return {};
}

SignedRequest remembered(const BinanceSigned& request) {
    return {.key = request.key,
            .timestamp_ms = request.timestamp_ms,
            .nonce = request.deed + " " + request.signature,
            .method = {},
            .target = {},
            .body_hash = {}};
}

}  // namespace astro::identity

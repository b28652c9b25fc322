#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/random.hpp"

/// Sign-In With Solana: the wallet signs this text (the form of EIP-4361):
///
///     example.org wants you to sign in with your Solana account:
///     <address, base58>
///
///     <statement, one line>
///
///     URI: https://example.org
///     Version: 1
///     Chain ID: mainnet
///     Nonce: <8 to 64 letters and digits>
///     Issued At: 2026-01-01T00:00:00.000Z
///     Expiration Time: 2026-01-01T00:05:00.000Z
namespace astro::identity::siws {

struct Message {
    std::string domain;
    crypto::Ed25519Public account;
    std::optional<std::string> statement;
    std::string uri;
    std::string chain_id;  ///< mainnet, testnet, devnet, localnet
    std::string nonce;
    std::string issued_at;  ///< ISO 8601, as in the text
    std::string expiration_time;
    std::optional<std::string> not_before;
    std::optional<std::string> request_id;
    std::vector<std::string> resources;

    bool operator==(const Message&) const = default;
};

[[nodiscard]] std::string to_message(const Message& message);
/// Exactly the form above and nothing else: what is read is written back as the same text.
/// "siws_malformed" with the line.
[[nodiscard]] Result<Message> parse_message(std::string_view text);

struct Policy {
    std::string domain;
    std::string uri;
    std::string chain_id = "mainnet";
    std::int64_t clock_skew_s = 30;
    std::int64_t life_max_s = 900;
};

/// The message to be signed, valid for `life_max_s` from now. The nonce is new; keep it until then.
[[nodiscard]] Message make_message(const Policy& policy, const crypto::Ed25519Public& account,
                                   std::string statement, TimestampNs now, crypto::Random& random);

/// The account that signed in. `nonce` is the one that was given out, which the caller gives up on
/// first use. "siws_domain", "siws_uri", "siws_chain", "siws_nonce", "siws_expired",
/// "siws_not_yet", "siws_lifetime", "siws_signature", "siws_malformed".
[[nodiscard]] Result<crypto::Ed25519Public> verify_message(const Policy& policy,
                                                           std::string_view nonce,
                                                           std::string_view text,
                                                           ByteView signature, TimestampNs now);

}  // namespace astro::identity::siws

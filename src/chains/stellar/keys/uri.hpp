#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "chains/stellar/build/amount.hpp"
#include "chains/stellar/xdr/transaction.hpp"
#include "foundation/base/result.hpp"
#include "foundation/crypto/ed25519.hpp"

/// Requests to pay or to sign as links (SEP-7 2.1), "web+stellar:pay?destination=G…&amount=12.5".
namespace astro::stellar {

struct PayRequest {
    xdr::MuxedAccount destination;
    std::optional<Stroops> amount;  ///< absent: the payer chooses
    xdr::Asset asset;
    xdr::Memo memo;
};
struct SignRequest {
    xdr::TransactionEnvelope envelope;
    std::string replace;                ///< SEP-11 fields that the signer may fill in, as given
    std::optional<std::string> pubkey;  ///< who is to sign
    std::optional<std::string> chain;   ///< a request that led to this one
};

struct UriRequest {
    std::variant<PayRequest, SignRequest> what;
    std::string message;                  ///< to be shown to the user; at most 300 characters
    std::string network_passphrase;       ///< empty: the public network
    std::optional<std::string> callback;  ///< an https address that wants the signed transaction
    /// Whom the request says it comes from. Only is_signed_by() with the key of that domain's
    /// stellar.toml (URI_REQUEST_SIGNING_KEY) makes it true.
    std::optional<std::string> origin_domain;
    std::optional<Bytes> signature;
};

/// Refusal "bad_uri": where is the parameter. At most 16 kB.
[[nodiscard]] Result<UriRequest> parse_uri(std::string_view uri);
[[nodiscard]] std::string to_uri(const UriRequest& request);

/// With origin_domain set: the link with its signature at the end.
[[nodiscard]] std::string sign_uri(std::string_view uri, const crypto::Ed25519Key& key);
/// Whether the link carries a signature, at its end, that the key made over what stands before it.
[[nodiscard]] bool is_signed_by(std::string_view uri, const xdr::PublicKey& key);

}  // namespace astro::stellar

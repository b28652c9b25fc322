#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/wallets/engine/envelope.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/time.hpp"

/// What the capability takes and gives.
namespace astro::wallets {

enum class WalletKind {
    self_custody,  ///< sealed by its owner; the server keeps what it cannot open
    watch_only,    ///< an address that is looked at
};
BOOST_DESCRIBE_ENUM(WalletKind, self_custody, watch_only)

/// What opens a wallet, as its envelope says it to everybody.
enum class FactorKind { password, device, passkey, recovery };
BOOST_DESCRIBE_ENUM(FactorKind, password, device, passkey, recovery)

struct FactorView {
    std::string id;
    FactorKind kind = FactorKind::password;
    std::string label;
    std::string parameters;  ///< "argon2id 65536 KiB, 3 passes"
};
BOOST_DESCRIBE_STRUCT(FactorView, (), (id, kind, label, parameters))

struct WalletView {
    std::string id;
    WalletKind kind = WalletKind::self_custody;
    Chain chain = Chain::stellar;
    std::string address;
    std::string name;
    bool archived = false;
    std::int64_t revision = 0;  ///< of what is sealed; 0 for a wallet that is only watched
    std::vector<FactorView> factors;
    TimestampNs created;
    TimestampNs updated;
};
BOOST_DESCRIBE_STRUCT(WalletView, (),
                      (id, kind, chain, address, name, archived, revision, factors, created,
                       updated))

struct WalletList {
    std::vector<WalletView> items;
};
BOOST_DESCRIBE_STRUCT(WalletList, (), (items))

/// What is sealed, as it travels and is kept.
struct SealedWallet {
    std::string id;
    std::int64_t revision = 0;
    std::string envelope;  ///< base64
};
BOOST_DESCRIBE_STRUCT(SealedWallet, (), (id, revision, envelope))

struct NewSealedWallet {
    std::string name;
    std::string envelope;  ///< base64
};
BOOST_DESCRIBE_STRUCT(NewSealedWallet, (), (name, envelope))

struct NewWatchedWallet {
    std::string name;
    Chain chain = Chain::stellar;
    std::string address;
};
BOOST_DESCRIBE_STRUCT(NewWatchedWallet, (), (name, chain, address))

struct NewEnvelope {
    std::string envelope;  ///< base64
};
BOOST_DESCRIBE_STRUCT(NewEnvelope, (), (envelope))

struct NewName {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(NewName, (), (name))

struct Archiving {
    bool archived = false;
};
BOOST_DESCRIBE_STRUCT(Archiving, (), (archived))

/// The address as the chain writes it: "G…" or base58.
[[nodiscard]] std::string address_text(Chain chain, const crypto::Ed25519Public& address);
/// "wallet_address" when it is none of the chain.
[[nodiscard]] Result<crypto::Ed25519Public> parse_address(Chain chain, std::string_view text);

[[nodiscard]] std::vector<FactorView> factors_of(const Envelope& envelope);

/// "wallet_envelope_malformed" when the text is no base64; codes of parse_envelope().
[[nodiscard]] Result<Envelope> envelope_of_text(std::string_view base64);

}  // namespace astro::wallets

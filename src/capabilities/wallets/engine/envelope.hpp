#pragma once

#include <string>
#include <variant>
#include <vector>

#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"
#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/password_hash.hpp"
#include "foundation/crypto/x25519.hpp"

/// The form in which a wallet's secret is kept by whoever must not know it. Numbers are big-endian:
///
///     "ASTROWL" 7 | version 1 = 1
///     chain 1 | secret kind 1 | wallet id 16 | owner's id 16 | address 32        the subject
///     revision 4 | nonce 12 | sealed secret 48
///     count 1 | as many wraps
///     signature 64                      by the wallet's own key, over all that stands before it
///
///     wrap: factor 1 | length 2 | id 8 | label length 1 | label | parameters | nonce 12 | key 48
///
///     1 password, Argon2id    memory in KiB 4 | passes 4 | salt 16
///     2 password, PBKDF2      rounds 4 | salt 16
///     3 device key, X25519    the device's public key 32 | ephemeral public key 32
///     4 passkey, WebAuthn PRF salt 32 | credential id length 2 | credential id
///     5 recovery secret       salt 16
///
/// A random data key seals the secret; each wrap holds the same data key, sealed under the key that
/// its factor gives (sealing.hpp). The signature makes one whole of it: who does not open the
/// wallet can neither add, drop nor change a wrap. What he can is to give out an earlier envelope
/// of the same wallet again; revisions grow so that whoever saw a later one notices.
namespace astro::wallets {

enum class Chain : std::uint8_t { stellar = 1, solana = 2 };
BOOST_DESCRIBE_ENUM(Chain, stellar, solana)

/// What the 32 sealed bytes are.
enum class SecretKind : std::uint8_t {
    words = 1,  ///< the entropy of 24 words (BIP-39), of which the chain's first account is meant
    seed = 2,   ///< an Ed25519 seed from elsewhere
};
BOOST_DESCRIBE_ENUM(SecretKind, words, seed)

struct WalletIdTag {};
struct OwnerIdTag {};
struct FactorIdTag {};
struct NonceTag {};
struct SaltTag {};
struct SealedKeyTag {};
using WalletId = FixedBytes<WalletIdTag, 16>;
using OwnerId = FixedBytes<OwnerIdTag, 16>;  ///< a user's id
using FactorId = FixedBytes<FactorIdTag, 8>;
using Nonce = FixedBytes<NonceTag, 12>;
using Salt = FixedBytes<SaltTag, 16>;
using PasskeySalt = FixedBytes<SaltTag, 32>;
using SealedKey = FixedBytes<SealedKeyTag, 48>;  ///< 32 bytes and their tag

/// Whose secret of what; everything that is sealed is bound to it.
struct Subject {
    Chain chain = Chain::stellar;
    SecretKind secret = SecretKind::words;
    WalletId wallet;
    OwnerId owner;
    crypto::Ed25519Public address;
    bool operator==(const Subject&) const = default;
};

struct ByArgon2id {
    crypto::Argon2Cost cost;
    Salt salt;
    bool operator==(const ByArgon2id&) const = default;
};
struct ByPbkdf2 {
    std::uint32_t rounds = 0;
    Salt salt;
    bool operator==(const ByPbkdf2&) const = default;
};
struct ByDevice {
    crypto::X25519Public device, ephemeral;
    bool operator==(const ByDevice&) const = default;
};
struct ByPasskey {
    PasskeySalt salt;
    Bytes credential;
    bool operator==(const ByPasskey&) const = default;
};
struct ByRecovery {
    Salt salt;
    bool operator==(const ByRecovery&) const = default;
};
/// The index of an alternative and one is its byte.
using Factor = std::variant<ByArgon2id, ByPbkdf2, ByDevice, ByPasskey, ByRecovery>;

struct Wrap {
    FactorId id;        ///< of one envelope no two have the same
    std::string label;  ///< "Firefox on Ada's laptop"; UTF-8 without control characters
    Factor factor;
    Nonce nonce;
    SealedKey key;
    bool operator==(const Wrap&) const = default;
};

struct Envelope {
    Subject subject;
    std::uint32_t revision = 1;  ///< one more with every change
    Nonce nonce;
    SealedKey secret;
    std::vector<Wrap> wraps;
    crypto::Ed25519Signature signature;
    bool operator==(const Envelope&) const = default;
};

inline constexpr std::size_t kWrapsMax = 16;
inline constexpr std::size_t kLabelBytesMax = 64;
inline constexpr std::size_t kCredentialBytesMax = 1023;  // WebAuthn 3, 5.8.3
inline constexpr std::size_t kEnvelopeBytesMax = 20'000;
/// Bounds of what a password costs. What is below could be guessed too fast; what is above would
/// let a stranger's envelope fill a phone's memory.
inline constexpr crypto::Argon2Cost kArgon2Least{19'456, 2}, kArgon2Most{262'144, 16};
inline constexpr std::uint32_t kPbkdf2RoundsLeast = 600'000, kPbkdf2RoundsMost = 10'000'000;

/// Refusals: "wallet_envelope_malformed", where: "byte N"; "wallet_envelope_forged" when the
/// signature is not the wallet's own.
[[nodiscard]] Result<Envelope> parse_envelope(ByteView bytes);
/// Of an envelope within the limits; parse_envelope() gives it back.
[[nodiscard]] Bytes to_bytes(const Envelope& envelope);

/// The bytes of the subject as the form begins, with which everything sealed is bound.
[[nodiscard]] Bytes subject_bytes(const Subject& subject);
/// The bytes of a wrap up to its nonce.
[[nodiscard]] Bytes factor_bytes(const Wrap& wrap);
/// What the wallet's key signs. Begins with a byte that begins no transaction of either chain.
[[nodiscard]] Bytes signed_bytes(const Envelope& envelope);

/// "wallet_label" unless it is at most 64 bytes of UTF-8 without control characters.
[[nodiscard]] Result<void> check_label(std::string_view label);

}  // namespace astro::wallets

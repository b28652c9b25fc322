#pragma once

#include <span>

#include "capabilities/wallets/engine/envelope.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/locked_key.hpp"

/// Making and opening sealed wallets. Only who holds the secret does it: the browser has the same
/// in web/src/domain/wallet, the command line calls this, the server never does.
///
///     password ─Argon2id─┐
///     device ───X25519─┐ │
///     passkey ──PRF────┼─┴─▶ wrapping key ──AES-256-GCM──▶ data key ──AES-256-GCM──▶ secret
///     recovery ────────┘HKDF
///
/// The keys from HKDF-SHA256 have the subject's bytes as info; the secret is bound to the subject's
/// bytes, a wrapped data key also to those of its factor.
///
/// Refusals: "wallet_factor_missing" (no wrap is for such a factor), "wallet_factor_wrong" (none of
/// them opens), "wallet_secret_wrong" (the secret is not that of the address).
namespace astro::wallets {

/// What a person or his device has, to open with. Views last as long as the call.
struct Password {
    ByteView text;
};
struct DeviceKey {
    const crypto::X25519Key& key;
};
struct PasskeyOutput {
    ByteView credential;
    const crypto::SecretKey& output;  ///< of the PRF extension, for the wrap's salt
};
struct RecoverySecret {
    const crypto::SecretKey& secret;
};
using Proof = std::variant<Password, DeviceKey, PasskeyOutput, RecoverySecret>;

/// A factor that is to open from now on.
struct NewPassword {
    ByteView text;
    crypto::Argon2Cost cost{65'536, 3};  ///< the least that is chosen: see calibrated_cost()
};
/// Where a rule asks for PBKDF2.
struct NewCompatiblePassword {
    ByteView text;
    std::uint32_t rounds = kPbkdf2RoundsLeast;
};
struct NewDevice {
    crypto::X25519Public device;
};
struct NewPasskey {
    PasskeySalt salt;
    Bytes credential;
    const crypto::SecretKey& output;
};
struct NewRecovery {
    const crypto::SecretKey& secret;
};
using NewFactor =
    std::variant<NewPassword, NewCompatiblePassword, NewDevice, NewPasskey, NewRecovery>;
struct LabelledFactor {
    std::string label;
    NewFactor factor;
};

/// An open wallet: what its envelope seals.
class Opened {
  public:
    Opened(const crypto::SecretKey& data_key, const crypto::SecretKey& secret,
           crypto::Ed25519Key signing, std::size_t wrap)
        : data_key_(data_key), secret_(secret), signing_(signing.seed()), wrap_(wrap) {}

    [[nodiscard]] const crypto::SecretKey& data_key() const { return data_key_.key(); }
    /// The entropy or the seed, as the subject says.
    [[nodiscard]] const crypto::SecretKey& secret() const { return secret_.key(); }
    [[nodiscard]] crypto::Ed25519Key signing_key() const {
        return crypto::Ed25519Key::from_seed(signing_.key());
    }
    /// Which of the wraps it was opened by.
    [[nodiscard]] std::size_t wrap() const { return wrap_; }

  private:
    crypto::LockedKey data_key_, secret_, signing_;
    std::size_t wrap_;
};

/// The key that signs for the wallet: of the chain's first account (m/44'/148'/0' for Stellar,
/// m/44'/501'/0'/0' for Solana) for words.
[[nodiscard]] crypto::Ed25519Key signing_key(Chain chain, SecretKind kind,
                                             const crypto::SecretKey& secret);

/// Seals the secret of a new wallet, whose address is that of its signing key; one factor or more.
/// Refuses costs and labels beyond the envelope's limits ("wallet_label", "wallet_password_cost",
/// "wallet_factors").
[[nodiscard]] Result<Envelope> seal_wallet(const Subject& subject, const crypto::SecretKey& secret,
                                           std::span<const LabelledFactor> factors,
                                           crypto::Random& random);

[[nodiscard]] Result<Opened> open_wallet(const Envelope& envelope, const Proof& proof);

/// "wallet_envelope_elsewhere" when it is another wallet's, or another user's, than asked for.
[[nodiscard]] Result<void> check_subject(const Envelope& envelope, const WalletId& wallet,
                                         const OwnerId& owner);

/// The next revision: without the wraps `removed`, with those of `added`. What is sealed stays as
/// it is, byte for byte. "wallet_factors" when none or more than 16 would open.
[[nodiscard]] Result<Envelope> rewrap_wallet(const Envelope& envelope, const Opened& opened,
                                             std::span<const FactorId> removed,
                                             std::span<const LabelledFactor> added,
                                             crypto::Random& random);

/// The cost at which a new password takes half a second where the least one took `measured`: as
/// much memory, 3 to 16 passes, so that whoever opens it on a slower machine does not wait forever.
[[nodiscard]] crypto::Argon2Cost calibrated_cost(DurationNs measured);

/// Whether a password's cost is below what a new one would get: whoever has just opened with it
/// wraps again.
[[nodiscard]] bool needs_upgrade(const Wrap& wrap, const crypto::Argon2Cost& today);

}  // namespace astro::wallets

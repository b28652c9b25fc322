#include "capabilities/wallets/engine/sealing.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "foundation/base/assert.hpp"
#include "foundation/crypto/key_derivation.hpp"
#include "foundation/crypto/mnemonic.hpp"
#include "foundation/crypto/sealed.hpp"

namespace astro::wallets {
namespace {

using crypto::SecretKey;

constexpr std::string_view kSecretPurpose = "astrolabe wallet secret";
constexpr std::string_view kKeyPurpose = "astrolabe wallet key";

Bytes joined(std::string_view purpose, ByteView a, ByteView b = {}) {
    Bytes out(purpose.begin(), purpose.end());
    out.insert(out.end(), a.begin(), a.end());
    out.insert(out.end(), b.begin(), b.end());
    return out;
}

Bytes secret_context(const Subject& subject) {
    return joined(kSecretPurpose, subject_bytes(subject));
}
Bytes wrap_context(const Subject& subject, const Wrap& wrap) {
    return joined(kKeyPurpose, subject_bytes(subject), factor_bytes(wrap));
}

SealedKey seal_key(const SecretKey& key, const SecretKey& by, const Nonce& nonce,
                   ByteView context) {
    const Bytes sealed = crypto::aes256_gcm_seal(by, nonce.view(), key.view(), context);
    SealedKey out;
    ASTRO_ASSERT(sealed.size() == SealedKey::kSize);
    std::ranges::copy(sealed, out.bytes.begin());
    return out;
}

std::optional<SecretKey> open_key(const SealedKey& sealed, const SecretKey& by, const Nonce& nonce,
                                  ByteView context) {
    auto plain = crypto::aes256_gcm_open(by, nonce.view(), sealed.view(), context);
    if (!plain) return std::nullopt;
    const SecretKey out{ByteView(*plain)};
    crypto::wipe(*plain);
    return out;
}

SecretKey from_secret(const Subject& subject, const SecretKey& input, ByteView salt) {
    return crypto::hkdf_sha256(input.view(), salt, joined(kKeyPurpose, subject_bytes(subject)));
}

SecretKey from_agreement(const Subject& subject, const SecretKey& shared, const ByDevice& factor) {
    return from_secret(subject, shared, joined({}, factor.ephemeral.view(), factor.device.view()));
}

/// The key under which the wrap was sealed, if the proof is of the factor's kind and for it.
class WrappingKey {
  public:
    WrappingKey(const Subject& subject, const Factor& factor)
        : subject_(subject), factor_(factor) {}
    using Answer = Result<std::optional<SecretKey>>;

    Answer operator()(const Password& password) const {
        if (const auto* argon = std::get_if<ByArgon2id>(&factor_)) {
            ASTRO_TRY(const SecretKey key,
                      crypto::argon2id(password.text, argon->salt.view(), argon->cost));
            return std::optional(key);
        }
        if (const auto* pbkdf2 = std::get_if<ByPbkdf2>(&factor_))
            return std::optional(
                crypto::pbkdf2_sha256(password.text, pbkdf2->salt.view(), pbkdf2->rounds));
        return none();
    }
    Answer operator()(const DeviceKey& device) const {
        const auto* factor = std::get_if<ByDevice>(&factor_);
        if (factor == nullptr || factor->device != device.key.public_key()) return none();
        const auto shared = device.key.agree(factor->ephemeral);
        if (!shared) return none();
        return std::optional(from_agreement(subject_, *shared, *factor));
    }
    Answer operator()(const PasskeyOutput& passkey) const {
        const auto* factor = std::get_if<ByPasskey>(&factor_);
        if (factor == nullptr || !std::ranges::equal(factor->credential, passkey.credential))
            return none();
        return std::optional(from_secret(subject_, passkey.output, factor->salt.view()));
    }
    Answer operator()(const RecoverySecret& recovery) const {
        const auto* factor = std::get_if<ByRecovery>(&factor_);
        if (factor == nullptr) return none();
        return std::optional(from_secret(subject_, recovery.secret, factor->salt.view()));
    }

  private:
    static std::optional<SecretKey> none() { return std::nullopt; }
    const Subject& subject_;
    const Factor& factor_;
};

/// The factor that a new one becomes, and the key that it gives.
struct MadeFactor {
    Factor factor;
    SecretKey key;
};

class Making {
  public:
    Making(const Subject& subject, crypto::Random& random) : subject_(subject), random_(random) {}
    using Answer = Result<MadeFactor>;

    Answer operator()(const NewPassword& password) const {
        if (password.cost.memory_kib < kArgon2Least.memory_kib ||
            password.cost.memory_kib > kArgon2Most.memory_kib ||
            password.cost.passes < kArgon2Least.passes || password.cost.passes > kArgon2Most.passes)
            return refusal("wallet_password_cost",
                           "a wallet's password takes 19456 to 262144 KiB and 2 to 16 passes");
        const ByArgon2id factor{password.cost, fresh<Salt>()};
        ASTRO_TRY(const SecretKey key,
                  crypto::argon2id(password.text, factor.salt.view(), factor.cost));
        return MadeFactor{factor, key};
    }
    Answer operator()(const NewCompatiblePassword& password) const {
        if (password.rounds < kPbkdf2RoundsLeast || password.rounds > kPbkdf2RoundsMost)
            return refusal("wallet_password_cost",
                           "a wallet's password takes 600000 to 10000000 rounds of PBKDF2");
        const ByPbkdf2 factor{password.rounds, fresh<Salt>()};
        return MadeFactor{factor,
                          crypto::pbkdf2_sha256(password.text, factor.salt.view(), factor.rounds)};
    }
    Answer operator()(const NewDevice& device) const {
        const auto ephemeral = crypto::X25519Key::generate(random_);
        const auto shared = ephemeral.agree(device.device);
        if (!shared)
            return refusal("wallet_device_key",
                           "the device's public key is a point of small order");
        const ByDevice factor{device.device, ephemeral.public_key()};
        return MadeFactor{factor, from_agreement(subject_, *shared, factor)};
    }
    Answer operator()(const NewPasskey& passkey) const {
        if (passkey.credential.empty() || passkey.credential.size() > kCredentialBytesMax)
            return refusal("wallet_passkey", "a passkey's credential id has 1 to 1023 bytes");
        const ByPasskey factor{passkey.salt, passkey.credential};
        return MadeFactor{factor, from_secret(subject_, passkey.output, factor.salt.view())};
    }
    Answer operator()(const NewRecovery& recovery) const {
        const ByRecovery factor{fresh<Salt>()};
        return MadeFactor{factor, from_secret(subject_, recovery.secret, factor.salt.view())};
    }

  private:
    template <class Value>
    Value fresh() const {
        Value out;
        random_.fill(out.bytes);
        return out;
    }
    const Subject& subject_;
    crypto::Random& random_;
};

Result<Wrap> make_wrap(const Subject& subject, const SecretKey& data_key,
                       const LabelledFactor& wanted, crypto::Random& random) {
    ASTRO_CHECK(check_label(wanted.label));
    ASTRO_TRY(const MadeFactor made, std::visit(Making(subject, random), wanted.factor));
    Wrap out{.id = {}, .label = wanted.label, .factor = made.factor, .nonce = {}, .key = {}};
    random.fill(out.id.bytes);
    random.fill(out.nonce.bytes);
    out.key = seal_key(data_key, made.key, out.nonce, wrap_context(subject, out));
    return out;
}

Result<void> add_wraps(Envelope& envelope, const SecretKey& data_key,
                       std::span<const LabelledFactor> factors, crypto::Random& random) {
    const std::size_t count = envelope.wraps.size() + factors.size();
    if (count == 0 || count > kWrapsMax)
        return refusal("wallet_factors",
                       "a wallet is opened by 1 to 16 factors, not by " + std::to_string(count));
    for (const auto& factor : factors) {
        ASTRO_TRY(auto wrap, make_wrap(envelope.subject, data_key, factor, random));
        envelope.wraps.push_back(std::move(wrap));
    }
    return {};
}

}  // namespace

crypto::Ed25519Key signing_key(Chain chain, SecretKind kind, const SecretKey& secret) {
    if (kind == SecretKind::seed) return crypto::Ed25519Key::from_seed(secret);
    constexpr std::array<std::uint32_t, 3> kStellarPath{44, 148, 0};
    constexpr std::array<std::uint32_t, 4> kSolanaPath{44, 501, 0, 0};
    std::string words = crypto::words_of(secret.view());
    const auto seed = crypto::seed_of(words, "");
    crypto::wipe(words);
    ASTRO_ASSERT(seed.has_value());  // they have just been made
    const std::span<const std::uint32_t> path = chain == Chain::stellar
                                                    ? std::span<const std::uint32_t>(kStellarPath)
                                                    : std::span<const std::uint32_t>(kSolanaPath);
    return crypto::Ed25519Key::from_seed(crypto::derive_ed25519(*seed, path));
}

Result<Envelope> seal_wallet(const Subject& subject, const SecretKey& secret,
                             std::span<const LabelledFactor> factors, crypto::Random& random) {
    const auto signing = signing_key(subject.chain, subject.secret, secret);
    ASTRO_ASSERT(signing.public_key() == subject.address);
    const SecretKey data_key = random.secret_key();
    Envelope out{.subject = subject, .nonce = {}, .secret = {}, .wraps = {}, .signature = {}};
    random.fill(out.nonce.bytes);
    out.secret = seal_key(secret, data_key, out.nonce, secret_context(subject));
    ASTRO_CHECK(add_wraps(out, data_key, factors, random));
    out.signature = signing.sign(signed_bytes(out));
    return out;
}

Result<Opened> open_wallet(const Envelope& envelope, const Proof& proof) {
    bool asked = false;
    for (std::size_t at = 0; at < envelope.wraps.size(); ++at) {
        const Wrap& wrap = envelope.wraps[at];
        ASTRO_TRY(const auto key, std::visit(WrappingKey(envelope.subject, wrap.factor), proof));
        asked = asked || key.has_value();
        if (!key) continue;
        const auto data_key =
            open_key(wrap.key, *key, wrap.nonce, wrap_context(envelope.subject, wrap));
        if (!data_key) continue;
        const auto secret =
            open_key(envelope.secret, *data_key, envelope.nonce, secret_context(envelope.subject));
        if (!secret) continue;
        auto signing = signing_key(envelope.subject.chain, envelope.subject.secret, *secret);
        if (signing.public_key() != envelope.subject.address)
            return refusal("wallet_secret_wrong", "the sealed secret is not that of the address");
        return Opened(*data_key, *secret, std::move(signing), at);
    }
    if (!asked) return refusal("wallet_factor_missing", "nothing of this kind opens the wallet");
    return refusal("wallet_factor_wrong", "this does not open the wallet");
}

Result<void> check_subject(const Envelope& envelope, const WalletId& wallet, const OwnerId& owner) {
    if (envelope.subject.wallet == wallet && envelope.subject.owner == owner) return {};
    return refusal("wallet_envelope_elsewhere",
                   "the sealed wallet is another one, or another "
                   "user's");
}

Result<Envelope> rewrap_wallet(const Envelope& envelope, const Opened& opened,
                               std::span<const FactorId> removed,
                               std::span<const LabelledFactor> added, crypto::Random& random) {
    Envelope out = envelope;
    if (out.revision == UINT32_MAX)
        return refusal("wallet_factors", "the wallet has been changed as often as it can be");
    ++out.revision;
    std::erase_if(out.wraps, [&](const Wrap& wrap) {
        return std::ranges::find(removed, wrap.id) != removed.end();
    });
    ASTRO_CHECK(add_wraps(out, opened.data_key(), added, random));
    out.signature = opened.signing_key().sign(signed_bytes(out));
    return out;
}

crypto::Argon2Cost calibrated_cost(DurationNs measured) {
    crypto::Argon2Cost out = NewPassword{}.cost;
    const std::int64_t least = out.passes, wanted_ns = milliseconds(500).value();
    const std::int64_t pass_ns = std::max<std::int64_t>(measured.value() / least, 1);
    out.passes = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>((wanted_ns + pass_ns / 2) / pass_ns, least, kArgon2Most.passes));
    return out;
}

bool needs_upgrade(const Wrap& wrap, const crypto::Argon2Cost& today) {
    if (const auto* argon = std::get_if<ByArgon2id>(&wrap.factor))
        return argon->cost.memory_kib < today.memory_kib || argon->cost.passes < today.passes;
    if (const auto* pbkdf2 = std::get_if<ByPbkdf2>(&wrap.factor))
        return pbkdf2->rounds < kPbkdf2RoundsLeast;
    return false;
}

}  // namespace astro::wallets

#include "capabilities/wallets/model.hpp"

#include <algorithm>

#include "chains/stellar/strkey.hpp"

namespace astro::wallets {
namespace {

struct Described {
    FactorKind kind = FactorKind::password;
    std::string parameters;
};

Described described(const ByArgon2id& factor) {
    return {FactorKind::password, "argon2id " + std::to_string(factor.cost.memory_kib) + " KiB, " +
                                      std::to_string(factor.cost.passes) + " passes"};
}
Described described(const ByPbkdf2& factor) {
    return {FactorKind::password,
            "pbkdf2-hmac-sha256 " + std::to_string(factor.rounds) + " rounds"};
}
Described described(const ByDevice& factor) {
    return {FactorKind::device, "x25519 " + to_hex(factor.device.view())};
}
Described described(const ByPasskey& factor) {
    return {FactorKind::passkey, "webauthn-prf " + to_base64url(factor.credential)};
}
Described described(const ByRecovery&) {
    return {FactorKind::recovery, "hkdf-sha256"};
}

}  // namespace

std::string address_text(Chain chain, const crypto::Ed25519Public& address) {
    if (chain == Chain::solana) return to_base58(address.view());
    stellar::AccountId account;
    account.bytes = address.bytes;
    return stellar::to_text(account);
}

Result<crypto::Ed25519Public> parse_address(Chain chain, std::string_view text) {
    crypto::Ed25519Public out;
    if (chain == Chain::solana) {
        if (decode_base58_fixed(text, out.bytes)) return out;
        return refusal("wallet_address", "an address of Solana is 32 bytes in base58", "address");
    }
    const auto account = stellar::parse_account(text);
    if (!account)
        return refusal("wallet_address",
                       "an account of Stellar has 56 characters, begins with G "
                       "and carries a checksum, which must fit",
                       "address");
    out.bytes = account->bytes;
    return out;
}

std::vector<FactorView> factors_of(const Envelope& envelope) {
    std::vector<FactorView> out;
    for (const auto& wrap : envelope.wraps) {
        auto [kind, parameters] =
            std::visit([](const auto& factor) { return described(factor); }, wrap.factor);
        out.push_back({to_hex(wrap.id.view()), kind, wrap.label, std::move(parameters)});
    }
    return out;
}

Result<Envelope> envelope_of_text(std::string_view base64) {
    const auto bytes = parse_base64(base64);
    if (!bytes)
        return refusal("wallet_envelope_malformed", "a sealed wallet is base64 with padding",
                       "envelope");
    return parse_envelope(*bytes);
}

}  // namespace astro::wallets

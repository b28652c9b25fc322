#include "capabilities/devnet/engine/signatures.hpp"

#include <algorithm>
#include <array>

#include "foundation/crypto/ed25519.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::SignerKeyType;

constexpr std::uint32_t kWeightMax = 255;

/// The last four bytes; fewer are filled up with zeros behind.
std::array<std::uint8_t, 4> hint_of(ByteView bytes) {
    std::array<std::uint8_t, 4> out{};
    const auto tail = bytes.size() > 4 ? bytes.last(4) : bytes;
    std::copy(tail.begin(), tail.end(), out.begin());
    return out;
}

bool is_preimage(const xdr::DecoratedSignature& signature, const xdr::Uint256& hash) {
    return signature.hint.bytes == hint_of(hash.view()) &&
           crypto::sha256(signature.signature).bytes == hash.bytes;
}

bool is_signed_payload(const xdr::DecoratedSignature& signature,
                       const xdr::SignerKeyEd25519SignedPayload& key) {
    auto hint = hint_of(key.ed25519.view());
    const auto of_payload = hint_of(key.payload);
    for (std::size_t i = 0; i < hint.size(); ++i)
        hint[i] = static_cast<std::uint8_t>(hint[i] ^ of_payload[i]);
    return signature.hint.bytes == hint &&
           crypto::verify_ed25519(key.ed25519.view(), key.payload, signature.signature);
}

}  // namespace

bool SignatureCheck::weighs(const std::vector<xdr::Signer>& signers, std::uint32_t needed) {
    std::uint32_t weight = 0;
    const auto add = [&](const xdr::Signer& signer) {
        weight += std::min(signer.weight, kWeightMax);
        return weight >= needed;
    };
    for (const auto& signer : signers)
        if (signer.key.type == Type::pre_auth_tx &&
            std::get<xdr::Uint256>(signer.key.value).bytes == hash_.bytes && add(signer))
            return true;
    for (const Type type : {Type::hash_x, Type::ed25519, Type::ed25519_signed_payload}) {
        std::vector<const xdr::Signer*> left;
        for (const auto& signer : signers)
            if (signer.key.type == type) left.push_back(&signer);
        for (std::size_t i = 0; i < signatures_.size(); ++i) {
            const auto at = std::find_if(left.begin(), left.end(),
                                         [&](const auto* it) { return serves(i, it->key); });
            if (at == left.end()) continue;
            is_used_[i] = true;
            if (add(**at)) return true;
            left.erase(at);
        }
    }
    return false;
}

bool SignatureCheck::are_all_used() const {
    return std::all_of(is_used_.begin(), is_used_.end(), [](bool used) { return used; });
}

bool SignatureCheck::serves(std::size_t signature, const xdr::SignerKey& key) {
    if (key.type == Type::hash_x)
        return is_preimage(signatures_[signature], std::get<xdr::Uint256>(key.value));
    if (key.type == Type::ed25519)
        return is_signed_by(signature, std::get<xdr::Uint256>(key.value));
    return is_signed_payload(signatures_[signature],
                             std::get<xdr::SignerKeyEd25519SignedPayload>(key.value));
}

bool SignatureCheck::is_signed_by(std::size_t signature, const xdr::Uint256& key) {
    const auto& of = signatures_[signature];
    if (of.hint.bytes != hint_of(key.view())) return false;
    for (const auto& tried : tried_)
        if (tried.signature == signature && tried.key == key) return tried.is_good;
    const bool is_good = crypto::verify_ed25519(key.view(), hash_.view(), of.signature);
    tried_.push_back({signature, key, is_good});
    return is_good;
}

std::vector<xdr::Signer> signers_of(const xdr::AccountEntry& account) {
    std::vector<xdr::Signer> out;
    if (const auto weight = account.thresholds.bytes[0])
        out.push_back(signer_of(account.account_id, weight));
    out.insert(out.end(), account.signers.begin(), account.signers.end());
    return out;
}

xdr::Signer signer_of(const xdr::PublicKey& key, std::uint32_t weight) {
    return {{Type::ed25519, key.ed25519}, weight};
}

}  // namespace astro::devnet

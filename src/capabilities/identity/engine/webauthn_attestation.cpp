#include <algorithm>

#include "capabilities/identity/engine/webauthn.hpp"
#include "foundation/crypto/certificate.hpp"

namespace astro::identity::webauthn {
namespace {

// §8.2.1: id-fido-gen-ce-aaguid.
constexpr const char* kAaguidExtension = "1.3.6.1.4.1.45724.1.1.4";
constexpr std::size_t kCertificatesMax = 8;

Unexpected bad_attestation(std::string why) {
    return refusal("webauthn_attestation", "the attestation does not hold: " + std::move(why));
}

Result<std::vector<Bytes>> chain_of(const cbor::Value& x5c) {
    const auto* items = x5c.get<cbor::Array>();
    if (items == nullptr || items->empty() || items->size() > kCertificatesMax)
        return bad_attestation("x5c is not a list of 1 to 8 certificates");
    std::vector<Bytes> out;
    for (const auto& item : *items) {
        const auto* der = item.get<Bytes>();
        if (der == nullptr) return bad_attestation("a certificate is not bytes");
        out.push_back(*der);
    }
    return out;
}

/// §8.2.1, requirement by requirement.
Result<void> check_certificate(const crypto::Certificate& certificate, const Aaguid& aaguid) {
    if (certificate.version != 3) return bad_attestation("its certificate is not of version 3");
    if (certificate.country.size() != 2 || certificate.organisation.empty() ||
        certificate.common_name.empty())
        return bad_attestation("its certificate's subject has no country, organisation or name");
    if (certificate.unit != "Authenticator Attestation")
        return bad_attestation("its certificate is not for authenticators");
    if (!certificate.has_basic_constraints || certificate.is_ca)
        return bad_attestation("its certificate is that of an authority");
    if (!certificate.extension) return {};
    // An OCTET STRING of sixteen bytes, inside the extension's own.
    Bytes expected{0x04, 0x10};
    expected.insert(expected.end(), aaguid.bytes.begin(), aaguid.bytes.end());
    if (certificate.extension->critical || certificate.extension->value != expected)
        return bad_attestation("its certificate is for another model of authenticator");
    return {};
}

Result<cose::Key> key_of(const crypto::Certificate& certificate, std::int64_t algorithm) {
    if (const auto* p256 = std::get_if<crypto::P256Public>(&certificate.key);
        p256 != nullptr && algorithm == cose::kEs256)
        return cose::Key{*p256};
    if (const auto* ed25519 = std::get_if<crypto::Ed25519Public>(&certificate.key);
        ed25519 != nullptr && algorithm == cose::kEdDsa)
        return cose::Key{*ed25519};
    if (const auto* rsa = std::get_if<crypto::RsaPublic>(&certificate.key);
        rsa != nullptr && algorithm == cose::kRs256)
        return cose::Key{*rsa};
    return bad_attestation("its algorithm is not that of its certificate's key");
}

Result<Attestation> verify_by_certificate(const Policy& policy, const cbor::Value& x5c,
                                          const AttestedCredential& credential,
                                          std::int64_t algorithm, ByteView signed_bytes,
                                          ByteView signature, TimestampNs now) {
    ASTRO_TRY(const auto chain, chain_of(x5c));
    ASTRO_TRY(const auto leaf, crypto::parse_certificate(chain.front(), kAaguidExtension));
    ASTRO_TRY(const auto key, key_of(leaf, algorithm));
    if (!cose::verify(key, signed_bytes, signature))
        return bad_attestation("its signature is wrong");
    ASTRO_CHECK(check_certificate(leaf, credential.aaguid));
    if (policy.attestation_anchors.empty()) return Attestation::basic;
    const auto trusted = crypto::verify_chain(chain, policy.attestation_anchors, now);
    return trusted ? Attestation::trusted : Attestation::basic;
}

/// §8.2.
Result<Attestation> verify_packed(const Policy& policy, const cbor::Value& statement,
                                  const AttestedCredential& credential, ByteView signed_bytes,
                                  TimestampNs now) {
    const auto* algorithm = statement.find("alg");
    const auto* signature = statement.find("sig");
    const auto* x5c = statement.find("x5c");
    const auto* alg = algorithm == nullptr ? nullptr : algorithm->get<std::int64_t>();
    const auto* sig = signature == nullptr ? nullptr : signature->get<Bytes>();
    if (alg == nullptr || sig == nullptr) return bad_attestation("it has no alg or sig");
    if (statement.get<cbor::Map>()->size() != (x5c == nullptr ? 2U : 3U))
        return bad_attestation("it has members that do not belong to it");
    if (x5c != nullptr)
        return verify_by_certificate(policy, *x5c, credential, *alg, signed_bytes, *sig, now);
    if (*alg != cose::algorithm_of(credential.key))
        return bad_attestation("its algorithm is not that of the credential");
    if (!cose::verify(credential.key, signed_bytes, *sig))
        return bad_attestation("its signature is wrong");
    return Attestation::self;
}

}  // namespace

Result<Attestation> verify_attestation(const Policy& policy, const cbor::Value& object,
                                       const AttestedCredential& credential, ByteView signed_bytes,
                                       TimestampNs now) {
    const auto* format = object.find("fmt");
    const auto* statement = object.find("attStmt");
    const auto* fmt = format == nullptr ? nullptr : format->get<std::string>();
    const auto* map = statement == nullptr ? nullptr : statement->get<cbor::Map>();
    if (fmt == nullptr || map == nullptr)
        return bad_attestation("the attestation object has no fmt or attStmt");
    if (*fmt == "packed") return verify_packed(policy, *statement, credential, signed_bytes, now);
    if (*fmt != "none")
        return bad_attestation("attestation of the kind \"" + fmt->substr(0, 32) +
                               "\" is not taken; ask for none or packed");
    if (!map->empty()) return bad_attestation("one of the kind none says something");  // §8.7
    return Attestation::none;
}

}  // namespace astro::identity::webauthn

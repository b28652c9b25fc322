#include "capabilities/identity/engine/cose.hpp"

#include <algorithm>

namespace astro::identity::cose {
namespace {

// Labels and values of RFC 9053 §7 and RFC 8230 §4.
constexpr std::int64_t kType = 1, kAlgorithm = 3;
constexpr std::int64_t kCurve = -1, kX = -2, kY = -3;  // OKP, EC2
constexpr std::int64_t kModulus = -1, kExponent = -2;  // RSA
constexpr std::int64_t kOkp = 1, kEc2 = 2, kRsa = 3;
constexpr std::int64_t kP256 = 1, kEd25519 = 6;

Unexpected malformed(std::string why) {
    return refusal("cose_malformed", "not a COSE key: " + std::move(why));
}

/// Reads the members of one key; `members` counts those that were asked for.
struct Reader {
    const cbor::Value& key;
    std::size_t members = 0;

    Result<std::int64_t> number(std::int64_t label) {
        ++members;
        const auto* value = key.find(label);
        const auto* out = value == nullptr ? nullptr : value->get<std::int64_t>();
        if (out == nullptr) return malformed("member " + std::to_string(label) + " is no number");
        return *out;
    }
    Result<Bytes> bytes(std::int64_t label, std::size_t size) {
        ++members;
        const auto* value = key.find(label);
        const auto* out = value == nullptr ? nullptr : value->get<Bytes>();
        if (out == nullptr || (size > 0 && out->size() != size))
            return malformed("member " + std::to_string(label) + " is not the bytes it should be");
        return *out;
    }
    Result<void> expect(std::int64_t label, std::int64_t wanted) {
        ASTRO_TRY(const std::int64_t value, number(label));
        if (value != wanted)
            return malformed("member " + std::to_string(label) + " is " + std::to_string(value) +
                             " and not " + std::to_string(wanted));
        return {};
    }
};

Result<Key> parse_p256(Reader& reader) {
    ASTRO_CHECK(reader.expect(kType, kEc2));
    ASTRO_CHECK(reader.expect(kCurve, kP256));
    crypto::P256Public key;
    ASTRO_TRY(const Bytes x, reader.bytes(kX, 32));
    ASTRO_TRY(const Bytes y, reader.bytes(kY, 32));  // a compressed point (a sign) is refused
    std::copy(x.begin(), x.end(), key.bytes.begin());
    std::copy(y.begin(), y.end(), key.bytes.begin() + 32);
    ASTRO_CHECK(crypto::check_p256_public(key));
    return Key{key};
}

Result<Key> parse_ed25519(Reader& reader) {
    ASTRO_CHECK(reader.expect(kType, kOkp));
    ASTRO_CHECK(reader.expect(kCurve, kEd25519));
    crypto::Ed25519Public key;
    ASTRO_TRY(const Bytes x, reader.bytes(kX, key.bytes.size()));
    std::copy(x.begin(), x.end(), key.bytes.begin());
    return Key{key};
}

Result<Key> parse_rsa(Reader& reader) {
    ASTRO_CHECK(reader.expect(kType, kRsa));
    crypto::RsaPublic key;
    ASTRO_TRY(key.modulus, reader.bytes(kModulus, 0));
    ASTRO_TRY(key.exponent, reader.bytes(kExponent, 0));
    ASTRO_CHECK(crypto::check_rsa_public(key));
    return Key{std::move(key)};
}

struct Verifier {
    ByteView message, signature;
    bool operator()(const crypto::P256Public& key) const {
        return crypto::verify_ecdsa_p256(key, message, signature, crypto::EcdsaForm::der);
    }
    bool operator()(const crypto::Ed25519Public& key) const {
        return crypto::verify_ed25519(key.view(), message, signature);
    }
    bool operator()(const crypto::RsaPublic& key) const {
        return crypto::verify_rsa_sha256(key, message, signature);
    }
};

cbor::Value part(ByteView bytes) {
    return cbor::Value{Bytes(bytes.begin(), bytes.end())};
}
cbor::Value number(std::int64_t n) {
    return cbor::Value{n};
}

struct Writer {
    cbor::Map operator()(const crypto::P256Public& key) const {
        return {{number(kType), number(kEc2)},
                {number(kAlgorithm), number(kEs256)},
                {number(kCurve), number(kP256)},
                {number(kX), part(key.view().first(32))},
                {number(kY), part(key.view().last(32))}};
    }
    cbor::Map operator()(const crypto::Ed25519Public& key) const {
        return {{number(kType), number(kOkp)},
                {number(kAlgorithm), number(kEdDsa)},
                {number(kCurve), number(kEd25519)},
                {number(kX), part(key.view())}};
    }
    cbor::Map operator()(const crypto::RsaPublic& key) const {
        return {{number(kType), number(kRsa)},
                {number(kAlgorithm), number(kRs256)},
                {number(kModulus), part(key.modulus)},
                {number(kExponent), part(key.exponent)}};
    }
};

}  // namespace

std::int64_t algorithm_of(const Key& key) {
    constexpr std::int64_t kAlgorithms[] = {kEs256, kEdDsa, kRs256};
    return kAlgorithms[key.index()];
}

Result<Key> parse_key(const cbor::Value& value) {
    const auto* map = value.get<cbor::Map>();
    if (map == nullptr) return malformed("it is no map");
    Reader reader{value};
    ASTRO_TRY(const std::int64_t algorithm, reader.number(kAlgorithm));
    auto key = algorithm == kEs256   ? parse_p256(reader)
               : algorithm == kEdDsa ? parse_ed25519(reader)
               : algorithm == kRs256
                   ? parse_rsa(reader)
                   : Result<Key>(refusal("cose_algorithm",
                                         "keys of algorithm " + std::to_string(algorithm) +
                                             " are not taken; ES256 (-7), EdDSA (-8) and RS256 "
                                             "(-257) are"));
    if (!key) return key;
    if (map->size() != reader.members) return malformed("it has members that do not belong to it");
    return key;
}

cbor::Value to_cbor(const Key& key) {
    return cbor::Value{std::visit(Writer{}, key)};
}

bool verify(const Key& key, ByteView message, ByteView signature) {
    return std::visit(Verifier{message, signature}, key);
}

}  // namespace astro::identity::cose

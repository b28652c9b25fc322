#include "foundation/crypto/signatures.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>

#include <algorithm>

#include "foundation/base/assert.hpp"
#include "foundation/crypto/openssl_support.hpp"

namespace astro::crypto {
namespace {

using namespace openssl;

constexpr int kRsaBitsMin = 2048, kRsaBitsMax = 8192, kExponentBitsMax = 32;

Key import_key(const char* type, OSSL_PARAM* parameters) {
    KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    ASTRO_ASSERT(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
    if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        return nullptr;
    return Key(key);
}

Key import_p256(const P256Public& point) {
    std::array<std::uint8_t, 1 + P256Public::kSize> encoded;
    encoded[0] = 0x04;  // SEC 1: uncompressed
    std::copy(point.bytes.begin(), point.bytes.end(), encoded.begin() + 1);
    char group[] = "prime256v1";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, encoded.data(), encoded.size()),
        OSSL_PARAM_construct_end()};
    return import_key("EC", parameters);
}

Key import_rsa(const RsaPublic& key) {
    const Number n(BN_bin2bn(key.modulus.data(), static_cast<int>(key.modulus.size()), nullptr));
    const Number e(BN_bin2bn(key.exponent.data(), static_cast<int>(key.exponent.size()), nullptr));
    const ParameterBuilder builder(OSSL_PARAM_BLD_new());
    ASTRO_ASSERT(n && e && builder);
    ASTRO_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1);
    ASTRO_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1);
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    ASTRO_ASSERT(parameters != nullptr);
    return import_key("RSA", parameters.get());
}

bool verify_sha256(EVP_PKEY* key, ByteView message, ByteView signature) {
    const DigestContext context(EVP_MD_CTX_new());
    ASTRO_ASSERT(context != nullptr);
    return EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key,
                                   nullptr) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                            message.size()) == 1;
}

/// DER of an r and s of 32 bytes each.
Bytes to_der(ByteView raw) {
    const std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>> signature(ECDSA_SIG_new());
    Number r(BN_bin2bn(raw.data(), 32, nullptr)), s(BN_bin2bn(raw.data() + 32, 32, nullptr));
    ASTRO_ASSERT(signature && ECDSA_SIG_set0(signature.get(), r.release(), s.release()) == 1);
    Bytes out(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)));
    auto* end = out.data();
    i2d_ECDSA_SIG(signature.get(), &end);
    return out;
}

/// Number of significant bits of a big-endian number.
int bits_of(ByteView number) {
    const auto first = std::find_if(number.begin(), number.end(), [](auto b) { return b != 0; });
    if (first == number.end()) return 0;
    const auto whole = static_cast<int>(number.end() - first - 1);
    return whole * 8 + std::bit_width(*first);
}

}  // namespace

Result<void> check_p256_public(const P256Public& key) {
    const ErrorScope scope;
    if (!import_p256(key))
        return refusal("bad_public_key", "the public key is not a point of the curve P-256");
    return {};
}

bool verify_ecdsa_p256(const P256Public& key, ByteView message, ByteView signature,
                       EcdsaForm form) {
    const ErrorScope scope;
    const Key imported = import_p256(key);
    if (!imported) return false;
    if (form == EcdsaForm::der) return verify_sha256(imported.get(), message, signature);
    return signature.size() == 64 && verify_sha256(imported.get(), message, to_der(signature));
}

Result<void> check_rsa_public(const RsaPublic& key) {
    const int bits = bits_of(key.modulus);
    if (bits < kRsaBitsMin || bits > kRsaBitsMax || (key.modulus.back() & 1) == 0)
        return refusal("bad_public_key",
                       "an RSA modulus has 2048 to 8192 bits and is odd; this one has " +
                           std::to_string(bits) + " bits");
    const int exponent_bits = bits_of(key.exponent);
    if (exponent_bits < 2 || exponent_bits > kExponentBitsMax || (key.exponent.back() & 1) == 0)
        return refusal("bad_public_key", "an RSA exponent is odd and from 3 to 2^32");
    return {};
}

bool verify_rsa_sha256(const RsaPublic& key, ByteView message, ByteView signature) {
    if (!check_rsa_public(key)) return false;
    const ErrorScope scope;
    const Key imported = import_rsa(key);
    return imported && verify_sha256(imported.get(), message, signature);
}

}  // namespace astro::crypto

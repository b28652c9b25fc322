#include "foundation/crypto/key_derivation.hpp"

#include "foundation/base/assert.hpp"
#include "foundation/crypto/hmac.hpp"
#include "foundation/crypto/openssl_support.hpp"

namespace astro::crypto {

SecretKey hkdf_sha256(ByteView input, ByteView salt, ByteView info) {
    Sha256 extracted = hmac_sha256(salt, input);
    Bytes message(info.begin(), info.end());
    message.push_back(1);  // the first block, which is all that 32 bytes need
    Sha256 expanded = hmac_sha256(extracted.view(), message);
    SecretKey out{expanded.view()};
    wipe(extracted.bytes);
    wipe(expanded.bytes);
    return out;
}

SecretKey pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t rounds) {
    ASTRO_ASSERT(rounds > 0 && rounds < (1U << 31) && password.size() < (1U << 30) &&
                 salt.size() < (1U << 30));
    SecretKey out;
    ASTRO_ASSERT(PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(password.data()),
                                   static_cast<int>(password.size()), salt.data(),
                                   static_cast<int>(salt.size()), static_cast<int>(rounds),
                                   EVP_sha256(), static_cast<int>(SecretKey::kSize),
                                   out.writable().data()) == 1);
    return out;
}

}  // namespace astro::crypto

#include "foundation/crypto/sha256.hpp"

#include <openssl/evp.h>

#include "foundation/base/assert.hpp"

namespace astro::crypto {

Sha256 sha256(ByteView bytes) {
    // Fetched once: EVP_sha256() looks the algorithm up anew on every call in OpenSSL 3.
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    Sha256 out;
    unsigned length = 0;
    ASTRO_ASSERT(algorithm != nullptr);
    ASTRO_ASSERT(
        EVP_Digest(bytes.data(), bytes.size(), out.bytes.data(), &length, algorithm, nullptr) == 1);
    ASTRO_ASSERT(length == Sha256::kSize);
    return out;
}

}  // namespace astro::crypto

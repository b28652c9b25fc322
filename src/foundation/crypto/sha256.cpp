#include "foundation/crypto/sha256.hpp"

#include <openssl/evp.h>

#include <memory>

#include "foundation/base/assert.hpp"

namespace astro::crypto {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

Sha256 sha256(ByteView bytes) {
    // Fetched once: EVP_sha256() looks the algorithm up anew on every call in OpenSSL 3.
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    // One context a thread: making it anew costs as much as hashing a short message.
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    Sha256 out;
    unsigned length = 0;
    ASTRO_ASSERT(algorithm != nullptr && context != nullptr);
    ASTRO_ASSERT(EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1);
    ASTRO_ASSERT(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
    ASTRO_ASSERT(EVP_DigestFinal_ex(context.get(), out.bytes.data(), &length) == 1);
    ASTRO_ASSERT(length == Sha256::kSize);
    return out;
}

}  // namespace astro::crypto

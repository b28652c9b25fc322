#include "foundation/crypto/sha256.hpp"

#include <openssl/evp.h>

#include <memory>

#include "foundation/base/assert.hpp"

namespace astro::crypto {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// Fetched once: EVP_sha256() looks the algorithm up anew on every call in OpenSSL 3.
EVP_MD* sha256_algorithm() {
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}

void begin(EVP_MD_CTX* context) {
    ASTRO_ASSERT(sha256_algorithm() != nullptr && context != nullptr);
    ASTRO_ASSERT(EVP_DigestInit_ex2(context, sha256_algorithm(), nullptr) == 1);
}

Sha256 end(EVP_MD_CTX* context) {
    Sha256 out;
    unsigned length = 0;
    ASTRO_ASSERT(EVP_DigestFinal_ex(context, out.bytes.data(), &length) == 1);
    ASTRO_ASSERT(length == Sha256::kSize);
    return out;
}

EVP_MD_CTX* of(void* context) {
    return static_cast<EVP_MD_CTX*>(context);
}

}  // namespace

Sha256 sha256(ByteView bytes) {
    // One context a thread: making it anew costs as much as hashing a short message.
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    begin(context.get());
    ASTRO_ASSERT(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
    return end(context.get());
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
    begin(of(context_));
}

Sha256Stream::~Sha256Stream() {
    EVP_MD_CTX_free(of(context_));
}

void Sha256Stream::add(ByteView bytes) {
    ASTRO_ASSERT(EVP_DigestUpdate(of(context_), bytes.data(), bytes.size()) == 1);
}

Sha256 Sha256Stream::finish() {
    return end(of(context_));
}

}  // namespace astro::crypto

#include "foundation/crypto/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>

#include "foundation/base/assert.hpp"
#include "foundation/crypto/secret.hpp"

namespace astro::crypto {
namespace {

struct FreeContext {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, FreeContext>;

Context make_context() {
    static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    ASTRO_ASSERT(algorithm != nullptr);
    Context context(EVP_MAC_CTX_new(algorithm));
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    ASTRO_ASSERT(context != nullptr && EVP_MAC_CTX_set_params(context.get(), parameters) == 1);
    return context;
}

}  // namespace

Sha256 hmac_sha256(ByteView key, ByteView message) {
    // One context a thread: making it anew costs four times the hashing of a short message.
    thread_local const Context context = make_context();
    static constexpr std::uint8_t kNoKey[1] = {};  // a null key would mean "keep the one before"
    const std::uint8_t* key_data = key.empty() ? kNoKey : key.data();
    Sha256 out;
    std::size_t length = 0;
    ASTRO_ASSERT(EVP_MAC_init(context.get(), key_data, key.size(), nullptr) == 1);
    ASTRO_ASSERT(EVP_MAC_update(context.get(), message.data(), message.size()) == 1);
    ASTRO_ASSERT(EVP_MAC_final(context.get(), out.bytes.data(), &length, out.bytes.size()) == 1);
    ASTRO_ASSERT(length == Sha256::kSize);
    return out;
}

bool verify_hmac_sha256(ByteView key, ByteView message, ByteView tag) {
    return equal_constant_time(hmac_sha256(key, message).view(), tag);
}

}  // namespace astro::crypto

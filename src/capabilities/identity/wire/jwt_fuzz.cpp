// Tokens from any bytes: only those that our key signed verify, and those say what they said.
#include "capabilities/identity/wire/jwt.hpp"
#include "foundation/base/assert.hpp"

using namespace astro;
using namespace astro::identity;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const JwtSigner signer =
        JwtSigner::make(crypto::Ed25519Key::from_seed(crypto::SecretKey{Bytes(32, 5)}));
    static const JwtKeys keys = {{signer.kid, signer.key.public_key()}};
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ClaimPolicy policy{"https://astro.example", "api", 30, 3600};
    const auto claims = verify_access_token(text, keys, policy, from_unix_seconds(1'760'000'000));
    if (claims)
        ASTRO_ASSERT(verify_access_token(sign_access_token(signer, *claims), keys, policy,
                                         from_unix_seconds(1'760'000'000))
                         .value() == *claims);
    return 0;
}

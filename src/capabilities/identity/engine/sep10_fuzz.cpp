// SEP-10 challenges from any bytes, as XDR and as text: what is accepted bears the server's
// signature.
#include "capabilities/identity/engine/sep10.hpp"
#include "chains/stellar/networks.hpp"
#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"

using namespace astro;
using namespace astro::identity;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const sep10::Server server{
        stellar::parse_account("GCSATNFXI5NUNQTXWXD7MSITPDUMHC3C7BX3WZZB7DY4VOHSEYK5FM7P").value(),
        std::string(stellar::kTestNetwork), "example.com", "auth.example.com"};
    const TimestampNs now = from_unix_seconds(1'760'000'000);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)sep10::verify_challenge(server, text, {}, now);
    const auto verified = sep10::verify_challenge(server, to_base64({data, size}), {}, now);
    if (verified)
        ASTRO_ASSERT(verified->nonce.size() == 48 && verified->client.account != server.account);
    return 0;
}

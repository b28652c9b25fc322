// Both ceremonies from any bytes: the first byte chooses, the rest is client data, then bytes.
#include "capabilities/identity/wire/client_data.hpp"
#include "foundation/base/assert.hpp"

using namespace astro;
using namespace astro::identity;

namespace {
webauthn::Policy policy() {
    webauthn::Policy p;
    p.rp_id = "example.org";
    p.origins = {"https://example.org"};
    p.require_user_verification = false;
    return p;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto split = text.find('\0');
    const auto client = parse_client_data(text.substr(0, split));
    const ByteView rest = split == text.npos ? ByteView{} : ByteView(data, size).subspan(split + 1);
    (void)webauthn::parse_authenticator_data(rest);
    if (!client || client->challenge.size() < 16) return 0;
    const auto made = webauthn::verify_registration(policy(), client->challenge, *client, rest,
                                                    from_unix_seconds(1'760'000'000));
    if (made) {
        ASTRO_ASSERT(client->type == "webauthn.create" && !made->id.empty());
        ASTRO_ASSERT(made->id.size() <= webauthn::kCredentialIdBytesMax);
    }
    return 0;
}

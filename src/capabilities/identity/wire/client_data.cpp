#include "capabilities/identity/wire/client_data.hpp"

#include "capabilities/identity/wire/json_object.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::identity {
namespace {
constexpr std::size_t kBytesMax = 16U << 10;
constexpr std::string_view kCode = "client_data_malformed";
}  // namespace

Result<webauthn::ClientData> parse_client_data(std::string_view json) {
    // A byte order mark is decoded away by §7.1 step 5; what is signed are the bytes as sent.
    const std::string_view text = json.starts_with("\xEF\xBB\xBF") ? json.substr(3) : json;
    ASTRO_TRY(const auto object, JsonObject::parse(text, kBytesMax, kCode));
    webauthn::ClientData out;
    ASTRO_TRY(out.type, object.text("type"));
    ASTRO_TRY(const std::string challenge, object.text("challenge"));
    const auto bytes = parse_base64url(challenge);
    if (!bytes) return refusal(kCode, "the challenge is not base64url", "challenge");
    out.challenge = *bytes;
    ASTRO_TRY(out.origin, object.text("origin"));
    ASTRO_TRY(const auto cross, object.optional_boolean("crossOrigin"));
    out.cross_origin = cross.value_or(false);
    ASTRO_TRY(out.top_origin, object.optional_text("topOrigin"));
    out.hash = crypto::sha256(as_bytes(json));
    return out;
}

}  // namespace astro::identity

#include <algorithm>

#include "capabilities/identity/engine/webauthn.hpp"

namespace astro::identity::webauthn {
namespace {

// §6.1 and Level 3 §6.1.3.
constexpr std::uint8_t kUserPresent = 0x01, kUserVerified = 0x04, kBackupEligible = 0x08,
                       kBackedUp = 0x10, kAttested = 0x40, kExtensions = 0x80;
constexpr std::size_t kHeaderBytes = 37, kAttestedHeaderBytes = 18;

Unexpected malformed(std::string_view why) {
    return refusal("auth_data_malformed", "not the data of an authenticator: " + std::string(why));
}

/// Reads the credential off the front of `rest`.
Result<AttestedCredential> take_credential(ByteView& rest) {
    if (rest.size() < kAttestedHeaderBytes) return malformed("it ends in the credential");
    Aaguid aaguid;
    std::copy_n(rest.begin(), aaguid.bytes.size(), aaguid.bytes.begin());
    const std::size_t size = static_cast<std::size_t>(rest[16]) << 8 | rest[17];
    rest = rest.subspan(kAttestedHeaderBytes);
    if (size == 0 || size > kCredentialIdBytesMax)
        return malformed("a credential's id has 1 to 1023 bytes");
    if (rest.size() < size) return malformed("it ends in the credential's id");
    Bytes id(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    rest = rest.subspan(size);
    ASTRO_TRY(const auto encoded, cbor::parse_prefix(rest));
    rest = rest.subspan(encoded.size);
    ASTRO_TRY(auto key, cose::parse_key(encoded.value));
    return AttestedCredential{aaguid, std::move(id), std::move(key)};
}

}  // namespace

Result<AuthenticatorData> parse_authenticator_data(ByteView bytes) {
    if (bytes.size() < kHeaderBytes) return malformed("it has fewer than 37 bytes");
    AuthenticatorData out;
    std::copy_n(bytes.begin(), 32, out.rp_id_hash.bytes.begin());
    const std::uint8_t flags = bytes[32];
    out.user_present = (flags & kUserPresent) != 0;
    out.user_verified = (flags & kUserVerified) != 0;
    out.backup_eligible = (flags & kBackupEligible) != 0;
    out.backed_up = (flags & kBackedUp) != 0;
    for (std::size_t i = 33; i < kHeaderBytes; ++i) out.sign_count = out.sign_count << 8 | bytes[i];
    ByteView rest = bytes.subspan(kHeaderBytes);
    if ((flags & kAttested) != 0) {
        ASTRO_TRY(auto credential, take_credential(rest));
        out.attested = std::move(credential);
    }
    if ((flags & kExtensions) != 0) {
        ASTRO_TRY(const auto extensions, cbor::parse_prefix(rest));
        if (extensions.value.get<cbor::Map>() == nullptr)
            return malformed("its extensions are no map");
        rest = rest.subspan(extensions.size);
    }
    if (!rest.empty()) return malformed("bytes follow it");
    return out;
}

}  // namespace astro::identity::webauthn

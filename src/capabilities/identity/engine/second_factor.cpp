#include "capabilities/identity/engine/second_factor.hpp"

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/one_time_code.hpp"
#include "foundation/crypto/secret.hpp"

namespace astro::identity {
namespace {

constexpr std::int64_t kStepNs = 30'000'000'000;
constexpr unsigned kDigits = 6;
constexpr std::size_t kRecoveryBytes = 10, kRecoveryChars = 16;

bool is_code(std::string_view text) {
    return text.size() == kDigits && text.find_first_not_of("0123456789") == text.npos;
}

/// RFC 3986: everything but unreserved characters is escaped.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        const auto byte = static_cast<std::uint8_t>(c);
        if (plain)
            out += c;
        else
            out += "%" + to_hex(ByteView(&byte, 1));
    }
    return out;
}

}  // namespace

Result<std::int64_t> check_totp(ByteView secret, std::string_view code, TimestampNs now,
                                std::optional<std::int64_t> last_step) {
    if (!is_code(code)) return refusal("totp_malformed", "a one-time code has 6 digits", "code");
    const std::int64_t current = now.value() / kStepNs;
    std::optional<std::int64_t> found;
    // All three are computed whatever the answer; the latest that fits is taken.
    for (std::int64_t step = std::max<std::int64_t>(current - 1, 0); step <= current + 1; ++step)
        if (crypto::equal_constant_time(
                as_bytes(crypto::one_time_code(secret, static_cast<std::uint64_t>(step), kDigits)),
                as_bytes(code)))
            found = step;
    if (!found) return refusal("totp_wrong", "the one-time code is wrong or too old", "code");
    if (last_step && *found <= *last_step)
        return refusal("totp_replayed", "this one-time code has been used; wait for the next",
                       "code");
    return *found;
}

std::string totp_uri(std::string_view issuer, std::string_view account, ByteView secret) {
    return "otpauth://totp/" + escaped(issuer) + ":" + escaped(account) +
           "?secret=" + to_base32(secret) + "&issuer=" + escaped(issuer) +
           "&algorithm=SHA1&digits=6&period=30";
}

std::vector<std::string> make_recovery_codes(crypto::Random& random) {
    std::vector<std::string> codes;
    while (codes.size() < kRecoveryCodes) {
        const std::string letters = to_base32(random.bytes(kRecoveryBytes));
        std::string code;
        for (std::size_t i = 0; i < letters.size(); ++i) {
            if (i > 0 && i % 4 == 0) code += '-';
            code += static_cast<char>(letters[i] >= 'A' ? letters[i] + 32 : letters[i]);
        }
        codes.push_back(code);
    }
    return codes;
}

Result<crypto::Sha256> hash_recovery_code(const UserId& user, std::string_view code) {
    std::string letters;
    for (const char c : code) {
        if (c == '-' || c == ' ') continue;
        letters += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
        if (letters.size() > kRecoveryChars) break;
    }
    const auto bytes = parse_base32(letters);
    if (!bytes || bytes->size() != kRecoveryBytes)
        return refusal("recovery_code_malformed",
                       "a recovery code has 16 letters and digits from 2 to 7", "code");
    Bytes message(user.bytes.begin(), user.bytes.end());
    message.insert(message.end(), bytes->begin(), bytes->end());
    return crypto::sha256(message);
}

}  // namespace astro::identity

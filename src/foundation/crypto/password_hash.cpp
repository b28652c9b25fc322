#include "foundation/crypto/password_hash.hpp"

#include <sodium.h>

#include <charconv>

#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::crypto {
namespace {

constexpr std::uint32_t kMemoryMinKib = 8, kMemoryMaxKib = 1U << 20;
constexpr std::uint32_t kPassesMax = 16, kLanesMax = 16;
constexpr std::string_view kPrefix = "$argon2id$v=19$";

std::string without_padding(std::string text) {
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

Unexpected bad_hash(std::string_view why) {
    return refusal("bad_password_hash", "not an argon2id hash: " + std::string(why));
}

/// Reads "name=number" off the front and the `end` after it.
bool take_number(std::string_view& text, std::string_view name, char end, std::uint32_t& out) {
    if (!text.starts_with(name)) return false;
    const char* first = text.data() + name.size();
    const char* last = text.data() + text.size();
    const auto [stop, error] = std::from_chars(first, last, out);
    if (error != std::errc{} || stop == last || *stop != end || *first == '0') return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
    return true;
}

/// Bytes of an unpadded base64 text; 0 when it is not one.
std::size_t decoded_size(std::string_view text) {
    std::string padded(text);
    while (padded.size() % 4 != 0) padded += '=';
    const auto bytes = parse_base64(padded);
    return text.find('=') == text.npos && bytes ? bytes->size() : 0;
}

}  // namespace

Result<void> check_cost(const Argon2Cost& cost) {
    if (cost.memory_kib < kMemoryMinKib || cost.memory_kib > kMemoryMaxKib)
        return refusal("bad_argon2_cost", "argon2id takes 8 to 1048576 KiB of memory, not " +
                                              std::to_string(cost.memory_kib));
    if (cost.passes < 1 || cost.passes > kPassesMax)
        return refusal("bad_argon2_cost",
                       "argon2id takes 1 to 16 passes, not " + std::to_string(cost.passes));
    return {};
}

Result<SecretKey> argon2id(ByteView password, ByteView salt16, const Argon2Cost& cost) {
    ASTRO_CHECK(check_cost(cost));
    ASTRO_ASSERT(salt16.size() == crypto_pwhash_SALTBYTES);
    SecretKey out;
    if (crypto_pwhash(out.writable().data(), SecretKey::kSize,
                      reinterpret_cast<const char*>(password.data()), password.size(),
                      salt16.data(), cost.passes, std::size_t{cost.memory_kib} * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return unavailable("out_of_memory", "no memory to hash a password: " +
                                                std::to_string(cost.memory_kib) + " KiB");
    return out;
}

Result<std::string> hash_password(std::string_view password, const Argon2Cost& cost,
                                  Random& random) {
    const Bytes salt = random.bytes(kPasswordSaltBytes);
    ASTRO_TRY(const SecretKey hash, argon2id(as_bytes(password), salt, cost));
    return std::string(kPrefix) + "m=" + std::to_string(cost.memory_kib) +
           ",t=" + std::to_string(cost.passes) + ",p=1$" + without_padding(to_base64(salt)) + "$" +
           without_padding(to_base64(hash.view()));
}

Result<ParsedPasswordHash> parse_password_hash(std::string_view text) {
    if (!text.starts_with(kPrefix))
        return bad_hash("it does not begin with " + std::string(kPrefix));
    if (text.size() >= crypto_pwhash_STRBYTES) return bad_hash("it is too long");
    text.remove_prefix(kPrefix.size());
    ParsedPasswordHash out;
    if (!take_number(text, "m=", ',', out.cost.memory_kib) ||
        !take_number(text, "t=", ',', out.cost.passes) || !take_number(text, "p=", '$', out.lanes))
        return bad_hash("its parameters are not m=…,t=…,p=…");
    ASTRO_CHECK(check_cost(out.cost));
    if (out.lanes > kLanesMax || out.cost.memory_kib < 8 * out.lanes)
        return bad_hash("its number of lanes is out of range");
    const auto middle = text.find('$');
    if (middle == text.npos) return bad_hash("it has no hash after the salt");
    out.salt_bytes = decoded_size(text.substr(0, middle));
    out.hash_bytes = decoded_size(text.substr(middle + 1));
    if (out.salt_bytes < 8 || out.hash_bytes < 16) return bad_hash("its salt or hash is too short");
    return out;
}

bool verify_password(std::string_view hash, std::string_view password) {
    if (!parse_password_hash(hash)) return false;
    const std::string terminated(hash);
    return crypto_pwhash_str_verify(terminated.c_str(), password.data(), password.size()) == 0;
}

bool needs_rehash(std::string_view hash, const Argon2Cost& cost) {
    const auto parsed = parse_password_hash(hash);
    return !parsed || parsed->cost != cost || parsed->lanes != 1 ||
           parsed->salt_bytes < kPasswordSaltBytes || parsed->hash_bytes < kPasswordHashBytes;
}

}  // namespace astro::crypto

#include "server/traders/api_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "capabilities/identity/engine/request_signature.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/hmac.hpp"
#include "foundation/crypto/random.hpp"

namespace astro::traders {
namespace {

constexpr std::string_view kBegin = "-----BEGIN PRIVATE KEY-----",
                           kEnd = "-----END PRIVATE KEY-----";
constexpr std::size_t kSeedBytes = 32;

/// PKCS #8 of RFC 8410: these bytes and then the seed.
const Bytes& pkcs8_prefix() {
    static const Bytes kPrefix = parse_hex("302e020100300506032b657004220420").value();
    return kPrefix;
}

Unexpected bad_file(std::string why, const std::string& file) {
    return refusal("bad_key_file", std::move(why), file);
}

Result<ApiKey> read_pem(const std::string& id, std::string_view text, const std::string& file) {
    if (!text.ends_with(kEnd) || text.size() < kBegin.size() + kEnd.size())
        return bad_file("is no private key in PEM", file);
    text.remove_prefix(kBegin.size());
    text.remove_suffix(kEnd.size());
    auto der = parse_base64(text);
    const Bytes& prefix = pkcs8_prefix();
    if (!der || der->size() != prefix.size() + kSeedBytes ||
        !std::equal(prefix.begin(), prefix.end(), der->begin()))
        return bad_file("is no Ed25519 key in PKCS #8", file);
    const crypto::SecretKey seed(ByteView(*der).subspan(prefix.size()));
    crypto::wipe(*der);
    return ApiKey{id, crypto::Ed25519Key::from_seed(seed)};
}

Result<ApiKey> read_hmac(const std::string& id, std::string_view text, const std::string& file) {
    auto bytes = parse_base64url(text);
    if (!bytes || bytes->size() != kSeedBytes)
        return bad_file("is neither a private key in PEM nor the secret of an HMAC key", file);
    const crypto::SecretKey secret{ByteView(*bytes)};
    crypto::wipe(*bytes);
    return ApiKey{id, secret};
}

std::string sign(const ApiKey& key, std::string_view text) {
    if (const auto* ed25519 = std::get_if<crypto::Ed25519Key>(&key.secret))
        return to_base64url(ed25519->sign(as_bytes(text)).view());
    return to_base64url(
        crypto::hmac_sha256(std::get<crypto::SecretKey>(key.secret).view(), as_bytes(text)).view());
}

}  // namespace

Result<ApiKey> load_api_key(const std::string& id, const std::string& file) {
    if (!identity::parse_id<identity::ApiKeyId>(id))
        return refusal("bad_key_id", "an API key's id has 32 hexadecimal digits", "--key");
    std::ifstream in(file, std::ios::binary);
    if (!in) return bad_file("cannot be opened", file);
    std::string text(std::istreambuf_iterator<char>(in), {});
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
    auto key = text.starts_with(kBegin) ? read_pem(id, text, file) : read_hmac(id, text, file);
    crypto::wipe(text);
    return key;
}

Result<void> save_private_key(const std::string& file, const crypto::Ed25519Key& key) {
    Bytes der = pkcs8_prefix();
    const auto seed = key.seed().view();
    der.insert(der.end(), seed.begin(), seed.end());
    std::string pem = std::string(kBegin) + "\n" + to_base64(der) + "\n" + std::string(kEnd) + "\n";
    crypto::wipe(der);
    const int out = ::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (out < 0) return bad_file("cannot be made: " + std::string(std::strerror(errno)), file);
    const bool written = ::write(out, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size());
    crypto::wipe(pem);
    ::close(out);
    if (!written) return bad_file("cannot be written", file);
    return {};
}

net::Fields sign_request(const ApiKey& key, std::string_view method, std::string_view target,
                         std::string_view body, TimestampNs now) {
    static crypto::SystemRandom random;
    Bytes nonce(16);
    random.fill(nonce);
    identity::SignedRequest request;
    request.key = identity::parse_id<identity::ApiKeyId>(key.id).value();
    request.timestamp_ms = now.value() / milliseconds(1).value();
    request.nonce = to_hex(nonce);
    request.method = method;
    request.target = target;
    request.body_hash = crypto::sha256(as_bytes(body));
    net::Fields out;
    out.set("x-astrolabe-key", key.id);
    out.set("x-astrolabe-timestamp", std::to_string(request.timestamp_ms));
    out.set("x-astrolabe-nonce", request.nonce);
    out.set("x-astrolabe-signature", sign(key, identity::canonical_text(request)));
    return out;
}

}  // namespace astro::traders

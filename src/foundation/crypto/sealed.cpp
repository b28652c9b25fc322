#include "foundation/crypto/sealed.hpp"

#include <algorithm>

#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/openssl_support.hpp"

namespace astro::crypto {
namespace {

using namespace openssl;

constexpr std::size_t kNonce = 12, kTag = 16;
constexpr std::size_t kWrappedSize = 2 + MasterKeyId::kSize + kNonce + SecretKey::kSize + kTag;
constexpr std::uint8_t kVersion = 1;

const EVP_CIPHER* cipher() {
    static EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    ASTRO_ASSERT(algorithm != nullptr);
    return algorithm;
}

int size_of(ByteView bytes) {
    ASTRO_ASSERT(bytes.size() < (1U << 30));
    return static_cast<int>(bytes.size());
}

void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

/// The header and the context are authenticated with the text.
Bytes associated_data(ByteView header, std::string_view context) {
    Bytes out(header.begin(), header.end());
    append(out, as_bytes(context));
    return out;
}

Result<void> check_header(ByteView bytes, std::uint8_t kind, std::size_t size_min,
                          std::string_view name) {
    if (bytes.size() < size_min)
        return refusal("sealed_malformed", "a " + std::string(name) + " has at least " +
                                               std::to_string(size_min) + " bytes, not " +
                                               std::to_string(bytes.size()));
    if (bytes[0] != kind)
        return refusal("sealed_malformed", "these bytes are not a " + std::string(name));
    if (bytes[1] != kVersion)
        return refusal("sealed_malformed", "the " + std::string(name) + " is of version " +
                                               std::to_string(bytes[1]) + ", this program knows 1");
    return {};
}

MasterKeyId master_of(ByteView wrapped) {
    MasterKeyId id;
    std::copy_n(wrapped.begin() + 2, MasterKeyId::kSize, id.bytes.begin());
    return id;
}

}  // namespace

MasterKeyId id_of(const SecretKey& master) {
    const Sha256 hash = sha256(master.view());
    MasterKeyId id;
    std::copy_n(hash.bytes.begin(), MasterKeyId::kSize, id.bytes.begin());
    return id;
}

void MasterKeys::rotate_to(const SecretKey& next) {
    add_retired(next);
    current_ = id_of(next);
}

void MasterKeys::add_retired(const SecretKey& key) {
    keys_.insert_or_assign(id_of(key), key);
}

void MasterKeys::forget_retired() {
    std::erase_if(keys_, [this](const auto& entry) { return entry.first != current_; });
}

const SecretKey* MasterKeys::find(const MasterKeyId& id) const {
    const auto at = keys_.find(id);
    return at == keys_.end() ? nullptr : &at->second;
}

Bytes aes256_gcm_seal(const SecretKey& key, ByteView nonce, ByteView plaintext,
                      ByteView associated) {
    ASTRO_ASSERT(nonce.size() == kNonce);
    const CipherContext context(EVP_CIPHER_CTX_new());
    Bytes out(plaintext.size() + kTag);
    int done = 0, more = 0;
    ASTRO_ASSERT(context && EVP_EncryptInit_ex2(context.get(), cipher(), key.view().data(),
                                                nonce.data(), nullptr) == 1);
    ASTRO_ASSERT(EVP_EncryptUpdate(context.get(), nullptr, &more, associated.data(),
                                   size_of(associated)) == 1);
    ASTRO_ASSERT(EVP_EncryptUpdate(context.get(), out.data(), &done, plaintext.data(),
                                   size_of(plaintext)) == 1);
    ASTRO_ASSERT(EVP_EncryptFinal_ex(context.get(), out.data() + done, &more) == 1);
    ASTRO_ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTag,
                                     out.data() + plaintext.size()) == 1);
    return out;
}

Result<Bytes> aes256_gcm_open(const SecretKey& key, ByteView nonce, ByteView ciphertext_and_tag,
                              ByteView associated) {
    ASTRO_ASSERT(nonce.size() == kNonce);
    if (ciphertext_and_tag.size() < kTag)
        return refusal("sealed_malformed", "the sealed bytes end before their tag");
    const ErrorScope scope;
    const ByteView text = ciphertext_and_tag.first(ciphertext_and_tag.size() - kTag);
    std::array<std::uint8_t, kTag> tag;
    std::copy(ciphertext_and_tag.end() - kTag, ciphertext_and_tag.end(), tag.begin());
    const CipherContext context(EVP_CIPHER_CTX_new());
    Bytes out(text.size());
    int done = 0, more = 0;
    ASTRO_ASSERT(context && EVP_DecryptInit_ex2(context.get(), cipher(), key.view().data(),
                                                nonce.data(), nullptr) == 1);
    ASTRO_ASSERT(EVP_DecryptUpdate(context.get(), nullptr, &more, associated.data(),
                                   size_of(associated)) == 1);
    ASTRO_ASSERT(EVP_DecryptUpdate(context.get(), out.data(), &done, text.data(), size_of(text)) ==
                 1);
    ASTRO_ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1);
    if (EVP_DecryptFinal_ex(context.get(), out.data() + done, &more) != 1) {
        wipe(out);
        return refusal("sealed_tampered",
                       "the sealed bytes do not open: they were changed, or belong to another "
                       "record or key");
    }
    return out;
}

Bytes wrap_key(const MasterKeys& masters, const SecretKey& record_key, std::string_view context,
               Random& random) {
    Bytes out{'W', kVersion};
    append(out, masters.current_id().view());
    const Bytes associated = associated_data(out, context);
    const Bytes nonce = random.bytes(kNonce);
    append(out, nonce);
    append(out, aes256_gcm_seal(*masters.find(masters.current_id()), nonce, record_key.view(),
                                associated));
    return out;
}

Result<SecretKey> unwrap_key(const MasterKeys& masters, ByteView wrapped,
                             std::string_view context) {
    ASTRO_CHECK(check_header(wrapped, 'W', kWrappedSize, "wrapped key"));
    if (wrapped.size() != kWrappedSize)
        return refusal("sealed_malformed", "bytes follow the wrapped key");
    const MasterKeyId id = master_of(wrapped);
    const SecretKey* master = masters.find(id);
    if (master == nullptr)
        return refusal("master_key_missing",
                       "the record is wrapped by a master key that is not configured",
                       "master key " + to_hex(id.view()));
    constexpr std::size_t kHeader = 2 + MasterKeyId::kSize;
    ASTRO_TRY(Bytes plain, aes256_gcm_open(*master, wrapped.subspan(kHeader, kNonce),
                                           wrapped.subspan(kHeader + kNonce),
                                           associated_data(wrapped.first(kHeader), context)));
    const SecretKey key{ByteView(plain)};
    wipe(plain);
    return key;
}

Result<bool> needs_rewrap(const MasterKeys& masters, ByteView wrapped) {
    ASTRO_CHECK(check_header(wrapped, 'W', kWrappedSize, "wrapped key"));
    return master_of(wrapped) != masters.current_id();
}

Bytes seal(const SecretKey& record_key, ByteView plaintext, std::string_view context,
           Random& random) {
    Bytes out{'S', kVersion};
    const Bytes associated = associated_data(out, context);
    const Bytes nonce = random.bytes(kNonce);
    append(out, nonce);
    append(out, aes256_gcm_seal(record_key, nonce, plaintext, associated));
    return out;
}

Result<Bytes> open_sealed(const SecretKey& record_key, ByteView sealed, std::string_view context) {
    ASTRO_CHECK(check_header(sealed, 'S', 2 + kNonce + kTag, "sealed value"));
    return aes256_gcm_open(record_key, sealed.subspan(2, kNonce), sealed.subspan(2 + kNonce),
                           associated_data(sealed.first(2), context));
}

Bytes seal_record(const MasterKeys& masters, ByteView plaintext, std::string_view context,
                  Random& random) {
    const SecretKey key = random.secret_key();
    Bytes out = wrap_key(masters, key, context, random);
    append(out, seal(key, plaintext, context, random));
    return out;
}

Result<Bytes> open_record(const MasterKeys& masters, ByteView record, std::string_view context) {
    ASTRO_CHECK(check_header(record, 'W', kWrappedSize, "sealed record"));
    ASTRO_TRY(const SecretKey key, unwrap_key(masters, record.first(kWrappedSize), context));
    return open_sealed(key, record.subspan(kWrappedSize), context);
}

Result<Bytes> rewrap_record(const MasterKeys& masters, ByteView record, std::string_view context,
                            Random& random) {
    ASTRO_CHECK(check_header(record, 'W', kWrappedSize, "wrapped key"));
    ASTRO_TRY(const SecretKey key, unwrap_key(masters, record.first(kWrappedSize), context));
    Bytes out = wrap_key(masters, key, context, random);
    append(out, record.subspan(kWrappedSize));
    return out;
}

}  // namespace astro::crypto

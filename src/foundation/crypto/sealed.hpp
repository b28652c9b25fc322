#pragma once

#include <map>
#include <string>

#include "foundation/base/bytes.hpp"
#include "foundation/base/result.hpp"
#include "foundation/crypto/random.hpp"
#include "foundation/crypto/secret.hpp"
#include "foundation/crypto/sha256.hpp"

/// Secrets at rest: AES-256-GCM under a key of the record's own, which is wrapped by a master key.
/// Destroying the wrapped key destroys the record wherever copies of it lie; changing the master
/// key re-wraps 32 bytes a record.
///
///     master key ──wraps──▶ record key ──seals──▶ secret, personal field
///
///     wrapped key   'W' 1 | master id 8 | nonce 12 | key 32 | tag 16      70 bytes
///     sealed bytes  'S' 1 | nonce 12 | ciphertext | tag 16                30 bytes more than the
///     text
///
/// Each is bound to a context such as "identity_users.email 17": bytes moved to another record or
/// column do not open. Nonces are random; a record key seals far fewer than 2^32 values.
///
/// Codes of refusals: "sealed_malformed" (no such bytes or another version), "sealed_tampered" (the
/// bytes, the key or the context are not those of the sealing), "master_key_missing".
namespace astro::crypto {

struct MasterKeyIdTag {};
/// First bytes of the SHA-256 of the key: tells keys apart and reveals nothing of them.
using MasterKeyId = FixedBytes<MasterKeyIdTag, 8>;

[[nodiscard]] MasterKeyId id_of(const SecretKey& master);

/// The master keys that can open; the current one wraps.
class MasterKeys {
  public:
    explicit MasterKeys(const SecretKey& current) { rotate_to(current); }
    /// From now on this key wraps; the earlier ones still open.
    void rotate_to(const SecretKey& next);
    /// A key of the past, to open only.
    void add_retired(const SecretKey& key);
    /// Only the current key opens from now on.
    void forget_retired();

    [[nodiscard]] const MasterKeyId& current_id() const { return current_; }
    [[nodiscard]] const SecretKey* find(const MasterKeyId& id) const;

  private:
    std::map<MasterKeyId, SecretKey> keys_;
    MasterKeyId current_;
};

[[nodiscard]] Bytes wrap_key(const MasterKeys& masters, const SecretKey& record_key,
                             std::string_view context, Random& random);
[[nodiscard]] Result<SecretKey> unwrap_key(const MasterKeys& masters, ByteView wrapped,
                                           std::string_view context);
/// Whether the key is wrapped by another master key than the current one.
[[nodiscard]] Result<bool> needs_rewrap(const MasterKeys& masters, ByteView wrapped);

[[nodiscard]] Bytes seal(const SecretKey& record_key, ByteView plaintext, std::string_view context,
                         Random& random);
[[nodiscard]] Result<Bytes> open_sealed(const SecretKey& record_key, ByteView sealed,
                                        std::string_view context);

/// A single secret with its own key: the wrapped key followed by the sealed bytes.
[[nodiscard]] Bytes seal_record(const MasterKeys& masters, ByteView plaintext,
                                std::string_view context, Random& random);
[[nodiscard]] Result<Bytes> open_record(const MasterKeys& masters, ByteView record,
                                        std::string_view context);

/// The same wrapped key, or record, under the current master key; what it seals is not touched.
[[nodiscard]] Result<Bytes> rewrap_record(const MasterKeys& masters, ByteView record,
                                          std::string_view context, Random& random);

/// AES-256-GCM itself: ciphertext followed by its 16-byte tag. `nonce` has 12 bytes.
[[nodiscard]] Bytes aes256_gcm_seal(const SecretKey& key, ByteView nonce, ByteView plaintext,
                                    ByteView associated);
/// "sealed_tampered" when the tag does not fit.
[[nodiscard]] Result<Bytes> aes256_gcm_open(const SecretKey& key, ByteView nonce,
                                            ByteView ciphertext_and_tag, ByteView associated);

}  // namespace astro::crypto

#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "capabilities/identity/engine/audit_chain.hpp"
#include "capabilities/identity/mail.hpp"
#include "capabilities/identity/model.hpp"
#include "capabilities/identity/password_hasher.hpp"
#include "capabilities/identity/wire/jwt.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/crypto/sealed.hpp"
#include "foundation/store/store.hpp"

/// What the parts of the service share. Internal to the room.
namespace astro::identity {

/// What the service is given; all of it outlives the service and is thread-safe.
struct Surroundings {
    store::Store& store;
    Clock& clock;
    crypto::Random& random;
    Mailer& mailer;
    PasswordHasher& hasher;
};

/// A change or an attempt, as the audit tells it. The chain adds the rest.
struct Act {
    std::string action;
    std::string actor;                          ///< a user's id, "anonymous", "system"
    std::string subject;                        ///< an id
    std::map<std::string, std::string> detail;  ///< never personal, never secret
    std::optional<UserId> personal_of;          ///< whose key seals the caller
    Caller caller;
};

/// A user's own key, which seals what is personal of him.
struct UserKey {
    UserId user;
    crypto::SecretKey key;
};

class Core {
  public:
    /// Makes what is missing: the index key, the dummy hash, the first signing key.
    static Result<std::unique_ptr<Core>> open(Surroundings around, Settings settings,
                                              crypto::MasterKeys masters);

    Surroundings around;
    Settings settings;
    /// Grows after somebody's rights, status, sessions or keys have changed: what was verified in an
    /// earlier generation counts no more.
    [[nodiscard]] std::uint64_t rights_generation() const { return rights_generation_; }
    void rights_changed() { ++rights_generation_; }

    [[nodiscard]] TimestampNs now() const { return around.clock.now(); }

    /// Runs `work` in a transaction together with its audit entry. When it refuses, nothing of it
    /// stays but an entry that says why.
    Result<void> act(const Act& act, const std::function<Result<void>(store::Writer&)>& work);
    /// The same for what changes the store though it is refused: `work` gives the outcome, "ok" or
    /// a code, and what it did stays.
    Result<void> settle(const Act& act,
                        const std::function<Result<std::string_view>(store::Writer&)>& work);
    /// An entry of its own, for what happened outside of act().
    Result<void> tell(const Act& act, std::string_view outcome);

    /// Blind index of an address: equal addresses, equal text; reveals nothing without the key.
    [[nodiscard]] std::string index_of(std::string_view email) const;
    /// A hash of no password, to take as long for an unknown address as for a known one.
    [[nodiscard]] const std::string& dummy_hash() const { return dummy_hash_; }

    [[nodiscard]] UserKey make_user_key(const UserId& user);
    [[nodiscard]] std::string wrap(const UserKey& key);
    /// "user_erased" when the user's key is gone.
    [[nodiscard]] Result<UserKey> user_key(store::Writer& w, const UserId& user);
    [[nodiscard]] Result<UserKey> user_key(const UserId& user);
    [[nodiscard]] std::string seal(const UserKey& key, std::string_view field,
                                   std::string_view text);
    [[nodiscard]] Result<std::string> open(const UserKey& key, std::string_view field,
                                           const store::Value& sealed) const;
    [[nodiscard]] std::string seal_secret(ByteView secret, std::string_view context);
    [[nodiscard]] Result<Bytes> open_secret(const store::Value& sealed,
                                            std::string_view context) const;

    /// A secret key of that name, made when it is first asked for and sealed ever after.
    [[nodiscard]] Result<crypto::SecretKey> kept_key(const std::string& name);

    /// The signer of now, and all keys whose tokens are still taken.
    [[nodiscard]] JwtSigner signer() const;
    [[nodiscard]] JwtKeys keys() const;
    [[nodiscard]] Result<std::vector<std::pair<std::string, crypto::Ed25519Public>>> all_keys();
    Result<void> rotate_signing_key();
    /// Seals by `next` from now on and re-wraps all that is wrapped by another key; when it returns
    /// that is on the disk. Both keys open until forget_master_keys(). The number of re-wrapped
    /// records.
    Result<std::int64_t> rotate_master_key(const crypto::SecretKey& next);
    /// From now on only the current master key opens.
    void forget_master_keys();

    /// A single-use token: 32 random bytes in base64url, of which the SHA-256 is stored.
    Result<std::string> make_one_time(store::Writer& w, std::string_view purpose,
                                      const std::optional<UserId>& user, std::string_view value,
                                      std::int64_t life_s);
    /// The same for a token that was made elsewhere: a nonce, a challenge.
    Result<void> keep_one_time(store::Writer& w, std::string_view purpose, std::string_view token,
                               const std::optional<UserId>& user, std::string_view value,
                               std::int64_t life_s);
    struct OneTime {
        std::optional<UserId> user;
        std::string value;
    };
    /// Uses it up. "token_invalid" when there is none such, or it is used or expired.
    Result<OneTime> take_one_time(store::Writer& w, std::string_view purpose,
                                  std::string_view token);

  private:
    Core(Surroundings around_, Settings settings_, crypto::MasterKeys masters)
        : around(around_), settings(std::move(settings_)), masters_(std::move(masters)) {}
    Result<void> load_signing_keys();
    Result<void> append(store::Writer& w, const Act& act, std::string_view outcome);
    Result<std::int64_t> rewrap(store::Writer& w);
    [[nodiscard]] Result<UserKey> unwrap(const std::vector<store::Row>& rows,
                                         const UserId& user) const;

    std::atomic<std::uint64_t> rights_generation_{0};
    mutable std::mutex mutex_;  ///< over the keys below
    crypto::MasterKeys masters_;
    std::optional<JwtSigner> signer_;
    JwtKeys keys_;
    crypto::SecretKey index_key_;
    std::string dummy_hash_;
};

/// Whether this master key, and no other, wraps the secrets that a migrated database keeps.
[[nodiscard]] Result<bool> is_wrapped_by(store::Store& store, const crypto::SecretKey& master);

[[nodiscard]] std::string hash_text(std::string_view secret);
/// The address as it is compared: lower case; "bad_email" when it is none.
[[nodiscard]] Result<std::string> parse_email(std::string_view text);

}  // namespace astro::identity

#include <algorithm>

#include "capabilities/identity/core.hpp"
#include "capabilities/identity/rows.hpp"

namespace astro::identity {
namespace {

std::string seed_context(const std::string& kid) {
    return "identity_signing_keys " + kid;
}

Result<crypto::Ed25519Public> to_public(const store::Value& v) {
    ASTRO_TRY(const Bytes bytes, to_bytes(v));
    crypto::Ed25519Public key;
    if (bytes.size() != key.bytes.size())
        return unavailable("store_corrupt", "a signing key is damaged");
    std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
    return key;
}

}  // namespace

Result<bool> is_wrapped_by(store::Store& store, const crypto::SecretKey& master) {
    ASTRO_TRY(const auto rows, store.query("SELECT sealed FROM identity_secrets"));
    for (const auto& row : rows) {
        ASTRO_TRY(const Bytes record, to_bytes(row[0]));
        ASTRO_TRY(const bool by_another, crypto::needs_rewrap(crypto::MasterKeys(master), record));
        if (by_another) return false;
    }
    return true;
}

Result<void> Core::load_signing_keys() {
    ASTRO_TRY(const auto rows,
              around.store.query("SELECT kid, public_key, sealed_seed, retired_ns FROM "
                                 "identity_signing_keys ORDER BY created_ns"));
    JwtKeys keys;
    std::optional<JwtSigner> signer;
    // A retired key's tokens are taken until the last of them has expired.
    const TimestampNs oldest{
        (now() - TimestampNs{seconds(settings.access_life_s + 60).value()}).value()};
    for (const auto& row : rows) {
        const std::string& kid = store::to_string(row[0]);
        const auto retired = to_optional_time(row[3]);
        if (retired && *retired < oldest) continue;
        ASTRO_TRY(const auto key, to_public(row[1]));
        keys.emplace(kid, key);
        if (retired) continue;
        ASTRO_TRY(const Bytes seed, open_secret(row[2], seed_context(kid)));
        signer = JwtSigner{kid, crypto::Ed25519Key::from_seed(crypto::SecretKey{seed})};
    }
    if (!signer) return rotate_signing_key();
    const std::lock_guard lock(mutex_);
    keys_ = std::move(keys);
    signer_ = std::move(signer);
    return {};
}

Result<void> Core::rotate_signing_key() {
    const auto made = JwtSigner::make(crypto::Ed25519Key::generate(around.random));
    const auto done =
        act({.action = "signing_key.rotated",
             .actor = "system",
             .subject = made.kid,
             .detail = {},
             .personal_of = {},
             .caller = {}},
            [&](store::Writer& w) -> Result<void> {
                // Without its seed a retired key can sign no more.
                ASTRO_CHECK(
                    w.execute("UPDATE identity_signing_keys SET retired_ns = ?, "
                              "sealed_seed = NULL WHERE retired_ns IS NULL",
                              {time_of(now())}));
                ASTRO_CHECK(w.execute(
                    "INSERT INTO identity_signing_keys VALUES (?, ?, ?, ?, NULL)",
                    {made.kid, text_of(made.key.public_key().view()),
                     seal_secret(made.key.seed().view(), seed_context(made.kid)), time_of(now())}));
                return {};
            });
    ASTRO_CHECK(done);
    return load_signing_keys();
}

JwtSigner Core::signer() const {
    const std::lock_guard lock(mutex_);
    return *signer_;
}

JwtKeys Core::keys() const {
    const std::lock_guard lock(mutex_);
    return keys_;
}

Result<std::vector<std::pair<std::string, crypto::Ed25519Public>>> Core::all_keys() {
    ASTRO_TRY(const auto rows,
              around.store.query("SELECT kid, public_key FROM identity_signing_keys"));
    std::vector<std::pair<std::string, crypto::Ed25519Public>> out;
    for (const auto& row : rows) {
        ASTRO_TRY(const auto key, to_public(row[1]));
        out.emplace_back(store::to_string(row[0]), key);
    }
    return out;
}

Result<std::int64_t> Core::rotate_master_key(const crypto::SecretKey& next) {
    const Act act{.action = "master_key.rotated",
                  .actor = "system",
                  .subject = to_hex(crypto::id_of(next).view()),
                  .detail = {},
                  .personal_of = {},
                  .caller = {}};
    std::int64_t count = 0;
    // The key changes inside of the transaction, as all sealing does: nothing that was sealed by
    // the old key is written after this.
    const auto done = around.store.write_durably([&](store::Writer& w) -> Result<void> {
        {
            const std::lock_guard lock(mutex_);
            masters_.rotate_to(next);
        }
        ASTRO_TRY(count, rewrap(w));
        return append(w, act, "ok");
    });
    ASTRO_CHECK(done);
    return count;
}

void Core::forget_master_keys() {
    const std::lock_guard lock(mutex_);
    masters_.forget_retired();
}

Result<std::int64_t> Core::rewrap(store::Writer& w) {
    struct Table {
        std::string_view select, update, context;
    };
    // Records: a wrapped key and the sealed bytes after it; of users the wrapped key alone.
    constexpr Table kTables[] = {
        {"SELECT name, sealed FROM identity_secrets",
         "UPDATE identity_secrets SET sealed = ? WHERE name = ?", "identity_secrets "},
        {"SELECT kid, sealed_seed FROM identity_signing_keys WHERE sealed_seed IS NOT NULL",
         "UPDATE identity_signing_keys SET sealed_seed = ? WHERE kid = ?",
         "identity_signing_keys "},
        {"SELECT id, secret FROM identity_api_keys WHERE kind = 'hmac'",
         "UPDATE identity_api_keys SET secret = ? WHERE id = ?", "identity_api_keys "},
        {"SELECT id, wrapped_key FROM identity_users WHERE wrapped_key IS NOT NULL",
         "UPDATE identity_users SET wrapped_key = ? WHERE id = ?", "identity_users.key "},
    };
    std::int64_t count = 0;
    const std::lock_guard lock(mutex_);
    for (const auto& table : kTables) {
        ASTRO_TRY(const auto rows, w.query(table.select));
        for (const auto& row : rows) {
            const std::string& id = store::to_string(row[0]);
            const std::string context = std::string(table.context) + id;
            ASTRO_TRY(Bytes record, to_bytes(row[1]));
            ASTRO_TRY(record, crypto::rewrap_record(masters_, record, context, around.random));
            ASTRO_CHECK(w.execute(table.update, {text_of(record), id}));
            ++count;
        }
    }
    return count;
}

}  // namespace astro::identity

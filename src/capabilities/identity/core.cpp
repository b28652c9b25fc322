#include "capabilities/identity/core.hpp"

#include <algorithm>

#include "capabilities/identity/rows.hpp"
#include "foundation/base/json.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::identity {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::string_view kSelectUserKey = "SELECT wrapped_key FROM identity_users WHERE id = ?";
constexpr std::string_view kUserKeyContext = "identity_users.key";

std::string context_of(std::string_view field, const UserId& user) {
    return std::string(field) + " " + to_text(user);
}

}  // namespace

std::string hash_text(std::string_view secret) {
    return to_hex(crypto::sha256(as_bytes(secret)).view());
}

Result<std::string> parse_email(std::string_view text) {
    const auto at = text.rfind('@');
    const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return c > 0x20 && c != 0x7F &&
               std::string_view("<>()[]\\,;:\"").find(static_cast<char>(c)) ==
                   std::string_view::npos;
    });
    if (text.size() > 254 || at == text.npos || at == 0 || at > 64 || at + 4 > text.size() ||
        text.find('@') != at || text.find('.', at) == text.npos || text.back() == '.' || !plain ||
        !is_utf8(text))
        return refusal("bad_email", "this is not an e-mail address", "email");
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    return out;
}

Result<std::unique_ptr<Core>> Core::open(Surroundings around, Settings settings,
                                         crypto::MasterKeys masters) {
    std::unique_ptr<Core> core(new Core(around, std::move(settings), std::move(masters)));
    ASTRO_TRY(core->index_key_, core->kept_key("index_key"));
    ASTRO_CHECK(core->load_signing_keys());
    ASTRO_TRY(core->dummy_hash_,
              around.hasher.hash(to_base64url(around.random.bytes(kTokenBytes))));
    return core;
}

Result<crypto::SecretKey> Core::kept_key(const std::string& name) {
    const std::string context = "identity_secrets " + name;
    crypto::SecretKey key;
    const auto done = around.store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto rows,
                  w.query("SELECT sealed FROM identity_secrets WHERE name = ?", {name}));
        if (!rows.empty()) {
            ASTRO_TRY(const Bytes kept, open_secret(rows[0][0], context));
            if (kept.size() != crypto::SecretKey::kSize)
                return unavailable("store_corrupt", "a kept key has another length", name);
            key = crypto::SecretKey{kept};
            return {};
        }
        key = around.random.secret_key();
        ASTRO_CHECK(w.execute("INSERT INTO identity_secrets VALUES (?, ?)",
                              {name, seal_secret(key.view(), context)}));
        return {};
    });
    ASTRO_CHECK(done);
    return key;
}

Result<void> Core::act(const Act& act, const std::function<Result<void>(store::Writer&)>& work) {
    Result<void> refused;
    const auto done = around.store.write([&](store::Writer& w) -> Result<void> {
        if (auto worked = work(w); !worked) {
            refused = Unexpected{worked.error()};
            return Unexpected{std::move(worked).error()};
        }
        return append(w, act, "ok");
    });
    if (!refused) {
        ASTRO_CHECK(tell(act, refused.error().code));
        return refused;
    }
    return done;
}

Result<void> Core::settle(const Act& act,
                          const std::function<Result<std::string_view>(store::Writer&)>& work) {
    return around.store.write([&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const std::string_view outcome, work(w));
        return append(w, act, outcome);
    });
}

Result<void> Core::tell(const Act& act, std::string_view outcome) {
    return around.store.write(
        [&](store::Writer& w) -> Result<void> { return append(w, act, outcome); });
}

Result<void> Core::append(store::Writer& w, const Act& act, std::string_view outcome) {
    ASTRO_TRY(const auto rows,
              w.query("SELECT seq, hash FROM identity_audit ORDER BY seq DESC LIMIT 1"));
    AuditHead head;
    if (!rows.empty()) {
        head.seq = store::to_int(rows[0][0]);
        ASTRO_TRY(const Bytes hash, to_bytes(rows[0][1]));
        if (hash.size() != head.hash.bytes.size())
            return unavailable("store_corrupt", "the audit's last hash is damaged");
        std::copy(hash.begin(), hash.end(), head.hash.bytes.begin());
    }
    AuditEvent event{
        now(), act.actor, act.action, act.subject, std::string(outcome), to_json(act.detail), {}};
    if (act.personal_of && !act.caller.ip.empty()) {
        // An erased user's acts are told without what is personal.
        if (const auto key = user_key(w, *act.personal_of)) {
            const std::string text = act.caller.ip + "\n" + act.caller.user_agent;
            event.sealed = crypto::seal(key->key, as_bytes(text),
                                        context_of("identity_audit", key->user), around.random);
        }
    }
    const AuditEntry entry = append_entry(head, std::move(event));
    ASTRO_CHECK(w.execute(
        "INSERT INTO identity_audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {entry.seq, time_of(entry.event.time), entry.event.actor, entry.event.action,
         entry.event.subject, entry.event.outcome, entry.event.detail, text_of(entry.event.sealed),
         text_of(entry.previous_hash.view()), text_of(entry.hash.view())}));
    return {};
}

std::string Core::index_of(std::string_view email) const {
    return to_hex(crypto::hmac_sha256(index_key_.view(), as_bytes(email)).view());
}

UserKey Core::make_user_key(const UserId& user) {
    return {user, around.random.secret_key()};
}

std::string Core::wrap(const UserKey& key) {
    const std::lock_guard lock(mutex_);
    return to_base64(
        crypto::wrap_key(masters_, key.key, context_of(kUserKeyContext, key.user), around.random));
}

Result<UserKey> Core::user_key(store::Writer& w, const UserId& user) {
    ASTRO_TRY(const auto rows, w.query(kSelectUserKey, {to_text(user)}));
    return unwrap(rows, user);
}

Result<UserKey> Core::user_key(const UserId& user) {
    ASTRO_TRY(const auto rows, around.store.query(kSelectUserKey, {to_text(user)}));
    return unwrap(rows, user);
}

Result<UserKey> Core::unwrap(const std::vector<store::Row>& rows, const UserId& user) const {
    if (rows.empty() || store::is_null(rows[0][0]))
        return not_found("user_erased", "there is no such user, or he was erased");
    ASTRO_TRY(const Bytes wrapped, to_bytes(rows[0][0]));
    const std::lock_guard lock(mutex_);
    ASTRO_TRY(const auto key,
              crypto::unwrap_key(masters_, wrapped, context_of(kUserKeyContext, user)));
    return UserKey{user, key};
}

std::string Core::seal(const UserKey& key, std::string_view field, std::string_view text) {
    return to_base64(
        crypto::seal(key.key, as_bytes(text), context_of(field, key.user), around.random));
}

Result<std::string> Core::open(const UserKey& key, std::string_view field,
                               const store::Value& sealed) const {
    ASTRO_TRY(const Bytes bytes, to_bytes(sealed));
    ASTRO_TRY(const Bytes text, crypto::open_sealed(key.key, bytes, context_of(field, key.user)));
    return std::string(text.begin(), text.end());
}

std::string Core::seal_secret(ByteView secret, std::string_view context) {
    const std::lock_guard lock(mutex_);
    return to_base64(crypto::seal_record(masters_, secret, context, around.random));
}

Result<Bytes> Core::open_secret(const store::Value& sealed, std::string_view context) const {
    ASTRO_TRY(const Bytes bytes, to_bytes(sealed));
    const std::lock_guard lock(mutex_);
    return crypto::open_record(masters_, bytes, context);
}

Result<std::string> Core::make_one_time(store::Writer& w, std::string_view purpose,
                                        const std::optional<UserId>& user, std::string_view value,
                                        std::int64_t life_s) {
    std::string token = to_base64url(around.random.bytes(kTokenBytes));
    ASTRO_CHECK(keep_one_time(w, purpose, token, user, value, life_s));
    return token;
}

Result<void> Core::keep_one_time(store::Writer& w, std::string_view purpose, std::string_view token,
                                 const std::optional<UserId>& user, std::string_view value,
                                 std::int64_t life_s) {
    ASTRO_CHECK(w.execute("INSERT INTO identity_one_time_tokens VALUES (?, ?, ?, ?, ?, ?)",
                          {hash_text(token), std::string(purpose),
                           user ? store::Value{to_text(*user)} : store::Value{}, std::string(value),
                           std::int64_t{0}, time_of(now() + seconds(life_s))}));
    return {};
}

Result<Core::OneTime> Core::take_one_time(store::Writer& w, std::string_view purpose,
                                          std::string_view token) {
    const std::string hash = hash_text(token);
    ASTRO_TRY(const auto rows,
              w.query("SELECT user_id, value, expires_ns FROM identity_one_time_tokens "
                      "WHERE hash = ? AND purpose = ?",
                      {hash, std::string(purpose)}));
    if (rows.empty() || now() >= to_time(rows[0][2]))
        return refusal("token_invalid", "this link or code is wrong, used or expired", "token");
    ASTRO_CHECK(w.execute("DELETE FROM identity_one_time_tokens WHERE hash = ?", {hash}));
    OneTime out;
    out.value = store::to_string(rows[0][1]);
    if (!store::is_null(rows[0][0])) {
        ASTRO_TRY(out.user, parse_id<UserId>(store::to_string(rows[0][0])));
    }
    return out;
}

}  // namespace astro::identity

#include "capabilities/identity/api_keys.hpp"

#include <algorithm>

#include "capabilities/identity/rows.hpp"

namespace astro::identity {
namespace {

constexpr std::int64_t kLastUsedStepNs = 60'000'000'000;  // not a write a request

std::string secret_context(const ApiKeyId& key) {
    return "identity_api_keys " + to_text(key);
}

Unexpected key_unknown() {
    return unauthenticated("key_unknown", "there is no such API key");
}

Result<void> check_spec(const ApiKeySpec& spec, TimestampNs now) {
    if (spec.name.empty() || spec.name.size() > 64 || !is_utf8(spec.name))
        return refusal("bad_key_name", "a key's name has 1 to 64 bytes of text", "name");
    Scope unused{};
    for (const auto& scope : spec.scopes)
        if (!enum_from_name(scope, unused))
            return refusal("bad_scope", "a scope is read, trade, wallet or admin",
                           scope.substr(0, 32));
    if (spec.scopes.empty()) return refusal("bad_scope", "a key has at least one scope", "scopes");
    if (spec.ip_allow.size() > 32)
        return refusal("bad_ip_range", "a key has at most 32 networks", "ip_allow");
    for (const auto& range : spec.ip_allow) ASTRO_CHECK(check_ip_range(range));
    if (spec.expires && *spec.expires <= now)
        return refusal("bad_expiry", "the key would have expired already", "expires");
    return {};
}

}  // namespace

Result<CreatedApiKey> ApiKeys::create(const UserId& user, const ApiKeySpec& spec,
                                      const Caller& caller) {
    ASTRO_CHECK(check_spec(spec, core_.now()));
    const auto id = make_id<ApiKeyId>(core_.around.random);
    CreatedApiKey out{{id, spec.name, spec.kind, spec.scopes, spec.ip_allow, core_.now(),
                       spec.expires, std::nullopt},
                      ""};
    const Bytes secret = core_.around.random.bytes(32);
    Bytes public_key;
    if (spec.kind == ApiKeyKind::ed25519) {
        const auto bytes = parse_base64url(spec.public_key);
        if (!bytes || bytes->size() != crypto::Ed25519Public::kSize)
            return refusal("bad_public_key", "an Ed25519 key is base64url of 32 bytes",
                           "public_key");
        public_key = *bytes;
    } else {
        const std::string text = to_base64url(secret);
        out.secret = spec.kind == ApiKeyKind::hmac ? text : to_text(id) + "." + text;
    }
    const auto store_key = [&](store::Writer& w) -> Result<void> {
        ASTRO_TRY(const auto rows, w.query("SELECT COUNT(*) FROM identity_api_keys WHERE user_id "
                                           "= ?",
                                           {to_text(user)}));
        if (store::to_int(rows[0][0]) >= core_.settings.api_keys_max)
            return conflict("too_many_keys", "you have as many keys as one may have");
        const std::string kept = spec.kind == ApiKeyKind::ed25519 ? to_base64(public_key)
                                 : spec.kind == ApiKeyKind::hmac
                                     ? core_.seal_secret(secret, secret_context(id))
                                     : to_base64(crypto::sha256(secret).view());
        ASTRO_CHECK(w.execute(
            "INSERT INTO identity_api_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            {to_text(id), to_text(user), spec.name, std::string(enum_name(spec.kind)), kept,
             join(spec.scopes), join(spec.ip_allow), time_of(core_.now()), time_of(spec.expires)}));
        return {};
    };
    ASTRO_CHECK(
        core_.act({"api_key.created",
                   to_text(user),
                   to_text(id),
                   {{"kind", std::string(enum_name(spec.kind))}, {"scopes", join(spec.scopes)}},
                   user,
                   caller},
                  store_key));
    return out;
}

Result<std::vector<ApiKeyView>> ApiKeys::list(const UserId& user) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query("SELECT id FROM identity_api_keys WHERE user_id = ? ORDER "
                                       "BY created_ns, id",
                                       {to_text(user)}));
    std::vector<ApiKeyView> out;
    for (const auto& row : rows) {
        ASTRO_TRY(const auto id, parse_id<ApiKeyId>(store::to_string(row[0])));
        ASTRO_TRY(const auto stored, load(id));
        out.push_back(stored.view);
    }
    return out;
}

Result<void> ApiKeys::revoke(const UserId& user, const ApiKeyId& key, const Caller& caller) {
    const auto done = core_.act(
        {"api_key.revoked", to_text(user), to_text(key), {}, user, caller},
        [&](store::Writer& w) -> Result<void> {
            ASTRO_TRY(const auto changed,
                      w.execute("DELETE FROM identity_api_keys WHERE id = ? AND user_id = ?",
                                {to_text(key), to_text(user)}));
            if (changed == 0) return not_found("key_unknown", "you have no such API key");
            return {};
        });
    ASTRO_CHECK(done);
    core_.rights_changed();
    return {};
}

Result<ApiKeys::Row> ApiKeys::load(const ApiKeyId& key) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query(
                  "SELECT user_id, name, kind, secret, scopes, ip_allow, created_ns, expires_ns, "
                  "last_used_ns FROM identity_api_keys WHERE id = ?",
                  {to_text(key)}));
    if (rows.empty()) return key_unknown();
    const auto& row = rows[0];
    Row out;
    ASTRO_TRY(out.user, parse_id<UserId>(store::to_string(row[0])));
    out.view.id = key;
    out.view.name = store::to_string(row[1]);
    ASTRO_TRY(out.view.kind, to_enum<ApiKeyKind>(row[2]));
    out.secret = store::to_string(row[3]);
    out.view.scopes = split(store::to_string(row[4]));
    out.view.ip_allow = split(store::to_string(row[5]));
    out.view.created = to_time(row[6]);
    out.view.expires = to_optional_time(row[7]);
    out.view.last_used = to_optional_time(row[8]);
    return out;
}

Result<SigningSecret> ApiKeys::signing_secret(const Row& row) {
    if (row.view.kind == ApiKeyKind::hmac) {
        ASTRO_TRY(const Bytes secret, core_.open_secret(row.secret, secret_context(row.view.id)));
        return SigningSecret{crypto::SecretKey{secret}};
    }
    ASTRO_TRY(const Bytes bytes, to_bytes(row.secret));
    crypto::Ed25519Public key;
    if (bytes.size() != key.bytes.size()) return key_unknown();
    std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
    return SigningSecret{key};
}

Result<std::shared_ptr<const ApiKeys::Verified>> ApiKeys::verified(const ApiKeyId& key) {
    const std::uint64_t generation = core_.rights_generation();
    if (auto found = verified_.find(key, generation)) return found;
    ASTRO_TRY(const Row row, load(key));
    auto out = std::make_shared<Verified>();
    out->generation = generation;
    if (row.view.kind == ApiKeyKind::bearer) {
        out->bearer_hash = row.secret;
    } else {
        ASTRO_TRY(out->signing, signing_secret(row));
    }
    ASTRO_TRY(out->principal, roles_.principal_of(row.user));
    out->principal.key = key;
    for (const auto& name : row.view.scopes) {
        Scope scope{};
        if (enum_from_name(name, scope)) out->principal.scopes.push_back(scope);
    }
    out->view = row.view;
    verified_.remember(key, out, generation);
    return std::shared_ptr<const Verified>(std::move(out));
}

Result<Principal> ApiKeys::authenticate_signed(const SignedRequest& request,
                                               std::string_view signature, std::int64_t window_ms,
                                               std::string_view ip) {
    ASTRO_TRY(const auto key, verified(request.key));
    if (key->view.kind == ApiKeyKind::bearer) return key_unknown();
    ASTRO_CHECK(verify_request(request, key->signing, signature, core_.now(), window_ms));
    ASTRO_CHECK(remember_nonce(request, window_ms));
    ASTRO_CHECK(check_use(*key, ip));
    ASTRO_CHECK(record_use(*key, ip));
    return key->principal;
}

std::shared_ptr<const Principal> ApiKeys::known(const ApiKeyId& key, std::string_view ip) {
    const auto found = verified_.find(key, core_.rights_generation());
    if (!found || found->view.kind != ApiKeyKind::hmac || !check_use(*found, ip) ||
        !is_use_recorded(*found))
        return nullptr;
    return {found, &found->principal};
}

bool ApiKeys::is_signed_by_known(const SignedRequest& request, std::string_view signature,
                                 std::int64_t window_ms) {
    const auto found = verified_.find(request.key, core_.rights_generation());
    return found && found->view.kind == ApiKeyKind::hmac &&
           verify_request(request, found->signing, signature, core_.now(), window_ms) &&
           remember_nonce(request, window_ms);
}

Result<Principal> ApiKeys::authenticate_binance(const BinanceSigned& request, std::string_view ip) {
    ASTRO_TRY(const auto key, verified(request.key));
    if (key->view.kind == ApiKeyKind::bearer) return key_unknown();
    ASTRO_CHECK(verify_binance_request(request, key->signing, core_.now()));
    ASTRO_CHECK(remember_nonce(request));
    ASTRO_CHECK(check_use(*key, ip));
    ASTRO_CHECK(record_use(*key, ip));
    return key->principal;
}

bool ApiKeys::is_signed_by_known(const BinanceSigned& request) {
    const auto found = verified_.find(request.key, core_.rights_generation());
    return found && found->view.kind == ApiKeyKind::hmac &&
           verify_binance_request(request, found->signing, core_.now()) && remember_nonce(request);
}

Result<void> ApiKeys::remember_nonce(const BinanceSigned& request) {
    if (request.deed.empty()) return {};
    const std::lock_guard lock(mutex_);
    return nonces_.remember(remembered(request), core_.now(), request.window_ms);
}

Result<Principal> ApiKeys::principal_of(const ApiKeyId& key) {
    ASTRO_TRY(const auto found, verified(key));
    return found->principal;
}

Result<Principal> ApiKeys::authenticate_again(const ApiKeyId& key, std::string_view ip) {
    ASTRO_TRY(const auto found, verified(key));
    ASTRO_CHECK(check_use(*found, ip));
    ASTRO_CHECK(record_use(*found, ip));
    return found->principal;
}

Result<void> ApiKeys::remember_nonce(const SignedRequest& request, std::int64_t window_ms) {
    const std::lock_guard lock(mutex_);
    return nonces_.remember(request, core_.now(),
                            std::clamp<std::int64_t>(window_ms, 1, kReceiveWindowMaxMs));
}

Result<Principal> ApiKeys::authenticate_bearer(std::string_view token, std::string_view ip) {
    const auto dot = token.find('.');
    if (dot == token.npos || token.size() > 128) return key_unknown();
    const auto id = parse_id<ApiKeyId>(token.substr(0, dot));
    const auto secret = parse_base64url(token.substr(dot + 1));
    if (!id || !secret) return key_unknown();
    ASTRO_TRY(const auto key, verified(*id));
    const std::string hash = to_base64(crypto::sha256(*secret).view());
    if (key->view.kind != ApiKeyKind::bearer ||
        !crypto::equal_constant_time(as_bytes(hash), as_bytes(key->bearer_hash)))
        return key_unknown();
    ASTRO_CHECK(check_use(*key, ip));
    ASTRO_CHECK(record_use(*key, ip));
    return key->principal;
}

Result<void> ApiKeys::check_use(const Verified& key, std::string_view ip) const {
    if (key.view.expires && core_.now() >= *key.view.expires)
        return unauthenticated("key_expired", "this API key has expired");
    if (!ip_allowed(key.view.ip_allow, ip))
        return forbidden("ip_refused", "this API key is not used from this address");
    return {};
}

bool ApiKeys::is_use_recorded(const Verified& key) const {
    const auto& last = key.view.last_used;
    return last && core_.now().value() - last->value() < kLastUsedStepNs;
}

Result<void> ApiKeys::record_use(const Verified& key, std::string_view ip) {
    if (is_use_recorded(key)) return {};
    const TimestampNs now = core_.now();
    const std::string id = to_text(key.view.id);
    const UserId& user = key.principal.user;
    ASTRO_CHECK(core_.act({"api_key.used", to_text(user), id, {}, user, {std::string(ip), ""}},
                          [&](store::Writer& w) -> Result<void> {
                              // No row: it was revoked meanwhile.
                              ASTRO_TRY(
                                  const auto changed,
                                  w.execute("UPDATE identity_api_keys SET last_used_ns = ? WHERE "
                                            "id = ?",
                                            {time_of(now), id}));
                              if (changed == 0) return key_unknown();
                              return {};
                          }));
    auto next = std::make_shared<Verified>(key);
    next->view.last_used = now;
    verified_.remember(key.view.id, std::move(next), key.generation);
    return {};
}

}  // namespace astro::identity

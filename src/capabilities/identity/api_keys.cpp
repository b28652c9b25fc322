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
    return core_.act({"api_key.revoked", to_text(user), to_text(key), {}, user, caller},
                     [&](store::Writer& w) -> Result<void> {
                         ASTRO_TRY(const auto changed,
                                   w.execute("DELETE FROM identity_api_keys WHERE id = ? AND "
                                             "user_id = ?",
                                             {to_text(key), to_text(user)}));
                         if (changed == 0)
                             return not_found("key_unknown", "you have no such API key");
                         return {};
                     });
}

Result<ApiKeys::Stored> ApiKeys::load(const ApiKeyId& key) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query(
                  "SELECT user_id, name, kind, secret, scopes, ip_allow, created_ns, expires_ns, "
                  "last_used_ns FROM identity_api_keys WHERE id = ?",
                  {to_text(key)}));
    if (rows.empty()) return key_unknown();
    const auto& row = rows[0];
    Stored out;
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

Result<SigningSecret> ApiKeys::signing_secret(const Stored& stored) {
    if (stored.view.kind == ApiKeyKind::hmac) {
        ASTRO_TRY(const Bytes secret,
                  core_.open_secret(stored.secret, secret_context(stored.view.id)));
        return SigningSecret{crypto::SecretKey{secret}};
    }
    ASTRO_TRY(const Bytes bytes, to_bytes(stored.secret));
    crypto::Ed25519Public key;
    if (stored.view.kind != ApiKeyKind::ed25519 || bytes.size() != key.bytes.size())
        return key_unknown();
    std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
    return SigningSecret{key};
}

Result<Principal> ApiKeys::authenticate_signed(const SignedRequest& request,
                                               std::string_view signature, std::int64_t window_ms,
                                               std::string_view ip) {
    ASTRO_TRY(const Stored stored, load(request.key));
    ASTRO_TRY(const auto secret, signing_secret(stored));
    ASTRO_CHECK(verify_request(request, secret, signature, core_.now(), window_ms));
    {
        const std::lock_guard lock(mutex_);
        ASTRO_CHECK(nonces_.remember(request, core_.now(),
                                     std::clamp<std::int64_t>(window_ms, 1, kReceiveWindowMaxMs)));
    }
    return admit(stored, ip);
}

Result<Principal> ApiKeys::authenticate_bearer(std::string_view token, std::string_view ip) {
    const auto dot = token.find('.');
    if (dot == token.npos || token.size() > 128) return key_unknown();
    const auto id = parse_id<ApiKeyId>(token.substr(0, dot));
    const auto secret = parse_base64url(token.substr(dot + 1));
    if (!id || !secret) return key_unknown();
    ASTRO_TRY(const Stored stored, load(*id));
    const std::string hash = to_base64(crypto::sha256(*secret).view());
    if (stored.view.kind != ApiKeyKind::bearer ||
        !crypto::equal_constant_time(as_bytes(hash), as_bytes(stored.secret)))
        return key_unknown();
    return admit(stored, ip);
}

Result<Principal> ApiKeys::admit(const Stored& stored, std::string_view ip) {
    if (stored.view.expires && core_.now() >= *stored.view.expires)
        return unauthenticated("key_expired", "this API key has expired");
    if (!ip_allowed(stored.view.ip_allow, ip))
        return forbidden("ip_refused", "this API key is not used from this address");
    ASTRO_TRY(Principal out, roles_.principal_of(stored.user));
    out.key = stored.view.id;
    for (const auto& name : stored.view.scopes) {
        Scope scope{};
        if (enum_from_name(name, scope)) out.scopes.push_back(scope);
    }
    const auto& last = stored.view.last_used;
    if (!last || core_.now().value() - last->value() >= kLastUsedStepNs) {
        const std::string user = to_text(stored.user);
        const auto touched = core_.act(
            {"api_key.used", user, to_text(stored.view.id), {}, stored.user, {std::string(ip), ""}},
            [&](store::Writer& w) -> Result<void> {
                ASTRO_CHECK(w.execute("UPDATE identity_api_keys SET last_used_ns = ? WHERE id = ?",
                                      {time_of(core_.now()), to_text(stored.view.id)}));
                return {};
            });
        ASTRO_CHECK(touched);
    }
    return out;
}

}  // namespace astro::identity

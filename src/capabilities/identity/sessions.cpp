#include "capabilities/identity/sessions.hpp"

#include "capabilities/identity/engine/refresh.hpp"
#include "capabilities/identity/rows.hpp"

namespace astro::identity {
namespace {

constexpr std::size_t kRefreshBytes = 32;

}  // namespace

Result<TokenPair> Sessions::start(store::Writer& w, const UserId& user,
                                  const std::vector<std::string>& methods, const Caller& caller) {
    const TimestampNs now = core_.now();
    const TimestampNs expires = now + seconds(core_.settings.session_life_s);
    const auto session = make_id<SessionId>(core_.around.random);
    ASTRO_TRY(const auto key, core_.user_key(w, user));
    ASTRO_TRY(const auto old,
              w.query("SELECT id FROM identity_sessions WHERE user_id = ? AND revoked_ns IS NULL "
                      "ORDER BY created_ns DESC",
                      {to_text(user)}));
    const auto kept = static_cast<std::size_t>(core_.settings.sessions_max - 1);
    for (std::size_t i = kept; i < old.size(); ++i) {
        ASTRO_TRY(const auto id, parse_id<SessionId>(store::to_string(old[i][0])));
        ASTRO_CHECK(end(w, id));
        core_.rights_changed();
    }
    ASTRO_CHECK(w.execute(
        "INSERT INTO identity_sessions VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        {to_text(session), to_text(user), join(methods),
         core_.seal(key, "identity_sessions.caller", caller.ip + "\n" + caller.user_agent),
         time_of(now), time_of(now), time_of(expires)}));
    ASTRO_TRY(std::string refresh_token, make_refresh(w, session, expires));
    return TokenPair{make_access(user, session, methods, now), std::move(refresh_token),
                     core_.settings.access_life_s, session};
}

std::string Sessions::make_access(const UserId& user, const SessionId& session,
                                  const std::vector<std::string>& methods,
                                  TimestampNs authenticated) {
    const std::int64_t now_s = core_.now().value() / 1'000'000'000;
    AccessClaims claims;
    claims.issuer = core_.settings.issuer;
    claims.audience = core_.settings.audience;
    claims.subject = to_text(user);
    claims.session = to_text(session);
    claims.token_id = to_hex(core_.around.random.bytes(8));
    claims.methods = methods;
    claims.issued_s = now_s;
    claims.expires_s = now_s + core_.settings.access_life_s;
    claims.authenticated_s = authenticated.value() / 1'000'000'000;
    return sign_access_token(core_.signer(), claims);
}

Result<std::string> Sessions::make_refresh(store::Writer& w, const SessionId& session,
                                           TimestampNs session_expires) {
    std::string token = to_base64url(core_.around.random.bytes(kRefreshBytes));
    const TimestampNs expires =
        next_expiry({session_expires, {}}, core_.now(), seconds(core_.settings.refresh_idle_s));
    ASTRO_CHECK(w.execute("INSERT INTO identity_refresh_tokens VALUES (?, ?, ?, NULL)",
                          {hash_text(token), to_text(session), time_of(expires)}));
    return token;
}

Result<TokenPair> Sessions::refresh(std::string_view refresh_token, const Caller& caller) {
    Act act{"session.refreshed", "anonymous", "", {}, {}, caller};
    std::optional<TokenPair> pair;
    std::string_view outcome;
    const auto done = core_.settle(act, [&](store::Writer& w) -> Result<std::string_view> {
        ASTRO_TRY(outcome, rotate(w, hash_text(refresh_token), act, pair));
        return outcome;
    });
    ASTRO_CHECK(done);
    if (pair) return std::move(*pair);
    if (outcome != "refresh_reused")
        return unauthenticated("refresh_invalid",
                               "this refresh token is wrong or has ended; sign in again");
    core_.rights_changed();
    return unauthenticated(
        "refresh_reused",
        "this refresh token was used before: the session has ended, sign in again");
}

Result<std::string_view> Sessions::rotate(store::Writer& w, const std::string& hash, Act& act,
                                          std::optional<TokenPair>& pair) {
    constexpr std::string_view kInvalid = "refresh_invalid";
    ASTRO_TRY(const auto rows,
              w.query("SELECT t.expires_ns, t.used_ns, s.expires_ns, s.revoked_ns, s.id, "
                      "s.user_id, s.methods, s.authenticated_ns, u.status FROM "
                      "identity_refresh_tokens t JOIN identity_sessions s ON s.id = t.session_id "
                      "JOIN identity_users u ON u.id = s.user_id WHERE t.hash = ?",
                      {hash}));
    if (rows.empty()) return kInvalid;
    const auto& row = rows[0];
    ASTRO_TRY(const auto session, parse_id<SessionId>(store::to_string(row[4])));
    ASTRO_TRY(const auto user, parse_id<UserId>(store::to_string(row[5])));
    act.actor = to_text(user);
    act.subject = to_text(session);
    act.personal_of = user;
    const RefreshFamily family{to_time(row[2]), to_optional_time(row[3])};
    const auto verdict =
        judge_refresh(family, {to_time(row[0]), to_optional_time(row[1])}, core_.now());
    if (verdict == RefreshVerdict::revoke_family) {
        ASTRO_CHECK(end(w, session));
        return std::string_view("refresh_reused");
    }
    if (verdict != RefreshVerdict::rotate ||
        store::to_string(row[8]) != enum_name(UserStatus::active))
        return kInvalid;
    ASTRO_CHECK(w.execute("UPDATE identity_refresh_tokens SET used_ns = ? WHERE hash = ?",
                          {time_of(core_.now()), hash}));
    ASTRO_TRY(std::string next, make_refresh(w, session, family.expires));
    pair = TokenPair{make_access(user, session, split(store::to_string(row[6])), to_time(row[7])),
                     std::move(next), core_.settings.access_life_s, session};
    return std::string_view("ok");
}

std::shared_ptr<const Principal> Sessions::known(std::string_view access_token) {
    return known(crypto::sha256(as_bytes(access_token)));
}

std::shared_ptr<const Principal> Sessions::known(const crypto::Sha256& hash) {
    const auto found = verified_.find(hash, core_.rights_generation());
    if (!found || core_.now().value() / 1'000'000'000 >= found->expires_s) return nullptr;
    return {found, &found->principal};
}

Result<Principal> Sessions::authenticate(std::string_view access_token) {
    const auto hash = crypto::sha256(as_bytes(access_token));
    if (const auto found = known(hash)) return *found;
    const std::uint64_t generation = core_.rights_generation();
    const ClaimPolicy policy{core_.settings.issuer, core_.settings.audience};
    ASTRO_TRY(const auto claims,
              verify_access_token(access_token, core_.keys(), policy, core_.now()));
    ASTRO_TRY(const auto user, parse_id<UserId>(claims.subject));
    ASTRO_TRY(const auto session, parse_id<SessionId>(claims.session));
    ASTRO_CHECK(check_lives(user, session));
    ASTRO_TRY(Principal principal, roles_.principal_of(user));
    principal.session = session;
    principal.authenticated = from_unix_seconds(claims.authenticated_s);
    verified_.remember(
        hash, std::make_shared<const Verified>(Verified{principal, claims.expires_s}), generation);
    return principal;
}

Result<TimestampNs> Sessions::check_lives(const UserId& user, const SessionId& session) {
    ASTRO_TRY(const auto rows,
              core_.around.store.query("SELECT revoked_ns, expires_ns FROM identity_sessions "
                                       "WHERE id = ? AND user_id = ?",
                                       {to_text(session), to_text(user)}));
    if (rows.empty() || !store::is_null(rows[0][0]) || core_.now() >= to_time(rows[0][1]))
        return unauthenticated("session_ended", "the session has ended; sign in again");
    return to_time(rows[0][1]);
}

Result<Principal> Sessions::authenticate_again(const UserId& user, const SessionId& session) {
    const std::uint64_t generation = core_.rights_generation();
    const auto found = living_.find(session, generation);
    if (found && found->principal.user == user &&
        core_.now().value() / 1'000'000'000 < found->expires_s)
        return found->principal;
    ASTRO_TRY(const auto expires, check_lives(user, session));
    ASTRO_TRY(Principal principal, roles_.principal_of(user));
    principal.session = session;
    living_.remember(
        session,
        std::make_shared<const Verified>(Verified{principal, expires.value() / 1'000'000'000}),
        generation);
    return principal;
}

Result<std::vector<SessionView>> Sessions::list(const UserId& user) {
    ASTRO_TRY(const auto key, core_.user_key(user));
    ASTRO_TRY(const auto rows,
              core_.around.store.query(
                  "SELECT id, methods, caller_sealed, created_ns, expires_ns FROM "
                  "identity_sessions WHERE user_id = ? AND revoked_ns IS NULL AND expires_ns > ? "
                  "ORDER BY created_ns DESC",
                  {to_text(user), time_of(core_.now())}));
    std::vector<SessionView> out;
    for (const auto& row : rows) {
        ASTRO_TRY(const auto id, parse_id<SessionId>(store::to_string(row[0])));
        ASTRO_TRY(const std::string caller, core_.open(key, "identity_sessions.caller", row[2]));
        const auto line = caller.find('\n');
        out.push_back({id, store::to_string(row[1]), caller.substr(0, line),
                       caller.substr(line + 1), to_time(row[3]), to_time(row[4])});
    }
    return out;
}

Result<void> Sessions::end(store::Writer& w, const SessionId& session) {
    ASTRO_CHECK(
        w.execute("UPDATE identity_sessions SET revoked_ns = ? WHERE id = ? AND revoked_ns IS NULL",
                  {time_of(core_.now()), to_text(session)}));
    return {};
}

Result<void> Sessions::revoke(const UserId& user, const SessionId& session, const Caller& caller) {
    const auto done = core_.act(
        {"session.revoked", to_text(user), to_text(session), {}, user, caller},
        [&](store::Writer& w) -> Result<void> {
            ASTRO_TRY(const auto changed,
                      w.execute("UPDATE identity_sessions SET revoked_ns = ? WHERE id = ? AND "
                                "user_id = ? AND revoked_ns IS NULL",
                                {time_of(core_.now()), to_text(session), to_text(user)}));
            if (changed == 0) return not_found("session_unknown", "you have no such session");
            return {};
        });
    ASTRO_CHECK(done);
    core_.rights_changed();
    return {};
}

Result<void> Sessions::revoke_all(store::Writer& w, const UserId& user) {
    ASTRO_CHECK(w.execute(
        "UPDATE identity_sessions SET revoked_ns = ? WHERE user_id = ? AND revoked_ns IS NULL",
        {time_of(core_.now()), to_text(user)}));
    return {};
}

}  // namespace astro::identity

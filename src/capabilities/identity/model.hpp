#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/identity/engine/ids.hpp"
#include "capabilities/identity/engine/permissions.hpp"
#include "capabilities/identity/engine/tiers.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/time.hpp"

/// What the identity service takes and gives.
namespace astro::identity {

enum class UserStatus {
    pending,  ///< registered, the address not verified yet
    active,
    disabled,  ///< by an administrator
    erased,    ///< nothing personal is left
};
BOOST_DESCRIBE_ENUM(UserStatus, pending, active, disabled, erased)

/// Who calls, for the audit and for sessions. Both are personal and stored sealed only.
struct Caller {
    std::string ip;
    std::string user_agent;
};

struct UserView {
    UserId id;
    std::string email;  ///< empty once erased
    UserStatus status = UserStatus::pending;
    std::string tier;
    std::vector<std::string> roles;
    bool has_totp = false;
    std::int64_t passkeys = 0;
    TimestampNs created;
};
BOOST_DESCRIBE_STRUCT(UserView, (), (id, email, status, tier, roles, has_totp, passkeys, created))

struct SessionView {
    SessionId id;
    std::string methods;  ///< "pwd otp"
    std::string ip;
    std::string user_agent;
    TimestampNs created;
    TimestampNs expires;
};
BOOST_DESCRIBE_STRUCT(SessionView, (), (id, methods, ip, user_agent, created, expires))

/// Given out once; neither is stored.
struct TokenPair {
    std::string access_token;
    std::string refresh_token;
    std::int64_t expires_in_s = 0;
    SessionId session;
};
BOOST_DESCRIBE_STRUCT(TokenPair, (), (access_token, refresh_token, expires_in_s, session))

/// A password was right: the tokens, or a ticket for the second factor.
struct LoginAnswer {
    std::optional<TokenPair> tokens;
    std::optional<std::string> second_factor_ticket;
};
BOOST_DESCRIBE_STRUCT(LoginAnswer, (), (tokens, second_factor_ticket))

struct TotpEnrolment {
    std::string secret_base32;
    std::string uri;
};
BOOST_DESCRIBE_STRUCT(TotpEnrolment, (), (secret_base32, uri))

enum class ApiKeyKind {
    ed25519,  ///< the client keeps the private key; the server holds the public one
    hmac,     ///< a shared secret, sealed at rest
    bearer,   ///< the secret itself is sent; stored as its SHA-256
};
BOOST_DESCRIBE_ENUM(ApiKeyKind, ed25519, hmac, bearer)

struct ApiKeySpec {
    std::string name;  ///< 1 to 64 characters
    ApiKeyKind kind = ApiKeyKind::ed25519;
    std::string public_key;  ///< ed25519 only: base64url
    std::vector<std::string> scopes;
    std::vector<std::string> ip_allow;  ///< addresses or networks "10.0.0.0/8"; empty: any
    std::optional<TimestampNs> expires;
};

struct ApiKeyView {
    ApiKeyId id;
    std::string name;
    ApiKeyKind kind = ApiKeyKind::ed25519;
    std::vector<std::string> scopes;
    std::vector<std::string> ip_allow;
    TimestampNs created;
    std::optional<TimestampNs> expires;
    std::optional<TimestampNs> last_used;
};
BOOST_DESCRIBE_STRUCT(ApiKeyView, (),
                      (id, name, kind, scopes, ip_allow, created, expires, last_used))

struct CreatedApiKey {
    ApiKeyView key;
    std::string secret;  ///< shown once; empty for ed25519
};
BOOST_DESCRIBE_STRUCT(CreatedApiKey, (), (key, secret))

/// Who makes a request and what he may do.
struct Principal {
    UserId user;
    std::optional<SessionId> session;
    std::optional<ApiKeyId> key;
    Grants grants;
    std::vector<Scope> scopes;  ///< of the key; unused for a session
    std::string tier;
    TimestampNs authenticated;  ///< last full proof of identity

    /// What the roles grant, narrowed to the key's scopes.
    [[nodiscard]] bool may(const Permission& permission) const;
};

/// How the service behaves; declared with the other settings of the server.
struct Settings {
    std::string issuer = "http://localhost:8080";
    std::string audience = "astrolabe";
    std::string site_name = "Astrolabe";
    std::int64_t access_life_s = 600;           ///< 60 to 3600
    std::int64_t refresh_idle_s = 14 * 86'400;  ///< a session unused this long ends
    std::int64_t session_life_s = 90 * 86'400;  ///< every session ends
    std::int64_t email_token_life_s = 86'400;
    std::int64_t reset_token_life_s = 1'800;
    std::int64_t ticket_life_s = 300;
    std::int64_t failures_max = 5;         ///< wrong passwords of an address before it is locked
    std::int64_t failures_window_s = 900;  ///< counted within this, and locked this long
    std::int64_t sessions_max = 50;        ///< of a user
    std::int64_t api_keys_max = 50;        ///< of a user
    std::string default_tier = "free";
    std::string first_role = "viewer";  ///< of who signs up
};

}  // namespace astro::identity

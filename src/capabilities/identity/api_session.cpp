#include "capabilities/identity/api.hpp"

/// Sessions and the keys their tokens are signed by.
namespace astro::identity {

/// Without it, the refresh cookie's.
struct RefreshBody {
    std::optional<std::string> refresh_token;
};
BOOST_DESCRIBE_STRUCT(RefreshBody, (), (refresh_token))

struct SessionList {
    std::vector<SessionView> items;
};
BOOST_DESCRIBE_STRUCT(SessionList, (), (items))

struct PublicKey {
    std::string kty, crv, alg, use, kid, x;
};
BOOST_DESCRIBE_STRUCT(PublicKey, (), (kty, crv, alg, use, kid, x))

struct PublicKeys {
    std::vector<PublicKey> keys;
};
BOOST_DESCRIBE_STRUCT(PublicKeys, (), (keys))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

Answered refresh(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<RefreshBody>(call.request().body));
    if (body.refresh_token) {
        ASTRO_TRY(const auto pair,
                  parts.service.sessions.refresh(*body.refresh_token, caller_of(parts, call)));
        return signed_in(parts, call, pair);
    }
    const auto token = cookie(call.request(), kRefreshCookie);
    if (!token || token->empty())
        return unauthenticated("refresh_invalid", "sign in again: there is no session to go on");
    const auto csrf = cookie(call.request(), kCsrfCookie).value_or("");
    const auto sent = call.request().headers.find("x-csrf-token").value_or("");
    if (csrf.empty() || !crypto::equal_constant_time(as_bytes(csrf), as_bytes(sent)))
        return forbidden("csrf_token", "a page sends the text of its CSRF cookie in X-CSRF-Token",
                         "x-csrf-token");
    ASTRO_TRY(const auto pair, parts.service.sessions.refresh(*token, caller_of(parts, call)));
    return signed_in(parts, call, pair);
}

Answered end_session(const ApiParts& parts, const Call& call) {
    const auto session = parse_id<SessionId>(call.caller().session);
    ASTRO_ASSERT(session.has_value());
    ASTRO_CHECK(parts.service.sessions.revoke(self_of(call), *session, caller_of(parts, call)));
    auto response = nothing();
    clear_cookies(response);
    return response;
}

}  // namespace

void add_session_routes(const ApiParts& parts, Routes& routes) {
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/session/refresh",
                      .summary = "The next pair of tokens; a refresh token that comes twice ends "
                                 "its session",
                      .parameters = {cookies_parameter()},
                      .body = json_document<RefreshBody>(),
                      .answers = {answer_of<SignedIn>("Tokens")},
                      .refusals = {401, 403},
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) { return refresh(parts, call); }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/session/end",
                      .summary = "Signs out",
                      .answers = {no_content("The session has ended")},
                      .refusals = {404},
                      .permission = std::string(kSelfPermission),
                      .handler = [parts](const Call& call) { return end_session(parts, call); }});
    routes.push_back({.path = kPrefix + "/sessions",
                      .summary = "The caller's sessions",
                      .answers = {answer_of<SessionList>("Those that have not ended")},
                      .permission = std::string(kSelfPermission),
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(auto list, parts.service.sessions.list(self_of(call)));
                          return json_of(SessionList{std::move(list)});
                      }});
    routes.push_back(
        {.method = "DELETE",
         .path = kPrefix + "/sessions/{session}",
         .summary = "Ends one of the caller's sessions",
         .parameters = {id_parameter("session", "Id of the session")},
         .answers = {no_content("Ended")},
         .permission = std::string(kSelfPermission),
         .limit_class = RouteClass::write,
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_CHECK(parts.service.sessions.revoke(
                 self_of(call), id_of<SessionId>(call, "session"), caller_of(parts, call)));
             return nothing();
         }});
    routes.push_back({.path = "/.well-known/jwks.json",
                      .summary = "Public keys of the access tokens",
                      .answers = {answer_of<PublicKeys>("A JSON Web Key Set")},
                      .tagged = true,
                      .handler = [parts](const Call&) -> Answered {
                          return net::json_response(parts.service.jwks());
                      }});
}

}  // namespace astro::identity

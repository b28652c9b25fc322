#pragma once

#include <functional>
#include <string>
#include <vector>

#include "capabilities/identity/access.hpp"
#include "foundation/base/read_json.hpp"
#include "server/gateway/route.hpp"

/// The routes of this capability; one file a subject.
namespace astro::identity {

/// What routes need; outlives them.
struct ApiParts {
    Service& service;
    ServiceAccess& access;
    /// Changes the master key where it lies, as done by this actor; the number of records.
    std::function<Result<std::int64_t>(const std::string& actor)> change_master_key =
        [](const std::string&) -> Result<std::int64_t> {
        return conflict("master_key_not_a_file", "the master key is kept elsewhere");
    };
    std::string outbox{};  ///< the folder of mails; empty: they are sent
};

/// All of them. JWKS stands at /.well-known/jwks.json; /auth/login, /auth/register and
/// /auth/profile are aliases.
[[nodiscard]] std::vector<gateway::Route> identity_routes(const ApiParts& parts);

using Routes = std::vector<gateway::Route>;
void add_account_routes(const ApiParts& parts, Routes& routes);
void add_factor_routes(const ApiParts& parts, Routes& routes);
void add_session_routes(const ApiParts& parts, Routes& routes);
void add_passkey_routes(const ApiParts& parts, Routes& routes);
void add_wallet_routes(const ApiParts& parts, Routes& routes);
void add_provider_routes(const ApiParts& parts, Routes& routes);
void add_key_routes(const ApiParts& parts, Routes& routes);
void add_admin_routes(const ApiParts& parts, Routes& routes);
void add_limit_routes(const ApiParts& parts, Routes& routes);
void add_audit_routes(const ApiParts& parts, Routes& routes);
void add_privacy_routes(const ApiParts& parts, Routes& routes);
void add_master_key_routes(const ApiParts& parts, Routes& routes);
void add_outbox_routes(const ApiParts& parts, Routes& routes);
void add_document_routes(const ApiParts& parts, Routes& routes);

inline const std::string kPrefix = "/api/v1/identity";

/// Somebody has signed in: the tokens themselves, or with ?cookies=true what a page needs beside
/// its cookies, or the ticket for the second factor.
struct SignedIn {
    std::optional<TokenPair> tokens;
    std::optional<std::string> csrf_token;
    std::optional<SessionId> session;
    std::optional<std::string> second_factor_ticket;
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (tokens, csrf_token, session, second_factor_ticket))

/// ?cookies=true of all routes that sign in.
[[nodiscard]] gateway::Parameter cookies_parameter();
/// The pair as the request wants it: in cookies or in the body.
[[nodiscard]] net::Response signed_in(const ApiParts& parts, const gateway::Call& call,
                                      const TokenPair& pair);
void clear_cookies(net::Response& response);

/// The address and program of who calls.
[[nodiscard]] Caller caller_of(const ApiParts& parts, const gateway::Call& call);
/// The user who calls; the access check has let in nobody else.
[[nodiscard]] UserId self_of(const gateway::Call& call);

/// For what a token that lies around must not do: a person who proved himself in the last quarter
/// of an hour. "session_needed", "proof_too_old"
[[nodiscard]] Result<void> check_recent_proof(const ApiParts& parts, const gateway::Call& call);

/// An id of the path. "bad_parameter"
[[nodiscard]] Result<void> check_id_text(std::string_view text);
[[nodiscard]] gateway::Parameter id_parameter(std::string name, std::string summary);
template <class AnyId>
[[nodiscard]] AnyId id_of(const gateway::Call& call, std::string_view name) {
    return parse_id<AnyId>(*call.text(name)).value_or(AnyId{});
}

/// The bytes of a member in base64url. "bad_body"
[[nodiscard]] Result<Bytes> member_bytes(std::string_view text, std::string_view member);

template <class T>
[[nodiscard]] net::Response json_of(const T& value, int status = 200) {
    return net::json_response(to_json(value), status);
}
[[nodiscard]] inline net::Response nothing() {
    net::Response out;
    out.status = 204;
    return out;
}
[[nodiscard]] inline gateway::Answer no_content(std::string summary) {
    return {.status = 204, .summary = std::move(summary)};
}
template <class T>
[[nodiscard]] gateway::Answer answer_of(std::string summary, int status = 200) {
    return {.status = status, .summary = std::move(summary), .document = json_document<T>()};
}

}  // namespace astro::identity

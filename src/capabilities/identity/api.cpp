#include "capabilities/identity/api.hpp"

namespace astro::identity {
namespace {

const std::string kRefreshPath = kPrefix + "/session";

std::string cookie_text(std::string_view name, std::string_view value, std::string_view path,
                        std::int64_t max_age_s, bool for_scripts) {
    return std::string(name) + "=" + std::string(value) + "; Path=" + std::string(path) +
           "; Max-Age=" + std::to_string(max_age_s) + "; Secure; SameSite=Strict" +
           (for_scripts ? "" : "; HttpOnly");
}

}  // namespace

std::vector<gateway::Route> identity_routes(const ApiParts& parts) {
    Routes routes;
    add_account_routes(parts, routes);
    add_factor_routes(parts, routes);
    add_session_routes(parts, routes);
    add_passkey_routes(parts, routes);
    add_wallet_routes(parts, routes);
    add_provider_routes(parts, routes);
    add_key_routes(parts, routes);
    add_admin_routes(parts, routes);
    add_limit_routes(parts, routes);
    add_audit_routes(parts, routes);
    add_privacy_routes(parts, routes);
    add_master_key_routes(parts, routes);
    add_outbox_routes(parts, routes);
    add_document_routes(parts, routes);
    return routes;
}

gateway::Parameter cookies_parameter() {
    return {.name = "cookies",
            .type = gateway::ParameterType::boolean,
            .summary = "true: the tokens come as cookies, for a page, and not in the body",
            .example = "false"};
}

net::Response signed_in(const ApiParts& parts, const gateway::Call& call, const TokenPair& pair) {
    SignedIn out;
    if (!call.flag("cookies").value_or(false)) {
        out.tokens = pair;
        return json_of(out);
    }
    const std::int64_t refresh_s = 14 * 86'400;  // the server ends it earlier where settings say so
    out.csrf_token = parts.access.csrf_token(pair.session);
    out.session = pair.session;
    auto response = json_of(out);
    response.headers.add("set-cookie", cookie_text(kSessionCookie, pair.access_token, "/",
                                                   pair.expires_in_s, false));
    response.headers.add("set-cookie", cookie_text(kRefreshCookie, pair.refresh_token, kRefreshPath,
                                                   refresh_s, false));
    response.headers.add("set-cookie",
                         cookie_text(kCsrfCookie, *out.csrf_token, "/", refresh_s, true));
    return response;
}

void clear_cookies(net::Response& response) {
    response.headers.add("set-cookie", cookie_text(kSessionCookie, "", "/", 0, false));
    response.headers.add("set-cookie", cookie_text(kRefreshCookie, "", kRefreshPath, 0, false));
    response.headers.add("set-cookie", cookie_text(kCsrfCookie, "", "/", 0, true));
}

Caller caller_of(const ApiParts& parts, const gateway::Call& call) {
    const auto agent = call.request().headers.find("user-agent").value_or("");
    return {parts.access.ip_of(call.request()), std::string(agent.substr(0, 256))};
}

UserId self_of(const gateway::Call& call) {
    const auto id = parse_id<UserId>(call.caller().user);
    ASTRO_ASSERT(id.has_value());
    return *id;
}

Result<void> check_recent_proof(const ApiParts& parts, const gateway::Call& call) {
    constexpr DurationNs kProofLife = seconds(900);
    if (call.caller().session.empty())
        return forbidden("session_needed", "a person who signed in does this, not an API key");
    if (call.caller().authenticated + kProofLife < parts.service.now())
        return forbidden("proof_too_old",
                         "this needs a sign-in of the last quarter of an hour; sign in again");
    return {};
}

Result<void> check_id_text(std::string_view text) {
    const auto id = parse_id<UserId>(text);
    if (!id) return refusal("bad_parameter", id.error().message);
    return {};
}

gateway::Parameter id_parameter(std::string name, std::string summary) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .length_max = 32,
            .check = &check_id_text,
            .example = "00112233445566778899aabbccddeeff"};
}

Result<Bytes> member_bytes(std::string_view text, std::string_view member) {
    auto bytes = parse_base64url(text);
    if (!bytes) return refusal("bad_body", "is base64url without padding", std::string(member));
    return bytes;
}

}  // namespace astro::identity

#include "capabilities/identity/api.hpp"

/// Signing in at an OpenID provider. The state stands in a cookie too, so that only the browser
/// that began can end it.
namespace astro::identity {

struct ProviderNames {
    std::vector<std::string> items;
};
BOOST_DESCRIBE_STRUCT(ProviderNames, (), (items))

struct ProviderBody {
    std::string provider;
};
BOOST_DESCRIBE_STRUCT(ProviderBody, (), (provider))

struct ProviderBegun {
    std::string url;
};
BOOST_DESCRIBE_STRUCT(ProviderBegun, (), (url))

struct ProviderAnswer {
    std::string state;
    std::string code;
};
BOOST_DESCRIBE_STRUCT(ProviderAnswer, (), (state, code))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

constexpr std::string_view kStateCookie = "__Host-astro_state";

Result<ProviderAnswer> read_answer(const Call& call) {
    ASTRO_TRY(auto body, read_json<ProviderAnswer>(call.request().body));
    const auto kept = cookie(call.request(), kStateCookie).value_or("");
    if (kept.empty() || !crypto::equal_constant_time(as_bytes(kept), as_bytes(body.state)))
        return forbidden("state_foreign", "the browser that answers is not the one that began",
                         "state");
    return body;
}

}  // namespace

void add_provider_routes(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kPrefix + "/providers",
                      .summary = "OpenID providers that one may sign in at",
                      .answers = {answer_of<ProviderNames>("Their names")},
                      .handler = [parts](const Call&) -> Answered {
                          return json_of(ProviderNames{parts.service.oidc.names()});
                      }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/login/provider",
                      .summary = "Where the browser goes to sign in at a provider",
                      .body = json_document<ProviderBody>(),
                      .answers = {answer_of<ProviderBegun>("The provider's page")},
                      .refusals = {404},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<ProviderBody>(call.request().body));
                          ASTRO_TRY(const auto begun, parts.service.oidc.begin(body.provider));
                          auto response = json_of(ProviderBegun{begun.url});
                          // Lax: the browser comes back from the provider's site.
                          response.headers.add("set-cookie",
                                               std::string(kStateCookie) + "=" + begun.state +
                                                   "; Path=/; Max-Age=600; Secure; HttpOnly; "
                                                   "SameSite=Lax");
                          return response;
                      }});
    routes.push_back(
        {.method = "POST",
         .path = kPrefix + "/login/provider/finish",
         .summary = "Signs in by what the provider answered",
         .parameters = {cookies_parameter()},
         .body = json_document<ProviderAnswer>(),
         .answers = {answer_of<SignedIn>("Tokens")},
         .refusals = {401, 403},
         .limit_class = RouteClass::sign_in,
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_TRY(const auto body, read_answer(call));
             ASTRO_TRY(const auto pair,
                       parts.service.oidc.finish(body.state, body.code, caller_of(parts, call)));
             return signed_in(parts, call, pair);
         }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/providers/link",
                      .summary = "Links the provider's account to the caller's",
                      .body = json_document<ProviderAnswer>(),
                      .answers = {no_content("Linked")},
                      .refusals = {401, 403, 409},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_answer(call));
                          ASTRO_CHECK(parts.service.oidc.link(self_of(call), body.state, body.code,
                                                              caller_of(parts, call)));
                          return nothing();
                      }});
}

}  // namespace astro::identity

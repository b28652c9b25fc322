#include "capabilities/identity/api.hpp"

/// The caller's API keys.
namespace astro::identity {

struct KeyBody {
    std::string name;
    ApiKeyKind kind = ApiKeyKind::ed25519;
    std::optional<std::string> public_key;
    std::vector<std::string> scopes;
    std::optional<std::vector<std::string>> ip_allow;
    std::optional<TimestampNs> expires;
};
BOOST_DESCRIBE_STRUCT(KeyBody, (), (name, kind, public_key, scopes, ip_allow, expires))

struct KeyList {
    std::vector<ApiKeyView> items;
};
BOOST_DESCRIBE_STRUCT(KeyList, (), (items))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

Answered create(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(auto body, read_json<KeyBody>(call.request().body));
    const ApiKeySpec spec{body.name,
                          body.kind,
                          body.public_key.value_or(""),
                          body.scopes,
                          body.ip_allow.value_or(std::vector<std::string>{}),
                          body.expires};
    ASTRO_TRY(const auto made,
              parts.service.api_keys.create(self_of(call), spec, caller_of(parts, call)));
    return json_of(made, 201);
}

}  // namespace

void add_key_routes(const ApiParts& parts, Routes& routes) {
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/keys",
                      .summary = "Makes an API key; a secret is shown here and never again",
                      .body = json_document(KeyBody{"bot",
                                                    ApiKeyKind::ed25519,
                                                    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                                                    {"read", "trade"},
                                                    {},
                                                    {}}),
                      .answers = {answer_of<CreatedApiKey>("The key", 201)},
                      .refusals = {409},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) { return create(parts, call); }});
    routes.push_back({.path = kPrefix + "/keys",
                      .summary = "The caller's API keys, without their secrets",
                      .answers = {answer_of<KeyList>("All of them")},
                      .permission = std::string(kSelfPermission),
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(auto list, parts.service.api_keys.list(self_of(call)));
                          return json_of(KeyList{std::move(list)});
                      }});
    routes.push_back({.method = "DELETE",
                      .path = kPrefix + "/keys/{key}",
                      .summary = "Revokes an API key",
                      .parameters = {id_parameter("key", "Id of the key")},
                      .answers = {no_content("Revoked")},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_CHECK(parts.service.api_keys.revoke(
                              self_of(call), id_of<ApiKeyId>(call, "key"), caller_of(parts, call)));
                          return nothing();
                      }});
}

}  // namespace astro::identity

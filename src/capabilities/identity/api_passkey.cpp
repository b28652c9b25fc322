#include "capabilities/identity/api.hpp"

/// Passkeys. Bytes travel in base64url, as navigator.credentials' JSON forms have them.
namespace astro::identity {

struct PasskeyRegistration {
    std::string name;
    std::string client_data_json;
    std::string attestation_object;
};
BOOST_DESCRIBE_STRUCT(PasskeyRegistration, (), (name, client_data_json, attestation_object))

struct PasskeyAssertion {
    std::string credential_id;
    std::string client_data_json;
    std::string authenticator_data;
    std::string signature;
    std::optional<std::string> user_handle;
};
BOOST_DESCRIBE_STRUCT(PasskeyAssertion, (),
                      (credential_id, client_data_json, authenticator_data, signature, user_handle))

struct PasskeyList {
    std::vector<PasskeyView> items;
};
BOOST_DESCRIBE_STRUCT(PasskeyList, (), (items))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

std::string text_of(const Bytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

Answered add_passkey(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<PasskeyRegistration>(call.request().body));
    ASTRO_TRY(const auto client_data, member_bytes(body.client_data_json, "client_data_json"));
    ASTRO_TRY(const auto attestation, member_bytes(body.attestation_object, "attestation_object"));
    ASTRO_TRY(const auto view, parts.service.passkeys.finish_registration(
                                   self_of(call), body.name, text_of(client_data), attestation,
                                   caller_of(parts, call)));
    return json_of(view, 201);
}

Answered log_in(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<PasskeyAssertion>(call.request().body));
    PasskeyAnswer answer;
    ASTRO_TRY(answer.credential_id, member_bytes(body.credential_id, "credential_id"));
    ASTRO_TRY(const auto client_data, member_bytes(body.client_data_json, "client_data_json"));
    answer.client_data_json = text_of(client_data);
    ASTRO_TRY(answer.authenticator_data,
              member_bytes(body.authenticator_data, "authenticator_data"));
    ASTRO_TRY(answer.signature, member_bytes(body.signature, "signature"));
    if (body.user_handle) {
        ASTRO_TRY(answer.user_handle, member_bytes(*body.user_handle, "user_handle"));
    }
    ASTRO_TRY(const auto pair, parts.service.passkeys.finish_login(answer, caller_of(parts, call)));
    return signed_in(parts, call, pair);
}

Result<void> check_credential_id(std::string_view text) {
    if (!parse_base64url(text)) return refusal("bad_parameter", "is base64url without padding");
    return {};
}

void add_login(const ApiParts& parts, Routes& routes) {
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/login/passkey-options",
                      .summary = "What to ask the browser for, to sign in with a passkey",
                      .answers = {answer_of<PasskeyOptions>("The challenge and its options")},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call&) -> Answered {
                          ASTRO_TRY(const auto options, parts.service.passkeys.begin_login());
                          return json_of(options);
                      }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/login/passkey",
                      .summary = "Signs in with a passkey",
                      .parameters = {cookies_parameter()},
                      .body = json_document<PasskeyAssertion>(),
                      .answers = {answer_of<SignedIn>("Tokens")},
                      .refusals = {401, 403, 404},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) { return log_in(parts, call); }});
}

}  // namespace

void add_passkey_routes(const ApiParts& parts, Routes& routes) {
    add_login(parts, routes);
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/passkeys/options",
                      .summary = "What to ask the browser for, to make a passkey",
                      .answers = {answer_of<PasskeyOptions>("The challenge and its options")},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto options,
                                    parts.service.passkeys.begin_registration(self_of(call)));
                          return json_of(options);
                      }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/passkeys",
                      .summary = "Registers a passkey",
                      .body = json_document<PasskeyRegistration>(),
                      .answers = {answer_of<PasskeyView>("Registered", 201)},
                      .refusals = {409},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) { return add_passkey(parts, call); }});
    routes.push_back({.path = kPrefix + "/passkeys",
                      .summary = "The caller's passkeys",
                      .answers = {answer_of<PasskeyList>("All of them")},
                      .permission = std::string(kSelfPermission),
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(auto list, parts.service.passkeys.list(self_of(call)));
                          return json_of(PasskeyList{std::move(list)});
                      }});
    routes.push_back({.method = "DELETE",
                      .path = kPrefix + "/passkeys/{passkey}",
                      .summary = "Removes a passkey",
                      .parameters = {{.name = "passkey",
                                      .summary = "Its id, base64url",
                                      .length_max = 1364,
                                      .check = &check_credential_id,
                                      .example = "AAECAwQFBgcICQoLDA0ODw"}},
                      .answers = {no_content("Removed")},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_CHECK(parts.service.passkeys.remove(
                              self_of(call), *call.text("passkey"), caller_of(parts, call)));
                          return nothing();
                      }});
}

}  // namespace astro::identity

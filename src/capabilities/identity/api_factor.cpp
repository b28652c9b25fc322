#include "capabilities/identity/api.hpp"

/// The second factor: one-time codes.
namespace astro::identity {

struct CodeBody {
    std::string code;
};
BOOST_DESCRIBE_STRUCT(CodeBody, (), (code))

struct RecoveryCodes {
    std::vector<std::string> recovery_codes;
};
BOOST_DESCRIBE_STRUCT(RecoveryCodes, (), (recovery_codes))

namespace {
using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;
}  // namespace

void add_factor_routes(const ApiParts& parts, Routes& routes) {
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/totp",
                      .summary = "A new secret for one-time codes; it counts once it is confirmed",
                      .answers = {answer_of<TotpEnrolment>("Shown once", 201)},
                      .refusals = {409},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto made,
                                    parts.service.accounts.begin_totp(self_of(call)));
                          return json_of(made, 201);
                      }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/totp/confirm",
                      .summary = "Turns one-time codes on",
                      .body = json_document(CodeBody{"123456"}),
                      .answers = {answer_of<RecoveryCodes>("Recovery codes, shown once")},
                      .refusals = {409},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<CodeBody>(call.request().body));
                          ASTRO_TRY(const auto codes,
                                    parts.service.accounts.confirm_totp(self_of(call), body.code,
                                                                        caller_of(parts, call)));
                          return json_of(RecoveryCodes{codes});
                      }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/totp/remove",
                      .summary = "Turns one-time codes off; needs one, or a recovery code",
                      .body = json_document(CodeBody{"123456"}),
                      .answers = {no_content("Off")},
                      .refusals = {401, 409},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<CodeBody>(call.request().body));
                          ASTRO_CHECK(parts.service.accounts.remove_totp(self_of(call), body.code,
                                                                         caller_of(parts, call)));
                          return nothing();
                      }});
}

}  // namespace astro::identity

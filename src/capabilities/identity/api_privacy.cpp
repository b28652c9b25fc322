#include "capabilities/identity/api.hpp"
#include "capabilities/identity/zip.hpp"

/// What a user may ask of his data.
namespace astro::identity {

struct EraseBody {
    std::string confirm;
};
BOOST_DESCRIBE_STRUCT(EraseBody, (), (confirm))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

Answered erase(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<EraseBody>(call.request().body));
    if (body.confirm != call.caller().user)
        return refusal("not_confirmed", "send the account's id, so that it is not done by mistake",
                       "confirm");
    ASTRO_CHECK(parts.service.privacy.erase_user(call.caller().user, self_of(call)));
    auto response = nothing();
    clear_cookies(response);
    return response;
}

}  // namespace

void add_privacy_routes(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kPrefix + "/export",
                      .summary = "Everything that is kept of the caller, as a zip of JSON files",
                      .answers = {{.summary = "The archive", .content_type = "application/zip"}},
                      .permission = std::string(kSelfPermission),
                      .weight = 20,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto files, parts.service.privacy.export_user(
                                                          self_of(call), caller_of(parts, call)));
                          net::Response out;
                          out.headers.set("content-type", "application/zip");
                          out.headers.set("content-disposition",
                                          "attachment; filename=\"astrolabe-account.zip\"");
                          out.body = to_zip(files);
                          return out;
                      }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/erase",
                      .summary = "Erases the caller's account; it cannot be undone",
                      .body = json_document(EraseBody{"00112233445566778899aabbccddeeff"}),
                      .answers = {no_content("Erased")},
                      .refusals = {409},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) { return erase(parts, call); }});
}

}  // namespace astro::identity

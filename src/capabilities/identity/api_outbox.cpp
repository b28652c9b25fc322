#include "capabilities/identity/api.hpp"
#include "capabilities/identity/outbox.hpp"

/// The mails that lie in the outbox of a server without a mail server.
namespace astro::identity {

struct OutboxList {
    std::vector<OutboxMail> mails;
};
BOOST_DESCRIBE_STRUCT(OutboxList, (), (mails))

namespace {

using gateway::Call;
using Answered = Result<net::Response>;

constexpr std::size_t kMailsMax = 200;

Result<void> check_kept(const ApiParts& parts) {
    if (parts.outbox.empty())
        return conflict("mail_is_sent", "mail goes out through identity.smtp and is not kept");
    return {};
}

}  // namespace

void add_outbox_routes(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kPrefix + "/outbox",
                      .summary = "Mails that were not sent since no mail server is configured, "
                                 "newest first",
                      .answers = {answer_of<OutboxList>("The newest mails")},
                      .refusals = {409},
                      .permission = "identity.admin",
                      .weight = 5,
                      .handler = [parts](const Call&) -> Answered {
                          ASTRO_CHECK(check_kept(parts));
                          ASTRO_TRY(auto mails, list_outbox(parts.outbox, kMailsMax));
                          return json_of(OutboxList{std::move(mails)});
                      }});
    routes.push_back({.path = kPrefix + "/outbox/{mail}",
                      .summary = "A mail with its text",
                      .parameters = {{.name = "mail",
                                      .summary = "Id of the mail",
                                      .length_max = 64,
                                      .example = "00112233445566778899aabb"}},
                      .answers = {answer_of<OutboxText>("The mail")},
                      .refusals = {404, 409},
                      .permission = "identity.admin",
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_CHECK(check_kept(parts));
                          ASTRO_TRY(const auto mail, read_outbox(parts.outbox, *call.text("mail")));
                          return json_of(mail);
                      }});
}

}  // namespace astro::identity

#include "capabilities/identity/api.hpp"

/// Registering, signing in with a password, the profile.
namespace astro::identity {

struct EmailAndPassword {
    std::string email;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(EmailAndPassword, (), (email, password))

struct TokenBody {
    std::string token;
};
BOOST_DESCRIBE_STRUCT(TokenBody, (), (token))

struct AdminSignUp {
    std::string token;
    std::string email;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(AdminSignUp, (), (token, email, password))

struct EmailBody {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(EmailBody, (), (email))

struct ResetBody {
    std::string token;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(ResetBody, (), (token, password))

struct ChangeBody {
    std::string current;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(ChangeBody, (), (current, password))

struct SecondFactorBody {
    std::string ticket;
    std::string code;
};
BOOST_DESCRIBE_STRUCT(SecondFactorBody, (), (ticket, code))

/// The same for an address that is known and one that is not.
struct MailSent {
    std::string status;
};
BOOST_DESCRIBE_STRUCT(MailSent, (), (status))

struct UserReference {
    UserId user;
};
BOOST_DESCRIBE_STRUCT(UserReference, (), (user))

/// The caller's account with what his roles allow, so that a page shows what he may use.
struct ProfileView : UserView {
    std::vector<std::string> permissions;  ///< patterns: "*.read", "identity.admin"
};
BOOST_DESCRIBE_STRUCT(ProfileView, (UserView), (permissions))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

Answered register_user(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<EmailAndPassword>(call.request().body));
    ASTRO_CHECK(
        parts.service.accounts.register_user(body.email, body.password, caller_of(parts, call)));
    return json_of(MailSent{"mail_sent"}, 202);
}

Answered log_in(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<EmailAndPassword>(call.request().body));
    ASTRO_TRY(const auto answer,
              parts.service.accounts.login(body.email, body.password, caller_of(parts, call)));
    if (answer.tokens) return signed_in(parts, call, *answer.tokens);
    return json_of(SignedIn{{}, {}, {}, answer.second_factor_ticket});
}

Answered profile(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(auto user, parts.service.accounts.get(self_of(call)));
    ASTRO_TRY(const auto roles, parts.service.roles.roles_of(user.id));
    return json_of(
        ProfileView{std::move(user), parts.service.roles.book().grants_of(roles).patterns()});
}

void add_register(const ApiParts& parts, Routes& routes, const std::string& path) {
    routes.push_back(
        {.method = "POST",
         .path = path,
         .summary = "Registers; a mail with a link is sent, whether the address is "
                    "known or not",
         .body = json_document(EmailAndPassword{"ada@example.org", "turnip violin marshal eight"}),
         .answers = {answer_of<MailSent>("A mail is on its way", 202)},
         .limit_class = RouteClass::sign_in,
         .weight = 2,
         .handler = [parts](const Call& call) { return register_user(parts, call); }});
}

void add_login(const ApiParts& parts, Routes& routes, const std::string& path) {
    routes.push_back(
        {.method = "POST",
         .path = path,
         .summary = "Signs in with address and password",
         .parameters = {cookies_parameter()},
         .body = json_document(EmailAndPassword{"ada@example.org", "turnip violin marshal eight"}),
         .answers = {answer_of<SignedIn>("Tokens, or a ticket for the second factor")},
         .refusals = {401, 403, 429},
         .limit_class = RouteClass::sign_in,
         .handler = [parts](const Call& call) { return log_in(parts, call); }});
}

void add_profile(const ApiParts& parts, Routes& routes, const std::string& path) {
    routes.push_back({.path = path,
                      .summary = "Who calls",
                      .answers = {answer_of<ProfileView>("The caller's account")},
                      .refusals = {404},
                      .permission = "identity.read",
                      .handler = [parts](const Call& call) { return profile(parts, call); }});
}

void add_links(const ApiParts& parts, Routes& routes) {
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/verify-email",
                      .summary = "Confirms an address by the token of the mail",
                      .body = json_document<TokenBody>(),
                      .answers = {answer_of<UserReference>("The account is active")},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<TokenBody>(call.request().body));
                          ASTRO_TRY(const auto user, parts.service.accounts.verify_email(
                                                         body.token, caller_of(parts, call)));
                          return json_of(UserReference{user});
                      }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/admin-sign-up",
                      .summary = "Makes the first administrator by the link that the server "
                                 "printed",
                      .body = json_document<AdminSignUp>(),
                      .answers = {answer_of<UserReference>("The administrator's account", 201)},
                      .refusals = {409},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<AdminSignUp>(call.request().body));
                          ASTRO_TRY(const auto user, parts.service.accounts.register_admin(
                                                         body.token, body.email, body.password,
                                                         caller_of(parts, call)));
                          return json_of(UserReference{user}, 201);
                      }});
}

void add_password(const ApiParts& parts, Routes& routes) {
    routes.push_back(
        {.method = "POST",
         .path = kPrefix + "/password/reset-request",
         .summary = "Sends a link to set a new password, if the address is known",
         .body = json_document(EmailBody{"ada@example.org"}),
         .answers = {answer_of<MailSent>("If it is known, a mail is on its way", 202)},
         .limit_class = RouteClass::sign_in,
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_TRY(const auto body, read_json<EmailBody>(call.request().body));
             ASTRO_CHECK(parts.service.accounts.request_reset(body.email, caller_of(parts, call)));
             return json_of(MailSent{"mail_sent"}, 202);
         }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/password/reset",
                      .summary = "Sets a new password by the token of the mail",
                      .body = json_document<ResetBody>(),
                      .answers = {no_content("Set; all sessions have ended")},
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<ResetBody>(call.request().body));
                          ASTRO_CHECK(parts.service.accounts.reset_password(
                              body.token, body.password, caller_of(parts, call)));
                          return nothing();
                      }});
    routes.push_back({.method = "POST",
                      .path = kPrefix + "/password",
                      .summary = "Changes the caller's password",
                      .body = json_document<ChangeBody>(),
                      .answers = {no_content("Changed; all sessions have ended")},
                      .refusals = {401},
                      .permission = std::string(kSelfPermission),
                      .limit_class = RouteClass::sign_in,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<ChangeBody>(call.request().body));
                          ASTRO_CHECK(parts.service.accounts.change_password(
                              self_of(call), body.current, body.password, caller_of(parts, call)));
                          return nothing();
                      }});
}

}  // namespace

void add_account_routes(const ApiParts& parts, Routes& routes) {
    for (const std::string& prefix : {kPrefix, std::string("/auth")}) {
        add_register(parts, routes, prefix + "/register");
        add_login(parts, routes, prefix + "/login");
        add_profile(parts, routes, prefix + "/profile");
    }
    add_links(parts, routes);
    add_password(parts, routes);
    routes.push_back(
        {.method = "POST",
         .path = kPrefix + "/login/second-factor",
         .summary = "Ends a sign-in by a one-time code or a recovery code",
         .parameters = {cookies_parameter()},
         .body = json_document<SecondFactorBody>(),
         .answers = {answer_of<SignedIn>("Tokens")},
         .refusals = {401, 403},
         .limit_class = RouteClass::sign_in,
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_TRY(const auto body, read_json<SecondFactorBody>(call.request().body));
             ASTRO_TRY(const auto pair, parts.service.accounts.finish_login(
                                            body.ticket, body.code, caller_of(parts, call)));
             return signed_in(parts, call, pair);
         }});
}

}  // namespace astro::identity

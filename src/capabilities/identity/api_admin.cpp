#include "capabilities/identity/api.hpp"

/// What an administrator does: users, roles, keys.
namespace astro::identity {

struct UserList {
    std::vector<UserView> items;
};
BOOST_DESCRIBE_STRUCT(UserList, (), (items))

struct StatusBody {
    UserStatus status = UserStatus::active;
};
BOOST_DESCRIBE_STRUCT(StatusBody, (), (status))

struct TierBody {
    std::string tier;
};
BOOST_DESCRIBE_STRUCT(TierBody, (), (tier))

struct RolesBody {
    std::vector<std::string> roles;
};
BOOST_DESCRIBE_STRUCT(RolesBody, (), (roles))

struct RoleView {
    std::string name;
    bool builtin = false;
    std::vector<std::string> permissions;
};
BOOST_DESCRIBE_STRUCT(RoleView, (), (name, builtin, permissions))

struct RoleList {
    std::vector<RoleView> items;
};
BOOST_DESCRIBE_STRUCT(RoleList, (), (items))

struct RoleBody {
    std::vector<std::string> permissions;
};
BOOST_DESCRIBE_STRUCT(RoleBody, (), (permissions))

struct UserKeyList {
    std::vector<ApiKeyView> items;
};
BOOST_DESCRIBE_STRUCT(UserKeyList, (), (items))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

const std::string kAdmin = "identity.admin";

gateway::Parameter user_parameter() {
    return id_parameter("user", "Id of the user");
}
gateway::Parameter role_parameter() {
    return {.name = "role", .summary = "Name of the role", .length_max = 32, .example = "desk"};
}

/// A change of one user by a body of type Body.
template <class Body, class Change>
gateway::Route user_change(const std::string& path, std::string summary, Body example,
                           Change change) {
    return {.method = "POST",
            .path = kPrefix + "/users/{user}/" + path,
            .summary = std::move(summary),
            .parameters = {user_parameter()},
            .body = json_document(example),
            .answers = {no_content("Done")},
            .refusals = {404, 409},
            .permission = kAdmin,
            .limit_class = RouteClass::write,
            .handler = [change](const Call& call) -> Answered {
                ASTRO_TRY(const auto body, read_json<Body>(call.request().body));
                ASTRO_CHECK(change(call.caller().user, id_of<UserId>(call, "user"), body));
                return nothing();
            }};
}

void add_users(const ApiParts& parts, Routes& routes) {
    routes.push_back(
        {.path = kPrefix + "/users",
         .summary = "All accounts, oldest first",
         .parameters = {{.name = "limit",
                         .type = gateway::ParameterType::integer,
                         .summary = "How many at most [100]",
                         .minimum = 1,
                         .maximum = 500,
                         .example = "100"},
                        {.name = "offset",
                         .type = gateway::ParameterType::integer,
                         .summary = "How many to leave out [0]",
                         .minimum = 0,
                         .maximum = 1'000'000'000,
                         .example = "0"}},
         .answers = {answer_of<UserList>("Accounts")},
         .permission = kAdmin,
         .weight = 5,
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_TRY(auto users, parts.service.accounts.list(call.integer("limit").value_or(100),
                                                               call.integer("offset").value_or(0)));
             return json_of(UserList{std::move(users)});
         }});
    routes.push_back({.path = kPrefix + "/users/{user}",
                      .summary = "One account",
                      .parameters = {user_parameter()},
                      .answers = {answer_of<UserView>("The account")},
                      .permission = kAdmin,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto user,
                                    parts.service.accounts.get(id_of<UserId>(call, "user")));
                          return json_of(user);
                      }});
    auto& service = parts.service;
    routes.push_back(user_change(
        "status", "Makes an account active or disabled", StatusBody{UserStatus::disabled},
        [&service](const std::string& actor, const UserId& user, const StatusBody& body) {
            return service.accounts.set_status(actor, user, body.status);
        }));
    routes.push_back(
        user_change("tier", "Changes an account's plan", TierBody{"pro"},
                    [&service](const std::string& actor, const UserId& user, const TierBody& body) {
                        return service.accounts.set_tier(actor, user, body.tier);
                    }));
    routes.push_back(user_change(
        "roles", "Replaces an account's roles", RolesBody{{"viewer", "trader"}},
        [&service](const std::string& actor, const UserId& user, const RolesBody& body) {
            return service.roles.assign(actor, user, body.roles);
        }));
    routes.push_back({.method = "DELETE",
                      .path = kPrefix + "/users/{user}",
                      .summary = "Erases an account; nothing personal is left",
                      .parameters = {user_parameter()},
                      .answers = {no_content("Erased")},
                      .refusals = {409},
                      .permission = kAdmin,
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_CHECK(parts.service.privacy.erase_user(
                              call.caller().user, id_of<UserId>(call, "user")));
                          return nothing();
                      }});
}

void add_user_keys(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kPrefix + "/users/{user}/keys",
                      .summary = "An account's API keys",
                      .parameters = {user_parameter()},
                      .answers = {answer_of<UserKeyList>("Its keys")},
                      .permission = kAdmin,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(auto keys,
                                    parts.service.api_keys.list(id_of<UserId>(call, "user")));
                          return json_of(UserKeyList{std::move(keys)});
                      }});
    routes.push_back(
        {.method = "DELETE",
         .path = kPrefix + "/users/{user}/keys/{key}",
         .summary = "Revokes an account's API key",
         .parameters = {user_parameter(), id_parameter("key", "Id of the key")},
         .answers = {no_content("Revoked")},
         .permission = kAdmin,
         .limit_class = RouteClass::write,
         .handler = [parts](const Call& call) -> Answered {
             const auto user = id_of<UserId>(call, "user");
             const auto key = id_of<ApiKeyId>(call, "key");
             ASTRO_CHECK(parts.service.api_keys.revoke(user, key, caller_of(parts, call)));
             ASTRO_CHECK(parts.service.tell(
                 {"admin.api_key_revoked", call.caller().user, to_text(key), {}, {}, {}}, "ok"));
             return nothing();
         }});
}

Answered list_roles(const ApiParts& parts) {
    const RoleBook book = parts.service.roles.book();
    RoleList out;
    for (const auto& name : book.names())
        out.items.push_back({name, is_builtin_role(name), book.find(name)->patterns()});
    return json_of(out);
}

void add_roles(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kPrefix + "/roles",
                      .summary = "Roles and what they allow",
                      .answers = {answer_of<RoleList>("All roles")},
                      .permission = kAdmin,
                      .handler = [parts](const Call&) { return list_roles(parts); }});
    routes.push_back({.method = "PUT",
                      .path = kPrefix + "/roles/{role}",
                      .summary = "Makes or replaces a role of one's own",
                      .parameters = {role_parameter()},
                      .body = json_document(RoleBody{{"exchange.trade", "*.read"}}),
                      .answers = {no_content("Defined")},
                      .refusals = {409},
                      .permission = kAdmin,
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<RoleBody>(call.request().body));
                          ASTRO_CHECK(parts.service.roles.define(call.caller().user,
                                                                 std::string(*call.text("role")),
                                                                 body.permissions));
                          return nothing();
                      }});
    routes.push_back({.method = "DELETE",
                      .path = kPrefix + "/roles/{role}",
                      .summary = "Removes a role; who had it loses what it allowed",
                      .parameters = {role_parameter()},
                      .answers = {no_content("Removed")},
                      .refusals = {409},
                      .permission = kAdmin,
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_CHECK(parts.service.roles.remove(call.caller().user,
                                                                 std::string(*call.text("role"))));
                          return nothing();
                      }});
}

}  // namespace

void add_admin_routes(const ApiParts& parts, Routes& routes) {
    add_users(parts, routes);
    add_user_keys(parts, routes);
    add_roles(parts, routes);
    routes.push_back(
        {.method = "POST",
         .path = kPrefix + "/signing-keys/rotate",
         .summary = "Signs access tokens by a new key from now on",
         .answers = {no_content("Rotated")},
         .permission = kAdmin,
         .limit_class = RouteClass::write,
         .handler = [parts](const Call& call) -> Answered {
             ASTRO_CHECK(parts.service.rotate_signing_key());
             ASTRO_CHECK(parts.service.tell(
                 {"admin.signing_key_rotated", call.caller().user, "", {}, {}, {}}, "ok"));
             return nothing();
         }});
}

}  // namespace astro::identity

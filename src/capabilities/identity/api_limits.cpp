#include "capabilities/identity/api.hpp"

/// What plans and addresses are allowed, which an administrator changes while the program runs.
namespace astro::identity {

struct TierList {
    std::vector<Tier> items;
};
BOOST_DESCRIBE_STRUCT(TierList, (), (items))

struct TierNumbers {
    std::int64_t requests_per_minute = 0, requests_per_day = 0;
    std::int64_t websocket_connections = 0, subscriptions = 0, history_days = 0;
};
BOOST_DESCRIBE_STRUCT(TierNumbers, (),
                      (requests_per_minute, requests_per_day, websocket_connections, subscriptions,
                       history_days))

namespace {

using gateway::Call;
using gateway::RouteClass;
using Answered = Result<net::Response>;

const std::string kAdmin = "identity.admin";

gateway::Parameter tier_parameter() {
    return {.name = "tier", .summary = "Name of the plan", .length_max = 32, .example = "desk"};
}

Answered put_tier(const ApiParts& parts, const Call& call) {
    ASTRO_TRY(const auto body, read_json<TierNumbers>(call.request().body));
    const Tier tier{
        std::string(*call.text("tier")), body.requests_per_minute, body.requests_per_day,
        body.websocket_connections,      body.subscriptions,       body.history_days};
    ASTRO_CHECK(parts.service.tiers.put(call.caller().user, tier));
    return json_of(tier);
}

void add_tiers(const ApiParts& parts, Routes& routes) {
    routes.push_back({.path = kPrefix + "/tiers",
                      .summary = "Plans and their limits",
                      .answers = {answer_of<TierList>("All plans")},
                      .blocking = false,
                      .handler = [parts](const Call&) -> Answered {
                          return json_of(TierList{*parts.service.tiers.all()});
                      }});
    routes.push_back({.method = "PUT",
                      .path = kPrefix + "/tiers/{tier}",
                      .summary = "Makes a plan, or changes one, from now on",
                      .parameters = {tier_parameter()},
                      .body = json_document(TierNumbers{600, 100'000, 10, 100, 90}),
                      .answers = {answer_of<Tier>("The plan")},
                      .refusals = {409},
                      .permission = kAdmin,
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) { return put_tier(parts, call); }});
    routes.push_back({.method = "DELETE",
                      .path = kPrefix + "/tiers/{tier}",
                      .summary = "Removes a plan that nobody has; the server's own stay",
                      .parameters = {tier_parameter()},
                      .answers = {no_content("Removed")},
                      .refusals = {409},
                      .permission = kAdmin,
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_CHECK(parts.service.tiers.remove(call.caller().user,
                                                                 std::string(*call.text("tier"))));
                          return nothing();
                      }});
}

}  // namespace

void add_limit_routes(const ApiParts& parts, Routes& routes) {
    add_tiers(parts, routes);
    routes.push_back({.path = kPrefix + "/limits",
                      .summary = "What an address is allowed without signing in",
                      .answers = {answer_of<LimitNumbers>("The numbers in force")},
                      .permission = kAdmin,
                      .handler = [parts](const Call&) -> Answered {
                          return json_of(*parts.service.limits.now());
                      }});
    routes.push_back({.method = "PUT",
                      .path = kPrefix + "/limits",
                      .summary = "Changes it, from now on; wins over the configuration",
                      .body = json_document(LimitNumbers{}),
                      .answers = {answer_of<LimitNumbers>("The numbers in force")},
                      .permission = kAdmin,
                      .limit_class = RouteClass::write,
                      .handler = [parts](const Call& call) -> Answered {
                          ASTRO_TRY(const auto body, read_json<LimitNumbers>(call.request().body));
                          ASTRO_CHECK(parts.service.limits.put(call.caller().user, body));
                          return json_of(body);
                      }});
}

}  // namespace astro::identity

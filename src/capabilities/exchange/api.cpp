#include "capabilities/exchange/api.hpp"

#include <algorithm>

#include "foundation/base/read_json.hpp"

namespace astro::exchange {

struct MarketList {
    std::vector<MarketSettings> markets;
};
BOOST_DESCRIBE_STRUCT(MarketList, (), (markets))

namespace {

using gateway::Call;
using Answered = Result<net::Response>;

const std::string kPrefix = "/api/v1/exchange";

/// A market is stopped, started and ended by two.
Result<void> check_state(const MarketBook& markets, const MarketSettings& wish) {
    const auto known = markets.all();
    const auto now = std::ranges::find(*known, wish.symbol, &MarketSettings::symbol);
    if (now == known->end() || is_for_one(now->state, wish.state)) return {};
    return forbidden("needs_two_operators",
                     "goes from " + std::string(enum_name(now->state)) + " to " +
                         std::string(enum_name(wish.state)) +
                         " when one operator asks and another confirms: POST "
                         "/api/v1/exchange/operate/state-requests",
                     "state");
}

Answered put_market(MarketBook& markets, std::int64_t halt_persons, const Call& call) {
    ASTRO_TRY(auto market, read_json<MarketSettings>(call.request().body));
    if (market.symbol != *call.text("market"))
        return refusal("bad_market", "the address names another market", "symbol");
    if (halt_persons > 1) ASTRO_CHECK(check_state(markets, market));
    ASTRO_TRY(const auto changed, markets.put(call.caller().user, std::move(market)));
    return net::json_response(to_json(changed));
}

}  // namespace

std::vector<gateway::Route> exchange_routes(MarketBook& markets, std::int64_t halt_persons) {
    std::vector<gateway::Route> out;
    out.push_back({.path = kPrefix + "/markets",
                   .summary = "All markets and their settings",
                   .answers = {{.summary = "By symbol", .document = json_document<MarketList>()}},
                   .permission = std::string(gateway::kPublicPermission),
                   .blocking = false,
                   .tagged = true,
                   .handler = [&markets](const Call&) -> Answered {
                       return net::json_response(to_json(MarketList{*markets.all()}));
                   }});
    out.push_back({.method = "PUT",
                   .path = kPrefix + "/markets/{market}",
                   .summary = "Changes a market, or lists a new one; `version` is the one that was "
                              "read, 0 for a new market",
                   .parameters = {{.name = "market",
                                   .summary = "Symbol of the market",
                                   .length_max = 32,
                                   .example = "SOL-PERP"}},
                   .body = json_document(default_markets().front()),
                   .answers = {{.summary = "The settings in force",
                                .document = json_document<MarketSettings>()}},
                   .refusals = {403, 404, 409},
                   .permission = "exchange.operate",
                   .limit_class = gateway::RouteClass::write,
                   .handler = [&markets, halt_persons](const Call& call) {
                       return put_market(markets, halt_persons, call);
                   }});
    return out;
}

}  // namespace astro::exchange

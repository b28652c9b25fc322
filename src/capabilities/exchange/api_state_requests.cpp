#include "capabilities/exchange/api.hpp"
#include "foundation/base/read_json.hpp"

namespace astro::exchange {

struct StateRequestList {
    std::vector<StateRequest> items;
};
BOOST_DESCRIBE_STRUCT(StateRequestList, (), (items))

namespace {

using gateway::Call;
using gateway::Route;
using Answered = Result<net::Response>;

const std::string kRequests = "/api/v1/exchange/operate/state-requests";

gateway::Parameter request_parameter() {
    return {.name = "request",
            .type = gateway::ParameterType::integer,
            .summary = "Number of a request",
            .minimum = 1,
            .example = "1"};
}

Route operate(std::string method, std::string path, std::string summary, JsonDocument answer,
              std::function<Answered(const Call&)> handler) {
    return {.method = std::move(method),
            .path = kRequests + std::move(path),
            .summary = std::move(summary),
            .answers = {{.document = std::move(answer)}},
            .refusals = {403, 404, 409},
            .permission = "exchange.operate",
            .handler = std::move(handler)};
}

}  // namespace

std::vector<Route> state_request_routes(StateRequests& requests) {
    std::vector<Route> out;
    out.push_back(operate("GET", "", "Requests to stop or start markets, newest first",
                          json_document<StateRequestList>(), [&requests](const Call&) -> Answered {
                              ASTRO_TRY(auto items, requests.list());
                              return net::json_response(
                                  to_json(StateRequestList{std::move(items)}));
                          }));
    out.push_back(operate(
        "POST", "",
        "Asks for a market, or with * all that trade, to be halted, reduce-only or open; another "
        "operator confirms it within a quarter of an hour",
        json_document<StateRequest>(), [&requests](const Call& call) -> Answered {
            ASTRO_TRY(const auto wish, read_json<StateWish>(call.request().body));
            ASTRO_TRY(const auto asked, requests.ask(call.caller().user, wish));
            return net::json_response(to_json(asked), 201);
        }));
    out.back().body =
        json_document(StateWish{"SOL-PERP", MarketState::halted, "the oracle is in doubt"});
    out.back().answers.front().status = 201;
    out.back().limit_class = gateway::RouteClass::write;
    out.push_back(operate(
        "POST", "/{request}/confirm", "Confirms what somebody else has asked for, and does it",
        json_document<StateRequest>(), [&requests](const Call& call) -> Answered {
            ASTRO_TRY(const auto done,
                      requests.confirm(call.caller().user, *call.integer("request")));
            return net::json_response(to_json(done));
        }));
    out.back().parameters = {request_parameter()};
    out.back().limit_class = gateway::RouteClass::write;
    out.push_back(operate("DELETE", "/{request}", "Takes a request back",
                          json_document<StateRequest>(), [&requests](const Call& call) -> Answered {
                              ASTRO_TRY(
                                  const auto done,
                                  requests.withdraw(call.caller().user, *call.integer("request")));
                              return net::json_response(to_json(done));
                          }));
    out.back().parameters = {request_parameter()};
    out.back().limit_class = gateway::RouteClass::write;
    return out;
}

}  // namespace astro::exchange

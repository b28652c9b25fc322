#include "server/dialects/binance/around.hpp"

#include <algorithm>

namespace astro::binance {
namespace {

JsonDocument fault_document() {
    return json_document(FaultAnswer{-1121, "Invalid symbol."});
}

std::shared_ptr<const gateway::Dialect> dialect_at(std::string prefix) {
    return std::make_shared<const gateway::Dialect>(gateway::Dialect{
        std::move(prefix),
        [](const Error& error, const net::Request& request) { return answer_of(error, request); },
        fault_document()});
}

/// One a prefix, so that paths that lead nowhere are refused in its words too.
std::shared_ptr<const gateway::Dialect> dialect_of(std::string_view path) {
    static const auto kFutures = dialect_at("/fapi/"), kWallet = dialect_at("/sapi/");
    return path.starts_with("/sapi/") ? kWallet : kFutures;
}

Route route_of(std::string method, std::string path, std::string summary, JsonDocument answer) {
    Route out{.method = std::move(method),
              .path = std::move(path),
              .summary = std::move(summary),
              .answers = {{.document = std::move(answer)}}};
    out.dialect = dialect_of(out.path);
    return out;
}

}  // namespace

std::string symbol_of(const MarketSettings& market) {
    return market.base_asset + market.quote_asset;
}

std::vector<Listed> all_listed(const Around& around) {
    std::vector<Listed> out;
    for (auto& name : around.tape.symbols()) {
        const auto id = around.desk.directory.market(name);
        if (!id) continue;
        auto settings = around.desk.directory.settings(*id);
        auto symbol = symbol_of(*settings);
        out.push_back({*id, std::move(name), std::move(symbol), std::move(settings)});
    }
    return out;
}

Result<Listed> find_listed(const Around& around, std::string_view symbol) {
    for (auto& listed : all_listed(around))
        if (listed.symbol == symbol) return std::move(listed);
    return refusal(fault::kBadSymbol, "Invalid symbol.", "symbol");
}

Result<Listed> listed_of(const Around& around, const Form& form) {
    ASTRO_TRY(const auto symbol, form.needed("symbol"));
    return find_listed(around, symbol);
}

Result<std::vector<Listed>> listed_or_all(const Around& around, const Form& form) {
    const auto symbol = form.text("symbol");
    if (!symbol) return all_listed(around);
    ASTRO_TRY(auto listed, find_listed(around, *symbol));
    return std::vector{std::move(listed)};
}

std::string symbol_of(const Around& around, MarketId market) {
    return symbol_of(*around.desk.directory.settings(market));
}

Route public_route(const Around& around, std::string path, std::string summary,
                   std::vector<gateway::Parameter> parameters, JsonDocument answer, Read read) {
    Route out = route_of("GET", std::move(path), std::move(summary), std::move(answer));
    out.parameters = std::move(parameters);
    out.handler = [around, known = out.parameters,
                   read = std::move(read)](const Call& call) -> Answered {
        ASTRO_TRY(const Form form, Form::read(call.request(), known));
        return read(around, form, call);
    };
    return out;
}

Route own_route(const Around& around, std::string path, std::string summary,
                std::vector<gateway::Parameter> parameters, JsonDocument answer, Read read) {
    add_signature_parameters(parameters);
    Route out = public_route(around, std::move(path), std::move(summary), std::move(parameters),
                             std::move(answer), std::move(read));
    out.permission = "exchange.read";
    out.proof = gateway::Proof::binance;
    return out;
}

Route trading_route(const Around& around, std::string method, std::string path, std::string summary,
                    std::vector<gateway::Parameter> parameters, JsonDocument answer, Begin begin) {
    add_signature_parameters(parameters);
    Route out = route_of(std::move(method), std::move(path), std::move(summary), std::move(answer));
    out.parameters = std::move(parameters);
    out.permission = "exchange.trade";
    out.limit_class = gateway::RouteClass::write;
    out.proof = gateway::Proof::binance;
    // Asks the venue whose account it is and what an order was.
    out.blocking = true;
    out.begin = [around, known = out.parameters, begin = std::move(begin)](const CallPtr& call,
                                                                           Route::Done done) {
        const auto begun = [&]() -> Result<void> {
            ASTRO_TRY(const Form form, Form::read(call->request(), known));
            return begin(around, form, call, done);
        }();
        if (!begun) done(Unexpected{begun.error()});
    };
    return out;
}

Result<AccountId> account_of(const Around& around, const Call& call) {
    return exchange::own_account(around.desk, call, std::nullopt);
}

void carry_out(const Around& around, exchange::CommandBody body, Deed deed, Route::Done done,
               std::function<Answered(const exchange::Outcome&)> render) {
    const auto taken = exchange::hand_in(
        around.desk, {{}, std::move(body)},
        [deed, done, render = std::move(render)](const Result<exchange::Outcome>& outcome) {
            if (!outcome) return done(Unexpected{outcome.error()});
            const auto& events = *outcome->events;
            if (const auto* refused =
                    events.empty() ? nullptr : std::get_if<exchange::Refused>(&events.front()))
                return done(answer_of(refused->refusal, deed));
            done(render(*outcome));
        });
    if (!taken) done(Unexpected{taken.error()});
}

}  // namespace astro::binance

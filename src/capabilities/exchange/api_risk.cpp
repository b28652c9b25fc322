#include "capabilities/exchange/api_risk.hpp"

#include "capabilities/exchange/risk_view.hpp"
#include "capabilities/exchange/venue_copy.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

namespace astro::exchange {

struct RiskyAccounts {
    std::uint64_t seq = 0;
    std::vector<RiskyAccount> accounts;
};
BOOST_DESCRIBE_STRUCT(RiskyAccounts, (), (seq, accounts))
struct DeleverageQueue {
    std::uint64_t seq = 0;
    std::string market;
    bool longs = true;
    std::vector<QueuedPosition> positions;
};
BOOST_DESCRIBE_STRUCT(DeleverageQueue, (), (seq, market, longs, positions))

namespace {

using gateway::Call;
using gateway::Route;
using Copies = std::shared_ptr<VenueCopies>;

/// One copy serves all who look at the whole venue within this time.
constexpr DurationNs kCopyAgeMax = seconds(2);
constexpr std::int64_t kAccountWeight = 5, kVenueWeight = 20;
constexpr std::size_t kQueueMax = 100;

/// What is asked of one account, taken between two groups of commands and looked at after.
struct AccountMoment {
    AccountId id{};
    std::uint64_t seq = 0;
    std::int64_t time_ms = 0;
    Account account;
    std::unique_ptr<ShockedVenue> prices;
};

Result<AccountMoment> take_own(Desk& desk, const Call& call) {
    AccountMoment out;
    ASTRO_TRY(out.id, own_account(desk, call, call.integer("account")));
    desk.service.read([&](const Venue& venue) {
        out.seq = desk.service.applied().value();
        out.time_ms = venue.now().value();
        out.account = venue.accounts()[out.id.value()];
        out.prices = std::make_unique<ShockedVenue>(venue);
    });
    return out;
}

Answered own_risk(Desk& desk, const Call& call) {
    ASTRO_TRY(const auto moment, take_own(desk, call));
    AccountRisk out = account_risk(*moment.prices, moment.id, moment.account);
    out.seq = moment.seq;
    out.time_ms = moment.time_ms;
    return net::json_response(to_json(out));
}

Answered own_stress(Desk& desk, const Call& call) {
    ASTRO_TRY(const auto scenario, read_json<StressScenario>(call.request().body));
    ASTRO_TRY(const auto moment, take_own(desk, call));
    ASTRO_TRY(AccountStress out,
              account_stress(*moment.prices, moment.id, moment.account, scenario));
    out.seq = moment.seq;
    return net::json_response(to_json(out));
}

Answered whole_risk(const Copies& copies) {
    ASTRO_TRY(const auto copy, copies->get(kCopyAgeMax));
    VenueRisk out = venue_risk(*copy->venue);
    out.seq = copy->sequence.value();
    return net::json_response(to_json(out));
}

Answered whole_stress(const Copies& copies, const Call& call) {
    ASTRO_TRY(const auto wish, read_json<VenueStressWish>(call.request().body));
    ASTRO_TRY(const auto copy, copies->get(kCopyAgeMax));
    ASTRO_TRY(VenueStress out, venue_stress(*copy->venue, copy->state, wish));
    out.seq = copy->sequence.value();
    return net::json_response(to_json(out));
}

Answered accounts(const Copies& copies, const Call& call) {
    ASTRO_TRY(const auto copy, copies->get(kCopyAgeMax));
    const auto limit = static_cast<std::size_t>(call.integer("limit").value_or(50));
    return net::json_response(
        to_json(RiskyAccounts{copy->sequence.value(), risky_accounts(*copy->venue, limit)}));
}

Answered queue(Desk& desk, const Copies& copies, const Call& call) {
    ASTRO_TRY(const MarketId market, market_of(desk, call.text("market").value_or("SOL-PERP")));
    ASTRO_TRY(const auto copy, copies->get(kCopyAgeMax));
    const bool longs = call.text("side").value_or("long") == "long";
    const Venue& venue = *copy->venue;
    if (market.value() >= venue.markets().size())
        return not_found("market_unknown", "it was listed a moment ago; ask again", "market");
    DeleverageQueue out{copy->sequence.value(), venue.markets()[market.value()].settings.symbol,
                        longs,
                        deleverage_queue(venue.margin_context(), venue.accounts(), market, longs)};
    if (out.positions.size() > kQueueMax) out.positions.resize(kQueueMax);
    return net::json_response(to_json(out));
}

/// A reading of the venue that takes a scenario.
Route scenario_route(std::string path, std::string summary, JsonDocument body, JsonDocument answer,
                     std::function<Answered(const Call&)> handler) {
    Route out =
        reading_route(std::move(path), std::move(summary), std::move(answer), std::move(handler));
    out.method = "POST";
    out.body = std::move(body);
    return out;
}

StressScenario example() {
    StressScenario out;
    out.changes_ppm = {{"SOL-PERP", -300'000}};
    return out;
}

void add_own(Desk& desk, std::vector<Route>& out) {
    out.push_back(reading_route("/risk",
                                "An account's exposure, what it would be at other prices and in "
                                "recorded crashes, its value at risk and expected shortfall",
                                json_document<AccountRisk>(), read_by(desk, own_risk)));
    out.back().parameters = {account_parameter("Number of an account; the caller's first")};
    out.back().weight = kAccountWeight;
    out.push_back(scenario_route("/risk/stress", "What an account would be under a scenario",
                                 json_document(example()), json_document<AccountStress>(),
                                 read_by(desk, own_stress)));
    out.back().parameters = {account_parameter("Number of an account; the caller's first")};
    out.back().weight = kAccountWeight;
}

void add_venue(Desk& desk, std::vector<Route>& out) {
    const auto copies = std::make_shared<VenueCopies>(desk.service, desk.clock);
    const auto add = [&](Route route) -> Route& {
        route.weight = kVenueWeight;
        return out.emplace_back(operating(std::move(route)));
    };
    add(reading_route("/risk/venue",
                      "The whole venue: concentration, exposure, pools, and who would be "
                      "liquidated at other prices and in recorded crashes",
                      json_document<VenueRisk>(),
                      [copies](const Call&) { return whole_risk(copies); }));
    add(scenario_route("/risk/venue/stress",
                       "The whole venue under a scenario; with `run` what the engine would do",
                       json_document(VenueStressWish{example(), true, BookAssumption::empty}),
                       json_document<VenueStress>(),
                       [copies](const Call& call) { return whole_stress(copies, call); }));
    add(reading_route("/risk/venue/accounts",
                      "Accounts with positions or debts, the nearest to liquidation first",
                      json_document<RiskyAccounts>(),
                      [copies](const Call& call) { return accounts(copies, call); }))
        .parameters = {{.name = "limit",
                        .type = gateway::ParameterType::integer,
                        .summary = "Accounts at most; 50",
                        .minimum = 1,
                        .maximum = 1'000,
                        .example = "50"}};
    add(reading_route("/risk/venue/adl-queue",
                      "Positions in the order in which they close bankrupt ones of the other side",
                      json_document<DeleverageQueue>(),
                      [copies, &desk](const Call& call) { return queue(desk, copies, call); }))
        .parameters = {market_parameter(),
                       {.name = "side",
                        .summary = "Whose: long, unless said otherwise",
                        .choices = {"long", "short"},
                        .example = "long"}};
}

}  // namespace

std::vector<Route> risk_routes(Desk& desk) {
    std::vector<Route> out;
    add_own(desk, out);
    add_venue(desk, out);
    return out;
}

}  // namespace astro::exchange

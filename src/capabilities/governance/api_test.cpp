#include "capabilities/governance/api.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <future>

#include "capabilities/exchange/service_test_support.hpp"
#include "foundation/base/json.hpp"

/// The routes over a venue on real files.
namespace astro::governance {
namespace {

namespace json = boost::json;
using exchange::AccountId;
using exchange::AssetId;

const std::string kPrefix = "/api/v1/governance";

struct GovernanceApiTest : testing::Test {
    GovernanceApiTest() {
        service->read([this](const exchange::Venue& venue) { directory.load(venue); });
        bus->declare(std::string(kProposalStream), 16, 0);
        Settings rules{.quorum_ppm = 400'000,
                       .threshold_ppm = 300'000,
                       .voting_ms = 10'000,
                       .timelock_ms = 5'000,
                       .expiry_ms = 20'000,
                       .cooldown_ms = 60'000,
                       .deposit = Power{10'000'000},
                       .proposer_power_min = Power{100'000'000}};
        for (std::uint8_t n = 0; n < 3; ++n) {
            exchange::test::run(*service, exchange::test::account_of(n + 1));
            exchange::test::run(
                *service,
                exchange::Deposit{AccountId{n}, astro, exchange::Amount{600'000'000}, {}});
            rules.guardians.push_back(person(n + 1));
        }
        exchange::test::run(*service, exchange::SetGovernance{rules});
    }
    static PersonId person(std::uint8_t n) { return {exchange::test::account_of(n).owner.bytes}; }
    static gateway::Caller user(std::uint8_t n) {
        gateway::Caller out;
        out.user = to_text(person(n));
        return out;
    }

    Result<net::Response> call(const std::string& method, const std::string& path,
                               net::Request request, const gateway::Caller& caller = {}) {
        const auto route = std::ranges::find_if(
            routes, [&](const auto& r) { return r.method == method && r.path == kPrefix + path; });
        EXPECT_NE(route, routes.end()) << path;
        request.method = method;
        if (route->handler) return route->handler(gateway::Call(request, caller));
        std::promise<Result<net::Response>> promise;
        auto future = promise.get_future();
        route->begin(std::make_shared<const gateway::Call>(request, caller),
                     [&](Result<net::Response> r) { promise.set_value(std::move(r)); });
        return future.get();
    }
    static json::object parsed(const Result<net::Response>& answer) {
        EXPECT_TRUE(answer) << answer.error().text();
        return answer ? json::parse(answer->body).as_object() : json::object{};
    }
    /// Of a problem document, or of what becomes one.
    static std::string member(const Result<net::Response>& answer, std::string_view name,
                              std::string_view of_error) {
        if (!answer) return std::string(of_error);
        if (answer->status < 400) return "ok";
        return std::string(json::parse(answer->body).at(name).as_string());
    }
    static std::string code(const Result<net::Response>& answer) {
        return member(answer, "code", answer ? "" : answer.error().code);
    }
    static std::string text(const Result<net::Response>& answer) {
        return member(answer, "detail", answer ? "" : answer.error().message);
    }
    Result<net::Response> post(const std::string& path, const json::object& body,
                               const gateway::Caller& caller, std::string_view proposal = "1") {
        net::Request request;
        request.body = json::serialize(body);
        request.path_params = {{"proposal", std::string(proposal)}};
        return call("POST", path, std::move(request), caller);
    }
    json::object get(const std::string& path,
                     std::vector<std::pair<std::string, std::string>> query = {}) {
        net::Request request;
        request.query = query;
        request.path_params = {{"proposal", "1"}};
        return parsed(call("GET", path, std::move(request)));
    }

    json::object dearer(std::int64_t taker_fee_ppm = 700) {
        exchange::MarketSettings market;
        service->read([&](const exchange::Venue& venue) { market = venue.markets()[0].settings; });
        market.taker_fee_ppm = taker_fee_ppm;
        return {{"account", 0},
                {"title", "Dearer"},
                {"text", "It costs us more."},
                {"action", {{"market", json::parse(to_json(market))}}}};
    }
    void stake_all() {
        EXPECT_EQ(code(post("/stakes", {{"account", 0}, {"amount", "500"}}, user(1))), "ok");
        EXPECT_EQ(code(post("/stakes", {{"account", 1}, {"amount", "300.5"}}, user(2))), "ok");
    }
    void pass(std::int64_t ms) {
        site.clock.advance(milliseconds(ms));
        exchange::test::run(*service, exchange::Tick{});
    }

    const AssetId astro{5};
    exchange::test::Site site;
    std::unique_ptr<Bus> bus = make_bus();
    std::unique_ptr<exchange::Listener> publisher = make_publisher(*bus);
    exchange::Directory directory;
    std::unique_ptr<exchange::Service> service = site.open({&directory, publisher.get()});
    std::unique_ptr<store::Store> store =
        store::open_sqlite({.path = site.directory.path() + "/rows.db"}).value();
    exchange::Faucet faucet{*store, directory, true};
    std::vector<exchange::VenueChange> changes;  ///< that the audit has
    exchange::Audit audit = [this](const exchange::VenueChange& change) -> Result<void> {
        changes.push_back(change);
        return {};
    };
    exchange::WorkQueue answers;
    exchange::Desk desk{.service = *service,
                        .directory = directory,
                        .store = *store,
                        .clock = site.clock,
                        .answers = answers,
                        .faucet = faucet,
                        .audit = audit};
    std::vector<gateway::Route> routes = governance_routes(desk);
};

TEST_F(GovernanceApiTest, AProposalFromItsBeginToItsExecution) {
    stake_all();
    const auto made = post("/proposals", dearer(), user(1));
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(made->status, 201);
    const auto proposal = parsed(made);
    EXPECT_EQ(proposal.at("state"), "voting");
    EXPECT_EQ(proposal.at("subject"), "market SOL-PERP");
    ASSERT_EQ(proposal.at("changes").as_array().size(), 1U);
    const auto& change = proposal.at("changes").as_array()[0].as_object();
    EXPECT_EQ(change.at("setting"), "taker_fee_ppm");
    EXPECT_EQ(change.at("to"), "700");

    const auto voted =
        parsed(post("/votes", {{"account", 0}, {"proposal", 1}, {"choice", "in_favour"}}, user(1)));
    EXPECT_EQ(voted.at("tally").as_object().at("in_favour"), "500");
    EXPECT_EQ(voted.at("verdict"), "accepted");
    const auto& quorum = voted.at("conditions").as_array()[0].as_object();
    EXPECT_EQ(quorum.at("sentence"), "500 of 800.5 ASTRO have voted, it takes 320.2");
    EXPECT_EQ(quorum.at("is_met"), true);
    const auto votes = get("/votes", {{"proposal", "1"}});
    EXPECT_EQ(votes.at("votes").as_array().size(), 1U);
    EXPECT_EQ(votes.at("votes").as_array()[0].as_object().at("power"), "500");

    EXPECT_EQ(code(post("/proposals/{proposal}/execute", {{"account", 2}}, user(3))),
              "not_accepted");
    pass(10'000);
    EXPECT_EQ(
        code(post("/votes", {{"account", 1}, {"proposal", 1}, {"choice", "against"}}, user(2))),
        "voting_over");
    EXPECT_EQ(code(post("/proposals/{proposal}/execute", {{"account", 2}}, user(3))),
              "timelock_running");
    pass(5'000);
    const auto done = parsed(post("/proposals/{proposal}/execute", {{"account", 2}}, user(3)));
    EXPECT_EQ(done.at("state"), "executed");
    service->read([](const exchange::Venue& venue) {
        EXPECT_EQ(venue.markets()[0].settings.taker_fee_ppm, 700);
    });
    EXPECT_EQ(get("/proposals", {{"state", "executed"}}).at("proposals").as_array().size(), 1U);
    EXPECT_EQ(get("/proposals", {{"state", "voting"}}).at("proposals").as_array().size(), 0U);

    // Each step was told on the channel, the last with all that led to it.
    const auto events = bus->newest(kProposalStream, 16);
    std::string states;
    for (const auto& event : events)
        states += std::string(json::parse(event->payload).at("state").as_string()) + " ";
    EXPECT_EQ(states, "voting voting timelock ready executed ");
}

TEST_F(GovernanceApiTest, GuardiansStopAProposal) {
    stake_all();
    EXPECT_EQ(code(post("/proposals", dearer(), user(1))), "ok");
    (void)post("/votes", {{"account", 0}, {"proposal", 1}, {"choice", "in_favour"}}, user(1));
    EXPECT_EQ(code(post("/proposals/{proposal}/veto", {{"account", 1}}, user(2))),
              "not_in_timelock");
    pass(10'000);
    EXPECT_EQ(parsed(post("/proposals/{proposal}/veto", {{"account", 1}}, user(2))).at("vetoes"),
              1);
    EXPECT_EQ(code(post("/proposals/{proposal}/veto", {{"account", 1}}, user(2))),
              "already_vetoed");
    EXPECT_EQ(parsed(post("/proposals/{proposal}/veto", {{"account", 2}}, user(3))).at("state"),
              "vetoed");
    EXPECT_EQ(code(post("/proposals/{proposal}/cancel", {{"account", 0}}, user(1))),
              "proposal_over");
}

TEST_F(GovernanceApiTest, StakesAndPowerAreShownAndMoved) {
    stake_all();
    const auto taken =
        parsed(post("/stakes/withdrawals", {{"account", 0}, {"amount", "100"}}, user(1)));
    EXPECT_EQ(taken.at("stake"), "400");
    ASSERT_EQ(taken.at("cooling").as_array().size(), 1U);
    EXPECT_EQ(taken.at("cooling").as_array()[0].as_object().at("amount"), "100");
    EXPECT_EQ(code(post("/stakes/delegations", {{"account", 0}, {"to", 1}}, user(1))), "ok");
    const auto other = get("/stakes", {{"account", "1"}});
    EXPECT_EQ(other.at("stake"), "300.5");
    EXPECT_EQ(other.at("power"), "700.5");
    EXPECT_EQ(get("/stakes", {{"account", "2"}}).at("power"), "0");
    const auto parameters = get("/parameters");
    EXPECT_EQ(parameters.at("staked"), "700.5");
    EXPECT_EQ(parameters.at("rules").as_object().at("deposit"), "10");
}

TEST_F(GovernanceApiTest, NobodyActsForAnAccountOfAnother) {
    stake_all();
    EXPECT_EQ(code(post("/stakes", {{"account", 0}, {"amount", "1"}}, user(2))), "account_unknown");
    EXPECT_EQ(code(post("/stakes", {{"account", 99}, {"amount", "1"}}, user(2))),
              "account_unknown");
    EXPECT_EQ(code(post("/proposals", dearer(), user(2))), "account_unknown");
    EXPECT_EQ(code(post("/proposals", dearer(), {})), "account_unknown");
}

TEST_F(GovernanceApiTest, WhatIsRefusedSaysItsNumbers) {
    stake_all();
    EXPECT_EQ(text(post("/stakes", {{"account", 0}, {"amount", "100.5"}}, user(1))),
              "needs 100.50 ASTRO, there are 100.00");
    const auto numbers =
        json::parse(post("/stakes", {{"account", 0}, {"amount", "100.5"}}, user(1))->body);
    EXPECT_EQ(numbers.at("needed"), "100.5");
    EXPECT_EQ(numbers.at("available"), "100");
    EXPECT_EQ(text(post("/stakes/withdrawals", {{"account", 0}, {"amount", "501"}}, user(1))),
              "needs 501.00 ASTRO, 500.00 are staked");
    auto poor = dearer();
    poor["account"] = 2;
    EXPECT_EQ(text(post("/proposals", poor, user(3))),
              "proposing takes a power of 100.00 ASTRO, the account has 0.00");
    auto bad = dearer(10'000'000);
    EXPECT_EQ(code(post("/proposals", bad, user(1))), "bad_market");
    bad["action"] = json::object();
    EXPECT_EQ(text(post("/proposals", bad, user(1))),
              "action has exactly one member, not 0 of them");
    auto untitled = dearer();
    untitled["title"] = "";
    EXPECT_EQ(text(post("/proposals", untitled, user(1))), "title has 1 to 120 bytes");
    net::Request unknown;
    unknown.path_params = {{"proposal", "7"}};
    EXPECT_EQ(code(call("GET", "/proposals/{proposal}", unknown)), "proposal_unknown");
}

TEST_F(GovernanceApiTest, TheOperatorSetsTheRulesUntilTheyBind) {
    Settings rules;
    service->read([&](const exchange::Venue& venue) { rules = venue.governance().settings(); });
    const auto put = [&] {
        net::Request request;
        request.body = to_json(rules);
        return call("PUT", "/parameters", std::move(request), user(1));
    };
    rules.quorum_ppm = 0;
    EXPECT_EQ(code(put()), "bad_governance");
    rules.quorum_ppm = 1;
    rules.binds = true;
    EXPECT_EQ(parsed(put()).at("rules").as_object().at("binds"), true);
    ASSERT_EQ(changes.size(), 1U) << "what cannot be is not noted";
    EXPECT_EQ(changes[0].action, "governance.parameters_changed");
    EXPECT_EQ(changes[0].actor, user(1).user);
    EXPECT_EQ(changes[0].detail.at("binds"), "false -> true");
    EXPECT_EQ(changes[0].detail.at("quorum_ppm"), "400000 -> 1");
    EXPECT_EQ(code(put()), "governed");
}

TEST_F(GovernanceApiTest, ARepeatedKeyIsDoneOnce) {
    net::Request bad;
    bad.body = R"({"account":0,"amount":"200"})";
    bad.headers.set("Idempotency-Key", std::string(65, 'k'));
    EXPECT_EQ(code(call("POST", "/stakes", bad, user(1))), "bad_idempotency_key");
    for (int i = 0; i < 2; ++i) {
        net::Request request;
        request.body = R"({"account":0,"amount":"200"})";
        request.headers.set("Idempotency-Key", "one");
        EXPECT_EQ(parsed(call("POST", "/stakes", request, user(1))).at("stake"), "200");
    }
}

}  // namespace
}  // namespace astro::governance

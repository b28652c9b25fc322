#include <gtest/gtest.h>

#include "capabilities/exchange/api.hpp"
#include "capabilities/exchange/trading_test_support.hpp"
#include "capabilities/governance/api.hpp"
#include "foundation/base/json.hpp"

/// All that the venue's engine can do is offered by a route, the exchange's or governance's: each
/// kind of command is brought about by a request and done.
namespace astro::governance {
namespace {

using exchange::CommandBody;
using exchange::MarketBook;
using exchange::VenueChange;
using exchange::test::Reply;
namespace bj = boost::json;

/// Commands that no route makes, and why.
const std::map<std::string, std::string> kInternal{
    {"Tick", "time passes by itself: the service journals it when something is due"}};

template <class T>
std::string name_of() {
    const std::string full = astro::detail::demangle(typeid(T).name());
    return full.substr(full.rfind(':') + 1);
}

/// Before the service that tells it.
struct WithBook {
    std::vector<VenueChange> noted;
    MarketBook book{[this](const VenueChange& change) -> Result<void> {
        noted.push_back(change);
        return {};
    }};
};

struct CommandRoutes : WithBook, exchange::test::TradingTest {
    CommandRoutes() : TradingTest({&book}) {
        bus->declare(std::string(kProposalStream), 16, 0);
        book.attach(*service);
        for (auto& route : exchange::exchange_routes(book)) routes.push_back(std::move(route));
        for (auto& route : governance_routes(trading->desk())) routes.push_back(std::move(route));
        commands.done.clear();
    }
    /// A request that has to be done.
    Reply must(int who, const std::string& method, const std::string& target,
               const std::string& body = {}) {
        auto reply = ask(who, method, target, body);
        EXPECT_LT(reply.status, 300) << method << " " << target << bj::serialize(reply.body);
        return reply;
    }
    Reply vote(int who, const std::string& method, const std::string& target,
               const std::string& body) {
        return must(who, method, "/api/v1/governance" + target, body);
    }
    /// Settings as they are answered, with other members.
    std::string with(const std::string& target, const bj::object& members) {
        auto all = must(9, "GET", target).body.as_object();
        if (all.contains("settings")) all = bj::object(all.at("settings").as_object());
        for (const auto& [name, value] : members) all[name] = value;
        return bj::serialize(all);
    }
    bj::object market(const bj::object& members = {}) {
        exchange::MarketSettings settings;
        service->read([&](const exchange::Venue& v) { settings = v.markets()[0].settings; });
        auto all = bj::parse(to_json(settings)).as_object();
        for (const auto& [name, value] : members) all[name] = value;
        return all;
    }
    void put_market(const bj::object& members) {
        must(9, "PUT", "/markets/SOL-PERP", bj::serialize(market(members)));
    }
    void pass(std::int64_t ms) {
        site.clock.advance(milliseconds(ms));
        exchange::test::run(*service, exchange::Tick{});
    }

    void trade();
    void move_money();
    void end_market();
    void govern();
};

void CommandRoutes::trade() {
    account(1);
    account(2);
    must(1, "PUT", "/accounts/0/leverage", R"({"market":"SOL-PERP","initial_margin_bps":5000})");
    must(1, "PUT", "/accounts/0/dead-man", R"({"after_ms":600000})");
    const auto id = must(1, "POST", "/orders", limit("buy", "1", "99")).text("order_id");
    must(1, "PATCH", "/orders/" + id, R"({"size":"0.5"})");
    must(1, "DELETE", "/orders/" + id);
    must(1, "POST", "/orders", limit("buy", "1", "99", R"(,"client_id":"a")"));
    must(1, "DELETE", "/orders/by-client-id/a");
    must(
        1, "POST", "/orders",
        R"({"market":"SOL-PERP","side":"sell","size":"1","trigger":{"kind":"stop","price":"90"}})");
    must(1, "POST", "/orders",
         limit("buy", "1", "98", R"(,"oco":{"trigger":{"kind":"stop","price":"105"}})"));
    must(1, "POST", "/orders",
         limit("buy", "1", "97", R"(,"stop_loss":{"kind":"stop","price":"90"})"));
    must(1, "POST", "/orders", limit("buy", "1", "96", R"(,"peg":{"offset":"-5"})"));
    must(1, "DELETE", "/orders");
    must(1, "POST", "/orders/batch", R"({"items":[{"place":)" + limit("buy", "1", "95") + "}]}");
    put_market({{"auction_ms", 1'000}});
    const auto offered = must(1, "POST", "/orders", limit("buy", "1", "101", R"(,"auction":{})"));
    must(2, "POST", "/auctions/" + offered.text("order_id") + "/fill", R"({"size":"1"})");
    must(1, "POST", "/accounts/0/settle");
    must(1, "PUT", "/accounts/0/referrer", R"({"referrer":1})");
    must(1, "PUT", "/accounts/0/builders/1", R"({"fee_max_ppm":10})");
    must(1, "PUT", "/accounts/0/backstop", R"({"notional_max":"1000"})");
}

void CommandRoutes::move_money() {
    account(1, "");
    index("SOL-PERP", "100");
    must(1, "POST", "/transfers", R"({"from":0,"to":2,"asset":"USDC","amount":"10"})");
    must(1, "POST", "/withdrawals", R"({"asset":"USDC","amount":"1"})");
    must(1, "POST", "/accounts/0/settle-interest");
    must(9, "PUT", "/operate/asset-prices", R"({"asset":"SOL","price":"100"})");
    must(9, "PUT", "/operate/assets/SOL",
         bj::serialize(must(9, "GET", "/assets").body.at("assets").at(1).at("settings")));
    must(9, "PUT", "/operate/settings",
         with("/settings", {{"revenue_period_s", 60},
                            {"revenue_treasury_ppm", 1'000'000},
                            {"insurance_cooldown_ms", 1'000},
                            {"withdrawal_approval_value", "5"}}));
    const auto request = [&](const std::string& amount) {
        return must(1, "POST", "/withdrawals",
                    R"({"asset":"USDC","chain":"stellar","address":"GA","amount":")" + amount +
                        "\"}")
            .text("id");
    };
    must(1, "DELETE", "/withdrawals/" + request("1"));
    const std::string large = "/operate/withdrawals/" + request("6");
    must(9, "POST", large + "/decide", R"({"approved":true})");
    must(9, "POST", large + "/report", R"({"state":"failed"})");
    must(1, "POST", "/insurance/stakes", R"({"amount":"10"})");
    must(1, "POST", "/insurance/unstakes", R"({"shares":1000000})");
    must(1, "DELETE", "/insurance/unstakes");
    must(1, "POST", "/insurance/unstakes", R"({"shares":1000000})");
    pass(61'000);
    must(1, "POST", "/insurance/unstakes/pay");
    must(9, "POST", "/operate/treasury/payments", R"({"account":0,"amount":"0.01"})");
}

void CommandRoutes::end_market() {
    for (const auto* state : {"halted", "reduce_only", "settling"})
        EXPECT_EQ(
            ask(9, "PUT", "/markets/SOL-PERP", bj::serialize(market({{"state", state}}))).brief(),
            "403 needs_two_operators");
    exchange::MarketSettings halted;
    service->read([&](const exchange::Venue& v) { halted = v.markets()[0].settings; });
    halted.state = exchange::MarketState::halted;
    exchange::test::run(*service, exchange::SetMarket{halted});
    put_market({{"state", "settling"}});
    must(9, "POST", "/operate/markets/SOL-PERP/settle", R"({"price":"100"})");
}

void CommandRoutes::govern() {
    // There is no play money of it: it comes from a chain.
    exchange::AssetId astro;
    service->read([&](const exchange::Venue& v) { astro = *v.governance_asset(); });
    exchange::test::run(
        *service,
        exchange::Deposit{exchange::AccountId{0}, astro, exchange::Amount{1'000'000'000}, {}});
    Settings rules{.quorum_ppm = 1,
                   .threshold_ppm = 1,
                   .voting_ms = 1'000,
                   .timelock_ms = 1'000,
                   .expiry_ms = 60'000,
                   .cooldown_ms = 2'000,
                   .deposit = Power{0},
                   .proposer_power_min = Power{1},
                   .vetoes = 2};
    for (const int who : {1, 2}) {
        PersonId person;
        EXPECT_TRUE(from_text(user(who), person));
        rules.guardians.push_back(person);
    }
    vote(9, "PUT", "/parameters", to_json(rules));
    vote(1, "POST", "/stakes", R"({"account":0,"amount":"500"})");
    vote(1, "POST", "/stakes/withdrawals", R"({"account":0,"amount":"1"})");
    vote(1, "POST", "/stakes/delegations", R"({"account":0,"to":0})");
    const auto propose = [&](std::int64_t fee) {
        const bj::object body{{"account", 0},
                              {"title", "Dearer"},
                              {"text", ""},
                              {"action", {{"market", market({{"taker_fee_ppm", fee}})}}}};
        return std::string(vote(1, "POST", "/proposals", bj::serialize(body)).text("id"));
    };
    const std::string of_one = R"({"account":0})";
    vote(1, "POST", "/proposals/" + propose(601) + "/cancel", of_one);
    const std::string vetoed = propose(602), executed = propose(603);
    for (const auto& id : {vetoed, executed})
        vote(1, "POST", "/votes", R"({"account":0,"choice":"in_favour","proposal":)" + id + "}");
    pass(1'000);
    vote(1, "POST", "/proposals/" + vetoed + "/veto", of_one);
    pass(1'000);
    vote(1, "POST", "/proposals/" + executed + "/execute", of_one);
}

TEST_F(CommandRoutes, EachKindOfCommandHasARouteOrAReasonWhyNot) {
    trade();
    move_money();
    govern();
    end_market();
    std::size_t place = 0;
    boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, CommandBody>>(
        [&]<class T>(boost::mp11::mp_identity<T>) {
            const std::string name = name_of<T>();
            const bool is_internal = kInternal.contains(name);
            EXPECT_TRUE(is_internal || commands.done.contains(place)) << "no request does " << name;
            ++place;
        });
    EXPECT_EQ(place, std::variant_size_v<CommandBody>);
}

}  // namespace
}  // namespace astro::governance

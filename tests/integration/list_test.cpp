#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <set>

#include "integration/program.hpp"

/// A chain is played once; what REST lists of it is held against what the WebSocket sent, and every
/// filter against the list itself.
namespace astro::integration {
namespace {

const std::string kOpportunities = "/api/v1/mev/opportunities";
const std::string kSwaps = "/api/v1/mev/swaps";

using ById = std::map<std::string, json::value>;

class Lists : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        files_ = new TemporaryDirectory;
        write_chain(files_->path("chain"));
        server_ = new Server({"--feed", "replay", "--dir", files_->path("chain"), "--data",
                              files_->path("data"), "--set", "feed.slot_ms=0"});
        server_->wait_until_finished();
    }
    static void TearDownTestSuite() {
        delete server_;
        delete files_;
    }

    /// Every event of the stream, by its seq.
    static std::map<std::int64_t, json::value> events_of(const std::string& channel) {
        std::int64_t last = 0;
        const auto status = server_->get("/api/v1/status");
        for (const auto& stream : status.at("streams").as_array())
            if (text_of(stream, "name") == channel) last = number_of(stream, "last_seq");
        Live live(*server_);
        live.send(R"({"op":"subscribe","id":1,"channel":")" + channel + R"(","resume_from":0})");
        std::map<std::int64_t, json::value> events;
        while (!live.broken() && (events.empty() || events.rbegin()->first < last)) {
            const auto event = live.next_of("event");
            if (event.is_object()) events[number_of(event, "seq")] = event.at("data");
        }
        return events;
    }

    static TemporaryDirectory* files_;
    static Server* server_;
};
TemporaryDirectory* Lists::files_ = nullptr;
Server* Lists::server_ = nullptr;

TEST_F(Lists, HoldEveryKindThatTheChainHas) {
    std::map<std::string, int> kinds;
    for (const auto& finding : server_->list(kOpportunities)) ++kinds[text_of(finding, "kind")];
    EXPECT_GE(kinds["arbitrage"], 8);
    EXPECT_GE(kinds["sandwich"], 10);
    EXPECT_GE(kinds["liquidation"], 4);
}

TEST_F(Lists, FindingsEqualWhatTheWebSocketSent) {
    ById sent;
    std::set<std::string> absorbed;
    for (const auto& [seq, finding] : events_of("mev.opportunity")) {
        sent[text_of(finding, "id")] = finding;
        for (const auto& id : finding.at("merged").as_array())
            absorbed.insert(id.as_string().c_str());
    }
    for (const auto& id : absorbed) sent.erase(id);
    ById listed;
    for (const auto& finding : server_->list(kOpportunities))
        EXPECT_TRUE(listed.emplace(text_of(finding, "id"), finding).second)
            << "twice: " << text_of(finding, "id");
    EXPECT_GT(listed.size(), 20U);
    EXPECT_EQ(listed, sent);
    for (const auto& [id, finding] : listed)
        EXPECT_EQ(server_->get(kOpportunities + "/" + id), finding);
}

TEST_F(Lists, SwapsEqualWhatTheWebSocketSentNewestFirst) {
    json::array sent;
    for (const auto& [seq, swap] : events_of("mev.swap")) sent.insert(sent.begin(), swap);
    EXPECT_GT(sent.size(), 150U);
    EXPECT_EQ(server_->list(kSwaps), sent);
}

TEST_F(Lists, SlotEventsAddUpToTheLists) {
    std::size_t swaps = 0, blocks = 0;
    for (const auto& [seq, slot] : events_of("mev.slot")) {
        swaps += static_cast<std::size_t>(number_of(slot, "swaps"));
        ++blocks;
        EXPECT_EQ(text_of(slot, "label"),
                  text_of(slot, "synthetic").empty() ? "replay" : "synthetic");
    }
    EXPECT_EQ(swaps, server_->list(kSwaps).size());
    EXPECT_EQ(static_cast<std::int64_t>(blocks),
              number_of(server_->get("/api/v1/status").at("feed"), "blocks"));
}

TEST_F(Lists, PagesVisitEachOnceInOrder) {
    const auto whole = server_->list(kOpportunities);
    EXPECT_EQ(server_->list(kOpportunities, 1), whole);
    EXPECT_EQ(server_->list(kOpportunities, 7), whole);
    EXPECT_EQ(server_->list(kOpportunities + "?kind=sandwich", 3),
              server_->list(kOpportunities + "?kind=sandwich"));
    EXPECT_EQ(server_->list(kSwaps, 13), server_->list(kSwaps));
}

// ── filters ─────────────────────────────────────────────────────────────────────────────────────

using Holds = std::function<bool(const json::value&)>;

bool has(const json::value& object, std::string_view list, const std::string& wanted) {
    for (const auto& element : object.at({list.data(), list.size()}).as_array())
        if (element == json::value(wanted)) return true;
    return false;
}
bool leg_has(const json::value& finding, std::string_view member, const std::string& wanted) {
    for (const auto& leg : finding.at("legs").as_array())
        if (text_of(leg, member) == wanted) return true;
    return false;
}
bool is_wallet(const json::value& finding, const std::string& wallet) {
    if (text_of(finding, "actor") == wallet || has(finding, "cluster", wallet)) return true;
    for (const auto& loss : finding.at("losses").as_array())
        if (text_of(loss, "trader") == wallet) return true;
    for (const auto& leg : finding.at("legs").as_array())
        if (leg.at("role") == "victim" && text_of(leg, "trader") == wallet) return true;
    return false;
}
std::optional<std::int64_t> net_of(const json::value& finding) {
    const auto& net = finding.at("net_lamports");
    if (net.is_null()) return std::nullopt;
    return std::stoll(net.as_string().c_str());
}

/// Asks with the filter, and takes from the whole list what should come.
void expect_subset(Server& server, const std::string& list, const std::string& filter,
                   const Holds& holds) {
    json::array wanted;
    const auto whole = server.list(list);
    for (const auto& item : whole)
        if (holds(item)) wanted.push_back(item);
    EXPECT_FALSE(wanted.empty()) << filter << " tests nothing";
    EXPECT_EQ(server.list(list + "?" + filter), wanted) << filter;
}

TEST_F(Lists, FilterByKindStatusAndFlags) {
    const auto expect = [](const std::string& filter, const Holds& holds) {
        expect_subset(*server_, kOpportunities, filter, holds);
    };
    for (const std::string kind : {"arbitrage", "sandwich", "liquidation"})
        expect("kind=" + kind, [&](const json::value& f) { return text_of(f, "kind") == kind; });
    expect("kind=sandwich,liquidation", [](const json::value& f) {
        return text_of(f, "kind") != "arbitrage" && text_of(f, "kind") != "price_gap";
    });
    for (const std::string status : {"realised", "attempted"})
        expect("status=" + status,
               [&](const json::value& f) { return text_of(f, "status") == status; });
    for (const bool yes : {true, false}) {
        const std::string text = yes ? "true" : "false";
        expect("profitable=" + text,
               [&](const json::value& f) { return f.at("profitable") == yes; });
        expect("synthetic=" + text,
               [&](const json::value& f) { return text_of(f, "synthetic").empty() != yes; });
    }
    expect("kind=arbitrage&profitable=true&synthetic=false", [](const json::value& f) {
        return text_of(f, "kind") == "arbitrage" && f.at("profitable") == true &&
               text_of(f, "synthetic").empty();
    });
}

TEST_F(Lists, FilterByNumbersAndTime) {
    const auto whole = server_->list(kOpportunities);
    const auto& middle = whole.at(whole.size() / 2);
    const auto expect = [](const std::string& filter, const Holds& holds) {
        expect_subset(*server_, kOpportunities, filter, holds);
    };
    expect("min_net_lamports=50000",
           [](const json::value& f) { return net_of(f).value_or(INT64_MIN) >= 50'000; });
    expect("min_net_lamports=-1000000",
           [](const json::value& f) { return net_of(f).value_or(INT64_MIN) >= -1'000'000; });
    expect("min_confidence=0.9",
           [](const json::value& f) { return f.at("confidence").to_number<double>() >= 0.9; });
    const auto slot = number_of(middle, "slot");
    expect("slot_from=" + std::to_string(slot),
           [&](const json::value& f) { return number_of(f, "slot") >= slot; });
    expect("slot_to=" + std::to_string(slot),
           [&](const json::value& f) { return number_of(f, "slot") <= slot; });
    const auto time = text_of(middle, "time");
    expect("time_from=" + time, [&](const json::value& f) { return text_of(f, "time") >= time; });
    const auto newest = text_of(whole.front(), "time");
    expect("time_to=" + newest, [&](const json::value& f) { return text_of(f, "time") < newest; });
}

TEST_F(Lists, FilterByWalletPoolMintProtocolAndSignature) {
    const auto expect = [](const std::string& filter, const Holds& holds) {
        expect_subset(*server_, kOpportunities, filter, holds);
    };
    const auto sandwiches = server_->list(kOpportunities + "?kind=sandwich");
    ASSERT_FALSE(sandwiches.empty());
    const auto& one = sandwiches.front();
    const auto& leg = one.at("legs").as_array().front();
    const auto actor = text_of(one, "actor"), pool = text_of(leg, "pool"),
               mint = text_of(leg, "mint_in"), protocol = text_of(leg, "protocol");
    const auto victim = text_of(one.at("losses").as_array().front(), "trader");
    const std::string front = one.at("signatures").as_array().front().as_string().c_str();
    const std::string hit = one.at("victims").as_array().front().as_string().c_str();
    expect("wallet=" + actor, [&](const json::value& f) { return is_wallet(f, actor); });
    expect("wallet=" + victim, [&](const json::value& f) { return is_wallet(f, victim); });
    expect("pool=" + pool,
           [&](const json::value& f) { return has(f, "pools", pool) || leg_has(f, "pool", pool); });
    expect("mint=" + mint, [&](const json::value& f) {
        return text_of(f, "start_mint") == mint || leg_has(f, "mint_in", mint) ||
               leg_has(f, "mint_out", mint);
    });
    expect("protocol=" + protocol, [&](const json::value& f) {
        return text_of(f, "protocol") == protocol || leg_has(f, "protocol", protocol);
    });
    for (const auto& signature : {front, hit})
        expect("signature=" + signature, [&](const json::value& f) {
            return has(f, "signatures", signature) || has(f, "victims", signature);
        });
}

TEST_F(Lists, FilterSwaps) {
    const auto whole = server_->list(kSwaps);
    const auto& one = whole.at(whole.size() / 3);
    const auto expect = [](const std::string& filter, const Holds& holds) {
        expect_subset(*server_, kSwaps, filter, holds);
    };
    for (const std::string member : {"protocol", "pool", "trader", "signature"})
        expect(member + "=" + text_of(one, member),
               [&](const json::value& s) { return s.at(member) == one.at(member); });
    const auto mint = text_of(one, "mint_in");
    expect("mint=" + mint, [&](const json::value& s) {
        return text_of(s, "mint_in") == mint || text_of(s, "mint_out") == mint;
    });
    // Every swap of this chain is verified.
    expect("verified=true", [](const json::value& s) { return s.at("verified") == true; });
    EXPECT_TRUE(server_->list(kSwaps + "?verified=false").empty());
    const auto slot = number_of(one, "slot");
    expect("slot_from=" + std::to_string(slot) + "&slot_to=" + std::to_string(slot),
           [&](const json::value& s) { return number_of(s, "slot") == slot; });
}

TEST_F(Lists, LiveFiltersLetThroughWhatRestLists) {
    const auto sandwiches = server_->list(kOpportunities + "?kind=sandwich&min_confidence=0.5");
    const auto pool = text_of(sandwiches.at(0).at("legs").as_array().at(0), "pool");
    const std::vector<std::pair<std::string, std::string>> filters{
        {"kind=sandwich,liquidation", R"({"kind":"sandwich,liquidation"})"},
        {"kind=sandwich,liquidation", R"({"kind":["sandwich","liquidation"]})"},
        {"profitable=true&kind=arbitrage", R"({"profitable":true,"kind":"arbitrage"})"},
        {"min_net_lamports=50000", R"({"min_net_lamports":50000})"},
        {"min_confidence=0.9", R"({"min_confidence":0.9})"},
        {"pool=" + pool, R"({"pool":")" + pool + "\"}"},
        {"slot_from=270893660&slot_to=280000000", R"({"slot_from":270893660,"slot_to":280000000})"},
        {"synthetic=false", R"({"synthetic":false})"},
    };
    std::set<std::string> absorbed;
    for (const auto& [seq, finding] : events_of("mev.opportunity"))
        for (const auto& id : finding.at("merged").as_array())
            absorbed.insert(id.as_string().c_str());
    for (const auto& [query, filter] : filters) {
        Live live(*server_);
        live.send(
            R"({"op":"subscribe","id":1,"channel":"mevOpportunity","snapshot":500,"filter":)" +
            filter + "}");
        ById sent, listed;
        const auto snapshot = live.next_of("snapshot");
        ASSERT_TRUE(snapshot.is_object()) << filter;
        EXPECT_EQ(text_of(snapshot, "channel"), "mevOpportunity");
        for (const auto& item : snapshot.at("items").as_array())
            if (const auto id = text_of(item.at("data"), "id"); !absorbed.contains(id))
                sent[id] = item.at("data");
        for (const auto& finding : server_->list(kOpportunities + "?" + query))
            listed[text_of(finding, "id")] = finding;
        EXPECT_FALSE(listed.empty()) << query;
        EXPECT_EQ(sent, listed) << query;
    }
}

// ── other views of the same ─────────────────────────────────────────────────────────────────────

TEST_F(Lists, AliasesAnswerTheSame) {
    EXPECT_EQ(server_->ask("/api/opportunities?limit=20").text(),
              server_->ask(kOpportunities + "?limit=20").text());
    EXPECT_EQ(server_->ask("/api/arbitrage?profitable=true").text(),
              server_->ask(kOpportunities + "?kind=arbitrage&profitable=true").text());
    EXPECT_EQ(server_->ask("/api/swaps?limit=500").text(),
              server_->ask(kSwaps + "?limit=500").text());
}

TEST_F(Lists, StatisticsAddUpToTheList) {
    struct Totals {
        std::int64_t count = 0, profitable = 0, gain = 0, tips = 0, fees = 0, losses = 0;
        bool operator==(const Totals&) const = default;
    };
    std::map<std::string, Totals> wanted;
    for (const auto& finding : server_->list(kOpportunities)) {
        auto& totals = wanted[text_of(finding, "kind")];
        ++totals.count;
        totals.profitable += finding.at("profitable") == true ? 1 : 0;
        if (text_of(finding, "status") == "open") continue;
        totals.gain += net_of(finding).value_or(0);
        totals.tips += std::stoll(text_of(finding, "tip_lamports"));
        totals.fees += std::stoll(text_of(finding, "fee_lamports"));
        for (const auto& loss : finding.at("losses").as_array())
            if (!loss.at("loss_lamports").is_null())
                totals.losses += std::stoll(text_of(loss, "loss_lamports"));
    }
    for (const std::string bucket : {"1s", "10s", "1m", "5m", "1h", "1d"}) {
        std::map<std::string, Totals> got;
        const auto answer = server_->get("/api/v1/mev/statistics?bucket=" + bucket);
        EXPECT_EQ(text_of(answer, "bucket"), bucket);
        for (const auto& item : answer.at("items").as_array()) {
            auto& totals = got[text_of(item, "kind")];
            totals.count += number_of(item, "count");
            totals.profitable += number_of(item, "profitable");
            totals.gain += std::stoll(text_of(item, "profit_lamports"));
            totals.tips += std::stoll(text_of(item, "tips_lamports"));
            totals.fees += std::stoll(text_of(item, "fees_lamports"));
            totals.losses += std::stoll(text_of(item, "victim_loss_lamports"));
        }
        EXPECT_TRUE(got == wanted) << bucket;
    }
}

TEST_F(Lists, TransactionSaysWhetherItWasSandwiched) {
    const auto sandwiches = server_->list(kOpportunities + "?kind=sandwich");
    ASSERT_FALSE(sandwiches.empty());
    for (const auto& sandwich : sandwiches) {
        const std::string victim = sandwich.at("victims").as_array().front().as_string().c_str();
        const auto answer = server_->get("/api/v1/mev/transactions/" + victim);
        EXPECT_EQ(text_of(answer, "signature"), victim);
        EXPECT_EQ(answer.at("known"), true);
        EXPECT_EQ(answer.at("sandwiched"), true);
        EXPECT_TRUE(std::ranges::count(answer.at("findings").as_array(), sandwich) == 1);
        EXPECT_FALSE(answer.at("swaps").as_array().empty());
        const std::string front = sandwich.at("signatures").as_array().front().as_string().c_str();
        EXPECT_EQ(server_->get("/api/v1/mev/transactions/" + front).at("sandwiched"), false);
    }
    const auto unknown = server_->get("/api/v1/mev/transactions/" + std::string(64, '1'));
    EXPECT_EQ(unknown.at("known"), false);
    EXPECT_TRUE(unknown.at("slot").is_null());
    EXPECT_TRUE(unknown.at("findings").as_array().empty());
}

TEST_F(Lists, WalletAndPoolPagesListWhatTheFiltersList) {
    const auto sandwich = server_->list(kOpportunities + "?kind=sandwich").at(0);
    const auto actor = text_of(sandwich, "actor");
    const auto victim = text_of(sandwich.at("losses").as_array().at(0), "trader");
    const std::string pool = sandwich.at("pools").as_array().at(0).as_string().c_str();
    for (const auto& wallet : {actor, victim}) {
        EXPECT_EQ(server_->list("/api/v1/mev/wallets/" + wallet, 1),
                  server_->list(kOpportunities + "?wallet=" + wallet));
    }
    const auto count = [](const json::value& totals) {
        std::int64_t sum = 0;
        for (const auto& kind : totals.as_array()) sum += number_of(kind, "count");
        return sum;
    };
    const auto as_actor = server_->get("/api/v1/mev/wallets/" + actor);
    EXPECT_GE(count(as_actor.at("as_actor")), 1);
    const auto as_victim = server_->get("/api/v1/mev/wallets/" + victim);
    EXPECT_GE(count(as_victim.at("as_victim")), 1);
    const auto of_pool = server_->get("/api/v1/mev/pools/" + pool);
    EXPECT_EQ(server_->list("/api/v1/mev/pools/" + pool, 2),
              server_->list(kOpportunities + "?pool=" + pool));
    EXPECT_EQ(count(of_pool.at("totals")),
              static_cast<std::int64_t>(server_->list(kOpportunities + "?pool=" + pool).size()));
    EXPECT_EQ(number_of(of_pool, "swaps"),
              static_cast<std::int64_t>(server_->list(kSwaps + "?pool=" + pool).size()));
}

// ── refusals ────────────────────────────────────────────────────────────────────────────────────

TEST_F(Lists, BadValuesAreRefusedByName) {
    const std::vector<std::array<std::string, 3>> cases{
        // target, where, code
        {kOpportunities + "?kind=theft", "kind", "bad_parameter"},
        {kOpportunities + "?kind=sandwich,", "kind", "bad_parameter"},
        {kOpportunities + "?kind=", "kind", "bad_parameter"},
        {kOpportunities + "?status=done", "status", "bad_parameter"},
        {kOpportunities + "?profitable=1", "profitable", "bad_parameter"},
        {kOpportunities + "?min_net_lamports=1.5", "min_net_lamports", "bad_parameter"},
        {kOpportunities + "?min_net_lamports=9223372036854775808", "min_net_lamports",
         "bad_parameter"},
        {kOpportunities + "?min_confidence=high", "min_confidence", "bad_parameter"},
        {kOpportunities + "?min_confidence=nan", "min_confidence", "bad_parameter"},
        {kOpportunities + "?min_confidence=inf", "min_confidence", "bad_parameter"},
        {kOpportunities + "?wallet=0OIl", "wallet", "bad_parameter"},
        {kOpportunities + "?wallet=" + std::string(200, '1'), "wallet", "bad_parameter"},
        {kOpportunities + "?pool=abc", "pool", "bad_parameter"},
        {kOpportunities + "?mint=%00", "mint", "bad_parameter"},
        {kOpportunities + "?protocol=", "protocol", "bad_parameter"},
        {kOpportunities + "?signature=abc", "signature", "bad_parameter"},
        {kOpportunities + "?leader=abc", "leader", "bad_parameter"},
        {kOpportunities + "?slot_from=-1", "slot_from", "bad_parameter"},
        {kOpportunities + "?slot_to=x", "slot_to", "bad_parameter"},
        {kOpportunities + "?time_from=yesterday", "time_from", "bad_parameter"},
        {kOpportunities + "?time_to=2026-13-01T00:00:00Z", "time_to", "bad_parameter"},
        {kOpportunities + "?synthetic=yes", "synthetic", "bad_parameter"},
        {kOpportunities + "?limit=0", "limit", "bad_parameter"},
        {kOpportunities + "?limit=501", "limit", "bad_parameter"},
        {kOpportunities + "?cursor=AAAA", "cursor", "bad_cursor"},
        {kOpportunities + "?cursor=%C3%A9", "cursor", "bad_cursor"},
        {kOpportunities + "?colour=red", "colour", "unknown_parameter"},
        {kOpportunities + "?limit=1&limit=2", "limit", "repeated_parameter"},
        {"/api/arbitrage?kind=sandwich", "kind", "unknown_parameter"},
        {kSwaps + "?protocol=unheard_of", "protocol", "bad_parameter"},
        {kSwaps + "?verified=maybe", "verified", "bad_parameter"},
        {"/api/v1/mev/transactions/abc", "signature", "bad_parameter"},
        {"/api/v1/mev/wallets/abc", "address", "bad_parameter"},
        {"/api/v1/mev/pools/" + std::string(43, 'I'), "address", "bad_parameter"},
        {"/api/v1/mev/statistics?bucket=2m", "bucket", "bad_parameter"},
        {"/api/v1/mev/statistics?from=1", "from", "bad_parameter"},
    };
    for (const auto& [target, where, code] : cases) {
        const auto response = server_->ask(target);
        EXPECT_EQ(response.status, 400) << target;
        EXPECT_EQ(response.headers.find("content-type").value_or(""), "application/problem+json");
        const auto problem = parse(response.text());
        EXPECT_EQ(text_of(problem, "where"), where) << target;
        EXPECT_EQ(text_of(problem, "code"), code) << target;
        EXPECT_EQ(number_of(problem, "status"), 400);
        EXPECT_FALSE(text_of(problem, "detail").empty());
    }
    // A cursor of one list is none of another's.
    const auto cursor = text_of(server_->get(kSwaps + "?limit=1"), "next_cursor");
    EXPECT_EQ(server_->ask(kOpportunities + "?cursor=" + cursor).status, 400);
}

TEST_F(Lists, WhatIsNotThereIsNotFound) {
    for (const auto& [target, code] : {std::pair<std::string, std::string>{
                                           kOpportunities + "/arb-nobody-0", "no_such_opportunity"},
                                       {kOpportunities + "/%27%20OR%201=1", "no_such_opportunity"},
                                       {"/api/v1/mev", "no_such_route"},
                                       {"/api/v2/health", "no_such_route"},
                                       {"/api", "no_such_route"},
                                       {"/nowhere", "terminal_not_built"}}) {
        const auto response = server_->ask(target);
        EXPECT_EQ(response.status, 404) << target;
        EXPECT_EQ(text_of(parse(response.text()), "code"), code) << target;
    }
    const auto wrong_method = server_->ask(kOpportunities, "POST");
    EXPECT_EQ(wrong_method.status, 405);
    EXPECT_EQ(wrong_method.headers.find("allow").value_or(""), "GET, HEAD, OPTIONS");
    EXPECT_EQ(text_of(parse(wrong_method.text()), "code"), "method_not_allowed");
    const auto no_upgrade = server_->ask("/ws/live");
    EXPECT_EQ(no_upgrade.status, 426);
}

}  // namespace
}  // namespace astro::integration

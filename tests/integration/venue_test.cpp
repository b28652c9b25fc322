#include <gmock/gmock.h>

#include <atomic>
#include <csignal>
#include <optional>
#include <random>
#include <thread>

#include "integration/identity_story.hpp"

/// The venue of the program over kills, and out of a backup.
namespace astro::integration {
namespace {

using ::testing::HasSubstr;

const std::string kMarkets = "/api/v1/exchange/markets";

struct VenueStory : IdentityStory {
    void start_again(const std::string& folder) {
        auto command = arguments({});
        std::ranges::replace(command, data, folder);
        second.emplace(command);
        client = net::HttpClient::make(net::parse_url(second->url()).value(), net::ClientOptions{})
                     .value();
    }
    std::string make_admin() {
        const std::string output = server.output();
        const auto at = output.find("/admin-sign-up#") + 15;
        post("/admin-sign-up",
             {{"token", output.substr(at, output.find_first_of(" \n", at) - at)},
              {"email", "root@example.org"},
              {"password", kPassword}},
             "", 201);
        return text_of(
            post("/login", {{"email", "root@example.org"}, {"password", kPassword}}).at("tokens"),
            "access_token");
    }
    json::object market() {
        const auto all = parse(ask("GET", kMarkets).text());
        for (const auto& each : all.at("markets").as_array())
            if (text_of(each, "symbol") == "SOL-PERP") return each.as_object();
        ADD_FAILURE() << "SOL-PERP is not listed";
        return {};
    }
    json::value venue() { return parse(ask("GET", "/api/v1/status").text()).at("exchange"); }
    std::optional<Server> second;
};

/// The market with a fee that says its version, so that a change can be told from another.
std::string changed(json::object market, std::int64_t version) {
    market["version"] = version;
    market["taker_fee_ppm"] = 100 + version;
    return json::serialize(market);
}

TEST_F(VenueStory, KilledAgainAndAgainItLosesNoAcknowledgedCommand) {
    const std::string token = make_admin();
    const json::object first = market();
    std::mt19937_64 random(20261129);
    std::atomic<std::int64_t> version{first.at("version").to_number<std::int64_t>()};
    for (int round = 0; round < 10; ++round) {
        Server& running = second ? *second : server;
        const std::int64_t enough = version + 1 + static_cast<std::int64_t>(random() % 20);
        std::thread trader([&, own = net::HttpClient::make(net::parse_url(running.url()).value(),
                                                           net::ClientOptions{})
                                         .value()] {
            while (true) {
                net::Request request;
                request.method = "PUT";
                request.target = kMarkets + "/SOL-PERP";
                request.body = changed(first, version);
                request.headers.set("content-type", "application/json");
                request.headers.set("authorization", "Bearer " + token);
                const auto answer = own->request(request);
                if (!answer) return;  // killed
                ASSERT_EQ(answer->status, 200) << answer->text();
                ++version;
            }
        });
        EXPECT_TRUE(becomes_true([&] { return version >= enough; }));
        EXPECT_EQ(running.stop(SIGKILL), -SIGKILL);
        trader.join();
        start_again(data);
        // The last one may have become durable without an answer.
        const json::object now = market();
        const auto found = now.at("version").to_number<std::int64_t>();
        EXPECT_GE(found, version);
        EXPECT_LE(found, version + 1);
        EXPECT_EQ(now.at("taker_fee_ppm").to_number<std::int64_t>(), 100 + found - 1);
        version = found;
    }
    EXPECT_EQ(text_of(venue().at("service"), "trouble"), "");
    EXPECT_TRUE(becomes_true([&] { return number_of(venue().at("rows"), "waiting") == 0; }));
}

TEST_F(VenueStory, ABackupOfTheRunningProgramHoldsTheVenue) {
    const std::string token = make_admin();
    const auto answer = ask("PUT", kMarkets + "/SOL-PERP", token,
                            changed(market(), market().at("version").to_number<std::int64_t>()));
    ASSERT_EQ(answer.status, 200) << answer.text();
    const auto before = json::serialize(market());
    const std::int64_t sequence = number_of(venue().at("service"), "sequence");
    const std::string backup = files.path("venue.backup"), restored = files.path("restored");
    const auto made = run_program({"backup", backup, "--data", data});
    EXPECT_EQ(made.code, 0) << made.errors;
    EXPECT_THAT(made.out, HasSubstr("venue-00000000000000000001.journal"));
    const auto put_back =
        run_program({"restore", backup, "--data", restored, "--key", data + "/master.key"});
    ASSERT_EQ(put_back.code, 0) << put_back.errors;
    start_again(restored);
    EXPECT_EQ(json::serialize(market()), before);
    EXPECT_GE(number_of(venue().at("service"), "sequence"), sequence);
    EXPECT_EQ(ask("GET", "/api/v1/health").status, 200);
    // Into a folder with a venue nothing is restored.
    const auto twice =
        run_program({"restore", backup, "--data", restored, "--key", data + "/master.key"});
    EXPECT_EQ(twice.code, 2);
}

TEST_F(VenueStory, ADamagedJournalStopsTheStartWithItsPlace) {
    // A damaged group with another behind it is no torn end.
    const std::int64_t first = number_of(venue().at("service"), "sequence");
    EXPECT_TRUE(becomes_true([&] { return number_of(venue().at("service"), "sequence") > first; }));
    EXPECT_EQ(server.stop(SIGTERM), 0);
    const std::string segment = data + "/venue/00000000000000000001.journal";
    {
        std::fstream file(segment, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(150);
        file.put('!');
    }
    auto command = arguments({});
    command.insert(command.begin(), {"serve", "--listen", "127.0.0.1:0"});
    const auto refused = run_program(command);
    EXPECT_NE(refused.code, 0);
    EXPECT_THAT(refused.errors, HasSubstr(segment));
    EXPECT_THAT(refused.errors, HasSubstr("byte 64"));
}

}  // namespace
}  // namespace astro::integration

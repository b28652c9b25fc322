#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include "integration/program.hpp"

/// The same data directory over several runs, however the run before ended.
namespace astro::integration {
namespace {

const std::string kOpportunities = "/api/v1/mev/opportunities";
const std::string kSwaps = "/api/v1/mev/swaps";

class Restart : public ::testing::Test {
  protected:
    void SetUp() override { write_chain(files_.path("chain")); }

    std::vector<std::string> arguments(const std::string& data, int slot_ms) {
        return {"--feed", "replay",          "--dir", files_.path("chain"),
                "--data", files_.path(data), "--set", "feed.slot_ms=" + std::to_string(slot_ms),
                "--set",  "log.level=warn"};
    }
    static std::map<std::string, std::int64_t> last_seqs(Server& server) {
        std::map<std::string, std::int64_t> out;
        const auto status = server.get("/api/v1/status");
        for (const auto& stream : status.at("streams").as_array())
            if (text_of(stream, "name").starts_with("mev."))
                out[text_of(stream, "name")] = number_of(stream, "last_seq");
        return out;
    }

    TemporaryDirectory files_;
};

TEST_F(Restart, AfterAnOrderlyEndNothingIsTwiceAndNothingLost) {
    json::array findings, swaps;
    json::value statistics;
    std::map<std::string, std::int64_t> seqs;
    {
        Server server(arguments("data", 0));
        server.wait_until_finished();
        findings = server.list(kOpportunities);
        swaps = server.list(kSwaps);
        statistics = server.get("/api/v1/mev/statistics");
        seqs = last_seqs(server);
        EXPECT_EQ(server.stop(SIGTERM), 0);
    }
    EXPECT_GT(findings.size(), 20U);
    std::int64_t last_status = 0;
    for (int run = 0; run < 2; ++run) {
        Server server(arguments("data", 0));
        server.wait_until_finished();
        EXPECT_EQ(server.list(kOpportunities), findings);
        EXPECT_EQ(server.list(kSwaps), swaps);
        EXPECT_EQ(server.get("/api/v1/mev/statistics"), statistics);
        EXPECT_EQ(last_seqs(server), seqs);
        // Who was there before the restart goes on where it was, and is told of nothing anew.
        Live live(server);
        live.send(R"({"op":"subscribe","id":1,"channel":"mev.opportunity","resume_from":)" +
                  std::to_string(seqs["mev.opportunity"]) + "}");
        EXPECT_EQ(number_of(live.next_of("subscribed"), "seq"), seqs["mev.opportunity"]);
        live.send(R"({"op":"ping","id":2})");
        EXPECT_EQ(text_of(live.next(), "type"), "pong");
        // The status of the feed is not stored, but its seqs are not given out again either.
        live.send(R"({"op":"subscribe","id":3,"channel":"feed.status","snapshot":16})");
        const auto snapshot = live.next_of("snapshot");
        EXPECT_GT(number_of(snapshot.at("items").as_array().at(0), "seq"), last_status);
        last_status = number_of(snapshot, "seq");
        live.close();
        EXPECT_EQ(server.stop(SIGINT), 0);
    }
}

TEST_F(Restart, AfterAnOrderlyEndInTheMiddleItGoesOnAtTheCursor) {
    json::array findings, swaps;
    {
        Server whole(arguments("whole", 0));
        whole.wait_until_finished();
        findings = whole.list(kOpportunities);
        swaps = whole.list(kSwaps);
    }
    {
        Server first(arguments("data", 50));
        Live live(first);
        live.send(R"({"op":"subscribe","id":1,"channel":"mev.slot","resume_from":0})");
        for (int i = 0; i < 4; ++i) (void)live.next_of("event");
        live.close();
        EXPECT_EQ(first.stop(SIGTERM), 0);
    }
    Server second(arguments("data", 0));
    second.wait_until_finished();
    EXPECT_EQ(second.list(kOpportunities), findings);
    EXPECT_EQ(second.list(kSwaps), swaps);
}

/// One line a finding, so that a difference can be read.
std::vector<std::string> brief(const json::array& findings) {
    std::vector<std::string> out;
    for (const auto& finding : findings)
        out.push_back(std::to_string(number_of(finding, "slot")) + " " + text_of(finding, "id"));
    return out;
}

/// Kills the program again and again until the chain is through.
TEST_F(Restart, KilledInTheMiddleNothingIsTwiceAndNothingLost) {
    json::array findings, swaps;
    {
        Server whole(arguments("whole", 0));
        whole.wait_until_finished();
        findings = whole.list(kOpportunities);
        swaps = whole.list(kSwaps);
    }
    std::int64_t newest = 0;
    for (const int slots : {1, 1, 1, 3, 2, 5}) {  // also before a first row is stored
        Server server(arguments("data", 10));
        Live live(server);
        live.send(R"({"op":"subscribe","id":1,"channel":"mev.slot"})");
        for (int i = 0; i < slots && !live.broken(); ++i) {
            const auto seq = number_of(live.next_of("event"), "seq");
            EXPECT_GT(seq, newest) << "a seq was given out twice";
            newest = seq;
        }
        EXPECT_EQ(server.stop(SIGKILL), -SIGKILL);
    }
    // While it goes again through blocks it has seen.
    for (const int milliseconds : {20, 5, 40, 10, 30, 15}) {
        Server server(arguments("data", 10));
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        EXPECT_EQ(server.stop(SIGKILL), -SIGKILL);
    }
    Server last(arguments("data", 0));
    last.wait_until_finished();
    EXPECT_EQ(brief(last.list(kOpportunities)), brief(findings));
    EXPECT_TRUE(last.list(kOpportunities) == findings);
    EXPECT_TRUE(last.list(kSwaps) == swaps);
    EXPECT_GT(last_seqs(last)["mev.slot"], newest);
}

TEST_F(Restart, TheFolderBelongsToOneProgram) {
    Server server(arguments("data", 0));
    std::vector<std::string> second{"serve", "--listen", "127.0.0.1:0"};
    for (const auto& argument : arguments("data", 0)) second.push_back(argument);
    const auto refused = run_program(second);
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.out, "");
    EXPECT_NE(refused.errors.find("another astrolabe runs on this data directory"),
              std::string::npos);
    EXPECT_EQ(server.ask("/api/v1/health").status, 200);
    // Not even after a kill is the folder held for nobody.
    server.stop(SIGKILL);
    Server next(arguments("data", 0));
    EXPECT_EQ(next.ask("/api/v1/health").status, 200);
}

}  // namespace
}  // namespace astro::integration

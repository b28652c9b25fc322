#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "integration/program.hpp"

/// The demo's venue: a market maker and noise traders, as processes that use the public API only.
namespace astro::integration {
namespace {

std::vector<std::string> markets() {
    return {"SOL-PERP", "BTC-PERP", "ETH-PERP", "XLM-PERP"};
}

struct LivingVenue : testing::Test {
    TemporaryDirectory files;
    Server server{{"--feed", "demo", "--data", files.path("data"), "--set", "log.level=warn",
                   "--set", "identity.argon2_kib=64", "--set", "exchange.simulated_traders=auto"}};

    /// Whether each market has a bid below an ask.
    bool is_quoted() {
        for (const auto& market : markets()) {
            const auto book = server.get("/api/v1/exchange/book?market=" + market);
            const auto &bids = book.at("bids").as_array(), &asks = book.at("asks").as_array();
            if (bids.empty() || asks.empty()) return false;
        }
        return true;
    }
    std::int64_t trades() { return number_of(server.get("/api/v1/exchange/stats"), "trades"); }
    json::value trader(std::string_view name) {
        const auto answer = server.get("/api/v1/exchange/simulated");
        for (const auto& trader : answer.at("traders").as_array())
            if (text_of(trader, "name") == name) return trader;
        return {};
    }
    std::int64_t starts(std::string_view name) { return number_of(trader(name), "starts"); }
    /// The server's children that are traders; it also forks to write snapshots.
    std::vector<pid_t> traders() {
        std::vector<pid_t> out;
        const std::string folder = "/proc/" + std::to_string(server.pid()) + "/task";
        for (const auto& task : std::filesystem::directory_iterator(folder)) {
            std::ifstream in(task.path() / "children");
            for (pid_t child = 0; in >> child;)
                if (is_trader(child)) out.push_back(child);
        }
        return out;
    }
    static bool is_trader(pid_t process) {
        std::ifstream in("/proc/" + std::to_string(process) + "/cmdline");
        const std::string command{std::istreambuf_iterator<char>(in), {}};
        return command.find("--end-with-parent") != std::string::npos;
    }
    static bool runs(pid_t process) {
        std::ifstream in("/proc/" + std::to_string(process) + "/stat");
        std::string number, name, state;
        return static_cast<bool>(in >> number >> name >> state) && state != "Z";
    }
};

TEST_F(LivingVenue, IsQuotedAndTradesOnAllMarketsAndSurvivesTheDeathOfItsTraders) {
    ASSERT_TRUE(becomes_true([&] { return is_quoted(); }));
    ASSERT_TRUE(becomes_true([&] { return trades() > 0; }));
    EXPECT_EQ(text_of(trader("market-maker"), "owner"), "market-maker@simulated.invalid");
    EXPECT_TRUE(server.get("/api/v1/exchange/stats").at("simulated").as_bool());

    const auto maker_starts = starts("market-maker"), noise_starts = starts("noise-traders");
    ASSERT_TRUE(becomes_true([&] { return traders().size() == 2; }));
    const auto first = traders();
    for (const pid_t trader : first) ASSERT_EQ(::kill(trader, SIGKILL), 0);
    ASSERT_TRUE(becomes_true([&] {
        return starts("market-maker") > maker_starts && starts("noise-traders") > noise_starts;
    }));
    EXPECT_EQ(text_of(trader("market-maker"), "last_end"), "signal 9");
    ASSERT_TRUE(becomes_true([&] { return is_quoted(); }));

    ASSERT_TRUE(becomes_true([&] { return traders().size() == 2; }));
    const auto second = traders();
    EXPECT_EQ(server.stop(SIGTERM), 0);
    for (const pid_t trader : second) EXPECT_TRUE(becomes_true([&] { return !runs(trader); }));
}

TEST_F(LivingVenue, ItsTradersEndWithAServerThatIsKilled) {
    ASSERT_TRUE(becomes_true([&] { return traders().size() == 2; }));
    const auto orphans = traders();
    server.stop(SIGKILL);
    for (const pid_t orphan : orphans) EXPECT_TRUE(becomes_true([&] { return !runs(orphan); }));
}

}  // namespace
}  // namespace astro::integration

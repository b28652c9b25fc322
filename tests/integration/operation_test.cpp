#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "integration/program.hpp"

/// What an operator meets: what the program says of itself, how it starts, ends and refuses.
namespace astro::integration {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kBlocks = ASTRO_SOURCE_DIR "/share/solana/blocks";

std::vector<std::string> replay(const TemporaryDirectory& files) {
    return {"--feed", "replay",           "--dir", kBlocks,
            "--data", files.path("data"), "--set", "feed.slot_ms=0"};
}

/// Samples by "name{labels}"; fails on what Prometheus would not read.
std::map<std::string, double> parse_metrics(std::string_view text) {
    static const std::regex kSample(
        R"re(([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})?) (\S+))re");
    static const std::regex kComment("# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+");
    std::map<std::string, double> samples;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (line.starts_with('#')) {
            EXPECT_TRUE(std::regex_match(line, kComment)) << line;
        } else if (std::regex_match(line, match, kSample)) {
            EXPECT_TRUE(samples.emplace(match[1], std::stod(match[2])).second) << "twice: " << line;
        } else {
            ADD_FAILURE() << "no sample: " << line;
        }
    }
    EXPECT_TRUE(text.ends_with('\n'));
    return samples;
}

double sum_of(const std::map<std::string, double>& samples, const std::string& family) {
    double sum = 0;
    for (const auto& [name, value] : samples)
        if (name == family || name.starts_with(family + "{")) sum += value;
    return sum;
}

TEST(Operation, MetricsCountWhatHappened) {
    const TemporaryDirectory files;
    Server server(replay(files));
    server.wait_until_finished();
    const auto status = server.get("/api/v1/status");
    const auto swaps = server.list("/api/v1/mev/swaps");
    std::map<std::string, double> kinds;
    for (const auto& finding : server.list("/api/v1/mev/opportunities"))
        ++kinds[text_of(finding, "kind")];
    for (int i = 0; i < 3; ++i) (void)server.ask("/api/v1/health");
    (void)server.ask("/api/v1/mev/opportunities?limit=0");
    Live live(server);
    live.send(R"({"op":"subscribe","id":1,"channel":"mev.opportunity"})");
    (void)live.next_of("subscribed");
    live.send("{");
    (void)live.next_of("error");

    const auto answer = server.ask("/metrics");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.find("content-type").value_or(""),
              "text/plain; version=0.0.4; charset=utf-8");
    const auto samples = parse_metrics(answer.text());
    const auto value = [&](const std::string& name) {
        const auto at = samples.find(name);
        return at == samples.end() ? -1 : at->second;
    };
    EXPECT_EQ(value(R"(astrolabe_blocks_total{label="replay"})"),
              static_cast<double>(number_of(status.at("feed"), "blocks")));
    EXPECT_EQ(sum_of(samples, "astrolabe_swaps_total"), static_cast<double>(swaps.size()));
    for (const auto& [kind, count] : kinds)
        EXPECT_EQ(value("astrolabe_findings_total{kind=\"" + kind + "\"}"), count) << kind;
    EXPECT_EQ(value(R"(astrolabe_http_requests_total{route="/api/v1/health",status="200"})"), 3);
    EXPECT_EQ(
        value(R"(astrolabe_http_requests_total{route="/api/v1/mev/opportunities",status="400"})"),
        1);
    EXPECT_EQ(value(R"(astrolabe_http_request_seconds_count{route="/api/v1/health"})"), 3);
    EXPECT_EQ(value("astrolabe_websocket_clients"), 1);
    EXPECT_EQ(value("astrolabe_websocket_subscriptions"), 1);
    EXPECT_EQ(value("astrolabe_websocket_refused_total"), 1);
    EXPECT_EQ(value(R"(astrolabe_feed_slot{which="delivered"})"),
              static_cast<double>(number_of(status.at("feed"), "slot")));
    EXPECT_EQ(value("astrolabe_block_seconds_count"),
              value(R"(astrolabe_blocks_total{label="replay"})"));
    EXPECT_GT(value("astrolabe_sent_bytes_total"), 0);
}

TEST(Operation, HealthAndStatusOfAReplay) {
    const TemporaryDirectory files;
    Server server(replay(files));
    EXPECT_EQ(server.ask("/api/v1/health").status, 200) << "right after the start";
    server.wait_until_finished();
    const auto health = server.get("/api/v1/health");
    EXPECT_EQ(text_of(health, "status"), "ok");
    EXPECT_TRUE(health.at("reasons").as_array().empty());
    const auto status = server.get("/api/v1/status");
    EXPECT_EQ(text_of(status, "version"), text_of(health, "version"));
    EXPECT_GE(number_of(status, "uptime_seconds"), 0);
    const auto& feed = status.at("feed");
    EXPECT_EQ(text_of(feed, "mode"), "replay");
    EXPECT_EQ(text_of(feed, "label"), "replay");
    EXPECT_EQ(number_of(feed, "slot"), 285000037);
    EXPECT_EQ(number_of(feed, "slots_lost"), 0);
    EXPECT_EQ(number_of(feed, "bad_messages"), 0);
    EXPECT_EQ(text_of(status.at("store"), "trouble"), "");
    for (const auto& finding : server.list("/api/v1/mev/opportunities"))
        EXPECT_EQ(text_of(finding, "synthetic"), "");
}

TEST(Operation, TheDemoSaysWhenItBecomesSynthetic) {
    const TemporaryDirectory files;
    Server server({"--feed", "demo", "--dir", kBlocks, "--data", files.path("data"), "--set",
                   "feed.slot_ms=1"});
    Live live(server);
    live.send(R"({"op":"subscribe","id":1,"channel":"mev.slot","resume_from":0})");
    std::vector<std::string> labels;
    while (!live.broken() && (labels.size() < 12)) {
        const auto slot = live.next_of("event").at("data");
        labels.push_back(text_of(slot, "label"));
        EXPECT_EQ(labels.back(), text_of(slot, "synthetic").empty() ? "replay" : "synthetic");
    }
    EXPECT_EQ(labels.front(), "replay");
    EXPECT_EQ(labels.back(), "synthetic");
    EXPECT_TRUE(std::ranges::is_sorted(labels)) << "real blocks come first";
    const auto feed = server.get("/api/v1/status").at("feed");
    EXPECT_EQ(text_of(feed, "mode"), "demo");
    EXPECT_EQ(text_of(feed, "label"), "synthetic");
    // Findings of different blocks are different findings.
    EXPECT_TRUE(becomes_true([&] {
        return server.list("/api/v1/mev/opportunities?kind=sandwich&synthetic=true").size() >= 5;
    }));
}

TEST(Operation, HealthSaysThatTheNodeIsNotReached) {
    const TemporaryDirectory files;
    Server server({"--feed", "live", "--rpc", "http://127.0.0.1:1", "--data", files.path("data")});
    net::Response health;
    EXPECT_TRUE(becomes_true([&] {
        health = server.ask("/api/v1/health");
        return health.status == 503;
    }));
    const auto document = parse(health.text());
    EXPECT_EQ(text_of(document, "status"), "degraded");
    ASSERT_EQ(document.at("reasons").as_array().size(), 1U);
    EXPECT_THAT(std::string(document.at("reasons").as_array()[0].as_string().c_str()),
                HasSubstr("the node does not answer"));
    const auto feed = server.get("/api/v1/status").at("feed");
    EXPECT_EQ(text_of(feed, "mode"), "live");
    EXPECT_EQ(text_of(feed, "label"), "stale");
    EXPECT_EQ(text_of(feed, "state"), "connecting");
    EXPECT_GT(number_of(feed.at("endpoints").as_array().at(0), "failures"), 0);
    // What it has is served all the same.
    EXPECT_TRUE(server.list("/api/v1/mev/opportunities").empty());
    EXPECT_EQ(server.stop(SIGTERM), 0);
}

TEST(Operation, EndsInOrderWithClientsConnected) {
    const TemporaryDirectory files;
    Server server({"--feed", "demo", "--dir", kBlocks, "--data", files.path("data"), "--set",
                   "feed.slot_ms=5"});
    Live reading(server), silent(server);
    for (Live* live : {&reading, &silent})
        live->send(R"({"op":"subscribe","id":1,"channel":"mev.swap"})");
    (void)reading.next_of("event");
    EXPECT_EQ(server.stop(SIGTERM), 0);
    while (!reading.broken()) (void)reading.next();
}

TEST(Operation, ServesTls) {
    const TemporaryDirectory files;
    const auto made = run_command(
        {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", files.path("key.pem"), "-out", files.path("certificate.pem")});
    ASSERT_EQ(made.code, 0) << made.errors;
    auto arguments = replay(files);
    for (const auto& setting : {"server.tls_certificate=" + files.path("certificate.pem"),
                                "server.tls_key=" + files.path("key.pem")}) {
        arguments.push_back("--set");
        arguments.push_back(setting);
    }
    Server server(arguments);
    EXPECT_THAT(server.url(), StartsWith("https://127.0.0.1:"));
    net::ClientOptions options;
    options.ca_file = files.path("certificate.pem");
    const auto client = net::HttpClient::make(net::parse_url(server.url()).value(), options);
    ASSERT_TRUE(client);
    net::Request request;
    request.target = "/api/v1/health";
    const auto response = (*client)->request(request);
    ASSERT_TRUE(response) << response.error().text();
    EXPECT_EQ(response->status, 200);
    Live live(server);
    EXPECT_EQ(text_of(live.next(), "type"), "welcome");
    live.close();
    // Plain HTTP gets no answer that could be taken for one.
    auto plain_url = net::parse_url(server.url()).value();
    plain_url.scheme = "http";
    const auto plain = net::HttpClient::make(plain_url);
    ASSERT_TRUE(plain);
    EXPECT_FALSE((*plain)->request(request));
    // A client that does not know the certificate is right to refuse it.
    const auto stranger = net::HttpClient::make(net::parse_url(server.url()).value());
    ASSERT_TRUE(stranger);
    EXPECT_FALSE((*stranger)->request(request));
    EXPECT_EQ(server.stop(SIGTERM), 0);
}

TEST(Operation, TheLogIsOneJsonObjectALine) {
    const TemporaryDirectory files;
    Server server(replay(files));
    (void)server.ask("/api/v1/health?x=%22quoted%22%0aline");
    (void)server.ask("/api/v1/mev/opportunities/%22%5c%0a");
    const auto requests = [&] {
        std::vector<json::value> out;
        std::istringstream lines(server.log());
        for (std::string line; std::getline(lines, line) && !lines.eof();) {
            const auto entry = parse(line);
            if (text_of(entry, "event") == "http.request") out.push_back(entry);
        }
        return out;
    };
    EXPECT_TRUE(becomes_true([&] { return requests().size() >= 2; }));  // written behind
    const auto all = requests();
    ASSERT_GE(all.size(), 2U);
    EXPECT_EQ(text_of(all[0], "path"), "/api/v1/health");
    EXPECT_EQ(number_of(all[0], "status"), 400);
    EXPECT_EQ(text_of(all[1], "path"), "/api/v1/mev/opportunities/\"\\\n");
    EXPECT_EQ(text_of(all[1], "route"), "/api/v1/mev/opportunities/{id}");
    EXPECT_EQ(text_of(all[1], "remote"), "127.0.0.1");
    EXPECT_EQ(server.stop(SIGTERM), 0);
}

struct BadStart {
    std::string name;
    std::vector<std::string> arguments;
    std::string says;
};

TEST(Operation, RefusesToStartWithOneLineThatSaysWhy) {
    const TemporaryDirectory files;
    Server taken(replay(files));
    std::ofstream(files.path("broken.toml")) << "[server\nlisten = 1\n";
    std::ofstream(files.path("typo.toml")) << "[server]\nlissten = '127.0.0.1:0'\n";
    std::ofstream(files.path("plain_file")) << "x";
    std::ofstream(files.path("no.pem")) << "not a certificate\n";
    ::mkdir(files.path("empty").c_str(), 0700);
    const auto port = std::to_string(taken.port());
    const std::vector<BadStart> cases{
        {"feed", {"--feed", "dreams"}, "feed.mode"},
        {"replay without folder", {"--feed", "replay"}, "--dir"},
        {"folder missing", {"--feed", "replay", "--dir", files.path("none")}, files.path("none")},
        {"folder without blocks",
         {"--feed", "replay", "--dir", files.path("empty")},
         files.path("empty")},
        {"live without node", {"--feed", "live"}, "--rpc"},
        {"live with no address", {"--feed", "live", "--rpc", "not an address"}, "not an address"},
        {"listen without port", {"--listen", "127.0.0.1"}, "an IP address and a port"},
        {"listen port", {"--listen", "127.0.0.1:65536"}, "127.0.0.1:65536"},
        {"listen address", {"--listen", "999.1.1.1:0"}, "999.1.1.1"},
        {"listen bracket", {"--listen", "[::1:0"}, "[::1"},
        {"port taken", {"--listen", "127.0.0.1:" + port}, "127.0.0.1:" + port},
        {"data in use", {"--data", files.path("data")}, "another astrolabe"},
        {"data is a file", {"--data", files.path("plain_file")}, files.path("plain_file")},
        {"data without name", {"--data", ""}, "data"},
        {"data under a file",
         {"--data", files.path("plain_file/sub")},
         files.path("plain_file/sub")},
        {"set without value", {"--set", "feed.seed"}, "NAME=VALUE"},
        {"set unknown", {"--set", "feed.sed=1"}, "feed.seed"},
        {"set range", {"--set", "server.workers=0"}, "1 … 64"},
        {"set type", {"--set", "server.workers=many"}, "an integer"},
        {"config missing", {"--config", files.path("none.toml")}, files.path("none.toml")},
        {"config broken", {"--config", files.path("broken.toml")}, "broken.toml:1"},
        {"config typo", {"--config", files.path("typo.toml")}, "server.listen"},
        {"certificate without key",
         {"--set", "server.tls_certificate=" + files.path("no.pem")},
         "key"},
        {"certificate broken",
         {"--set", "server.tls_certificate=" + files.path("no.pem"), "--set",
          "server.tls_key=" + files.path("no.pem")},
         files.path("no.pem")},
        {"unknown option", {"--colour"}, "--colour"},
    };
    for (const auto& bad : cases) {
        std::vector<std::string> arguments{"serve"};
        const auto given = [&](const char* name) {
            return std::ranges::find(bad.arguments, name) != bad.arguments.end();
        };
        if (!given("--data")) arguments.insert(arguments.end(), {"--data", files.path("other")});
        if (!given("--listen")) arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0"});
        if (!given("--config") && !given("--feed"))
            arguments.insert(arguments.end(), {"--feed", "replay", "--dir", kBlocks});
        arguments.insert(arguments.end(), bad.arguments.begin(), bad.arguments.end());
        const auto outcome = run_program(arguments);
        EXPECT_EQ(outcome.code, 2) << bad.name << ": " << outcome.errors;
        EXPECT_EQ(outcome.out, "") << bad.name;
        EXPECT_THAT(outcome.errors, StartsWith("astrolabe: ")) << bad.name;
        EXPECT_THAT(outcome.errors, HasSubstr(bad.says)) << bad.name;
        EXPECT_EQ(std::ranges::count(outcome.errors, '\n'), 1)
            << bad.name << ": " << outcome.errors;
    }
}

}  // namespace
}  // namespace astro::integration

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <random>

#include "foundation/net/net_test_support.hpp"
#include "integration/program.hpp"

/// Clients that do not read, and clients that talk nonsense: everyone else is served as before.
namespace astro::integration {
namespace {

using net::test::RawClient;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kBlocks = ASTRO_SOURCE_DIR "/share/solana/blocks";

/// A masked frame, as clients send them; the mask is all zero.
std::string frame(std::uint8_t opcode, std::string_view payload, bool masked = true) {
    std::string out(1, static_cast<char>(0x80 | opcode));
    const auto mask = static_cast<std::uint8_t>(masked ? 0x80 : 0);
    if (payload.size() < 126) {
        out.push_back(static_cast<char>(mask | payload.size()));
    } else {
        out.push_back(static_cast<char>(mask | 126));
        out.push_back(static_cast<char>(payload.size() >> 8));
        out.push_back(static_cast<char>(payload.size() & 0xFF));
    }
    if (masked) out.append(4, '\0');
    return out.append(payload);
}

/// Opens /ws/live by hand and returns what the server answered.
std::string upgrade(RawClient& client, const std::string& more_headers = {}) {
    client.send(
        "GET /ws/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        more_headers + "\r\n");
    return client.read_until("\r\n\r\n");
}

/// Reads one unfragmented server frame: its opcode and payload; nothing at the end.
std::optional<std::pair<int, std::string>> read_frame(RawClient& client) {
    const auto head = client.read_exactly(2);
    if (head.size() < 2) return std::nullopt;
    std::uint64_t size = static_cast<std::uint8_t>(head[1]) & 0x7F;
    if (size >= 126) {
        const auto more = client.read_exactly(size == 126 ? 2 : 8);
        size = 0;
        for (const char c : more) size = size << 8 | static_cast<std::uint8_t>(c);
    }
    return std::pair(head[0] & 0x0F, client.read_exactly(size));
}

class Hostile : public ::testing::Test {
  protected:
    std::vector<std::string> demo(int slot_ms) {
        return {"--feed", "demo",
                "--dir",  kBlocks,
                "--data", files_.path("data"),
                "--set",  "feed.slot_ms=" + std::to_string(slot_ms),
                "--set",  "exchange.simulated_traders=off",
                "--set",  "log.level=error"};
    }
    TemporaryDirectory files_;
};

TEST_F(Hostile, ClientsThatDoNotReadMissEventsButNobodyElseDoes) {
    Server server(demo(2));
    std::vector<std::unique_ptr<RawClient>> slow;
    for (int i = 0; i < 4; ++i) {
        slow.push_back(std::make_unique<RawClient>(server.port(), 4096));
        ASSERT_THAT(upgrade(*slow.back()), StartsWith("HTTP/1.1 101"));
        for (const char* channel : {"mev.swap", "mev.opportunity", "mev.slot"})
            slow.back()->send(frame(1, R"({"op":"subscribe","id":1,"snapshot":10,"channel":")" +
                                           std::string(channel) + "\"}"));
    }
    // The reader follows the chain while the others' queues run full; it sees no silent hole.
    const auto gaps = [&] {
        const auto text = std::string(server.ask("/metrics").text());
        const auto at = text.find("\nastrolabe_websocket_clients ");
        return text.substr(at, 40);
    };
    Live reader(server);
    reader.send(R"({"op":"subscribe","id":1,"channel":"mev.swap"})");
    auto last = number_of(reader.next_of("subscribed"), "seq");
    std::size_t events = 0;
    while (!reader.broken() && events < 12'000) {
        const auto message = reader.next();
        const auto type = text_of(message, "type");
        if (type == "gap") {  // allowed to the server on a crowded machine, but never silently
            EXPECT_EQ(number_of(message, "from_seq"), last + 1);
            last = number_of(message, "to_seq");
        } else if (type == "event") {
            EXPECT_EQ(number_of(message, "prev_seq"), last);
            last = number_of(message, "seq");
            // Whoever says nothing for long is dropped, and a crowded machine takes long.
            if (++events % 100 == 0)
                for (auto& client : slow) client->send(frame(10, ""));
        }
    }
    EXPECT_EQ(events, 12'000U);
    EXPECT_THAT(gaps(), HasSubstr("clients 5"));
    // Once it reads, a slow client is told what it missed and goes on from there.
    std::map<std::string, std::int64_t> seqs;
    bool told = false;
    for (int i = 0; i < 200'000 && !told; ++i) {
        const auto got = read_frame(*slow[0]);
        ASSERT_TRUE(got) << "the connection was closed";
        if (got->first != 1) continue;
        const auto message = parse(got->second);
        const auto type = text_of(message, "type");
        if (type != "event" && type != "snapshot" && type != "gap" && type != "subscribed")
            continue;
        const auto channel = text_of(message, "channel");
        if (type == "event") {
            EXPECT_EQ(number_of(message, "prev_seq"), seqs[channel]) << channel;
            seqs[channel] = number_of(message, "seq");
        } else if (type == "gap") {
            EXPECT_EQ(text_of(message, "reason"), "slow_consumer");
            EXPECT_EQ(number_of(message, "from_seq"), seqs[channel] + 1) << channel;
            seqs[channel] = number_of(message, "to_seq");
            told = channel == "mev.swap";
        } else {
            seqs[channel] = number_of(message, "seq");
        }
    }
    EXPECT_TRUE(told);
    for (auto& client : slow) client->close();
    EXPECT_TRUE(becomes_true([&] { return gaps().find("clients 1") != std::string::npos; }));
}

TEST_F(Hostile, NonsenseOnWebSocketsIsAnsweredAndEndsInAClose) {
    Server server(demo(50));
    Live witness(server);
    witness.send(R"({"op":"subscribe","id":1,"channel":"mev.slot"})");
    const std::vector<std::string> nonsense{
        "",
        "{",
        "null",
        "[]",
        "17",
        "\"subscribe\"",
        "{}",
        R"({"op":1,"id":1})",
        R"({"op":"subscribe"})",
        R"({"op":"subscribe","id":-1,"channel":"mev.slot"})",
        R"({"op":"subscribe","id":1,"channel":"nothing"})",
        R"({"op":"fly","id":1})",
        R"({"op":"subscribe","id":1,"channel":"mev.slot","filter":[]})",
        R"({"op":"subscribe","id":1,"channel":"mev.swap","filter":{"colour":"red"}})",
        R"({"op":"subscribe","id":1,"channel":"mev.slot","snapshot":1e99})",
        R"({"op":"unsubscribe","id":1,"channel":"mev.slot"})",
        std::string(5'000, '['),
        R"({"op":"ping","id":1,"x":)" + std::string(5'000, '{'),
        "{\"op\":\"\\ud800\",\"id\":1}",
        std::string(60'000, 'a')};
    for (int connection = 0; connection < 25; ++connection) {
        RawClient client(server.port());
        ASSERT_THAT(upgrade(client), StartsWith("HTTP/1.1 101"));
        std::string all;
        for (int i = 0; i < 120; ++i)
            all += frame(1, nonsense[static_cast<std::size_t>(i + connection) % nonsense.size()]);
        std::thread writer([&] { (void)client.send(all); });
        int errors = 0;
        std::string last, close;
        while (close.empty()) {
            const auto got = read_frame(client);
            if (!got) break;
            if (got->first == 8) close = got->second;
            if (got->first != 1) continue;
            last = got->second;
            errors += last.find(R"("type":"error")") != std::string::npos ? 1 : 0;
        }
        writer.join();
        client.close();
        EXPECT_GE(errors, 100);
        EXPECT_THAT(last, HasSubstr("rate_limited"));
        EXPECT_THAT(close, StartsWith("\x03\xF0"));  // 1008
    }
    // Against the protocol itself.
    for (const auto& [bytes, code] : std::vector<std::pair<std::string, std::string>>{
             {frame(1, "{}", false), "\x03\xEA"},  // unmasked: 1002
             {frame(3, "?"), "\x03\xEA"},          // reserved opcode
             {frame(2, "{}"), "\x03\xEB"},         // binary: 1003
             {frame(1, "\xFF\xFE"), "\x03\xEF"},   // not UTF-8: 1007
             {"\x81\xFF" + std::string("\0\0\0\0\x7F\0\0\0mask", 12), "\x03\xF1"},  // 2 GiB: 1009
         }) {
        RawClient client(server.port());
        ASSERT_THAT(upgrade(client), StartsWith("HTTP/1.1 101"));
        client.send(bytes);
        client.end_writing();
        std::string close;
        while (const auto got = read_frame(client))
            if (got->first == 8) close = got->second;
        EXPECT_THAT(close, StartsWith(code));
    }
    (void)witness.next_of("event");
    EXPECT_EQ(server.ask("/api/v1/health").status, 200);
}

TEST_F(Hostile, PagesOfOtherOriginsGetNoWebSocket) {
    Server server(demo(50));
    RawClient stranger(server.port()), own(server.port());
    EXPECT_THAT(upgrade(stranger, "Origin: http://evil.example\r\n"), StartsWith("HTTP/1.1 403"));
    EXPECT_THAT(upgrade(own, "Origin: http://127.0.0.1\r\n"), StartsWith("HTTP/1.1 101"));
}

/// What comes back until the server closes, while `bytes` are sent again and again.
std::string answer_to_flood(const Server& server, const std::string& begin,
                            const std::string& bytes, int times) {
    RawClient client(server.port());
    std::thread writer([&] {
        bool open = client.send(begin);
        for (int i = 0; open && i < times; ++i) open = client.send(bytes);
    });
    auto answer = client.read_to_end();
    writer.join();
    return answer;
}

TEST_F(Hostile, WhatIsTooLargeIsRefusedWhileItIsSent) {
    Server server(demo(50));
    const std::string megabyte(1 << 20, 'x');
    const std::string post = "POST /api/v1/mev/swaps HTTP/1.1\r\nHost: a\r\n";
    EXPECT_THAT(
        answer_to_flood(server, post + "Content-Length: 1073741824\r\n\r\n", megabyte, 1024),
        StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(answer_to_flood(server, post + "Transfer-Encoding: chunked\r\n\r\n",
                                "100000\r\n" + megabyte + "\r\n", 1024),
                StartsWith("HTTP/1.1 413 "));
    const std::string get = "GET /api/v1/health HTTP/1.1\r\nHost: a\r\n";
    EXPECT_THAT(answer_to_flood(server, get + "X: ", megabyte, 10), StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(answer_to_flood(server, get, "X-Again: and again\r\n", 1'000'000),
                StartsWith("HTTP/1.1 431 "))
        << "headers without an end";
    RawClient client(server.port());
    ASSERT_THAT(upgrade(client), StartsWith("HTTP/1.1 101"));
    client.send("\x81\xFF" + std::string("\0\0\0\1\0\0\0\0mask", 12));  // 2^32 bytes
    std::string close;
    while (const auto got = read_frame(client))
        if (got->first == 8) close = got->second;
    EXPECT_THAT(close, StartsWith("\x03\xF1"));  // 1009
    EXPECT_EQ(server.ask("/api/v1/health").status, 200);
}

TEST_F(Hostile, NoPathLeadsOut) {
    Server server(demo(50));
    for (const char* path :
         {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
          "/....//etc/passwd", "/assets/../../etc/passwd", "/api/v1/../../etc/passwd",
          "//etc/passwd", "/etc%00/passwd", "/api/v1/mev/opportunities/..%2f..%2f..%2fetc%2fpasswd",
          "/\xff\xfe"}) {
        RawClient client(server.port());
        client.send("GET " + std::string(path) +
                    " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        const auto answer = client.read_to_end();
        EXPECT_THAT(answer, ::testing::ContainsRegex("^HTTP/1.1 40[04] ")) << path;
        EXPECT_EQ(answer.find("root:"), std::string::npos) << path;
    }
}

TEST_F(Hostile, PagesOfOtherOriginsChangeNothingAndSeeNothing) {
    auto arguments = demo(50);
    arguments.insert(arguments.end(), {"--set", "http.cors=https://app.example"});
    Server server(arguments);
    const auto ask = [&](const std::string& method, const std::string& origin) {
        RawClient client(server.port());
        client.send(method +
                    " /api/v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: " +
                    origin + "\r\n\r\n");
        return client.read_to_end();
    };
    EXPECT_THAT(ask("POST", "https://evil.example"), StartsWith("HTTP/1.1 403 "));
    EXPECT_THAT(ask("GET", "https://evil.example"),
                ::testing::Not(HasSubstr("access-control-allow-origin")));
    EXPECT_THAT(ask("GET", "https://app.example"),
                HasSubstr("access-control-allow-origin: https://app.example\r\n"));
    const TemporaryDirectory other;
    const auto refused =
        run_program({"serve", "--feed", "demo", "--dir", kBlocks, "--data", other.path("data"),
                     "--listen", "127.0.0.1:0", "--set", "http.cors=*"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.errors, HasSubstr("http.cors"));
}

TEST_F(Hostile, ThousandsOfBrokenRequestsLeaveItHealthy) {
    Server server(demo(50));
    const std::vector<std::string> seeds{
        "GET /api/v1/mev/opportunities?kind=sandwich&limit=10 HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /api/v1/mev/swaps HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/v1/mev/opportunities/%ff%00%2e%2e HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    };
    std::mt19937_64 random(7);
    int answered = 0;
    for (int i = 0; i < 3'000; ++i) {
        std::string bytes = seeds[random() % seeds.size()];
        for (auto changes = random() % 6; changes > 0; --changes)
            bytes[random() % bytes.size()] = static_cast<char>(random());
        if (random() % 4 == 0) bytes.resize(random() % bytes.size());
        RawClient client(server.port());
        (void)client.send(bytes);
        client.end_writing();
        const auto answer = client.read_to_end();
        if (answer.empty()) continue;
        ++answered;
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 "));
        EXPECT_EQ(answer.find("HTTP/1.1 500"), std::string::npos) << bytes << "\n" << answer;
    }
    EXPECT_GT(answered, 1'000);
    EXPECT_EQ(server.ask("/api/v1/health").status, 200);
    const auto open = [&] {
        const std::string text(server.ask("/metrics").text());
        return text.substr(text.find("\nastrolabe_connections ") + 1, 25);
    };
    EXPECT_TRUE(becomes_true([&] { return open().starts_with("astrolabe_connections 1\n"); }))
        << open();
    EXPECT_EQ(server.stop(SIGTERM), 0);
}

}  // namespace
}  // namespace astro::integration

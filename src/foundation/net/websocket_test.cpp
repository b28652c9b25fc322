#include <gmock/gmock.h>
#include <sys/epoll.h>

#include <filesystem>
#include <thread>
#include <vector>

#include "foundation/net/net_test_support.hpp"
#include "foundation/net/websocket_frame.hpp"

namespace astro::net {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::shared_ptr<const std::string> text_of(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

/// What happened to the handlers of one server.
struct Log {
    std::mutex mutex;
    std::vector<std::string> lines;
    std::shared_ptr<WebSocket> last;
    std::atomic<int> opened{0}, closed{0}, drained{0};

    void add(std::string line) {
        const std::lock_guard lock(mutex);
        lines.push_back(std::move(line));
    }
    std::shared_ptr<WebSocket> socket() {
        const std::lock_guard lock(mutex);
        return last;
    }
};

class EchoHandler final : public WebSocketHandler {
  public:
    explicit EchoHandler(Log& log) : log_(log) {}
    void on_open(std::shared_ptr<WebSocket> socket) override {
        socket_ = std::move(socket);
        {
            const std::lock_guard lock(log_.mutex);
            log_.last = socket_;
        }
        ++log_.opened;
    }
    void on_text(std::string_view text) override {
        log_.add("text " + std::string(text.substr(0, 20)));
        if (text == "throw") throw std::runtime_error("handler");
        socket_->send(text_of(std::string(text)));
    }
    void on_close() override { ++log_.closed; }
    void on_drain() override { ++log_.drained; }

  private:
    Log& log_;
    std::shared_ptr<WebSocket> socket_;
};

class WebSocketTest : public testing::Test {
  protected:
    void start(ServerOptions options = {}) {
        server_ = start_server(std::move(options), echo, [this](const Request& request) {
            return request.path == "/none" ? nullptr : std::make_unique<EchoHandler>(log_);
        });
    }
    std::unique_ptr<WebSocketClient> connect() {
        auto client = WebSocketClient::connect(url_of(*server_, "ws"));
        EXPECT_TRUE(client) << client.error().text();
        return std::move(client).value();
    }
    /// A raw connection, already upgraded.
    std::unique_ptr<RawClient> connect_raw(int receive_buffer = 0) {
        auto raw = std::make_unique<RawClient>(server_->port(), receive_buffer);
        raw->send(upgrade());
        EXPECT_THAT(raw->read_until("\r\n\r\n"), StartsWith("HTTP/1.1 101 "));
        return raw;
    }
    static std::string upgrade(std::string_view path = "/ws") {
        return "GET " + std::string(path) +
               " HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    }
    static std::string frame(int first_byte, std::string payload) {
        const std::array<char, 4> mask{'m', 'a', 's', 'k'};
        std::string out(
            websocket::encode_header(websocket::Opcode::text, payload.size(), mask).view());
        out[0] = static_cast<char>(first_byte);
        websocket::apply_mask(payload.data(), payload.size(), mask);
        return out + payload;
    }
    /// The close code with which the server answers these bytes.
    int close_code(const std::string& bytes) {
        auto raw = connect_raw();
        EXPECT_TRUE(raw->send(bytes));
        const std::string answer = raw->read_to_end();
        if (answer.size() < 4 || answer[0] != '\x88') return -1;
        return static_cast<unsigned char>(answer[2]) * 256 + static_cast<unsigned char>(answer[3]);
    }

    Log log_;
    std::unique_ptr<Server> server_;
};

TEST_F(WebSocketTest, EchoesMessagesOfEverySizeClass) {
    start();
    auto client = connect();
    for (const std::size_t size : {0U, 1U, 125U, 126U, 65535U, 65536U}) {
        const std::string text(size, 'x');
        ASSERT_TRUE(client->send(text));
        const auto got = client->receive(seconds(20));
        ASSERT_TRUE(got) << got.error().text();
        EXPECT_TRUE(**got == text) << size;
    }
}

TEST_F(WebSocketTest, AcceptKeyIsThatOfTheRfc) {
    start();
    RawClient raw(server_->port());
    raw.send(upgrade());
    EXPECT_THAT(raw.read_until("\r\n\r\n"),
                HasSubstr("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
}

TEST_F(WebSocketTest, FramesSentTogetherWithTheHandshakeArrive) {
    start();
    RawClient raw(server_->port());
    raw.send("GET /first HTTP/1.1\r\nHost: h\r\n\r\n" + upgrade() + frame(0x81, "early"));
    EXPECT_THAT(raw.read_response(), HasSubstr("GET /first"));
    EXPECT_THAT(raw.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 101 "));
    EXPECT_EQ(raw.read_exactly(7),
              "\x81\x05"
              "early");
}

TEST_F(WebSocketTest, RefusesWhatIsNoHandshake) {
    start();
    const auto answer = [&](std::string request, std::string_view from, std::string_view to) {
        request.replace(request.find(from), from.size(), to);
        RawClient raw(server_->port());
        raw.send(request);
        return raw.read_response();
    };
    EXPECT_THAT(answer(upgrade(), "n: 13", "n: 8"), StartsWith("HTTP/1.1 426 "));
    EXPECT_THAT(answer(upgrade(), "GET", "PUT"), HasSubstr("\"where\":\"method\""));
    EXPECT_THAT(answer(upgrade(), ", Upgrade", ""), HasSubstr("\"where\":\"connection\""));
    EXPECT_THAT(answer(upgrade(), "dGhl", "!!!!"), HasSubstr("\"where\":\"sec-websocket-key\""));
    EXPECT_THAT(answer(upgrade("/none"), "GET", "GET"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(WebSocketTest, ProtocolErrorsAreAnsweredByTheirCode) {
    start();
    EXPECT_EQ(close_code(frame(0x81, "\xC3\x28")), 1007);
    EXPECT_EQ(close_code(frame(0x01, "\xE2\x82") + frame(0x80, "")), 1007) << "cut character";
    EXPECT_EQ(close_code(frame(0x81, std::string((64U << 10) + 1, 'x'))), 1009);
    EXPECT_EQ(close_code(frame(0x01, std::string(64U << 10, 'x')) + frame(0x80, "x")), 1009);
    EXPECT_EQ(close_code(frame(0x82, "binary")), 1003);
    EXPECT_EQ(close_code(std::string("\x81\x03", 2) + "abc"), 1002) << "unmasked";
    EXPECT_EQ(close_code(frame(0xC1, "x")), 1002) << "reserved bit";
    EXPECT_EQ(close_code(frame(0x83, "x")), 1002) << "opcode";
    EXPECT_EQ(close_code(frame(0x80, "x")), 1002) << "nothing to continue";
    EXPECT_EQ(close_code(frame(0x01, "a") + frame(0x81, "b")), 1002) << "message in message";
    EXPECT_EQ(close_code(frame(0x09, "p")), 1002) << "fragmented ping";
    EXPECT_EQ(close_code(frame(0x89, std::string(126, 'p'))), 1002) << "long ping";
    EXPECT_EQ(close_code(frame(0x88, "x")), 1002) << "close of one byte";
    EXPECT_EQ(close_code(frame(0x88, std::string("\x03\xED", 2))), 1002) << "code 1005";
}

TEST_F(WebSocketTest, HugeFrameLengthsAreRefusedByTheirHeader) {
    start();
    const std::string huge = std::string("\x81\xFF", 2);
    EXPECT_EQ(close_code(huge + std::string("\x80\0\0\0\0\0\0\0", 8) + "mask"), 1002);
    EXPECT_EQ(close_code(huge + std::string("\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8) + "mask"), 1009);
    EXPECT_EQ(close_code(huge + std::string("\0\0\0\0\0\0\0\x05", 8) + "mask"), 1002);
}

TEST_F(WebSocketTest, PongsGoBetweenFragments) {
    start();
    auto raw = connect_raw();
    raw->send(frame(0x01, "Hel") + frame(0x89, "p") + frame(0x80, "lo"));
    EXPECT_EQ(raw->read_exactly(3), "\x8A\x01p");
    EXPECT_EQ(raw->read_exactly(7), "\x81\x05Hello");
}

TEST_F(WebSocketTest, PeersCloseIsEchoedAndReportedOnce) {
    start();
    auto raw = connect_raw();
    raw->send(frame(0x88, std::string("\x0F\xA0", 2) + "bye"));
    EXPECT_EQ(raw->read_to_end(), std::string("\x88\x02\x0F\xA0", 4));
    EXPECT_TRUE(eventually([&] { return log_.closed == 1; }));
    EXPECT_EQ(log_.opened, 1);
    EXPECT_FALSE(log_.socket()->send(text_of("late")));
}

TEST_F(WebSocketTest, AVanishedPeerIsReported) {
    start();
    auto raw = connect_raw();
    raw->close();
    EXPECT_TRUE(eventually([&] { return log_.closed == 1; }));
    EXPECT_TRUE(eventually([&] { return server_->stats().connections_open == 0; }));
}

TEST_F(WebSocketTest, ClientSeesCodeAndReasonOfTheServersClose) {
    start();
    auto client = connect();
    ASSERT_TRUE(eventually([&] { return log_.opened == 1; }));
    log_.socket()->send(text_of("before"));
    log_.socket()->close(4001, "go away");
    EXPECT_EQ(**client->receive(seconds(20)), "before");
    const auto end = client->receive(seconds(20));
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, "connection_closed");
    EXPECT_THAT(end.error().message, HasSubstr("4001 go away"));
    EXPECT_TRUE(eventually([&] { return log_.closed == 1; }));
}

TEST_F(WebSocketTest, AThrowingHandlerClosesItsSocketOnly) {
    start();
    auto other = connect();
    auto client = connect();
    ASSERT_TRUE(client->send("throw"));
    EXPECT_THAT(client->receive(seconds(20)).error().message, HasSubstr("1011"));
    ASSERT_TRUE(other->send("still here"));
    EXPECT_EQ(**other->receive(seconds(20)), "still here");
}

TEST_F(WebSocketTest, AClientThatNeverReadsFillsItsQueueOnly) {
    ServerOptions options;
    options.limits.websocket_queue_messages = 50;
    start(options);
    auto raw = connect_raw(4096);
    ASSERT_TRUE(eventually([&] { return log_.opened == 1; }));
    const auto message = text_of(std::string(32U << 10, 'x'));
    int accepted = 0;
    // The kernel's buffers take the first few hundred kilobytes.
    while (log_.socket()->send(message)) ASSERT_LT(++accepted, 10'000);
    EXPECT_GE(accepted, 50);
    EXPECT_EQ(log_.socket()->queued(), 50U);

    auto other = connect();
    ASSERT_TRUE(other->send("unhindered"));
    EXPECT_EQ(**other->receive(seconds(20)), "unhindered");
}

TEST_F(WebSocketTest, AQueueOverItsBytesRefuses) {
    ServerOptions options;
    options.limits.websocket_queue_bytes = 1U << 20;
    start(options);
    auto raw = connect_raw(4096);
    ASSERT_TRUE(eventually([&] { return log_.opened == 1; }));
    const auto message = text_of(std::string(300U << 10, 'x'));
    int accepted = 0;
    while (log_.socket()->send(message)) ASSERT_LT(++accepted, 1000);
    EXPECT_LE(log_.socket()->queued(), 3U);
    EXPECT_GE(accepted, 3);
}

TEST_F(WebSocketTest, ADrainedQueueIsReportedAndNothingIsLost) {
    start();
    auto client = connect();
    ASSERT_TRUE(eventually([&] { return log_.opened == 1; }));
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(log_.socket()->send(text_of(std::to_string(i))));
    for (int i = 0; i < 500; ++i) EXPECT_EQ(**client->receive(seconds(20)), std::to_string(i));
    EXPECT_TRUE(eventually([&] { return log_.drained >= 1 && log_.socket()->queued() == 0; }));
    EXPECT_EQ(server_->stats().websocket_messages_sent, 500U);
}

TEST_F(WebSocketTest, ManyThreadsMaySend) {
    ServerOptions options;
    options.workers = 2;
    options.limits.websocket_queue_messages = 100'000;
    start(options);
    auto client = connect();
    ASSERT_TRUE(eventually([&] { return log_.opened == 1; }));
    std::vector<std::thread> senders;
    for (int s = 0; s < 4; ++s)
        senders.emplace_back([&, s] {
            for (int i = 0; i < 500; ++i)
                log_.socket()->send(text_of(std::to_string(s) + " " + std::to_string(i)));
        });
    std::array<int, 4> next{};
    for (int i = 0; i < 2000; ++i) {
        const std::string got = **client->receive(seconds(20));
        const auto sender = static_cast<std::size_t>(got[0] - '0');
        EXPECT_EQ(std::stoi(got.substr(2)), next[sender]++) << "order of one sender";
    }
    for (auto& sender : senders) sender.join();
}

TEST_F(WebSocketTest, ABroadcastReachesAll) {
    start();
    std::vector<std::unique_ptr<WebSocketClient>> clients;
    std::vector<std::shared_ptr<WebSocket>> sockets;
    for (int i = 0; i < 250; ++i) {  // more than one turn of the loop writes
        clients.push_back(connect());
        ASSERT_TRUE(eventually([&] { return log_.opened == i + 1; }));
        sockets.push_back(log_.socket());
    }
    const auto message = text_of("to all");
    for (const auto& socket : sockets) ASSERT_TRUE(socket->send(message));
    for (const auto& client : clients) EXPECT_EQ(**client->receive(seconds(20)), "to all");
}

TEST_F(WebSocketTest, StopClosesWithGoingAway) {
    start();
    auto client = connect();
    ASSERT_TRUE(eventually([&] { return log_.opened == 1; }));
    std::thread stopper([&] { server_->stop(); });
    EXPECT_THAT(client->receive(seconds(20)).error().message, HasSubstr("1001"));
    stopper.join();
    EXPECT_EQ(log_.closed, 1);
    EXPECT_FALSE(log_.socket()->send(text_of("late")));
    log_.socket()->close(1000, "late");
}

/// Registers this process's end of the connections at `port` with each of its epolls, so that
/// registering them again fails.
void occupy_connections(std::uint16_t port) {
    std::vector<int> polls, sockets;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone).string();
        const int fd = std::stoi(entry.path().filename());
        if (target == "anon_inode:[eventpoll]") polls.push_back(fd);
        sockaddr_in local{}, peer{};
        socklen_t size = sizeof local, peer_size = sizeof peer;
        if (target.starts_with("socket:") &&
            ::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &size) == 0 &&
            ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0 &&
            ntohs(local.sin_port) == port)
            sockets.push_back(fd);
    }
    for (const int poll : polls)
        for (const int socket : sockets) {
            epoll_event nothing{};
            ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &nothing);
        }
}

TEST_F(WebSocketTest, AConnectionThatTheKernelHasNoRoomToWatchIsClosed) {
    std::atomic<std::uint16_t> port{0};
    server_ = start_server({}, echo, [&](const Request&) {
        occupy_connections(port);
        return std::make_unique<EchoHandler>(log_);
    });
    port = server_->port();
    RawClient raw(port);
    raw.send(upgrade());
    EXPECT_EQ(raw.read_to_end(), "");
    EXPECT_TRUE(eventually([&] { return server_->stats().connections_open == 0; }));
    EXPECT_EQ(server_->stats().websockets_open, 0U);
    EXPECT_EQ(log_.opened, 0);
}

TEST_F(WebSocketTest, PingsOfAPeerThatDoesNotReadAreNotKept) {
    start();
    auto raw = connect_raw(4096);
    constexpr std::size_t kPings = 200'000, kPayload = 120;
    std::string pings;
    for (std::size_t i = 0; i < kPings; ++i) {
        std::string number = std::to_string(i);
        pings += frame(0x89, number + std::string(kPayload - number.size(), '.'));
    }
    ASSERT_TRUE(raw->send(pings));
    ASSERT_TRUE(raw->send(frame(0x81, "after")));
    std::size_t pongs = 0;
    std::string last;
    for (;; ++pongs) {
        const std::string head = raw->read_exactly(2);
        ASSERT_EQ(head.size(), 2U);
        if (head != std::string("\x8A") + static_cast<char>(kPayload)) {
            EXPECT_EQ(head, std::string("\x81\x05"));
            break;
        }
        last = raw->read_exactly(kPayload);
    }
    EXPECT_EQ(last.substr(0, 6), std::to_string(kPings - 1)) << "the newest is answered";
    // What the sockets hold was answered; 24 MB are more than that.
    EXPECT_LT(pongs, kPings * 3 / 4);
}

TEST_F(WebSocketTest, SilentPeersAreDroppedAndAnsweringOnesStay) {
    ServerOptions options;
    options.limits.websocket_ping_seconds = 1;
    start(options);
    auto answering = connect();
    auto silent = connect_raw();
    ASSERT_TRUE(eventually([&] { return log_.opened == 2; }));
    // receive() answers the pings; the raw client only takes them in.
    std::atomic<bool> done{false};
    std::thread receiver([&] {
        while (!done) EXPECT_TRUE(answering->receive(milliseconds(100)));
    });
    EXPECT_THAT(silent->read_to_end(), StartsWith(std::string("\x89\0", 2)));
    EXPECT_TRUE(eventually([&] { return log_.closed == 1; }));
    done = true;
    receiver.join();
    EXPECT_EQ(server_->stats().websockets_open, 1U);
}

TEST_F(WebSocketTest, ClientReceiveGivesNothingInSilenceAndBreaksOnInterrupt) {
    start();
    auto client = connect();
    EXPECT_EQ(*client->receive(milliseconds(5)), std::nullopt);
    std::thread breaker([&] { client->interrupt(); });
    EXPECT_EQ(client->receive(seconds(20)).error().code, "interrupted");
    breaker.join();
}

TEST(WebSocketClient, RefusesAnswersThatOpenNothing) {
    const auto error = [](std::string answer) {
        RawServer server([&](int socket, int) {
            RawServer::read_request(socket);
            RawServer::write(socket, answer);
        });
        return WebSocketClient::connect(parse_url(server.url("ws")).value()).error();
    };
    EXPECT_THAT(error("HTTP/1.1 503 x\r\n\r\n").message, HasSubstr("503 Service Unavailable"));
    EXPECT_EQ(error("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Accept: d3Jvbmc=\r\n\r\n")
                  .code,
              "handshake_refused");
    EXPECT_EQ(error("").code, "connection_closed");
}

}  // namespace
}  // namespace astro::net

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "capabilities/market/engine/market_test_support.hpp"
#include "capabilities/market/sources/source.hpp"
#include "foundation/net/net_test_support.hpp"

/// The source of Pyth's prices over server-sent events, against a server byte for byte.
namespace astro::market {
namespace {

using net::test::RawServer;

constexpr std::string_view kHead =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const std::string kFeed(64, 'b');

std::string chunk(const std::string& data) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string size;
    for (std::size_t n = data.size(); n > 0; n /= 16) size.insert(size.begin(), kHex[n % 16]);
    return size + "\r\n" + data + "\r\n";
}
std::string event(std::string_view price, std::int64_t time) {
    return "data:{\"parsed\":[{\"id\":\"" + kFeed + "\",\"price\":{\"price\":\"" +
           std::string(price) +
           "\",\"conf\":\"1\",\"expo\":-2,\"publish_time\":" + std::to_string(time) + "}}]}\n\n";
}

class Collector final : public SourceSink {
  public:
    void on_observation(Observation seen) override {
        const std::lock_guard lock(mutex_);
        text_ += (text_.empty() ? "" : " ") + seen.asset + "=" + to_text(seen.price);
        wake_.notify_all();
    }
    std::string wait_for(std::string_view end) {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::milliseconds(net::test::kPatienceMs),
                       [&] { return text_.ends_with(end); });
        return text_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable wake_;
    std::string text_;
};

std::unique_ptr<Source> source_at(const RawServer& server, Clock& clock,
                                  DurationNs silence = seconds(20)) {
    HermesOptions options;
    options.name = "pyth";
    options.url = server.url();
    options.assets = {{"SOL", kFeed}};
    options.silence = silence;
    return make_hermes_source(options, clock).value();
}

TEST(HermesSource, FollowsTheStreamAndConnectsAnewWhenItEnds) {
    SystemClock clock;
    std::string request;
    auto server = std::make_unique<RawServer>([&](int socket, int connection) {
        request = RawServer::read_request(socket);
        const std::string first = chunk(event("15012", 1'700'000'000));
        RawServer::write(socket, kHead);
        // In two pieces, cut in the middle of the event.
        RawServer::write(socket, connection == 0 ? first.substr(0, 40) : "");
        RawServer::write(socket, connection == 0
                                     ? first.substr(40)
                                     : chunk(":keep-alive\n\n" + event("15100", 1'700'000'001)));
        if (connection > 0) RawServer::wait_for_end(socket);
    });
    Collector seen;
    const auto source = source_at(*server, clock);
    source->start(seen);
    EXPECT_EQ(seen.wait_for("SOL=151"), "SOL=150.12 SOL=151");
    const auto status = source->status();
    EXPECT_EQ(status.state, "running");
    EXPECT_EQ(status.reconnects, 1U);
    source->stop();
    server.reset();
    EXPECT_TRUE(request.starts_with("GET /v2/updates/price/stream?parsed=true&")) << request;
    EXPECT_NE(request.find("ids%5B%5D=" + kFeed), std::string::npos);
    EXPECT_NE(request.find("accept: text/event-stream"), std::string::npos);
}

TEST(HermesSource, CountsWhatMakesNoSenseAndGoesOn) {
    SystemClock clock;
    RawServer server([&](int socket, int) {
        RawServer::read_request(socket);
        RawServer::write(socket, kHead);
        RawServer::write(socket, chunk("data: <html>\n\ndata:{\"parsed\":[{\"id\":\"x\"}]}\n\n" +
                                       event("15012", 1'700'000'000)));
        RawServer::wait_for_end(socket);
    });
    Collector seen;
    const auto source = source_at(server, clock);
    source->start(seen);
    EXPECT_EQ(seen.wait_for("SOL=150.12"), "SOL=150.12");
    EXPECT_EQ(source->status().unreadable, 2U);
    source->stop();
}

TEST(HermesSource, LeavesASilentStreamForANewOne) {
    SystemClock clock;
    RawServer server([&](int socket, int connection) {
        RawServer::read_request(socket);
        RawServer::write(socket, kHead);
        if (connection > 0) RawServer::write(socket, chunk(event("15012", 1'700'000'000)));
        RawServer::wait_for_end(socket);
    });
    Collector seen;
    const auto source = source_at(server, clock, milliseconds(50));
    source->start(seen);
    EXPECT_EQ(seen.wait_for("SOL=150.12"), "SOL=150.12");
    EXPECT_GE(source->status().reconnects, 1U);
    source->stop();
}

}  // namespace
}  // namespace astro::market

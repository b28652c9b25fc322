#include <boost/json.hpp>
#include <condition_variable>
#include <deque>
#include <thread>

#include "capabilities/exchange/market_api.hpp"
#include "capabilities/exchange/market_feed_test_support.hpp"
#include "server/gateway/live.hpp"

/// The venue's public data on its whole way: engine, feed, bus, WebSocket hub, client.
namespace astro::node {
namespace {

namespace json = boost::json;
using namespace exchange;

/// The client's end of a WebSocket in memory; the queue is as bounded as a real one.
class ClientSocket final : public net::WebSocket {
  public:
    explicit ClientSocket(std::size_t limit) : limit_(limit) {}
    bool send(std::shared_ptr<const std::string> text) override {
        const std::scoped_lock lock(mutex_);
        if (queue_.size() >= limit_) return false;
        queue_.push_back(std::move(text));
        arrived_.notify_all();
        return true;
    }
    void close(std::uint16_t, std::string) override {}
    std::size_t queued() const override {
        const std::scoped_lock lock(mutex_);
        return queue_.size();
    }
    const net::Request& handshake() const override { return request_; }

    /// Waits; the limit is one that only a failure reaches.
    json::object next() {
        std::unique_lock lock(mutex_);
        if (!arrived_.wait_for(lock, std::chrono::seconds(20), [&] { return !queue_.empty(); })) {
            ADD_FAILURE() << "nothing was sent";
            return {{"type", "nothing"}};
        }
        const auto text = queue_.front();
        queue_.pop_front();
        return json::parse(*text).as_object();
    }

  private:
    net::Request request_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::shared_ptr<const std::string>> queue_;
    const std::size_t limit_;
};

/// A thread for each piece of work, and no routes.
class ThreadHost final : public gateway::LiveHost {
  public:
    void offload(std::function<void()> work) override {
        const std::scoped_lock lock(mutex_);
        threads_.emplace_back(std::move(work));
    }
    gateway::Destination find(const net::Request&) const override { return {}; }
    gateway::Admission admit(const gateway::Caller&, const net::Request&,
                             const gateway::Route&) override {
        return {};
    }
    void perform(const gateway::Destination&, net::Request, gateway::Admission, Answered) override {
    }

  private:
    std::mutex mutex_;
    std::vector<std::jthread> threads_;
};

struct MarketStream : testing::Test {
    MarketStream() {
        MarketTape::declare_streams(*bus, clock.now());
        venue.listen(&feed);
        feed.start(venue.venue, venue.sequence);
        crowd.emplace(venue, 21);
        venue.end_group();
        feed.flush();
        hub = gateway::LiveHub::start(*bus, clock, market_channels(tape), {}, host);
    }
    ~MarketStream() override {
        hub->stop();
        feed.stop();
    }

    LocalVenue venue;
    std::optional<Crowd> crowd;
    std::unique_ptr<Bus> bus = make_bus();
    SystemClock clock;
    const TapeOptions options{.book_every = DurationNs{0}};
    MarketTape tape{*bus, options};
    MarketFeed feed{tape, clock};
    std::shared_ptr<gateway::LiveHub> hub;
    ThreadHost host;  // its threads end before the hub goes
};

struct Follower {
    Follower(gateway::LiveHub& hub, std::size_t queue_limit = SIZE_MAX)
        : socket(std::make_shared<ClientSocket>(queue_limit)),
          handler(hub.accept(gateway::make_open_access(), {})) {
        handler->on_open(socket);
        handler->on_text(R"({"op":"subscribe","id":1,"channel":"exchange.book",)"
                         R"("filter":{"market":"SOL-PERP"}})");
    }
    ~Follower() { handler->on_close(); }

    /// Follows until the book is that of `seq`.
    void follow_until(Sequence seq) {
        while ((snapshots == 0 || book.seq() != seq) && !testing::Test::HasFailure()) {
            const auto message = socket->next();
            if (socket->queued() == 0) handler->on_drain();
            const auto& type = message.at("type").as_string();
            if (type == "gap") ++gaps;
            if (type == "snapshot") {
                const auto state = read_json<BookSnapshots>(json::serialize(message.at("state")));
                ASSERT_TRUE(state && state->books.size() == 1);
                book = BookClient();
                book.begin(state->books.front());
                ++snapshots;
            }
            if (type == "event")
                book.take(*read_json<BookDelta>(json::serialize(message.at("data"))));
        }
    }

    std::shared_ptr<ClientSocket> socket;
    std::unique_ptr<net::WebSocketHandler> handler;
    BookClient book;
    int snapshots = 0, gaps = 0;
};

TEST_F(MarketStream, AClientHasTheVenuesBookAfterTenThousandCommands) {
    for (int i = 0; i < 500; ++i) crowd->step();
    Follower follower(*hub);
    for (int i = 0; i < 10'000; ++i) {
        crowd->step();
        if (i % 100 == 0) feed.flush();
    }
    venue.end_group();
    feed.flush();
    follower.follow_until(tape.book("SOL-PERP")->seq);
    EXPECT_EQ(follower.book.bids(), levels_of(venue.venue, MarketId{0}, Side::buy));
    EXPECT_EQ(follower.book.asks(), levels_of(venue.venue, MarketId{0}, Side::sell));
    EXPECT_EQ(follower.snapshots, 1);
    EXPECT_GT(follower.book.deltas, 20);
}

TEST_F(MarketStream, AClientThatWasTooSlowIsToldSoAndBeginsAnew) {
    Follower follower(*hub, 8), other(*hub);
    follower.follow_until(tape.book("SOL-PERP")->seq);
    ASSERT_EQ(follower.snapshots, 1);
    for (int i = 0; i < 3'000; ++i) {
        crowd->step();
        if (i % 20 == 0) feed.flush();
    }
    venue.end_group();
    feed.flush();
    const auto seq = tape.book("SOL-PERP")->seq;
    other.follow_until(seq);  // each event is offered to the first before it is to this one
    EXPECT_EQ(other.gaps, 0);
    follower.follow_until(seq);
    EXPECT_EQ(follower.book.bids(), levels_of(venue.venue, MarketId{0}, Side::buy));
    EXPECT_EQ(follower.book.asks(), levels_of(venue.venue, MarketId{0}, Side::sell));
    EXPECT_GE(follower.gaps, 1);
    EXPECT_GE(follower.snapshots, 2);
}

}  // namespace
}  // namespace astro::node

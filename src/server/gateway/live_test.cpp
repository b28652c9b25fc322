#include "server/gateway/live.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

namespace astro::gateway {
namespace {

namespace json = boost::json;

/// A client's end of a WebSocket in memory: what the hub sends is kept until the test reads it, in
/// a queue as bounded as a real one.
class MemorySocket final : public net::WebSocket {
  public:
    bool send(std::shared_ptr<const std::string> text) override {
        const std::scoped_lock lock(mutex_);
        if (queue_.size() >= limit_) return false;
        queue_.push_back(json::parse(*text));
        arrived_.notify_all();
        return true;
    }
    void close(std::uint16_t code, std::string) override {
        const std::scoped_lock lock(mutex_);
        close_code_ = code;
    }
    std::size_t queued() const override {
        const std::scoped_lock lock(mutex_);
        return limit_ == SIZE_MAX ? 0 : queue_.size();
    }
    const net::Request& handshake() const override { return request_; }

    /// Waits for a message; a limit that only a failure reaches.
    json::object next() {
        std::unique_lock lock(mutex_);
        if (!arrived_.wait_for(lock, std::chrono::seconds(20), [&] { return !queue_.empty(); })) {
            ADD_FAILURE() << "nothing was sent";
            return {};
        }
        auto message = queue_.front().as_object();
        queue_.pop_front();
        return message;
    }
    void set_limit(std::size_t limit) {
        const std::scoped_lock lock(mutex_);
        limit_ = limit;
    }
    bool empty() const {
        const std::scoped_lock lock(mutex_);
        return queue_.empty();
    }
    std::uint16_t close_code() const {
        const std::scoped_lock lock(mutex_);
        return close_code_;
    }

  private:
    net::Request request_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<json::value> queue_;
    std::size_t limit_ = SIZE_MAX;
    std::uint16_t close_code_ = 0;
};

/// A pool of one thread, and no routes.
class SmallHost final : public LiveHost {
  public:
    ~SmallHost() override { stop(); }
    void offload(std::function<void()> work) override {
        const std::scoped_lock lock(mutex_);
        work_.push_back(std::move(work));
        changed_.notify_all();
    }
    Destination find(const net::Request&) const override { return {}; }
    Admission admit(const Caller&, const net::Request&, const Route&) override { return {}; }
    void perform(const Destination&, net::Request, Admission, Answered) override {}
    void stop() {
        thread_.request_stop();
        if (thread_.joinable()) thread_.join();
    }

  private:
    void run(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, stop, [this] { return !work_.empty(); })) {
            const auto work = std::move(work_.front());
            work_.pop_front();
            lock.unlock();
            work();
            lock.lock();
        }
    }
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::function<void()>> work_;
    std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};
};

struct Client {
    explicit Client(LiveHub& hub, const std::string& user = {})
        : socket(std::make_shared<MemorySocket>()),
          handler(hub.accept(make_open_access(), connection(user))) {
        handler->on_open(socket);
        EXPECT_EQ(socket->next().at("type"), "welcome");
    }
    ~Client() { close(); }
    static Access::Connection connection(const std::string& user) {
        Access::Connection out;
        out.admission.caller.user = user;
        return out;
    }
    void close() {
        if (handler) handler->on_close();
        handler.reset();
    }
    void send(const std::string& text) { handler->on_text(text); }
    json::object next() { return socket->next(); }
    json::object ask(const std::string& text) {
        send(text);
        return next();
    }

    std::shared_ptr<MemorySocket> socket;
    std::unique_ptr<net::WebSocketHandler> handler;
};

std::string subscribe(const std::string& channel, const std::string& more = {}) {
    return R"({"op":"subscribe","id":1,"channel":")" + channel + "\"" + more + "}";
}

class Live : public ::testing::Test {
  protected:
    Live() {
        bus->declare("s.one", 5, 0);
        bus->declare("s.two", 0, 70);
        bus->declare("s.own", 20, 0);
    }
    std::shared_ptr<LiveHub> start() {
        return LiveHub::start(*bus, clock,
                              {{.stream = "s.one",
                                .aliases = {"uno"},
                                .summary = {},
                                .filters = {{{.name = "k"}, Match::any_of, "k"}}},
                               {.stream = "s.two", .summary = {}}},
                              options, host);
    }
    /// A channel in which everybody sees his own, with a state: how many events there were for him.
    std::shared_ptr<LiveHub> start_own() {
        return LiveHub::start(*bus, clock,
                              {{.stream = "s.own",
                                .summary = {},
                                .owner_tag = "owner",
                                .snapshot = [this](const Caller& caller,
                                                   const FilterValues&) { return state(caller); },
                                .on_follow =
                                    [this](const std::string& user, bool begins) {
                                        const std::scoped_lock lock(own_mutex);
                                        follows += (begins ? "+" : "-") + user + " ";
                                    }}},
                              options, host);
    }
    Result<std::string> state(const Caller& caller) {
        const std::scoped_lock lock(own_mutex);
        if (caller.user == "mallory") return conflict("no_state", "there is none for you");
        return "{\"count\":" + std::to_string(counts[caller.user]) + "}";
    }
    void publish_own(const std::string& owner) {
        {
            const std::scoped_lock lock(own_mutex);
            ++counts[owner];
        }
        bus->publish("s.own", clock.now(), "s.own",
                     "{\"count\":" + std::to_string(counts[owner]) + "}", {{"owner", owner}});
    }
    std::uint64_t publish(std::string_view stream, const std::string& k = "a") {
        ++published;
        return bus
            ->publish(stream, clock.now(), std::string(stream),
                      "{\"n\":" + std::to_string(published) + "}", {{"k", k}})
            ->seq;
    }
    /// A gap and the snapshot behind it.
    static void expect_gap(Client& client, int from, int to, std::string_view reason) {
        const auto gap = client.next();
        EXPECT_EQ(gap.at("type"), "gap");
        EXPECT_EQ(gap.at("from_seq"), from);
        EXPECT_EQ(gap.at("to_seq"), to);
        EXPECT_EQ(gap.at("reason"), json::value(json::string_view(reason.data(), reason.size())));
        const auto snapshot = client.next();
        EXPECT_EQ(snapshot.at("type"), "snapshot");
        EXPECT_EQ(snapshot.at("seq"), to);
    }
    static void expect_event(Client& client, int seq, int prev_seq) {
        const auto event = client.next();
        EXPECT_EQ(event.at("type"), "event");
        EXPECT_EQ(event.at("seq"), seq);
        EXPECT_EQ(event.at("prev_seq"), prev_seq);
    }

    std::unique_ptr<Bus> bus = make_bus();
    VirtualClock clock{TimestampNs{1'700'000'000'000'000'000}};
    LiveOptions options{.version = "1.2.3"};
    int published = 0;
    std::mutex own_mutex;
    std::string follows;
    std::map<std::string, int> counts;
    SmallHost host;
};

TEST_F(Live, WelcomesWithWhatThereIs) {
    const auto hub = start();
    auto socket = std::make_shared<MemorySocket>();
    const auto handler = hub->accept(make_open_access(), {});
    handler->on_open(socket);
    EXPECT_EQ(json::value(socket->next()), json::parse(R"({"type":"welcome","version":"1.2.3",
        "time":"2023-11-14T22:13:20.000Z","heartbeat_seconds":15,"channels":["s.one","s.two"]})"));
    EXPECT_EQ(hub->stats().clients, 1U);
    handler->on_close();
    EXPECT_EQ(hub->stats().clients, 0U);
}

TEST_F(Live, SnapshotThenEveryEventOnceInOrder) {
    const auto hub = start();
    for (int i = 0; i < 8; ++i) publish("s.one");
    Client client(*hub);
    const auto subscribed = client.ask(subscribe("s.one", R"(,"snapshot":3)"));
    EXPECT_EQ(subscribed.at("type"), "subscribed");
    EXPECT_EQ(subscribed.at("id"), 1);
    EXPECT_EQ(subscribed.at("seq"), 8);
    const auto snapshot = client.next();
    EXPECT_EQ(snapshot.at("type"), "snapshot");
    EXPECT_EQ(snapshot.at("seq"), 8);
    ASSERT_EQ(snapshot.at("items").as_array().size(), 3U);
    EXPECT_EQ(snapshot.at("items").at(0).at("seq"), 6);
    EXPECT_EQ(snapshot.at("items").at(2).at("data").at("n"), 8);
    for (int i = 9; i < 200; ++i) {
        publish("s.one");
        expect_event(client, i, i - 1);
    }
    EXPECT_EQ(hub->stats().events_sent, 191U);
}

TEST_F(Live, ASnapshotAndWhatFollowsHaveNeitherHoleNorOverlap) {
    const auto hub = start();
    std::jthread publisher([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) publish("s.one");
    });
    for (int round = 0; round < 15; ++round) {
        Client client(*hub);
        client.send(subscribe("s.one", R"(,"snapshot":5)"));
        EXPECT_EQ(client.next().at("type"), "subscribed");
        const auto snapshot = client.next();
        auto last = snapshot.at("seq").to_number<std::int64_t>();
        if (!snapshot.at("items").as_array().empty()) {
            EXPECT_EQ(snapshot.at("items").as_array().back().at("seq"), last);
        }
        for (int i = 0; i < 20; ++i) {
            const auto event = client.next();
            if (event.at("type") == "gap") break;  // the publisher outruns the hub's own queue
            EXPECT_EQ(event.at("prev_seq"), last);
            EXPECT_EQ(event.at("seq"), last + 1);
            last = event.at("seq").to_number<std::int64_t>();
        }
    }
}

TEST_F(Live, AnAliasIsAnsweredUnderItsOwnName) {
    const auto hub = start();
    Client client(*hub);
    EXPECT_EQ(client.ask(subscribe("uno")).at("channel"), "uno");
    EXPECT_EQ(client.ask(subscribe("s.one")).at("channel"), "s.one");
    publish("s.one");
    std::set<std::string> names;
    for (int i = 0; i < 2; ++i) {
        const auto event = client.next();
        EXPECT_EQ(event.at("channel"), event.at("event"));
        names.insert(event.at("channel").as_string().c_str());
    }
    EXPECT_EQ(names, (std::set<std::string>{"s.one", "uno"}));
}

TEST_F(Live, ResumesBehindASeq) {
    const auto hub = start();
    for (int i = 0; i < 8; ++i) publish("s.one");
    Client client(*hub);
    EXPECT_EQ(client.ask(subscribe("s.one", R"(,"resume_from":5)")).at("seq"), 8);
    for (int seq = 6; seq <= 8; ++seq) expect_event(client, seq, seq - 1);
    publish("s.one");
    expect_event(client, 9, 8);
    // At the end there is nothing to repeat.
    EXPECT_EQ(client.ask(subscribe("s.one", R"(,"resume_from":9)")).at("seq"), 9);
    publish("s.one");
    expect_event(client, 10, 9);
}

TEST_F(Live, WhatIsNoLongerRetainedIsAGapAndASnapshot) {
    const auto hub = start();
    for (int i = 0; i < 8; ++i) publish("s.one");
    Client client(*hub);
    EXPECT_EQ(client.ask(subscribe("s.one", R"(,"resume_from":2,"snapshot":2)")).at("type"),
              "subscribed");
    const auto gap = client.next();
    EXPECT_EQ(gap.at("type"), "gap");
    EXPECT_EQ(gap.at("from_seq"), 3);
    EXPECT_EQ(gap.at("to_seq"), 8);
    EXPECT_EQ(gap.at("reason"), "not_retained");
    EXPECT_EQ(client.next().at("items").as_array().size(), 2U);
    publish("s.one");
    expect_event(client, 9, 8);
}

TEST_F(Live, ASeqThatIsNotReachedYetIsNotWaitedFor) {
    const auto hub = start();
    publish("s.one");
    Client client(*hub);
    EXPECT_EQ(client.ask(subscribe("s.one", R"(,"resume_from":1000)")).at("type"), "subscribed");
    expect_gap(client, 1, 1, "not_retained");
    publish("s.one");
    expect_event(client, 2, 1);
}

TEST_F(Live, AFilterSkipsAndPrevSeqTellsSo) {
    const auto hub = start();
    Client client(*hub);
    (void)client.ask(subscribe("s.one", R"(,"filter":{"k":"b"})"));
    publish("s.one", "a");
    publish("s.one", "b");
    publish("s.one", "a");
    publish("s.one", "b");
    expect_event(client, 2, 0);
    expect_event(client, 4, 2);
    // A second subscription replaces the first.
    EXPECT_EQ(client.ask(subscribe("s.one", R"(,"filter":{"k":"a"},"snapshot":5)")).at("seq"), 4);
    EXPECT_EQ(client.next().at("items").as_array().size(), 2U);
    publish("s.one", "b");
    publish("s.one", "a");
    expect_event(client, 6, 4);
    EXPECT_EQ(hub->stats().subscriptions, 1U);
}

TEST_F(Live, AfterUnsubscribeNothingComes) {
    const auto hub = start();
    Client client(*hub);
    (void)client.ask(subscribe("s.one"));
    (void)client.ask(subscribe("s.two"));
    const auto ended = client.ask(R"({"op":"unsubscribe","id":2,"channel":"s.one"})");
    EXPECT_EQ(ended.at("type"), "unsubscribed");
    EXPECT_EQ(ended.at("id"), 2);
    publish("s.one");
    publish("s.two");
    expect_event(client, 71, 70);  // the first would have come before
    EXPECT_TRUE(client.socket->empty());
    const auto again = client.ask(R"({"op":"unsubscribe","id":3,"channel":"s.one"})");
    EXPECT_EQ(again.at("code"), "not_subscribed");
    EXPECT_EQ(again.at("id"), 3);
}

TEST_F(Live, RefusalsCarryTheIdAndTheConnectionLivesOn) {
    options.subscriptions_max = 1;
    const auto hub = start();
    Client client(*hub);
    const auto unknown = client.ask(subscribe("s.three"));
    EXPECT_EQ(unknown.at("code"), "unknown_channel");
    EXPECT_EQ(unknown.at("id"), 1);
    EXPECT_NE(std::string_view(unknown.at("message").as_string().c_str()).find("s.one, s.two"),
              std::string::npos);
    EXPECT_EQ(client.ask("{").at("id"), json::value(nullptr));
    EXPECT_EQ(client.ask(R"({"id":9,"op":"fly"})").at("id"), 9);
    EXPECT_EQ(client.ask(subscribe("s.one", R"(,"filter":{"z":"1"})")).at("code"),
              "unknown_filter");
    EXPECT_EQ(client.ask(subscribe("s.one")).at("type"), "subscribed");
    EXPECT_EQ(client.ask(subscribe("s.two")).at("code"), "too_many_subscriptions");
    EXPECT_EQ(client.ask(subscribe("s.one")).at("type"), "subscribed") << "replaces its own";
    EXPECT_EQ(client.ask(R"({"op":"ping","id":4})").at("type"), "pong");
    EXPECT_EQ(hub->stats().messages_refused, 5U);
}

TEST_F(Live, TooManyMessagesEndTheConnection) {
    options.messages_burst = 3;
    options.messages_per_second = 1;
    const auto hub = start();
    Client client(*hub);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.ask(R"({"op":"ping","id":4})").at("type"), "pong");
    clock.advance(seconds(1));
    EXPECT_EQ(client.ask(R"({"op":"ping","id":4})").at("type"), "pong") << "one a second";
    EXPECT_EQ(client.ask(R"({"op":"ping","id":4})").at("code"), "rate_limited");
    EXPECT_EQ(client.socket->close_code(), 1008);
}

TEST_F(Live, HeartbeatsTellWhereEachSubscriptionIs) {
    const auto hub = start();
    Client client(*hub);
    (void)client.ask(subscribe("s.one"));
    (void)client.ask(subscribe("s.two"));
    publish("s.one");
    expect_event(client, 1, 0);
    clock.advance(seconds(15));
    const auto beat = client.next();
    EXPECT_EQ(beat.at("type"), "heartbeat");
    EXPECT_EQ(beat.at("time"), "2023-11-14T22:13:35.000Z");
    EXPECT_EQ(beat.at("seq"), json::parse(R"({"s.one":1,"s.two":70})"));
}

TEST_F(Live, AClientThatDoesNotReadIsToldWhatItMissedWhenItDoes) {
    const auto hub = start();
    Client slow(*hub), fast(*hub);
    (void)slow.ask(subscribe("s.one", R"(,"snapshot":0)"));
    (void)fast.ask(subscribe("s.one"));
    slow.socket->set_limit(2);
    for (int seq = 1; seq <= 7; ++seq) {
        publish("s.one");
        expect_event(fast, seq, seq - 1);  // comes all the same
    }
    slow.handler->on_drain();  // nothing was read: not even the gap has room
    expect_event(slow, 1, 0);
    expect_event(slow, 2, 1);
    EXPECT_TRUE(slow.socket->empty()) << "the queue stays bounded";
    slow.handler->on_drain();
    const auto gap = slow.next();
    EXPECT_EQ(gap.at("type"), "gap");
    EXPECT_EQ(gap.at("from_seq"), 3);
    EXPECT_EQ(gap.at("to_seq"), 7);
    EXPECT_EQ(gap.at("reason"), "slow_consumer");
    EXPECT_EQ(slow.next().at("type"), "snapshot");
    publish("s.one");
    expect_event(slow, 8, 7);
    EXPECT_EQ(hub->stats().gaps_sent, 1U);
}

TEST_F(Live, AnEmptyQueueThatNothingDrainsIsSeenByTheHeartbeat) {
    const auto hub = start();
    Client client(*hub), other(*hub);
    (void)client.ask(subscribe("s.one"));
    (void)other.ask(subscribe("s.one"));
    client.socket->set_limit(0);  // one message larger than all there is room for
    publish("s.one");
    expect_event(other, 1, 0);
    client.socket->set_limit(10);
    clock.advance(seconds(15));
    expect_gap(client, 1, 1, "slow_consumer");
    EXPECT_EQ(client.next().at("type"), "heartbeat");
    publish("s.one");
    expect_event(client, 2, 1);
}

TEST_F(Live, ClientsComeAndGoWhileEventsAreDelivered) {
    const auto hub = start();
    std::jthread publisher([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) publish("s.one");
    });
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 100; ++i) {
                Client client(*hub);
                client.send(subscribe("s.one"));
                client.send(subscribe("uno", R"(,"snapshot":1)"));
                client.send(R"({"op":"unsubscribe","id":2,"channel":"s.one"})");
            }
        });
    threads.clear();
    publisher.request_stop();
    publisher.join();
    EXPECT_EQ(hub->stats().clients, 0U);
    EXPECT_EQ(hub->stats().subscriptions, 0U);
    Client last(*hub);
    (void)last.ask(subscribe("s.one"));
    const auto seq = static_cast<int>(publish("s.one"));
    expect_event(last, seq, seq - 1);
}

TEST_F(Live, InAnOwnersChannelEverybodySeesHisOwn) {
    const auto hub = start_own();
    Client stranger(*hub), ada(*hub, "ada"), bob(*hub, "bob");
    EXPECT_EQ(stranger.ask(subscribe("s.own")).at("code"), "sign_in_needed");
    (void)ada.ask(subscribe("s.own", R"(,"snapshot":0)"));
    (void)bob.ask(subscribe("s.own", R"(,"snapshot":0)"));
    for (const char* owner : {"bob", "ada", "bob", "ada"}) publish_own(owner);
    expect_event(ada, 2, 0);
    expect_event(ada, 4, 2);
    expect_event(bob, 1, 0);
    expect_event(bob, 3, 1);
    // What was retained is his own too.
    Client again(*hub, "bob");
    EXPECT_EQ(again.ask(subscribe("s.own", R"(,"resume_from":1)")).at("seq"), 4);
    expect_event(again, 3, 1);
    EXPECT_TRUE(ada.socket->empty() && bob.socket->empty());
}

TEST_F(Live, AChannelIsToldWhoFollowsAndWhenItEnds) {
    const auto hub = start_own();
    const std::string own = subscribe("s.own", R"(,"snapshot":0)");
    {
        Client ada(*hub, "ada"), bob(*hub, "bob");
        (void)ada.ask(own);
        (void)bob.ask(own);
        (void)ada.ask(own);
        EXPECT_EQ(follows, "+ada +bob -ada +ada ") << "the second takes the place of the first";
        (void)bob.ask(R"({"op":"unsubscribe","id":2,"channel":"s.own"})");
        EXPECT_EQ(follows, "+ada +bob -ada +ada -bob ");
    }
    EXPECT_EQ(follows, "+ada +bob -ada +ada -bob -ada ") << "with its connection";
}

TEST_F(Live, AStateComesFirstAndNothingIsMissingAfterIt) {
    const auto hub = start_own();
    std::jthread publisher([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            publish_own("bob");
            publish_own("ada");
            std::this_thread::yield();
        }
    });
    for (int round = 0; round < 15; ++round) {
        Client client(*hub, "ada");
        client.send(subscribe("s.own"));
        EXPECT_EQ(client.next().at("type"), "subscribed");
        const auto snapshot = client.next();
        ASSERT_EQ(snapshot.at("type"), "snapshot");
        auto count = snapshot.at("state").at("count").to_number<std::int64_t>();
        for (int i = 0; i < 20; ++i) {
            const auto event = client.next();
            if (event.at("type") == "gap") break;  // the publisher outruns the hub's own queue
            const auto next = event.at("data").at("count").to_number<std::int64_t>();
            EXPECT_LE(next, count + 1) << "a hole behind the state";
            count = std::max(count, next);
        }
    }
}

TEST_F(Live, AfterAGapTheStateComesAnew) {
    const auto hub = start_own();
    Client slow(*hub, "ada"), fast(*hub, "ada");
    for (auto* client : {&slow, &fast}) {
        (void)client->ask(subscribe("s.own"));
        EXPECT_EQ(client->next().at("state").at("count"), 0);
    }
    slow.socket->set_limit(1);
    for (int i = 1; i <= 3; ++i) {
        publish_own("ada");
        expect_event(fast, i, i - 1);
    }
    expect_event(slow, 1, 0);
    slow.socket->set_limit(10);
    slow.handler->on_drain();
    EXPECT_EQ(slow.next().at("type"), "gap");
    const auto snapshot = slow.next();
    EXPECT_EQ(snapshot.at("seq"), 3);
    EXPECT_EQ(snapshot.at("state").at("count"), 3);
    publish_own("ada");
    expect_event(slow, 4, 3);
}

TEST_F(Live, WhenThereIsNoStateThereIsNoSubscription) {
    const auto hub = start_own();
    Client client(*hub, "mallory");
    const auto refused = client.ask(subscribe("s.own"));
    EXPECT_EQ(refused.at("code"), "no_state");
    EXPECT_EQ(refused.at("id"), 1);
    EXPECT_EQ(hub->stats().subscriptions, 0U);
}

TEST_F(Live, StreamsGoOnWhereTheyWereStored) {
    const auto hub = start();
    Client client(*hub);
    EXPECT_EQ(client.ask(subscribe("s.two")).at("seq"), 70);
    publish("s.two");
    expect_event(client, 71, 70);
    hub->stop();
    hub->stop();
}

}  // namespace
}  // namespace astro::gateway

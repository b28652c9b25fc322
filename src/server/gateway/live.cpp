#include "server/gateway/live.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "server/gateway/live_filter.hpp"
#include "server/gateway/live_message.hpp"
#include "server/gateway/live_text.hpp"

namespace astro::gateway {
namespace {

/// After this many sends the lock is let go, so that subscribing clients get their turn.
constexpr std::size_t kSendsPerTurn = 96;
constexpr DurationNs kPollTime = milliseconds(200);
/// A snapshot must fit into a client's queue beside what stands there, or it would never come.
constexpr std::size_t kSnapshotBytesMax = 4U << 20;
constexpr std::uint16_t kPolicyViolation = 1008;

struct Topic;
struct Client;

/// One client's interest in one channel, under the name the client used.
struct Follower {
    Client* client = nullptr;
    Topic* topic = nullptr;
    std::string name;
    LiveFilter filter;
    std::optional<std::uint64_t> snapshot;
    std::uint64_t base = 0;       ///< nothing up to here is sent any more
    std::uint64_t last_sent = 0;  ///< prev_seq of the next
    std::optional<std::uint64_t> missed_from{};
    bool gone = false;
    std::size_t index = 0;  ///< in topic->followers
};
using FollowerPtr = std::shared_ptr<Follower>;

struct Topic {
    Channel channel;
    std::uint64_t last_seq = 0;  ///< newest that the hub has taken from the bus
    std::vector<FollowerPtr> followers;
    bool busy = false;  ///< the delivery thread is somewhere in `followers`
    bool has_gone = false;
};

struct Client {
    std::shared_ptr<Access> access;
    Access::Connection admitted;
    std::shared_ptr<net::WebSocket> socket{};
    std::map<std::string, FollowerPtr, std::less<>> followers{};
    std::size_t index = 0;  ///< in the hub's list
    double tokens = 0;
    TimestampNs refilled{};
};

/// The same event goes to many: encoded once for each name and prev_seq, which followers without a
/// filter share.
class Encodings {
  public:
    explicit Encodings(const Event& event) : event_(event) {}
    const live_text::Text& get(const Follower& follower) {
        for (const auto& known : known_)
            if (known.prev_seq == follower.last_sent && known.name == follower.name)
                return known.text;
        const bool canonical = follower.name == event_.stream;
        known_.push_back({follower.name, follower.last_sent,
                          live_text::event(follower.name, canonical ? event_.type : follower.name,
                                           event_, follower.last_sent)});
        if (known_.size() > kKnownMax) known_.erase(known_.begin());
        return known_.back().text;
    }

  private:
    static constexpr std::size_t kKnownMax = 16;
    struct Known {
        std::string name;
        std::uint64_t prev_seq;
        live_text::Text text;
    };
    const Event& event_;
    std::vector<Known> known_;
};

class Hub final : public LiveHub, public std::enable_shared_from_this<Hub> {
  public:
    Hub(Bus& bus, Clock& clock, std::vector<Channel> channels, LiveOptions options)
        : bus_(bus), clock_(clock), options_(std::move(options)) {
        std::vector<std::string> streams;
        for (auto& channel : channels) {
            auto topic = std::make_unique<Topic>();
            names_.push_back(channel.stream);
            streams.push_back(channel.stream);
            by_name_[channel.stream] = topic.get();
            for (const auto& alias : channel.aliases) by_name_[alias] = topic.get();
            topic->channel = std::move(channel);
            topics_.push_back(std::move(topic));
        }
        queue_ = bus_.subscribe(streams, options_.hub_queue, SlowConsumer::drop_oldest);
        // After subscribing: what was published in between is in the queue and is skipped there.
        for (auto& topic : topics_) topic->last_seq = bus_.last_seq(topic->channel.stream);
        next_heartbeat_ = clock_.monotonic() + seconds(options_.heartbeat_seconds);
        thread_ = std::thread([this] { run(); });
    }
    ~Hub() override { stop(); }
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    std::unique_ptr<net::WebSocketHandler> accept(std::shared_ptr<Access> access,
                                                  Access::Connection connection) override;

    LiveStats stats() const override {
        const std::scoped_lock lock(mutex_);
        LiveStats out = stats_;
        out.clients = clients_.size();
        for (const auto& topic : topics_) out.subscriptions += topic->followers.size();
        return out;
    }

    void stop() override {
        queue_->close();
        stopping_ = true;
        if (thread_.joinable()) thread_.join();
    }

    // Called on event loops.
    void open(Client& client, std::shared_ptr<net::WebSocket> socket);
    void receive(Client& client, std::string_view text);
    void drained(Client& client);
    void close(Client& client);

  private:
    void run();
    void deliver(const EventPtr& event);
    void send_event(Follower& follower, const Event& event, Encodings& encodings);
    void miss(Follower& follower, std::uint64_t first);
    void heartbeat();
    void beat(Client& client, TimestampNs now);

    bool take_token(Client& client);
    Result<void> handle(Client& client, const LiveMessage& message);
    Result<void> subscribe(Client& client, const LiveMessage& message);
    Result<void> check_room(const Client& client) const;
    void begin(Follower& follower, const LiveMessage& message);
    void resume(Follower& follower, std::uint64_t from, std::uint64_t id);
    void send_snapshot(Follower& follower, std::size_t count);
    void recover(Follower& follower, std::uint64_t from, std::string_view reason);
    void rebase(Follower& follower, std::vector<EventPtr>& retained);
    void remove(const FollowerPtr& follower);
    void compact(Topic& topic);
    bool send(Client& client, live_text::Text text) { return client.socket->send(std::move(text)); }

    Bus& bus_;
    Clock& clock_;
    LiveOptions options_;
    std::vector<std::string> names_;
    std::vector<std::unique_ptr<Topic>> topics_;
    std::map<std::string, Topic*, std::less<>> by_name_;
    std::unique_ptr<Subscription> queue_;

    mutable std::mutex mutex_;  // of all below and of topics, clients and followers
    std::vector<Client*> clients_;
    LiveStats stats_;
    TimestampNs next_heartbeat_{};  // delivery thread only
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

class Connection final : public net::WebSocketHandler {
  public:
    Connection(std::shared_ptr<Hub> hub, std::shared_ptr<Access> access,
               Access::Connection admitted)
        : hub_(std::move(hub)), client_{std::move(access), std::move(admitted)} {}
    void on_open(std::shared_ptr<net::WebSocket> socket) override {
        hub_->open(client_, std::move(socket));
    }
    void on_text(std::string_view text) override { hub_->receive(client_, text); }
    void on_close() override { hub_->close(client_); }
    void on_drain() override { hub_->drained(client_); }

  private:
    std::shared_ptr<Hub> hub_;
    Client client_;
};

std::unique_ptr<net::WebSocketHandler> Hub::accept(std::shared_ptr<Access> access,
                                                   Access::Connection connection) {
    return std::make_unique<Connection>(shared_from_this(), std::move(access),
                                        std::move(connection));
}

// ── connections ─────────────────────────────────────────────────────────────────────────────────

void Hub::open(Client& client, std::shared_ptr<net::WebSocket> socket) {
    const std::scoped_lock lock(mutex_);
    client.socket = std::move(socket);
    client.index = clients_.size();
    client.tokens = options_.messages_burst;
    client.refilled = clock_.monotonic();
    clients_.push_back(&client);
    send(client,
         live_text::welcome(options_.version, clock_.now(), options_.heartbeat_seconds, names_));
}

void Hub::close(Client& client) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, follower] : client.followers) remove(follower);
    client.followers.clear();
    clients_[client.index] = clients_.back();
    clients_[client.index]->index = client.index;
    clients_.pop_back();
    client.socket.reset();
}

void Hub::remove(const FollowerPtr& follower) {
    Topic& topic = *follower->topic;
    follower->gone = true;
    follower->client = nullptr;
    if (topic.busy) {  // the delivery thread removes it when it is through
        topic.has_gone = true;
        return;
    }
    topic.followers[follower->index] = topic.followers.back();
    topic.followers[follower->index]->index = follower->index;
    topic.followers.pop_back();
}

void Hub::compact(Topic& topic) {
    std::erase_if(topic.followers, [](const auto& f) { return f->gone; });
    for (std::size_t i = 0; i < topic.followers.size(); ++i) topic.followers[i]->index = i;
    topic.has_gone = false;
}

bool Hub::take_token(Client& client) {
    const auto now = clock_.monotonic();
    const double passed = static_cast<double>((now - client.refilled).value()) * 1e-9;
    client.tokens =
        std::min(options_.messages_burst, client.tokens + passed * options_.messages_per_second);
    client.refilled = now;
    if (client.tokens < 1) return false;
    client.tokens -= 1;
    return true;
}

void Hub::receive(Client& client, std::string_view text) {
    const auto message = parse_live_message(text);
    const std::scoped_lock lock(mutex_);
    if (!take_token(client)) {
        ++stats_.messages_refused;
        send(client,
             live_text::error(std::nullopt, {ErrorKind::refusal, "rate_limited",
                                             "too many messages; the connection is closed"}));
        client.socket->close(kPolicyViolation, "too many messages");
        return;
    }
    if (message) {
        const auto done = handle(client, *message);
        if (done) return;
        ++stats_.messages_refused;
        send(client, live_text::error(message->id, done.error()));
    } else {
        ++stats_.messages_refused;
        send(client, live_text::error(live_message_id(text), message.error()));
    }
}

Result<void> Hub::handle(Client& client, const LiveMessage& message) {
    switch (message.op) {
        case LiveMessage::Op::ping:
            send(client, live_text::pong(message.id, clock_.now()));
            return {};
        case LiveMessage::Op::subscribe:
            return subscribe(client, message);
        case LiveMessage::Op::unsubscribe:
            break;
    }
    const auto at = client.followers.find(message.channel);
    if (at == client.followers.end())
        return refusal("not_subscribed", "there is no subscription to end", message.channel);
    remove(at->second);
    client.followers.erase(at);
    send(client, live_text::unsubscribed(message.id, message.channel));
    return {};
}

Result<void> Hub::subscribe(Client& client, const LiveMessage& message) {
    const auto topic = by_name_.find(message.channel);
    if (topic == by_name_.end()) {
        std::string known;
        for (const auto& name : names_) known += (known.empty() ? "" : ", ") + name;
        return refusal("unknown_channel", "the channels are " + known, message.channel);
    }
    if (!client.access->may_follow(client.admitted.admission.caller, topic->second->channel))
        return forbidden("permission_missing",
                         "this channel needs the permission " + topic->second->channel.permission,
                         message.channel);
    ASTRO_TRY(auto filter, LiveFilter::compile(topic->second->channel.filters, message));
    const auto old = client.followers.find(message.channel);
    if (old != client.followers.end()) {
        remove(old->second);
        client.followers.erase(old);
    } else {
        ASTRO_CHECK(check_room(client));
    }
    auto follower = std::make_shared<Follower>();
    follower->client = &client;
    follower->topic = topic->second;
    follower->name = message.channel;
    follower->filter = std::move(filter);
    follower->snapshot = message.snapshot;
    follower->index = topic->second->followers.size();
    topic->second->followers.push_back(follower);
    client.followers[message.channel] = follower;
    begin(*follower, message);
    return {};
}

Result<void> Hub::check_room(const Client& client) const {
    const auto allowed =
        static_cast<std::size_t>(std::max<std::int64_t>(client.admitted.subscriptions_max, 0));
    const auto most = std::min(options_.subscriptions_max, allowed);
    if (client.followers.size() < most) return {};
    return limited("too_many_subscriptions", "at most " + std::to_string(most) + " a connection");
}

// ── what a subscription begins with ─────────────────────────────────────────────────────────────

/// From here on the follower has everything up to the newest published event.
void Hub::rebase(Follower& follower, std::vector<EventPtr>& retained) {
    const auto& stream = follower.topic->channel.stream;
    const auto last = bus_.last_seq(stream);
    retained = bus_.newest(stream, SIZE_MAX);
    follower.base = retained.empty() ? last : retained.back()->seq;
    follower.last_sent = follower.base;
    follower.missed_from.reset();
}

void Hub::begin(Follower& follower, const LiveMessage& message) {
    if (message.resume_from) return resume(follower, *message.resume_from, message.id);
    std::vector<EventPtr> retained;
    rebase(follower, retained);
    send(*follower.client, live_text::subscribed(message.id, follower.name, follower.base));
    if (message.snapshot.value_or(0) > 0)
        send_snapshot(follower, static_cast<std::size_t>(*message.snapshot));
}

void Hub::resume(Follower& follower, std::uint64_t from, std::uint64_t id) {
    const auto events = bus_.replay(follower.topic->channel.stream, from);
    if (!events) {
        send(*follower.client, live_text::subscribed(id, follower.name, from));
        return recover(follower, from + 1, "not_retained");
    }
    follower.base = events->empty() ? from : events->back()->seq;
    follower.last_sent = from;
    send(*follower.client, live_text::subscribed(id, follower.name, follower.base));
    for (const auto& event : *events) {
        Encodings encodings(*event);
        send_event(follower, *event, encodings);
    }
}

void Hub::send_snapshot(Follower& follower, std::size_t count) {
    std::vector<EventPtr> retained;
    rebase(follower, retained);
    std::vector<EventPtr> items;
    std::size_t bytes = 0;
    for (auto at = retained.rbegin(); at != retained.rend() && items.size() < count; ++at) {
        if (!follower.filter.matches(**at)) continue;
        bytes += (*at)->payload.size();
        if (!items.empty() && bytes > kSnapshotBytesMax) break;
        items.push_back(*at);
    }
    std::ranges::reverse(items);
    if (!send(*follower.client, live_text::snapshot(follower.name, follower.base, items)))
        miss(follower, follower.base);
}

/// Says what is missing from `from` on, then gives the newest.
void Hub::recover(Follower& follower, std::uint64_t from, std::string_view reason) {
    std::vector<EventPtr> retained;
    rebase(follower, retained);
    const auto first = std::min(from, follower.base);
    if (!send(*follower.client, live_text::gap(follower.name, first, follower.base, reason))) {
        miss(follower, first);
        return;
    }
    ++stats_.gaps_sent;
    send_snapshot(follower,
                  static_cast<std::size_t>(follower.snapshot.value_or(options_.default_snapshot)));
}

// ── delivery ────────────────────────────────────────────────────────────────────────────────────

void Hub::run() {
    while (!stopping_) {
        if (const auto event = queue_->next(kPollTime)) deliver(event);
        if (clock_.monotonic() >= next_heartbeat_) heartbeat();
    }
}

void Hub::deliver(const EventPtr& event) {
    Topic& topic = *by_name_.find(event->stream)->second;
    Encodings encodings(*event);
    std::unique_lock lock(mutex_);
    if (event->seq <= topic.last_seq) return;
    const auto expected = topic.last_seq + 1;
    topic.last_seq = event->seq;
    topic.busy = true;
    std::size_t sends = 0;
    for (std::size_t i = 0; i < topic.followers.size(); ++i) {
        const FollowerPtr follower = topic.followers[i];
        if (follower->gone) continue;
        if (event->seq > expected && !follower->missed_from && follower->base + 1 < event->seq)
            recover(*follower, std::max(expected, follower->base + 1), "server_overload");
        if (event->seq > follower->base) send_event(*follower, *event, encodings);
        if (++sends % kSendsPerTurn == 0) {
            lock.unlock();
            lock.lock();
        }
    }
    topic.busy = false;
    if (topic.has_gone) compact(topic);
}

void Hub::send_event(Follower& follower, const Event& event, Encodings& encodings) {
    if (!follower.filter.matches(event)) return;
    if (follower.missed_from) return;
    if (!send(*follower.client, encodings.get(follower))) return miss(follower, event.seq);
    follower.last_sent = event.seq;
    ++stats_.events_sent;
}

void Hub::miss(Follower& follower, std::uint64_t first) {
    if (!follower.missed_from) follower.missed_from = first;
}

void Hub::drained(Client& client) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, follower] : client.followers)
        if (follower->missed_from) recover(*follower, *follower->missed_from, "slow_consumer");
}

void Hub::heartbeat() {
    const auto now = clock_.now();
    next_heartbeat_ = clock_.monotonic() + seconds(options_.heartbeat_seconds);
    std::unique_lock lock(mutex_);
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        beat(*clients_[i], now);
        if (i % kSendsPerTurn == kSendsPerTurn - 1) {
            lock.unlock();
            lock.lock();
        }
    }
}

void Hub::beat(Client& client, TimestampNs now) {
    std::vector<std::pair<std::string, std::uint64_t>> seqs;
    for (const auto& [name, follower] : client.followers) {
        // Nothing drains a queue that is already empty.
        if (follower->missed_from && client.socket->queued() == 0)
            recover(*follower, *follower->missed_from, "slow_consumer");
        if (!follower->missed_from)
            seqs.emplace_back(name, std::max(follower->base, follower->topic->last_seq));
    }
    send(client, live_text::heartbeat(now, seqs));
}

}  // namespace

std::shared_ptr<LiveHub> LiveHub::start(Bus& bus, Clock& clock, std::vector<Channel> channels,
                                        LiveOptions options) {
    return std::make_shared<Hub>(bus, clock, std::move(channels), std::move(options));
}

}  // namespace astro::gateway

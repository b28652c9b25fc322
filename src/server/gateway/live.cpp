#include "server/gateway/live.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "server/gateway/live_follower.hpp"
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

class Hub final : public LiveHub, public std::enable_shared_from_this<Hub> {
  public:
    Hub(Bus& bus, Clock& clock, std::vector<Channel> channels, LiveOptions options, LiveHost& host)
        : bus_(bus), clock_(clock), options_(std::move(options)), host_(host) {
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
    void open(LiveClient& client, std::shared_ptr<net::WebSocket> socket);
    void receive(LiveClient& client, std::string_view text, const Result<LiveMessage>& message);
    std::shared_ptr<CallLane> make_lane(Caller caller) {
        return std::make_shared<CallLane>(host_, clock_, options_.calls, std::move(caller));
    }
    void drained(LiveClient& client);
    void close(LiveClient& client);

  private:
    void run();
    void deliver(const EventPtr& event);
    void send_event(Follower& follower, const Event& event, Encodings& encodings);
    void miss(Follower& follower, std::uint64_t first);
    void heartbeat();
    void beat(LiveClient& client, TimestampNs now);

    Result<void> handle(LiveClient& client, const LiveMessage& message);
    Result<void> subscribe(LiveClient& client, const LiveMessage& message);
    Result<void> check_room(const LiveClient& client) const;
    void begin(const FollowerPtr& follower, const LiveMessage& message);
    void resume(Follower& follower, std::uint64_t from, std::uint64_t id);
    void send_snapshot(Follower& follower, std::size_t count);
    void ask_state(const FollowerPtr& follower, std::optional<std::uint64_t> id);
    void give_state(const FollowerPtr& follower, std::optional<std::uint64_t> id,
                    std::uint64_t base, const Result<std::string>& state);
    void send_all(Follower& follower, const std::vector<EventPtr>& events);
    void recover(Follower& follower, std::uint64_t from, std::string_view reason);
    void rebase(Follower& follower, std::vector<EventPtr>& retained);
    void remove(const FollowerPtr& follower);
    void compact(Topic& topic);
    bool send(LiveClient& client, live_text::Text text) {
        return client.socket->send(std::move(text));
    }

    Bus& bus_;
    Clock& clock_;
    LiveOptions options_;
    LiveHost& host_;
    std::vector<std::string> names_;
    std::vector<std::unique_ptr<Topic>> topics_;
    std::map<std::string, Topic*, std::less<>> by_name_;
    std::unique_ptr<Subscription> queue_;

    mutable std::mutex mutex_;  // of all below and of topics, clients and followers
    std::vector<LiveClient*> clients_;
    LiveStats stats_;
    TimestampNs next_heartbeat_{};  // delivery thread only
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

class Connection final : public net::WebSocketHandler {
  public:
    Connection(std::shared_ptr<Hub> hub, std::shared_ptr<Access> access,
               Access::Connection admitted)
        : hub_(std::move(hub)),
          client_{std::move(access), std::move(admitted)},
          lane_(hub_->make_lane(client_.admitted.admission.caller)) {}
    void on_open(std::shared_ptr<net::WebSocket> socket) override {
        lane_->open(socket);
        hub_->open(client_, std::move(socket));
    }
    void on_text(std::string_view text) override {
        auto message = parse_live_message(text);
        if (message && message->op == LiveMessage::Op::call)
            lane_->call(message->id, *message->call);
        else if (message && message->op == LiveMessage::Op::at_close)
            lane_->at_close(message->id, message->slot, std::move(message->call));
        else
            hub_->receive(client_, text, message);
    }
    void on_close() override {
        hub_->close(client_);
        lane_->close();
    }
    void on_drain() override { hub_->drained(client_); }

  private:
    std::shared_ptr<Hub> hub_;
    LiveClient client_;
    std::shared_ptr<CallLane> lane_;
};

std::unique_ptr<net::WebSocketHandler> Hub::accept(std::shared_ptr<Access> access,
                                                   Access::Connection connection) {
    return std::make_unique<Connection>(shared_from_this(), std::move(access),
                                        std::move(connection));
}

// ── connections ─────────────────────────────────────────────────────────────────────────────────

void Hub::open(LiveClient& client, std::shared_ptr<net::WebSocket> socket) {
    const std::scoped_lock lock(mutex_);
    client.socket = std::move(socket);
    client.index = clients_.size();
    client.pace = {options_.messages_burst, options_.messages_per_second, clock_.monotonic()};
    clients_.push_back(&client);
    send(client,
         live_text::welcome(options_.version, clock_.now(), options_.heartbeat_seconds, names_));
}

void Hub::close(LiveClient& client) {
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
    if (topic.channel.on_follow)
        topic.channel.on_follow(follower->client->admitted.admission.caller.user, false);
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

void Hub::receive(LiveClient& client, std::string_view text, const Result<LiveMessage>& message) {
    const std::scoped_lock lock(mutex_);
    if (!client.pace.take(clock_.monotonic())) {
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

Result<void> Hub::handle(LiveClient& client, const LiveMessage& message) {
    switch (message.op) {
        case LiveMessage::Op::ping:
            send(client, live_text::pong(message.id, clock_.now()));
            return {};
        case LiveMessage::Op::subscribe:
            return subscribe(client, message);
        case LiveMessage::Op::unsubscribe:
        case LiveMessage::Op::call:  // are the lane's
        case LiveMessage::Op::at_close:
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

Result<void> Hub::subscribe(LiveClient& client, const LiveMessage& message) {
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
    const Caller& caller = client.admitted.admission.caller;
    const bool is_owned = !topic->second->channel.owner_tag.empty();
    if (is_owned && caller.user.empty())
        return unauthenticated("sign_in_needed", "in this channel everybody sees his own only",
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
    follower->values = message.filter;
    if (is_owned) follower->owner = caller.user;
    follower->snapshot = message.snapshot;
    follower->index = topic->second->followers.size();
    topic->second->followers.push_back(follower);
    client.followers[message.channel] = follower;
    if (follower->topic->channel.on_follow) follower->topic->channel.on_follow(caller.user, true);
    begin(follower, message);
    return {};
}

Result<void> Hub::check_room(const LiveClient& client) const {
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

void Hub::begin(const FollowerPtr& follower, const LiveMessage& message) {
    if (message.resume_from) return resume(*follower, *message.resume_from, message.id);
    if (follower->topic->channel.snapshot && message.snapshot != 0)
        return ask_state(follower, message.id);
    std::vector<EventPtr> retained;
    rebase(*follower, retained);
    send(*follower->client, live_text::subscribed(message.id, follower->name, follower->base));
    if (message.snapshot.value_or(0) > 0)
        send_snapshot(*follower, static_cast<std::size_t>(*message.snapshot));
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
    send_all(follower, *events);
}

void Hub::send_all(Follower& follower, const std::vector<EventPtr>& events) {
    for (const auto& event : events) {
        Encodings encodings(*event);
        send_event(follower, *event, encodings);
    }
}

/// With `id` it is what a subscription begins with.
void Hub::ask_state(const FollowerPtr& follower, std::optional<std::uint64_t> id) {
    follower->awaits_state = true;
    follower->missed_from.reset();
    host_.offload([self = shared_from_this(), follower, id,
                   caller = follower->client->admitted.admission.caller] {
        const Channel& channel = follower->topic->channel;
        // Before the state is looked at, which therefore has all up to here.
        const auto base = self->bus_.last_seq(channel.stream);
        self->give_state(follower, id, base, channel.snapshot(caller, follower->values));
    });
}

void Hub::give_state(const FollowerPtr& follower, std::optional<std::uint64_t> id,
                     std::uint64_t base, const Result<std::string>& state) {
    const std::scoped_lock lock(mutex_);
    if (follower->gone) return;
    LiveClient& client = *follower->client;
    const bool fits = state && state->size() <= kSnapshotBytesMax;
    if (!fits) {
        const Error too_large{ErrorKind::refusal, "snapshot_too_large",
                              "this is more than one message holds: filter it", follower->name};
        ++stats_.messages_refused;
        send(client, live_text::error(id, state ? too_large : state.error()));
        const std::string name = follower->name;
        remove(follower);
        client.followers.erase(name);
        return;
    }
    const auto events = bus_.replay(follower->topic->channel.stream, base);
    if (!events) return ask_state(follower, id);  // too much has happened meanwhile
    follower->awaits_state = false;
    follower->last_sent = base;
    follower->base = events->empty() ? base : events->back()->seq;
    if (id) send(client, live_text::subscribed(*id, follower->name, base));
    if (!send(client, live_text::state(follower->name, base, *state))) return miss(*follower, base);
    send_all(*follower, *events);
}

void Hub::send_snapshot(Follower& follower, std::size_t count) {
    std::vector<EventPtr> retained;
    rebase(follower, retained);
    std::vector<EventPtr> items;
    std::size_t bytes = 0;
    for (auto at = retained.rbegin(); at != retained.rend() && items.size() < count; ++at) {
        if (!follower.matches(**at)) continue;
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
    if (follower.topic->channel.snapshot)
        return ask_state(follower.shared_from_this(), std::nullopt);
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
        if (event->seq > expected && !follower->missed_from && !follower->awaits_state &&
            follower->base + 1 < event->seq)
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
    if (follower.awaits_state || follower.missed_from || !follower.matches(event)) return;
    if (!send(*follower.client, encodings.get(follower))) return miss(follower, event.seq);
    follower.last_sent = event.seq;
    ++stats_.events_sent;
}

void Hub::miss(Follower& follower, std::uint64_t first) {
    if (!follower.missed_from) follower.missed_from = first;
}

void Hub::drained(LiveClient& client) {
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

void Hub::beat(LiveClient& client, TimestampNs now) {
    std::vector<std::pair<std::string, std::uint64_t>> seqs;
    for (const auto& [name, follower] : client.followers) {
        // Nothing drains a queue that is already empty.
        if (follower->missed_from && client.socket->queued() == 0)
            recover(*follower, *follower->missed_from, "slow_consumer");
        if (!follower->missed_from && !follower->awaits_state)
            seqs.emplace_back(name, std::max(follower->base, follower->topic->last_seq));
    }
    send(client, live_text::heartbeat(now, seqs));
}

}  // namespace

std::shared_ptr<LiveHub> LiveHub::start(Bus& bus, Clock& clock, std::vector<Channel> channels,
                                        LiveOptions options, LiveHost& host) {
    return std::make_shared<Hub>(bus, clock, std::move(channels), std::move(options), host);
}

}  // namespace astro::gateway

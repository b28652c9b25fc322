#include "server/dialects/binance/stream_hub.hpp"

#include <algorithm>

#include "server/dialects/binance/stream_text.hpp"
#include "server/dialects/binance/user_text.hpp"
#include "server/gateway/pace.hpp"

namespace astro::binance {
namespace {

constexpr DurationNs kPollTime = milliseconds(200);
constexpr DurationNs kKeysEvery = seconds(5);
constexpr std::uint16_t kPolicyViolation = 1008;
/// After this many sends the lock is let go, so that others get their turn.
constexpr std::size_t kSendsPerTurn = 96;

using Text = std::shared_ptr<const std::string>;

Text shared(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto at = text.find(separator);
        if (at != 0) out.emplace_back(text.substr(0, at));
        if (at == text.npos) break;
        text.remove_prefix(at + 1);
    }
    return out;
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// What a connection's address asks for: "/ws/a/b", "/stream?streams=a/b", "?listenKey=…". A name
/// of digits alone only tells one connection of a program from another, as ccxt's do.
struct Opening {
    bool combined = false;
    std::vector<std::string> names{};
};
Opening opening_of(const net::Request& request) {
    Opening out;
    std::string_view path = request.path;
    for (const std::string_view category : {"/public", "/market", "/private"})
        if (path.starts_with(category)) path.remove_prefix(category.size());
    out.combined = path.starts_with("/stream");
    path.remove_prefix(std::min(path.find('/', 1), path.size()));
    out.names = split(path, '/');
    for (const auto& [name, value] : request.query) {
        if (name == "streams")
            for (auto& stream : split(value, '/')) out.names.push_back(std::move(stream));
        if (name == "listenKey") out.names.push_back(value);
    }
    std::erase_if(out.names, is_number);
    return out;
}

/// Listen keys are long and of hex digits; no stream's name is.
bool is_listen_key(std::string_view name) {
    return name.size() == 64 && name.find('@') == name.npos;
}

}  // namespace

struct StreamHub::Client {
    explicit Client(gateway::Endpoint::Client by, Opening asked)
        : who(std::move(by)), combined(asked.combined), first(std::move(asked.names)) {}
    gateway::Endpoint::Client who;  ///< counted while it lives
    std::shared_ptr<net::WebSocket> socket{};
    bool combined = false;
    std::vector<std::string> first;   ///< asked for by the address
    std::set<std::string> streams{};  ///< followed, listen keys too
    gateway::Pace pace{};
};

class StreamConnection final : public net::WebSocketHandler {
  public:
    StreamConnection(std::shared_ptr<StreamHub> hub, StreamHub::ClientPtr client)
        : hub_(std::move(hub)), client_(std::move(client)) {}
    void on_open(std::shared_ptr<net::WebSocket> socket) override {
        hub_->open(client_, std::move(socket));
    }
    void on_text(std::string_view text) override { hub_->receive(client_, text); }
    void on_close() override { hub_->close(client_); }

  private:
    std::shared_ptr<StreamHub> hub_;
    StreamHub::ClientPtr client_;
};

std::shared_ptr<StreamHub> StreamHub::start(const Around& around, Bus& bus, const ListenKeys& keys,
                                            StreamLimits limits) {
    return std::shared_ptr<StreamHub>(new StreamHub(around, bus, keys, limits));
}

StreamHub::StreamHub(const Around& around, Bus& bus, const ListenKeys& keys, StreamLimits limits)
    : around_(around), keys_(keys), limits_(limits) {
    queue_ =
        bus.subscribe({std::string(exchange::kBookStream), std::string(exchange::kTradeStream),
                       std::string(exchange::kPriceStream), std::string(exchange::kCandleStream),
                       std::string(exchange::kLiquidationStream)},
                      limits_.hub_queue, SlowConsumer::drop_oldest);
    thread_ = std::thread([this] { run(); });
}

StreamHub::~StreamHub() {
    stop();
}

void StreamHub::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    queue_->close();
    if (thread_.joinable()) thread_.join();
    news_.stop();
}

gateway::Endpoint StreamHub::endpoint() {
    return {.paths = {"/ws", "/stream", "/public/ws", "/public/stream", "/market/ws",
                      "/market/stream", "/private/ws", "/private/stream"},
            .accept = [hub = shared_from_this()](const net::Request& request,
                                                 gateway::Endpoint::Client who) -> net::Upgrade {
                auto client = std::make_shared<Client>(std::move(who), opening_of(request));
                return std::make_unique<StreamConnection>(hub, std::move(client));
            }};
}

// ── connections ─────────────────────────────────────────────────────────────────────────────────

void StreamHub::open(const ClientPtr& client, std::shared_ptr<net::WebSocket> socket) {
    const std::scoped_lock lock(mutex_);
    client->socket = std::move(socket);
    client->pace = {limits_.messages_burst, limits_.messages_per_second, around_.clock.monotonic()};
    clients_.insert(client);
    for (const auto& name : client->first)
        if (const auto fault = subscribe(client, {name})) send(*client, shared(fault_text(*fault)));
}

void StreamHub::close(const ClientPtr& client) {
    const std::scoped_lock lock(mutex_);
    const auto names = client->streams;
    for (const auto& name : names) unsubscribe(client, name);
    clients_.erase(client);
    client->socket.reset();
}

void StreamHub::receive(const ClientPtr& client, std::string_view text) {
    const std::scoped_lock lock(mutex_);
    if (!client->socket) return;
    if (!client->pace.take(around_.clock.monotonic())) {
        client->socket->close(kPolicyViolation, "Too many requests");
        return;
    }
    const auto parsed = parse_stream_message(text);
    send(*client,
         shared(parsed.message ? handle(client, *parsed.message) : fault_text(parsed.fault)));
}

std::string StreamHub::handle(const ClientPtr& client, const StreamMessage& message) {
    using Method = StreamMessage::Method;
    switch (message.method) {
        case Method::subscribe:
            if (auto fault = subscribe(client, message.params)) {
                fault->id = message.id;
                return fault_text(*fault);
            }
            return result_text(message.id);
        case Method::unsubscribe:
            for (const auto& name : message.params) unsubscribe(client, name);
            return result_text(message.id);
        case Method::list_subscriptions:
            return result_text(message.id, {client->streams.begin(), client->streams.end()});
        case Method::get_property:
        case Method::set_property:
            break;
    }
    if (message.params.front() != "combined")
        return fault_text({0, "Unknown property", message.id});
    if (message.method == Method::get_property)
        return combined_property_text(message.id, client->combined);
    if (message.params.size() != 2 || (message.params[1] != "true" && message.params[1] != "false"))
        return fault_text({1, "Invalid value type: expected Boolean", message.id});
    client->combined = message.params[1] == "true";
    return result_text(message.id);
}

std::optional<StreamFault> StreamHub::subscribe(const ClientPtr& client,
                                                const std::vector<std::string>& names) {
    for (const auto& name : names) {
        if (client->streams.contains(name)) continue;
        if (client->streams.size() >= limits_.streams_max)
            return StreamFault{2, "Invalid request: at most " +
                                      std::to_string(limits_.streams_max) +
                                      " streams a connection"};
        if (is_listen_key(name)) {
            if (!follow_user(client, name))
                return StreamFault{2, "Invalid request: this listenKey does not exist"};
        } else {
            const auto stream = parse_stream_name(name);
            if (!stream || (!stream->symbol.empty() && !find_listed(around_, stream->symbol)))
                return StreamFault{2, "Invalid request: unknown stream " + name.substr(0, 64)};
            Topic& topic = topics_[name];
            topic.name = *stream;
            topic.clients.insert(client);
        }
        client->streams.insert(name);
    }
    return std::nullopt;
}

/// The orders are remembered since the key was asked for.
bool StreamHub::follow_user(const ClientPtr& client, const std::string& key) {
    const auto holder = keys_.holder(key);
    if (!holder) return false;
    users_[holder->account][key].insert(client);
    return true;
}

void StreamHub::unsubscribe(const ClientPtr& client, const std::string& name) {
    if (client->streams.erase(name) == 0) return;
    if (const auto topic = topics_.find(name); topic != topics_.end()) {
        topic->second.clients.erase(client);
        if (topic->second.clients.empty()) topics_.erase(topic);
        return;
    }
    for (auto user = users_.begin(); user != users_.end(); ++user) {
        const auto key = user->second.find(name);
        if (key == user->second.end()) continue;
        key->second.erase(client);
        if (key->second.empty()) user->second.erase(key);
        if (user->second.empty()) users_.erase(user);
        return;
    }
}

void StreamHub::send(Client& client, Text text) {
    if (!client.socket) return;
    if (client.socket->send(std::move(text))) {
        ++sent_;
        return;
    }
    ++dropped_;
    client.socket->close(kPolicyViolation, "too slow: connect again");
    client.socket.reset();
}

// ── delivery ────────────────────────────────────────────────────────────────────────────────────

void StreamHub::run() {
    while (true) {
        if (const auto event = queue_->next(kPollTime)) deliver(*event);
        const std::scoped_lock lock(mutex_);
        if (stopping_) return;
        check_keys();
    }
}

void StreamHub::deliver(const Event& event) {
    std::unique_lock lock(mutex_);
    if (topics_.empty()) return;
    const StreamTexts texts(around_, event);
    const std::string market = texts.market();
    const auto id = around_.desk.directory.market(market);
    if (!id) return;
    const auto settings = around_.desk.directory.settings(*id);
    const Listed listed{*id, market, symbol_of(*settings), settings};
    std::size_t sends = 0;
    std::vector<std::pair<ClientPtr, Text>> out;
    for (const auto& [name, topic] : topics_) {
        if (!topic.name.symbol.empty() && topic.name.symbol != listed.symbol) continue;
        const auto text = texts.of(topic.name, listed);
        if (!text) continue;
        const auto raw = shared(*text);
        Text combined;
        for (const ClientPtr& client : topic.clients) {
            if (client->combined && !combined) combined = shared(combined_text(name, *text));
            out.emplace_back(client, client->combined ? combined : raw);
        }
    }
    for (auto& [client, text] : out) {
        send(*client, std::move(text));
        if (++sends % kSendsPerTurn == 0) {
            lock.unlock();
            lock.lock();
        }
    }
}

void StreamHub::hear(AccountNews news) {
    news_.post([this, news = std::move(news)] { deliver(news); });
}

void StreamHub::deliver(const AccountNews& news) {
    {
        const std::scoped_lock lock(mutex_);
        if (!users_.contains(news.account)) return;
    }
    const auto texts = user_texts(around_, news);
    const std::scoped_lock lock(mutex_);
    const auto user = users_.find(news.account);
    if (user == users_.end()) return;
    for (const auto& text : texts)
        for (const auto& [key, clients] : user->second)
            for (const ClientPtr& client : clients)
                send(*client, shared(client->combined ? combined_text(key, text) : text));
}

/// Keys that have ended, and those whose holders lost their rights, are told and followed no more.
void StreamHub::check_keys() {
    const auto now = around_.clock.monotonic();
    if (now < checked_ + kKeysEvery) return;
    checked_ = now;
    static const gateway::Channel own{
        .stream = "exchange.account", .summary = "", .permission = "exchange.read"};
    std::vector<std::pair<std::string, ClientPtr>> ended;
    for (const auto& [account, by_key] : users_)
        for (const auto& [key, clients] : by_key) {
            const auto holder = keys_.holder(key);
            for (const ClientPtr& client : clients)
                if (!holder || !client->who.access->may_follow(holder->caller, own))
                    ended.emplace_back(key, client);
        }
    for (const auto& [key, client] : ended) {
        send(*client, shared(listen_key_expired_text(key, now_ms(around_))));
        unsubscribe(client, key);
    }
}

StreamStats StreamHub::stats() const {
    const std::scoped_lock lock(mutex_);
    StreamStats out{
        .clients = clients_.size(), .messages_sent = sent_, .clients_dropped = dropped_};
    for (const ClientPtr& client : clients_) out.streams += client->streams.size();
    return out;
}

}  // namespace astro::binance

#include "server/feeds/replay_node.hpp"

#include <chrono>

#include "foundation/base/json.hpp"
#include "server/feeds/recorded_transactions.hpp"
#include "server/feeds/renumber.hpp"

namespace astro::feeds {
namespace {

constexpr std::uint64_t kRootDistance = 32;  ///< slots that a root lies behind the tip

net::ServerOptions server_options(const ReplayNodeOptions& options) {
    net::ServerOptions out;
    out.port = options.port;
    out.offload_threads = 2;
    // A client may be some blocks behind before it is told no more.
    out.limits.websocket_queue_bytes = 128U << 20;
    return out;
}

std::string slot_result(const RecordedBlock& block) {
    const std::uint64_t slot = block.slot.value();
    const std::uint64_t root = slot > kRootDistance ? slot - kRootDistance : 0;
    return R"({"parent":)" + std::to_string(block.parent.value()) + R"(,"root":)" +
           std::to_string(root) + R"(,"slot":)" + std::to_string(slot) + "}";
}

std::string block_result(const RecordedBlock& block) {
    const std::string slot = std::to_string(block.slot.value());
    std::string out;
    out.reserve(block.json->size() + 128);
    out.append(R"({"context":{"slot":)").append(slot).append(R"(},"value":{"slot":)").append(slot);
    return out.append(R"(,"err":null,"block":)").append(*block.json).append("}}");
}

std::string logs_result(const RecordedBlock& block, const LogsValue& value) {
    return R"({"context":{"slot":)" + std::to_string(block.slot.value()) +
           R"(},"value":{"signature":")" + value.signature + R"(","err":)" + value.error +
           R"(,"logs":)" + value.logs + "}}";
}

/// ["all" | "allWithVotes" | {"mentions":["account"]}, …]: the account, empty for all.
std::optional<std::string> logs_account(const RpcParams& params) {
    if (const auto all = params.text(0); all && (*all == "all" || *all == "allWithVotes"))
        return std::string();
    const solana::JsonValue filter = params.value(0);
    if (!filter.present()) return std::nullopt;
    for (const solana::JsonField field : filter.fields())
        if (field.key == "mentions")
            for (const solana::JsonValue account : field.value.items())
                if (account.is_string()) return account.string();
    return std::nullopt;
}

}  // namespace

class ReplayNode::Socket final : public net::WebSocketHandler {
  public:
    explicit Socket(ReplayNode& node) : node_(node) {}

    void on_open(std::shared_ptr<net::WebSocket> socket) override { socket_ = std::move(socket); }
    void on_text(std::string_view text) override {
        {
            const std::lock_guard lock(node_.mutex_);
            if (node_.faults_.silent) return;
        }
        std::string out =
            node_.rpc_.answer(text, [&](std::string_view method, const RpcParams& params) {
                return node_.subscription_method(socket_, method, params);
            });
        if (!out.empty()) socket_->send(std::make_shared<const std::string>(std::move(out)));
    }
    void on_close() override {
        node_.forget(socket_);
        socket_ = nullptr;
    }

  private:
    ReplayNode& node_;
    std::shared_ptr<net::WebSocket> socket_;
};

Result<std::unique_ptr<ReplayNode>> ReplayNode::start(ReplayNodeOptions options,
                                                      std::vector<RecordedBlock> history,
                                                      std::unique_ptr<BlockSupply> supply,
                                                      Clock& clock) {
    std::unique_ptr<ReplayNode> node(new ReplayNode(std::move(options), std::move(supply), clock));
    for (RecordedBlock& block : history) {
        node->taken_ = block.slot;
        node->ledger_.publish(std::move(block));
    }
    ReplayNode* const self = node.get();
    {
        // Requests may come before start() returns; they wait here for server_ to be set.
        const std::lock_guard lock(self->mutex_);
        ASTRO_TRY(node->server_,
                  net::Server::start(
                      server_options(node->options_),
                      [self](net::Request request, net::Reply reply) {
                          self->serve(std::move(request), std::move(reply));
                      },
                      [self](const net::Request&) -> std::unique_ptr<net::WebSocketHandler> {
                          return std::make_unique<Socket>(*self);
                      }));
    }
    node->pacer_ = std::thread([self] { self->pace(); });
    return node;
}

ReplayNode::ReplayNode(ReplayNodeOptions options, std::unique_ptr<BlockSupply> supply, Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      ledger_(options_.kept_blocks, options_.rpc_delay, clock),
      rpc_(ledger_, options_.genesis_hash),
      supply_(std::move(supply)),
      faults_(options_.faults),
      random_(options_.seed),
      next_block_(clock.monotonic()) {}

ReplayNode::~ReplayNode() {
    stop();
}

void ReplayNode::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    wake_.notify_all();
    if (pacer_.joinable()) pacer_.join();
    if (server_) server_->stop();
}

std::string ReplayNode::url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port());
}

std::string ReplayNode::websocket_url() const {
    return "ws://127.0.0.1:" + std::to_string(server_->port());
}

void ReplayNode::set_faults(const ReplayFaults& faults) {
    const std::lock_guard lock(mutex_);
    faults_ = faults;
}

void ReplayNode::taken(Slot slot) {
    {
        const std::lock_guard lock(mutex_);
        taken_ = std::max(taken_, slot);
    }
    wake_.notify_all();
}

bool ReplayNode::finished() const {
    const std::lock_guard lock(mutex_);
    return finished_;
}

std::string ReplayNode::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

bool ReplayNode::chance(int percent) {
    return percent > 0 && static_cast<int>(random_() % 100) < percent;
}

// ---- HTTP ---------------------------------------------------------------------------------------

void ReplayNode::serve(net::Request request, net::Reply reply) {
    net::Server* server = nullptr;
    {
        const std::lock_guard lock(mutex_);
        server = server_.get();
    }
    // Blocks may have to be read from disk: not on the event loop.
    server->offload(
        [this, request = std::move(request), reply = std::move(reply)] { reply(answer(request)); });
}

net::Response ReplayNode::answer(const net::Request& request) {
    if (request.method == "GET" && request.path == "/health") {
        net::Response ok;
        ok.headers.set("Content-Type", "text/plain");
        ok.body = "ok";
        return ok;
    }
    if (request.method != "POST") return net::json_response("{}", 405);
    bool truncated = false;
    {
        const std::lock_guard lock(mutex_);
        if (chance(faults_.rate_limited_percent)) return net::json_response("{}", 429);
        if (chance(faults_.server_error_percent)) return net::json_response("{}", 503);
        truncated = chance(faults_.truncated_percent);
    }
    std::string body = rpc_.answer(request.body);
    if (truncated) body.resize(body.size() / 2);
    return net::json_response(std::move(body));
}

// ---- subscriptions ------------------------------------------------------------------------------

std::optional<RpcReply> ReplayNode::subscription_method(
    const std::shared_ptr<net::WebSocket>& socket, std::string_view method,
    const RpcParams& params) {
    if (method == "slotSubscribe") return subscribe({socket, Topic::slot, {}});
    if (method == "rootSubscribe") return subscribe({socket, Topic::root, {}});
    if (method == "blockSubscribe") {
        {
            const std::lock_guard lock(mutex_);
            if (!faults_.block_subscribe) return std::nullopt;
        }
        return subscribe({socket, Topic::block, {}});
    }
    if (method == "logsSubscribe") {
        auto account = logs_account(params);
        if (!account) return rpc_error(kInvalidParams, "Invalid params: a filter is expected.");
        return subscribe({socket, Topic::logs, std::move(*account)});
    }
    if (method.ends_with("Unsubscribe")) {
        const auto id = params.number(0);
        const std::lock_guard lock(mutex_);
        const auto at = id ? subscribers_.find(*id) : subscribers_.end();
        if (at == subscribers_.end() || at->second.socket != socket)
            return rpc_error(kInvalidParams, "Invalid subscription id.");
        subscribers_.erase(at);
        return rpc_result("true");
    }
    return std::nullopt;
}

RpcReply ReplayNode::subscribe(Subscriber subscriber) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t id = next_subscription_++;
    subscribers_.emplace(id, std::move(subscriber));
    return rpc_result(std::to_string(id));
}

void ReplayNode::forget(const std::shared_ptr<net::WebSocket>& socket) {
    const std::lock_guard lock(mutex_);
    std::erase_if(subscribers_, [&](const auto& entry) { return entry.second.socket == socket; });
    std::erase_if(delayed_, [&](const auto& entry) { return entry.second.socket == socket; });
}

void ReplayNode::send(const Subscriber& to, std::string_view method, const std::string& result,
                      std::uint64_t id) {
    if (faults_.silent || chance(faults_.drop_percent)) return;
    std::string text = R"({"jsonrpc":"2.0","method":")";
    text.reserve(result.size() + 128);
    text.append(method).append(R"(","params":{"result":)").append(result);
    text.append(R"(,"subscription":)").append(std::to_string(id)).append("}}");
    const auto shared = std::make_shared<const std::string>(std::move(text));
    for (int copies = chance(faults_.duplicate_percent) ? 2 : 1; copies > 0; --copies) {
        if (faults_.delay_max.value() == 0) {
            to.socket->send(shared);  // over its limit: dropped, and the client finds the gap
            continue;
        }
        const auto wait = static_cast<std::int64_t>(
            random_() % static_cast<std::uint64_t>(faults_.delay_max.value()));
        delayed_.emplace(clock_.monotonic() + DurationNs{wait}, Delayed{to.socket, shared});
    }
}

void ReplayNode::notify(const RecordedBlock& block) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, to] : subscribers_)
        if (to.topic == Topic::slot) send(to, "slotNotification", slot_result(block), id);
    for (const auto& [id, to] : subscribers_)
        if (to.topic == Topic::block) send(to, "blockNotification", block_result(block), id);
    for (const auto& [id, to] : subscribers_) {
        if (to.topic == Topic::root && block.slot.value() > kRootDistance)
            send(to, "rootNotification", std::to_string(block.slot.value() - kRootDistance), id);
        if (to.topic != Topic::logs) continue;
        for (const LogsValue& value : find_logs(*block.json, to.account))
            send(to, "logsNotification", logs_result(block, value), id);
    }
}

// ---- pace ---------------------------------------------------------------------------------------

bool ReplayNode::may_publish() const {
    return !finished_ && next_block_ <= clock_.monotonic() &&
           ledger_.count_above(taken_) < options_.ahead_max;
}

void ReplayNode::send_due() {
    const TimestampNs now = clock_.monotonic();
    while (!delayed_.empty() && delayed_.begin()->first <= now) {
        delayed_.begin()->second.socket->send(delayed_.begin()->second.text);
        delayed_.erase(delayed_.begin());
    }
}

void ReplayNode::pace() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        send_due();
        if (may_publish()) {
            next_block_ = clock_.monotonic() + milliseconds(options_.slot_ms);
            lock.unlock();
            Result<std::optional<RecordedBlock>> block = supply_->next();
            if (block && *block) publish(std::move(**block));
            lock.lock();
            if (!block) problem_ = block.error().text();
            finished_ = !block || !*block;
            continue;
        }
        std::optional<TimestampNs> due;
        if (!delayed_.empty()) due = delayed_.begin()->first;
        if (!finished_ && next_block_ > clock_.monotonic())
            due = due ? std::min(*due, next_block_) : next_block_;
        if (due)
            wake_.wait_for(lock, std::chrono::nanoseconds((*due - clock_.monotonic()).value()));
        else
            wake_.wait(lock);
    }
}

void ReplayNode::publish(RecordedBlock block) {
    if (auto rival = rival_of(block)) {
        ledger_.publish(*rival);
        notify(*rival);
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::milliseconds(options_.slot_ms), [&] { return stopped_; });
    }
    RecordedBlock told = block;
    ledger_.publish(std::move(block));
    notify(told);
}

/// Another block for the same slot, which loses.
std::optional<RecordedBlock> ReplayNode::rival_of(const RecordedBlock& block) {
    std::uint64_t salt = 0;
    {
        const std::lock_guard lock(mutex_);
        if (block.orphan || !chance(faults_.fork_percent)) return std::nullopt;
        salt = random_();
    }
    RecordedBlock rival = block;
    rival.orphan = true;
    rival.path.clear();
    rival.blockhash = made_hash(block.slot.value(), salt);
    std::string json = *block.json;
    const std::size_t at = json.find('"' + block.blockhash + '"');
    if (at == std::string::npos) return std::nullopt;
    json.replace(at + 1, block.blockhash.size(), rival.blockhash);
    rival.json = std::make_shared<const std::string>(std::move(json));
    return rival;
}

}  // namespace astro::feeds

#include "server/feeds/socket_loop.hpp"

#include "chains/solana/rpc.hpp"
#include "foundation/net/backoff.hpp"

namespace astro::feeds {
namespace {

constexpr std::uint64_t kSlotRequest = 1, kBlockRequest = 2, kLogsRequest = 3;
constexpr DurationNs kBackoffFirst = milliseconds(100), kBackoffMax = seconds(10);

}  // namespace

SocketLoop::SocketLoop(const LiveOptions& options, net::Url url, FeedCore& core, Clock& clock)
    : options_(options), url_(std::move(url)), core_(core), clock_(clock) {}

void SocketLoop::run() {
    net::Backoff backoff(kBackoffFirst, kBackoffMax, options_.seed ^ 0x50C7E7);
    while (!core_.stopped()) {
        heard_ = false;
        const Result<void> ended = one_connection();
        if (core_.stopped()) return;
        if (heard_) backoff.reset();
        if (!ended)
            core_.set_trouble(FeedCore::Trouble::websocket,
                              "the WebSocket is being connected anew: " + ended.error().text());
        core_.count_reconnect();
        if (!core_.pause(backoff.next())) return;
    }
}

void SocketLoop::interrupt() {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
    if (socket_) socket_->interrupt();
}

Result<void> SocketLoop::one_connection() {
    net::ClientOptions options;
    ASTRO_TRY(std::shared_ptr<net::WebSocketClient> socket,
              net::WebSocketClient::connect(url_, options));
    {
        const std::lock_guard lock(mutex_);
        if (interrupted_) return {};
        socket_ = socket;
    }
    ASTRO_CHECK(subscribe(*socket));
    while (!core_.stopped()) {
        ASTRO_TRY(std::optional<std::string> text, socket->receive(options_.silence));
        const TimestampNs received = clock_.monotonic();
        if (!text)
            return unavailable(
                "silent",
                "nothing came for " + std::to_string(options_.silence.value() / 1'000'000) + " ms");
        if (!heard_) core_.set_trouble(FeedCore::Trouble::websocket, {});
        heard_ = true;
        take(std::move(*text), received);
    }
    return {};
}

Result<void> SocketLoop::subscribe(net::WebSocketClient& socket) {
    ASTRO_CHECK(socket.send(solana::slot_subscribe_request(kSlotRequest)));
    ASTRO_CHECK(socket.send(solana::block_subscribe_request(kBlockRequest, options_.commitment)));
    if (options_.logs_account.empty()) return {};
    return socket.send(
        solana::logs_subscribe_request(kLogsRequest, options_.logs_account, options_.commitment));
}

void SocketLoop::take(std::string text, TimestampNs received) {
    Result<solana::NodeMessage> message = reader_.message(text);
    if (!message) return core_.count_bad_message();
    if (auto* block = std::get_if<solana::BlockNotice>(&*message)) {
        if (block->header)
            core_.offer(block->slot, *block->header, std::move(text), BlockSource::websocket,
                        received);
        else
            core_.announce(block->slot);  // it exists; this node could not put it into a message
        return;
    }
    std::visit(
        [&](const auto& notice) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(notice)>, solana::BlockNotice>)
                on(notice);
        },
        *message);
}

void SocketLoop::on(const solana::SlotNotice& notice) {
    core_.saw_tip(notice.slot);
    // The slot is only processed, not yet at our commitment: a reason to ask, not to fetch.
    if (!core_.websocket_brings_blocks()) core_.poke();
}

void SocketLoop::on(const solana::LogsNotice& notice) {
    core_.announce(notice.slot);
}

void SocketLoop::on(const solana::Refused& refused) {
    // Many nodes do not offer blockSubscribe; polling then brings the blocks.
    if (refused.request_id == kSlotRequest)
        core_.set_trouble(FeedCore::Trouble::websocket,
                          "the node refused slotSubscribe: " + refused.message);
}

}  // namespace astro::feeds

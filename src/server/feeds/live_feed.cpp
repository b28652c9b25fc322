#include <atomic>
#include <thread>

#include "chains/solana/rpc.hpp"
#include "foundation/net/backoff.hpp"
#include "server/feeds/cursor.hpp"
#include "server/feeds/feed_core.hpp"
#include "server/feeds/socket_loop.hpp"

namespace astro::feeds {
namespace {

constexpr std::uint64_t kListLimitMax = 500'000;  ///< what nodes allow getBlocks
constexpr DurationNs kBackoffFirst = milliseconds(100), kBackoffMax = seconds(5);

/// The feed's own loops repeat what fails, so a single call does not insist for long.
net::RetryPolicy retry_policy() {
    net::RetryPolicy policy;
    policy.attempts = 3;
    policy.backoff_first = milliseconds(50);
    policy.backoff_max = milliseconds(500);
    policy.breaker_open = seconds(2);
    return policy;
}

/// A validator's own WebSocket listens one port above its RPC; hosted nodes use one for both.
Result<net::Url> websocket_url_of(const LiveOptions& options) {
    if (!options.websocket_url.empty()) return net::parse_url(options.websocket_url);
    ASTRO_TRY(net::Url url, net::parse_url(options.rpc_urls.front()));
    url.scheme = url.secure() ? "wss" : "ws";
    if (url.port == "8899") url.port = "8900";
    return url;
}

class LiveFeed final : public Feed {
  public:
    LiveFeed(LiveOptions options, net::Url websocket, std::unique_ptr<net::JsonRpcClient> client,
             Clock& clock)
        : options_(std::move(options)),
          clock_(clock),
          client_(std::move(client)),
          core_(options_, clock),
          socket_(options_, std::move(websocket), core_, clock) {}
    ~LiveFeed() override { LiveFeed::stop(); }

    Result<void> start(BlockSink& sink, CursorStore& cursors) override;
    void stop() override;
    [[nodiscard]] FeedStatus status() const override;

  private:
    [[nodiscard]] Result<void> check_genesis(const std::string& genesis);
    void run();
    bool find_cluster(solana::RpcClient& rpc);
    bool find_place(solana::RpcClient& rpc);
    void poll(solana::RpcClient& rpc);
    void fetch();
    void fetch_block(solana::RpcClient& rpc, const FetchRequest& request);
    void fetch_list(solana::RpcClient& rpc, const ListRequest& request);
    void deliver();
    void take(Step step);
    void rpc_trouble(const Error& error);

    const LiveOptions options_;
    Clock& clock_;
    std::unique_ptr<net::JsonRpcClient> client_;
    FeedCore core_;
    SocketLoop socket_;
    BlockSink* sink_ = nullptr;
    CursorStore* cursors_ = nullptr;
    std::optional<Cursor> cursor_;
    std::string genesis_;
    std::thread runner_;
    std::vector<std::thread> threads_;  ///< filled by runner_
};

Result<void> LiveFeed::start(BlockSink& sink, CursorStore& cursors) {
    if (sink_) return refusal("already_started", "the feed was started before");
    ASTRO_TRY(const std::string text, cursors.load(options_.cursor_name));
    if (!text.empty()) {
        ASTRO_TRY(cursor_, parse_cursor(text));
    }
    solana::RpcClient rpc(*client_, options_.commitment);
    const Result<std::string> genesis = rpc.get_genesis_hash();
    if (genesis) ASTRO_CHECK(check_genesis(*genesis));
    if (!genesis) rpc_trouble(genesis.error());  // not reachable now: run() goes on asking
    sink_ = &sink;
    cursors_ = &cursors;
    runner_ = std::thread([this] { run(); });
    return {};
}

void LiveFeed::stop() {
    core_.stop("stopped");
    client_->interrupt();
    socket_.interrupt();
    if (runner_.joinable()) runner_.join();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

FeedStatus LiveFeed::status() const {
    FeedStatus out = core_.status();
    for (const net::EndpointHealth& health : client_->health())
        out.endpoints.push_back({health.url, health.state, health.last_error, health.calls,
                                 health.failures, health.rate_limited, health.latency_ms_ema});
    return out;
}

Result<void> LiveFeed::check_genesis(const std::string& genesis) {
    const auto differs = [&](const std::string& wanted, const std::string& whose) {
        return refusal("wrong_genesis",
                       "the node belongs to the cluster with genesis " + genesis + ", " + whose +
                           " to the one with " + wanted,
                       "genesis");
    };
    if (!options_.expected_genesis_hash.empty() && genesis != options_.expected_genesis_hash)
        return differs(options_.expected_genesis_hash, "the configuration");
    if (cursor_ && !cursor_->genesis.empty() && genesis != cursor_->genesis)
        return differs(cursor_->genesis, "the cursor of feed " + options_.cursor_name);
    genesis_ = genesis;
    return {};
}

void LiveFeed::rpc_trouble(const Error& error) {
    core_.set_trouble(FeedCore::Trouble::rpc, "the node does not answer: " + error.text());
}

// ---- threads ------------------------------------------------------------------------------------

void LiveFeed::run() {
    solana::RpcClient rpc(*client_, options_.commitment);
    if (!find_cluster(rpc) || !find_place(rpc)) return;
    core_.set_state("running");
    threads_.emplace_back([this] { socket_.run(); });
    threads_.emplace_back([this] { deliver(); });
    for (unsigned i = 0; i < std::max(options_.fetch_threads, 1U); ++i)
        threads_.emplace_back([this] { fetch(); });
    poll(rpc);
}

/// Nothing is delivered before the node is known to be of the right cluster.
bool LiveFeed::find_cluster(solana::RpcClient& rpc) {
    net::Backoff backoff(kBackoffFirst, kBackoffMax, options_.seed);
    while (genesis_.empty()) {
        const Result<std::string> genesis = rpc.get_genesis_hash();
        if (!genesis) {
            rpc_trouble(genesis.error());
            if (!core_.pause(backoff.next())) return false;
        } else if (const Result<void> right = check_genesis(*genesis); !right) {
            core_.set_trouble(FeedCore::Trouble::chain, right.error().text());
            core_.stop("stopped");
            return false;
        }
    }
    return !core_.stopped();
}

bool LiveFeed::find_place(solana::RpcClient& rpc) {
    if (options_.start_slot.value() > 0) {
        core_.start_at(options_.start_slot);
        return true;
    }
    if (cursor_) {
        core_.resume_after(cursor_->slot, cursor_->blockhash);
        return true;
    }
    net::Backoff backoff(kBackoffFirst, kBackoffMax, options_.seed);
    for (;;) {
        const Result<Slot> tip = rpc.get_slot();
        if (tip) {
            core_.start_at(*tip);
            return true;
        }
        rpc_trouble(tip.error());
        if (!core_.pause(backoff.next())) return false;
    }
}

void LiveFeed::poll(solana::RpcClient& rpc) {
    net::Backoff backoff(kBackoffFirst, kBackoffMax, options_.seed);
    for (;;) {
        const Result<Slot> tip = rpc.get_slot();
        if (core_.stopped()) return;
        if (!tip) {
            core_.set_state("reconnecting");
            rpc_trouble(tip.error());
            if (!core_.pause(backoff.next())) return;
            continue;
        }
        backoff.reset();
        core_.set_state("running");
        core_.set_trouble(FeedCore::Trouble::rpc, {});
        core_.announce(*tip);
        const DurationNs interval =
            core_.websocket_brings_blocks() ? options_.poll_interval_quiet : options_.poll_interval;
        // A poke makes the next question come early, but never more than four times as often.
        if (!core_.wait_poll(DurationNs{options_.poll_interval.value() / 4}, interval)) return;
    }
}

void LiveFeed::fetch() {
    solana::RpcClient rpc(*client_, options_.commitment);
    while (const auto work = core_.wait_work()) {
        if (const auto* block = std::get_if<FetchRequest>(&*work))
            fetch_block(rpc, *block);
        else
            fetch_list(rpc, std::get<ListRequest>(*work));
    }
}

void LiveFeed::fetch_block(solana::RpcClient& rpc, const FetchRequest& request) {
    Result<solana::BlockAnswer> answer = rpc.get_block(request.slot);
    const TimestampNs received = clock_.monotonic();
    if (!answer) {
        if (answer.error().code == "rpc_error" || answer.error().code == "bad_response")
            return core_.answer_bad(request.slot, answer.error().text());
        if (!core_.stopped()) rpc_trouble(answer.error());
        return core_.answer_not_yet(request.slot);
    }
    switch (answer->outcome) {
        case solana::BlockOutcome::skipped:
            return core_.answer_absent(request.slot);
        case solana::BlockOutcome::not_yet:
        case solana::BlockOutcome::node_behind:
            return core_.answer_withheld(request.slot);
        case solana::BlockOutcome::cleaned_up:
            return core_.answer_gone(request.slot, answer->first_available);
        case solana::BlockOutcome::found:
            break;
    }
    const Result<solana::BlockHeader> header = rpc.reader().block_header(answer->json);
    if (header)
        core_.offer(request.slot, *header, std::move(answer->json), request.source, received);
    else if (header.error().code == "no_block")
        core_.answer_withheld(request.slot);
    else
        core_.answer_bad(request.slot, header.error().text());
}

void LiveFeed::fetch_list(solana::RpcClient& rpc, const ListRequest& request) {
    if (const auto first = rpc.get_first_available_block(); first && *first > request.first)
        core_.answer_gone(request.first, *first);
    const Result<std::vector<Slot>> slots =
        request.limit > 0
            ? rpc.get_blocks_with_limit(request.first, std::min(request.limit, kListLimitMax))
            : rpc.get_blocks(request.first, request.last);
    if (slots) return core_.answer_list(request, *slots);
    if (!core_.stopped()) rpc_trouble(slots.error());
    core_.answer_list_failed();
}

void LiveFeed::deliver() {
    while (auto step = core_.wait_step()) take(std::move(*step));
}

void LiveFeed::take(Step step) {
    switch (step.kind) {
        case Step::Kind::deliver: {
            sink_->on_block(std::move(step.block));
            const Cursor cursor{step.first, std::move(step.hash), genesis_};
            if (const auto saved = cursors_->save(options_.cursor_name, to_text(cursor)); !saved)
                core_.set_trouble(FeedCore::Trouble::cursor,
                                  "the cursor could not be saved: " + saved.error().text());
            else
                core_.set_trouble(FeedCore::Trouble::cursor, {});
            return core_.delivered();
        }
        case Step::Kind::skipped:
            return sink_->on_skipped(step.first);
        case Step::Kind::orphaned:
            return sink_->on_orphaned(step.first);
        case Step::Kind::lost:
        case Step::Kind::broken:
            return;  // told in the status
    }
}

}  // namespace

Result<std::unique_ptr<Feed>> make_live_feed(LiveOptions options, Clock& clock) {
    if (options.rpc_urls.empty())
        return refusal("no_rpc_url", "a live feed needs the URL of a node", "rpc_urls");
    if (options.queue_blocks == 0)
        return refusal("bad_option", "the queue must hold a block", "queue_blocks");
    if (options.cursor_name.empty()) options.cursor_name = options.mode;
    // One more is asked for than is filled, to tell a gap that fits from one that does not.
    options.backfill_slots_max = std::min(options.backfill_slots_max, kListLimitMax - 1);
    ASTRO_TRY(net::Url websocket, websocket_url_of(options));
    ASTRO_TRY(auto client,
              net::JsonRpcClient::make(options.rpc_urls, retry_policy(), {}, clock, options.seed));
    std::unique_ptr<Feed> feed = std::make_unique<LiveFeed>(
        std::move(options), std::move(websocket), std::move(client), clock);
    return feed;
}

}  // namespace astro::feeds

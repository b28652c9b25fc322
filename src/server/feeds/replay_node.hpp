#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "foundation/net/server.hpp"
#include "server/feeds/replay_ledger.hpp"
#include "server/feeds/replay_rpc.hpp"

namespace astro::feeds {

/// What goes wrong on purpose, in per cent of the messages concerned. For tests, and for whoever
/// wants to see how the live path copes.
struct ReplayFaults {
    int drop_percent = 0;          ///< of notifications
    int duplicate_percent = 0;     ///< likewise
    DurationNs delay_max{0};       ///< of notifications, uniform from zero: reorders them
    int rate_limited_percent = 0;  ///< of HTTP requests: 429
    int server_error_percent = 0;  ///< of HTTP requests: 503
    int truncated_percent = 0;     ///< of HTTP answers: the body ends in the middle
    int fork_percent = 0;          ///< of blocks: another one for the slot is served first
    bool silent = false;           ///< WebSockets are accepted and never told anything
    bool block_subscribe = true;   ///< false: "Method not found", as with many nodes
};

/// Mainnet's, which most recordings are from.
inline constexpr std::string_view kMainnetGenesis = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";

struct ReplayNodeOptions {
    int slot_ms = 400;  ///< between blocks; 0 = as fast as the consumer takes them
    /// Blocks published before the consumer took the ones before: then the replay waits for it.
    std::size_t ahead_max = 16;
    std::size_t kept_blocks = 32;  ///< with their bytes in memory
    DurationNs rpc_delay{0};       ///< blocks are announced so long before they can be fetched
    std::string genesis_hash{kMainnetGenesis};
    std::uint16_t port = 0;  ///< 0 = any free one
    std::uint64_t seed = 1;
    ReplayFaults faults;
};

/// A loopback server that speaks a Solana node's JSON-RPC and WebSocket over recorded blocks.
/// Blocks are served byte for byte as they were recorded, whatever encoding is asked for. All
/// public members are thread-safe.
class ReplayNode {
  public:
    /// `history` is published at once and announced to nobody; then `supply` is paced.
    static Result<std::unique_ptr<ReplayNode>> start(ReplayNodeOptions options,
                                                     std::vector<RecordedBlock> history,
                                                     std::unique_ptr<BlockSupply> supply,
                                                     Clock& clock);
    ~ReplayNode();

    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::string websocket_url() const;
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    void set_faults(const ReplayFaults& faults);
    /// The consumer has taken every block up to `slot`.
    void taken(Slot slot);
    [[nodiscard]] std::optional<Slot> tip() const { return ledger_.tip(); }
    /// Whether the supply has ended.
    [[nodiscard]] bool finished() const;
    /// Why the supply ended before its end; empty when it did not.
    [[nodiscard]] std::string problem() const;
    void stop();  ///< idempotent

  private:
    class Socket;
    enum class Topic : std::uint8_t { slot, block, logs, root };
    struct Subscriber {
        std::shared_ptr<net::WebSocket> socket;
        Topic topic = Topic::slot;
        std::string account;  ///< of a logs subscription; empty = all
    };
    struct Delayed {
        std::shared_ptr<net::WebSocket> socket;
        std::shared_ptr<const std::string> text;
    };

    ReplayNode(ReplayNodeOptions options, std::unique_ptr<BlockSupply> supply, Clock& clock);
    void serve(net::Request request, net::Reply reply);
    [[nodiscard]] net::Response answer(const net::Request& request);
    [[nodiscard]] std::optional<RpcReply> subscription_method(
        const std::shared_ptr<net::WebSocket>& socket, std::string_view method,
        const RpcParams& params);
    [[nodiscard]] RpcReply subscribe(Subscriber subscriber);
    void forget(const std::shared_ptr<net::WebSocket>& socket);

    void pace();
    void publish(RecordedBlock block);
    void notify(const RecordedBlock& block);
    void send(const Subscriber& to, std::string_view method, const std::string& result,
              std::uint64_t id);
    void send_due();
    [[nodiscard]] bool may_publish() const;
    [[nodiscard]] bool chance(int percent);
    [[nodiscard]] std::optional<RecordedBlock> rival_of(const RecordedBlock& block);

    const ReplayNodeOptions options_;
    Clock& clock_;
    ReplayLedger ledger_;
    ReplayRpc rpc_;
    std::unique_ptr<BlockSupply> supply_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false, finished_ = false;
    std::string problem_;
    Slot taken_{0};
    ReplayFaults faults_;
    std::mt19937_64 random_;
    std::map<std::uint64_t, Subscriber> subscribers_;
    std::uint64_t next_subscription_ = 1;
    std::multimap<TimestampNs, Delayed> delayed_;
    TimestampNs next_block_;

    std::unique_ptr<net::Server> server_;
    std::thread pacer_;
};

}  // namespace astro::feeds

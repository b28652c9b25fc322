#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/dialects/binance/listen_keys.hpp"
#include "server/dialects/binance/order_memory.hpp"
#include "server/dialects/binance/stream_message.hpp"
#include "server/dialects/binance/stream_name.hpp"
#include "server/gateway/endpoint.hpp"

namespace astro::binance {

struct StreamLimits {
    std::size_t streams_max = 200;    ///< of one connection, as at Binance
    double messages_per_second = 20;  ///< from one connection, after a burst of …
    double messages_burst = 100;
    std::size_t hub_queue = 65'536;  ///< events on their way from the bus
};

struct StreamStats {
    std::uint64_t clients = 0, streams = 0, messages_sent = 0, clients_dropped = 0;
};

/// The streams: the venue's public ones from the bus, users' own from the orders' memory. A client
/// whose queue is full is closed (1008), since a message that is missing can't be told here; it
/// connects again and reads what it missed, as Binance's clients do. Thread-safe.
class StreamHub : public std::enable_shared_from_this<StreamHub> {
  public:
    /// All outlive it. Ends with stop().
    static std::shared_ptr<StreamHub> start(const Around& around, Bus& bus, const ListenKeys& keys,
                                            StreamLimits limits = {});
    ~StreamHub();
    StreamHub(const StreamHub&) = delete;
    StreamHub& operator=(const StreamHub&) = delete;

    /// The WebSocket's paths and who answers there; the hub lives until the last connection ends.
    [[nodiscard]] gateway::Endpoint endpoint();
    /// What a command meant for an account that is watched; on the applying thread.
    void hear(AccountNews news);
    [[nodiscard]] StreamStats stats() const;
    void stop();  ///< idempotent

  private:
    friend class StreamConnection;
    struct Client;
    using ClientPtr = std::shared_ptr<Client>;
    struct Topic {
        StreamName name;
        std::set<ClientPtr> clients{};
    };

    StreamHub(const Around& around, Bus& bus, const ListenKeys& keys, StreamLimits limits);
    void run();
    void deliver(const Event& event);
    void deliver(const AccountNews& news);
    void check_keys();

    // Of connections, on event loops.
    void open(const ClientPtr& client, std::shared_ptr<net::WebSocket> socket);
    void receive(const ClientPtr& client, std::string_view text);
    void close(const ClientPtr& client);
    [[nodiscard]] std::string handle(const ClientPtr& client, const StreamMessage& message);
    [[nodiscard]] std::optional<StreamFault> subscribe(const ClientPtr& client,
                                                       const std::vector<std::string>& names);
    [[nodiscard]] bool follow_user(const ClientPtr& client, const std::string& key);
    void unsubscribe(const ClientPtr& client, const std::string& name);
    void send(Client& client, std::shared_ptr<const std::string> text);

    const Around around_;
    const ListenKeys& keys_;
    const StreamLimits limits_;
    std::unique_ptr<Subscription> queue_;
    exchange::WorkQueue news_;  ///< of accounts, in order

    mutable std::mutex mutex_;  // of all below and of clients
    std::set<ClientPtr> clients_;
    std::map<std::string, Topic> topics_;  ///< by the name that clients use
    std::map<AccountId, std::map<std::string, std::set<ClientPtr>>> users_;  ///< by listen key
    std::uint64_t sent_ = 0, dropped_ = 0;
    TimestampNs checked_{};
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace astro::binance

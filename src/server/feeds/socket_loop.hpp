#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "chains/solana/rpc_messages.hpp"
#include "foundation/net/client.hpp"
#include "server/feeds/feed_core.hpp"

namespace astro::feeds {

/// The WebSocket half of the hybrid monitor: subscribes, hands over what comes, and connects anew
/// after an error or silence. run() is one thread; interrupt() may come from any.
class SocketLoop {
  public:
    SocketLoop(const LiveOptions& options, net::Url url, FeedCore& core, Clock& clock);

    void run();  ///< until the core is stopped
    void interrupt();

  private:
    [[nodiscard]] Result<void> one_connection();
    [[nodiscard]] Result<void> subscribe(net::WebSocketClient& socket);
    void take(std::string text, TimestampNs received);
    void on(const solana::SlotNotice& notice);
    void on(const solana::LogsNotice& notice);
    void on(const solana::Refused& refused);
    void on(const solana::UnknownNotice&) { core_.count_unknown_message(); }
    void on(const solana::RootNotice&) { core_.count_unknown_message(); }
    void on(const solana::Subscribed&) {}

    const LiveOptions& options_;
    const net::Url url_;
    FeedCore& core_;
    Clock& clock_;
    solana::RpcReader reader_;
    bool heard_ = false;  ///< anything on this connection

    std::mutex mutex_;
    std::shared_ptr<net::WebSocketClient> socket_;
    bool interrupted_ = false;
};

}  // namespace astro::feeds

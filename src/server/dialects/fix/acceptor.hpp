#pragma once

#include <map>
#include <memory>
#include <set>
#include <thread>

#include "server/dialects/fix/client.hpp"
#include "server/dialects/fix/frame.hpp"
#include "server/dialects/fix/logon.hpp"

namespace astro::fix {

/// The acceptor: one thread that takes connections, hears the venue and tells both of each other.
///
///     sockets ─▶ frames ─▶ session ─▶ client ─▶ the venue's journal
///     the venue's ear ─▶ report book ─▶ session: numbered and kept
///         ─▶ one commit of all that a turn has changed ─▶ sockets
class Acceptor final : SocketUser {
  public:
    /// All outlive it. "cannot_listen"
    [[nodiscard]] static Result<std::unique_ptr<Acceptor>> start(const Around& around,
                                                                 const Options& options,
                                                                 SessionStore& store,
                                                                 VenueEar& ear);
    ~Acceptor() override { stop(); }
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;

    [[nodiscard]] std::uint16_t port() const { return sockets_->port(); }
    /// After the venue: tells what it has done, logs everybody out. Idempotent.
    void stop();

  private:
    struct Connection {
        std::string ip;
        Frames frames{};
        Client* client = nullptr;  ///< once he has proved who he is
        bool is_refused = false;
        TimestampNs opened{};
    };

    Acceptor(const Around& around, const Options& options, SessionStore& store, VenueEar& ear,
             std::unique_ptr<SocketServer> sockets);
    void run();
    void turn(int timeout_ms);
    /// Of the runs before: orders that should not have outlived their connection.
    void cancel_for_lost();

    // Of SocketUser.
    void on_open(ConnectionId id, const std::string& ip) override;
    void on_bytes(ConnectionId id, std::string_view bytes) override;
    void on_end(ConnectionId id) override;

    void log_on(ConnectionId id, Connection& connection, const std::string& message);
    /// Finds his session, or makes one.
    [[nodiscard]] Result<Client*> client_of(const Logon& logon, const gateway::Caller& caller);
    void hear_venue();
    void hear(VenueEar::Command& command);
    void hear(VenueEar::Begin& begin);
    void hear(const VenueEar::Answer& answer);
    void tell_markets();
    void tick();
    void check_keys();
    [[nodiscard]] bool commit();

    const Around around_;
    const Options options_;
    SessionStore& store_;
    VenueEar& ear_;
    std::unique_ptr<SocketServer> sockets_;
    ReportBook reports_;
    Shared shared_;
    std::map<std::string, std::unique_ptr<Client>> clients_;  ///< by session
    std::map<ConnectionId, Connection> connections_;
    std::uint64_t told_ = 0;  ///< command of the journal
    TimestampNs ticked_{}, checked_{}, swept_{};
    bool is_broken_ = false;  ///< the store does not take what is to be told

    std::mutex market_mutex_;
    std::set<std::string> changed_markets_;  ///< under it
    std::shared_ptr<void> tap_;
    std::atomic<bool> stops_ = false;
    std::thread thread_;
};

}  // namespace astro::fix

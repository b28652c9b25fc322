#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/dialects/fix/around.hpp"
#include "server/dialects/fix/fields.hpp"
#include "server/dialects/fix/market_data.hpp"
#include "server/dialects/fix/order_request.hpp"
#include "server/dialects/fix/report_book.hpp"
#include "server/dialects/fix/session_store.hpp"
#include "server/dialects/fix/socket_server.hpp"
#include "server/dialects/fix/venue_ear.hpp"
#include "server/gateway/pace.hpp"

namespace astro::fix {

/// What all clients share, on the acceptor's thread.
struct Shared {
    const Around& around;
    const Options& options;
    SocketServer& sockets;
    ReportBook& reports;
    VenueEar& ear;
    ReportNames names;
};

/// One session and what is done for it: an API key that has logged on at some time. On the
/// acceptor's thread.
class Client final : SessionUser {
  public:
    Client(Shared& shared, SessionRecord& record);

    /// He has proved who he is; the first message is his Logon.
    void connect(ConnectionId connection, std::string ip, gateway::Caller caller,
                 const std::string& logon);
    [[nodiscard]] bool is_connected() const { return connection_.has_value(); }
    [[nodiscard]] SessionRecord& record() { return record_; }
    void receive(const std::string& message);
    void send(const std::string& type, const std::string& body) { session_->send(type, body); }
    void hear(const VenueEar::Answer& answer);
    /// Of a market that has changed.
    void tell_market(const std::string& market);
    /// His key may be used no more, or the server stops.
    void log_out(const std::string& why);
    void tick();
    /// The connection is gone.
    void on_end();
    [[nodiscard]] const gateway::Caller& caller() const { return caller_; }

  private:
    struct Request {
        std::string_view message;
        std::string type;
        Fields fields;
        int number = 0;
        bool poss_dup = false;
    };

    // Of SessionUser.
    void write(const std::string& bytes) override;
    void close() override;
    Fault take(const std::string& message) override;

    [[nodiscard]] static Request request_of(std::string_view message);
    [[nodiscard]] bool admit(const Request& request);
    [[nodiscard]] Fault dispatch(const Request& request);
    void place(const Request& request);
    void change(const Request& request);
    void cancel_all(const Request& request);
    /// The order that a cancel, a replace or a status request is about.
    [[nodiscard]] const OrderState* order_of(const Fields& fields, int name_tag) const;
    void tell_status(const Request& request);
    void tell_all(const Request& request);
    void tell_positions(const Request& request);
    void tell_securities(const Request& request);
    void tell_market_data(const Request& request);
    void submit(const Request& request, exchange::CommandBody body);
    void refuse(const Request& request, const Error& error);
    void reject_business(const Request& request, int reason, std::string_view why);
    [[nodiscard]] std::string exec_id();
    [[nodiscard]] MarketOf market_of() const;
    [[nodiscard]] AccountId account() const { return record_.account; }

    Shared& shared_;
    SessionRecord& record_;
    std::unique_ptr<Session> session_;
    std::optional<ConnectionId> connection_;
    std::string ip_;
    gateway::Caller caller_;
    gateway::Pace pace_;
    MarketDataFeed market_data_;
    std::int64_t last_exec_ = 0;  ///< of refusals that the venue does not know
};

}  // namespace astro::fix

#include "foundation/net/listener.hpp"

#include <sys/socket.h>

#include "foundation/net/http_session.hpp"

namespace astro::net {
namespace {

constexpr int kBacklog = 4096;
constexpr auto kAcceptPause = std::chrono::milliseconds(50);

Result<void> cannot_listen(const boost::system::error_code& error, const Tcp::endpoint& endpoint) {
    std::string address = endpoint.address().to_string();
    if (endpoint.address().is_v6()) address = "[" + address + "]";
    address += ":" + std::to_string(endpoint.port());
    if (error == boost::asio::error::address_in_use)
        return refusal("address_in_use", "address already in use: " + address, "address");
    return refusal("cannot_listen", "cannot listen on " + address + ": " + error.message(),
                   "address");
}

}  // namespace

Listener::Listener(std::shared_ptr<ServerCore> core, std::shared_ptr<Loop> loop)
    : loop_(std::move(loop)),
      core_(std::move(core)),
      acceptor_(loop_->io.get_executor()),
      pause_(loop_->io.get_executor()) {}

Result<void> Listener::listen(const Tcp::endpoint& endpoint, bool shared) {
    boost::system::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Acceptor::reuse_address(true), error);
    if (!error && shared) {
        const int on = 1;
        if (::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
            error.assign(errno, boost::system::system_category());
    }
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(kBacklog, error);
    if (error) return cannot_listen(error, endpoint);
    return {};
}

std::uint16_t Listener::port() const {
    boost::system::error_code ignored;
    return acceptor_.local_endpoint(ignored).port();
}

void Listener::accept() {
    acceptor_.async_accept(
        [self = shared_from_this()](const boost::system::error_code& error, Socket socket) {
            self->on_accept(error, std::move(socket));
        });
}

void Listener::close() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

void Listener::on_accept(const boost::system::error_code& error, Socket socket) {
    if (!acceptor_.is_open()) return;
    if (!error) {
        admit(std::move(socket));
        accept();
        return;
    }
    // Out of file descriptors or memory: trying again at once would spin.
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
        if (!cancelled && self->acceptor_.is_open()) self->accept();
    });
}

void Listener::admit(Socket socket) {
    ++core_->counters.connections_total;
    if (core_->counters.connections_open >= core_->connections_max) {
        ++core_->counters.connections_refused;
        return;  // closes it
    }
    Connected connected(std::move(socket));
    if (connected.fd() < 0) return;
    std::make_shared<HttpSession>(core_, loop_, std::move(connected), ConnectionSlot(core_))
        ->start();
}

}  // namespace astro::net

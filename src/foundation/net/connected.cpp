#include "foundation/net/connected.hpp"

#include <unistd.h>

namespace astro::net {

Connected::Connected(Socket socket) {
    boost::system::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (!error) socket.native_non_blocking(true, error);
    if (error) return;
    socket.set_option(Tcp::no_delay(true), error);
    protocol_ = peer.protocol();
    remote_address_ = peer.address().to_string();
    const int fd = socket.release(error);
    if (!error) fd_ = fd;
}

Connected::Connected(Connected&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      protocol_(other.protocol_),
      remote_address_(std::move(other.remote_address_)) {}

Socket Connected::release(Loop& loop) {
    Socket out(loop.io.get_executor());
    boost::system::error_code error;
    out.assign(protocol_, fd_, error);
    if (error) close();
    fd_ = -1;
    return out;
}

void Connected::close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace astro::net

#pragma once

#include <memory>

#include "foundation/base/result.hpp"
#include "foundation/net/loop.hpp"
#include "foundation/net/server_core.hpp"

namespace astro::net {

/// Accepts connections onto one loop.
class Listener : public std::enable_shared_from_this<Listener> {
  public:
    Listener(std::shared_ptr<ServerCore> core, std::shared_ptr<Loop> loop);
    /// `shared`: other loops listen on the same port (SO_REUSEPORT).
    Result<void> listen(const Tcp::endpoint& endpoint, bool shared);
    [[nodiscard]] std::uint16_t port() const;
    void accept();  ///< loop thread, or before it runs
    void close();   ///< loop thread

  private:
    void on_accept(const boost::system::error_code& error, Socket socket);
    void admit(Socket socket);

    std::shared_ptr<Loop> loop_;
    std::shared_ptr<ServerCore> core_;
    Acceptor acceptor_;
    Timer pause_;
};

}  // namespace astro::net

#pragma once

#include <string>

#include "foundation/net/loop.hpp"

namespace astro::net {

/// A socket that a peer has connected, on no loop's watch; closed when it goes. Internal to the
/// room.
class Connected {
  public:
    Connected() = default;
    /// Takes it off its loop. Closed when that fails.
    explicit Connected(Socket socket);
    Connected(Connected&& other) noexcept;
    Connected& operator=(Connected&&) = delete;
    ~Connected() { close(); }

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] const std::string& remote_address() const { return remote_address_; }
    /// To be waited for by `loop` itself. Closed when the kernel has no room for that.
    [[nodiscard]] Socket release(Loop& loop);
    void close();

  private:
    int fd_ = -1;
    Tcp protocol_ = Tcp::v4();
    std::string remote_address_;
};

}  // namespace astro::net

#pragma once

#include <sys/epoll.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <span>

/// Internal to the room: it shows Asio.
namespace astro::net {

/// Who is told when something may be done on its socket.
class SocketUser {
  public:
    virtual ~SocketUser() = default;
    /// EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR as they come. Each comes once for what has
    /// changed: go on until the socket would block, or nothing more comes.
    virtual void on_socket(std::uint32_t events) = 0;
};

/// Sockets of one loop, registered once for all their life. Asio's own wait renews its registration
/// by a system call each time, which is a twentieth of what a short request costs. Loop thread only.
class SocketWatch {
  public:
    explicit SocketWatch(boost::asio::io_context& io);
    /// False when the kernel has no room for it. `user` stays until it is removed or forgotten.
    [[nodiscard]] bool add(int socket, SocketUser& user);
    /// The socket stays open and is no longer watched.
    void remove(int socket, SocketUser& user);
    /// The same for a socket that is closed, which unregisters it by itself.
    void forget(SocketUser& user);
    /// Lets the loop end.
    void close();

  private:
    void wait();
    void dispatch();

    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> poll_;
    std::array<epoll_event, 128> events_{};
    std::span<epoll_event> ready_;  ///< of events_: those not told yet
    bool waiting_ = false;
};

}  // namespace astro::net

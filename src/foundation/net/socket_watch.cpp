#include "foundation/net/socket_watch.hpp"

#include "foundation/base/assert.hpp"

namespace astro::net {

SocketWatch::SocketWatch(boost::asio::io_context& io)
    : poll_(io.get_executor(), ::epoll_create1(EPOLL_CLOEXEC)) {}

bool SocketWatch::add(int socket, SocketUser& user) {
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = &user}};
    if (!poll_.is_open() ||
        ::epoll_ctl(poll_.native_handle(), EPOLL_CTL_ADD, socket, &event) != 0)
        return false;
    wait();
    return true;
}

void SocketWatch::remove(int socket, SocketUser& user) {
    if (poll_.is_open()) ::epoll_ctl(poll_.native_handle(), EPOLL_CTL_DEL, socket, nullptr);
    forget(user);
}

void SocketWatch::forget(SocketUser& user) {
    for (auto& event : ready_)
        if (event.data.ptr == &user) event.data.ptr = nullptr;
}

void SocketWatch::close() {
    boost::system::error_code ignored;
    poll_.close(ignored);
}

void SocketWatch::wait() {
    if (waiting_ || !poll_.is_open()) return;
    waiting_ = true;
    poll_.async_wait(decltype(poll_)::wait_read, [this](const boost::system::error_code& error) {
        waiting_ = false;
        if (!error) dispatch();
    });
}

/// One turn's worth; what is left makes the poll readable again, behind what else is due.
void SocketWatch::dispatch() {
    const int count = ::epoll_wait(poll_.native_handle(), events_.data(),
                                   static_cast<int>(events_.size()), 0);
    ready_ = std::span(events_).first(static_cast<std::size_t>(std::max(count, 0)));
    while (!ready_.empty()) {
        const epoll_event event = ready_.front();
        ready_ = ready_.subspan(1);
        if (event.data.ptr != nullptr)
            static_cast<SocketUser*>(event.data.ptr)->on_socket(event.events);
    }
    wait();
}

}  // namespace astro::net

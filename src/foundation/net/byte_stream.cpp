#include "foundation/net/byte_stream.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace astro::net {
namespace {

class PlainStream final : public ByteStream {
  public:
    explicit PlainStream(int socket) : socket_(socket) {}

    IoResult handshake() override { return {}; }

    IoResult read(char* out, std::size_t size) override {
        for (;;) {
            const ssize_t n = ::recv(socket_, out, size, 0);
            if (n > 0) return {IoStatus::done, static_cast<std::size_t>(n)};
            if (n == 0) return {IoStatus::closed};
            if (errno != EINTR) return stopped(IoStatus::want_read);
        }
    }

    IoResult write(std::span<const iovec> parts) override {
        if (parts.empty()) return {};
        msghdr message{};
        message.msg_iov = const_cast<iovec*>(parts.data());  // sendmsg does not write to it
        message.msg_iovlen = parts.size();
        for (;;) {
            // The usual answer is one part: send() spares the kernel the copies of sendmsg().
            const ssize_t n = parts.size() == 1
                                  ? ::send(socket_, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL)
                                  : ::sendmsg(socket_, &message, MSG_NOSIGNAL);
            if (n >= 0) return {IoStatus::done, static_cast<std::size_t>(n)};
            if (errno != EINTR) return stopped(IoStatus::want_write);
        }
    }

    [[nodiscard]] bool flushed() const override { return true; }
    [[nodiscard]] bool has_buffered() const override { return false; }
    void end_writing() override { ::shutdown(socket_, SHUT_WR); }
    [[nodiscard]] const std::string& failure() const override { return failure_; }

  private:
    IoResult stopped(IoStatus wait_for) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) return {wait_for};
        failure_ = std::strerror(errno);
        return {IoStatus::failed};
    }

    int socket_;
    std::string failure_;
};

}  // namespace

std::unique_ptr<ByteStream> plain_stream(int socket) {
    return std::make_unique<PlainStream>(socket);
}

}  // namespace astro::net

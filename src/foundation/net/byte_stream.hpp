#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

/// Bytes over a connected, non-blocking socket, plain or TLS, with one set of rules: every call
/// returns at once and says what to wait for.
namespace astro::net {

enum class IoStatus {
    done,        ///< `bytes` were moved
    want_read,   ///< wait until the socket is readable, then call again
    want_write,  ///< wait until it is writable, then call again
    closed,      ///< the peer ended the stream in order
    failed,      ///< the connection is lost; see failure()
};
struct IoResult {
    IoStatus status = IoStatus::done;
    std::size_t bytes = 0;
};

/// Does not own the socket. One thread at a time.
class ByteStream {
  public:
    virtual ~ByteStream() = default;
    /// Until `done`: nothing may be read or written before. At once for a plain socket.
    virtual IoResult handshake() = 0;
    virtual IoResult read(char* out, std::size_t size) = 0;
    /// Takes bytes from the front of `parts`. TLS keeps what it has taken until it can be sent: see
    /// flushed(); an empty `parts` sends only that.
    virtual IoResult write(std::span<const iovec> parts) = 0;
    [[nodiscard]] virtual bool flushed() const = 0;
    /// Bytes that a read gives without waiting for the socket.
    [[nodiscard]] virtual bool has_buffered() const = 0;
    /// Tells the peer that nothing follows; it may still send. Best effort.
    virtual void end_writing() = 0;
    [[nodiscard]] virtual const std::string& failure() const = 0;
};

[[nodiscard]] std::unique_ptr<ByteStream> plain_stream(int socket);

}  // namespace astro::net

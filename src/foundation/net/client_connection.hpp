#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "foundation/net/byte_stream.hpp"
#include "foundation/net/client.hpp"
#include "foundation/net/interrupt.hpp"
#include "foundation/net/tls.hpp"

/// What both blocking clients stand on: one connection, every wait with a deadline and breakable.
namespace astro::net {

using WaitUntil = std::chrono::steady_clock::time_point;
[[nodiscard]] WaitUntil deadline_after(DurationNs duration);

class ClientConnection {
  public:
    /// Resolves, connects (each address in turn) and shakes hands, over TLS when the URL is secure.
    /// Codes: "connect_failed", "tls_failed", "timeout", "interrupted".
    static Result<std::unique_ptr<ClientConnection>> open(const Url& url, DurationNs timeout,
                                                          const std::shared_ptr<TlsContext>& tls,
                                                          const Interrupt& interrupt);
    ~ClientConnection();
    ClientConnection(const ClientConnection&) = delete;
    ClientConnection& operator=(const ClientConnection&) = delete;

    /// All of it, or an error: "timeout", "connection_closed", "interrupted". One writer at a time;
    /// another thread may read meanwhile.
    Result<void> write(std::string_view bytes, WaitUntil until);
    /// At least one byte; 0 when the peer ended the stream. Errors as above.
    Result<std::size_t> read(char* out, std::size_t size, WaitUntil until);
    /// Whether a request may be sent: the peer has neither closed nor sent what nobody asked for.
    [[nodiscard]] bool is_fresh();
    void end_writing();

  private:
    ClientConnection(int socket, const Interrupt& interrupt);
    Result<void> shake_hands(WaitUntil until);
    Result<void> wait(short events, WaitUntil until);
    [[nodiscard]] Unexpected lost(std::string_view what) const;

    int socket_;
    const Interrupt& interrupt_;
    std::mutex mutex_;  ///< of stream_: a TLS object serves one thread at a time
    std::unique_ptr<ByteStream> stream_;
};

}  // namespace astro::net

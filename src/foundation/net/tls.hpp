#pragma once

#include <memory>
#include <string>

#include "foundation/base/result.hpp"
#include "foundation/net/byte_stream.hpp"

namespace astro::net {

/// Certificates and rules for many TLS streams. Thread-safe once made.
class TlsContext {
  public:
    /// TLS 1.3, and 1.2 with forward secrecy and AEAD when asked. Codes: "tls_certificate",
    /// "tls_key".
    static Result<std::shared_ptr<TlsContext>> make_server(const std::string& certificate_file,
                                                           const std::string& key_file,
                                                           bool tls12 = false);
    /// TLS 1.2 or 1.3. An empty `ca_file` means the system's. Code: "tls_certificate".
    static Result<std::shared_ptr<TlsContext>> make_client(bool verify, const std::string& ca_file);
    virtual ~TlsContext() = default;

    [[nodiscard]] virtual std::unique_ptr<ByteStream> accept_stream(int socket) = 0;
    /// Asks for `host` by SNI and, when verifying, demands a certificate for it (a name or an
    /// address).
    [[nodiscard]] virtual std::unique_ptr<ByteStream> connect_stream(int socket,
                                                                     const std::string& host) = 0;
};

}  // namespace astro::net

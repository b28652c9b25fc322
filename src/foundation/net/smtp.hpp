#pragma once

#include <string>
#include <string_view>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"

/// Handing a message to a mail server (RFC 5321), over libcurl.
namespace astro::net {

struct SmtpServer {
    std::string url;  ///< "smtp://host[:587]", encrypted by STARTTLS, or "smtps://host[:465]"
    std::string user{}, password{};  ///< empty: no authentication
    std::string ca_file{};           ///< PEM; empty = the system's
    /// Off, credentials and mail may travel in the clear: for a server on loopback.
    bool require_tls = true;
    DurationNs timeout = seconds(30);
};

/// "bad_smtp_server" names what is wrong: the scheme, or no TLS towards another machine.
[[nodiscard]] Result<void> check_smtp_server(const SmtpServer& server);

/// Sends `message` (headers, empty line, body; line ends may be LF) from one address to one other.
/// Blocking. "smtp_refused" when the server will never take it (5xx; a refusal), "smtp_unavailable"
/// when later it may (4xx, network, TLS, credentials).
[[nodiscard]] Result<void> send_mail(const SmtpServer& server, const std::string& from,
                                     const std::string& to, std::string_view message);

}  // namespace astro::net

#pragma once

#include <string>
#include <string_view>

#include "foundation/net/message.hpp"

/// The HTTP half of WebSocket's opening (RFC 6455 §4), both sides.
namespace astro::net::websocket {

/// Whether the request asks for a WebSocket at all, well-formed or not.
[[nodiscard]] bool is_upgrade(const Request& request);
/// What is missing from an upgrade request: "bad_handshake" (400), or "bad_websocket_version"
/// (426).
[[nodiscard]] Result<void> check_upgrade(const Request& request, int http_version);
/// Sec-WebSocket-Accept of a Sec-WebSocket-Key.
[[nodiscard]] std::string accept_of(std::string_view key);
/// 16 random bytes in base64.
[[nodiscard]] std::string make_key();
/// Whether the server's answer opens the WebSocket; "handshake_refused" says what it answered.
[[nodiscard]] Result<void> check_answer(int status, const Fields& headers, std::string_view key);
/// Whether a comma-separated header value has that token, ignoring case.
[[nodiscard]] bool has_token(std::string_view list, std::string_view token);

}  // namespace astro::net::websocket

#pragma once

#include <string>
#include <string_view>

#include "foundation/net/message.hpp"

namespace astro::net {

struct ResponseContext {
    bool head = false;  ///< the request was HEAD: headers as for the body, and no body
    bool keep_alive = true;
    int version = 11;
    std::string_view date;  ///< of the Date header; left out when empty
};

/// Appends status line and headers. Framing headers are ours alone: Content-Length,
/// Transfer-Encoding, Connection and Date of the response are ignored; bytes that would break out
/// of a field become spaces.
void append_response_head(std::string& out, const Response& response,
                          const ResponseContext& context);
/// Whether a response of that status has a body at all (RFC 9110 §6.4.1).
[[nodiscard]] bool has_body(int status);
/// Appends "name: value" and a line end, made safe as above. Nothing when the name is no token.
void append_field(std::string& out, std::string_view name, std::string_view value);

}  // namespace astro::net

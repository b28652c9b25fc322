#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/base/result.hpp"

/// Plain HTTP values. No header of the transport library is visible to those who include this.
namespace astro::net {

/// Header fields in order; names compare without case.
class Fields {
  public:
    void set(std::string name, std::string value);  ///< replaces
    void add(std::string name, std::string value);
    /// The first value of that name, or nothing.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const {
        return fields_;
    }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
    std::string method = "GET";
    std::string target = "/";  ///< as sent: path and query, percent-encoded
    Fields headers;
    std::string body;
    std::string remote_address;  ///< of the peer, filled by the server
    bool secure = false;         ///< arrived over TLS

    /// Filled by the server from `target`: decoded path, decoded query pairs in order.
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
    /// Filled by the router: "{name}" segments of the route.
    std::vector<std::pair<std::string, std::string>> path_params;
    std::string request_id;  ///< X-Request-Id of the client when well-formed, else made here

    [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
    [[nodiscard]] std::optional<std::string_view> path_param(std::string_view name) const;
};

struct Response {
    int status = 200;
    Fields headers;
    std::string body;
    /// Set instead of `body` for bytes shared between answers (static files, cached documents).
    std::shared_ptr<const std::string> shared_body;
    /// Whole header lines, each ended by CRLF, that are the same in many answers: constant text.
    std::string_view fixed_head{};

    [[nodiscard]] std::string_view text() const { return shared_body ? *shared_body : body; }
};

[[nodiscard]] Response json_response(std::string body, int status = 200);

/// An RFC 9457 problem document. `code` is stable snake_case; `where` and `request_id` are left out
/// when empty.
[[nodiscard]] Response problem_response(int status, std::string_view code, std::string_view detail,
                                        std::string_view where, std::string_view request_id);
/// "Not Found" for 404; "Status 799" for what has no name.
[[nodiscard]] std::string status_title(int status);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Splits "scheme://[user:password@]host[:port]/target". Schemes http, https, ws, wss.
struct Url {
    std::string scheme, host, port, target;  ///< an IPv6 host without brackets; port never empty
    std::string credentials{};               ///< decoded "user:password", empty when not given
    [[nodiscard]] bool secure() const { return scheme == "https" || scheme == "wss"; }
    /// "host" or "host:port" when the port is not the scheme's own; IPv6 in brackets.
    [[nodiscard]] std::string authority() const;
};
[[nodiscard]] Result<Url> parse_url(std::string_view text);

/// Percent-decoding of a path or query part; refuses bad escapes and bytes that are not UTF-8.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Fills path and query of a request from its target (origin form, absolute form or "*").
/// Refusals: "bad_target", "bad_escape", "bad_utf8".
[[nodiscard]] Result<void> split_target(Request& request);

}  // namespace astro::net

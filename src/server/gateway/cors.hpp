#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/net/message.hpp"

/// Which pages may use this server from a browser: its own, and those of the allow-list.
namespace astro::gateway {

/// "https://app.example" or "http://127.0.0.1:5173": scheme, host, port, nothing behind. Code
/// "bad_origin".
[[nodiscard]] Result<void> check_origin(std::string_view origin);

class Cors {
  public:
    explicit Cors(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

    /// Of a page of this server, of one that is allowed, or of a program (which sends no Origin).
    [[nodiscard]] bool admits(const net::Request& request) const;
    /// Whether a page of another site asks for something that changes: refused, whatever it holds.
    [[nodiscard]] bool is_foreign_change(const net::Request& request) const;
    /// Whether a browser asks, before an allowed page's request, if it may.
    [[nodiscard]] bool is_preflight(const net::Request& request) const;
    [[nodiscard]] static net::Response preflight_answer(const net::Request& request);
    /// Lets the browser hand the answer to an allowed page.
    void mark(const net::Request& request, net::Response& response) const;

  private:
    [[nodiscard]] bool is_allowed(std::string_view origin) const;

    std::vector<std::string> allowed_;
};

}  // namespace astro::gateway

#include "server/gateway/cors.hpp"

#include <algorithm>

namespace astro::gateway {
namespace {

bool is_same_site(const net::Request& request, std::string_view origin) {
    const auto host = request.headers.find("host");
    const auto scheme = origin.find("://");
    return host && scheme != std::string_view::npos &&
           net::equals_ignoring_case(origin.substr(scheme + 3), *host);
}

/// A list of header names, as Access-Control-Request-Headers holds it.
bool is_name_list(std::string_view text) {
    return text.size() <= 1024 && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == ',' || c == ' ' || c == '_';
           });
}

}  // namespace

Result<void> check_origin(std::string_view origin) {
    const auto scheme = origin.find("://");
    const bool known = origin.starts_with("http://") || origin.starts_with("https://");
    const auto host = known ? origin.substr(scheme + 3) : std::string_view();
    if (host.empty() || host.find_first_of("/?#@* ") != std::string_view::npos)
        return refusal("bad_origin",
                       "an origin is a scheme, a host and perhaps a port, such as "
                       "https://app.example; not '" +
                           std::string(origin) + "'");
    return {};
}

bool Cors::is_allowed(std::string_view origin) const {
    return std::ranges::find(allowed_, origin) != allowed_.end();
}

bool Cors::admits(const net::Request& request) const {
    const auto origin = request.headers.find("origin");
    return !origin || is_same_site(request, *origin) || is_allowed(*origin);
}

bool Cors::is_foreign_change(const net::Request& request) const {
    const bool reads =
        request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
    return !reads && !admits(request);
}

bool Cors::is_preflight(const net::Request& request) const {
    const auto origin = request.headers.find("origin");
    return request.method == "OPTIONS" && origin && is_allowed(*origin) &&
           request.headers.find("access-control-request-method").has_value();
}

net::Response Cors::preflight_answer(const net::Request& request) {
    net::Response response;
    response.status = 204;
    response.headers.set("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
    const auto wanted = request.headers.find("access-control-request-headers");
    if (wanted && is_name_list(*wanted))
        response.headers.set("access-control-allow-headers", std::string(*wanted));
    response.headers.set("access-control-max-age", "600");
    return response;
}

void Cors::mark(const net::Request& request, net::Response& response) const {
    if (allowed_.empty()) return;
    response.headers.add("vary", "Origin");
    const auto origin = request.headers.find("origin");
    if (!origin || !is_allowed(*origin)) return;
    // No credentials: cookies are for this server's own pages, others send a bearer token.
    response.headers.set("access-control-allow-origin", std::string(*origin));
    response.headers.set("access-control-expose-headers",
                         "ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
                         "Retry-After, X-History-Since, X-Request-Id");
}

}  // namespace astro::gateway

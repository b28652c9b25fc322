#include "server/gateway/etag.hpp"

#include <cstdint>
#include <cstdio>

namespace astro::gateway {

/// FNV-1a: guards nothing.
std::string tag_of(std::string_view content) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : content) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

bool has_already(const net::Request& request, std::string_view tag) {
    const auto known = request.headers.find("if-none-match");
    return known &&
           (*known == "*" || known->find("\"" + std::string(tag) + "\"") != std::string_view::npos);
}

void tag_response(const net::Request& request, net::Response& response) {
    if (response.status != 200) return;
    const auto tag = tag_of(response.text());
    // Weak: the bytes differ with the compression.
    response.headers.set("etag", "W/\"" + tag + "\"");
    response.headers.set("cache-control", "private, no-cache");
    if (!has_already(request, tag)) return;
    response.status = 304;
    response.body.clear();
    response.shared_body.reset();
}

}  // namespace astro::gateway

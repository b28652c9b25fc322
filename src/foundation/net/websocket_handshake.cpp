#include "foundation/net/websocket_handshake.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::net::websocket {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t kKeyBytes = 16;

bool any_has_token(const Fields& headers, std::string_view name, std::string_view token) {
    return std::any_of(headers.all().begin(), headers.all().end(), [&](const auto& field) {
        return equals_ignoring_case(field.first, name) && has_token(field.second, token);
    });
}

}  // namespace

bool has_token(std::string_view list, std::string_view token) {
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        std::string_view item = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        while (!item.empty() && (item.front() == ' ' || item.front() == '\t'))
            item.remove_prefix(1);
        while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
        if (equals_ignoring_case(item, token)) return true;
    }
    return false;
}

bool is_upgrade(const Request& request) {
    return any_has_token(request.headers, "upgrade", "websocket");
}

Result<void> check_upgrade(const Request& request, int http_version) {
    if (request.method != "GET" || http_version < 11)
        return refusal("bad_handshake", "a WebSocket opens with GET and HTTP/1.1", "method");
    if (!any_has_token(request.headers, "connection", "upgrade"))
        return refusal("bad_handshake", "the Connection header must say Upgrade", "connection");
    const auto version = request.headers.find("sec-websocket-version");
    if (!version || *version != "13")
        return refusal("bad_websocket_version", "the WebSocket version must be 13",
                       "sec-websocket-version");
    const auto key = request.headers.find("sec-websocket-key");
    const auto bytes = parse_base64(key.value_or(""));
    if (!bytes || bytes->size() != kKeyBytes)
        return refusal("bad_handshake", "the key must be 16 bytes in base64", "sec-websocket-key");
    return {};
}

std::string accept_of(std::string_view key) {
    std::string text(key);
    text.append(kGuid);
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    ASTRO_ASSERT(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) ==
                 1);
    return to_base64({digest.data(), size});
}

std::string make_key() {
    std::array<std::uint8_t, kKeyBytes> bytes;
    ASTRO_ASSERT(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
    return to_base64(bytes);
}

Result<void> check_answer(int status, const Fields& headers, std::string_view key) {
    if (status != 101)
        return unavailable("handshake_refused", "the server answered " + std::to_string(status) +
                                                    " " + status_title(status) +
                                                    " instead of opening the WebSocket");
    if (!any_has_token(headers, "upgrade", "websocket") ||
        !any_has_token(headers, "connection", "upgrade") ||
        headers.find("sec-websocket-accept") != std::optional<std::string_view>(accept_of(key)))
        return unavailable("handshake_refused", "the server's answer does not open a WebSocket");
    // RFC 6455 §4.1: an extension that was not offered may not be used.
    if (headers.find("sec-websocket-extensions"))
        return unavailable("handshake_refused",
                           "the server uses an extension that was not offered");
    return {};
}

}  // namespace astro::net::websocket

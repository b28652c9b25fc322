#include "foundation/net/http_response.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace astro::net {
namespace {

constexpr std::size_t kHeadBytesUsual = 640;  ///< and a small body behind it

constexpr auto kTokenBytes = [] {
    std::array<bool, 256> out{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        out[static_cast<unsigned char>(c)] = true;
    return out;
}();

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return kTokenBytes[static_cast<unsigned char>(c)];
    });
}

bool is_ours(std::string_view name) {
    constexpr std::array<std::string_view, 4> kOurs{"content-length", "transfer-encoding",
                                                    "connection", "date"};
    return std::any_of(kOurs.begin(), kOurs.end(),
                       [&](std::string_view own) { return equals_ignoring_case(own, name); });
}

void append_number(std::string& out, std::size_t value) {
    char buffer[24];
    out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

}  // namespace

bool has_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (!is_token(name)) return;
    out.append(name).append(": ");
    const std::size_t at = out.size();
    out.append(value);
    std::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(at), out.end(),
        [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; },
        ' ');
    out.append("\r\n");
}

void append_response_head(std::string& out, const Response& response,
                          const ResponseContext& context) {
    out.reserve(out.size() + kHeadBytesUsual);
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::size_t>(std::clamp(response.status, 100, 999)));
    out.push_back(' ');
    out.append(response.status == 200 ? "OK" : status_title(response.status));
    out.append("\r\n");
    out.append(response.fixed_head);
    for (const auto& [name, value] : response.headers.all())
        if (!is_ours(name)) append_field(out, name, value);
    if (!context.date.empty()) out.append("date: ").append(context.date).append("\r\n");
    if (has_body(response.status)) {
        out.append("content-length: ");
        append_number(out, response.text().size());
        out.append("\r\n");
    }
    if (!context.keep_alive)
        out.append("connection: close\r\n");
    else if (context.version < 11)
        out.append("connection: keep-alive\r\n");
    out.append("\r\n");
}

}  // namespace astro::net

#include <algorithm>
#include <array>
#include <charconv>

#include "foundation/base/encoding.hpp"
#include "foundation/net/message.hpp"

namespace astro::net {
namespace {

struct SchemePort {
    std::string_view scheme, port;
};
constexpr std::array kSchemes{SchemePort{"http", "80"}, SchemePort{"https", "443"},
                              SchemePort{"ws", "80"}, SchemePort{"wss", "443"}};

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string_view default_port(std::string_view scheme) {
    for (const auto& entry : kSchemes)
        if (entry.scheme == scheme) return entry.port;
    return {};
}

Result<std::string> parse_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
        return refusal("bad_url", "the port must be a number from 1 to 65535", "port");
    return std::to_string(port);
}

Result<void> check_host(std::string_view host, bool bracketed) {
    if (host.empty()) return refusal("bad_url", "the host is missing", "host");
    const auto allowed = [bracketed](char c) {
        if (bracketed) return hex_value(c) >= 0 || c == ':' || c == '.';
        return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
    };
    if (!std::all_of(host.begin(), host.end(), allowed))
        return refusal("bad_url", "the host has a character that no host name has", "host");
    return {};
}

Result<void> parse_authority(std::string_view text, Url& url) {
    if (const auto at = text.rfind('@'); at != text.npos) {
        ASTRO_TRY(url.credentials, percent_decode(text.substr(0, at), false));
        text.remove_prefix(at + 1);
    }
    const bool bracketed = text.starts_with('[');
    std::string_view host = text, rest;
    if (bracketed) {
        const auto end = text.find(']');
        if (end == text.npos) return refusal("bad_url", "the bracket of [host] is open", "host");
        host = text.substr(1, end - 1);
        rest = text.substr(end + 1);
    } else if (const auto colon = text.find(':'); colon != text.npos) {
        host = text.substr(0, colon);
        rest = text.substr(colon);
    }
    ASTRO_CHECK(check_host(host, bracketed));
    url.host = host;
    url.port = default_port(url.scheme);
    if (rest.empty()) return {};
    if (rest[0] != ':') return refusal("bad_url", "only :port may follow [host]", "host");
    ASTRO_TRY(url.port, parse_port(rest.substr(1)));
    return {};
}

Result<std::string> parse_url_target(std::string_view text) {
    text = text.substr(0, text.find('#'));
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
    if (!std::all_of(text.begin(), text.end(), printable))
        return refusal("bad_url", "spaces and bytes outside ASCII must be percent-encoded", "path");
    std::string target(text);
    if (!target.starts_with('/')) target.insert(target.begin(), '/');
    return target;
}

}  // namespace

std::string Url::authority() const {
    std::string out = host.find(':') == host.npos ? host : "[" + host + "]";
    if (port != default_port(scheme)) out.append(":").append(port);
    return out;
}

Result<Url> parse_url(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == text.npos)
        return refusal("bad_url", "a URL looks like https://host:port/path", "scheme");
    Url url;
    for (const char c : text.substr(0, colon))
        url.scheme.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
    if (default_port(url.scheme).empty())
        return refusal("bad_url", "the scheme must be http, https, ws or wss", "scheme");
    text.remove_prefix(colon + 3);
    const auto end = std::min(text.find_first_of("/?#"), text.size());
    ASTRO_CHECK(parse_authority(text.substr(0, end), url));
    ASTRO_TRY(url.target, parse_url_target(text.substr(end)));
    return url;
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return refusal("bad_escape", "% must be followed by two hexadecimal digits",
                               "character " + std::to_string(i));
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else {
            out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
        }
    }
    if (!is_utf8(out)) return refusal("bad_utf8", "the decoded text is not UTF-8");
    return out;
}

Result<void> split_target(Request& request) {
    std::string_view target = request.target;
    request.query.clear();
    if (target == "*" && request.method == "OPTIONS") {
        request.path = "*";
        return {};
    }
    // RFC 9112 §3.2.2: a server must accept the absolute form too.
    if (!target.starts_with('/')) {
        const auto scheme = target.find("://");
        if (scheme == target.npos)
            return refusal("bad_target", "the request target must be a path", "target");
        const auto path = target.find_first_of("/?", scheme + 3);
        target = path == target.npos ? std::string_view("/") : target.substr(path);
    }
    target = target.substr(0, target.find('#'));
    const auto mark = target.find('?');
    ASTRO_TRY(request.path, percent_decode(target.substr(0, mark), false));
    if (request.path.empty()) request.path = "/";
    if (mark == target.npos) return {};
    for (std::string_view rest = target.substr(mark + 1); !rest.empty();) {
        const auto end = std::min(rest.find('&'), rest.size());
        const std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        ASTRO_TRY(std::string name, percent_decode(pair.substr(0, equals), true));
        ASTRO_TRY(std::string value,
                  percent_decode(equals == pair.npos ? "" : pair.substr(equals + 1), true));
        request.query.emplace_back(std::move(name), std::move(value));
    }
    return {};
}

}  // namespace astro::net

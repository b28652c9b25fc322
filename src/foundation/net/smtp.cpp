#include "foundation/net/smtp.hpp"

#include <curl/curl.h>

#include <memory>

#include "foundation/net/message.hpp"

namespace astro::net {
namespace {

struct CurlEnd {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// The message with CRLF line ends, as it goes over the wire.
std::string with_crlf(std::string_view message) {
    std::string out;
    out.reserve(message.size() + message.size() / 32);
    for (const char c : message) {
        if (c == '\n' && !out.ends_with('\r')) out += '\r';
        out += c;
    }
    if (!out.ends_with("\r\n")) out += "\r\n";
    return out;
}

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* rest) {
    auto& text = *static_cast<std::string_view*>(rest);
    const std::size_t n = std::min(size * count, text.size());
    text.substr(0, n).copy(buffer, n);
    text.remove_prefix(n);
    return n;
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// An address that stays inside its angle brackets.
bool is_plain_address(std::string_view address) {
    return !address.empty() && address.size() <= 254 &&
           address.find_first_of("<>\r\n \t\"") == std::string_view::npos;
}

CURL* make_handle() {
    // Not thread-safe in older versions: once, before the first handle.
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    return ready == CURLE_OK ? curl_easy_init() : nullptr;
}

}  // namespace

Result<void> check_smtp_server(const SmtpServer& server) {
    const auto bad = [](std::string_view what) {
        return refusal("bad_smtp_server", std::string(what), "url");
    };
    const bool implicit = server.url.starts_with("smtps://");
    if (!implicit && !server.url.starts_with("smtp://"))
        return bad("a mail server is smtp://host:587 or smtps://host:465");
    // Our own URLs have no such scheme; the rest of the grammar is the same.
    const auto url =
        parse_url((implicit ? "https" : "http") + server.url.substr(server.url.find("://")));
    if (!url) return bad(url.error().message);
    if (!url->credentials.empty()) return bad("name and password have settings of their own");
    if (!implicit && !server.require_tls && !is_loopback(url->host))
        return bad("mail without TLS is sent to loopback only");
    return {};
}

Result<void> send_mail(const SmtpServer& server, const std::string& from, const std::string& to,
                       std::string_view message) {
    ASTRO_CHECK(check_smtp_server(server));
    if (!is_plain_address(from) || !is_plain_address(to))
        return refusal("smtp_refused", "this is no address that mail can be sent to or from");
    const std::unique_ptr<CURL, CurlEnd> handle(make_handle());
    if (handle == nullptr) return unavailable("smtp_unavailable", "libcurl cannot start");
    CURL* const curl = handle.get();
    const std::string body = with_crlf(message);
    std::string_view rest = body;
    const std::unique_ptr<curl_slist, CurlEnd> recipients(
        curl_slist_append(nullptr, ("<" + to + ">").c_str()));
    char why[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(curl, CURLOPT_URL, server.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     static_cast<long>(server.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!server.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, server.ca_file.c_str());
    if (!server.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + from + ">").c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                     static_cast<long>(server.timeout.value() / 1'000'000));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    const CURLcode outcome = curl_easy_perform(curl);
    if (outcome == CURLE_OK) return {};
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    const std::string reason = why[0] != '\0' ? why : curl_easy_strerror(outcome);
    const bool for_good = status >= 500 && outcome != CURLE_LOGIN_DENIED;
    if (for_good) return refusal("smtp_refused", "the mail server refuses: " + reason);
    return unavailable("smtp_unavailable", reason, server.url);
}

}  // namespace astro::net

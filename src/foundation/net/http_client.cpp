#include <array>

#include "foundation/base/bytes.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/net/client_connection.hpp"
#include "foundation/net/http_parser.hpp"
#include "foundation/net/http_response.hpp"

namespace astro::net {
namespace {

constexpr std::size_t kReadBytes = 256U << 10;
constexpr std::size_t kHeaderBytesMax = 64U << 10;

/// Methods that may be sent twice without harm (RFC 9110 §9.2).
bool is_safe(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

bool sets(const Request& request, std::string_view name) {
    return request.headers.find(name).has_value();
}

std::string serialize(const Url& origin, const Request& request) {
    std::string out;
    out.reserve(512 + request.body.size());
    out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
    if (!sets(request, "host")) append_field(out, "host", origin.authority());
    if (!sets(request, "user-agent")) append_field(out, "user-agent", "astrolabe");
    if (!sets(request, "accept")) append_field(out, "accept", "*/*");
    if (!sets(request, "authorization") && !origin.credentials.empty())
        append_field(out, "authorization", "Basic " + to_base64(as_bytes(origin.credentials)));
    for (const auto& [name, value] : request.headers.all())
        if (!equals_ignoring_case(name, "content-length") &&
            !equals_ignoring_case(name, "transfer-encoding"))
            append_field(out, name, value);
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
        request.method == "PATCH")
        append_field(out, "content-length", std::to_string(request.body.size()));
    return out.append("\r\n").append(request.body);
}

/// A method or target with a space or a line end would be another request.
Result<void> check_request(const Request& request) {
    const auto clean = [](std::string_view text) {
        for (const char c : text)
            if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
        return !text.empty();
    };
    if (!clean(request.method)) return refusal("bad_request", "not an HTTP method", "method");
    if (!clean(request.target))
        return refusal("bad_request", "the target must be percent-encoded", "target");
    return {};
}

ParserLimits limits_of(const ClientOptions& options) {
    ParserLimits limits;
    limits.header_bytes = kHeaderBytesMax;
    limits.body_bytes = options.response_bytes;
    return limits;
}

Unexpected failure_of(const ParseFailure& failure) {
    if (failure.status == 413) return unavailable("too_large", "the answer is larger than allowed");
    return unavailable("connection_closed", "the answer is not HTTP: " + failure.detail);
}

class HttpClientImpl final : public HttpClient {
  public:
    HttpClientImpl(const Url& origin, ClientOptions options)
        : origin_(origin), options_(std::move(options)), parser_(limits_of(options_)) {}

    Result<Response> request(const Request& request) override {
        ASTRO_CHECK(check_request(request));
        if (interrupt_.raised()) return unavailable("interrupted", "the client was interrupted");
        const bool reused = connection_ && connection_->is_fresh();
        if (!reused) ASTRO_CHECK(connect());
        auto response = exchange(request);
        // A kept connection may be closed by the peer at the moment we write; nothing was answered
        // then, and what is safe to repeat is sent once more.
        if (!response && reused && response.error().code == "connection_closed" && !answered_ &&
            is_safe(request.method)) {
            ASTRO_CHECK(connect());
            response = exchange(request);
        }
        if (!response) connection_.reset();
        return response;
    }

    void interrupt() override { interrupt_.raise(); }

  private:
    Result<void> connect() {
        connection_.reset();
        if (origin_.secure() && !tls_) {
            ASTRO_TRY(tls_, TlsContext::make_client(options_.verify_tls, options_.ca_file));
        }
        ASTRO_TRY(connection_,
                  ClientConnection::open(origin_, options_.connect_timeout, tls_, interrupt_));
        return {};
    }

    Result<Response> exchange(const Request& request) {
        const WaitUntil until = deadline_after(options_.request_timeout);
        answered_ = false;
        auto sent = connection_->write(serialize(origin_, request), until);
        // A server that refuses a body may answer and close before it has read it all.
        if (!sent && sent.error().code != "connection_closed")
            return named(std::move(sent).error(), request);
        auto response = receive(request, until);
        if (!response) return named(std::move(response).error(), request);
        return response;
    }

    Result<Response> receive(const Request& request, WaitUntil until) {
        parser_.reset(request.method == "HEAD");
        std::size_t end = 0, begin = 0;
        for (;;) {
            // The parser stops behind the headers, with the body still to be fed.
            for (std::size_t used = 1; used > 0 && begin < end; begin += used)
                used = parser_.feed(std::string_view(buffer_).substr(begin, end - begin));
            if (parser_.failure()) return failure_of(*parser_.failure());
            if (parser_.done() && parser_.status() / 100 == 1 && parser_.status() != 101) {
                parser_.reset(request.method == "HEAD");  // 100 and 103 only announce the answer
                continue;
            }
            if (parser_.done()) break;
            std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin),
                      buffer_.begin() + static_cast<std::ptrdiff_t>(end), buffer_.begin());
            end -= begin;
            begin = 0;
            if (end == buffer_.size()) buffer_.resize(buffer_.size() * 2);
            ASTRO_TRY(const std::size_t n,
                      connection_->read(buffer_.data() + end, buffer_.size() - end, until));
            answered_ = answered_ || n > 0;
            end += n;
            if (n == 0) {
                parser_.feed_end();
                if (!parser_.done() || parser_.failure())
                    return unavailable("connection_closed",
                                       "the server closed before its answer was complete");
                connection_->end_writing();
            }
        }
        Response response = parser_.take();
        if (!parser_.keep_alive() || begin < end) connection_.reset();
        return response;
    }

    Unexpected named(Error error, const Request& request) const {
        error.where = request.method + " " + origin_.authority();
        // What may have been done must not be called undone.
        if (!is_safe(request.method) && error.code != "interrupted" && error.code != "too_large")
            error.kind = ErrorKind::unknown;
        return {std::move(error)};
    }

    Url origin_;
    ClientOptions options_;
    Interrupt interrupt_;
    std::shared_ptr<TlsContext> tls_;  ///< made once: reading the authorities takes milliseconds
    std::unique_ptr<ClientConnection> connection_;
    ResponseParser parser_;
    std::string buffer_ = std::string(kReadBytes, '\0');
    bool answered_ = false;
};

}  // namespace

Result<std::unique_ptr<HttpClient>> HttpClient::make(const Url& origin, ClientOptions options) {
    if (origin.host.empty()) return refusal("bad_url", "the host is missing", "host");
    return std::unique_ptr<HttpClient>(
        std::make_unique<HttpClientImpl>(origin, std::move(options)));
}

}  // namespace astro::net

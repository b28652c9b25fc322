#include <deque>

#include "foundation/base/bytes.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/net/client_connection.hpp"
#include "foundation/net/event_stream.hpp"
#include "foundation/net/http_parser.hpp"
#include "foundation/net/http_response.hpp"

namespace astro::net {
namespace {

constexpr std::size_t kReadBytes = 64U << 10;

ParserLimits endless() {
    ParserLimits limits;
    limits.header_bytes = 64U << 10;
    limits.body_bytes = SIZE_MAX;
    return limits;
}

class EventStreamClientImpl final : public EventStreamClient {
  public:
    EventStreamClientImpl(const Url& url, ClientOptions options)
        : url_(url), options_(std::move(options)), parser_(endless()) {}

    Result<void> open() {
        std::shared_ptr<TlsContext> tls;
        if (url_.secure()) {
            ASTRO_TRY(tls, TlsContext::make_client(options_.verify_tls, options_.ca_file));
        }
        ASTRO_TRY(connection_,
                  ClientConnection::open(url_, options_.connect_timeout, tls, interrupt_));
        const WaitUntil until = deadline_after(options_.request_timeout);
        ASTRO_CHECK(connection_->write(request(), until));
        parser_.reset(false);
        while (!parser_.header_done()) {
            ASTRO_TRY(const bool more, read(until));
            if (!more) return unavailable("connection_closed", "closed before the answer");
        }
        return check_answer();
    }

    Result<std::optional<ServerEvent>> receive(DurationNs timeout) override {
        const WaitUntil until = deadline_after(timeout);
        for (;;) {
            if (!events_.empty()) {
                std::optional<ServerEvent> event(std::move(events_.front()));
                events_.pop_front();
                return event;
            }
            const auto more = read(until);
            if (!more && more.error().code == "timeout") return std::optional<ServerEvent>{};
            if (!more) return Unexpected{more.error()};
            if (!*more)
                return unavailable("connection_closed", "the server ended the stream",
                                   url_.authority());
        }
    }

    void interrupt() override { interrupt_.raise(); }

  private:
    std::string request() const {
        std::string out = "GET " + url_.target + " HTTP/1.1\r\n";
        append_field(out, "host", url_.authority());
        append_field(out, "user-agent", "astrolabe");
        append_field(out, "accept", "text/event-stream");
        append_field(out, "cache-control", "no-store");
        if (!url_.credentials.empty())
            append_field(out, "authorization", "Basic " + to_base64(as_bytes(url_.credentials)));
        return out.append("\r\n");
    }

    /// False at the end of the answer.
    Result<bool> read(WaitUntil until) {
        if (parser_.done()) return false;
        if (input_.size() == buffer_.size())
            return unavailable("too_large", "the answer's head is too large");
        ASTRO_TRY(const std::size_t n,
                  connection_->read(buffer_.data(), buffer_.size() - input_.size(), until));
        if (n == 0) return false;
        input_.append(buffer_.data(), n);
        for (std::size_t used = 1; used > 0 && !input_.empty();) {
            used = parser_.feed(input_);
            input_.erase(0, used);
        }
        if (parser_.failure())
            return unavailable("connection_closed",
                               "the answer is not HTTP: " + parser_.failure()->detail);
        if (!parser_.header_done() || parser_.status() != 200) return true;
        std::vector<ServerEvent> events;
        ASTRO_CHECK(stream_.feed(parser_.take_body_part(), events));
        for (auto& event : events) events_.push_back(std::move(event));
        return true;
    }

    Result<void> check_answer() const {
        if (parser_.status() == 429)
            return limited("http_429", "the server asks to be left alone", url_.authority());
        if (parser_.status() != 200)
            return unavailable("http_error", "HTTP status " + std::to_string(parser_.status()),
                               url_.authority());
        const auto type = parser_.headers().find("content-type");
        if (!type || !type->starts_with("text/event-stream"))
            return unavailable("not_a_stream", "the answer is no event stream", url_.authority());
        return {};
    }

    Url url_;
    ClientOptions options_;
    Interrupt interrupt_;
    std::unique_ptr<ClientConnection> connection_;
    ResponseParser parser_;
    EventStreamParser stream_;
    std::string buffer_ = std::string(kReadBytes, '\0'), input_;
    std::deque<ServerEvent> events_;
};

}  // namespace

Result<std::unique_ptr<EventStreamClient>> EventStreamClient::connect(const Url& url,
                                                                      ClientOptions options) {
    auto client = std::make_unique<EventStreamClientImpl>(url, std::move(options));
    ASTRO_CHECK(client->open());
    return std::unique_ptr<EventStreamClient>(std::move(client));
}

}  // namespace astro::net

#include <openssl/rand.h>

#include <array>
#include <deque>

#include "foundation/base/bytes.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/net/client_connection.hpp"
#include "foundation/net/http_parser.hpp"
#include "foundation/net/http_response.hpp"
#include "foundation/net/websocket_frame.hpp"
#include "foundation/net/websocket_handshake.hpp"

namespace astro::net {
namespace {

using websocket::CloseStatus;
using websocket::Event;
using websocket::Opcode;

constexpr std::size_t kReadBytes = 64U << 10;
constexpr DurationNs kCloseWait = seconds(1);

std::array<char, 4> random_mask() {
    std::array<char, 4> mask;
    // RFC 6455 §5.3: unpredictable, or a page could make us write what a proxy takes for HTTP.
    ASTRO_ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(mask.data()), mask.size()) == 1);
    return mask;
}

std::string encode_frame(Opcode opcode, std::string_view payload) {
    const auto mask = random_mask();
    std::string frame(websocket::encode_header(opcode, payload.size(), mask).view());
    const std::size_t at = frame.size();
    frame.append(payload);
    websocket::apply_mask(frame.data() + at, payload.size(), mask);
    return frame;
}

class WebSocketClientImpl final : public WebSocketClient {
  public:
    WebSocketClientImpl(const Url& url, ClientOptions options)
        : url_(url),
          options_(std::move(options)),
          reader_(websocket::Role::client, options_.response_bytes) {}
    ~WebSocketClientImpl() override { close(); }

    Result<void> open() {
        std::shared_ptr<TlsContext> tls;
        if (url_.secure()) {
            ASTRO_TRY(tls, TlsContext::make_client(options_.verify_tls, options_.ca_file));
        }
        ASTRO_TRY(connection_,
                  ClientConnection::open(url_, options_.connect_timeout, tls, interrupt_));
        const WaitUntil until = deadline_after(options_.connect_timeout);
        const std::string key = websocket::make_key();
        ASTRO_CHECK(connection_->write(upgrade_request(key), until));
        return read_answer(key, until);
    }

    Result<void> send(std::string_view text) override {
        if (!is_utf8(text)) return refusal("bad_utf8", "a text message must be UTF-8", "text");
        return send_frame(Opcode::text, text);
    }

    Result<std::optional<std::string>> receive(DurationNs timeout) override {
        const WaitUntil until = deadline_after(timeout);
        for (;;) {
            if (!messages_.empty()) {
                std::optional<std::string> message(std::move(messages_.front()));
                messages_.pop_front();
                return message;
            }
            if (ended_) return Unexpected{*ended_};
            auto got = connection_->read(buffer_.data(), buffer_.size(), until);
            if (!got && got.error().code == "timeout") return std::optional<std::string>{};
            if (!got) return Unexpected{std::move(got).error()};
            if (*got == 0)
                end("the server closed without a close frame");
            else
                ASTRO_CHECK(feed({buffer_.data(), *got}));
        }
    }

    void interrupt() override { interrupt_.raise(); }

    void close() override {
        if (!connection_ || interrupt_.raised()) return;
        {
            const std::lock_guard lock(write_mutex_);
            if (close_sent_) return;
        }
        if (send_frame(Opcode::close, websocket::encode_close(websocket::kNormal, "")))
            connection_->end_writing();
    }

  private:
    std::string upgrade_request(const std::string& key) const {
        std::string out = "GET " + url_.target + " HTTP/1.1\r\n";
        append_field(out, "host", url_.authority());
        append_field(out, "user-agent", "astrolabe");
        append_field(out, "upgrade", "websocket");
        append_field(out, "connection", "Upgrade");
        append_field(out, "sec-websocket-key", key);
        append_field(out, "sec-websocket-version", "13");
        if (!url_.credentials.empty())
            append_field(out, "authorization", "Basic " + to_base64(as_bytes(url_.credentials)));
        for (const auto& [name, value] : options_.handshake.all()) append_field(out, name, value);
        return out.append("\r\n");
    }

    Result<void> read_answer(const std::string& key, WaitUntil until) {
        ResponseParser parser({});
        std::string input;
        while (!parser.header_done()) {
            ASTRO_TRY(const std::size_t n,
                      connection_->read(buffer_.data(), buffer_.size(), until));
            if (n == 0) return unavailable("connection_closed", "closed during the handshake");
            input.append(buffer_.data(), n);
            input.erase(0, parser.feed(input));
            if (parser.failure())
                return unavailable("handshake_refused", "not HTTP: " + parser.failure()->detail);
        }
        ASTRO_CHECK(websocket::check_answer(parser.status(), parser.headers(), key));
        return feed(input);
    }

    Result<void> send_frame(Opcode opcode, std::string_view payload) {
        const std::lock_guard lock(write_mutex_);
        if (close_sent_) return unavailable("connection_closed", "this WebSocket is closed");
        close_sent_ = opcode == Opcode::close;
        const DurationNs time = close_sent_ ? kCloseWait : options_.request_timeout;
        auto sent = connection_->write(encode_frame(opcode, payload), deadline_after(time));
        // A frame cut in the middle makes all that would follow it unreadable.
        if (!sent) close_sent_ = true;
        return sent;
    }

    Result<void> feed(std::string_view bytes) {
        const auto wrong =
            reader_.feed(bytes, [this](const Event& event) { return on_event(event); });
        if (!wrong) return {};
        const auto payload = websocket::encode_close(wrong->code, wrong->reason);
        [[maybe_unused]] const auto told = send_frame(Opcode::close, payload);
        end("the server broke the protocol: " + wrong->reason);
        return {};
    }

    bool on_event(const Event& event) {
        switch (event.kind) {
            case Event::Kind::message:
                messages_.emplace_back(event.payload);
                return true;
            case Event::Kind::ping: {
                [[maybe_unused]] const auto sent = send_frame(Opcode::pong, event.payload);
                return true;
            }
            case Event::Kind::pong:
                return true;
            case Event::Kind::close:
                break;
        }
        const auto payload = event.close.code == websocket::kNoStatus
                                 ? std::string{}
                                 : websocket::encode_close(event.close.code, "");
        [[maybe_unused]] const auto answered = send_frame(Opcode::close, payload);
        connection_->end_writing();
        end("the server closed with " + std::to_string(event.close.code) +
            (event.close.reason.empty() ? "" : " " + event.close.reason));
        return false;
    }

    void end(std::string why) {
        ended_ = unavailable("connection_closed", std::move(why), url_.authority()).error;
    }

    Url url_;
    ClientOptions options_;
    Interrupt interrupt_;
    std::unique_ptr<ClientConnection> connection_;
    std::mutex write_mutex_;  ///< of whole frames, and of close_sent_
    bool close_sent_ = false;

    // The receiving thread's.
    websocket::FrameReader reader_;
    std::string buffer_ = std::string(kReadBytes, '\0');
    std::deque<std::string> messages_;
    std::optional<Error> ended_;
};

}  // namespace

Result<std::unique_ptr<WebSocketClient>> WebSocketClient::connect(const Url& url,
                                                                  ClientOptions options) {
    auto client = std::make_unique<WebSocketClientImpl>(url, std::move(options));
    ASTRO_CHECK(client->open());
    return std::unique_ptr<WebSocketClient>(std::move(client));
}

}  // namespace astro::net

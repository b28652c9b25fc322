#pragma once

#include <deque>
#include <memory>
#include <string>

#include "foundation/net/byte_stream.hpp"
#include "foundation/net/connected.hpp"
#include "foundation/net/http_parser.hpp"
#include "foundation/net/loop.hpp"
#include "foundation/net/server_core.hpp"

namespace astro::net {

/// One connection while it speaks HTTP: requests are answered one after another in the order they
/// came, however many were sent ahead (pipelining), and what is ready is written at once.
///
///   bytes ─▶ parser ─▶ handler ─▶ reply (any thread, any time) ─▶ output ─▶ bytes
///
/// Loop thread only.
class HttpSession final : public Session,
                          public SocketUser,
                          public std::enable_shared_from_this<HttpSession> {
  public:
    HttpSession(std::shared_ptr<ServerCore> core, std::shared_ptr<Loop> loop, Connected connected,
                ConnectionSlot slot);
    ~HttpSession() override;

    void start();
    void shut_down() override;
    void abort() override { close(); }
    void on_socket(std::uint32_t events) override;
    /// The answer to the request that is being handled, if that is still number `request`; nothing
    /// means that the handler let go of it.
    void deliver(std::uint64_t request, std::optional<Response> response);

  private:
    enum class Waiting { handshake, idle, header, body, handler, writing, lingering };

    void shake_hands();
    void drive();
    bool step();
    bool begin_body();
    void dispatch();
    void open_websocket(Request request);
    void become_websocket(Request request, std::unique_ptr<WebSocketHandler> handler);
    void answer(Response response);
    void fail(const ParseFailure& failure);

    using Step = void (HttpSession::*)();
    void wait_readable(Step then = &HttpSession::on_readable);
    void wait_writable(Step then);
    void go_on(Step& step);
    void on_readable();
    void on_end();
    bool write_output();
    void linger();
    void discard_input();
    void set_waiting(Waiting what);
    [[nodiscard]] Waiting waiting_after_write() const;
    void on_due();
    void close();

    struct Output {
        std::string own;
        std::shared_ptr<const std::string> shared;
        std::size_t written = 0;
        [[nodiscard]] std::string_view rest() const {
            return std::string_view(shared ? *shared : own).substr(written);
        }
    };
    void queue(std::string head, Response response, bool with_body);
    [[nodiscard]] bool has_output() const { return !output_.empty() || !stream_->flushed(); }

    std::shared_ptr<Loop> loop_;  // first: the socket belongs to it
    std::shared_ptr<ServerCore> core_;
    Connected socket_;
    ConnectionSlot slot_;
    std::unique_ptr<ByteStream> stream_;

    RequestParser parser_;
    std::string input_;
    std::size_t consumed_ = 0;    ///< of input_
    bool input_is_short_ = true;  ///< the parser has seen all of input_ and needs more

    std::deque<Output> output_;
    std::size_t output_bytes_ = 0;

    std::uint64_t request_number_ = 0;
    bool pending_ = false;               ///< the handler of request_number_ has not answered
    std::shared_ptr<HttpSession> kept_;  ///< this, while open: the loop's watch does not own it
    bool driving_ = false;
    Step when_readable_ = nullptr, when_writable_ = nullptr;  ///< what waits for the socket
    bool posted_ = false;     ///< a turn of when_readable_ is in the loop's queue
    bool has_input_ = false;  ///< the socket may have more: it is not told again
    bool has_ended_ = false;  ///< the peer sends no more, or the connection is lost
    bool closing_ = false;    ///< after the output
    bool closed_ = false;
    bool answer_head_ = false, answer_keep_alive_ = true;
    int answer_version_ = 11;
    std::string request_id_;
    std::size_t discarded_ = 0;

    Waiting waiting_ = Waiting::idle;
    Deadline deadline_;
};

}  // namespace astro::net

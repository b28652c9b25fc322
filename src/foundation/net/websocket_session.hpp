#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "foundation/net/byte_stream.hpp"
#include "foundation/net/loop.hpp"
#include "foundation/net/server_core.hpp"
#include "foundation/net/websocket_frame.hpp"

namespace astro::net {

/// One accepted WebSocket. send(), close() and queued() from any thread; all else on its loop.
///
///   send ─▶ queue (bounded) ─▶ Loop::schedule ─▶ write_queued: many frames a system call
class WebSocketSession final : public WebSocket,
                               public Session,
                               public QueuedWriter,
                               public std::enable_shared_from_this<WebSocketSession> {
  public:
    /// What the HTTP session hands over.
    struct Opening {
        std::shared_ptr<ServerCore> core;
        std::shared_ptr<Loop> loop;
        Socket socket;
        ConnectionSlot slot;
        std::unique_ptr<ByteStream> stream;
        Request request;
        std::unique_ptr<WebSocketHandler> handler;
        std::string head;   ///< to write first: the 101
        std::string early;  ///< bytes that came behind the request
    };
    static void open(Opening opening);
    explicit WebSocketSession(Opening opening);
    ~WebSocketSession() override;

    bool send(std::shared_ptr<const std::string> text) override;
    void close(std::uint16_t code, std::string reason) override;
    [[nodiscard]] std::size_t queued() const override;
    [[nodiscard]] const Request& handshake() const override { return request_; }

    void shut_down() override { close(websocket::kGoingAway, "the server is stopping"); }
    void abort() override { drop(); }
    void write_queued() override;

  private:
    struct Outgoing {
        websocket::FrameHeader header;
        std::shared_ptr<const std::string> payload;
        bool is_message = false;
        [[nodiscard]] std::size_t size() const { return header.size + payload->size(); }
    };

    void start(std::string head, const std::string& early);
    void wait_readable();
    void on_readable();
    void feed(std::string_view bytes);
    bool on_event(const websocket::Event& event);
    void call_text(std::string_view text);
    void queue_control(websocket::Opcode opcode, std::string payload);
    bool queue_close(std::uint16_t code, std::string_view reason);
    void schedule_locked();
    std::size_t collect(std::span<iovec> parts);
    void consume(std::size_t bytes);
    bool finish_writing();
    void wait_to_write(IoStatus status);
    void on_heartbeat();
    void drop();

    std::shared_ptr<Loop> loop_;  // first: the socket belongs to it
    std::shared_ptr<ServerCore> core_;
    Socket socket_;
    ConnectionSlot slot_;
    std::unique_ptr<ByteStream> stream_;
    const Request request_;
    std::unique_ptr<WebSocketHandler> handler_;
    websocket::FrameReader reader_;
    Deadline heartbeat_;
    Steady::time_point heard_ = Steady::now();
    std::size_t front_written_ = 0;  ///< of queue_.front()
    bool discarding_ = false;        ///< what the peer still sends is not read any more
    bool peer_closed_ = false;
    bool closed_ = false;
    bool reading_ = false;

    mutable std::mutex mutex_;
    std::deque<Outgoing> queue_;
    std::size_t queued_messages_ = 0, queued_bytes_ = 0;
    bool scheduled_ = false;  ///< write_queued() will come
    bool closing_ = false;    ///< a close frame is queued or sent, or the connection is lost
    bool sent_messages_ = false;
};

}  // namespace astro::net

#include "foundation/net/websocket_session.hpp"

#include <algorithm>
#include <array>
#include <exception>

namespace astro::net {
namespace {

using websocket::CloseStatus;
using websocket::Opcode;

constexpr std::size_t kPartsMax = 64;
constexpr std::size_t kTurnBytes = 256U << 10;  ///< then others get their turn
constexpr std::size_t kReadsPerTurn = 4;
constexpr int kSilentHeartbeatsMax = 3;
constexpr auto kCloseTime = std::chrono::seconds(3);

}  // namespace

void WebSocketSession::open(Opening opening) {
    std::string head = std::move(opening.head);
    const std::string early = std::move(opening.early);
    const auto session = std::make_shared<WebSocketSession>(std::move(opening));
    session->start(std::move(head), early);
}

WebSocketSession::WebSocketSession(Opening opening)
    : loop_(std::move(opening.loop)),
      core_(std::move(opening.core)),
      socket_(std::move(opening.socket)),
      slot_(std::move(opening.slot)),
      stream_(std::move(opening.stream)),
      request_(std::move(opening.request)),
      handler_(std::move(opening.handler)),
      reader_(websocket::Role::server, core_->options.limits.websocket_message_bytes),
      heartbeat_(loop_->io.get_executor(), [this] { on_heartbeat(); }) {}

WebSocketSession::~WebSocketSession() = default;

void WebSocketSession::start(std::string head, const std::string& early) {
    loop_->add(*this);
    ++core_->counters.websockets_open;
    heartbeat_.set_owner(weak_from_this());
    if (core_->options.limits.websocket_ping_seconds > 0)
        heartbeat_.set(std::chrono::seconds(core_->options.limits.websocket_ping_seconds));
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back({{}, std::make_shared<const std::string>(std::move(head)), false});
        schedule_locked();
    }
    try {
        handler_->on_open(shared_from_this());
    } catch (const std::exception&) {
        close(websocket::kInternalError, "the handler failed");
    }
    if (!early.empty()) feed(early);
    if (!closed_) wait_readable();
}

bool WebSocketSession::send(std::shared_ptr<const std::string> text) {
    const ServerLimits& limits = core_->options.limits;
    const std::lock_guard lock(mutex_);
    if (closing_ || queued_messages_ >= limits.websocket_queue_messages) return false;
    if (queued_bytes_ > 0 && queued_bytes_ + text->size() > limits.websocket_queue_bytes)
        return false;
    ++queued_messages_;
    queued_bytes_ += text->size();
    const auto header = websocket::encode_header(Opcode::text, text->size());
    queue_.push_back({header, std::move(text), true});
    schedule_locked();
    return true;
}

void WebSocketSession::close(std::uint16_t code, std::string reason) {
    if (!queue_close(code, reason)) return;
    // The peer has a while to answer; a peer that does not read is dropped.
    loop_->post([weak = weak_from_this()] {
        if (const auto self = weak.lock(); self && !self->closed_) self->heartbeat_.set(kCloseTime);
    });
}

std::size_t WebSocketSession::queued() const {
    const std::lock_guard lock(mutex_);
    return queued_messages_;
}

void WebSocketSession::schedule_locked() {
    if (scheduled_) return;
    scheduled_ = true;
    loop_->schedule(shared_from_this());
}

/// A control frame goes before the messages that wait, but never into the middle of one.
void WebSocketSession::queue_control(Opcode opcode, std::string payload) {
    const auto header = websocket::encode_header(opcode, payload.size());
    Outgoing frame{header, std::make_shared<const std::string>(std::move(payload)), false};
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    // The front may be partly written, and at the very start it is the 101 answer.
    const bool behind_front =
        !queue_.empty() && (front_written_ > 0 || !queue_.front().header.size);
    const auto place = queue_.begin() + (behind_front ? 1 : 0);
    // One of a kind waits, the newest: a peer that sends pings and reads nothing costs no more than
    // that (RFC 6455 §5.5.3). They stand together, as each is put here and there are two kinds.
    const auto end = place + std::min<std::ptrdiff_t>(queue_.end() - place, 2);
    const auto same = std::find_if(place, end, [&](const Outgoing& waiting) {
        return waiting.header.view().substr(0, 1) == header.view().substr(0, 1);
    });
    if (same != end)
        *same = std::move(frame);
    else
        queue_.insert(place, std::move(frame));
    schedule_locked();
}

bool WebSocketSession::queue_close(std::uint16_t code, std::string_view reason) {
    std::string payload = code == websocket::kNoStatus ? "" : websocket::encode_close(code, reason);
    const auto header = websocket::encode_header(Opcode::close, payload.size());
    const std::lock_guard lock(mutex_);
    if (closing_) return false;
    closing_ = true;
    queue_.push_back({header, std::make_shared<const std::string>(std::move(payload)), false});
    schedule_locked();
    return true;
}

void WebSocketSession::wait_readable() {
    if (reading_ || closed_) return;
    reading_ = true;
    const auto then = [self = shared_from_this()](const boost::system::error_code& error) {
        self->reading_ = false;
        if (!error && !self->closed_) self->on_readable();
    };
    if (stream_->has_buffered())
        boost::asio::post(loop_->io, [then] { then({}); });
    else
        socket_.async_wait(Socket::wait_read, then);
}

void WebSocketSession::on_readable() {
    for (std::size_t reads = 0; reads < kReadsPerTurn && !closed_; ++reads) {
        const IoResult got = stream_->read(loop_->scratch.data(), loop_->scratch.size());
        switch (got.status) {
            case IoStatus::done:
                heard_ = Steady::now();
                feed({loop_->scratch.data(), got.bytes});
                if (got.bytes < loop_->scratch.size() && !stream_->has_buffered()) {
                    wait_readable();
                    return;
                }
                continue;
            case IoStatus::want_read:
            case IoStatus::want_write:  // of a key update; the next write or read goes on with it
                wait_readable();
                return;
            default:
                drop();
                return;
        }
    }
    wait_readable();
}

void WebSocketSession::feed(std::string_view bytes) {
    if (discarding_) return;
    const auto wrong =
        reader_.feed(bytes, [this](const websocket::Event& event) { return on_event(event); });
    if (!wrong || closed_) return;
    discarding_ = true;
    queue_close(wrong->code, wrong->reason);
    heartbeat_.set(kCloseTime);
}

/// False when the rest of the input is of no interest any more.
bool WebSocketSession::on_event(const websocket::Event& event) {
    switch (event.kind) {
        case websocket::Event::Kind::message:
            call_text(event.payload);
            return !closed_;
        case websocket::Event::Kind::ping:
            queue_control(Opcode::pong, std::string(event.payload));
            return true;
        case websocket::Event::Kind::pong:
            return true;
        case websocket::Event::Kind::close:
            break;
    }
    discarding_ = peer_closed_ = true;
    queue_close(event.close.code, "");
    heartbeat_.set(kCloseTime);
    const std::lock_guard lock(mutex_);
    schedule_locked();  // to see, when our close frame is out already, that both sides are done
    return false;
}

void WebSocketSession::call_text(std::string_view text) {
    {
        const std::lock_guard lock(mutex_);
        if (closing_) return;
    }
    try {
        handler_->on_text(text);
    } catch (const std::exception&) {
        close(websocket::kInternalError, "the handler failed");
    }
}

std::size_t WebSocketSession::collect(std::span<iovec> parts) {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    std::size_t skip = front_written_;
    for (const Outgoing& frame : queue_) {
        for (const std::string_view part :
             {frame.header.view(), std::string_view(*frame.payload)}) {
            const std::size_t n = std::min(skip, part.size());
            skip -= n;
            if (n == part.size()) continue;
            if (count == parts.size()) return count;
            parts[count++] = {const_cast<char*>(part.data()) + n, part.size() - n};
        }
    }
    return count;
}

void WebSocketSession::consume(std::size_t bytes) {
    core_->counters.bytes_sent += bytes;
    front_written_ += bytes;
    const std::lock_guard lock(mutex_);
    while (!queue_.empty() && front_written_ >= queue_.front().size()) {
        const Outgoing& frame = queue_.front();
        front_written_ -= frame.size();
        if (frame.is_message) {
            --queued_messages_;
            queued_bytes_ -= frame.payload->size();
            sent_messages_ = true;
            ++core_->counters.websocket_messages_sent;
        }
        queue_.pop_front();
    }
}

void WebSocketSession::write_queued() {
    std::size_t turn_bytes = 0;
    while (!closed_) {
        std::array<iovec, kPartsMax> parts;
        const std::size_t count = collect(parts);
        if (count == 0 && stream_->flushed() && finish_writing()) return;
        if (turn_bytes > kTurnBytes) {
            loop_->schedule(shared_from_this());
            return;
        }
        const IoResult sent = stream_->write(std::span(parts).first(count));
        if (sent.status == IoStatus::failed || sent.status == IoStatus::closed) {
            drop();
        } else if (sent.status != IoStatus::done) {
            wait_to_write(sent.status);
            return;
        } else {
            consume(sent.bytes);
            turn_bytes += sent.bytes;
        }
    }
}

/// All is written. False when something was queued meanwhile.
bool WebSocketSession::finish_writing() {
    bool drained, closing;
    {
        const std::lock_guard lock(mutex_);
        if (!queue_.empty()) return false;
        scheduled_ = false;
        drained = sent_messages_;
        sent_messages_ = false;
        closing = closing_;
    }
    if (closing && peer_closed_) {
        drop();
    } else if (closing && discarding_) {
        stream_->end_writing();  // our close frame is the last word; wait for the peer's end
    } else if (drained) {
        try {
            handler_->on_drain();
        } catch (const std::exception&) {
            close(websocket::kInternalError, "the handler failed");
        }
    }
    return true;
}

void WebSocketSession::wait_to_write(IoStatus status) {
    const auto wait = status == IoStatus::want_read ? Socket::wait_read : Socket::wait_write;
    socket_.async_wait(wait, [self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) self->write_queued();
    });
}

void WebSocketSession::on_heartbeat() {
    if (closed_) return;
    bool closing;
    {
        const std::lock_guard lock(mutex_);
        closing = closing_;
    }
    const auto period = std::chrono::seconds(core_->options.limits.websocket_ping_seconds);
    if (closing || Steady::now() - heard_ >= period * kSilentHeartbeatsMax) {
        drop();
        return;
    }
    queue_control(Opcode::ping, "");
    heartbeat_.set(period);
}

void WebSocketSession::drop() {
    if (closed_) return;
    closed_ = true;
    const auto self = shared_from_this();  // the handler may hold the last other reference
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        queue_.clear();
        queued_messages_ = queued_bytes_ = 0;
    }
    heartbeat_.cancel();
    loop_->remove(*this);
    boost::system::error_code ignored;
    socket_.close(ignored);
    slot_.release();
    --core_->counters.websockets_open;
    try {
        handler_->on_close();
    } catch (const std::exception&) {
        // It is over for this handler either way.
    }
    handler_.reset();
}

}  // namespace astro::net

#include "foundation/net/http_session.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "foundation/net/http_response.hpp"
#include "foundation/net/reply.hpp"
#include "foundation/net/websocket_handshake.hpp"
#include "foundation/net/websocket_session.hpp"

namespace astro::net {
namespace {

constexpr std::size_t kOutputBytesEnough = 64U << 10;  ///< then write before answering more
constexpr std::size_t kCopyBytesMax = 16U << 10;       ///< larger bodies are not copied together
constexpr std::size_t kPartsMax = 16;
constexpr std::size_t kKeepInputBytes = 16U << 10;
constexpr auto kLingerTime = std::chrono::seconds(2);
constexpr std::size_t kLingerBytesMax = 16U << 20;
constexpr std::size_t kRequestIdMax = 64;

ParserLimits parser_limits(const ServerLimits& limits) {
    ParserLimits out;
    out.header_bytes = limits.header_bytes;
    out.body_bytes = limits.body_bytes;
    return out;
}

bool is_request_id(std::string_view text) {
    return !text.empty() && text.size() <= kRequestIdMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '_' || c == '.';
           });
}

}  // namespace

HttpSession::HttpSession(std::shared_ptr<ServerCore> core, std::shared_ptr<Loop> loop,
                         Connected connected, ConnectionSlot slot)
    : loop_(std::move(loop)),
      core_(std::move(core)),
      socket_(std::move(connected)),
      slot_(std::move(slot)),
      stream_(core_->secure ? core_->tls.get()->accept_stream(socket_.fd())
                            : plain_stream(socket_.fd())),
      parser_(parser_limits(core_->options.limits)),
      deadline_(loop_->io.get_executor(), [this] { on_due(); }) {}

HttpSession::~HttpSession() {
    loop_->remove(*this);
}

void HttpSession::start() {
    kept_ = shared_from_this();
    loop_->add(*this);
    deadline_.set_owner(weak_from_this());
    if (!loop_->watch.add(socket_.fd(), *this)) {
        close();
        return;
    }
    set_waiting(Waiting::handshake);
    shake_hands();
}

void HttpSession::on_socket(std::uint32_t events) {
    const auto self = shared_from_this();  // a step may end it
    constexpr std::uint32_t kLost = EPOLLHUP | EPOLLERR;
    if (events & (EPOLLRDHUP | kLost)) has_ended_ = true;
    if (events & (EPOLLIN | EPOLLRDHUP | kLost)) has_input_ = true;
    if (has_input_ && when_readable_ != nullptr) go_on(when_readable_);
    if (events & (EPOLLOUT | kLost) && when_writable_ != nullptr) go_on(when_writable_);
}

void HttpSession::go_on(Step& step) {
    const Step next = std::exchange(step, nullptr);
    if (!closed_) (this->*next)();
}

void HttpSession::shake_hands() {
    switch (stream_->handshake().status) {
        case IoStatus::done:
            // The first request has the time of a header, not that of an idle connection.
            set_waiting(Waiting::header);
            drive();
            return;
        case IoStatus::want_read:
            has_input_ = false;
            wait_readable(&HttpSession::shake_hands);
            return;
        case IoStatus::want_write:
            wait_writable(&HttpSession::shake_hands);
            return;
        default:
            close();
    }
}

/// Does all that can be done now, then waits for the one thing that is missing.
void HttpSession::drive() {
    if (driving_) return;  // a handler answered before it returned: the loop below goes on
    driving_ = true;
    for (;;) {
        if (closed_ || when_writable_ != nullptr) break;
        if (!pending_ && !closing_ && output_bytes_ < kOutputBytesEnough && step()) continue;
        if (closed_) break;
        if (has_output()) {
            if (!write_output()) break;
            continue;
        }
        if (closing_)
            linger();
        else if (!pending_)
            wait_readable();
        break;
    }
    driving_ = false;
}

/// True when something moved; false when more input is needed.
bool HttpSession::step() {
    if (input_is_short_) return false;
    const bool had_header = parser_.header_done();
    consumed_ += parser_.feed(std::string_view(input_).substr(consumed_));
    if (consumed_ == input_.size()) {
        input_.clear();
        if (input_.capacity() > kKeepInputBytes) input_ = {};
        consumed_ = 0;
    }
    if (parser_.failure()) {
        fail(*parser_.failure());
        return true;
    }
    if (!parser_.header_done()) {
        input_is_short_ = true;
        if (parser_.started() && waiting_ != Waiting::header) set_waiting(Waiting::header);
        return false;
    }
    if (!had_header && !parser_.done()) return begin_body();
    if (!parser_.done()) {
        input_is_short_ = true;
        return false;
    }
    dispatch();
    return true;
}

/// Between headers and body: what an Expect header asks for.
bool HttpSession::begin_body() {
    set_waiting(Waiting::body);
    const auto expect = parser_.request().headers.find("expect");
    if (!expect || parser_.version() < 11) return true;
    if (!equals_ignoring_case(*expect, "100-continue")) {
        fail({417, "bad_expectation", "the only expectation met is 100-continue"});
    } else if (consumed_ == input_.size()) {
        Output go_on;
        go_on.own = "HTTP/1.1 100 Continue\r\n\r\n";
        output_bytes_ += go_on.own.size();
        output_.push_back(std::move(go_on));
    }
    return true;
}

void HttpSession::dispatch() {
    answer_head_ = parser_.request().method == "HEAD";
    answer_keep_alive_ = parser_.keep_alive() && !loop_->is_stopping();
    answer_version_ = parser_.version();
    ++core_->counters.requests_total;
    ++request_number_;
    pending_ = true;
    set_waiting(Waiting::handler);

    Request request = parser_.take();
    parser_.reset();
    input_is_short_ = consumed_ == input_.size();
    request.remote_address = socket_.remote_address();
    request.secure = core_->secure;
    const auto id = request.headers.find("x-request-id");
    request.request_id = id && is_request_id(*id) ? std::string(*id) : loop_->make_id();
    request_id_ = request.request_id;
    if (const auto split = split_target(request); !split) {
        const Error& error = split.error();
        answer(problem_response(400, error.code, error.message, error.where, request_id_));
        return;
    }
    if (websocket::is_upgrade(request)) {
        open_websocket(std::move(request));
        return;
    }
    try {
        core_->http(std::move(request), make_reply(weak_from_this(), loop_, request_number_));
    } catch (const std::exception&) {
        // The reply answers with 500 when it is destroyed: see make_reply().
    }
}

void HttpSession::open_websocket(Request request) {
    if (const auto good = websocket::check_upgrade(request, answer_version_); !good) {
        const Error& error = good.error();
        const bool version = error.code == "bad_websocket_version";
        Response refused = problem_response(version ? 426 : 400, error.code, error.message,
                                            error.where, request_id_);
        if (version) refused.headers.add("sec-websocket-version", "13");
        answer(std::move(refused));
        return;
    }
    Upgrade upgrade{
        problem_response(404, "no_such_route", "no WebSocket is served here", "path", request_id_)};
    try {
        if (core_->websocket) {
            auto offered = core_->websocket(request);
            if (offered.handler || offered.refusal) upgrade = std::move(offered);
        }
    } catch (const std::exception&) {
        upgrade.refusal =
            problem_response(500, "internal", "opening the WebSocket failed", "", request_id_);
    }
    if (!upgrade.handler) {
        answer(std::move(*upgrade.refusal));
        return;
    }
    if (loop_->is_stopping()) {
        answer(problem_response(503, "stopping", "the server is stopping", "", request_id_));
        return;
    }
    become_websocket(std::move(request), std::move(upgrade.handler));
}

/// The connection moves into a WebSocketSession; this object ends.
void HttpSession::become_websocket(Request request, std::unique_ptr<WebSocketHandler> handler) {
    std::string head;
    for (const Output& part : output_) head.append(part.rest());  // answers to what came before
    head.append(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n");
    append_field(head, "sec-websocket-accept",
                 websocket::accept_of(*request.headers.find("sec-websocket-key")));
    head.append("\r\n");
    loop_->watch.remove(socket_.fd(), *this);
    Socket socket = socket_.release(*loop_);
    if (!socket.is_open()) {  // closed: its number may be another connection's by the next write
        close();
        return;
    }
    closed_ = true;
    const auto kept = std::move(kept_);
    deadline_.cancel();
    loop_->remove(*this);
    WebSocketSession::Opening opening{std::move(core_),        loop_,
                                      std::move(socket),       std::move(slot_),
                                      std::move(stream_),      std::move(request),
                                      std::move(handler),      std::move(head),
                                      input_.substr(consumed_)};
    WebSocketSession::open(std::move(opening));
}

void HttpSession::deliver(std::uint64_t request, std::optional<Response> response) {
    if (closed_ || !pending_ || request != request_number_) return;
    if (!response)
        response =
            problem_response(500, "internal", "the request was not answered", "", request_id_);
    answer(std::move(*response));
    drive();
}

void HttpSession::answer(Response response) {
    pending_ = false;
    if (const auto connection = response.headers.find("connection");
        connection && equals_ignoring_case(*connection, "close"))
        answer_keep_alive_ = false;
    if (response.status < 200 || response.status > 999)
        response = problem_response(500, "internal", "the handler's status is not a final one", "",
                                    request_id_);
    if (loop_->is_stopping()) answer_keep_alive_ = false;
    if (!answer_keep_alive_) closing_ = true;
    std::string head;
    append_response_head(head, response,
                         {answer_head_, answer_keep_alive_, answer_version_, loop_->http_date()});
    const bool with_body = !answer_head_ && has_body(response.status);
    queue(std::move(head), std::move(response), with_body);
    set_waiting(Waiting::idle);
}

void HttpSession::queue(std::string head, Response response, bool with_body) {
    const std::string_view body = with_body ? response.text() : std::string_view{};
    const bool copy = body.size() <= kCopyBytesMax;
    if (copy) head.append(body);
    output_bytes_ += head.size() + (copy ? 0 : body.size());
    if (!output_.empty() && !output_.back().shared && output_.back().own.size() < kCopyBytesMax) {
        output_.back().own.append(head);
    } else {
        output_.push_back({std::move(head), nullptr, 0});
    }
    if (copy) return;
    if (!response.shared_body)
        response.shared_body = std::make_shared<const std::string>(std::move(response.body));
    output_.push_back({{}, std::move(response.shared_body), 0});
}

/// Answers what the parser refused, in the transport's own name, and ends the connection.
void HttpSession::fail(const ParseFailure& failure) {
    answer_head_ = false;
    answer_keep_alive_ = false;
    answer_version_ = 11;
    ++request_number_;
    answer(problem_response(failure.status, failure.code, failure.detail, "", loop_->make_id()));
}

void HttpSession::wait_readable(Step then) {
    if (std::exchange(when_readable_, then) != nullptr) return;
    if (!has_input_ && !stream_->has_buffered()) return;
    // Others get their turn first, however much is there; and one at a time, as the watch reads
    // too.
    if (std::exchange(posted_, true)) return;
    boost::asio::post(loop_->io, [self = shared_from_this()] {
        self->posted_ = false;
        if (self->when_readable_ != nullptr) self->go_on(self->when_readable_);
    });
}

void HttpSession::wait_writable(Step then) {
    when_writable_ = then;
}

void HttpSession::on_readable() {
    const IoResult got = stream_->read(loop_->scratch.data(), loop_->scratch.size());
    switch (got.status) {
        case IoStatus::done:
            // What is less than was asked for is all there is; a TLS record says nothing of that.
            has_input_ = core_->secure || has_ended_ || got.bytes == loop_->scratch.size();
            input_.erase(0, consumed_);
            consumed_ = 0;
            input_.append(loop_->scratch.data(), got.bytes);
            input_is_short_ = false;
            drive();
            return;
        case IoStatus::want_read:
            has_input_ = false;
            wait_readable();
            return;
        case IoStatus::want_write:
            wait_writable(&HttpSession::on_readable);
            return;
        case IoStatus::closed:
            on_end();
            return;
        case IoStatus::failed:
            close();
    }
}

/// The peer sends no more. It may still read: a half-closed connection gets its answer.
void HttpSession::on_end() {
    if (closing_) return;  // the last answer is on its way
    if (!parser_.started()) {
        close();
        return;
    }
    parser_.feed_end();
    if (!parser_.failure()) {
        close();
        return;
    }
    fail(*parser_.failure());
    drive();
}

/// True when all is written; false when waiting for the socket, or closed.
bool HttpSession::write_output() {
    while (has_output()) {
        std::array<iovec, kPartsMax> parts;
        std::size_t count = 0;
        for (const Output& part : output_) {
            if (count == parts.size()) break;
            const std::string_view rest = part.rest();
            parts[count++] = {const_cast<char*>(rest.data()), rest.size()};
        }
        const IoResult sent = stream_->write(std::span(parts).first(count));
        if (sent.status == IoStatus::failed || sent.status == IoStatus::closed) {
            close();
            return false;
        }
        if (sent.status != IoStatus::done) {
            set_waiting(Waiting::writing);
            wait_writable(&HttpSession::drive);
            return false;
        }
        core_->counters.bytes_sent += sent.bytes;
        output_bytes_ -= sent.bytes;
        for (std::size_t left = sent.bytes; !output_.empty();) {
            const std::size_t n = std::min(left, output_.front().rest().size());
            output_.front().written += n;
            left -= n;
            if (!output_.front().rest().empty()) break;
            output_.pop_front();
        }
    }
    if (waiting_ == Waiting::writing) set_waiting(waiting_after_write());
    return true;
}

/// Closing while the peer still sends would reset the connection and may destroy our answer on its
/// way; so we end our side and read on for a moment (RFC 9112 §9.6).
void HttpSession::linger() {
    stream_->end_writing();
    input_ = {};
    consumed_ = 0;
    set_waiting(Waiting::lingering);
    wait_readable(&HttpSession::discard_input);
}

void HttpSession::discard_input() {
    const IoResult got = stream_->read(loop_->scratch.data(), loop_->scratch.size());
    if (got.status == IoStatus::want_read) has_input_ = false;
    discarded_ += got.bytes;
    if ((got.status == IoStatus::done && discarded_ <= kLingerBytesMax) ||
        got.status == IoStatus::want_read)
        wait_readable(&HttpSession::discard_input);
    else
        close();
}

void HttpSession::set_waiting(Waiting what) {
    const ServerLimits& limits = core_->options.limits;
    waiting_ = what;
    switch (what) {
        case Waiting::handler:
            deadline_.clear();
            return;
        case Waiting::handshake:
        case Waiting::header:
            deadline_.set(std::chrono::seconds(limits.header_seconds));
            return;
        case Waiting::body:
            deadline_.set(std::chrono::seconds(limits.body_seconds));
            return;
        case Waiting::idle:
        case Waiting::writing:
            deadline_.set(std::chrono::seconds(limits.idle_seconds));
            return;
        case Waiting::lingering:
            deadline_.set(kLingerTime);
    }
}

HttpSession::Waiting HttpSession::waiting_after_write() const {
    if (pending_) return Waiting::handler;
    if (!parser_.started()) return Waiting::idle;
    return parser_.header_done() ? Waiting::body : Waiting::header;
}

void HttpSession::on_due() {
    if (closed_) return;
    if (waiting_ != Waiting::body) {
        close();
        return;
    }
    fail({408, "body_timeout", "the body did not arrive in time"});
    drive();
}

void HttpSession::shut_down() {
    if (closed_) return;
    const auto self = shared_from_this();
    if (pending_ || parser_.started()) return;  // its answer says Connection: close, then it ends
    if (!has_output()) {
        close();
        return;
    }
    closing_ = true;
    drive();
}

void HttpSession::close() {
    if (closed_) return;
    closed_ = true;
    pending_ = false;
    const auto kept = std::move(kept_);
    deadline_.cancel();
    loop_->watch.forget(*this);
    loop_->remove(*this);
    socket_.close();
    slot_.release();
}

}  // namespace astro::net

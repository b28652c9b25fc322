#include "foundation/net/http_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

namespace astro::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastText = boost::beast::string_view;

/// Room behind a body, so that a JSON parser which reads ahead (simdjson: 32 or 64 bytes) needs no
/// copy of it.
constexpr std::size_t kSlackBytes = 64;
/// The shortest last chunk: "0\r\n\r\n". Beast asserts that it has as much when it reads a last
/// chunk for the second time, so less of what may be one waits.
constexpr std::size_t kLastChunkBytesMin = 5;
/// More than this is not reserved on a peer's word alone.
constexpr std::size_t kReserveBytesMax = 16U << 20;

std::string_view view(BeastText text) {
    return {text.data(), text.size()};
}

ParseFailure failure_of(const error_code& error) {
    if (error == http::error::header_limit)
        return {431, "headers_too_large", "the request line and headers are too large"};
    if (error == http::error::body_limit)
        return {413, "body_too_large", "the body is larger than this server accepts"};
    if (error == http::error::bad_version)
        return {505, "bad_http_version", "only HTTP/1.0 and HTTP/1.1 are spoken here"};
    return {400, "bad_http", "malformed HTTP: " + error.message()};
}

}  // namespace

/// The values under construction; Beast's callbacks fill them.
struct MessageState {
    explicit MessageState(const ParserLimits& l) : limits(l) {}
    virtual ~MessageState() = default;
    virtual std::size_t put(std::string_view bytes, error_code& error) = 0;
    virtual void put_eof(error_code& error) = 0;
    [[nodiscard]] virtual bool beast_header_done() const = 0;
    [[nodiscard]] virtual bool beast_done() const = 0;
    [[nodiscard]] virtual bool beast_keep_alive() const = 0;
    /// What Beast lets pass and we don't.
    virtual std::optional<ParseFailure> check_header() = 0;

    void clear() {
        request = {};
        failure.reset();
        scanned = field_count = 0;
        version = 11;
        chunk_left = 0;
        started = in_trailer = chunked = false;
    }

    ParserLimits limits;
    Request request;  ///< a response uses its headers and body only
    int status = 0, version = 11;
    std::optional<ParseFailure> failure;
    std::size_t scanned = 0;  ///< of the unconsumed header bytes, known to hold no end of headers
    std::size_t field_count = 0;
    std::uint64_t chunk_left = 0;  ///< of the chunk that is being read; 0 where a line comes next
    bool started = false, in_trailer = false, chunked = false;
};

namespace {

template <bool kIsRequest>
class BeastParser final : public http::basic_parser<kIsRequest> {
  public:
    BeastParser(MessageState& message, bool head) : state_(message) {
        this->header_limit(static_cast<std::uint32_t>(message.limits.header_bytes));
        this->body_limit(static_cast<std::uint64_t>(message.limits.body_bytes));
        this->eager(false);
        if (head) this->skip(true);
    }

  private:
    void on_request_impl(http::verb, BeastText method, BeastText target, int version,
                         error_code&) override {
        state_.request.method = view(method);
        state_.request.target = view(target);
        state_.version = version;
    }
    void on_response_impl(int code, BeastText, int version, error_code&) override {
        state_.status = code;
        state_.version = version;
    }
    void on_field_impl(http::field, BeastText name, BeastText value, error_code& error) override {
        if (++state_.field_count > state_.limits.header_fields) error = http::error::header_limit;
        // A trailer comes after the checks of the headers, so it may not add to them.
        else if (!state_.in_trailer)
            state_.request.headers.add(std::string(name), std::string(value));
    }
    void on_header_impl(error_code&) override { state_.in_trailer = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
        if (length)
            state_.request.body.reserve(
                std::min<std::size_t>(static_cast<std::size_t>(*length), kReserveBytesMax) +
                kSlackBytes);
    }
    std::size_t on_body_impl(BeastText bytes, error_code& error) override {
        if (state_.request.body.size() + bytes.size() > state_.limits.body_bytes) {
            error = http::error::body_limit;
            return 0;
        }
        state_.request.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t size, BeastText, error_code&) override {
        state_.chunk_left = size;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, BeastText bytes, error_code& error) override {
        const std::size_t used = on_body_impl(bytes, error);
        state_.chunk_left -= used;
        return used;
    }
    void on_finish_impl(error_code&) override {}

    MessageState& state_;
};

template <bool kIsRequest>
struct State : MessageState {
    explicit State(const ParserLimits& l) : MessageState(l) { restart(false); }

    void restart(bool head) {
        clear();
        parser.emplace(*this, head);
    }
    std::size_t put(std::string_view bytes, error_code& error) override {
        return parser->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    }
    void put_eof(error_code& error) override { parser->put_eof(error); }
    [[nodiscard]] bool beast_header_done() const override { return parser->is_header_done(); }
    [[nodiscard]] bool beast_done() const override { return parser->is_done(); }
    [[nodiscard]] bool beast_keep_alive() const override { return parser->keep_alive(); }

    std::optional<ParseFailure> check_header() override {
        const Fields& fields = request.headers;
        const auto coding = fields.find("transfer-encoding");
        chunked = coding.has_value();
        // Two readers of one stream that disagree about its framing are how requests are smuggled.
        if (coding && !equals_ignoring_case(*coding, "chunked"))
            return ParseFailure{501, "bad_transfer_encoding",
                                "the only transfer encoding understood is chunked"};
        if (coding && version < 11)
            return ParseFailure{400, "bad_http", "HTTP/1.0 has no transfer encoding"};
        if constexpr (kIsRequest) {
            const auto hosts = std::count_if(
                fields.all().begin(), fields.all().end(),
                [](const auto& field) { return equals_ignoring_case(field.first, "host"); });
            if (hosts > 1 || (hosts == 0 && version >= 11))
                return ParseFailure{400, "bad_host", "HTTP/1.1 needs exactly one Host header"};
        }
        return std::nullopt;
    }

    std::optional<BeastParser<kIsRequest>> parser;
};

using RequestState = State<true>;
using ResponseState = State<false>;

/// Beast is given the headers only when they are all here, so that its limit counts all of them.
std::size_t feed_header(MessageState& state, std::string_view bytes) {
    const std::size_t from = state.scanned > 3 ? state.scanned - 3 : 0;
    const auto end = bytes.find("\r\n\r\n", from);
    const std::size_t size = end == bytes.npos ? bytes.size() : end + 4;
    if (size > state.limits.header_bytes) {
        state.failure = failure_of(make_error_code(http::error::header_limit));
        return 0;
    }
    state.scanned = bytes.size();
    if (end == bytes.npos) return 0;
    error_code error;
    const std::size_t used = state.put(bytes.substr(0, size), error);
    if (error == http::error::need_more) error = make_error_code(http::error::bad_line_ending);
    if (error)
        state.failure = failure_of(error);
    else
        state.failure = state.check_header();
    return used;
}

/// Whether the first line, when it is all here, ends in the middle of a quoted extension. Beast
/// would read on in the lines behind it, and count the chunk against the body's limit at each
/// attempt.
bool ends_in_quotes(std::string_view bytes) {
    if (bytes.starts_with("\r\n")) bytes.remove_prefix(2);  // the end of the chunk before
    const auto end = bytes.find("\r\n");
    if (end == bytes.npos) return false;
    bool quoted = false;
    for (std::size_t i = 0; i < end; ++i) {
        if (quoted && bytes[i] == '\\')
            ++i;
        else if (bytes[i] == '"')
            quoted = !quoted;
    }
    return quoted;
}

std::size_t feed_body(MessageState& state, std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && !state.beast_done()) {
        if (state.chunked && bytes[used] == '0' && bytes.size() - used < kLastChunkBytesMin) break;
        error_code error;
        // No more than a chunk's size line or the trailers may have, however much came at once.
        const std::string_view part =
            state.chunked ? bytes.substr(used, state.limits.header_bytes) : bytes.substr(used);
        if (state.chunked && state.chunk_left == 0 && ends_in_quotes(part)) {
            state.failure = failure_of(make_error_code(http::error::bad_chunk_extension));
            break;
        }
        const std::size_t n = state.put(part, error);
        used += n;
        if (error == http::error::need_more) {
            if (part.size() - n >= state.limits.header_bytes)
                state.failure = failure_of(make_error_code(http::error::header_limit));
            break;
        }
        if (error) {
            state.failure = failure_of(error);
            break;
        }
    }
    return used;
}

}  // namespace

HttpParser::HttpParser(std::unique_ptr<MessageState> state) : state_(std::move(state)) {}
HttpParser::~HttpParser() = default;

std::size_t HttpParser::feed(std::string_view bytes) {
    if (state_->failure || bytes.empty() || done()) return 0;
    if (state_->beast_header_done()) return feed_body(*state_, bytes);
    std::size_t skipped = 0;
    // RFC 9112 §2.2: an empty line before the message is ignored.
    while (!state_->started && bytes.substr(skipped).starts_with("\r\n")) skipped += 2;
    bytes.remove_prefix(skipped);
    if (bytes.empty() || bytes == "\r") return skipped;
    state_->started = true;
    return skipped + feed_header(*state_, bytes);
}

void HttpParser::feed_end() {
    if (state_->failure || done()) return;
    error_code error;
    if (!state_->beast_header_done())
        error = make_error_code(http::error::partial_message);
    else
        state_->put_eof(error);
    if (error) state_->failure = failure_of(error);
}

bool HttpParser::started() const {
    return state_->started;
}
bool HttpParser::header_done() const {
    return state_->beast_header_done();
}
bool HttpParser::done() const {
    return state_->beast_done();
}
bool HttpParser::keep_alive() const {
    return state_->beast_keep_alive();
}
int HttpParser::version() const {
    return state_->version;
}
const std::optional<ParseFailure>& HttpParser::failure() const {
    return state_->failure;
}

RequestParser::RequestParser(const ParserLimits& limits)
    : HttpParser(std::make_unique<RequestState>(limits)) {}
RequestParser::~RequestParser() = default;
const Request& RequestParser::request() const {
    return state_->request;
}
Request RequestParser::take() {
    return std::move(state_->request);
}
void RequestParser::reset() {
    static_cast<RequestState&>(*state_).restart(false);
}

ResponseParser::ResponseParser(const ParserLimits& limits)
    : HttpParser(std::make_unique<ResponseState>(limits)) {}
ResponseParser::~ResponseParser() = default;
int ResponseParser::status() const {
    return state_->status;
}
const Fields& ResponseParser::headers() const {
    return state_->request.headers;
}
Response ResponseParser::take() {
    Response response;
    response.status = state_->status;
    response.headers = std::move(state_->request.headers);
    response.body = std::move(state_->request.body);
    return response;
}
std::string ResponseParser::take_body_part() {
    return std::exchange(state_->request.body, {});
}
void ResponseParser::reset(bool head) {
    static_cast<ResponseState&>(*state_).restart(head);
}

}  // namespace astro::net

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/net/message.hpp"

/// HTTP/1.1 messages from bytes that arrive in any pieces; no I/O, so that tests and the fuzzer
/// reach it without a socket. Boost.Beast does the parsing, behind this header.
namespace astro::net {

struct ParserLimits {
    std::size_t header_bytes = 16U << 10;
    std::size_t header_fields = 128;
    std::size_t body_bytes = 1U << 20;
};

/// What is wrong with a message: the status that answers it and the reason for a person.
struct ParseFailure {
    int status = 400;
    std::string_view code;
    std::string detail;
};

struct MessageState;  // of the .cpp files

/// One message at a time: feed() until done(), take(), reset().
class HttpParser {
  public:
    virtual ~HttpParser();
    HttpParser(const HttpParser&) = delete;
    HttpParser& operator=(const HttpParser&) = delete;

    /// How many bytes of the front of `bytes` were used. What was not used comes again at the front
    /// of the next call. Stops once behind the headers and at the end of the message.
    std::size_t feed(std::string_view bytes);
    /// The peer ended the stream: completes a body that is delimited by it, else fails.
    void feed_end();

    [[nodiscard]] bool started() const;  ///< anything of this message was seen
    [[nodiscard]] bool header_done() const;
    [[nodiscard]] bool done() const;
    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] int version() const;  ///< 10 or 11
    [[nodiscard]] const std::optional<ParseFailure>& failure() const;

  protected:
    explicit HttpParser(std::unique_ptr<MessageState> state);
    std::unique_ptr<MessageState> state_;
};

class RequestParser : public HttpParser {
  public:
    explicit RequestParser(const ParserLimits& limits);
    ~RequestParser() override;
    [[nodiscard]] const Request& request() const;  ///< complete up to its headers: header_done()
    [[nodiscard]] Request take();
    void reset();
};

class ResponseParser : public HttpParser {
  public:
    explicit ResponseParser(const ParserLimits& limits);
    ~ResponseParser() override;
    [[nodiscard]] int status() const;
    [[nodiscard]] const Fields& headers() const;
    [[nodiscard]] Response take();
    /// What has come of the body since the last call, for answers that have no end.
    [[nodiscard]] std::string take_body_part();
    /// `head`: the answer to HEAD, which has the headers of a body and none.
    void reset(bool head);
};

}  // namespace astro::net

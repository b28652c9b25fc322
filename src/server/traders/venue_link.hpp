#pragma once

#include <boost/json/value.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "foundation/base/clock.hpp"
#include "foundation/net/client.hpp"
#include "server/traders/api_key.hpp"

namespace astro::traders {

/// What came over the connection.
struct LinkMessage {
    enum class Kind : std::uint8_t { answer, state, event, gap, other };
    Kind kind = Kind::other;
    std::string channel;                      ///< of state, event, gap
    std::uint64_t id = 0;                     ///< of an answer: that of its call
    int status = 0;                           ///< of an answer, as HTTP's
    std::optional<DurationNs> retry_after{};  ///< of a refused answer
    boost::json::value body{};                ///< of an answer, a state, an event

    [[nodiscard]] bool done() const { return status >= 200 && status < 300; }
    /// "code: detail" of a problem document; the status where there is none.
    [[nodiscard]] std::string problem() const;
    [[nodiscard]] std::string problem_code() const;
};

/// One signed connection to a venue's public API (/ws/live): calls and channels. Not thread-safe,
/// but for interrupt().
class VenueLink {
  public:
    /// `url`: http(s)://host:port of the server.
    static Result<std::unique_ptr<VenueLink>> connect(const net::Url& url, const ApiKey& key,
                                                      const Clock& clock);

    /// Sends a call and does not wait; the answer carries the id.
    Result<std::uint64_t> call(std::string_view method, std::string_view path,
                               std::string_view body = {});
    /// Its answer; what else comes meanwhile is kept for receive(). "timeout" after ten seconds.
    Result<LinkMessage> answer_of(std::uint64_t id);
    /// call() and answer_of().
    Result<LinkMessage> ask(std::string_view method, std::string_view path,
                            std::string_view body = {});
    /// Does that call when the connection ends, however it ends.
    Result<void> at_close(std::uint64_t slot, std::string_view method, std::string_view path);
    /// `filter`: a JSON object, or empty.
    Result<void> subscribe(std::string_view channel, std::string_view filter = {});
    /// The next message that is no awaited answer; nothing after `timeout`.
    Result<std::optional<LinkMessage>> receive(DurationNs timeout);
    void interrupt() { socket_->interrupt(); }
    void close() { socket_->close(); }

  private:
    explicit VenueLink(std::unique_ptr<net::WebSocketClient> socket) : socket_(std::move(socket)) {}
    Result<std::optional<LinkMessage>> next(DurationNs timeout);

    std::unique_ptr<net::WebSocketClient> socket_;
    std::deque<LinkMessage> kept_;
    std::uint64_t next_id_ = 1;
};

/// Reads what a server says; a kind that is not known is `other`. "bad_message".
[[nodiscard]] Result<LinkMessage> parse_link_message(std::string_view text);

/// Members of foreign JSON objects, read or absent.
[[nodiscard]] std::string text_of(const boost::json::value& object, std::string_view name);
template <class Number>
[[nodiscard]] std::optional<Number> number_of(const boost::json::value& object,
                                              std::string_view name) {
    Number out{};
    return from_text(text_of(object, name), out) ? std::optional(out) : std::nullopt;
}
[[nodiscard]] std::int64_t integer_of(const boost::json::value& object, std::string_view name);
[[nodiscard]] const boost::json::array& list_of(const boost::json::value& object,
                                                std::string_view name);

}  // namespace astro::traders

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/time.hpp"
#include "foundation/net/client.hpp"

/// Server-sent events (WHATWG HTML, §9.2): an HTTP answer without end, in which each event is some
/// lines and an empty one.
namespace astro::net {

struct ServerEvent {
    std::string type;  ///< "message" unless the server names another
    std::string data;  ///< lines joined by a line feed
};

/// From bytes that arrive in any pieces; no I/O. Not thread-safe.
class EventStreamParser {
  public:
    /// `bytes_max`: of one line, and of one event.
    explicit EventStreamParser(std::size_t bytes_max = 4U << 20) : bytes_max_(bytes_max) {}

    /// Appends the events that are complete. "too_large" ends the stream: nothing is read after.
    Result<void> feed(std::string_view bytes, std::vector<ServerEvent>& events);
    /// Of the last event that named one; to be sent as Last-Event-ID when connecting anew.
    [[nodiscard]] const std::string& last_id() const { return last_id_; }
    /// How long the server wants to be left alone before connecting anew.
    [[nodiscard]] std::optional<DurationNs> retry() const { return retry_; }

  private:
    void take_line(std::string_view line, std::vector<ServerEvent>& events);
    void take_field(std::string_view name, std::string_view value);

    std::size_t bytes_max_;
    std::string line_;
    bool line_feed_is_rest_ = false;  ///< of a line end that began with a carriage return
    bool first_ = true, too_large_ = false;
    std::string type_, data_, last_id_;
    std::optional<DurationNs> retry_;
};

/// Blocking, with deadlines. receive() is for one thread; interrupt() may come from any.
class EventStreamClient {
  public:
    /// Codes: those of HttpClient; "not_a_stream" when the answer is of another kind, and
    /// "http_429" or "http_error" by its status.
    static Result<std::unique_ptr<EventStreamClient>> connect(const Url& url,
                                                              ClientOptions options = {});
    virtual ~EventStreamClient() = default;
    /// The next event; nothing when `timeout` passed in silence; "connection_closed" at the end.
    virtual Result<std::optional<ServerEvent>> receive(DurationNs timeout) = 0;
    virtual void interrupt() = 0;
};

}  // namespace astro::net

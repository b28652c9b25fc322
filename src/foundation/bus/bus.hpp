#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "foundation/base/time.hpp"

/// The event bus: what happened, in order per stream. A stream's name starts with its capability
/// ("mev.opportunity"). Every consumer sees each stream in the order of its seq.
///
/// Slow consumers: each subscription has a bounded queue. When it is full, `drop_oldest`
/// subscriptions lose the oldest events and are told how many through Subscription::lost() and a
/// gap in `seq`, and publishing does not wait for them; `require_all` ones (writers of rows) make
/// publish() wait instead, for they are our own.
///
/// Thread-safe. Naming a stream that was not declared is a bug and aborts.
namespace astro {

struct Event {
    std::string stream;
    std::uint64_t seq = 0;  ///< 1, 2, 3, … within the stream; continues across restarts
    TimestampNs time;
    std::string type;     ///< e.g. "mev.opportunity"
    std::string payload;  ///< JSON, encoded once
    std::vector<std::pair<std::string, std::string>>
        tags;  ///< what filters match: ("kind","sandwich"), ("pool",…)

    [[nodiscard]] bool has_tag(std::string_view name, std::string_view value) const;
};
using EventPtr = std::shared_ptr<const Event>;

enum class SlowConsumer { drop_oldest, require_all };

/// One consumer's queue over one or more streams. next() is for one thread.
class Subscription {
  public:
    virtual ~Subscription() = default;
    /// Waits at most `timeout`; nothing on timeout or after close().
    virtual EventPtr next(DurationNs timeout) = 0;
    virtual std::uint64_t lost() const = 0;
    virtual void close() = 0;
};

class Bus {
  public:
    virtual ~Bus() = default;
    /// Declares a stream; `retain` newest events are kept for replay; `last_seq` continues a stored
    /// one.
    virtual void declare(std::string stream, std::size_t retain, std::uint64_t last_seq) = 0;
    /// Fills a declared stream's retained events from where they were stored, so that replay works
    /// across restarts: oldest first, up to the stream's last_seq, before the first publish. Holes
    /// in seq are events that were withdrawn since. Nobody is told.
    virtual void restore(std::string_view stream, std::vector<EventPtr> events) = 0;
    /// Assigns the next seq and delivers. The stream must be declared.
    virtual EventPtr publish(std::string_view stream, TimestampNs time, std::string type,
                             std::string payload,
                             std::vector<std::pair<std::string, std::string>> tags) = 0;
    virtual std::unique_ptr<Subscription> subscribe(std::vector<std::string> streams,
                                                    std::size_t queue, SlowConsumer policy) = 0;
    /// Called on the publisher's thread after each publish, in order; must not block (gateways post
    /// to their event loop from here) and may not ask the bus about the event's own stream. The
    /// handle ends it.
    virtual std::shared_ptr<void> tap(std::function<void(const EventPtr&)> on_event) = 0;
    /// Events after `seq`, oldest first; nothing when they are no longer all retained.
    [[nodiscard]] virtual std::optional<std::vector<EventPtr>> replay(
        std::string_view stream, std::uint64_t after_seq) const = 0;
    /// At most `count` of the newest retained events, oldest first.
    [[nodiscard]] virtual std::vector<EventPtr> newest(std::string_view stream,
                                                       std::size_t count) const = 0;
    [[nodiscard]] virtual std::uint64_t last_seq(std::string_view stream) const = 0;
    [[nodiscard]] virtual std::vector<std::string> streams() const = 0;
};

[[nodiscard]] std::unique_ptr<Bus> make_bus();

}  // namespace astro

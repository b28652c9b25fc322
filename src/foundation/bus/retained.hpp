#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "foundation/bus/bus.hpp"

namespace astro {

/// The newest events of one stream, at most `limit`, seq ascending. Not thread-safe.
class Retained {
  public:
    /// Nothing up to `last_seq` is held.
    Retained(std::size_t limit, std::uint64_t last_seq) : limit_(limit), floor_(last_seq) {}

    void push(EventPtr event);
    /// Into an empty one. Holes in seq are events that were withdrawn.
    void restore(std::vector<EventPtr> events);
    [[nodiscard]] bool empty() const { return events_.empty(); }
    /// Those after `seq`, oldest first; nothing when some of them are gone.
    [[nodiscard]] std::optional<std::vector<EventPtr>> after(std::uint64_t seq) const;
    [[nodiscard]] std::vector<EventPtr> newest(std::size_t count) const;

  private:
    std::size_t limit_;
    std::uint64_t floor_;  ///< everything after this seq is here
    std::deque<EventPtr> events_;
};

}  // namespace astro

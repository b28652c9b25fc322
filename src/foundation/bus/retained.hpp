#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "foundation/bus/bus.hpp"

namespace astro {

/// The newest events of one stream, at most `limit`, seq without holes. Not thread-safe.
class Retained {
  public:
    explicit Retained(std::size_t limit) : limit_(limit) {}

    void push(EventPtr event);
    [[nodiscard]] bool empty() const { return events_.empty(); }
    /// Those after `seq`, oldest first; nothing when some of them are gone.
    [[nodiscard]] std::optional<std::vector<EventPtr>> after(std::uint64_t seq) const;
    [[nodiscard]] std::vector<EventPtr> newest(std::size_t count) const;

  private:
    std::size_t limit_;
    std::deque<EventPtr> events_;
};

}  // namespace astro

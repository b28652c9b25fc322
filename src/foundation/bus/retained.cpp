#include "foundation/bus/retained.hpp"

#include <algorithm>

#include "foundation/base/assert.hpp"

namespace astro {

void Retained::push(EventPtr event) {
    ASTRO_ASSERT(events_.empty() || event->seq == events_.back()->seq + 1);
    events_.push_back(std::move(event));
    if (events_.size() > limit_) events_.pop_front();
}

std::optional<std::vector<EventPtr>> Retained::after(std::uint64_t seq) const {
    if (events_.empty() || seq + 1 < events_.front()->seq) return std::nullopt;
    const auto skip = static_cast<std::ptrdiff_t>(
        std::min<std::uint64_t>(seq + 1 - events_.front()->seq, events_.size()));
    return std::vector<EventPtr>(events_.begin() + skip, events_.end());
}

std::vector<EventPtr> Retained::newest(std::size_t count) const {
    const auto taken = static_cast<std::ptrdiff_t>(std::min(count, events_.size()));
    return {events_.end() - taken, events_.end()};
}

}  // namespace astro

#include "foundation/bus/retained.hpp"

#include <algorithm>

#include "foundation/base/assert.hpp"

namespace astro {

void Retained::push(EventPtr event) {
    ASTRO_ASSERT(events_.empty() || event->seq > events_.back()->seq);
    events_.push_back(std::move(event));
    if (events_.size() <= limit_) return;
    floor_ = events_.front()->seq;
    events_.pop_front();
}

void Retained::restore(std::vector<EventPtr> events) {
    if (events.empty()) return;
    floor_ = events.front()->seq - 1;
    for (auto& event : events) push(std::move(event));
}

std::optional<std::vector<EventPtr>> Retained::after(std::uint64_t seq) const {
    if (seq < floor_) return std::nullopt;
    const auto first = std::ranges::upper_bound(events_, seq, {},
                                                [](const EventPtr& event) { return event->seq; });
    return std::vector<EventPtr>(first, events_.end());
}

std::vector<EventPtr> Retained::newest(std::size_t count) const {
    const auto taken = static_cast<std::ptrdiff_t>(std::min(count, events_.size()));
    return {events_.end() - taken, events_.end()};
}

}  // namespace astro

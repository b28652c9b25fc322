#include "foundation/bus/bus.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "foundation/base/assert.hpp"
#include "foundation/bus/retained.hpp"
#include "foundation/bus/subscription.hpp"

namespace astro {

bool Event::has_tag(std::string_view name, std::string_view value) const {
    return std::ranges::any_of(
        tags, [&](const auto& tag) { return tag.first == name && tag.second == value; });
}

namespace {

using Tap = std::function<void(const EventPtr&)>;

/// A stream has its own lock, held from the assignment of a seq until the event has reached all
/// consumers: that is what keeps each stream in order for every consumer, and lets streams go on
/// independently of each other.
struct Stream {
    explicit Stream(std::size_t retain, std::uint64_t last)
        : retained(retain, last), last_seq(last) {}
    std::mutex mutex;
    Retained retained;
    std::uint64_t last_seq;
    std::vector<std::shared_ptr<BusQueue>> queues;
};

class MemoryBus final : public Bus {
  public:
    void declare(std::string stream, std::size_t retain, std::uint64_t last_seq) override {
        const std::scoped_lock lock(mutex_);
        const auto [at, fresh] =
            streams_.try_emplace(std::move(stream), std::make_unique<Stream>(retain, last_seq));
        ASTRO_ASSERT(fresh);
    }

    void restore(std::string_view name, std::vector<EventPtr> events) override {
        Stream& stream = find(name);
        const std::scoped_lock lock(stream.mutex);
        ASTRO_ASSERT(stream.retained.empty());
        ASTRO_ASSERT(events.empty() || events.back()->seq <= stream.last_seq);
        stream.retained.restore(std::move(events));
    }

    EventPtr publish(std::string_view name, TimestampNs time, std::string type, std::string payload,
                     std::vector<std::pair<std::string, std::string>> tags) override {
        Stream& stream = find(name);
        auto event = std::make_shared<Event>(Event{std::string(name), 0, time, std::move(type),
                                                   std::move(payload), std::move(tags)});
        const std::scoped_lock lock(stream.mutex);
        event->seq = ++stream.last_seq;
        const EventPtr done = std::move(event);
        stream.retained.push(done);
        // A queue whose consumer has gone is dropped here, on the publisher's side.
        std::erase_if(stream.queues, [&](const auto& queue) { return !queue->push(done); });
        for (const auto& tap : current_taps()) (*tap)(done);
        return done;
    }

    std::unique_ptr<Subscription> subscribe(std::vector<std::string> streams, std::size_t queue,
                                            SlowConsumer policy) override {
        auto shared = std::make_shared<BusQueue>(queue, policy);
        for (const auto& name : streams) {
            Stream& stream = find(name);
            const std::scoped_lock lock(stream.mutex);
            stream.queues.push_back(shared);
        }
        return make_subscription(std::move(shared));
    }

    std::shared_ptr<void> tap(Tap on_event) override {
        auto tap = std::make_shared<Tap>(std::move(on_event));
        const std::scoped_lock lock(mutex_);
        taps_.push_back(tap);
        return tap;
    }

    std::optional<std::vector<EventPtr>> replay(std::string_view name,
                                                std::uint64_t after_seq) const override {
        Stream& stream = find(name);
        const std::scoped_lock lock(stream.mutex);
        if (after_seq > stream.last_seq) return std::nullopt;
        if (after_seq == stream.last_seq) return std::vector<EventPtr>{};
        return stream.retained.after(after_seq);
    }

    std::vector<EventPtr> newest(std::string_view name, std::size_t count) const override {
        Stream& stream = find(name);
        const std::scoped_lock lock(stream.mutex);
        return stream.retained.newest(count);
    }

    std::uint64_t last_seq(std::string_view name) const override {
        Stream& stream = find(name);
        const std::scoped_lock lock(stream.mutex);
        return stream.last_seq;
    }

    std::vector<std::string> streams() const override {
        const std::scoped_lock lock(mutex_);
        std::vector<std::string> names;
        for (const auto& [name, stream] : streams_) names.push_back(name);
        return names;
    }

  private:
    Stream& find(std::string_view name) const {
        const std::scoped_lock lock(mutex_);
        const auto at = streams_.find(name);
        ASTRO_ASSERT(at != streams_.end());
        return *at->second;  // streams are never removed
    }

    std::vector<std::shared_ptr<Tap>> current_taps() {
        const std::scoped_lock lock(mutex_);
        std::vector<std::shared_ptr<Tap>> taps;
        std::erase_if(taps_, [](const auto& tap) { return tap.expired(); });
        for (const auto& tap : taps_)
            if (auto alive = tap.lock()) taps.push_back(std::move(alive));
        return taps;
    }

    mutable std::mutex mutex_;  // of the two below; taken after a stream's, never held during calls
    std::map<std::string, std::unique_ptr<Stream>, std::less<>> streams_;
    std::vector<std::weak_ptr<Tap>> taps_;
};

}  // namespace

std::unique_ptr<Bus> make_bus() {
    return std::make_unique<MemoryBus>();
}

}  // namespace astro

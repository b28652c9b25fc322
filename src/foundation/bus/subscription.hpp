#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "foundation/bus/bus.hpp"

namespace astro {

/// A bounded queue between publishers and one consumer. Thread-safe.
class BusQueue {
  public:
    BusQueue(std::size_t limit, SlowConsumer policy) : limit_(limit), policy_(policy) {}

    /// False once the consumer has closed it. Waits for room under require_all.
    bool push(EventPtr event);
    EventPtr pop(DurationNs timeout);
    void close();
    [[nodiscard]] std::uint64_t lost() const;

  private:
    const std::size_t limit_;
    const SlowConsumer policy_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<EventPtr> events_;
    std::uint64_t lost_ = 0;
    bool closed_ = false;
};

[[nodiscard]] std::unique_ptr<Subscription> make_subscription(std::shared_ptr<BusQueue> queue);

}  // namespace astro

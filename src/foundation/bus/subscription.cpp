#include "foundation/bus/subscription.hpp"

#include <chrono>

namespace astro {

bool BusQueue::push(EventPtr event) {
    std::unique_lock lock(mutex_);
    if (policy_ == SlowConsumer::require_all)
        changed_.wait(lock, [&] { return closed_ || events_.size() < limit_; });
    if (closed_) return false;
    if (events_.size() >= limit_) {
        events_.pop_front();
        ++lost_;
    }
    events_.push_back(std::move(event));
    lock.unlock();
    changed_.notify_all();
    return true;
}

EventPtr BusQueue::pop(DurationNs timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::nanoseconds(timeout.value()),
                      [&] { return closed_ || !events_.empty(); });
    if (closed_ || events_.empty()) return nullptr;
    EventPtr event = std::move(events_.front());
    events_.pop_front();
    lock.unlock();
    if (policy_ == SlowConsumer::require_all) changed_.notify_all();
    return event;
}

void BusQueue::close() {
    {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
        events_.clear();
    }
    changed_.notify_all();
}

std::uint64_t BusQueue::lost() const {
    const std::scoped_lock lock(mutex_);
    return lost_;
}

namespace {

class QueueSubscription final : public Subscription {
  public:
    explicit QueueSubscription(std::shared_ptr<BusQueue> queue) : queue_(std::move(queue)) {}
    ~QueueSubscription() override { queue_->close(); }
    QueueSubscription(const QueueSubscription&) = delete;
    QueueSubscription& operator=(const QueueSubscription&) = delete;

    EventPtr next(DurationNs timeout) override { return queue_->pop(timeout); }
    std::uint64_t lost() const override { return queue_->lost(); }
    void close() override { queue_->close(); }

  private:
    std::shared_ptr<BusQueue> queue_;
};

}  // namespace

std::unique_ptr<Subscription> make_subscription(std::shared_ptr<BusQueue> queue) {
    return std::make_unique<QueueSubscription>(std::move(queue));
}

}  // namespace astro

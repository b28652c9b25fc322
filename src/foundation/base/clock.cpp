#include "foundation/base/clock.hpp"

#include <chrono>

namespace astro {

TimestampNs SystemClock::now() const {
    return TimestampNs{std::chrono::duration_cast<std::chrono::nanoseconds>(
                           std::chrono::system_clock::now().time_since_epoch())
                           .count()};
}

TimestampNs SystemClock::monotonic() const {
    return TimestampNs{std::chrono::duration_cast<std::chrono::nanoseconds>(
                           std::chrono::steady_clock::now().time_since_epoch())
                           .count()};
}

void SystemClock::sleep(DurationNs d) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, std::chrono::nanoseconds(d.value()), [this] { return interrupted_; });
}

void SystemClock::interrupt() {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
    wake_.notify_all();
}

}  // namespace astro

#include "foundation/net/circuit_breaker.hpp"

#include <algorithm>

namespace astro::net {

CircuitBreaker::State CircuitBreaker::state(TimestampNs now) const {
    if (!open_) return State::closed;
    return now < open_until_ ? State::open : State::half_open;
}

bool CircuitBreaker::try_acquire(TimestampNs now) {
    switch (state(now)) {
        case State::closed:
            return true;
        case State::open:
            return false;
        case State::half_open:
            return !std::exchange(trial_running_, true);
    }
    return false;
}

void CircuitBreaker::succeeded() {
    failures_ = 0;
    open_ = trial_running_ = false;
}

void CircuitBreaker::failed(TimestampNs now) {
    const bool trial = std::exchange(trial_running_, false);
    ++failures_;
    if (!trial && failures_ < failures_max_) return;
    open_ = true;
    open_until_ = std::max(open_until_, now + open_for_);
}

void CircuitBreaker::open_until(TimestampNs until) {
    trial_running_ = false;
    open_ = true;
    open_until_ = std::max(open_until_, until);
}

TimestampNs CircuitBreaker::available_at(TimestampNs now) const {
    return open_ ? std::max(now, open_until_) : now;
}

}  // namespace astro::net

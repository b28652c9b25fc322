#pragma once

#include <cstdint>

#include "foundation/base/time.hpp"

namespace astro::net {

/// Keeps callers away from a peer that fails, and lets one of them look whether it is back.
///
///   closed ──N failures in a row──▶ open ──open_for passed──▶ half_open ──one trial call──▶ closed
///                                    ▲                            └───── it failed
///                                    ─────────┘(open)
///
/// Pure: the time comes with each call. Not thread-safe.
class CircuitBreaker {
  public:
    enum class State { closed, open, half_open };

    CircuitBreaker(int failures_max, DurationNs open_for)
        : failures_max_(failures_max), open_for_(open_for) {}

    [[nodiscard]] State state(TimestampNs now) const;
    /// Whether a call may go now; in half_open the first that asks is the trial, others wait for
    /// its outcome. Each true must be followed by succeeded(), failed() or abandoned().
    [[nodiscard]] bool try_acquire(TimestampNs now);
    void succeeded();
    void failed(TimestampNs now);
    void abandoned() { trial_running_ = false; }  ///< the call said nothing about the peer
    /// Opens now for so long, whatever the count: the peer itself asked for it.
    void open_until(TimestampNs until);
    /// When a call may go again; `now` when it may.
    [[nodiscard]] TimestampNs available_at(TimestampNs now) const;

  private:
    int failures_max_;
    DurationNs open_for_;
    int failures_ = 0;
    bool open_ = false, trial_running_ = false;
    TimestampNs open_until_{};
};

}  // namespace astro::net

#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "foundation/base/time.hpp"

namespace astro {

/// The one source of time in a process. Engines never see it: time reaches them inside values.
/// All members are thread-safe.
class Clock {
  public:
    virtual ~Clock() = default;
    /// Wall time.
    [[nodiscard]] virtual TimestampNs now() const = 0;
    /// Never goes back; for intervals and deadlines only.
    [[nodiscard]] virtual TimestampNs monotonic() const = 0;
    /// Returns after `d`, or at once when the clock is interrupted.
    virtual void sleep(DurationNs d) = 0;
    /// Wakes every sleeper and makes later sleeps return at once (shutdown).
    virtual void interrupt() = 0;
};

class SystemClock final : public Clock {
  public:
    [[nodiscard]] TimestampNs now() const override;
    [[nodiscard]] TimestampNs monotonic() const override;
    void sleep(DurationNs d) override;
    void interrupt() override;

  private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool interrupted_ = false;
};

/// Time that moves only when told to: `advance` for tests, and `sleep` advances it too.
class VirtualClock final : public Clock {
  public:
    explicit VirtualClock(TimestampNs start = TimestampNs{0}) : now_ns_(start.value()) {}
    [[nodiscard]] TimestampNs now() const override { return TimestampNs{now_ns_.load()}; }
    [[nodiscard]] TimestampNs monotonic() const override { return now(); }
    void sleep(DurationNs d) override { advance(d); }
    void interrupt() override {}
    void advance(DurationNs d) { now_ns_ += d.value(); }

  private:
    std::atomic<std::int64_t> now_ns_;
};

}  // namespace astro

#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "capabilities/market/sources/source.hpp"
#include "foundation/base/result.hpp"

namespace astro::market {

/// What all sources have in common: one thread that connects, listens and connects anew, and what
/// is told of it. All members are thread-safe but run(), which is the thread.
class SourceCore {
  public:
    SourceCore(SourceStatus initial, Clock& clock, std::uint64_t seed)
        : status_(std::move(initial)), clock_(clock), seed_(seed) {}

    /// One connection: returns when it has ended, with what ended it.
    using Session = std::function<Result<void>()>;
    /// Makes a session that is under way return.
    using Interrupt = std::function<void()>;

    void start(SourceSink& sink, Session session);
    void stop(const Interrupt& interrupt);
    [[nodiscard]] bool stopped() const;
    /// Waits for `d` or stop(); false after stop().
    bool pause(DurationNs d);

    // From the session.
    void heard(TimestampNs now);  ///< a message; the connection is good
    void count_unreadable(std::size_t count = 1);
    void count_crossed();
    void trouble(std::string sentence);
    void deliver(Observation seen);
    [[nodiscard]] SourceSink& sink() const { return *sink_; }
    [[nodiscard]] SourceStatus status() const;

  private:
    void run(const Session& session);

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    SourceStatus status_;
    bool stopped_ = false, heard_ = false;
    Clock& clock_;
    const std::uint64_t seed_;
    SourceSink* sink_ = nullptr;
    std::thread thread_;
};

/// The running connection of a source, which another thread may have to break. It is the session's,
/// and ends with it: not only when there is another one.
template <class Client>
class Breakable {
  public:
    /// False when the break came first.
    bool set(const std::shared_ptr<Client>& client) {
        const std::lock_guard lock(mutex_);
        if (broken_) return false;
        client_ = client;
        return true;
    }
    void interrupt() {
        const std::lock_guard lock(mutex_);
        broken_ = true;
        if (const auto client = client_.lock()) client->interrupt();
    }

  private:
    std::mutex mutex_;
    std::weak_ptr<Client> client_;
    bool broken_ = false;
};

}  // namespace astro::market

#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "capabilities/mev/rows.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/base/jobs.hpp"
#include "foundation/store/store.hpp"

namespace astro::mev {

/// Writes rows behind the events' back: jobs queue in order, a thread of its own commits what has
/// gathered in one transaction. The queue is bounded; when the store can't keep up, push() waits,
/// which slows the feed: nothing is lost. When the store fails (disk full), the same jobs are tried
/// again until it works; health tells.
///
/// A crash loses what is queued. The cursor is part of the job of its block, so those blocks come
/// again.
class Recorder {
  public:
    using Job = std::function<Result<void>(store::Writer&)>;

    /// In `pruning`, which outlives it, it is noted how forgetting what is too old went.
    Recorder(store::Store& store, Clock& clock, Retention retention, JobEntry* pruning = nullptr);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    void push(Job job);
    /// Returns when everything pushed before is committed, or false when the store fails.
    bool flush();
    /// Commits what is queued, then ends. Idempotent.
    void stop();

    struct Status {
        std::size_t queued = 0;
        std::uint64_t transactions = 0;
        std::uint64_t refused_jobs = 0;  ///< the store would not take them: a fault of ours
        double last_commit_ms = 0;
        std::string trouble;  ///< empty when all is well
    };
    [[nodiscard]] Status status() const;

  private:
    static constexpr std::size_t kQueueMax = 64;
    static constexpr std::size_t kBatchMax = 32;
    static constexpr std::uint64_t kPruneEvery = 64;  ///< transactions

    void run();
    bool commit(const std::deque<Job>& batch);
    Result<void> write(const std::deque<Job>& batch);
    void note(const Result<void>& result, DurationNs taken);

    store::Store& store_;
    Clock& clock_;
    const Retention retention_;
    JobEntry* const pruning_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    std::size_t in_progress_ = 0;
    bool stopping_ = false;
    Status status_;
    std::thread thread_;
};

}  // namespace astro::mev

#include "capabilities/mev/recorder.hpp"

#include <chrono>

namespace astro::mev {
namespace {

constexpr std::chrono::milliseconds kRetry{500};

}  // namespace

Recorder::Recorder(store::Store& store, Clock& clock, Retention retention, JobEntry* pruning)
    : store_(store), clock_(clock), retention_(retention), pruning_(pruning), thread_([this] {
          run();
      }) {}

Recorder::~Recorder() {
    stop();
}

void Recorder::push(Job job) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return jobs_.size() < kQueueMax || stopping_; });
    if (stopping_) return;  // what comes now was never promised: the feed will bring it again
    jobs_.push_back(std::move(job));
    changed_.notify_all();
}

bool Recorder::flush() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock,
                  [&] { return (jobs_.empty() && in_progress_ == 0) || !status_.trouble.empty(); });
    return status_.trouble.empty();
}

void Recorder::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Recorder::Status Recorder::status() const {
    const std::scoped_lock lock(mutex_);
    Status out = status_;
    out.queued = jobs_.size() + in_progress_;
    return out;
}

void Recorder::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return !jobs_.empty() || stopping_; });
        if (jobs_.empty()) return;
        std::deque<Job> batch;
        while (!jobs_.empty() && batch.size() < kBatchMax) {
            batch.push_back(std::move(jobs_.front()));
            jobs_.pop_front();
        }
        in_progress_ = batch.size();
        changed_.notify_all();
        lock.unlock();
        while (!commit(batch)) {
            lock.lock();
            // At the end one failure is enough: the blocks come again from the cursor.
            if (changed_.wait_for(lock, kRetry, [&] { return stopping_; })) return;
            lock.unlock();
        }
        lock.lock();
        in_progress_ = 0;
        changed_.notify_all();
    }
}

/// True when the batch is done with: committed, or refused job by job.
bool Recorder::commit(const std::deque<Job>& batch) {
    const auto begun = clock_.monotonic();
    auto result = write(batch);
    if (!result && result.error().kind == ErrorKind::refusal) {
        // One job is at fault; the others must not suffer from it.
        result = {};
        for (const auto& job : batch) {
            auto single = write({job});
            if (single) continue;
            if (single.error().kind != ErrorKind::refusal) {
                note(single, clock_.monotonic() - begun);
                return false;
            }
            const std::scoped_lock lock(mutex_);
            ++status_.refused_jobs;
        }
    }
    note(result, clock_.monotonic() - begun);
    return result.has_value();
}

Result<void> Recorder::write(const std::deque<Job>& batch) {
    const bool prune_now = status().transactions % kPruneEvery == 0;
    return store_.write([&](store::Writer& writer) -> Result<void> {
        for (const auto& job : batch) ASTRO_CHECK(job(writer));
        if (prune_now)
            ASTRO_CHECK(run_job(pruning_, [&] { return prune(writer, retention_, clock_.now()); }));
        return {};
    });
}

void Recorder::note(const Result<void>& result, DurationNs taken) {
    const std::scoped_lock lock(mutex_);
    status_.last_commit_ms = static_cast<double>(taken.value()) * 1e-6;
    if (result) ++status_.transactions;
    status_.trouble = result ? std::string() : result.error().text();
    if (!result) changed_.notify_all();
}

}  // namespace astro::mev

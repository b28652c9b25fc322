#include "foundation/base/jobs.hpp"

namespace astro {

JobEntry::JobEntry(const Clock& clock, std::string name, std::string summary, std::string rhythm)
    : clock_(clock) {
    status_.name = std::move(name);
    status_.summary = std::move(summary);
    status_.rhythm = std::move(rhythm);
}

void JobEntry::begin() {
    const std::lock_guard hold(mutex_);
    status_.outcome = JobOutcome::running;
    status_.last_run = clock_.now();
    status_.took_ms.reset();
    begun_ = clock_.monotonic();
}

void JobEntry::end(const Result<void>& result) {
    const std::lock_guard hold(mutex_);
    status_.took_ms = static_cast<double>((clock_.monotonic() - begun_).value()) * 1e-6;
    finish(result);
}

void JobEntry::note(const Result<void>& result) {
    const std::lock_guard hold(mutex_);
    status_.last_run = clock_.now();
    status_.took_ms.reset();
    finish(result);
}

void JobEntry::finish(const Result<void>& result) {
    ++status_.runs;
    if (!result) ++status_.failures;
    status_.outcome = result ? JobOutcome::done : JobOutcome::failed;
    status_.trouble = result ? std::string() : result.error().text();
}

void JobEntry::set_next(TimestampNs at) {
    const std::lock_guard hold(mutex_);
    status_.next_run = at;
}

JobStatus JobEntry::status() const {
    const std::lock_guard hold(mutex_);
    return status_;
}

JobEntry& JobBook::add(std::string name, std::string summary, std::string rhythm) {
    const std::lock_guard hold(mutex_);
    return entries_.emplace_back(clock_, std::move(name), std::move(summary), std::move(rhythm));
}

std::vector<JobStatus> JobBook::all() const {
    const std::lock_guard hold(mutex_);
    std::vector<JobStatus> out;
    out.reserve(entries_.size());
    for (const auto& entry : entries_) out.push_back(entry.status());
    return out;
}

}  // namespace astro

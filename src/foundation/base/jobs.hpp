#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// What a program does by itself, again and again, and how the last time went.
namespace astro {

enum class JobOutcome { never, running, done, failed };
BOOST_DESCRIBE_ENUM(JobOutcome, never, running, done, failed)

struct JobStatus {
    std::string name{};     ///< "exchange.history_retention"
    std::string summary{};  ///< what it does, in words
    std::string rhythm{};   ///< when, in words: "each day", "each 32 commits"
    JobOutcome outcome = JobOutcome::never;
    std::uint64_t runs = 0, failures = 0;   ///< of this run of the program
    std::optional<TimestampNs> last_run{};  ///< when it began
    std::optional<double> took_ms{};        ///< absent while it runs, and where nobody measures
    std::string trouble{};                  ///< why the last run failed
    std::optional<TimestampNs> next_run{};  ///< absent where it waits for events, not for a time
};
BOOST_DESCRIBE_STRUCT(JobStatus, (),
                      (name, summary, rhythm, outcome, runs, failures, last_run, took_ms, trouble,
                       next_run))

/// One recurring job's entry. Thread-safe; one run at a time.
class JobEntry {
  public:
    JobEntry(const Clock& clock, std::string name, std::string summary, std::string rhythm);
    JobEntry(const JobEntry&) = delete;
    JobEntry& operator=(const JobEntry&) = delete;

    void begin();
    void end(const Result<void>& result);
    /// A run that ended just now and whose duration nobody measured.
    void note(const Result<void>& result);
    /// The next run is due then.
    void set_next(TimestampNs at);
    [[nodiscard]] JobStatus status() const;

  private:
    void finish(const Result<void>& result);

    const Clock& clock_;
    mutable std::mutex mutex_;
    JobStatus status_;
    TimestampNs begun_{};  ///< monotonic
};

/// Does the work and writes down how it went; only does it where nobody keeps a book.
template <class Work>
Result<void> run_job(JobEntry* entry, Work&& work) {
    if (entry == nullptr) return std::forward<Work>(work)();
    entry->begin();
    const Result<void> result = std::forward<Work>(work)();
    entry->end(result);
    return result;
}

/// All jobs of a program, in the order in which they were added. Thread-safe.
class JobBook {
  public:
    explicit JobBook(const Clock& clock) : clock_(clock) {}
    /// The entry lives as long as the book.
    JobEntry& add(std::string name, std::string summary, std::string rhythm);
    [[nodiscard]] std::vector<JobStatus> all() const;

  private:
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::deque<JobEntry> entries_;
};

}  // namespace astro

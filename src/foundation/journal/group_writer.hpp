#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/journal/journal.hpp"

namespace astro::journal {

/// Lets many threads write to one journal: while one group is being made durable the next gathers,
/// and is written as a whole, in the order of submission. So a record waits for the rest of one
/// sync and for its own, however many write.
class GroupWriter {
  public:
    struct Options {
        /// Of those that wait for the group before; submit() then waits.
        std::size_t records_max = 65'536;
        std::size_t bytes_max = std::size_t{32} << 20;
        /// How long a group that is smaller than the one before waits for those who are just
        /// submitting again: they else miss it and wait for two. Nothing against a sync.
        DurationNs gather{100'000};
    };
    /// Given the record's sequence number when it is durable, or why it is not; kind `unknown`: it
    /// may be. Called in order, by one thread, briefly: the next group waits for it.
    using Done = std::function<void(const Result<Sequence>&)>;

    /// The journal and the clock, which stamps the groups (never backwards), outlive the writer;
    /// nobody else appends meanwhile.
    GroupWriter(Journal& journal, const Clock& clock, const Options& options);
    ~GroupWriter();
    GroupWriter(const GroupWriter&) = delete;
    GroupWriter& operator=(const GroupWriter&) = delete;

    /// Takes a copy of the record; waits while the queue is full. After a refusal `done` is not
    /// called: "journal_closed" after stop(), "journal_group_too_large", "journal_busy" when the
    /// queue is full and the caller is a `done`. Thread-safe.
    [[nodiscard]] Result<void> submit(ByteView record, Done done);
    /// The same without waiting: "journal_busy" (kind limited) when the queue is full. Thread-safe.
    [[nodiscard]] Result<void> try_submit(ByteView record, Done done);

    /// Makes durable what was submitted, calls back, and takes no more. Not from a `done`.
    void stop();

  private:
    struct Batch {
        Bytes bytes{};
        std::vector<std::size_t> ends{};
        std::vector<Done> done{};
        void clear();
    };
    Result<void> take(ByteView record, Done done, bool wait);
    [[nodiscard]] bool has_room(std::size_t bytes) const;
    void run();
    [[nodiscard]] bool gather();
    void commit();

    Journal& journal_;
    const Clock& clock_;
    const Options options_;

    std::mutex mutex_;
    std::condition_variable work_, room_;
    Batch pending_;
    std::size_t wanted_ = 1;  ///< records at which the writing thread is woken
    bool stopping_ = false;

    // Of the writing thread.
    Batch batch_;
    std::vector<ByteView> views_;
    std::size_t last_size_ = 1;
    TimestampNs last_time_{0};

    std::thread thread_;
    std::thread::id writing_;  ///< of thread_; never changes
};

}  // namespace astro::journal

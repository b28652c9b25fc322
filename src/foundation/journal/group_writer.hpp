#pragma once

#include <functional>

#include "foundation/journal/group_commit.hpp"

namespace astro::journal {

/// Group commit for whoever wants to be called back for each record.
class GroupWriter {
  public:
    using Options = GroupOptions;
    struct Written {
        Sequence sequence{};
        TimestampNs time{};  ///< of its group
    };
    /// Given where the record stands when it is durable, or why it is not; kind `unknown`: it
    /// may be. Called in order, by one thread, briefly: the next group waits for it.
    using Done = std::function<void(const Result<Written>&)>;

    /// As of GroupCommit.
    GroupWriter(Journal& journal, const Clock& clock, const Options& options);

    /// Takes a copy of the record; waits while the queue is full. After a refusal `done` is not
    /// called: "journal_closed" after stop(), "journal_group_too_large", "journal_busy" when the
    /// queue is full and the caller is a `done`. Thread-safe.
    [[nodiscard]] Result<void> submit(ByteView record, Done done) {
        return commit_.submit(record, std::move(done));
    }
    /// The same without waiting: "journal_busy" (kind limited) when the queue is full. Thread-safe.
    [[nodiscard]] Result<void> try_submit(ByteView record, Done done) {
        return commit_.try_submit(record, std::move(done));
    }
    /// Makes durable what was submitted, calls back, and takes no more. Not from a `done`.
    void stop() { commit_.stop(); }

  private:
    GroupCommit<Done> commit_;
};

}  // namespace astro::journal

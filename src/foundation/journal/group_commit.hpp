#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/journal/journal.hpp"

namespace astro::journal {

struct GroupOptions {
    /// Of those that wait for the group before; submit() then waits.
    std::size_t records_max = 65'536;
    std::size_t bytes_max = std::size_t{32} << 20;
    /// How long a group that is smaller than the one before waits for those who are just
    /// submitting again: they else miss it and wait for two. Nothing against a sync.
    DurationNs gather{100'000};
    /// No group is stamped with an earlier time: that of the journal's last record.
    TimestampNs not_before{0};
};
/// Refuses limits that no group of a journal can have: a bug of who sets them.
void check_options(const GroupOptions& options);
[[nodiscard]] Result<void> check_record_size(ByteView record, const GroupOptions& options);

/// A group of records that have become durable together.
struct Group {
    Sequence first{};
    TimestampNs time{};  ///< as the journal keeps it
    DurationNs took{};   ///< to write and sync
};

/// Lets many threads write to one journal: while one group is being made durable the next gathers,
/// and is written as a whole, in the order of submission. So a record waits for the rest of one
/// sync and for its own, however many write. Each record comes with an item of its submitter, and
/// all items of a group are handed on together.
template <class Item>
class GroupCommit {
  public:
    /// Given the items when their records are durable, or why they are not; kind `unknown`: they
    /// may be. Called in order, by one thread, briefly: the next group waits for it. The items may
    /// be moved away, and the list exchanged for another.
    using OnGroup = std::function<void(const Result<Group>&, std::vector<Item>&)>;

    /// The journal and the clock, which stamps the groups (never backwards), outlive this; nobody
    /// else appends meanwhile.
    GroupCommit(Journal& journal, const Clock& clock, const GroupOptions& options, OnGroup on_group)
        : journal_(journal),
          clock_(clock),
          options_(options),
          on_group_(std::move(on_group)),
          last_time_(options.not_before) {
        check_options(options);
        thread_ = std::thread([this] { run(); });
        writing_ = thread_.get_id();
    }
    ~GroupCommit() { stop(); }
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    /// Takes a copy of the record, and the item; waits while the queue is full. After a refusal the
    /// item is untouched: "journal_closed" after stop(), "journal_group_too_large", "journal_busy"
    /// when the queue is full and the caller is on_group. Thread-safe.
    [[nodiscard]] Result<void> submit(ByteView record, Item&& item) {
        return take(record, std::move(item), std::this_thread::get_id() != writing_);
    }
    /// The same without waiting: "journal_busy" (kind limited) when the queue is full. Thread-safe.
    [[nodiscard]] Result<void> try_submit(ByteView record, Item&& item) {
        return take(record, std::move(item), false);
    }

    /// Makes durable what was submitted, hands it on, and takes no more. Not from on_group.
    void stop() {
        {
            const std::lock_guard hold(mutex_);
            stopping_ = true;
        }
        work_.notify_all();
        room_.notify_all();
        if (thread_.joinable()) thread_.join();
    }
    /// Records that wait for the group before theirs.
    [[nodiscard]] std::size_t waiting() const {
        const std::lock_guard hold(mutex_);
        return pending_.items.size();
    }

  private:
    struct Batch {
        Bytes bytes{};
        std::vector<std::size_t> ends{};
        std::vector<Item> items{};
    };

    Result<void> take(ByteView record, Item&& item, bool wait) {
        ASTRO_CHECK(check_record_size(record, options_));
        bool wake = false;
        {
            std::unique_lock hold(mutex_);
            if (wait) room_.wait(hold, [&] { return stopping_ || has_room(record.size()); });
            if (stopping_)
                return refusal("journal_closed", "the journal's writer has been stopped");
            if (!has_room(record.size()))
                return limited("journal_busy", "too many records wait to become durable");
            pending_.bytes.insert(pending_.bytes.end(), record.begin(), record.end());
            pending_.ends.push_back(pending_.bytes.size());
            pending_.items.push_back(std::move(item));
            wake = pending_.items.size() == wanted_;
        }
        if (wake) work_.notify_one();
        return {};
    }
    [[nodiscard]] bool has_room(std::size_t bytes) const {
        return pending_.items.size() < options_.records_max &&
               pending_.bytes.size() + bytes <= options_.bytes_max;
    }

    void run() {
        while (gather()) commit();
    }
    /// The next group into batch_; false when there is none and will be none.
    [[nodiscard]] bool gather() {
        std::unique_lock hold(mutex_);
        const auto enough = [this] { return stopping_ || pending_.items.size() >= wanted_; };
        wanted_ = 1;
        work_.wait(hold, enough);
        wanted_ = std::min(last_size_, options_.records_max);
        work_.wait_for(hold, std::chrono::nanoseconds(options_.gather.value()), enough);
        std::swap(pending_, batch_);
        hold.unlock();
        room_.notify_all();
        last_size_ = std::max<std::size_t>(batch_.items.size(), 1);
        return !batch_.items.empty();
    }
    void commit() {
        views_.clear();
        std::size_t start = 0;
        for (const std::size_t end : batch_.ends) {
            views_.push_back(ByteView(batch_.bytes).subspan(start, end - start));
            start = end;
        }
        last_time_ = std::max(last_time_, clock_.now());
        const auto begin = clock_.monotonic();
        const auto first = journal_.append(views_, last_time_);
        if (first)
            on_group_(Group{*first, last_time_, clock_.monotonic() - begin}, batch_.items);
        else
            on_group_(Unexpected{first.error()}, batch_.items);
        batch_.bytes.clear();
        batch_.ends.clear();
        batch_.items.clear();
    }

    Journal& journal_;
    const Clock& clock_;
    const GroupOptions options_;
    const OnGroup on_group_;

    mutable std::mutex mutex_;
    std::condition_variable work_, room_;
    Batch pending_;
    std::size_t wanted_ = 1;  ///< records at which the writing thread is woken
    bool stopping_ = false;

    // Of the writing thread.
    Batch batch_;
    std::vector<ByteView> views_;
    std::size_t last_size_ = 1;
    TimestampNs last_time_;

    std::thread thread_;
    std::thread::id writing_;  ///< of thread_; never changes
};

}  // namespace astro::journal

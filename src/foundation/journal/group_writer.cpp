#include "foundation/journal/group_writer.hpp"

#include <algorithm>
#include <chrono>

#include "foundation/journal/format.hpp"

namespace astro::journal {

GroupWriter::GroupWriter(Journal& journal, const Clock& clock, const Options& options)
    : journal_(journal), clock_(clock), options_(options) {
    ASTRO_ASSERT(options.records_max > 0 && options.bytes_max > 0);
    ASTRO_ASSERT(options.bytes_max + options.records_max * detail::kCountSize <= kGroupPayloadMax);
    thread_ = std::thread([this] { run(); });
    writing_ = thread_.get_id();
}

GroupWriter::~GroupWriter() {
    stop();
}

void GroupWriter::stop() {
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    work_.notify_all();
    room_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Result<void> GroupWriter::submit(ByteView record, Done done) {
    return take(record, std::move(done), std::this_thread::get_id() != writing_);
}

Result<void> GroupWriter::try_submit(ByteView record, Done done) {
    return take(record, std::move(done), false);
}

bool GroupWriter::has_room(std::size_t bytes) const {
    return pending_.done.size() < options_.records_max &&
           pending_.bytes.size() + bytes <= options_.bytes_max;
}

Result<void> GroupWriter::take(ByteView record, Done done, bool wait) {
    if (record.size() > options_.bytes_max)
        return refusal("journal_group_too_large",
                       "a record holds at most " + std::to_string(options_.bytes_max) + " bytes");
    bool wake = false;
    {
        std::unique_lock hold(mutex_);
        if (wait) room_.wait(hold, [&] { return stopping_ || has_room(record.size()); });
        if (stopping_) return refusal("journal_closed", "the journal's writer has been stopped");
        if (!has_room(record.size()))
            return limited("journal_busy", "too many records wait to become durable");
        pending_.bytes.insert(pending_.bytes.end(), record.begin(), record.end());
        pending_.ends.push_back(pending_.bytes.size());
        pending_.done.push_back(std::move(done));
        wake = pending_.done.size() == wanted_;
    }
    if (wake) work_.notify_one();
    return {};
}

void GroupWriter::run() {
    while (gather()) commit();
}

/// The next group into batch_; false when there is none and will be none.
bool GroupWriter::gather() {
    std::unique_lock hold(mutex_);
    const auto enough = [this] { return stopping_ || pending_.done.size() >= wanted_; };
    wanted_ = 1;
    work_.wait(hold, enough);
    wanted_ = std::min(last_size_, options_.records_max);
    work_.wait_for(hold, std::chrono::nanoseconds(options_.gather.value()), enough);
    std::swap(pending_, batch_);
    hold.unlock();
    room_.notify_all();
    last_size_ = std::max<std::size_t>(batch_.done.size(), 1);
    return !batch_.done.empty();
}

void GroupWriter::commit() {
    views_.clear();
    std::size_t start = 0;
    for (const std::size_t end : batch_.ends) {
        views_.push_back(ByteView(batch_.bytes).subspan(start, end - start));
        start = end;
    }
    last_time_ = std::max(last_time_, clock_.now());
    auto outcome = journal_.append(views_, last_time_);
    for (auto& done : batch_.done) {
        done(outcome);
        if (outcome) outcome = Sequence{outcome->value() + 1};
    }
    batch_.clear();
}

void GroupWriter::Batch::clear() {
    bytes.clear();
    ends.clear();
    done.clear();
}

}  // namespace astro::journal

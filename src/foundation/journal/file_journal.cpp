#include "foundation/journal/file_journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <mutex>

#include "foundation/crypto/random.hpp"
#include "foundation/journal/segments.hpp"

namespace astro::journal {
namespace {

std::uint64_t random_mark() {
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    crypto::SystemRandom().fill(bytes);
    return load_le<std::uint64_t>(bytes, 0);
}

Result<void> make_directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) == 0) {
        const auto parent = std::filesystem::path(path).parent_path().string();
        return sync_directory(parent.empty() ? "." : parent);
    }
    if (errno != EEXIST) return io_failed("make the directory", path);
    return {};
}

/// The lock of the directory. A reader needs none where there is none (a copy).
Result<File> take_lock(const FileOptions& options) {
    const std::string path = options.directory + "/lock";
    if (options.read_only && ::access(path.c_str(), F_OK) != 0) return File{};
    ASTRO_TRY(auto lock, File::open(path, options.read_only ? O_RDONLY : O_RDWR | O_CREAT));
    if (!lock.lock(options.read_only))
        return conflict("journal_in_use", "another process or thread has this journal open",
                        options.directory);
    return lock;
}

/// Which of the segments (one or more) holds the record, or would; the first when it is older.
std::size_t segment_of(const std::vector<Segment>& segments, Sequence wanted) {
    const auto behind = std::upper_bound(
        segments.begin() + 1, segments.end(), wanted,
        [](Sequence sequence, const Segment& segment) { return sequence < segment.first; });
    return static_cast<std::size_t>(behind - segments.begin()) - 1;
}

class FileJournal final : public Journal {
  public:
    FileJournal(FileOptions options, File lock)
        : options_(std::move(options)), lock_(std::move(lock)) {}

    Result<void> recover();

    Result<Sequence> append(std::span<const ByteView> records, TimestampNs time) override;
    [[nodiscard]] Result<void> replay(Sequence from, const Visit& visit) const override;
    [[nodiscard]] Sequence next() const override {
        const std::lock_guard hold(mutex_);
        return chain_.next;
    }
    [[nodiscard]] const Recovery& recovery() const override { return recovery_; }
    Result<void> close() override {
        closed_ = true;
        current_ = File{};
        lock_ = File{};
        return {};
    }

  private:
    Result<SegmentEnd> read_segments(const Listing& listing);
    [[nodiscard]] Unexpected not_kept(Sequence wanted, Sequence next) const;
    Result<void> continue_last(const Segment& last, const SegmentEnd& end);
    Result<void> create_segment(ByteView group, const ChainEnd& end, std::uint64_t mark);
    [[nodiscard]] Result<void> check_open() const;
    Result<void> write(std::span<const ByteView> records, TimestampNs time);
    Result<void> write_behind(const ChainEnd& end);

    FileOptions options_;
    File lock_;
    Recovery recovery_;
    bool closed_ = false;
    std::optional<Error> broken_;
    File current_;
    Bytes group_;

    mutable std::mutex mutex_;  ///< of what follows: append() changes it, replay() copies it
    std::vector<Segment> segments_;
    std::uint64_t mark_ = 0;  ///< of the last segment
    std::uint64_t used_ = 0;  ///< of the last segment
    ChainEnd chain_;
};

/// Changes nothing on the disk before all that is there has been found good.
Result<void> FileJournal::recover() {
    ASTRO_TRY(const auto listing, list_segments(options_.directory));
    SegmentEnd end;
    if (!listing.segments.empty()) {
        ASTRO_TRY(end, read_segments(listing));
    }
    recovery_.segments = segments_.size();
    recovery_.first = segments_.empty() ? Sequence{1} : segments_.front().first;
    recovery_.next = chain_.next;
    if (options_.needed_from < recovery_.first || options_.needed_from > recovery_.next)
        return not_kept(options_.needed_from, recovery_.next);
    if (options_.read_only) return {};
    for (const auto& path : listing.unfinished) {
        if (::unlink(path.c_str()) != 0) return io_failed("remove", path);
        recovery_.removed.push_back(path);
    }
    if (!segments_.empty()) return continue_last(segments_.back(), end);
    recovery_.segments = 1;
    return create_segment({}, {}, random_mark());
}

Unexpected FileJournal::not_kept(Sequence wanted, Sequence next) const {
    return refusal("journal_segment_missing",
                   "record " + std::to_string(wanted.value()) +
                       " is needed, and the journal holds those from " +
                       std::to_string(recovery_.first.value()) + " to before " +
                       std::to_string(next.value()),
                   options_.directory);
}

Result<SegmentEnd> FileJournal::read_segments(const Listing& listing) {
    segments_ = listing.segments;
    const std::span all(segments_);
    const auto skipped = segment_of(segments_, options_.needed_from);
    ASTRO_CHECK(check_headers(all.first(skipped)));
    // What a killed writer left is in the kernel's memory only, and is about to be built upon.
    if (!options_.read_only) {
        ASTRO_TRY(const auto last, File::open(segments_.back().path, O_RDWR));
        ASTRO_CHECK(last.forget());
    }
    ASTRO_TRY(const auto chain, read_chain(all.subspan(skipped), {.may_be_torn = true},
                                           [](const Record&) { return true; }));
    chain_ = chain.end.chain;
    used_ = chain.end.used;
    if (chain.end.torn != 0) recovery_.cut = {segments_.back().path, used_, chain.end.torn};
    return chain.end;
}

Result<void> FileJournal::continue_last(const Segment& last, const SegmentEnd& end) {
    ASTRO_TRY(current_, File::open(last.path, O_RDWR));
    Bytes header;
    ASTRO_CHECK(current_.read(kSegmentHeaderSize, header));
    ASTRO_TRY(const auto parsed, parse_segment_header(header, last.first));
    mark_ = parsed.mark;
    ASTRO_TRY(const auto size, current_.size());
    if (end.torn != 0) ASTRO_CHECK(current_.truncate(end.used));
    if (end.torn != 0 || size < options_.segment_bytes)
        ASTRO_CHECK(current_.reserve(std::max<std::uint64_t>(options_.segment_bytes, end.used)));
    ASTRO_CHECK(current_.sync());
    return sync_directory(options_.directory);
}

/// A segment gets its name when it is whole, so a bad header is always damage.
Result<void> FileJournal::create_segment(ByteView group, const ChainEnd& end, std::uint64_t mark) {
    Bytes bytes = make_segment_header(mark, chain_);
    bytes.insert(bytes.end(), group.begin(), group.end());
    const auto path = segment_path(options_.directory, chain_.next);
    const auto unfinished = path + ".new";
    ASTRO_TRY(auto file, File::open(unfinished, O_RDWR | O_CREAT | O_TRUNC));
    ASTRO_CHECK(file.reserve(std::max<std::uint64_t>(options_.segment_bytes, bytes.size())));
    ASTRO_CHECK(file.write_at(bytes, 0));
    ASTRO_CHECK(file.sync());
    if (::rename(unfinished.c_str(), path.c_str()) != 0)
        return io_failed("rename the segment", unfinished);
    if (auto synced = sync_directory(options_.directory); !synced) {
        auto error = std::move(synced).error();
        error.kind = ErrorKind::unknown;  // it has its name, perhaps not for good
        return Unexpected{std::move(error)};
    }
    current_ = std::move(file);
    current_.renamed(path);
    const std::lock_guard hold(mutex_);
    segments_.push_back({chain_.next, path});
    mark_ = mark;
    used_ = bytes.size();
    chain_ = group.empty() ? chain_ : end;
    return {};
}

Result<void> FileJournal::check_open() const {
    if (options_.read_only)
        return refusal("journal_read_only", "the journal was opened for reading",
                       options_.directory);
    if (closed_) return refusal("journal_closed", "the journal is closed", options_.directory);
    if (broken_)
        return unavailable("journal_broken",
                           "an earlier write failed, and the journal takes nothing more until it "
                           "is opened again: " +
                               broken_->message,
                           broken_->where);
    return {};
}

Result<Sequence> FileJournal::append(std::span<const ByteView> records, TimestampNs time) {
    ASTRO_CHECK(check_open());
    const auto first = chain_.next;
    if (records.empty()) return first;
    if (payload_size(records) > kGroupPayloadMax)
        return refusal("journal_group_too_large",
                       "a group holds at most " + std::to_string(kGroupPayloadMax) + " bytes");
    auto written = write(records, time);
    if (!written) {
        broken_ = std::move(written).error();
        return Unexpected{*broken_};
    }
    return first;
}

Result<void> FileJournal::write(std::span<const ByteView> records, TimestampNs time) {
    const auto size = kGroupHeaderSize + payload_size(records);
    if (used_ + size > options_.segment_bytes && used_ > kSegmentHeaderSize) {
        const auto mark = random_mark();
        const auto end = make_group(mark, chain_, time, records, group_);
        return create_segment(group_, end, mark);
    }
    return write_behind(make_group(mark_, chain_, time, records, group_));
}

Result<void> FileJournal::write_behind(const ChainEnd& end) {
    auto done = current_.write_at(group_, used_);
    if (done) done = current_.sync();
    if (!done) {
        auto error = std::move(done).error();
        error.kind = ErrorKind::unknown;  // part or all of it may reach the disk yet
        return Unexpected{std::move(error)};
    }
    const std::lock_guard hold(mutex_);
    chain_ = end;
    used_ += group_.size();
    return {};
}

Result<void> FileJournal::replay(Sequence from, const Visit& visit) const {
    std::vector<Segment> segments;
    ChainStart start;
    Sequence next;
    {
        const std::lock_guard hold(mutex_);
        segments = segments_;
        start.last_bytes = used_;
        next = chain_.next;
    }
    if (from > next || from < recovery_.first) return not_kept(from, next);
    if (from == next) return {};
    const auto skipped = segment_of(segments, from);
    const auto chain =
        read_chain(std::span(segments).subspan(skipped), start,
                   [&](const Record& record) { return record.sequence < from || visit(record); });
    if (!chain) return Unexpected{chain.error()};
    return {};
}

}  // namespace

Result<std::unique_ptr<Journal>> open_files(const FileOptions& options) {
    if (options.segment_bytes < kSegmentHeaderSize || options.segment_bytes > kSegmentBytesMax)
        return refusal("journal_options",
                       "a segment has from " + std::to_string(kSegmentHeaderSize) + " to " +
                           std::to_string(kSegmentBytesMax) + " bytes",
                       "segment_bytes");
    if (!options.read_only) ASTRO_CHECK(make_directory(options.directory));
    ASTRO_TRY(auto lock, take_lock(options));
    auto journal = std::make_unique<FileJournal>(options, std::move(lock));
    ASTRO_CHECK(journal->recover());
    return std::unique_ptr<Journal>(std::move(journal));
}

}  // namespace astro::journal

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "capabilities/exchange/snapshot.hpp"
#include "foundation/journal/file.hpp"

/// Writing snapshots beside the running engine: see snapshot.hpp.
namespace astro::exchange {
namespace {

/// All the child needs; made before the fork.
struct Work {
    const SnapshotJob::Source& source;
    std::string path, unfinished;
    int file, directory;
    crypto::Sha256Stream state_hash{}, extra_hash{}, header_hash{};
};

bool write_at(int file, ByteView bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const auto written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return true;
}

/// The header is written last: before that the file is none.
bool write_all(Work& work, SnapshotHeader& header) {
    std::uint64_t at = kSnapshotHeaderSize;
    bool good = true;
    work.source.venue.save([&](ByteView piece) {
        good = good && write_at(work.file, piece, at);
        work.state_hash.add(piece);
        at += piece.size();
    });
    header.state_bytes = at - kSnapshotHeaderSize;
    header.state_hash = work.state_hash.finish();
    if (!good || !write_at(work.file, work.source.extra, at)) return false;
    std::array<std::uint8_t, kSnapshotHeaderSize> form;
    BinaryForm<SnapshotHeader>::put(form.data(), header);
    work.header_hash.add(ByteView(form).first(kSnapshotHeaderSize - crypto::Sha256::kSize));
    header.header_hash = work.header_hash.finish();
    BinaryForm<SnapshotHeader>::put(form.data(), header);
    return write_at(work.file, form, 0);
}

using Step = SnapshotJob::Step;

Step write_durably(Work& work, SnapshotHeader& header) {
    if (!write_all(work, header)) return Step::write;
    if (::fdatasync(work.file) != 0) return Step::sync;
    if (::rename(work.unfinished.c_str(), work.path.c_str()) != 0) return Step::rename;
    if (::fsync(work.directory) != 0) return Step::sync_directory;
    return Step::done;
}

Unexpected failed(const std::string& what, int error, const std::string& path) {
    return unavailable(
        "snapshot_failed",
        "cannot " + what + (error == 0 ? "" : ": " + std::generic_category().message(error)), path);
}

}  // namespace

Result<SnapshotJob> SnapshotJob::start(const std::string& directory, Source source) {
    const std::string path = snapshot_path(directory, source.sequence);
    const std::string unfinished = path + ".new";
    const int file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return failed("open the file", errno, unfinished);
    const int folder = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    Work work{source, path, unfinished, file, folder};
    work.extra_hash.add(source.extra);
    const SnapshotHeader header{.sequence = source.sequence,
                                .time = source.time,
                                .extra_bytes = source.extra.size(),
                                .extra_hash = work.extra_hash.finish()};
    auto child = Forked<Answer>::start(std::array{file, folder}, [&work, &header] {
        Answer answer{.failed = Step::done, .error = 0, .header = header};
        answer.failed = write_durably(work, answer.header);
        answer.error = answer.failed == Step::done ? 0 : errno;
        return answer;
    });
    ::close(file);
    if (folder >= 0) ::close(folder);
    if (child) return SnapshotJob(std::move(child).value(), path);
    ::unlink(unfinished.c_str());
    return failed(child.error().message, 0, path);
}

Result<SnapshotHeader> SnapshotJob::finish() {
    const auto answer = child_.finish();
    const bool durable = answer && answer->failed == Step::done;
    if (durable) return answer->header;
    ::unlink((path_ + ".new").c_str());
    if (!answer) return failed("write the snapshot: its process was ended", 0, path_);
    return failed(std::string(enum_name(answer->failed)) + " the snapshot", answer->error, path_);
}

Result<SnapshotHeader> save_snapshot(const std::string& directory, SnapshotJob::Source source) {
    ASTRO_TRY(auto job, SnapshotJob::start(directory, std::move(source)));
    return job.finish();
}

}  // namespace astro::exchange

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <system_error>

#include "capabilities/exchange/snapshot.hpp"
#include "foundation/journal/file.hpp"

/// Writing snapshots beside the running engine: see snapshot.hpp.
namespace astro::exchange {
namespace {

enum class Step : std::uint32_t { done, write, sync, rename, sync_directory };
BOOST_DESCRIBE_ENUM(Step, done, write, sync, rename, sync_directory)

/// What the child says of its work; nothing when it was ended.
struct Answer {
    Step failed = Step::done;
    int error = 0;
    SnapshotHeader header{};
};
static_assert(std::is_trivially_copyable_v<Answer> && sizeof(Answer) <= PIPE_BUF);

/// All the child needs; made before the fork.
struct Work {
    const SnapshotJob::Source& source;
    std::string path, unfinished;
    int file, directory, answer;
    pid_t parent;
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

Step write_durably(Work& work, SnapshotHeader& header) {
    if (!write_all(work, header)) return Step::write;
    if (::fdatasync(work.file) != 0) return Step::sync;
    if (::rename(work.unfinished.c_str(), work.path.c_str()) != 0) return Step::rename;
    if (::fsync(work.directory) != 0) return Step::sync_directory;
    return Step::done;
}

/// Lets go of all files but those of the work: 0, 1 and 2 stay.
void close_others(const Work& work) {
    std::array<int, 3> kept{work.file, work.directory, work.answer};
    std::ranges::sort(kept);
    unsigned from = 3;
    for (const int file : kept) {
        const auto next = static_cast<unsigned>(file);
        if (next > from) ::close_range(from, next - 1, 0);
        from = std::max(from, next + 1);
    }
    ::close_range(from, ~0U, 0);
}

[[noreturn]] void run_child(Work& work, SnapshotHeader header) {
    // Ends with the thread that started it; it may have ended before this was said.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != work.parent) ::_exit(1);
    close_others(work);
    constexpr int kBehindTheEngine = 10;
    ::setpriority(PRIO_PROCESS, 0, kBehindTheEngine);
    Answer answer;
    answer.failed = write_durably(work, header);
    answer.error = answer.failed == Step::done ? 0 : errno;
    answer.header = header;
    const auto written = ::write(work.answer, &answer, sizeof answer);
    ::_exit(written == sizeof answer ? 0 : 1);
}

/// fork() with all signals blocked in the child: no handler of the parent runs there.
pid_t fork_without_signals() {
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t child = ::fork();
    if (child != 0) ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return child;
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
    int answer[2] = {-1, -1};
    if (folder < 0 || ::pipe2(answer, O_CLOEXEC) != 0) {
        const int error = errno;
        ::close(file);
        if (folder >= 0) ::close(folder);
        return failed("start a snapshot", error, path);
    }
    Work work{source, path, unfinished, file, folder, answer[1], ::getpid()};
    work.extra_hash.add(source.extra);
    const SnapshotHeader header{.sequence = source.sequence,
                                .time = source.time,
                                .extra_bytes = source.extra.size(),
                                .extra_hash = work.extra_hash.finish()};
    const pid_t child = fork_without_signals();
    if (child == 0) run_child(work, header);
    const int error = errno;
    for (const int ours : {file, folder, answer[1]}) ::close(ours);
    SnapshotJob job(child, answer[0], path);
    if (child < 0) return failed("start a process", error, path);
    return job;
}

SnapshotJob::SnapshotJob(SnapshotJob&& other) noexcept
    : child_(std::exchange(other.child_, -1)),
      answer_(std::exchange(other.answer_, -1)),
      path_(std::move(other.path_)) {}

SnapshotJob& SnapshotJob::operator=(SnapshotJob&& other) noexcept {
    std::swap(child_, other.child_);
    std::swap(answer_, other.answer_);
    std::swap(path_, other.path_);
    return *this;
}

SnapshotJob::~SnapshotJob() {
    if (child_ > 0) ::kill(child_, SIGKILL);
    end();
}

void SnapshotJob::end() {
    if (answer_ >= 0) ::close(std::exchange(answer_, -1));
    if (child_ <= 0) return;
    while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
}

bool SnapshotJob::is_done() const {
    pollfd answer{.fd = answer_, .events = POLLIN, .revents = 0};
    return answer_ < 0 || ::poll(&answer, 1, 0) != 0;
}

Result<SnapshotHeader> SnapshotJob::finish() {
    if (answer_ < 0) return failed("finish a snapshot twice", 0, path_);
    Answer answer;
    ssize_t got = 0;
    do {
        got = ::read(answer_, &answer, sizeof answer);
    } while (got < 0 && errno == EINTR);
    end();
    const bool durable = got == sizeof answer && answer.failed == Step::done;
    if (!durable) ::unlink((path_ + ".new").c_str());
    if (got != sizeof answer) return failed("write the snapshot: its process was ended", 0, path_);
    if (!durable)
        return failed(std::string(enum_name(answer.failed)) + " the snapshot", answer.error, path_);
    return answer.header;
}

Result<SnapshotHeader> save_snapshot(const std::string& directory, SnapshotJob::Source source) {
    ASTRO_TRY(auto job, SnapshotJob::start(directory, std::move(source)));
    return job.finish();
}

}  // namespace astro::exchange

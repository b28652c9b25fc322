#include "capabilities/exchange/forked.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <vector>

namespace astro::exchange {
namespace {

/// Lets go of all files but 0, 1, 2 and those.
void close_others(std::span<const int> kept) {
    unsigned from = 3;
    for (const int file : kept) {
        const auto next = static_cast<unsigned>(file);
        if (next > from) ::close_range(from, next - 1, 0);
        from = std::max(from, next + 1);
    }
    ::close_range(from, ~0U, 0);
}

/// fork() with all signals blocked in the child: no handler of the parent runs there.
pid_t fork_without_signals() {
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t child = ::fork();
    const int error = errno;
    if (child != 0) ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return child;
}

}  // namespace

Result<ForkedChild> ForkedChild::start(std::span<const int> kept_files,
                                       std::span<std::uint8_t> answer,
                                       const std::function<void(std::span<std::uint8_t>)>& work) {
    int ends[2] = {-1, -1};
    const auto failed = [] {
        return unavailable("process_failed",
                           "cannot start a process: " + std::generic_category().message(errno));
    };
    if (::pipe2(ends, O_CLOEXEC) != 0) return failed();
    std::vector<int> kept(kept_files.begin(), kept_files.end());
    kept.push_back(ends[1]);
    std::ranges::sort(kept);
    const pid_t parent = ::getpid();
    const pid_t child = fork_without_signals();
    if (child == 0) {
        // The parent may have ended before this was said.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(1);
        close_others(kept);
        constexpr int kBehindTheParent = 10;
        ::setpriority(PRIO_PROCESS, 0, kBehindTheParent);
        work(answer);
        const auto written = ::write(ends[1], answer.data(), answer.size());
        ::_exit(written == static_cast<ssize_t>(answer.size()) ? 0 : 1);
    }
    const int error = errno;
    ::close(ends[1]);
    ForkedChild out(child, ends[0]);
    errno = error;
    if (child < 0) return failed();
    return out;
}

ForkedChild::~ForkedChild() {
    if (child_ > 0) ::kill(child_, SIGKILL);
    reap();
}

void ForkedChild::reap() {
    if (answer_ >= 0) ::close(std::exchange(answer_, -1));
    if (child_ <= 0) return;
    while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
}

bool ForkedChild::is_done() const {
    pollfd answer{.fd = answer_, .events = POLLIN, .revents = 0};
    return answer_ < 0 || ::poll(&answer, 1, 0) != 0;
}

bool ForkedChild::finish(std::span<std::uint8_t> answer) {
    if (answer_ < 0) return false;
    ssize_t got = 0;
    do {
        got = ::read(answer_, answer.data(), answer.size());
    } while (got < 0 && errno == EINTR);
    reap();
    return got == static_cast<ssize_t>(answer.size());
}

}  // namespace astro::exchange

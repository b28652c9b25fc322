// Full disks, failing syncs and short writes, made by the system itself.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "foundation/journal/format.hpp"
#include "foundation/journal/journal_test_support.hpp"

namespace {

using namespace astro;
using namespace astro::journal;
using namespace astro::journal::test;

/// Puts another file behind the handle with which this process holds `path`.
void exchange_handle(const std::string& path, const char* other) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        if (std::filesystem::read_symlink(entry.path(), gone) != path) continue;
        const int handle = ::open(other, O_RDWR | O_CLOEXEC);
        ASSERT_GE(::dup2(handle, std::stoi(entry.path().filename())), 0);
        ::close(handle);
        return;
    }
    FAIL() << "not open: " << path;
}

TEST(FileJournalFailure, AFailedWriteOrSyncBreaksIt) {
    // Writing to /dev/full finds no space; /dev/null takes all and cannot be synced.
    for (const auto& [device, why] :
         {std::pair("/dev/full", "cannot write: No space left on device"),
          std::pair("/dev/null", "cannot sync: Invalid argument")}) {
        const TemporaryDirectory place;
        const FileOptions options{.directory = place.journal()};
        {
            const auto journal = opened(options);
            ASSERT_TRUE(append(*journal, {"1"}));
            exchange_handle(segments_of(place.journal())[0], device);
            const auto refused = append(*journal, {"2"});
            EXPECT_EQ(refused.error().code, "journal_io");
            EXPECT_EQ(refused.error().message, why);
            EXPECT_EQ(refused.error().where, segments_of(place.journal())[0]);
            EXPECT_EQ(refused.error().kind, ErrorKind::unknown);
            EXPECT_EQ(journal->next(), Sequence{2});
            const auto later = append(*journal, {"3"});
            EXPECT_EQ(later.error().code, "journal_broken");
            EXPECT_EQ(later.error().kind, ErrorKind::unavailable);
            EXPECT_EQ(replayed(*journal), numbers(1, 1));
        }
        EXPECT_EQ(replayed(*opened(options)), numbers(1, 1));
    }
}

/// Runs `work` in a process of its own, which may write no file beyond `bytes`.
int with_file_limit(rlim_t bytes, const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, bytes};
        ::_exit(::setrlimit(RLIMIT_FSIZE, &limit) == 0 ? work() : 99);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

TEST(FileJournalFailure, AFullDiskLosesNothingThatWasAcknowledged) {
    const TemporaryDirectory place;
    // Groups grow until one needs a segment for which there is no room.
    const auto acknowledged = with_file_limit(1000, [&] {
        auto journal = open_files({.directory = place.journal(), .segment_bytes = 900});
        if (!journal) return 97;
        for (int i = 1; i < 90; ++i) {
            const auto appended =
                append(**journal, {std::string(static_cast<std::size_t>(i) * 20, 'x')});
            if (appended) continue;
            if (appended.error().code != "journal_io") return 96;
            if (append(**journal, {"y"}).error().code != "journal_broken") return 95;
            return i - 1;
        }
        return 94;
    });
    ASSERT_GT(acknowledged, 10);
    ASSERT_LT(acknowledged, 90);
    const auto journal = opened({.directory = place.journal(), .segment_bytes = 900});
    EXPECT_EQ(replayed(*journal).size(), static_cast<std::size_t>(acknowledged));
    EXPECT_EQ(journal->recovery().removed.size(), 1u);
    ASSERT_TRUE(append(*journal, {"there is room again"}));
}

TEST(FileJournalFailure, AShortWriteIsRefusedAndCutOnOpening) {
    const TemporaryDirectory place;
    const auto start = kSegmentHeaderSize + 2 * 77;
    EXPECT_EQ(
        with_file_limit(RLIM_INFINITY,
                        [&] {
                            const auto journal = opened({.directory = place.journal()});
                            if (!append(*journal, {"1"}) || !append(*journal, {"2"})) return 1;
                            const rlimit room{start + 30, RLIM_INFINITY};
                            if (::setrlimit(RLIMIT_FSIZE, &room) != 0) return 2;
                            const auto refused = append(*journal, {"3"});
                            if (refused || refused.error().kind != ErrorKind::unknown) return 3;
                            return append(*journal, {"4"}).error().code == "journal_broken" ? 0 : 4;
                        }),
        0);
    const auto journal = opened({.directory = place.journal()});
    EXPECT_EQ(journal->recovery().cut->offset, start);
    EXPECT_EQ(journal->recovery().cut->bytes, 25u);  // the last five of the thirty are zeros
    EXPECT_EQ(replayed(*journal), numbers(1, 2));
}

}  // namespace

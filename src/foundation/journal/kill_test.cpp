// A process that writes is killed at a random point, again and again on the same journal: every
// record whose acknowledgement had left the process is there, and nothing that was never written.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <random>

#include "foundation/journal/group_writer.hpp"
#include "foundation/journal/journal_test_support.hpp"

namespace {

using namespace astro;
using namespace astro::journal;
using namespace astro::journal::test;

constexpr std::uint64_t kSeed = 20261121;

/// What stands under a sequence number: of many sizes, so that groups end anywhere.
std::string content(std::uint64_t sequence) {
    return std::to_string(sequence) + std::string(sequence * 7919 % 300, 'x');
}

/// Writes until it is killed, telling each acknowledged sequence number through the pipe.
[[noreturn]] void write_for_ever(const FileOptions& options, int pipe, bool grouped) {
    const auto tell = [pipe](Sequence sequence) {
        const auto value = sequence.value();
        if (::write(pipe, &value, sizeof value) != sizeof value) ::_exit(3);
    };
    auto journal = open_files(options);
    if (!journal) ::_exit(4);
    const SystemClock clock;
    GroupWriter writer(**journal, clock, {.records_max = 32});
    auto next = (*journal)->next().value();
    for (;; ++next) {
        const auto text = content(next);
        const ByteView record = as_bytes(text);
        if (!grouped) {
            const auto sequence = (*journal)->append({&record, 1}, clock.now());
            if (!sequence) ::_exit(5);
            tell(*sequence);
        } else if (!writer.submit(record, [&](const auto& written) { tell(written->sequence); })) {
            ::_exit(6);
        }
    }
}

/// The last acknowledged sequence number of a writer that was killed after about `acknowledged`.
std::uint64_t run_and_kill(const FileOptions& options, int acknowledged, int spins, bool grouped) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        write_for_ever(options, ends[1], grouped);
    }
    ::close(ends[1]);
    std::uint64_t last = 0, value = 0;
    for (int i = 0; i < acknowledged && ::read(ends[0], &value, sizeof value) > 0; ++i)
        last = value;
    for (std::atomic<int> spun{0}; spun < spins;) ++spun;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &value, sizeof value) == sizeof value) last = value;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << WEXITSTATUS(status);
    return last;
}

void expect_contents(const Journal& journal, std::uint64_t from) {
    const auto records = replayed(journal, Sequence{from});
    ASSERT_EQ(records.size(), journal.next().value() - from);
    for (std::size_t i = 0; i < records.size(); ++i) ASSERT_EQ(records[i], content(from + i));
}

void kill_many(bool grouped, int times) {
    const TemporaryDirectory place;
    FileOptions options{.directory = place.journal(), .segment_bytes = 20'000};
    std::mt19937_64 random(kSeed);
    for (int round = 0; round < times; ++round) {
        const auto before = options.needed_from.value();
        const auto acknowledged = run_and_kill(options, static_cast<int>(random() % 60),
                                               static_cast<int>(random() % 100'000), grouped);
        const auto journal = opened(options);
        ASSERT_NE(journal, nullptr);
        ASSERT_GT(journal->next().value(), acknowledged) << "round " << round;
        expect_contents(*journal, before);
        options.needed_from = journal->next();
    }
    options.needed_from = Sequence{1};
    const auto journal = opened(options);
    EXPECT_GT(journal->next().value(), static_cast<std::uint64_t>(times));
    expect_contents(*journal, 1);
}

TEST(JournalKill, EveryRecordThatAppendReturnedIsThere) {
    kill_many(false, 100);
}

TEST(JournalKill, EveryRecordThatTheGroupWriterCalledBackForIsThere) {
    kill_many(true, 100);
}

}  // namespace

#include "foundation/journal/group_writer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>

#include "foundation/journal/journal_test_support.hpp"

namespace {

using namespace astro;
using namespace astro::journal;
using namespace astro::journal::test;

/// The journal of files, whose append() waits until it is let through.
class GatedJournal final : public Journal {
  public:
    explicit GatedJournal(std::unique_ptr<Journal> inner) : inner_(std::move(inner)) {}
    Result<Sequence> append(std::span<const ByteView> records, TimestampNs time) override {
        ++arrived_;
        arrived_.notify_all();
        allowed_.wait(false);
        sizes.push_back(records.size());
        times.push_back(time);
        if (fail) return Unexpected{{ErrorKind::unknown, "journal_io", "cannot sync", "here"}};
        return inner_->append(records, time);
    }
    [[nodiscard]] Result<void> replay(Sequence from, const Visit& visit) const override {
        return inner_->replay(from, visit);
    }
    [[nodiscard]] Sequence next() const override { return inner_->next(); }
    [[nodiscard]] const Recovery& recovery() const override { return inner_->recovery(); }
    Result<void> close() override { return inner_->close(); }

    void wait_for_append() { arrived_.wait(0); }
    void open_gate() {
        allowed_ = true;
        allowed_.notify_all();
    }
    std::vector<std::size_t> sizes;
    std::vector<TimestampNs> times;
    std::atomic<bool> fail{false};

  private:
    std::unique_ptr<Journal> inner_;
    std::atomic<int> arrived_{0};
    std::atomic<bool> allowed_{false};
};

struct GroupWriterTest : testing::Test {
    TemporaryDirectory place;
    GatedJournal journal{opened({.directory = place.journal(), .segment_bytes = 1 << 20})};
    VirtualClock clock{TimestampNs{1000}};
};

GroupWriter::Done ignored() {
    return [](const Result<GroupWriter::Written>&) {};
}

TEST_F(GroupWriterTest, WhileOneGroupIsWrittenTheNextGathers) {
    std::vector<std::uint64_t> called;
    std::vector<TimestampNs> times;
    {
        GroupWriter writer(journal, clock, {.not_before = TimestampNs{1200}});
        const auto submit = [&](const char* text) {
            ASSERT_TRUE(
                writer.submit(as_bytes(text), [&](const Result<GroupWriter::Written>& written) {
                    called.push_back(written->sequence.value());
                    times.push_back(written->time);
                }));
        };
        submit("a");
        journal.wait_for_append();
        for (const char* text : {"b", "", "d"}) submit(text);
        EXPECT_TRUE(called.empty());  // nothing before it is durable
        clock.advance(DurationNs{-500});
        journal.open_gate();
    }
    EXPECT_EQ(called, (std::vector<std::uint64_t>{1, 2, 3, 4}));
    EXPECT_EQ(journal.sizes, (std::vector<std::size_t>{1, 3}));
    // Time never goes back from group to group, nor behind what the journal held before.
    EXPECT_EQ(journal.times, (std::vector<TimestampNs>{TimestampNs{1200}, TimestampNs{1200}}));
    EXPECT_EQ(times, std::vector<TimestampNs>(4, TimestampNs{1200}));
    EXPECT_EQ(replayed(journal), (Texts{"a", "b", "", "d"}));
}

TEST_F(GroupWriterTest, AFullQueueRefusesOrWaits) {
    GroupWriter writer(journal, clock, {.records_max = 2, .bytes_max = 5});
    ASSERT_TRUE(writer.submit(as_bytes("a"), ignored()));
    journal.wait_for_append();
    ASSERT_TRUE(writer.try_submit(as_bytes("bbb"), ignored()));
    EXPECT_EQ(writer.try_submit(as_bytes("ccc"), ignored()).error().code, "journal_busy");
    ASSERT_TRUE(writer.try_submit(as_bytes("dd"), ignored()));
    EXPECT_EQ(writer.try_submit({}, ignored()).error().code, "journal_busy");
    EXPECT_EQ(writer.submit(as_bytes("eeeeee"), ignored()).error().code, "journal_group_too_large");
    std::promise<std::uint64_t> last;
    std::thread waiting([&] {
        EXPECT_TRUE(writer.submit(as_bytes("f"), [&](const Result<GroupWriter::Written>& written) {
            last.set_value(written->sequence.value());
        }));
    });
    journal.open_gate();
    EXPECT_EQ(last.get_future().get(), 4u);
    waiting.join();
    writer.stop();
    EXPECT_EQ(writer.submit(as_bytes("g"), ignored()).error().code, "journal_closed");
    EXPECT_EQ(replayed(journal), (Texts{"a", "bbb", "dd", "f"}));
}

TEST_F(GroupWriterTest, ACallbackMaySubmitButNotWait) {
    std::promise<void> over;
    Result<void> second, third;
    GroupWriter writer(journal, clock, {.records_max = 1});
    ASSERT_TRUE(writer.submit(as_bytes("a"), [&](const Result<GroupWriter::Written>&) {
        second = writer.submit(as_bytes("b"),
                               [&](const Result<GroupWriter::Written>&) { over.set_value(); });
        third = writer.submit(as_bytes("c"), ignored());
    }));
    journal.open_gate();
    over.get_future().get();
    EXPECT_TRUE(second.has_value());
    EXPECT_EQ(third.error().code, "journal_busy");
}

TEST_F(GroupWriterTest, AFailureReachesEveryRecordOfTheGroup) {
    std::vector<ErrorKind> kinds;
    journal.fail = true;
    GroupWriter writer(journal, clock, {});
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(writer.submit(as_bytes("x"), [&](const Result<GroupWriter::Written>& written) {
            kinds.push_back(written.error().kind);
        }));
    journal.open_gate();
    writer.stop();
    EXPECT_EQ(kinds, std::vector<ErrorKind>(3, ErrorKind::unknown));
}

TEST_F(GroupWriterTest, ManyThreadsGetEachRecordOnceAndInTheirOwnOrder) {
    constexpr int kThreads = 8, kEach = 500;
    journal.open_gate();
    std::vector<std::uint64_t> called;
    {
        GroupWriter writer(journal, clock, {.records_max = 64});
        std::vector<std::thread> threads;
        for (int t = 0; t < kThreads; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < kEach; ++i)
                    EXPECT_TRUE(writer.submit(as_bytes(std::to_string(t) + " " + std::to_string(i)),
                                              [&](const Result<GroupWriter::Written>& written) {
                                                  called.push_back(written->sequence.value());
                                              }));
            });
        for (auto& thread : threads) thread.join();
    }
    ASSERT_EQ(called.size(), static_cast<std::size_t>(kThreads * kEach));
    for (std::size_t i = 0; i < called.size(); ++i) ASSERT_EQ(called[i], i + 1);
    std::vector<int> next(kThreads, 0);
    for (const auto& text : replayed(journal)) {
        const int thread = std::stoi(text), i = std::stoi(text.substr(text.find(' ')));
        ASSERT_EQ(next[static_cast<std::size_t>(thread)]++, i);
    }
    EXPECT_EQ(next, std::vector<int>(kThreads, kEach));
}

TEST_F(GroupWriterTest, AGroupIsHandedOnAsAWholeWithItsItems) {
    std::vector<std::pair<std::uint64_t, std::vector<std::string>>> handed;
    {
        GroupCommit<std::string> commit(
            journal, clock, {}, [&](const Result<Group>& group, std::vector<std::string>& items) {
                EXPECT_EQ(group->time, TimestampNs{1000});
                handed.emplace_back(group->first.value(), std::move(items));
            });
        ASSERT_TRUE(commit.submit(as_bytes("a"), "first"));
        journal.wait_for_append();
        ASSERT_TRUE(commit.submit(as_bytes("b"), "second"));
        ASSERT_TRUE(commit.submit(as_bytes("c"), "third"));
        EXPECT_EQ(commit.waiting(), 2U);
        journal.open_gate();
    }
    const std::vector<std::pair<std::uint64_t, std::vector<std::string>>> expected{
        {1, {"first"}}, {2, {"second", "third"}}};
    EXPECT_EQ(handed, expected);
}

}  // namespace

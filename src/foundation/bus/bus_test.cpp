#include "foundation/bus/bus.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <map>
#include <thread>

namespace astro {
namespace {

constexpr DurationNs kLong = seconds(30);  // a bound for a broken build, never waited out
constexpr DurationNs kAtOnce{0};

EventPtr publish(Bus& bus, std::string_view stream, std::string payload = "{}") {
    return bus.publish(stream, TimestampNs{1}, std::string(stream), std::move(payload), {});
}

std::vector<std::uint64_t> seqs(const std::vector<EventPtr>& events) {
    std::vector<std::uint64_t> out;
    for (const auto& event : events) out.push_back(event->seq);
    return out;
}

TEST(Bus, NumbersEachStreamByItselfAndGoesOnWhereAStoredOneEnded) {
    const auto bus = make_bus();
    bus->declare("a.new", 4, 0);
    bus->declare("a.old", 4, 41);
    EXPECT_EQ(publish(*bus, "a.new")->seq, 1U);
    EXPECT_EQ(publish(*bus, "a.old")->seq, 42U);
    EXPECT_EQ(publish(*bus, "a.new")->seq, 2U);
    EXPECT_EQ(bus->last_seq("a.new"), 2U);
    EXPECT_EQ(bus->last_seq("a.old"), 42U);
    EXPECT_EQ(bus->streams(), (std::vector<std::string>{"a.new", "a.old"}));
}

TEST(Bus, ASlowConsumerLosesTheOldestAndIsToldHowMany) {
    const auto bus = make_bus();
    bus->declare("s", 0, 0);
    const auto slow = bus->subscribe({"s"}, 3, SlowConsumer::drop_oldest);
    for (int i = 0; i < 10; ++i) publish(*bus, "s");
    EXPECT_EQ(slow->lost(), 7U);
    EXPECT_EQ(slow->next(kAtOnce)->seq, 8U);
    EXPECT_EQ(slow->next(kAtOnce)->seq, 9U);
    EXPECT_EQ(slow->next(kAtOnce)->seq, 10U);
    EXPECT_EQ(slow->next(kAtOnce), nullptr);
}

TEST(Bus, AConsumerThatNeedsAllMakesThePublisherWait) {
    const auto bus = make_bus();
    bus->declare("s", 0, 0);
    const auto rows = bus->subscribe({"s"}, 2, SlowConsumer::require_all);
    std::thread publisher([&] {
        for (int i = 0; i < 1'000; ++i) publish(*bus, "s");
    });
    for (std::uint64_t expected = 1; expected <= 1'000; ++expected) {
        const auto event = rows->next(kLong);
        ASSERT_NE(event, nullptr);
        ASSERT_EQ(event->seq, expected);
    }
    publisher.join();
    EXPECT_EQ(rows->lost(), 0U);
}

TEST(Bus, ClosingASubscriptionFreesAWaitingPublisher) {
    const auto bus = make_bus();
    bus->declare("s", 0, 0);
    auto rows = bus->subscribe({"s"}, 1, SlowConsumer::require_all);
    std::atomic<int> published{0};
    std::thread publisher([&] {
        for (int i = 0; i < 3; ++i, ++published) publish(*bus, "s");
    });
    while (published == 0) std::this_thread::yield();
    rows.reset();
    publisher.join();
    EXPECT_EQ(published, 3);
}

TEST(Bus, ReplayGivesAllOrNothing) {
    const auto bus = make_bus();
    bus->declare("s", 3, 10);
    for (int i = 0; i < 5; ++i) publish(*bus, "s");  // 11 … 15, retained 13 … 15
    EXPECT_EQ(seqs(*bus->replay("s", 12)), (std::vector<std::uint64_t>{13, 14, 15}));
    EXPECT_EQ(seqs(*bus->replay("s", 14)), (std::vector<std::uint64_t>{15}));
    EXPECT_EQ(seqs(*bus->replay("s", 15)), std::vector<std::uint64_t>{});
    EXPECT_EQ(bus->replay("s", 11), std::nullopt) << "12 is gone";
    EXPECT_EQ(bus->replay("s", 16), std::nullopt) << "the future was never published";
    EXPECT_EQ(seqs(bus->newest("s", 2)), (std::vector<std::uint64_t>{14, 15}));
    EXPECT_EQ(bus->newest("s", 99).size(), 3U);
}

TEST(Bus, RestoredEventsAreReplayedAfterARestart) {
    const auto bus = make_bus();
    bus->declare("s", 10, 2);
    std::vector<EventPtr> stored;
    for (std::uint64_t seq : {1, 2})
        stored.push_back(std::make_shared<Event>(Event{"s", seq, TimestampNs{0}, "s", "{}", {}}));
    bus->restore("s", stored);
    publish(*bus, "s");
    EXPECT_EQ(seqs(*bus->replay("s", 0)), (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST(Bus, WhatWasNeitherRestoredNorPublishedIsNotReplayed) {
    const auto bus = make_bus();
    bus->declare("s", 10, 9);
    publish(*bus, "s");
    EXPECT_EQ(bus->replay("s", 8), std::nullopt) << "9 was before this run";
    EXPECT_EQ(seqs(*bus->replay("s", 9)), (std::vector<std::uint64_t>{10}));
    bus->declare("t", 10, 9);
    bus->restore("t", {std::make_shared<Event>(Event{"t", 5, TimestampNs{0}, "t", "{}", {}}),
                       std::make_shared<Event>(Event{"t", 7, TimestampNs{0}, "t", "{}", {}})});
    EXPECT_EQ(bus->replay("t", 3), std::nullopt);
    EXPECT_EQ(seqs(*bus->replay("t", 4)), (std::vector<std::uint64_t>{5, 7}));
    EXPECT_EQ(seqs(*bus->replay("t", 6)), (std::vector<std::uint64_t>{7})) << "6 was withdrawn";
}

TEST(Bus, ATapHearsEachEventOnceUntilItsHandleGoes) {
    const auto bus = make_bus();
    bus->declare("s", 0, 0);
    std::vector<std::uint64_t> heard;
    auto handle = bus->tap([&](const EventPtr& event) { heard.push_back(event->seq); });
    publish(*bus, "s");
    publish(*bus, "s");
    handle.reset();
    publish(*bus, "s");
    EXPECT_EQ(heard, (std::vector<std::uint64_t>{1, 2}));
}

TEST(Bus, ATapMayAskTheBus) {
    const auto bus = make_bus();
    bus->declare("s", 4, 0);
    bus->declare("t", 4, 7);
    std::uint64_t seen = 0;
    const auto handle = bus->tap([&](const EventPtr&) { seen = bus->last_seq("t"); });
    publish(*bus, "s");
    EXPECT_EQ(seen, 7U);
}

TEST(Bus, TagsAreFoundByNameAndValue) {
    const Event event{"s", 1, TimestampNs{0}, "s", "{}", {{"pool", "A"}, {"pool", "B"}}};
    EXPECT_TRUE(event.has_tag("pool", "B"));
    EXPECT_FALSE(event.has_tag("pool", "C"));
    EXPECT_FALSE(event.has_tag("mint", "A"));
}

RC_GTEST_PROP(BusProperties, EveryConsumerSeesEveryStreamInOrderUnderConcurrentPublishers, ()) {
    const auto stream_count = *rc::gen::inRange<std::size_t>(1, 4);
    const auto publishers = *rc::gen::inRange<std::size_t>(1, 4);
    const auto each = *rc::gen::inRange<std::size_t>(1, 200);
    const auto queue = *rc::gen::inRange<std::size_t>(1, 64);
    const auto bus = make_bus();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < stream_count; ++i) {
        names.push_back("s" + std::to_string(i));
        bus->declare(names.back(), 16, 100 * i);
    }
    const auto all = bus->subscribe(names, queue, SlowConsumer::require_all);
    const auto some = bus->subscribe(names, queue, SlowConsumer::drop_oldest);
    std::vector<std::thread> threads;
    for (std::size_t p = 0; p < publishers; ++p)
        threads.emplace_back([&] {
            for (std::size_t i = 0; i < each; ++i) publish(*bus, names[i % names.size()]);
        });
    std::map<std::string, std::uint64_t> last;
    for (std::size_t i = 0; i < stream_count; ++i) last[names[i]] = 100 * i;
    for (std::size_t i = 0; i < publishers * each; ++i) {
        const auto event = all->next(kLong);
        RC_ASSERT(event != nullptr);
        RC_ASSERT(event->seq == ++last[event->stream]);
    }
    for (auto& thread : threads) thread.join();
    std::map<std::string, std::uint64_t> seen;
    std::size_t received = 0;
    while (const auto event = some->next(kAtOnce)) {
        RC_ASSERT(event->seq > seen[event->stream]);
        seen[event->stream] = event->seq;
        ++received;
    }
    RC_ASSERT(received + some->lost() == publishers * each);
}

}  // namespace
}  // namespace astro

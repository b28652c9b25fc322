#include "capabilities/exchange/service_test_support.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "foundation/journal/file_journal.hpp"

namespace astro::exchange {
namespace {

using namespace astro::exchange::test;

template <class E>
const E* find(const Outcome& outcome) {
    for (const auto& event : *outcome.events)
        if (const auto* e = std::get_if<E>(&event)) return e;
    return nullptr;
}

OrderId accepted(const Outcome& outcome) {
    const auto* order = find<OrderAccepted>(outcome);
    EXPECT_NE(order, nullptr);
    return order == nullptr ? OrderId{0} : order->order;
}

TEST(Service, ANewVenueListsItsAssetsAndMarketsByItsFirstCommands) {
    Site place;
    Heard heard;
    const auto service = place.open({&heard});
    service->read([](const Venue& venue) {
        std::string assets, markets;
        for (const auto& asset : venue.assets()) assets += asset.settings.symbol + " ";
        for (const auto& market : venue.markets()) markets += market.settings.symbol + " ";
        EXPECT_EQ(assets, "USDC SOL XLM BTC ETH ASTRO ");
        std::string expected;
        for (const auto& market : default_markets()) expected += market.symbol + " ";
        EXPECT_EQ(markets, expected);
    });
    // The opening record is no command.
    ASSERT_FALSE(heard.sequences.empty());
    EXPECT_EQ(heard.sequences.front(), 2U);
    EXPECT_EQ(service->applied().value(), 1 + 6 + default_markets().size());
    EXPECT_EQ(service->status().refused, 0U);
}

TEST(Service, TheTimeOfACommandIsThatOfItsGroupAndNeverGoesBack) {
    Site place;
    {
        const auto service = place.open();
        place.clock.advance(milliseconds(1'500));
        EXPECT_EQ(run(*service, Tick{}).time, TimeMs{kNoon.value() / 1'000'000 + 1'500});
        place.clock.advance(DurationNs{-5'000'000'000});
        EXPECT_EQ(run(*service, Tick{}).time, TimeMs{kNoon.value() / 1'000'000 + 1'500});
    }
    const auto service = place.open();
    EXPECT_EQ(run(*service, Tick{}).time, TimeMs{kNoon.value() / 1'000'000 + 1'500});
}

TEST(Service, WhatWasAcknowledgedIsThereAfterARestart) {
    Site place;
    Bytes before;
    OrderId resting;
    {
        const auto service = place.open();
        fund(*service, 3);
        resting = accepted(run(*service, order(0, Side::sell, 101, 5)));
        run(*service, order(1, Side::buy, 101, 2));
        place.clock.advance(seconds(1));
        run(*service, order(2, Side::buy, 99, 2));
        before = state_of(*service);
    }
    const auto service = place.open();
    EXPECT_EQ(state_of(*service), before);
    service->read([&](const Venue& venue) {
        EXPECT_EQ(venue.find_order(resting)->open, Base{3 * kBaseUnit});
    });
    // And it goes on: the number of the next order is none that was given out.
    EXPECT_GT(accepted(run(*service, order(0, Side::sell, 102))), resting);
}

TEST(Service, ListenersHearTheSameLiveAndReplayedFromWhereTheyAsk) {
    Site place;
    Heard live, all, tail;
    {
        const auto service = place.open({&live});
        fund(*service, 2);
        run(*service, order(0, Side::sell, 101, 5));
        run(*service, order(1, Side::buy, 101, 2));
    }
    (void)place.open({&all});
    EXPECT_EQ(all.bytes, live.bytes);
    EXPECT_EQ(all.replayed, all.sequences.size());
    place.options.heard_from = journal::Sequence{live.sequences.back() - 1};
    (void)place.open({&tail});
    EXPECT_EQ(tail.sequences,
              (std::vector<std::uint64_t>{live.sequences.back() - 1, live.sequences.back()}));
    EXPECT_EQ(tail.groups, 1U);
}

TEST(Service, ARefusalIsAnOutcomeAndLeavesTheVenueRunning) {
    Site place;
    const auto service = place.open();
    fund(*service, 1);
    const auto outcome = run(*service, order(7, Side::buy, 100));
    ASSERT_NE(find<Refused>(outcome), nullptr);
    EXPECT_EQ(find<Refused>(outcome)->refusal.code, RefusalCode::account_unknown);
    EXPECT_EQ(service->status().refused, 1U);
    accepted(run(*service, order(0, Side::buy, 100)));
}

TEST(Service, AKeyIsAppliedOnceAlsoAfterARestart) {
    Site place;
    Outcome first;
    {
        const auto service = place.open();
        fund(*service, 1);
        first = run(*service, order(0, Side::buy, 99), "ada:1");
        EXPECT_FALSE(first.repeated);
        const auto again = run(*service, order(0, Side::buy, 99), "ada:1");
        EXPECT_TRUE(again.repeated);
        EXPECT_EQ(again.sequence, first.sequence);
        EXPECT_EQ(to_binary(*again.events), to_binary(*first.events));
    }
    const auto service = place.open();
    const auto applied = service->applied();
    const auto again = run(*service, order(0, Side::buy, 99), "ada:1");
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.sequence, first.sequence);
    EXPECT_EQ(again.time, first.time);
    EXPECT_EQ(to_binary(*again.events), to_binary(*first.events));
    EXPECT_EQ(service->applied(), applied) << "nothing was journalled for it";
    // Of somebody else it is another key, with another command it is refused.
    EXPECT_FALSE(run(*service, order(0, Side::buy, 99), "bob:1").repeated);
    const auto reused = service->run({"ada:1", order(0, Side::buy, 98)});
    EXPECT_EQ(reused.error().code, "idempotency_key_reused");
    EXPECT_EQ(reused.error().kind, ErrorKind::conflict);
}

TEST(Service, TheOldestKeysAreForgotten) {
    Site place;
    place.options.keys_max = 2;
    const auto service = place.open();
    for (const char* key : {"1", "2", "3"}) run(*service, Tick{}, key);
    EXPECT_TRUE(run(*service, Tick{}, "2").repeated);
    EXPECT_TRUE(run(*service, Tick{}, "3").repeated);
    EXPECT_FALSE(run(*service, Tick{}, "1").repeated);
    EXPECT_EQ(service->status().keys, 2U);
}

/// Holds the applying thread in a read until it is let go.
class Held {
  public:
    explicit Held(Service& service)
        : thread_([this, &service] {
              service.read([this](const Venue&) {
                  begun_.set_value();
                  go_.get_future().wait();
              });
          }) {
        begun_.get_future().wait();
    }
    ~Held() {
        go_.set_value();
        thread_.join();
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

  private:
    std::promise<void> begun_, go_;
    std::thread thread_;
};

TEST(Service, WhoComesWithAKeyThatIsUnderWayWaitsForIt) {
    Site place;
    const auto service = place.open();
    fund(*service, 1);
    std::vector<Outcome> outcomes;
    {
        const Held held(*service);
        const auto keep = [&](const Result<Outcome>& outcome) { outcomes.push_back(*outcome); };
        for (int i = 0; i < 3; ++i)
            ASSERT_TRUE(service->submit({"ada:1", order(0, Side::buy, 99)}, keep));
        EXPECT_EQ(service->submit({"ada:1", Tick{}}, keep).error().code, "idempotency_key_reused");
    }
    run(*service, Tick{});  // behind all of them
    ASSERT_EQ(outcomes.size(), 3U);
    EXPECT_FALSE(outcomes[0].repeated);
    EXPECT_TRUE(outcomes[1].repeated && outcomes[2].repeated);
    EXPECT_EQ(outcomes[2].sequence, outcomes[0].sequence);
    service->read([](const Venue& venue) { EXPECT_EQ(venue.resting_orders(), 1U); });
}

TEST(Service, TooManyThatWaitAreRefusedAndNobodyElseIsForgotten) {
    Site place;
    place.options.waiting_max = 2;
    const auto service = place.open();
    std::uint64_t taken = 0, told = 0;
    Error refused;
    {
        const Held held(*service);
        // Groups that wait to be applied, the one being handed over, and two that wait for it.
        while (refused.code.empty() && taken < 1'000) {
            auto submitted =
                service->submit({{}, Tick{}}, [&](const Result<Outcome>& o) { told += !!o; });
            if (submitted)
                ++taken;
            else
                refused = submitted.error();
        }
        EXPECT_EQ(refused.code, "venue_busy");
        EXPECT_EQ(refused.kind, ErrorKind::limited);
        EXPECT_GE(service->status().waiting, 2U);
    }
    service->stop();
    EXPECT_EQ(told, taken);
}

TEST(Service, TimePassesWhenSomethingIsDueAndNobodyCommands) {
    Site place;
    place.options.tick_ms = 5;
    const auto service = place.open();
    fund(*service, 1);
    auto until = order(0, Side::buy, 99);
    until.time_in_force = TimeInForce::gtt;
    until.expires = TimeMs{kNoon.value() / 1'000'000 + 500};
    const auto id = accepted(run(*service, until));
    place.clock.advance(milliseconds(600));
    bool rests = true;
    while (rests)
        service->read([&](const Venue& venue) { rests = venue.find_order(id).has_value(); });
    const auto ticked = service->applied();
    EXPECT_EQ(service->status().time, TimeMs{kNoon.value() / 1'000'000 + 600});
    service->stop();
    // What a Tick did is replayed as it was.
    place.options.tick_ms = 0;
    EXPECT_EQ(place.open()->applied(), ticked);
}

TEST(Service, StoppedItTakesNothingMoreAndMayStillBeRead) {
    Site place;
    const auto service = place.open();
    run(*service, account_of(1), "ada:1");
    service->stop();
    service->stop();
    EXPECT_EQ(service->run({{}, Tick{}}).error().code, "venue_stopped");
    EXPECT_EQ(service->run({"ada:1", account_of(1)}).error().code, "venue_stopped");
    service->read([](const Venue& venue) { EXPECT_EQ(venue.accounts().size(), 1U); });
    EXPECT_TRUE(place.try_open()) << "the journal is let go";
}

TEST(Service, RefusesAJournalThatIsNotItsOwn) {
    const auto code_of = [](const Bytes& record, std::string venue = "paper") {
        Site place;
        place.options.venue = std::move(venue);
        {
            const auto journal = journal::test::opened({.directory = place.options.directory});
            const ByteView view(record);
            EXPECT_TRUE(journal->append({&view, 1}, kNoon));
        }
        const auto opened = place.try_open();
        return opened ? "opened" : std::string(opened.error().code);
    };
    Opening opening{.venue = "paper"};
    EXPECT_EQ(code_of(to_binary(opening)), "opened");
    EXPECT_EQ(code_of(to_binary(opening), "stellar"), "venue_other_kind");
    opening.engine_version = kEngineVersion + 1;
    EXPECT_EQ(code_of(to_binary(opening)), "venue_version");
    opening.magic[0] = 'X';
    EXPECT_EQ(code_of(to_binary(opening)), "venue_foreign");
    EXPECT_EQ(code_of({1, 2, 3}), "venue_foreign");
}

TEST(Service, ARecordThatIsNoCommandStopsRecoveryWithItsPlace) {
    Site place;
    (void)place.open();
    std::uint64_t sequence = 0;
    {
        const auto journal = journal::test::opened({.directory = place.options.directory});
        sequence = journal->next().value();
        EXPECT_TRUE(journal::test::append(*journal, {"no command"}, kNoon));
    }
    const auto opened = place.try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "venue_record");
    EXPECT_NE(opened.error().where.find("sequence " + std::to_string(sequence)), std::string::npos);
}

/// Puts another file behind the handle with which this process holds the journal's segment.
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

TEST(Service, WhenTheJournalBreaksNothingMoreIsTakenAndNothingIsLost) {
    Site place;
    Bytes before;
    {
        const auto service = place.open();
        fund(*service, 2);
        accepted(run(*service, order(0, Side::buy, 99), "ada:1"));
        before = state_of(*service);
        exchange_handle(journal::test::segments_of(place.options.directory)[0], "/dev/full");
        const auto lost = service->run({"ada:2", order(0, Side::buy, 98)});
        EXPECT_EQ(lost.error().kind, ErrorKind::unknown);
        EXPECT_EQ(lost.error().code, "journal_io");
        const auto later = service->run({"ada:2", order(0, Side::buy, 98)});
        EXPECT_EQ(later.error().code, "venue_stopped");
        EXPECT_EQ(later.error().kind, ErrorKind::unavailable);
        EXPECT_NE(service->status().trouble.find("No space left"), std::string::npos);
        EXPECT_EQ(state_of(*service), before) << "what is not durable is not applied";
    }
    const auto service = place.open();
    EXPECT_EQ(state_of(*service), before);
    EXPECT_TRUE(run(*service, order(0, Side::buy, 99), "ada:1").repeated);
    EXPECT_FALSE(run(*service, order(0, Side::buy, 98), "ada:2").repeated);
}

TEST(Service, ManyThreadsSubmitAndEachIsToldOfItsOwn) {
    Site place;
    constexpr std::uint8_t kThreads = 4;
    constexpr int kEach = 200;
    Bytes before;
    {
        const auto service = place.open();
        fund(*service, kThreads);
        std::vector<std::thread> threads;
        for (std::uint8_t t = 0; t < kThreads; ++t)
            threads.emplace_back([&service, t] {
                for (int i = 0; i < kEach; ++i) {
                    const auto outcome =
                        run(*service, order(t, i % 2 ? Side::buy : Side::sell, 100));
                    const auto* placed = find<OrderAccepted>(outcome);
                    const auto* refused = find<Refused>(outcome);
                    ASSERT_TRUE(placed != nullptr || refused != nullptr);
                    if (placed != nullptr) {
                        ASSERT_EQ(placed->account, AccountId{t});
                    }
                }
            });
        for (auto& thread : threads) thread.join();
        before = state_of(*service);
    }
    EXPECT_EQ(state_of(*place.open()), before);
}

}  // namespace
}  // namespace astro::exchange

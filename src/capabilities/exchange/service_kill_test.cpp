// A process that trades is killed at a random point, again and again on the same journal: every
// order whose acknowledgement had left the process is there, exactly once, whether it was sent once
// or, for want of an answer, again with the same key.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <map>
#include <random>
#include <thread>
#include <unordered_map>

#include "capabilities/exchange/service_test_support.hpp"

namespace astro::exchange {
namespace {

using namespace astro::exchange::test;

constexpr std::uint64_t kSeed = 20261129;
constexpr int kRounds = 200;
constexpr std::uint32_t kAccounts = 16;

struct Acknowledged {
    std::uint64_t number = 0;  ///< of the order, as its client counts
    std::uint64_t sequence = 0;
};

std::string name_of(std::uint64_t number) {
    return "o" + std::to_string(number);
}

/// An order that rests or trades at once, and one that cancels all so that none is refused.
CommandBody command_of(std::uint64_t number) {
    const auto account = static_cast<std::uint32_t>(number % kAccounts);
    if (number / kAccounts % 20 == 19) return CancelAll{AccountId{account}, {}, {}};
    auto out = order(account, number % 3 == 0 ? Side::buy : Side::sell,
                     99 + static_cast<std::int64_t>(number % 4));
    out.client_id = ClientId(name_of(number));
    return out;
}

/// Sends from `from` on until it is killed, a few at a time, and tells what is acknowledged.
[[noreturn]] void trade_for_ever(const ServiceOptions& options, const Clock& clock,
                                 std::uint64_t from, int pipe) {
    auto service = Service::open(options, clock, {});
    if (!service) ::_exit(4);
    std::atomic<std::uint64_t> open{0};
    for (std::uint64_t number = from;; ++number) {
        while (open.load() >= 16) std::this_thread::yield();
        ++open;
        const auto done = [&open, pipe, number](const Result<Outcome>& outcome) {
            if (!outcome) ::_exit(5);
            const Acknowledged told{number, outcome->sequence.value()};
            if (::write(pipe, &told, sizeof told) != sizeof told) ::_exit(6);
            --open;
        };
        if (!(*service)->submit({name_of(number), command_of(number)}, done)) ::_exit(7);
    }
}

/// What the journal says: which order stands where, and nothing twice.
class Ledger final : public Listener {
  public:
    void on_applied(const Applied& applied) override {
        if (applied.submission.key.empty()) return;
        EXPECT_TRUE(sequences.emplace(applied.submission.key, applied.sequence.value()).second)
            << applied.submission.key << " was applied twice";
        refused +=
            !applied.events.empty() && std::holds_alternative<Refused>(applied.events.back());
    }
    void on_group_end(const Venue&) override {}
    std::unordered_map<std::string, std::uint64_t> sequences;
    std::size_t refused = 0;
};

std::vector<Acknowledged> run_and_kill(const ServiceOptions& options, const Clock& clock,
                                       std::uint64_t from, int acknowledged, int spins) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        trade_for_ever(options, clock, from, ends[1]);
    }
    ::close(ends[1]);
    std::vector<Acknowledged> out;
    Acknowledged one;
    const auto read_one = [&] { return ::read(ends[0], &one, sizeof one) == sizeof one; };
    for (int i = 0; i < acknowledged && read_one(); ++i) out.push_back(one);
    for (std::atomic<int> spun{0}; spun < spins;) ++spun;
    ::kill(child, SIGKILL);
    while (read_one()) out.push_back(one);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the venue ended by itself: " << WEXITSTATUS(status);
    return out;
}

/// What this run of the venue hears from `from` on holds all that was acknowledged there.
void expect_all_there(Site& site, const std::map<std::uint64_t, std::string>& acknowledged,
                      std::uint64_t from, bool audited) {
    Ledger ledger;
    site.options.heard_from = journal::Sequence{from};
    const auto service = site.open({&ledger});
    ASSERT_NE(service, nullptr);
    EXPECT_EQ(ledger.refused, 0U);
    for (auto at = acknowledged.lower_bound(from); at != acknowledged.end(); ++at) {
        const auto found = ledger.sequences.find(at->second);
        ASSERT_NE(found, ledger.sequences.end()) << at->second << " is lost";
        ASSERT_EQ(found->second, at->first);
    }
    if (audited) (void)state_of(*service);
}

TEST(ServiceKill, NoAcknowledgedOrderIsLostAtTwoHundredRandomPoints) {
    Site site;
    site.options.segment_bytes = 32 << 10;
    site.options.snapshot_every = 300;
    site.options.hash_every = 200;
    {
        const auto service = site.open();
        fund(*service, kAccounts);
    }
    std::mt19937_64 random(kSeed);
    std::unordered_map<std::string, std::uint64_t> sequences;
    std::map<std::uint64_t, std::string> acknowledged;
    std::uint64_t next = 0, seen = 1;
    for (int round = 0; round < kRounds; ++round) {
        // Some are sent again, as by a client that got no answer.
        const std::uint64_t from = next - std::min<std::uint64_t>(next, random() % 24);
        const bool from_snapshots = random() % 4 != 0;
        site.options.heard_from = from_snapshots ? kHeardAll : journal::Sequence{1};
        for (const auto& told :
             run_and_kill(site.options, site.clock, from, static_cast<int>(random() % 40),
                          static_cast<int>(random() % 200'000))) {
            const auto known = sequences.emplace(name_of(told.number), told.sequence).first;
            ASSERT_EQ(known->second, told.sequence) << "it was told otherwise before";
            acknowledged.emplace(told.sequence, name_of(told.number));
            next = std::max(next, told.number + 1);
        }
        site.clock.advance(milliseconds(7));
        expect_all_there(site, acknowledged, seen, false);
        if (!acknowledged.empty()) seen = acknowledged.rbegin()->first + 1;
        if (round % 40 == 39) expect_all_there(site, acknowledged, 1, true);
    }
    EXPECT_GT(acknowledged.size(), static_cast<std::size_t>(kRounds));
}

}  // namespace
}  // namespace astro::exchange

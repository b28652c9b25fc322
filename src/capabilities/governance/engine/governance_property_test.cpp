#include <gtest/gtest.h>

#include "capabilities/governance/engine/governance.hpp"
#include "foundation/base/binary.hpp"

/// Streams from a seed against an obvious reference that copies all powers when a proposal is made.
namespace astro::governance {
namespace {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::int64_t below(std::int64_t n) {  // splitmix64
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return static_cast<std::int64_t>((z ^ (z >> 31)) % static_cast<std::uint64_t>(n));
    }
    VoterId voter() { return VoterId{static_cast<std::uint32_t>(below(8))}; }

  private:
    std::uint64_t state_;
};

PersonId guardian(std::int64_t n) {
    PersonId out;
    out.bytes[0] = static_cast<std::uint8_t>(n + 1);
    return out;
}

struct Reference {
    struct Vote {
        Choice choice;
        Power power;
    };
    struct Known {
        std::map<VoterId, Power> powers;
        std::map<VoterId, Vote> votes;
        TimeMs made{};
        Settings rules;
        std::map<PersonId, bool> vetoes;
        bool cancelled = false, executed = false, vetoed = false;
    };

    [[nodiscard]] Power power(VoterId voter) const {
        Power sum;
        for (const auto& [id, stake] : stakes)
            if (delegates.contains(id) ? delegates.at(id) == voter : id == voter) sum += stake;
        return sum;
    }
    void propose(ProposalId id, const Settings& rules, TimeMs now) {
        Known& known = proposals[id];
        for (std::uint32_t v = 0; v < 8; ++v) known.powers[VoterId{v}] = power(VoterId{v});
        known.made = now;
        known.rules = rules;
    }
    [[nodiscard]] static Tally tally(const Known& known) {
        Tally out;
        for (const auto& [voter, vote] : known.votes) out.of(vote.choice) += vote.power;
        return out;
    }
    [[nodiscard]] static ProposalState state(const Known& known, TimeMs now) {
        const std::int64_t ends = known.made.value() + known.rules.voting_ms,
                           executable = ends + known.rules.timelock_ms,
                           expires = executable + known.rules.expiry_ms;
        if (known.cancelled) return ProposalState::cancelled;
        if (now.value() < ends) return ProposalState::voting;
        Int128 total = 0;
        for (const auto& [voter, power] : known.powers) total += power.value();
        const Tally votes = tally(known);
        const bool accepted =
            Int128{votes.sum().value()} * 1'000'000 >= total * known.rules.quorum_ppm &&
            Int128{votes.in_favour.value()} * 1'000'000 >= total * known.rules.threshold_ppm &&
            votes.in_favour > votes.against;
        if (!accepted) return ProposalState::defeated;
        if (known.vetoed) return ProposalState::vetoed;
        if (known.executed) return ProposalState::executed;
        if (now.value() < executable) return ProposalState::timelock;
        return now.value() < expires ? ProposalState::ready : ProposalState::expired;
    }

    std::map<VoterId, Power> stakes;
    std::map<VoterId, VoterId> delegates;
    std::map<VoterId, std::map<TimeMs, Power>> cooling;
    std::map<ProposalId, Known> proposals;
};

class Stream {
  public:
    explicit Stream(std::uint64_t seed) : dice_(seed) {
        rules_ = {.quorum_ppm = 1 + dice_.below(600'000),
                  .threshold_ppm = 1 + dice_.below(300'000),
                  .voting_ms = 1'000,
                  .timelock_ms = dice_.below(2) * 500,
                  .expiry_ms = 1'000,
                  .cooldown_ms = 1'000 + dice_.below(4'000),
                  .deposit = Power{dice_.below(5)},
                  .proposer_power_min = Power{1 + dice_.below(50)},
                  .guardians = {guardian(0), guardian(1), guardian(2)}};
        governance_.set(rules_);
        is_slow_ = dice_.below(2) == 0;
    }

    void step() {
        if (dice_.below(3) == 0) now_ = TimeMs{now_.value() + dice_.below(is_slow_ ? 20 : 200)};
        if (dice_.below(is_slow_ ? 100 : 8) == 0) jump_to_an_edge();
        let_time_pass();
        const VoterId voter = dice_.voter();
        // One of the newest, or the next one, which is not there.
        const auto ids = std::min<std::int64_t>(static_cast<std::int64_t>(newest_) + 1, 8);
        const ProposalId id{newest_ + 1 - static_cast<std::uint64_t>(dice_.below(ids))};
        switch (dice_.below(12)) {
            case 0:
            case 1:
                return stake(voter);
            case 2:
                return unstake(voter);
            case 3:
                return delegate(voter, dice_.below(3) == 0 ? voter : dice_.voter());
            case 4:
                return propose(voter);
            case 5:
                return veto(dice_.below(4), id);
            case 6:
                return dice_.below(6) == 0 ? cancel(voter, id) : execute(id);
            default:
                return vote(voter, id);
        }
    }

    void check() const {
        ASSERT_EQ(governance_.audit(), "");
        const Power held = paid_;
        for (std::uint32_t v = 0; v < 8; ++v)
            ASSERT_EQ(governance_.stakes().power(VoterId{v}), known_.power(VoterId{v}));
        for (const auto& [id, known] : known_.proposals) {
            const Proposal* proposal = governance_.find(id);
            if (proposal == nullptr) continue;
            ASSERT_EQ(enum_name(proposal->state), enum_name(Reference::state(known, now_)));
            ASSERT_EQ(proposal->tally, Reference::tally(known));
            ASSERT_LE(proposal->tally.sum(), proposal->terms.total);
            if (proposal->state != ProposalState::voting) continue;
            for (const auto& [voter, power] : known.powers)
                ASSERT_EQ(governance_.power_at(voter, id), power);
        }
        ASSERT_EQ(governance_.held(), held);
        Power given;
        for (std::uint32_t v = 0; v < 8; ++v) given += governance_.given_by(VoterId{v});
        ASSERT_EQ(given, held);
    }
    void check_that_it_comes_back() const {
        const Bytes bytes = to_binary(saved());
        auto read = parse_binary<SavedGovernance>(bytes);
        ASSERT_TRUE(read);
        Stream again = *this;
        again.governance_ = Governance();
        ASSERT_EQ(again.governance_.restore(*read, VoterId{8}), "");
        EXPECT_EQ(again.governance_.held(), governance_.held());
        // Both go on alike.
        for (int i = 0; i < 200; ++i) {
            again.step();
            again.check();
            if (testing::Test::HasFatalFailure()) return;
        }
    }
    /// Bytes with some of them changed are refused, or are a state in which all agrees.
    void check_damage() const {
        const Bytes bytes = to_binary(saved());
        Dice dice(bytes.size());
        for (int i = 0; i < 300; ++i) {
            Bytes damaged = bytes;
            for (int n = 0; n < 2; ++n)
                damaged[static_cast<std::size_t>(
                    dice.below(static_cast<std::int64_t>(bytes.size())))] =
                    static_cast<std::uint8_t>(dice.below(256));
            auto read = parse_binary<SavedGovernance>(damaged);
            if (!read) continue;
            Governance restored;
            if (!restored.restore(*read, VoterId{8}).empty()) continue;
            EXPECT_EQ(restored.audit(), "");
        }
    }
    [[nodiscard]] SavedGovernance saved() const {
        SavedGovernance out{.settings = governance_.settings(),
                            .newest = governance_.newest(),
                            .voters = governance_.stakes().voters(),
                            .proposals = governance_.proposals()};
        for (const auto& [id, proposal] : out.proposals)
            if (is_open(proposal.state)) out.votes[id] = governance_.votes(id);
        return out;
    }

    std::map<std::string, int> seen;

  private:
    /// To the moment at which something changes, or the millisecond before it.
    void jump_to_an_edge() {
        for (const auto& [id, proposal] : governance_.proposals()) {
            if (!is_open(proposal.state)) continue;
            const auto& t = proposal.terms;
            const TimeMs at = proposal.state == ProposalState::voting     ? t.voting_ends
                              : proposal.state == ProposalState::timelock ? t.executable
                                                                          : t.expires;
            const TimeMs to{at.value() - dice_.below(2)};
            if (to > now_) now_ = to;
            return;
        }
    }
    void let_time_pass() {
        while (const auto step = governance_.step(now_)) {
            if (const auto* moved = std::get_if<Moved>(&*step)) {
                take_deposit(*moved);
                ++seen[std::string(enum_name(moved->to))];
                continue;
            }
            const auto& released = std::get<Released>(*step);
            auto& cooling = known_.cooling[released.voter];
            ASSERT_EQ(cooling.at(released.at), released.amount);
            cooling.erase(released.at);
            paid_ -= released.amount;
        }
        for (const auto& [voter, cooling] : known_.cooling)
            ASSERT_TRUE(cooling.empty() || cooling.begin()->first > now_);
    }
    void take_deposit(const Moved& moved) {
        EXPECT_TRUE(moved.deposit_returned == Power{0} || moved.deposit_lost == Power{0});
        paid_ -= moved.deposit_returned + moved.deposit_lost;
    }
    void note(const Refusal& refusal) { ++seen[std::string(enum_name(refusal.code))]; }

    void stake(VoterId voter) {
        const Power amount{1 + dice_.below(100)};
        ASSERT_FALSE(governance_.stake(voter, amount));
        known_.stakes[voter] += amount;
        paid_ += amount;
    }
    void unstake(VoterId voter) {
        const Power amount{1 + dice_.below(dice_.below(2) == 0 ? 5 : 100)};
        const Refusal refusal = governance_.unstake(voter, amount, now_);
        note(refusal);
        ASSERT_EQ(refusal.code == RefusalCode::stake_insufficient, amount > known_.stakes[voter]);
        if (refusal) return;
        known_.stakes[voter] -= amount;
        known_.cooling[voter][TimeMs{now_.value() + rules_.cooldown_ms}] += amount;
    }
    void delegate(VoterId voter, VoterId to) {
        ASSERT_FALSE(governance_.delegate(voter, to));
        known_.delegates[voter] = to;
    }
    void propose(VoterId voter) {
        const Refusal refusal = governance_.check_propose(voter);
        note(refusal);
        ASSERT_EQ(refusal.code == RefusalCode::power_insufficient,
                  known_.power(voter) < rules_.proposer_power_min);
        if (refusal) return;
        const ProposalId id = governance_.propose(voter, now_).id;
        ASSERT_EQ(id, ProposalId{++newest_});
        known_.propose(id, rules_, now_);
        paid_ += rules_.deposit;
    }
    void vote(VoterId voter, ProposalId id) {
        const auto choice = static_cast<Choice>(dice_.below(8) < 5 ? 1 : dice_.below(3));
        const Refusal refusal = governance_.vote(voter, id, choice, now_);
        note(refusal);
        const auto known = known_.proposals.find(id);
        const bool may = known != known_.proposals.end() &&
                         Reference::state(known->second, now_) == ProposalState::voting &&
                         known->second.powers.at(voter) > Power{0};
        ASSERT_EQ(!refusal, may);
        if (may) known->second.votes[voter] = {choice, known->second.powers.at(voter)};
    }
    void veto(std::int64_t who, ProposalId id) {
        std::optional<Moved> moved;
        const Refusal refusal = governance_.veto(guardian(who), id, now_, moved);
        note(refusal);
        if (refusal) return;
        auto& known = known_.proposals.at(id);
        ASSERT_EQ(Reference::state(known, now_), ProposalState::timelock);
        known.vetoes[guardian(who)] = true;
        known.vetoed = known.vetoes.size() == 2;
        ASSERT_EQ(moved.has_value(), known.vetoed);
    }
    void cancel(VoterId voter, ProposalId id) {
        Moved moved;
        const Refusal refusal = governance_.cancel(voter, id, now_, moved);
        note(refusal);
        if (refusal) return;
        take_deposit(moved);
        known_.proposals.at(id).cancelled = true;
    }
    void execute(ProposalId id) {
        const Refusal refusal = governance_.check_execute(id, now_);
        note(refusal);
        const auto known = known_.proposals.find(id);
        ASSERT_EQ(!refusal, known != known_.proposals.end() &&
                                Reference::state(known->second, now_) == ProposalState::ready);
        if (refusal) return;
        take_deposit(governance_.executed(id, now_));
        known->second.executed = true;
        ++seen["executed"];
    }

    Dice dice_;
    bool is_slow_ = false;  ///< much happens at a time, so that limits are met
    Settings rules_;
    Governance governance_;
    Reference known_;
    TimeMs now_{1'000};
    std::uint64_t newest_ = 0;
    Power paid_;  ///< in, less what came out
};

TEST(GovernanceProperty, AgreesWithTheReferenceAfterEachStep) {
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Stream stream(seed);
        for (int i = 0; i < 1'500; ++i) {
            stream.step();
            stream.check();
            if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed << ", step " << i;
        }
        stream.check_that_it_comes_back();
        stream.check_damage();
        if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed;
        for (const auto& [name, count] : stream.seen) seen[name] += count;
    }
    for (const char* name :
         {"timelock", "ready", "executed", "defeated", "expired", "stake_insufficient",
          "power_insufficient", "too_many_proposals", "too_many_cooling", "proposal_unknown",
          "no_voting_power", "voting_over", "not_guardian", "not_in_timelock", "already_vetoed",
          "not_proposer", "proposal_over", "not_accepted", "timelock_running"})
        EXPECT_GT(seen[name], 0) << name;
}

}  // namespace
}  // namespace astro::governance

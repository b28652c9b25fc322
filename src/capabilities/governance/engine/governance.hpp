#pragma once

#include <map>
#include <optional>
#include <set>
#include <variant>

#include "capabilities/governance/engine/stakes.hpp"

namespace astro::governance {

/// A proposal has come to another state. Of its deposit, one of the two, once.
struct Moved {
    ProposalId proposal{};
    ProposalState from = ProposalState::voting, to = ProposalState::voting;
    TimeMs at{};
    VoterId proposer{};
    Power deposit_returned, deposit_lost;
};
/// An amount has cooled down and is the voter's again.
struct Released {
    VoterId voter{};
    Power amount;
    TimeMs at{};
};
using Step = std::variant<Moved, Released>;

/// What later steps depend on; all else follows from it.
struct SavedGovernance {
    Settings settings{};
    ProposalId newest{0};
    std::map<VoterId, Voter> voters{};
    std::map<ProposalId, Proposal> proposals{};
    std::map<ProposalId, std::map<VoterId, Choice>> votes{};  ///< of those in `proposals`
};
BOOST_DESCRIBE_STRUCT(SavedGovernance, (), (settings, newest, voters, proposals, votes))

/// Stakes, proposals and votes: who may, what counts, and when. What a proposal does is its
/// owner's; he executes it between check_execute() and executed().
///
/// Time comes with each call and never goes back. What was due by it must have been taken from
/// step() before anything else is asked for. Deterministic, without I/O; one thread.
class Governance {
  public:
    [[nodiscard]] const Settings& settings() const { return settings_; }
    /// They have passed check_settings(). Open proposals keep their terms; who may veto changes.
    void set(Settings settings) { settings_ = std::move(settings); }

    [[nodiscard]] const Stakes& stakes() const { return stakes_; }
    [[nodiscard]] Refusal stake(VoterId voter, Power amount);
    [[nodiscard]] Refusal unstake(VoterId voter, Power amount, TimeMs now);
    [[nodiscard]] Refusal delegate(VoterId voter, VoterId to);

    [[nodiscard]] Refusal check_propose(VoterId proposer) const;
    /// check_propose() has let it pass; the caller has taken the deposit of settings().
    const Proposal& propose(VoterId proposer, TimeMs now);
    /// Another vote of the same voter takes the place of the one before.
    [[nodiscard]] Refusal vote(VoterId voter, ProposalId proposal, Choice choice, TimeMs now);
    /// `moved` when it was the last that was needed.
    [[nodiscard]] Refusal veto(const PersonId& guardian, ProposalId proposal, TimeMs now,
                               std::optional<Moved>& moved);
    [[nodiscard]] Refusal cancel(VoterId proposer, ProposalId proposal, TimeMs now, Moved& moved);
    [[nodiscard]] Refusal check_execute(ProposalId proposal, TimeMs now) const;
    Moved executed(ProposalId proposal, TimeMs now);

    /// Whether step() would give something.
    [[nodiscard]] bool is_due(TimeMs now) const {
        return !timers_.empty() && timers_.begin()->at <= now;
    }
    /// When that is; nothing while nobody waits.
    [[nodiscard]] std::optional<TimeMs> next_due() const {
        return timers_.empty() ? std::nullopt : std::optional(timers_.begin()->at);
    }
    /// What was due first by now, if anything: time and then age decide.
    [[nodiscard]] std::optional<Step> step(TimeMs now);

    [[nodiscard]] const Proposal* find(ProposalId proposal) const;
    /// All that are open, and the newest of those that have ended.
    [[nodiscard]] const std::map<ProposalId, Proposal>& proposals() const { return proposals_; }
    /// Of a proposal that is open; nothing of others.
    [[nodiscard]] const std::map<VoterId, Choice>& votes(ProposalId proposal) const;
    /// Power of the voter for a proposal in voting.
    [[nodiscard]] Power power_at(VoterId voter, ProposalId proposal) const {
        return stakes_.power_at(voter, proposal);
    }
    /// The id given out last; 0: none.
    [[nodiscard]] ProposalId newest() const { return newest_; }
    /// What one voter has given: stake, what cools down, deposits that are not decided yet.
    [[nodiscard]] Power given_by(VoterId voter) const;
    /// All that voters have given: stakes, what cools down, deposits.
    [[nodiscard]] Power held() const { return held_; }

    /// What is wrong with what is kept twice, or nothing. Slow.
    [[nodiscard]] std::string audit() const;

    /// What cannot be of what was saved is told, and nothing is taken. Voters are below
    /// `voter_end`.
    [[nodiscard]] std::string restore(SavedGovernance saved, VoterId voter_end);

  private:
    /// A voter's cooling amounts come before proposals of the same time.
    struct Timer {
        TimeMs at{};
        bool is_proposal = false;
        std::uint64_t id = 0;
        auto operator<=>(const Timer&) const = default;
    };

    [[nodiscard]] Proposal* entry(ProposalId proposal);
    [[nodiscard]] static TimeMs next_change(const Proposal& proposal);
    Moved move(Proposal& proposal, ProposalState to, TimeMs at);
    /// At the end of voting the quorum decides on it; before that it is lost.
    static void settle_deposit(const Proposal& proposal, Moved& moved);
    Moved advance(Proposal& proposal);
    void forget_oldest();
    void keep_snapshots();
    void follow();
    /// Whether sums and times stay within what is counted.
    [[nodiscard]] static bool can_be(const Proposal& proposal);

    Settings settings_;
    Stakes stakes_;
    std::map<ProposalId, Proposal> proposals_;
    std::map<ProposalId, std::map<VoterId, Choice>> votes_;  ///< of open ones
    ProposalId newest_{0};
    Power held_;
    std::set<Timer> timers_;  ///< one a cooling amount, one an open proposal
};

}  // namespace astro::governance

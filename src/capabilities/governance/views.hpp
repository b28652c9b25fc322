#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/venue.hpp"

/// What the API shows of votes: from the venue as it is, without waiting or I/O.
namespace astro::governance {

struct ParametersView {
    std::string asset;  ///< what is staked
    Power staked;       ///< by all
    std::uint64_t voters = 0;
    ProposalId newest_proposal{};
    Settings rules{};
};
BOOST_DESCRIBE_STRUCT(ParametersView, (), (asset, staked, voters, newest_proposal, rules))

/// A setting that a proposal changes.
struct ChangeView {
    std::string setting;  ///< "taker_fee_ppm"
    std::string from;     ///< as it was when the proposal was made; empty of what it lists
    std::string to;
};
BOOST_DESCRIBE_STRUCT(ChangeView, (), (setting, from, to))

/// One of the conditions of being accepted.
struct ConditionView {
    std::string name;      ///< "quorum", "threshold", "ahead"
    std::string sentence;  ///< "450 of 1,000 ASTRO have voted, it takes 400"
    Power needed, has;
    bool is_met = false;
};
BOOST_DESCRIBE_STRUCT(ConditionView, (), (name, sentence, needed, has, is_met))

struct ProposalView {
    ProposalId id{};
    exchange::AccountId account{};  ///< who proposed it
    ProposalState state = ProposalState::voting;
    std::string title;
    std::string text;
    std::string
        subject;  ///< "market SOL-PERP", "collateral SOL", "venue", "treasury", "governance"
    std::vector<ChangeView> changes{};
    TimeMs created{};
    std::optional<TimeMs> ended{};
    Terms terms{};
    Tally tally{};
    Verdict verdict = Verdict::below_quorum;  ///< as votes stand, or stood when voting ended
    std::vector<ConditionView> conditions{};
    std::int64_t vetoes = 0;  ///< guardians who are against it
};
BOOST_DESCRIBE_STRUCT(ProposalView, (),
                      (id, account, state, title, text, subject, changes, created, ended, terms,
                       tally, verdict, conditions, vetoes))

struct CoolingView {
    TimeMs free_at{};
    Power amount;
};
BOOST_DESCRIBE_STRUCT(CoolingView, (), (free_at, amount))

struct StakeView {
    exchange::AccountId account{};
    Power stake;
    exchange::AccountId delegate{};  ///< who votes with it
    Power power;                     ///< of all that have this account for their delegate
    std::vector<CoolingView> cooling{};
};
BOOST_DESCRIBE_STRUCT(StakeView, (), (account, stake, delegate, power, cooling))

struct VoteView {
    exchange::AccountId account{};
    Choice choice = Choice::against;
    Power power;
};
BOOST_DESCRIBE_STRUCT(VoteView, (), (account, choice, power))

[[nodiscard]] ParametersView view_parameters(const exchange::Venue& venue);
/// Nothing when the venue does not know it (any more).
[[nodiscard]] std::optional<ProposalView> view_proposal(const exchange::Venue& venue,
                                                        ProposalId proposal);
/// Zero for an account that has never staked.
[[nodiscard]] StakeView view_stake(const exchange::Venue& venue, exchange::AccountId account);
/// While votes can change; by account, from one on.
[[nodiscard]] std::vector<VoteView> view_votes(const exchange::Venue& venue, ProposalId proposal,
                                               exchange::AccountId from, std::size_t count_max);

/// Why a proposal would be refused, as far as it says something about itself: the field and what
/// it can be. The venue judges the rest.
[[nodiscard]] Result<void> check_proposition(const exchange::Proposition& proposition);

}  // namespace astro::governance

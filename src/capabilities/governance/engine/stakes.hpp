#pragma once

#include <map>

#include "capabilities/governance/engine/model.hpp"

namespace astro::governance {

/// An amount that is on its way back.
struct Cooling {
    TimeMs until{};
    Power amount;
};
BOOST_DESCRIBE_STRUCT(Cooling, (), (until, amount))

/// The power a voter had for all proposals up to one, from the checkpoint before.
struct Checkpoint {
    ProposalId up_to{};
    Power power;
};
BOOST_DESCRIBE_STRUCT(Checkpoint, (), (up_to, power))

struct Voter {
    Power stake;                     ///< own
    VoterId delegate{};              ///< who votes with it; oneself
    Power power;                     ///< of all stakes that have this voter for their delegate
    std::vector<Cooling> cooling{};  ///< soonest first
    std::vector<Checkpoint> past{};  ///< oldest first

    [[nodiscard]] Power cooling_sum() const {
        Power sum;
        for (const auto& one : cooling) sum += one.amount;
        return sum;
    }
};
BOOST_DESCRIBE_STRUCT(Voter, (), (stake, delegate, power, cooling, past))

/// Who has staked how much, who votes with it, and who could when a proposal was made.
///
/// A stake gives power to exactly one voter. It is not passed on: who delegates still votes with
/// what others delegated to him.
///
/// Power at a proposal's start is found without copying anything then: a voter whose power changes
/// while votes are open keeps what it was "up to the newest proposal", once a proposal.
/// ```
/// proposals     1        2        3
/// power    5 ──────▶ 8 ─────────────▶ 2      past: {1, 5} {3, 8}, now 2
/// ```
class Stakes {
  public:
    [[nodiscard]] Refusal stake(VoterId voter, Power amount);
    /// The amount votes no more from now on; it is back after `until`.
    [[nodiscard]] Refusal unstake(VoterId voter, Power amount, TimeMs until);
    /// Who votes with the stake, also with what is staked later. `to` oneself takes it back.
    [[nodiscard]] Refusal delegate(VoterId voter, VoterId to);
    /// Takes what has cooled down by that time; it must be the voter's soonest.
    [[nodiscard]] Power release(VoterId voter, TimeMs until);

    [[nodiscard]] Power power(VoterId voter) const;
    /// When the proposal was made, one of those of keep().
    [[nodiscard]] Power power_at(VoterId voter, ProposalId proposal) const;
    [[nodiscard]] Power total() const { return total_; }
    [[nodiscard]] const Voter* find(VoterId voter) const;
    [[nodiscard]] const std::map<VoterId, Voter>& voters() const { return voters_; }

    /// Whose snapshots are needed: proposals from `oldest` to `newest`; none when that is below.
    void keep(ProposalId oldest, ProposalId newest);

    /// Takes voters that were saved, after keep(). What cannot be is told, and nothing is taken.
    [[nodiscard]] std::string restore(std::map<VoterId, Voter> voters);

    /// What is wrong with sums that are kept twice, or nothing.
    [[nodiscard]] std::string audit() const;

  private:
    [[nodiscard]] Voter* entry(VoterId voter);
    [[nodiscard]] Voter& at(VoterId voter);
    [[nodiscard]] bool has_room(VoterId voter);
    void change_power(VoterId voter, Power change);
    [[nodiscard]] bool is_idle(VoterId id, const Voter& voter) const;
    void drop_if_idle(VoterId voter);

    std::map<VoterId, Voter> voters_;
    Power total_;
    ProposalId oldest_{1}, newest_{0};
};

}  // namespace astro::governance

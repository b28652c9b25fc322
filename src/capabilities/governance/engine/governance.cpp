#include "capabilities/governance/engine/governance.hpp"

#include "foundation/base/assert.hpp"

namespace astro::governance {

Proposal* Governance::entry(ProposalId proposal) {
    const auto found = proposals_.find(proposal);
    return found == proposals_.end() ? nullptr : &found->second;
}
const Proposal* Governance::find(ProposalId proposal) const {
    const auto found = proposals_.find(proposal);
    return found == proposals_.end() ? nullptr : &found->second;
}
const std::map<VoterId, Choice>& Governance::votes(ProposalId proposal) const {
    static const std::map<VoterId, Choice> kNone;
    const auto found = votes_.find(proposal);
    return found == votes_.end() ? kNone : found->second;
}

Refusal Governance::stake(VoterId voter, Power amount) {
    if (const auto refusal = stakes_.stake(voter, amount)) return refusal;
    held_ += amount;
    return {};
}

Refusal Governance::unstake(VoterId voter, Power amount, TimeMs now) {
    const TimeMs until{now.value() + settings_.cooldown_ms};
    if (const auto refusal = stakes_.unstake(voter, amount, until)) return refusal;
    timers_.insert({until, false, voter.value()});
    return {};
}

Refusal Governance::delegate(VoterId voter, VoterId to) {
    return stakes_.delegate(voter, to);
}

Refusal Governance::check_propose(VoterId proposer) const {
    const Power has = stakes_.power(proposer);
    if (has < settings_.proposer_power_min)
        return {RefusalCode::power_insufficient, settings_.proposer_power_min.value(), has.value()};
    std::size_t open = 0, own = 0;
    for (const auto& [id, proposal] : proposals_) {
        if (!is_open(proposal.state)) continue;
        ++open;
        own += proposal.proposer == proposer ? 1 : 0;
    }
    if (own >= kOpenOfOneMax)
        return {RefusalCode::too_many_proposals, static_cast<std::int64_t>(kOpenOfOneMax)};
    if (open >= kOpenMax)
        return {RefusalCode::too_many_proposals, static_cast<std::int64_t>(kOpenMax)};
    return {};
}

const Proposal& Governance::propose(VoterId proposer, TimeMs now) {
    forget_oldest();
    newest_ = ProposalId{newest_.value() + 1};
    Proposal& made = proposals_[newest_];
    made = {.id = newest_,
            .proposer = proposer,
            .created = now,
            .ended = {},
            .terms = terms_of(settings_, stakes_.total(), now),
            .tally = {}};
    held_ += made.terms.deposit;
    votes_[newest_];
    timers_.insert({made.terms.voting_ends, true, newest_.value()});
    keep_snapshots();
    return made;
}

Refusal Governance::vote(VoterId voter, ProposalId id, Choice choice, TimeMs now) {
    Proposal* proposal = entry(id);
    if (proposal == nullptr) return {RefusalCode::proposal_unknown};
    if (proposal->state != ProposalState::voting)
        return {RefusalCode::voting_over, proposal->terms.voting_ends.value(), now.value()};
    const Power power = stakes_.power_at(voter, id);
    if (power == Power{0}) return {RefusalCode::no_voting_power};
    const auto [known, is_new] = votes_[id].try_emplace(voter, choice);
    if (!is_new) proposal->tally.of(known->second) -= power;
    known->second = choice;
    proposal->tally.of(choice) += power;
    return {};
}

Refusal Governance::veto(const PersonId& guardian, ProposalId id, TimeMs now,
                         std::optional<Moved>& moved) {
    Proposal* proposal = entry(id);
    if (proposal == nullptr) return {RefusalCode::proposal_unknown};
    if (std::ranges::find(settings_.guardians, guardian) == settings_.guardians.end())
        return {RefusalCode::not_guardian};
    if (proposal->state != ProposalState::timelock)
        return {RefusalCode::not_in_timelock, proposal->terms.voting_ends.value(), now.value()};
    if (std::ranges::find(proposal->vetoes, guardian) != proposal->vetoes.end())
        return {RefusalCode::already_vetoed};
    proposal->vetoes.push_back(guardian);
    if (static_cast<std::int64_t>(proposal->vetoes.size()) >= proposal->terms.vetoes)
        moved = move(*proposal, ProposalState::vetoed, now);
    return {};
}

Refusal Governance::cancel(VoterId proposer, ProposalId id, TimeMs now, Moved& moved) {
    Proposal* proposal = entry(id);
    if (proposal == nullptr) return {RefusalCode::proposal_unknown};
    if (proposal->proposer != proposer) return {RefusalCode::not_proposer};
    if (!is_open(proposal->state)) return {RefusalCode::proposal_over, 0, proposal->ended.value()};
    moved = move(*proposal, ProposalState::cancelled, now);
    return {};
}

Refusal Governance::check_execute(ProposalId id, TimeMs now) const {
    const Proposal* proposal = find(id);
    if (proposal == nullptr) return {RefusalCode::proposal_unknown};
    switch (proposal->state) {
        case ProposalState::ready:
            return {};
        case ProposalState::timelock:
            return {RefusalCode::timelock_running, proposal->terms.executable.value(), now.value()};
        case ProposalState::voting:
        case ProposalState::defeated:
            return {RefusalCode::not_accepted,
                    std::max(proposal->terms.threshold, proposal->tally.against).value(),
                    proposal->tally.in_favour.value()};
        default:
            return {RefusalCode::proposal_over, 0, proposal->ended.value()};
    }
}

Moved Governance::executed(ProposalId id, TimeMs now) {
    Proposal* proposal = entry(id);
    ASTRO_ASSERT(proposal != nullptr && proposal->state == ProposalState::ready);
    return move(*proposal, ProposalState::executed, now);
}

std::optional<Step> Governance::step(TimeMs now) {
    if (!is_due(now)) return std::nullopt;
    const Timer due = *timers_.begin();
    if (due.is_proposal) return advance(*entry(ProposalId{due.id}));
    timers_.erase(timers_.begin());
    const VoterId voter{static_cast<std::uint32_t>(due.id)};
    const Power amount = stakes_.release(voter, due.at);
    held_ -= amount;
    return Released{voter, amount, due.at};
}

TimeMs Governance::next_change(const Proposal& proposal) {
    return proposal.state == ProposalState::voting     ? proposal.terms.voting_ends
           : proposal.state == ProposalState::timelock ? proposal.terms.executable
                                                       : proposal.terms.expires;
}

Moved Governance::advance(Proposal& proposal) {
    const TimeMs at = next_change(proposal);
    if (proposal.state == ProposalState::timelock) return move(proposal, ProposalState::ready, at);
    if (proposal.state == ProposalState::ready) return move(proposal, ProposalState::expired, at);
    const bool accepted = verdict_of(proposal.terms, proposal.tally) == Verdict::accepted;
    return move(proposal, accepted ? ProposalState::timelock : ProposalState::defeated, at);
}

Moved Governance::move(Proposal& proposal, ProposalState to, TimeMs at) {
    Moved moved{.proposal = proposal.id,
                .from = proposal.state,
                .to = to,
                .at = at,
                .proposer = proposal.proposer,
                .deposit_returned = {},
                .deposit_lost = {}};
    timers_.erase({next_change(proposal), true, proposal.id.value()});
    if (moved.from == ProposalState::voting) settle_deposit(proposal, moved);
    held_ -= moved.deposit_returned + moved.deposit_lost;
    proposal.state = to;
    if (is_open(to)) {
        timers_.insert({next_change(proposal), true, proposal.id.value()});
    } else {
        proposal.ended = at;
        votes_.erase(proposal.id);
    }
    if (moved.from == ProposalState::voting) keep_snapshots();
    return moved;
}

void Governance::settle_deposit(const Proposal& proposal, Moved& moved) {
    const bool was_cancelled = moved.to == ProposalState::cancelled;
    const bool is_lost =
        was_cancelled || verdict_of(proposal.terms, proposal.tally) == Verdict::below_quorum;
    (is_lost ? moved.deposit_lost : moved.deposit_returned) = proposal.terms.deposit;
}

void Governance::forget_oldest() {
    const auto is_ended = [](const auto& one) { return !is_open(one.second.state); };
    if (std::ranges::count_if(proposals_, is_ended) < static_cast<std::ptrdiff_t>(kEndedKept))
        return;
    proposals_.erase(std::ranges::find_if(proposals_, is_ended));
}

void Governance::keep_snapshots() {
    const auto oldest = std::ranges::find_if(
        proposals_, [](const auto& one) { return one.second.state == ProposalState::voting; });
    stakes_.keep(oldest == proposals_.end() ? ProposalId{newest_.value() + 1} : oldest->first,
                 newest_);
}

Power Governance::given_by(VoterId voter) const {
    Power sum;
    if (const Voter* known = stakes_.find(voter)) sum = known->stake + known->cooling_sum();
    for (const auto& [id, proposal] : proposals_)
        if (proposal.state == ProposalState::voting && proposal.proposer == voter)
            sum += proposal.terms.deposit;
    return sum;
}

std::string Governance::audit() const {
    if (auto wrong = stakes_.audit(); !wrong.empty()) return wrong;
    Int128 held = stakes_.total().value();
    std::set<Timer> timers;
    for (const auto& [id, voter] : stakes_.voters()) {
        held += voter.cooling_sum().value();
        for (const auto& one : voter.cooling) timers.insert({one.until, false, id.value()});
    }
    for (const auto& [id, proposal] : proposals_) {
        const auto wrong = [id = id](std::string_view what) {
            return std::string(what) + " of proposal " + std::to_string(id.value());
        };
        if (!is_open(proposal.state)) continue;
        timers.insert({next_change(proposal), true, id.value()});
        if (proposal.tally.sum() > proposal.terms.total) return wrong("more votes than power");
        if (proposal.state != ProposalState::voting) continue;
        held += proposal.terms.deposit.value();
        Tally tally;
        for (const auto& [voter, choice] : votes(id)) tally.of(choice) += power_at(voter, id);
        if (tally != proposal.tally) return wrong("tally");
    }
    if (timers != timers_) return "timers";
    return held == held_.value() ? "" : "what voters have given";
}

bool Governance::can_be(const Proposal& proposal) {
    const auto is_amount = [](Power power) { return power >= Power{0} && power <= kPowerMax; };
    constexpr TimeMs kTimeMax{std::int64_t{1} << 53};
    const auto& [total, quorum, threshold, voting_ends, executable, expires, deposit, vetoes] =
        proposal.terms;
    const auto& [in_favour, against, abstain] = proposal.tally;
    const auto is_sorted = [&](std::initializer_list<TimeMs> times) {
        return std::ranges::is_sorted(times) && std::ranges::max(times) <= kTimeMax;
    };
    return is_amount(total) && is_amount(quorum) && is_amount(threshold) && is_amount(deposit) &&
           is_amount(in_favour) && is_amount(against) && is_amount(abstain) &&
           Int128{in_favour.value()} + against.value() + abstain.value() <= total.value() &&
           is_sorted({TimeMs{0}, proposal.created, voting_ends, executable, expires}) &&
           is_sorted({TimeMs{0}, proposal.ended}) &&
           is_open(proposal.state) == (proposal.ended == TimeMs{0}) && vetoes >= 2 &&
           vetoes <= static_cast<std::int64_t>(kGuardiansMax) &&
           proposal.vetoes.size() <= kGuardiansMax;
}

std::string Governance::restore(SavedGovernance saved, VoterId voter_end) {
    if (!check_settings(saved.settings)) return "rules";
    if (!saved.voters.empty() && saved.voters.rbegin()->first >= voter_end) return "voters";
    for (const auto& [id, voter] : saved.voters)
        if (voter.delegate >= voter_end) return "delegate of voter " + std::to_string(id.value());
    std::size_t open = 0;
    Int128 deposits = 0;
    for (const auto& [id, proposal] : saved.proposals) {
        const bool known = saved.votes.contains(id);
        if (id == ProposalId{0} || id > saved.newest || proposal.id != id ||
            proposal.proposer >= voter_end || !can_be(proposal) || known != is_open(proposal.state))
            return "proposal " + std::to_string(id.value());
        open += is_open(proposal.state) ? 1 : 0;
        if (proposal.state == ProposalState::voting) deposits += proposal.terms.deposit.value();
    }
    if (deposits > kPowerMax.value()) return "deposits";
    if (open > kOpenMax || saved.proposals.size() > open + kEndedKept) return "proposals";
    if (saved.votes.size() != open) return "votes";
    Governance restored;
    restored.settings_ = std::move(saved.settings);
    restored.newest_ = saved.newest;
    restored.proposals_ = std::move(saved.proposals);
    restored.keep_snapshots();
    if (auto wrong = restored.stakes_.restore(std::move(saved.voters)); !wrong.empty())
        return wrong;
    restored.votes_ = std::move(saved.votes);
    restored.follow();
    if (auto wrong = restored.audit(); !wrong.empty()) return wrong;
    *this = std::move(restored);
    return {};
}

/// Timers and sums from what was saved.
void Governance::follow() {
    held_ = stakes_.total();
    for (const auto& [id, voter] : stakes_.voters()) {
        held_ += voter.cooling_sum();
        for (const auto& one : voter.cooling) timers_.insert({one.until, false, id.value()});
    }
    for (const auto& [id, proposal] : proposals_) {
        if (!is_open(proposal.state)) continue;
        timers_.insert({next_change(proposal), true, id.value()});
        if (proposal.state == ProposalState::voting) held_ += proposal.terms.deposit;
    }
}

}  // namespace astro::governance

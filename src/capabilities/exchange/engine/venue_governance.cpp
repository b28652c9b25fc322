#include <algorithm>

#include "capabilities/exchange/engine/venue.hpp"

/// Stakes, proposals and votes in the venue's order of commands. What they come to is counted in
/// capabilities/governance/engine; here they cost balances and change settings.
namespace astro::exchange {
namespace {

using governance::Moved;
using governance::Power;
using governance::VoterId;

RefusalCode code_of(governance::RefusalCode code) {
    using From = governance::RefusalCode;
    switch (code) {
        case From::none:
            return RefusalCode::none;
        case From::bad_amount:
            return RefusalCode::bad_amount;
        case From::stake_insufficient:
            return RefusalCode::stake_insufficient;
        case From::too_many_voters:
            return RefusalCode::too_many_voters;
        case From::too_many_cooling:
            return RefusalCode::too_many_cooling;
        case From::power_insufficient:
            return RefusalCode::power_insufficient;
        case From::too_many_proposals:
            return RefusalCode::too_many_proposals;
        case From::proposal_unknown:
            return RefusalCode::proposal_unknown;
        case From::no_voting_power:
            return RefusalCode::no_voting_power;
        case From::voting_over:
            return RefusalCode::voting_over;
        case From::not_guardian:
            return RefusalCode::not_guardian;
        case From::not_in_timelock:
            return RefusalCode::not_in_timelock;
        case From::already_vetoed:
            return RefusalCode::already_vetoed;
        case From::not_proposer:
            return RefusalCode::not_proposer;
        case From::proposal_over:
            return RefusalCode::proposal_over;
        case From::not_accepted:
            return RefusalCode::not_accepted;
        case From::timelock_running:
            return RefusalCode::timelock_running;
    }
    ASTRO_ASSERT(false);
    return RefusalCode::none;
}
Refusal from(const governance::Refusal& refusal) {
    return {code_of(refusal.code), refusal.needed, refusal.available};
}

VoterId voter(AccountId account) {
    return VoterId{account.value()};
}
AccountId account_of(VoterId voter) {
    return AccountId{voter.value()};
}
Amount amount_of(Power power) {
    return Amount{power.value()};
}

bool is_text(std::string_view text, std::size_t size_max) {
    return text.size() <= size_max &&
           std::ranges::none_of(text, [](char c) { return c >= 0 && c < ' ' && c != '\n'; });
}

/// A payment is always something new.
template <class Settings>
bool changes_nothing(const std::optional<Settings>& base, const std::optional<Settings>& wanted) {
    return base && wanted && are_equal(*base, *wanted);
}

/// `version` is not a proposal's to choose: it counts changes.
template <class Settings>
Settings next_version(const Settings& current, const Settings& base, Settings wanted) {
    wanted.version = base.version;
    Settings out = with_changes(current, base, wanted);
    out.version = current.version + 1;
    return out;
}

}  // namespace

AssetSettings default_governance_asset() {
    return {.symbol = std::string(kGovernanceAsset),
            .decimals = governance::PowerTag::kDecimals,
            .initial_weight_bps = 0,
            .maintenance_weight_bps = 0,
            .deposit_cap = Amount{1'000'000'000'000'000}};
}

std::optional<AssetId> Venue::governance_asset() const {
    for (std::size_t i = 0; i < assets_.size(); ++i)
        if (assets_[i].settings.symbol == kGovernanceAsset)
            return AssetId{static_cast<std::uint8_t>(i)};
    return std::nullopt;
}

namespace {

ProposalAction of_market(const MarketSettings& market) {
    ProposalAction out;
    out.market = market;
    return out;
}

}  // namespace

/// In an emergency nobody waits for a vote: the operator stops a market, and does nothing else.
bool Venue::is_governed(const SetMarket& c) const {
    if (!is_governed()) return false;
    const ProposalAction current = in_force(of_market(*c.settings));
    if (!current.market) return true;
    MarketSettings stopped = *current.market;
    stopped.state = c.settings->state;
    stopped.version = c.settings->version;
    const bool stops =
        stopped.state == MarketState::halted || stopped.state == MarketState::reduce_only;
    return !stops || !are_equal(stopped, *c.settings);
}

ProposalAction Venue::in_force(const ProposalAction& action) const {
    ProposalAction out;
    for (const auto& market : markets_)
        if (action.market && market.settings.symbol == action.market->symbol)
            out.market = market.settings;
    for (const auto& asset : assets_)
        if (action.asset && asset.settings.symbol == action.asset->symbol)
            out.asset = asset.settings;
    if (action.venue) out.venue = settings_;
    if (action.governance) out.governance = governance_.settings();
    return out;
}

template <class F>
Refusal Venue::with_command(ProposalId id, const ProposalAction& action, const ProposalAction& base,
                            F&& f) const {
    const ProposalAction current = in_force(action);
    if (action.market) {
        if (!current.market) {
            MarketSettings listed = *action.market;
            listed.version = 1;
            return f(SetMarket{listed});
        }
        // It was listed meanwhile by another proposal: nothing tells which of the two is meant.
        if (!base.market) return {RefusalCode::bad_proposal};
        return f(SetMarket{next_version(*current.market, *base.market, *action.market)});
    }
    if (action.asset) {
        if (!current.asset) return f(SetAsset{*action.asset});
        if (!base.asset) return {RefusalCode::bad_proposal};
        return f(SetAsset{with_changes(*current.asset, *base.asset, *action.asset)});
    }
    if (action.venue) return f(SetVenue{next_version(*current.venue, *base.venue, *action.venue)});
    if (action.payment)
        return f(PayTreasury{action.payment->account, action.payment->amount, id.value()});
    return f(
        SetGovernance{with_changes(*current.governance, *base.governance, *action.governance)});
}

Refusal Venue::on(const SetGovernance& c) {
    if (is_governed()) return {RefusalCode::governed};
    if (const auto refusal = check(c)) return refusal;
    carry_out(c);
    return {};
}

Refusal Venue::check(const SetGovernance& c) const {
    return {governance::check_settings(*c.settings) ? RefusalCode::none : RefusalCode::bad_amount};
}

void Venue::carry_out(const SetGovernance& c) {
    governance_.set(*c.settings);
    tell(GovernanceSet{c.settings});
}

void Venue::pay_governance(AccountId account, Amount change, BalanceReason reason) {
    if (change == Amount{0}) return;
    change_balance(account, *governance_asset(), change, reason);
    touch(account);
}

void Venue::change_stake(AccountId account, Power change) {
    owner_states_[of(account).owner_index].staked += change;
    refresh_fees(of(account));
}

Refusal Venue::on(const StakeGovernance& c) {
    const auto asset = governance_asset();
    if (!asset) return {RefusalCode::asset_unknown};
    const Amount amount = amount_of(c.amount);
    if (const auto refusal = check_amount(c.account, *asset, amount)) return refusal;
    if (const auto refusal = check_outflow(c.account, *asset, amount)) return refusal;
    if (const auto refusal = governance_.stake(voter(c.account), c.amount)) return from(refusal);
    pay_governance(c.account, Amount{-amount.value()}, BalanceReason::stake);
    change_stake(c.account, c.amount);
    tell(StakeChanged{c.account, c.amount, governance_.stakes().find(voter(c.account))->stake,
                      TimeMs{0}});
    return {};
}

Refusal Venue::on(const UnstakeGovernance& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (const auto refusal = governance_.unstake(voter(c.account), c.amount, now_))
        return from(refusal);
    change_stake(c.account, Power{-c.amount.value()});
    const auto* staked = governance_.stakes().find(voter(c.account));
    tell(StakeChanged{c.account, Power{-c.amount.value()}, staked->stake,
                      TimeMs{now_.value() + governance_.settings().cooldown_ms}});
    return {};
}

Refusal Venue::on(const DelegateGovernance& c) {
    if (!has(c.account) || !has(c.to)) return {RefusalCode::account_unknown};
    if (const auto refusal = governance_.delegate(voter(c.account), voter(c.to)))
        return from(refusal);
    tell(StakeDelegated{c.account, c.to});
    return {};
}

Refusal Venue::check_proposition(const Proposition& proposition) const {
    const ProposalAction& action = proposition.action;
    if (proposition.title.empty() || !is_text(proposition.title, kTitleMax) ||
        proposition.title.find('\n') != std::string::npos || !is_text(proposition.text, kTextMax))
        return {RefusalCode::bad_proposal};
    if (count_of(action) != 1) return {RefusalCode::bad_proposal};
    const ProposalAction base = in_force(action);
    ProposalAction wanted = action;
    if (wanted.market && base.market) wanted.market->version = base.market->version;
    if (wanted.venue) wanted.venue->version = base.venue->version;
    if (changes_nothing(base.market, wanted.market) || changes_nothing(base.asset, wanted.asset) ||
        changes_nothing(base.venue, wanted.venue) ||
        changes_nothing(base.governance, wanted.governance))
        return {RefusalCode::bad_proposal};
    return with_command(ProposalId{0}, action, base,
                        [this](const auto& command) { return check(command); });
}

Refusal Venue::on(const Propose& c) {
    const auto asset = governance_asset();
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (!asset) return {RefusalCode::asset_unknown};
    if (const auto refusal = check_proposition(*c.proposition)) return refusal;
    if (const auto refusal = governance_.check_propose(voter(c.account))) return from(refusal);
    const Amount deposit = amount_of(governance_.settings().deposit);
    if (deposit > Amount{0})
        if (const auto refusal = check_outflow(c.account, *asset, deposit)) return refusal;
    const ProposalAction base = in_force(c.proposition->action);
    const auto& made = governance_.propose(voter(c.account), now_);
    std::erase_if(propositions_,
                  [this](const auto& one) { return governance_.find(one.first) == nullptr; });
    propositions_[made.id] = {c.proposition, base};
    pay_governance(c.account, Amount{-deposit.value()}, BalanceReason::proposal);
    tell(Proposed{made.id, c.account, c.proposition, made.terms});
    return {};
}

Refusal Venue::on(const VoteOnProposal& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (const auto refusal = governance_.vote(voter(c.account), c.proposal, c.choice, now_))
        return from(refusal);
    tell(Voted{c.proposal, c.account, c.choice, governance_.power_at(voter(c.account), c.proposal),
               governance_.find(c.proposal)->tally});
    return {};
}

Refusal Venue::on(const VetoProposal& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    const governance::PersonId person{of(c.account).owner.bytes};
    std::optional<Moved> moved;
    if (const auto refusal = governance_.veto(person, c.proposal, now_, moved))
        return from(refusal);
    const auto* proposal = governance_.find(c.proposal);
    tell(Vetoed{c.proposal, c.account, static_cast<std::int64_t>(proposal->vetoes.size()),
                proposal->terms.vetoes});
    if (moved) tell_moved(*moved);
    return {};
}

Refusal Venue::on(const CancelProposal& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    Moved moved;
    if (const auto refusal = governance_.cancel(voter(c.account), c.proposal, now_, moved))
        return from(refusal);
    tell_moved(moved);
    return {};
}

Refusal Venue::on(const ExecuteProposal& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (const auto refusal = governance_.check_execute(c.proposal, now_)) return from(refusal);
    const StoredProposition stored = propositions_.at(c.proposal);
    const ProposalAction& action = stored.proposition->action;
    return with_command(c.proposal, action, stored.base, [&](const auto& command) -> Refusal {
        if (const auto refusal = check(command)) return refusal;
        tell_moved(governance_.executed(c.proposal, now_));
        carry_out(command);
        return {};
    });
}

void Venue::tell_moved(const Moved& moved) {
    const auto* proposal = governance_.find(moved.proposal);
    const AccountId proposer = account_of(moved.proposer);
    tell(ProposalMoved{moved.proposal, proposer, moved.from, moved.to, moved.at, proposal->tally,
                       governance::verdict_of(proposal->terms, proposal->tally),
                       moved.deposit_returned, moved.deposit_lost});
    pay_governance(proposer, amount_of(moved.deposit_returned), BalanceReason::proposal);
    if (moved.deposit_lost > Power{0})
        fund_assets_[governance_asset()->value()] += amount_of(moved.deposit_lost);
}

void Venue::run_votes() {
    while (const auto step = governance_.step(now_)) {
        if (const auto* moved = std::get_if<Moved>(&*step)) {
            tell_moved(*moved);
        } else {
            const auto& released = std::get<governance::Released>(*step);
            pay_governance(account_of(released.voter), amount_of(released.amount),
                           BalanceReason::stake);
        }
    }
}

}  // namespace astro::exchange

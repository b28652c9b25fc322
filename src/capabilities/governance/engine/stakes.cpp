#include "capabilities/governance/engine/stakes.hpp"

#include "foundation/base/assert.hpp"

namespace astro::governance {

Voter* Stakes::entry(VoterId voter) {
    const auto found = voters_.find(voter);
    return found == voters_.end() ? nullptr : &found->second;
}
const Voter* Stakes::find(VoterId voter) const {
    const auto found = voters_.find(voter);
    return found == voters_.end() ? nullptr : &found->second;
}
Voter& Stakes::at(VoterId voter) {
    const auto [found, is_new] = voters_.try_emplace(voter);
    if (is_new) found->second.delegate = voter;
    return found->second;
}

bool Stakes::has_room(VoterId voter) {
    if (voters_.contains(voter) || voters_.size() < kVotersMax) return true;
    // Those of whom only checkpoints were left that nobody needs any more.
    std::erase_if(voters_, [this](const auto& one) { return is_idle(one.first, one.second); });
    return voters_.size() < kVotersMax;
}

Refusal Stakes::stake(VoterId voter, Power amount) {
    if (amount <= Power{0} || amount > kPowerMax - total_)
        return {RefusalCode::bad_amount, (kPowerMax - total_).value(), amount.value()};
    if (!has_room(voter))
        return {RefusalCode::too_many_voters, static_cast<std::int64_t>(kVotersMax)};
    Voter& own = at(voter);
    own.stake += amount;
    total_ += amount;
    change_power(own.delegate, amount);
    return {};
}

Refusal Stakes::unstake(VoterId voter, Power amount, TimeMs until) {
    if (amount <= Power{0}) return {RefusalCode::bad_amount, 1, amount.value()};
    Voter* own = entry(voter);
    const Power stake = own == nullptr ? Power{0} : own->stake;
    if (amount > stake) return {RefusalCode::stake_insufficient, amount.value(), stake.value()};
    const auto place = std::ranges::lower_bound(own->cooling, until, {}, &Cooling::until);
    const bool joins = place != own->cooling.end() && place->until == until;
    if (!joins && own->cooling.size() == kCoolingMax)
        return {RefusalCode::too_many_cooling, static_cast<std::int64_t>(kCoolingMax)};
    if (joins)
        place->amount += amount;
    else
        own->cooling.insert(place, {until, amount});
    own->stake -= amount;
    total_ -= amount;
    change_power(own->delegate, Power{-amount.value()});
    return {};
}

Refusal Stakes::delegate(VoterId voter, VoterId to) {
    if (!has_room(voter))
        return {RefusalCode::too_many_voters, static_cast<std::int64_t>(kVotersMax)};
    Voter& own = at(voter);
    const VoterId from = own.delegate;
    own.delegate = to;
    if (from != to && own.stake > Power{0}) {
        change_power(from, Power{-own.stake.value()});
        change_power(to, own.stake);
        drop_if_idle(from);
    }
    drop_if_idle(voter);
    return {};
}

Power Stakes::release(VoterId voter, TimeMs until) {
    Voter* own = entry(voter);
    ASTRO_ASSERT(own != nullptr && !own->cooling.empty() && own->cooling.front().until == until);
    const Power amount = own->cooling.front().amount;
    own->cooling.erase(own->cooling.begin());
    drop_if_idle(voter);
    return amount;
}

Power Stakes::power(VoterId voter) const {
    const Voter* own = find(voter);
    return own == nullptr ? Power{0} : own->power;
}

Power Stakes::power_at(VoterId voter, ProposalId proposal) const {
    ASTRO_ASSERT(proposal >= oldest_ && proposal <= newest_);
    const Voter* own = find(voter);
    if (own == nullptr) return Power{0};
    const auto then = std::ranges::lower_bound(own->past, proposal, {}, &Checkpoint::up_to);
    return then == own->past.end() ? own->power : then->power;
}

void Stakes::keep(ProposalId oldest, ProposalId newest) {
    oldest_ = oldest;
    newest_ = newest;
}

void Stakes::change_power(VoterId voter, Power change) {
    Voter& own = at(voter);
    const bool is_needed = oldest_ <= newest_;
    if (!own.past.empty() && own.past.front().up_to < oldest_)
        std::erase_if(own.past, [this](const Checkpoint& c) { return c.up_to < oldest_; });
    if (is_needed && (own.past.empty() || own.past.back().up_to < newest_))
        own.past.push_back({newest_, own.power});
    own.power += change;
}

bool Stakes::is_idle(VoterId id, const Voter& voter) const {
    return voter.stake == Power{0} && voter.power == Power{0} && voter.delegate == id &&
           voter.cooling.empty() && (voter.past.empty() || voter.past.back().up_to < oldest_);
}

void Stakes::drop_if_idle(VoterId voter) {
    const auto found = voters_.find(voter);
    if (found != voters_.end() && is_idle(voter, found->second)) voters_.erase(found);
}

std::string Stakes::restore(std::map<VoterId, Voter> voters) {
    const auto is_amount = [](Power power) { return power >= Power{0} && power <= kPowerMax; };
    Int128 sum = 0;
    for (const auto& [id, voter] : voters) {
        bool fits =
            is_amount(voter.stake) && is_amount(voter.power) && voter.cooling.size() <= kCoolingMax;
        for (const auto& one : voter.cooling) {
            fits = fits && is_amount(one.amount) && one.until >= TimeMs{0};
            sum += one.amount.value();
        }
        for (const auto& one : voter.past)
            fits = fits && is_amount(one.power) && one.up_to <= newest_;
        sum += voter.stake.value();
        if (!fits || sum > kPowerMax.value()) return "voter " + std::to_string(id.value());
    }
    if (voters.size() > 2 * kVotersMax) return "too many voters";
    Stakes restored = *this;
    restored.voters_ = std::move(voters);
    restored.total_ = Power{0};
    for (const auto& [id, voter] : restored.voters_) restored.total_ += voter.stake;
    if (auto wrong = restored.audit(); !wrong.empty()) return wrong;
    *this = std::move(restored);
    return {};
}

std::string Stakes::audit() const {
    Int128 stakes = 0;
    std::map<VoterId, Power> powers;
    for (const auto& [id, voter] : voters_) {
        const auto wrong = [id = id](std::string_view what) {
            return std::string(what) + " of voter " + std::to_string(id.value());
        };
        stakes += voter.stake.value();
        powers[voter.delegate] += voter.stake;
        if (voter.stake < Power{0}) return wrong("negative stake");
        if (!std::ranges::is_sorted(voter.cooling, {}, &Cooling::until)) return wrong("cooling");
        if (std::ranges::adjacent_find(voter.past, {}, &Checkpoint::up_to) != voter.past.end() ||
            !std::ranges::is_sorted(voter.past, {}, &Checkpoint::up_to))
            return wrong("checkpoints");
    }
    for (const auto& [id, voter] : voters_) powers[id] -= voter.power;
    for (const auto& [id, difference] : powers)
        if (difference != Power{0}) return "power of voter " + std::to_string(id.value());
    return stakes == total_.value() ? "" : "sum of stakes";
}

}  // namespace astro::governance

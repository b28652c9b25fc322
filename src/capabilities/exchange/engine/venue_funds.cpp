#include <algorithm>

#include "capabilities/exchange/engine/venue.hpp"

/// The insurance fund's stakers, and the treasury.
namespace astro::exchange {

/// Brought to the present count; nullptr when there is none.
InsuranceStake* Venue::stake_of(AccountId account) {
    insurance_.rebase(pools_.insurance);
    const auto found = insurance_stakes_.find(account);
    if (found == insurance_stakes_.end()) return nullptr;
    insurance_.follow(found->second);
    return &found->second;
}

Quote Venue::insured(AccountId account) const {
    const auto found = insurance_stakes_.find(account);
    if (found == insurance_stakes_.end()) return Quote{0};
    InsuranceStake stake = found->second;
    insurance_.follow(stake);
    return insurance_.value_of(pools_.insurance, stake.shares);
}

void Venue::tell_stake(AccountId account, InsuranceAction action, Quote amount) {
    const auto found = insurance_stakes_.find(account);
    tell(InsuranceStakeChanged{account, action, amount, found->second, insurance_,
                               pools_.insurance});
    if (found->second.shares == 0) insurance_stakes_.erase(found);
}

Refusal Venue::on(const StakeInsurance& c) {
    const Amount amount{c.amount.value()};
    if (const auto refusal = check_amount(c.account, kUsdc, amount)) return refusal;
    if (pools_.insurance + c.amount > kNotionalMax)
        return {RefusalCode::bad_amount, (kNotionalMax - pools_.insurance).value(),
                c.amount.value()};
    const InsuranceStake* known = stake_of(c.account);
    if (known != nullptr && known->requested_at != TimeMs{0})
        return {RefusalCode::unstake_requested};
    if (!insurance_.can_stake(pools_.insurance)) return {RefusalCode::fund_drained};
    if (insurance_.shares_of(pools_.insurance, c.amount) == 0)
        return {RefusalCode::bad_amount, insurance_.value_of(pools_.insurance, 1).value() + 1,
                c.amount.value()};
    if (const auto refusal = check_outflow(c.account, kUsdc, amount)) return refusal;
    insurance_.stake(pools_.insurance, c.amount, insurance_stakes_[c.account]);
    pools_.insurance += c.amount;
    change_balance(c.account, kUsdc, Amount{0} - amount, BalanceReason::insurance_stake);
    touch(c.account);
    tell_stake(c.account, InsuranceAction::staked, c.amount);
    return {};
}

Refusal Venue::on(const RequestUnstakeInsurance& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    InsuranceStake* stake = stake_of(c.account);
    const std::int64_t shares = stake == nullptr ? 0 : stake->shares;
    if (c.shares <= 0) return {RefusalCode::bad_amount, 1, c.shares};
    if (c.shares > shares) return {RefusalCode::shares_insufficient, c.shares, shares};
    if (stake->requested_at != TimeMs{0}) return {RefusalCode::unstake_requested};
    insurance_.request(pools_.insurance, c.shares, now_, *stake);
    tell_stake(c.account, InsuranceAction::requested, stake->requested_value);
    return {};
}

Refusal Venue::on(const CancelUnstakeInsurance& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    InsuranceStake* stake = stake_of(c.account);
    if (stake == nullptr || stake->requested_at == TimeMs{0})
        return {RefusalCode::unstake_not_requested};
    const Quote frozen = stake->requested_value;
    insurance_.cancel(pools_.insurance, *stake);
    tell_stake(c.account, InsuranceAction::cancelled, frozen);
    return {};
}

Refusal Venue::on(const UnstakeInsurance& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    InsuranceStake* stake = stake_of(c.account);
    if (stake == nullptr || stake->requested_at == TimeMs{0})
        return {RefusalCode::unstake_not_requested};
    const TimeMs over{stake->requested_at.value() + settings_.insurance_cooldown_ms};
    if (now_ < over) return {RefusalCode::cooling_down, over.value(), now_.value()};
    const Quote paid = insurance_.unstake(pools_.insurance, *stake);
    pools_.insurance -= paid;
    change_balance(c.account, kUsdc, Amount{paid.value()}, BalanceReason::insurance_stake);
    tell_stake(c.account, InsuranceAction::unstaked, paid);
    return {};
}

/// The venue's part gets shares for what it brings; the stakers' part makes all shares worth more.
void Venue::add_revenue_shares(Quote own, Quote stakers) {
    insurance_.rebase(pools_.insurance);
    insurance_.add_own(pools_.insurance, own);
    pools_.insurance += own + stakers;
}

Refusal Venue::on(const PayTreasury& c) {
    if (is_governed()) return {RefusalCode::governed};
    if (const auto refusal = check(c)) return refusal;
    carry_out(c);
    return {};
}

Refusal Venue::check(const PayTreasury& c) const {
    const Amount amount{c.amount.value()};
    if (const auto refusal = check_amount(c.account, kUsdc, amount)) return refusal;
    if (c.amount > pools_.treasury)
        return {RefusalCode::treasury_insufficient, c.amount.value(), pools_.treasury.value()};
    return {};
}

void Venue::carry_out(const PayTreasury& c) {
    pools_.treasury -= c.amount;
    tell(TreasuryPaid{c.account, c.amount, pools_.treasury, c.reference});
    change_balance(c.account, kUsdc, Amount{c.amount.value()}, BalanceReason::treasury);
}

}  // namespace astro::exchange

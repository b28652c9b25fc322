#include <algorithm>

#include "capabilities/exchange/engine/venue.hpp"

/// Deposits and withdrawals.
///
///   request ─▶ held ──delay──▶ ready ─▶ sent ─▶ confirmed
///                └▶ needs_approval ┘      └▶ failed: back to the account
///   An operator rejects and an owner cancels what has not been sent.
namespace astro::exchange {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

bool is_printable(std::string_view text, std::size_t most) {
    return text.size() <= most &&
           std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_open_state(WithdrawalState state) {
    return state == WithdrawalState::held || state == WithdrawalState::needs_approval ||
           state == WithdrawalState::ready;
}

}  // namespace

Refusal Venue::on(const Deposit& c) {
    if (const auto refusal = check_amount(c.account, c.asset, c.amount)) return refusal;
    if (const auto refusal = deposit_log_.check(c.observation)) return refusal;
    const Amount together = deposited_[c.asset.value()] + c.amount;
    const Amount cap = assets_[c.asset.value()].settings.deposit_cap;
    if (together > cap)
        return {RefusalCode::deposit_cap, c.amount.value(),
                (cap - deposited_[c.asset.value()]).value()};
    deposited_[c.asset.value()] = together;
    if (c.observation.chain != Chain::none) {
        deposit_log_.add(c.observation);
        tell(DepositCredited{c.account, c.asset, c.amount, c.observation});
    }
    change_balance(c.account, c.asset, c.amount, BalanceReason::deposit);
    return {};
}

/// What leaves must be there: others may owe what this account has won or lent.
Refusal Venue::check_liquidity(AssetId asset, Amount amount) const {
    const HeldAsset& held = held_[asset.value()];
    const Amount staked{governance_asset() == asset ? governance_.held().value() : 0};
    const Amount there = deposited_[asset.value()] - held.pending - staked;
    if (amount > there)
        return {RefusalCode::liquidity_insufficient, amount.value(),
                std::max<std::int64_t>(there.value(), 0)};
    return {};
}

Refusal Venue::on(const Withdraw& c) {
    if (!settings_.instant_withdrawals) return {RefusalCode::withdrawals_by_request};
    if (const auto refusal = check_amount(c.account, c.asset, c.amount)) return refusal;
    if (const auto refusal = check_outflow(c.account, c.asset, c.amount, true)) return refusal;
    if (const auto refusal = check_liquidity(c.asset, c.amount)) return refusal;
    deposited_[c.asset.value()] -= c.amount;
    change_balance(c.account, c.asset, Amount{0} - c.amount, BalanceReason::withdrawal);
    touch(c.account);
    return {};
}

Quote Venue::value_of(AssetId asset, Amount amount) const {
    if (asset == kUsdc) return Quote{amount.value()};
    const Collateral& collateral = assets_[asset.value()];
    Int128 unit = 1;
    for (std::int64_t i = 0; i < collateral.settings.decimals; ++i) unit *= 10;
    const Int128 value =
        (static_cast<Int128>(amount.value()) * collateral.price.value() + unit - 1) / unit;
    return Quote{static_cast<std::int64_t>(std::min<Int128>(value, kNotionalMax.value()))};
}

/// When it may go, and whether somebody looks at it before.
void Venue::plan_delay(Withdrawal& w) const {
    const auto reaches = [&](Quote limit) { return limit > Quote{0} && w.value >= limit; };
    const std::int64_t delay = reaches(settings_.withdrawal_large_value)
                                   ? settings_.withdrawal_large_delay_ms
                                   : settings_.withdrawal_delay_ms;
    w.ready_at = TimeMs{now_.value() + delay};
    if (reaches(settings_.withdrawal_approval_value))
        w.state = WithdrawalState::needs_approval;
    else
        w.state = delay == 0 ? WithdrawalState::ready : WithdrawalState::held;
}

Refusal Venue::on(const RequestWithdrawal& c) {
    if (const auto refusal = check_amount(c->account, c->asset, c->amount)) return refusal;
    if (c->address.empty() || !is_printable(c->address, kAddressMax) ||
        !is_printable(c->memo, kMemoMax))
        return {RefusalCode::bad_amount, kAddressMax, static_cast<std::int64_t>(c->address.size())};
    Owner& owner = owner_states_[of(c->account).owner_index];
    if (owner.withdrawals_open >= kWithdrawalsOfOwnerMax || withdrawals_.size() >= kWithdrawalsMax)
        return {RefusalCode::too_many_withdrawals, kWithdrawalsOfOwnerMax};
    const Quote value = value_of(c->asset, c->amount);
    const std::int64_t day = now_.value() / kDayMs;
    const Quote today = owner.withdrawal_day == day ? owner.withdrawn : Quote{0};
    if (settings_.withdrawal_daily_max > Quote{0} && today + value > settings_.withdrawal_daily_max)
        return {RefusalCode::withdrawal_limit, value.value(),
                std::max<std::int64_t>((settings_.withdrawal_daily_max - today).value(), 0)};
    if (const auto refusal = check_outflow(c->account, c->asset, c->amount, true)) return refusal;
    if (const auto refusal = check_liquidity(c->asset, c->amount)) return refusal;

    owner.withdrawal_day = day;
    owner.withdrawn = today + value;
    ++owner.withdrawals_open;
    last_withdrawal_ = WithdrawalId{last_withdrawal_.value() + 1};
    Withdrawal w{.id = last_withdrawal_,
                 .account = c->account,
                 .asset = c->asset,
                 .amount = c->amount,
                 .value = value,
                 .chain = c->chain,
                 .address = c->address,
                 .memo = c->memo,
                 .requested = now_,
                 .day = day};
    plan_delay(w);
    held_[c->asset.value()].pending += c->amount;
    change_balance(c->account, c->asset, Amount{0} - c->amount, BalanceReason::withdrawal);
    touch(c->account);
    if (w.state == WithdrawalState::held) delayed_.emplace(w.ready_at, w.id);
    tell(WithdrawalChanged{withdrawals_.emplace(w.id, w).first->second, {}});
    return {};
}

void Venue::change_withdrawal(Withdrawal& w, WithdrawalState state,
                              const ChainTransaction& transaction) {
    if (w.state == WithdrawalState::held) delayed_.erase({w.ready_at, w.id});
    w.state = state;
    if (state == WithdrawalState::held) delayed_.emplace(w.ready_at, w.id);
    tell(WithdrawalChanged{w, transaction});
}

void Venue::end_withdrawal(WithdrawalId id, WithdrawalState state,
                           const ChainTransaction& transaction) {
    Withdrawal& w = withdrawals_.find(id)->second;
    change_withdrawal(w, state, transaction);
    Owner& owner = owner_states_[of(w.account).owner_index];
    --owner.withdrawals_open;
    held_[w.asset.value()].pending -= w.amount;
    if (state == WithdrawalState::confirmed) {
        deposited_[w.asset.value()] -= w.amount;
    } else {
        // What has not left does not count against the day's limit.
        if (owner.withdrawal_day == w.day) owner.withdrawn -= w.value;
        change_balance(w.account, w.asset, w.amount, BalanceReason::withdrawal_returned);
    }
    withdrawals_.erase(id);
}

Refusal Venue::on(const CancelWithdrawal& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    const auto found = withdrawals_.find(c.withdrawal);
    if (found == withdrawals_.end() || found->second.account != c.account)
        return {RefusalCode::withdrawal_unknown};
    if (!is_open_state(found->second.state))
        return {RefusalCode::withdrawal_state_refused, 0,
                static_cast<std::int64_t>(found->second.state)};
    end_withdrawal(c.withdrawal, WithdrawalState::cancelled);
    return {};
}

Refusal Venue::on(const DecideWithdrawal& c) {
    const auto found = withdrawals_.find(c.withdrawal);
    if (found == withdrawals_.end()) return {RefusalCode::withdrawal_unknown};
    Withdrawal& w = found->second;
    const bool possible =
        c.approved ? w.state == WithdrawalState::needs_approval : is_open_state(w.state);
    if (!possible)
        return {RefusalCode::withdrawal_state_refused, 0, static_cast<std::int64_t>(w.state)};
    if (!c.approved)
        end_withdrawal(c.withdrawal, WithdrawalState::rejected);
    else
        change_withdrawal(w, now_ < w.ready_at ? WithdrawalState::held : WithdrawalState::ready);
    return {};
}

Refusal Venue::on(const ReportWithdrawal& c) {
    const auto found = withdrawals_.find(c.withdrawal);
    if (found == withdrawals_.end()) return {RefusalCode::withdrawal_unknown};
    Withdrawal& w = found->second;
    const bool ready = w.state == WithdrawalState::ready, sent = w.state == WithdrawalState::sent;
    switch (c.state) {
        case WithdrawalState::sent:
            if (!ready) break;
            change_withdrawal(w, c.state, c.transaction);
            return {};
        case WithdrawalState::confirmed:
            if (!sent) break;
            end_withdrawal(c.withdrawal, c.state, c.transaction);
            return {};
        case WithdrawalState::failed:
            if (!ready && !sent) break;
            end_withdrawal(c.withdrawal, c.state, c.transaction);
            return {};
        default:
            break;
    }
    return {RefusalCode::withdrawal_state_refused, 0, static_cast<std::int64_t>(w.state)};
}

void Venue::release_withdrawals() {
    while (!delayed_.empty() && delayed_.begin()->first <= now_)
        change_withdrawal(withdrawals_.find(delayed_.begin()->second)->second,
                          WithdrawalState::ready);
}

}  // namespace astro::exchange

#include <algorithm>

#include "capabilities/exchange/engine/venue.hpp"

/// What is lent and borrowed among accounts.
namespace astro::exchange {

/// Moves the running sums to the present second; what they now say of debts is looked at.
void Venue::accrue_interest() {
    const std::int64_t second = now_.value() / 1'000;
    if (second == interest_second_) return;
    interest_second_ = second;
    bool owed = false;
    for (std::uint8_t i = 0; i < assets_.size(); ++i) {
        Collateral& asset = assets_[i];
        if (!asset.settings.borrow_enabled) continue;
        owed |= asset.interest.charged > 0 && asset.interest.second < second;
        give_fund(AssetId{i}, asset.interest.accrue(asset.settings, second));
    }
    if (!owed) return;
    for (const AccountId account : borrowers_) touch(account);
    if (!markets_.empty()) note_priced(MarketId{0});
}

/// Of an asset, whole units that are the insurance fund's.
void Venue::give_fund(AssetId asset, Amount amount) {
    if (amount == Amount{0}) return;
    if (asset == kUsdc)
        pools_.insurance += Quote{amount.value()};
    else
        fund_assets_[asset.value()] += amount;
    tell(InterestShared{asset, amount});
}

/// What the balance has earned or owes becomes part of it.
void Venue::book_interest(AccountId id, AssetId asset_id) {
    Account& account = of(id);
    Collateral& asset = assets_[asset_id.value()];
    Amount& balance = account.balances[asset_id.value()];
    const InterestMark* mark = account.interest_mark(asset_id);
    if (mark == nullptr || balance == Amount{0}) return;
    const Int128 exact = interest_exact(asset.settings, asset.interest, balance, mark->index);
    if (exact == 0) return;
    const Amount due = interest_due(asset.settings, asset.interest, balance, mark->index);
    const Amount before = balance;
    balance += due;
    mark_interest(id, asset_id, before);
    give_fund(asset_id, asset.interest.settle(due, exact));
    tell(BalanceChanged{id, asset_id, due, balance, BalanceReason::interest});
}

/// After a balance has changed: it has paid until now, and counts in the sums.
void Venue::mark_interest(AccountId id, AssetId asset_id, Amount before) {
    Account& account = of(id);
    Collateral& asset = assets_[asset_id.value()];
    const Amount balance = account.balances[asset_id.value()];
    asset.interest.replace(before, balance, asset.settings.interest_free);
    const Int128 index =
        balance > Amount{0} ? asset.interest.deposit_index : asset.interest.borrow_index;
    const auto mark = std::ranges::find(account.interest, asset_id, &InterestMark::asset);
    if (mark != account.interest.end())
        mark->index = index;
    else
        account.interest.push_back({asset_id, index});
    if ((balance < Amount{0}) != (before < Amount{0})) list_borrower(id);
}

/// Whether it owes anything that bears interest.
void Venue::list_borrower(AccountId id) {
    const Account& account = of(id);
    for (std::size_t i = 0; i < assets_.size(); ++i)
        if (assets_[i].settings.borrow_enabled && account.balances[i] < Amount{0}) {
            borrowers_.insert(id);
            return;
        }
    borrowers_.erase(id);
}

/// Settings of interest hold from now on: all is booked by the old ones and counted anew.
void Venue::change_asset(AssetId id, const AssetSettings& settings) {
    Collateral& asset = assets_[id.value()];
    const bool was_enabled = asset.settings.borrow_enabled;
    if (was_enabled) {
        give_fund(id, asset.interest.accrue(asset.settings, now_.value() / 1'000));
        for (std::uint32_t a = 0; a < accounts_.size(); ++a) book_interest(AccountId{a}, id);
    }
    asset.settings = settings;
    Interest& interest = asset.interest;
    interest.deposits = interest.borrows = interest.charged = 0;
    interest.second = now_.value() / 1'000;
    for (std::uint32_t a = 0; a < accounts_.size(); ++a) {
        Account& account = accounts_[a];
        std::erase_if(account.interest, [&](const auto& mark) { return mark.asset == id; });
        if (settings.borrow_enabled && account.balances[id.value()] != Amount{0})
            mark_interest(AccountId{a}, id, Amount{0});
        // Weights may have changed too.
        if (account.balances[id.value()] != Amount{0} &&
            (account.positions.size() > 0 || account.has_debt()))
            touch(AccountId{a});
    }
    for (std::uint32_t a = 0; a < accounts_.size(); ++a) list_borrower(AccountId{a});
    if (!markets_.empty()) note_priced(MarketId{0});
}

/// Of the account and of the venue: a part of the deposits is never lent.
Refusal Venue::check_borrowing(const Collateral& asset, Amount have, Amount amount) const {
    const AssetSettings& s = asset.settings;
    const Int128 owed = static_cast<Int128>(amount.value()) - have.value();
    if (owed > s.borrow_account_max.value())
        return {RefusalCode::borrow_limit, formulas::saturate64(owed),
                s.borrow_account_max.value()};
    const std::int64_t own = std::max<std::int64_t>(have.value(), 0);
    const Int128 deposits = asset.interest.deposits - own;
    const Int128 borrows = asset.interest.borrows + amount.value() - own;
    const Int128 most = deposits * s.borrow_utilization_max_ppm / 1'000'000;
    if (borrows > most)
        return {RefusalCode::borrow_limit, amount.value() - own,
                formulas::saturate64(std::max<Int128>(most - asset.interest.borrows, 0))};
    return {};
}

Refusal Venue::on(const SettleInterest& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    for (std::uint8_t i = 0; i < assets_.size(); ++i)
        if (assets_[i].settings.borrow_enabled) book_interest(c.account, AssetId{i});
    return {};
}

}  // namespace astro::exchange

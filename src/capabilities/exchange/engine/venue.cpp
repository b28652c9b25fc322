#include "capabilities/exchange/engine/venue.hpp"

#include <algorithm>

namespace astro::exchange {
namespace {

constexpr std::int64_t kAmountMax = std::int64_t{1} << 60;

}  // namespace

void Venue::apply(TimeMs time, const CommandBody& command, Events& events) {
    ASTRO_ASSERT(time >= now_);
    events_ = &events;
    now_ = time;
    if (now_.value() / 86'400'000 != day_) begin_day();
    let_time_pass();
    settle();
    const Refusal refusal = std::visit([this](const auto& c) { return on(c); }, command);
    settle();
    if (!refusal) return;
    Refused told{.refusal = refusal, .item = std::exchange(refused_item_, std::nullopt)};
    std::visit(
        [&told](const auto& c) {
            if constexpr (requires { c.account; }) told.account = c.account;
            if constexpr (requires { c.client_id; }) told.client_id = c.client_id;
            if constexpr (requires { c->account; }) told.account = c->account;
            if constexpr (requires { c->order.account; }) told.account = c->order.account;
            if constexpr (requires { c->entry.account; }) told.account = c->entry.account;
        },
        command);
    tell(told);
}

void Venue::prefetch(const CommandBody& command, int step, MetAhead& met) const {
    if (const auto* place = std::get_if<PlaceOrder>(&command))
        prefetch(*place, step, met);
    else if (const auto* gone = std::get_if<CancelOrder>(&command))
        prefetch(*gone, step);
}

void Venue::prefetch(const PlaceOrder& order, int step, MetAhead& met) const {
    if (!has(order.account) || order.market.value() >= markets_.size()) return;
    if (step == 0) return of(order.account).prefetch();
    if (step == 1) of(order.account).prefetch(order.market, order.leg);
    const Market& market = markets_[order.market.value()];
    if (order.price < Price{0} || order.price > market.settings.price_max) return;
    const std::int64_t ticks = market.ticks(order.price);
    const PriceLevel* level = market.book.peek(order.side, ticks);
    const PriceLevel* best = market.book.peek_best(opposite(order.side), ticks);
    if (step == 1) {
        prefetch_line(level);
        prefetch_line(best);
    } else if (best != nullptr) {
        met = {.maker = best->head, .left = static_cast<std::int64_t>(market.lots(order.size))};
        prefetch_order(best->head);
    } else if (level != nullptr && level->tail < infos_.size()) {
        prefetch_line(&orders_[level->tail]);
    }
}

void Venue::prefetch_next(MetAhead& met) const {
    if (met.before < infos_.size()) prefetch_maker(met.before);
    met.before = std::exchange(met.maker, kNoOrder);
    if (met.before >= infos_.size() || met.left <= 0) return;
    const RestingOrder& order = orders_[met.before];
    of(AccountId{order.owner}).prefetch();
    met.left -= static_cast<std::int64_t>(order.quantity);
    met.maker = order.next;
    if (met.maker == kNoOrder && met.left > 0)
        if (const PriceLevel* worse = markets_[BareBook::book_of(order)].book.peek_worse(
                BareBook::side_of(order), order.price))
            met.maker = worse->head;
    prefetch_order(met.maker);
}

void Venue::prefetch(const CancelOrder& order, int step) const {
    if (!has(order.account)) return;
    if (step == 0) {
        of(order.account).prefetch();
        return prefetch_order(slot_in(order.order));
    }
    const OrderSlot slot = slot_of(order.order);
    if (slot == kNoOrder || step > 2) return;
    const RestingOrder& resting = orders_[slot];
    if (step == 1) return prefetch_maker(slot);
    prefetch_line(
        markets_[BareBook::book_of(resting)].book.peek(BareBook::side_of(resting), resting.price));
    if (resting.next != kNoOrder) prefetch_line(&orders_[resting.next]);
    if (resting.previous != kNoOrder) prefetch_line(&orders_[resting.previous]);
}

/// What a trade changes of the maker's; waits for his order and his account.
void Venue::prefetch_maker(OrderSlot slot) const {
    const RestingOrder& order = orders_[slot];
    of(AccountId{order.owner})
        .prefetch(MarketId{static_cast<std::uint16_t>(BareBook::book_of(order))}, infos_[slot].leg);
}

Refusal Venue::on(const SetMarket& c) {
    if (is_governed(c)) return {RefusalCode::governed};
    if (const auto refusal = check(c)) return refusal;
    carry_out(c);
    return {};
}

Refusal Venue::check(const SetMarket& c) const {
    if (!check_market(*c.settings)) return {RefusalCode::bad_amount};
    const auto found = std::ranges::find(
        markets_, c.settings->symbol, [](const Market& market) { return market.settings.symbol; });
    const std::int64_t in_force = found == markets_.end() ? 0 : found->settings.version;
    if (c.changes && *c.changes != in_force)
        return {RefusalCode::market_changed, in_force, *c.changes};
    if (found == markets_.end())
        return markets_.size() == kListedMax ? Refusal{RefusalCode::bad_amount, kListedMax}
                                             : Refusal{};
    if (found->settings.tick_size != c.settings->tick_size ||
        found->settings.lot_size != c.settings->lot_size)
        return {RefusalCode::positions_open};
    return check_change(*found, *c.settings);
}

void Venue::carry_out(const SetMarket& c) {
    const auto found = std::ranges::find(
        markets_, c.settings->symbol, [](const Market& market) { return market.settings.symbol; });
    const auto id = MarketId{static_cast<std::uint16_t>(found - markets_.begin())};
    if (found == markets_.end()) {
        markets_.emplace_back(*c.settings, orders_, id.value());
    } else {
        const MarketState was = std::exchange(found->settings, *c.settings).state;
        found->judged = TimeMs{-1};
        if (found->funding.next_sample != TimeMs{0}) schedule_sampling(id);
        for (std::uint32_t a = 0; a < accounts_.size(); ++a)
            if (accounts_[a].positions.size() > 0) touch(AccountId{a});
        note_priced(id);
        ++epoch_;
        tell(MarketSet{id, c.settings});
        change_state(id, was);
        return;
    }
    ++epoch_;
    tell(MarketSet{id, c.settings});
}

Refusal Venue::on(const SetAsset& c) {
    if (is_governed()) return {RefusalCode::governed};
    if (const auto refusal = check(c)) return refusal;
    carry_out(c);
    return {};
}

Refusal Venue::check(const SetAsset& c) const {
    const auto found = std::ranges::find(
        assets_, c.settings->symbol, [](const Collateral& asset) { return asset.settings.symbol; });
    const auto id = AssetId{static_cast<std::uint8_t>(found - assets_.begin())};
    if (!check_asset(*c.settings)) return {RefusalCode::bad_amount};
    if (id == kUsdc && (c.settings->symbol != "USDC" || c.settings->decimals != 6 ||
                        c.settings->initial_weight_bps != 10'000))
        return {RefusalCode::bad_amount};
    if (c.settings->symbol == kGovernanceAsset &&
        c.settings->decimals != governance::PowerTag::kDecimals)
        return {RefusalCode::bad_amount};
    if (found == assets_.end())
        return {assets_.size() == kAssetsMax ? RefusalCode::bad_amount : RefusalCode::none};
    if (found->settings.decimals != c.settings->decimals) return {RefusalCode::positions_open};
    return {};
}

void Venue::carry_out(const SetAsset& c) {
    const auto found = std::ranges::find(
        assets_, c.settings->symbol, [](const Collateral& asset) { return asset.settings.symbol; });
    const auto id = AssetId{static_cast<std::uint8_t>(found - assets_.begin())};
    if (found == assets_.end()) {
        assets_.push_back({*c.settings, id == kUsdc ? Price{kQuoteUnit} : Price{0}});
        deposited_.emplace_back();
        fund_assets_.emplace_back();
        held_.emplace_back();
    } else {
        change_asset(id, *c.settings);
    }
    tell(AssetSet{id, c.settings});
}

Refusal Venue::on(const OpenAccount& c) {
    if (c.isolated && c.isolated->value() >= markets_.size()) return {RefusalCode::market_unknown};
    const AccountId id{static_cast<std::uint32_t>(accounts_.size())};
    Account& account = accounts_.emplace_back();
    account.owner = c.owner;
    join_owner(id, account);
    account.isolated = c.isolated;
    tell(AccountOpened{id, c.owner, c.isolated});
    return {};
}

void Venue::join_owner(AccountId id, Account& account) {
    const auto [owner, is_new] = owners_.emplace(account.owner, id.value());
    account.owner_number = owner->second;
    account.owner_index = is_new ? static_cast<std::uint32_t>(owner_states_.size())
                                 : of(AccountId{owner->second}).owner_index;
    if (is_new) owner_states_.emplace_back();
    owner_states_[account.owner_index].accounts.push_back(id);
}

Refusal Venue::check_amount(AccountId account, AssetId asset, Amount amount) const {
    if (!has(account)) return {RefusalCode::account_unknown};
    if (asset.value() >= assets_.size()) return {RefusalCode::asset_unknown};
    if (amount <= Amount{0} || amount > Amount{kAmountMax}) return {RefusalCode::bad_amount};
    return {};
}

/// What leaves an account must be there, or may be borrowed, and not be needed as margin.
Refusal Venue::check_outflow(AccountId id, AssetId asset, Amount amount, bool may_borrow) {
    const Account& account = of(id);
    const Collateral& collateral = assets_[asset.value()];
    const Amount have = balance_now(collateral, asset, account);
    if (have < amount) {
        if (!may_borrow || !collateral.settings.borrow_enabled)
            return {RefusalCode::balance_insufficient, amount.value(),
                    std::max<std::int64_t>(have.value(), 0)};
        if (const auto refusal = check_borrowing(collateral, have, amount)) return refusal;
    }
    const std::int64_t before = health_of(margin_context(), account, MarginKind::initial).free();
    const std::int64_t after = before -
                               balance_value(collateral, asset, have, MarginKind::initial) +
                               balance_value(collateral, asset, have - amount, MarginKind::initial);
    if (after < 0 && after < before)
        return {RefusalCode::margin_insufficient, before - after,
                std::max<std::int64_t>(before, 0)};
    return {};
}

Refusal Venue::on(const Transfer& c) {
    if (const auto refusal = check_amount(c.from, c.asset, c.amount)) return refusal;
    if (!has(c.to) || c.to == c.from || of(c.to).owner != of(c.from).owner)
        return {RefusalCode::account_unknown};
    if (const auto refusal = check_outflow(c.from, c.asset, c.amount, true)) return refusal;
    change_balance(c.from, c.asset, Amount{-c.amount.value()}, BalanceReason::transfer);
    touch(c.from);
    change_balance(c.to, c.asset, c.amount, BalanceReason::transfer);
    return {};
}

void Venue::count_margin(Account& account) {
    MarginSums& sums = account.sums;
    if (sums.epoch == epoch_) return;
    sums = {.epoch = epoch_};
    for (auto& position : account.positions) {
        const Market& market = markets_[position.market.value()];
        position.counted_unrealized = unrealized_of(market, position, MarginKind::initial);
        position.counted_requirement = requirement_of(market, position, MarginKind::initial);
        sums.unrealized += position.counted_unrealized;
        sums.requirement += position.counted_requirement;
    }
}

void Venue::recount(Account& account, Position& position) {
    MarginSums& sums = account.sums;
    if (sums.epoch != epoch_) return;  // all of it will be counted when it is asked for
    const Market& market = markets_[position.market.value()];
    sums.unrealized -= position.counted_unrealized;
    sums.requirement -= position.counted_requirement;
    position.counted_unrealized = unrealized_of(market, position, MarginKind::initial);
    position.counted_requirement = requirement_of(market, position, MarginKind::initial);
    sums.unrealized += position.counted_unrealized;
    sums.requirement += position.counted_requirement;
}

void Venue::change_balance(AccountId account, AssetId asset, Amount change, BalanceReason reason) {
    const bool bears = assets_[asset.value()].settings.borrow_enabled;
    if (bears) book_interest(account, asset);
    Amount& balance = of(account).balances[asset.value()];
    const Amount before = balance;
    balance += change;
    if (bears) mark_interest(account, asset, before);
    tell(BalanceChanged{account, asset, change, balance, reason});
}

Refusal Venue::on(const SetLeverage& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (c.market.value() >= markets_.size()) return {RefusalCode::market_unknown};
    if (c.initial_margin_bps < 0 || c.initial_margin_bps > 10'000)
        return {RefusalCode::bad_amount, 10'000, c.initial_margin_bps};
    Account& account = of(c.account);
    const Position* known = account.find(c.market, Leg::net);
    if (known == nullptr && account.positions.size() == kPositionsMax)
        return {RefusalCode::too_many_positions, kPositionsMax};
    Position wanted = known != nullptr ? *known : Position{.market = c.market};
    wanted.own_margin_bps = static_cast<std::uint16_t>(c.initial_margin_bps);
    const std::int64_t before = health_of(margin_context(), account, MarginKind::initial).free();
    const std::int64_t after =
        health_of(margin_context(), account, MarginKind::initial, &wanted).free();
    if (after < 0 && after < before)
        return {RefusalCode::margin_insufficient, before - after,
                std::max<std::int64_t>(before, 0)};
    Position& position = position_at(c.account, c.market, Leg::net);
    position.own_margin_bps = static_cast<std::uint16_t>(c.initial_margin_bps);
    recount(account, position);
    drop_if_idle(c.account, c.market, Leg::net);
    tell(LeverageSet{c.account, c.market, c.initial_margin_bps});
    return {};
}

Refusal Venue::on(const SetAssetPrice& c) {
    if (c.asset.value() >= assets_.size() || c.asset == kUsdc) return {RefusalCode::asset_unknown};
    if (c.price <= Price{0} || c.price > kPriceMax)
        return {RefusalCode::price_out_of_range, kPriceMax.value(), c.price.value()};
    const Price before = std::exchange(assets_[c.asset.value()].price, c.price);
    // Few hold other collateral; those are looked at for whom it has become worse.
    bool worse = false;
    for (std::uint32_t a = 0; c.price != before && a < accounts_.size(); ++a) {
        const Amount balance = accounts_[a].balances[c.asset.value()];
        const bool hurts = c.price < before ? balance > Amount{0} : balance < Amount{0};
        if (!hurts || (accounts_[a].positions.size() == 0 && !accounts_[a].has_debt())) continue;
        touch(AccountId{a});
        worse = true;
    }
    if (worse && !markets_.empty()) note_priced(MarketId{0});
    tell(AssetPriceSet{c.asset, c.price});
    return {};
}

Refusal Venue::on(const Tick&) {
    return {};
}

std::optional<TimeMs> Venue::next_due() const {
    std::optional<TimeMs> due;
    const auto consider = [&due](const auto& times) {
        if (!times.empty() && (!due || times.begin()->first < *due)) due = times.begin()->first;
    };
    consider(sampling_);
    consider(expiring_);
    consider(dead_men_);
    consider(delayed_);
    if (next_revenue_ != TimeMs{0} && (!due || next_revenue_ < *due)) due = next_revenue_;
    // An auction is over after its last moment.
    if (!auction_ends_.empty())
        if (const TimeMs over{auction_ends_.begin()->first.value() + 1}; !due || over < *due)
            due = over;
    if (const auto vote = governance_.next_due(); vote && (!due || *vote < *due)) due = vote;
    return due;
}

void Venue::let_time_pass() {
    if (governance_.is_due(now_)) run_votes();
    accrue_interest();
    run_sampling();
    release_withdrawals();
    split_revenue();
    while (!expiring_.empty() && expiring_.begin()->first <= now_)
        cancel(slot_in(expiring_.begin()->second), CloseReason::expired);
    while (!dead_men_.empty() && dead_men_.begin()->first <= now_) {
        const AccountId account = dead_men_.begin()->second;
        dead_men_.erase(dead_men_.begin());
        of(account).dead_man = TimeMs{0};
        cancel_all(account, {}, {}, CloseReason::dead_man);
        tell(DeadManSet{account, TimeMs{0}});
    }
    // After their last moment, not in it.
    while (!auction_ends_.empty() && auction_ends_.begin()->first < now_)
        finish_auction(auction_ends_.begin()->second);
}

Refusal Venue::on(const SetDeadMan& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    if (c.at != TimeMs{0} && c.at <= now_)
        return {RefusalCode::expiry_passed, now_.value(), c.at.value()};
    TimeMs& at = of(c.account).dead_man;
    if (at != TimeMs{0}) dead_men_.erase({at, c.account});
    at = c.at;
    if (at != TimeMs{0}) dead_men_.emplace(at, c.account);
    tell(DeadManSet{c.account, at});
    return {};
}

}  // namespace astro::exchange

#include <algorithm>
#include <map>

#include "capabilities/exchange/engine/venue.hpp"

/// Counting anew what is kept twice.
namespace astro::exchange {
namespace {

struct Sums {
    Base open_buy, open_sell;
    Quote adverse_buy, adverse_sell;
    std::uint32_t reduce_orders = 0;
};

}  // namespace

std::string Venue::audit() const {
    const auto wrong = [](std::string_view what, auto id) {
        return std::string(what) + " of " + std::to_string(id);
    };
    std::vector<Int128> sizes(markets_.size()), longs(markets_.size());
    Int128 money = pools_.fees.value() + pools_.insurance.value() + pools_.treasury.value() +
                   pools_.funding.value() + pools_.uncovered.value();
    std::vector<Int128> together(assets_.size());
    std::size_t orders = 0;
    for (std::uint32_t a = 0; a < accounts_.size(); ++a) {
        const Account& account = accounts_[a];
        std::map<std::pair<MarketId, Leg>, Sums> sums;
        std::uint32_t count = 0;
        for (const OrderSlot slot : account.orders) {
            const OrderView order = view(slot);
            if (slot_of(order.order) != slot) return wrong("index", a);
            if (order.account != AccountId{a}) return wrong("owner", a);
            if (order.open <= Base{0} || order.open > order.size || order.shown <= Base{0})
                return wrong("open size", a);
            if (!order.client_id.empty() &&
                client_ids_.find(AccountId{a}, order.client_id) != order.order)
                return wrong("client id", a);
            Sums& sum = sums[{order.market, order.leg}];
            ++count;
            if (order.reduce_only) {
                ++sum.reduce_orders;
                continue;
            }
            const bool buys = order.side == Side::buy;
            (buys ? sum.open_buy : sum.open_sell) += order.open;
            (buys ? sum.adverse_buy : sum.adverse_sell) += infos_[slot].adverse;
        }
        if (count != account.orders.size()) return wrong("order count", a);
        orders += count;
        count = 0;
        for (const auto& [id, auction] : auctions_) {
            if (auction.account != AccountId{a}) continue;
            ++count;
            Sums& sum = sums[{auction.market, auction.leg}];
            if (auction.reduces) {
                ++sum.reduce_orders;
                continue;
            }
            const bool buys = auction.side == Side::buy;
            (buys ? sum.open_buy : sum.open_sell) +=
                markets_[auction.market.value()].size(auction.lots);
            (buys ? sum.adverse_buy : sum.adverse_sell) += auction.adverse;
        }
        if (count != account.auctions) return wrong("auctions", a);
        orders += count;
        for (const auto& p : account.positions) {
            const Sums sum = sums[{p.market, p.leg}];
            sums.erase({p.market, p.leg});
            if (p.is_idle()) return wrong("idle position", a);
            if (sum.open_buy != p.open_buy || sum.open_sell != p.open_sell ||
                sum.adverse_buy != p.adverse_buy || sum.adverse_sell != p.adverse_sell ||
                sum.reduce_orders != p.reduce_orders)
                return wrong("open sums", a);
            if ((p.leg == Leg::long_leg && p.size < Base{0}) ||
                (p.leg == Leg::short_leg && p.size > Base{0}))
                return wrong("leg", a);
            sizes[p.market.value()] += p.size.value();
            longs[p.market.value()] += std::max<std::int64_t>(p.size.value(), 0);
            money += p.entry_quote.value();
        }
        if (!sums.empty()) return wrong("orders without a position", a);
        const Health health = health_of(margin_context(), account, MarginKind::initial);
        const std::int64_t assets = asset_value(assets_, account, MarginKind::initial);
        if (account.sums.epoch == epoch_ && (account.sums.requirement != health.requirement ||
                                             account.sums.unrealized != health.collateral - assets))
            return wrong("margin sums", a);
        const bool judged = std::ranges::all_of(account.positions, [this](const Position& p) {
            return p.size == Base{0} || may(markets_[p.market.value()], OracleAction::liquidate);
        });
        if (!account.is_touched && judged &&
            health_of(margin_context(), account, MarginKind::maintenance).free() < 0)
            return wrong("nobody looks at the margin", a);
        money += account.usdc().value();
        for (std::size_t i = 0; i < assets_.size(); ++i) together[i] += account.balances[i].value();
    }
    if (orders != orders_.live()) return "orders that are nobody's";
    if (auto wrong_votes = governance_.audit(); !wrong_votes.empty()) return wrong_votes;
    if (propositions_.size() != governance_.proposals().size()) return "proposals";
    if (const auto voting = governance_asset())
        together[voting->value()] += governance_.held().value();
    else if (governance_.held() != governance::Power{0})
        return "stakes of nothing";
    for (std::size_t i = 1; i < assets_.size(); ++i)
        if (together[i] + fund_assets_[i].value() + held_[i].pending.value() +
                assets_[i].interest.pool.value() !=
            deposited_[i].value())
            return wrong("deposits", i);
    if (!assets_.empty() && money + held_[0].pending.value() + assets_[0].interest.pool.value() !=
                                deposited_[0].value())
        return "money is lost or made";
    if (auto fault = audit_funds(); !fault.empty()) return fault;
    if (auto fault = audit_interest(); !fault.empty()) return fault;
    for (std::size_t m = 0; m < markets_.size(); ++m) {
        if (sizes[m] != 0) return wrong("longs and shorts", m);
        if (longs[m] != markets_[m].open_interest.value()) return wrong("open interest", m);
        auto& book = const_cast<BareBook&>(markets_[m].book);
        const auto bid = book.best(Side::buy), ask = book.best(Side::sell);
        if (bid && ask && *bid >= *ask && markets_[m].settings.state != MarketState::pre_open)
            return wrong("crossed book", m);
    }
    const std::string wrong_peg = audit_pegs();
    return wrong_peg.empty() ? audit_auctions() : wrong_peg;
}

/// What is lent and borrowed, and who owes it.
std::string Venue::audit_interest() const {
    for (std::uint8_t i = 0; i < assets_.size(); ++i) {
        const Collateral& asset = assets_[i];
        if (!asset.settings.borrow_enabled) continue;
        Interest sums;
        for (std::uint32_t a = 0; a < accounts_.size(); ++a) {
            const Amount balance = accounts_[a].balances[i];
            sums.replace(Amount{0}, balance, asset.settings.interest_free);
            if (balance != Amount{0} && accounts_[a].interest_mark(AssetId{i}) == nullptr)
                return "interest of account " + std::to_string(a);
            if (balance < Amount{0} && !borrowers_.contains(AccountId{a}))
                return "a borrower " + std::to_string(a);
        }
        if (sums.deposits != asset.interest.deposits || sums.borrows != asset.interest.borrows ||
            sums.charged != asset.interest.charged)
            return "what is lent of asset " + std::to_string(i);
    }
    return {};
}

/// Shares, stakes, withdrawals and builders, each against what they are sums of.
std::string Venue::audit_funds() const {
    if (pools_.insurance < Quote{0} || pools_.treasury < Quote{0} || pools_.fees < Quote{0})
        return "a pool is below zero";
    Int128 shares = 0;
    for (const auto& [account, stake] : insurance_stakes_) {
        InsuranceStake now = stake;
        insurance_.follow(now);
        if (now.requested > now.shares || now.shares < 0) return "a stake in the insurance fund";
        shares += now.shares;
    }
    if (shares > insurance_.users || insurance_.users > insurance_.total)
        return "shares of the insurance fund";
    std::vector<Int128> pending(assets_.size());
    std::map<std::uint32_t, std::uint32_t> open;
    for (const auto& [id, w] : withdrawals_) {
        pending[w.asset.value()] += w.amount.value();
        ++open[of(w.account).owner_index];
        if ((w.state == WithdrawalState::held) != delayed_.contains({w.ready_at, id}))
            return "a withdrawal's delay";
    }
    std::vector<governance::Power> staked(owner_states_.size());
    for (const auto& [voter, stake] : governance_.stakes().voters())
        staked[accounts_[voter.value()].owner_index] += stake.stake;
    for (std::uint32_t o = 0; o < owner_states_.size(); ++o) {
        if (owner_states_[o].withdrawals_open != open[o]) return "an owner's withdrawals";
        if (owner_states_[o].staked != staked[o]) return "an owner's stake";
    }
    for (std::size_t i = 0; i < assets_.size(); ++i)
        if (pending[i] != held_[i].pending.value())
            return "what is held of asset " + std::to_string(i);
    std::size_t builders = 0;
    for (const auto& account : accounts_)
        for (const OrderSlot slot : account.orders)
            if (infos_[slot].has_builder && ++builders > 0 &&
                !builder_fees_.contains(infos_[slot].id))
                return "an order's builder";
    if (builders != builder_fees_.size()) return "builders of orders that are no more";
    return {};
}

}  // namespace astro::exchange

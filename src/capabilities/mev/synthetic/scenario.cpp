#include "capabilities/mev/synthetic/scenario.hpp"

#include <algorithm>

#include "chains/solana/programs.hpp"

namespace astro::mev::synthetic {
namespace {

constexpr std::uint64_t kLamportsPerSignature = 5'000;

std::uint64_t fee_of(const Sending& s) {
    return kLamportsPerSignature * (s.cosigner ? 2 : 1) + s.priority_lamports;
}

}  // namespace

Manner random_manner(Random& random) {
    Manner m;
    m.logs = random.chance(80);
    m.stack_heights = random.chance(90);
    m.lookup_table = random.chance(40);
    m.checked_transfers = random.chance(40);
    m.fee_in_transfer = random.chance(50);
    return m;
}

std::uint64_t Plan::held(const Pubkey& wallet) const {
    const auto it = held_.find(wallet);
    return it == held_.end() ? 0 : it->second;
}

Plan::Action& Plan::add(Kind kind, Role role, const Pubkey& wallet) {
    auto& action = actions_.emplace_back();
    action.kind = kind;
    action.role = role;
    action.slot = slot_;
    action.wallet = wallet;
    action.manner = random_manner(world_.random());
    return action;
}

void Plan::trade(Role role, const Pubkey& wallet, bool buys, std::uint64_t sent, Sending sending) {
    auto trial = pool_;
    const auto fill = trial.trade(buys, sent);
    if (!fill) {
        possible_ = false;
        return;
    }
    auto& action = add(Kind::trade, role, wallet);
    action.peer = sending.receiver.value_or(wallet);
    action.fill = *fill;
    action.sending = std::move(sending);
    if (action.sending.failed) return;
    pool_ = trial;
    if (buys)
        held_[action.peer] += fill->got;
    else
        held_[wallet] -= std::min(held_[wallet], fill->sent);
    if (role == Role::front || role == Role::back) profit_ += quote_change(pool_.kind(), *fill);
}

void Plan::buy(Role role, const Pubkey& wallet, std::uint64_t quote, Sending sending) {
    trade(role, wallet, true, quote, std::move(sending));
}

void Plan::sell(Role role, const Pubkey& wallet, std::uint64_t base, Sending sending) {
    trade(role, wallet, false, base, std::move(sending));
}

void Plan::buy_back(Role role, const Pubkey& wallet, std::uint64_t base, Sending sending) {
    std::uint64_t low = 0, high = pool_.depth() * 4;
    while (high - low > 1) {
        const auto middle = low + (high - low) / 2;
        auto trial = pool_;
        const auto fill = trial.trade(true, middle);
        const bool enough = !fill ? middle > pool_.depth() / 1'000 : fill->got >= base;
        (enough ? high : low) = middle;
    }
    trade(role, wallet, true, high, std::move(sending));
}

void Plan::send_tokens(const Pubkey& from, const Pubkey& to, std::uint64_t amount) {
    auto& action = add(Kind::tokens, Role::other, from);
    action.peer = to;
    action.amount = amount;
    held_[from] -= std::min(held_[from], amount);
    held_[to] += amount - pool_.base().withheld(amount);
}

void Plan::send_sol(const Pubkey& from, const Pubkey& to, std::uint64_t lamports) {
    auto& action = add(Kind::sol, Role::other, from);
    action.peer = to;
    action.amount = lamports;
}

void Plan::arbitrage(const Pubkey& wallet, Pool& other, std::uint64_t quote) {
    auto trial = pool_, there = other;
    const auto bought = trial.trade(true, quote);
    const auto sold = bought ? there.trade(false, bought->got) : std::nullopt;
    if (!sold) {
        possible_ = false;
        return;
    }
    auto& action = add(Kind::arbitrage, Role::other, wallet);
    action.fill = *bought;
    action.second = *sold;
    action.other_pool = other;
    pool_ = trial;
    other = there;
}

std::uint64_t Plan::costs() const {
    std::uint64_t sum = 0;
    for (const auto& a : actions_)
        if (a.role == Role::front || a.role == Role::back)
            sum += fee_of(a.sending) + a.sending.tip_lamports;
    return sum;
}

void Plan::supply(const Pubkey& wallet, const Token& token, std::uint64_t amount) {
    const auto account = world_.token_account(wallet, token);
    const auto has = world_.at(account).amount;
    if (has < amount) world_.grant(account, amount - has);
}

WrittenTransaction Plan::write_action(const Action& a) {
    auto& random = world_.random();
    constexpr std::uint64_t kEnoughLamports = 3'000'000'000;
    if (world_.at(a.wallet).lamports < kEnoughLamports + a.amount + a.fill.sent)
        world_.grant(a.wallet, kEnoughLamports + a.amount + a.fill.sent);
    const bool spends_sol_itself = pool_.kind() == PoolKind::pumpfun;
    if (a.kind == Kind::trade || a.kind == Kind::arbitrage) {
        if (!a.fill.buys)
            supply(a.wallet, pool_.base(), a.fill.sent);
        else if (!spends_sol_itself)
            supply(a.wallet, pool_.quote(), a.fill.sent + a.fill.beside);
    }
    if (a.kind == Kind::tokens) supply(a.wallet, pool_.base(), a.amount);

    TransactionWriter tx(world_, a.wallet, a.manner);
    if (a.sending.cosigner) tx.sign(*a.sending.cosigner);
    switch (a.kind) {
        case Kind::trade:
            if (a.sending.wrapper)
                tx.open(*a.sending.wrapper, {a.wallet, pool_.id()},
                        Packer().u64(random.next()).u64(a.fill.sent).done());
            pool_.write(tx, a.fill, a.wallet, a.peer);
            if (a.sending.wrapper) tx.close();
            break;
        case Kind::arbitrage:
            pool_.write(tx, a.fill, a.wallet, a.wallet);
            a.other_pool->write(tx, a.second, a.wallet, a.wallet);
            break;
        case Kind::tokens:
            tx.transfer_tokens(pool_.base(), world_.token_account(a.wallet, pool_.base()),
                               world_.token_account(a.peer, pool_.base()), a.wallet, a.amount);
            break;
        case Kind::sol:
            tx.transfer_sol(a.wallet, a.peer, a.amount);
            break;
    }
    if (a.sending.tip_lamports > 0) tx.tip(a.wallet, a.sending.tip_lamports);
    return tx.finish(a.sending.priority_lamports, a.sending.failed);
}

Scenario Plan::write(Truth truth) {
    Scenario out;
    truth.pool = pool_.id();
    truth.protocol = pool_kind_name(pool_.kind());
    truth.start_mint = pool_.quote().mint;
    truth.profit_raw = RawDelta{profit_};
    for (const auto& a : actions_) {
        auto written = write_action(a);
        const bool attack = a.role == Role::front || a.role == Role::back;
        auto& list = a.role == Role::front    ? truth.fronts
                     : a.role == Role::victim ? truth.victims
                     : a.role == Role::back   ? truth.backs
                                              : truth.others;
        list.push_back(written.signature);
        if (attack) {
            truth.fee_lamports += Lamports{static_cast<std::int64_t>(written.fee_lamports)};
            truth.tip_lamports += Lamports{static_cast<std::int64_t>(written.tip_lamports)};
        }
        if (a.role == Role::back) truth.actor = a.wallet;
        out.transactions.push_back({a.slot, std::move(written.json)});
    }
    truth.slot = Slot{actions_.empty() ? 0 : actions_.back().slot};
    out.truth = std::move(truth);
    return out;
}

}  // namespace astro::mev::synthetic

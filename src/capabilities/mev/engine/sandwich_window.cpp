#include "capabilities/mev/engine/sandwich_window.hpp"

#include <algorithm>
#include <utility>

namespace astro::mev {
namespace {

using solana::TransactionActivity;

constexpr std::uint64_t kLamportsPerSignature = 5'000;

/// Priority fee and programs called: what a bot's configuration fixes.
std::uint64_t fee_template(const TransactionActivity& tx) {
    const auto base = kLamportsPerSignature * tx.signers.size();
    std::uint64_t h = tx.fee_lamports > base ? tx.fee_lamports - base : 0;
    for (const auto& p : tx.outer_programs) h = h * 0x9E3779B97F4A7C15ULL + std::hash<Pubkey>{}(p);
    return h * 2 + (tx.tip_lamports > 0 ? 1 : 0);
}

/// Whether the swaps together leave every token as it was, within 1 % of what was turned over, or
/// higher. Such a transaction has lost nothing to anybody.
bool is_closed_cycle(const TransactionActivity& tx) {
    if (tx.swaps.size() < 2) return false;
    std::map<Pubkey, std::pair<Int128, Int128>> by_mint;  // net, turned over
    for (const auto& s : tx.swaps) {
        auto& in = by_mint[s.mint_in];
        in.first -= s.amount_in;
        in.second += s.amount_in;
        auto& out = by_mint[s.mint_out];
        out.first += s.amount_out;
        out.second += s.amount_out;
    }
    return std::ranges::all_of(by_mint, [](const auto& entry) {
        const auto& [net, turned] = entry.second;
        return net * 100 >= -turned;
    });
}

bool over_several_pools(const TransactionActivity& tx) {
    return std::ranges::any_of(tx.swaps,
                               [&](const auto& s) { return s.pool != tx.swaps.front().pool; });
}

/// The wallet that owns a token account, as the transaction's transfers tell; zero when unknown.
Pubkey owner_of(const TransactionActivity& tx, const Pubkey& account) {
    if (account.is_zero()) return {};
    for (const auto& t : tx.token_transfers) {
        if (t.source == account && !t.source_owner.is_zero()) return t.source_owner;
        if (t.destination == account && !t.destination_owner.is_zero()) return t.destination_owner;
    }
    return {};
}

Participant participant(const TransactionActivity& tx, const solana::Swap& s) {
    Participant who;
    who.trader = s.trader;
    who.wallets = tx.signers;
    who.wallets.push_back(tx.fee_payer);
    if (!s.via_aggregator) {
        who.wrapper = s.wrapper;
        who.paid_from = s.user_source;
        who.paid_to = s.user_destination;
        for (const auto* account : {&s.user_source, &s.user_destination})
            if (const auto owner = owner_of(tx, *account); !owner.is_zero())
                who.wallets.push_back(owner);
    }
    std::ranges::sort(who.wallets);
    const auto repeated = std::ranges::unique(who.wallets);
    who.wallets.erase(repeated.begin(), repeated.end());
    std::erase(who.wallets, who.trader);
    return who;
}

std::shared_ptr<const TransactionActivity> keep(const TransactionActivity& tx) {
    auto copy = std::make_shared<TransactionActivity>(tx);
    copy->token_transfers = {};
    copy->liquidations = {};
    return copy;
}

}  // namespace

std::vector<Pubkey> SandwichWindow::add(const solana::BlockActivity& block) {
    auto& touched = pools_by_slot_[block.slot.value()];
    std::size_t taken = 0;
    for (const auto& tx : block.transactions) {
        if (tx.failed || tx.swaps.empty() || taken >= limits_.swaps_per_block_max) continue;
        const auto kept = keep(tx);
        const bool cycle = is_closed_cycle(tx);
        const bool passes = cycle && over_several_pools(tx);
        const auto bot = fee_template(tx);
        for (std::size_t i = 0; i < tx.swaps.size(); ++i) {
            const auto& s = tx.swaps[i];
            if (s.pool.is_zero() || s.mint_in == s.mint_out) continue;
            auto& list = pools_[s.pool];
            list.push_back({kept, i, participant(tx, s), bot, cycle, passes, {}});
            touched.push_back(s.pool);
            ++taken;
        }
    }
    std::ranges::sort(touched);
    const auto repeated = std::ranges::unique(touched);
    touched.erase(repeated.begin(), repeated.end());
    size_ += taken;
    for (const auto& key : touched) {
        auto& list = pools_[key];
        std::ranges::stable_sort(list, {}, &SwapRecord::at);
        if (list.size() > limits_.swaps_per_pool_max) {
            const auto excess = list.size() - limits_.swaps_per_pool_max;
            list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(excess));
            size_ -= excess;
        }
    }
    return touched;
}

void SandwichWindow::drop_from(const Pubkey& pool, Slot slot) {
    const auto it = pools_.find(pool);
    if (it == pools_.end()) return;
    size_ -= std::erase_if(it->second, [&](const SwapRecord& r) { return r.at().slot == slot; });
    if (it->second.empty()) pools_.erase(it);
}

void SandwichWindow::drop_slot(Slot slot) {
    const auto it = pools_by_slot_.find(slot.value());
    if (it == pools_by_slot_.end()) return;
    for (const auto& pool : it->second) drop_from(pool, slot);
    pools_by_slot_.erase(it);
}

void SandwichWindow::drop_before(Slot slot) {
    while (!pools_by_slot_.empty() && pools_by_slot_.begin()->first < slot.value())
        drop_slot(Slot{pools_by_slot_.begin()->first});
}

void SandwichWindow::clear() {
    pools_.clear();
    pools_by_slot_.clear();
    size_ = 0;
}

std::vector<SwapRecord>* SandwichWindow::pool(const Pubkey& pool) {
    const auto it = pools_.find(pool);
    return it == pools_.end() ? nullptr : &it->second;
}

std::vector<Pubkey> SandwichWindow::pools_of(const std::vector<Pubkey>& traders) const {
    std::vector<Pubkey> out;
    if (traders.empty()) return out;
    for (const auto& [pool, list] : pools_)
        if (std::ranges::any_of(list, [&](const SwapRecord& r) {
                return std::ranges::binary_search(traders, r.who.trader);
            }))
            out.push_back(pool);
    std::ranges::sort(out);
    return out;
}

std::optional<Slot> SandwichWindow::newest() const {
    if (pools_by_slot_.empty()) return std::nullopt;
    return Slot{pools_by_slot_.rbegin()->first};
}

void SandwichWindow::release(const std::string& finding_id) {
    for (auto& [pool, list] : pools_)
        for (auto& r : list)
            if (r.used_by == finding_id) r.used_by.clear();
}

}  // namespace astro::mev

#include "capabilities/market/pool_series.hpp"

#include <algorithm>

#include "capabilities/market/engine/token_registry.hpp"

namespace astro::market {
namespace {

/// The asset, or what is left of an address that nobody knows.
std::string name_of(const solana::Pubkey& mint) {
    if (const KnownToken* token = find_token(mint)) return std::string(token->asset);
    const std::string address = to_text(mint);
    return address.substr(0, 4) + ".." + address.substr(address.size() - 4);
}

template <class T>
T sum_of(T a, T b) {
    const Int128 sum = static_cast<Int128>(a.value()) + b.value();
    return T{static_cast<std::int64_t>(std::min<Int128>(sum, INT64_MAX))};
}

}  // namespace

/// The lock is held.
PoolSeries::Told& PoolSeries::told_of(const PoolTrade& trade) {
    const auto at = pools_.find(trade.pool);
    if (at != pools_.end()) return at->second;
    if (pools_.size() == kPoolsMax) {
        const auto quietest = std::ranges::min_element(pools_, {}, [](const auto& entry) {
            return std::pair(entry.second.has_series, entry.second.view.slot);
        });
        own_series_ -= quietest->second.has_series ? 1 : 0;
        pools_.erase(quietest);
    }
    Told told{.view = {.pool = to_text(trade.pool),
                       .protocol = std::string(enum_name(trade.protocol)),
                       .base = name_of(trade.base),
                       .quote = name_of(trade.quote),
                       .base_address = to_text(trade.base),
                       .quote_address = to_text(trade.quote),
                       .verified = find_token(trade.base) != nullptr}};
    give_series(told);
    return pools_.emplace(trade.pool, std::move(told)).first->second;
}

/// Pools that had one in an earlier run have it again.
void PoolSeries::give_series(Told& told) {
    std::string symbol = series_symbol(kSolana, told.view.pool);
    if (own_series_ >= own_series_max_ && !tape_.info(symbol)) return;
    told.has_series = true;
    told.view.series = std::move(symbol);
    ++own_series_;
}

/// The lock is held.
void PoolSeries::take(const PoolTrade& trade, Slot slot, PriceLabel label) {
    Told& told = told_of(trade);
    PoolView& view = told.view;
    view.price = trade.trade.price;
    view.liquidity =
        trade.liquidity > Quote{0} ? std::optional(trade.liquidity) : std::optional<Quote>{};
    view.volume = sum_of(view.volume, trade.trade.size);
    view.value = sum_of(view.value, trade.trade.value);
    ++view.swaps;
    view.last_swap = trade.trade.time;
    view.slot = slot;
    view.label = label;
    SourceTrade out{.source = std::string(kSolana),
                    .symbol = view.base + "/" + view.quote,
                    .asset = view.base,
                    .label = label,
                    .trade = trade.trade,
                    .side = trade.side,
                    .quote = view.quote};
    if (view.verified) tape_.on_trade(out);
    if (!told.has_series) return;
    out.symbol = view.pool;
    tape_.on_trade(out);
}

void PoolSeries::on_block(const solana::BlockActivity& block, TimeMs time, PriceLabel label) {
    const BlockTrades made = pool_trades(block, time);
    {
        const std::lock_guard lock(mutex_);
        ++counts_.blocks;
        counts_.trades += made.trades.size();
        const auto of = [&](SwapAside why) { return made.aside[static_cast<std::size_t>(why)]; };
        counts_.unverified += of(SwapAside::unverified);
        counts_.not_quoted += of(SwapAside::not_quoted);
        counts_.unknown_decimals += of(SwapAside::unknown_decimals);
        counts_.too_small += of(SwapAside::too_small);
        counts_.too_fine += of(SwapAside::too_fine);
        for (const auto& trade : made.trades) take(trade, block.slot, label);
    }
    if (made.trades.empty()) return;
    tape_.tell();
    // What could not be written is kept, and tried again with the next.
    (void)tape_.save();
}

void PoolSeries::on_orphaned(Slot slot) {
    const SeqRange range = trades_of_slot(slot);
    tape_.take_back(kSolana, range.first, range.last);
    tape_.tell();
    (void)tape_.save();
    const std::lock_guard lock(mutex_);
    ++counts_.slots_taken_back;
}

std::vector<PoolView> PoolSeries::pools() const {
    std::vector<PoolView> out;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [pool, told] : pools_) out.push_back(told.view);
    }
    std::ranges::stable_sort(out, std::greater<>(), &PoolView::swaps);
    return out;
}

PoolCounts PoolSeries::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

}  // namespace astro::market

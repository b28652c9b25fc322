#include "capabilities/market/engine/pool_prices.hpp"

#include <algorithm>

#include "capabilities/exchange/engine/formulas/average.hpp"
#include "chains/solana/programs.hpp"

namespace astro::market {
namespace {

using exchange::formulas::WeightedPrice;

constexpr std::uint64_t kDollar = 1'000'000;  ///< of USDC and USDT, six decimals as our prices
constexpr std::int64_t kWeightMax = 1'000'000;

bool is_dollar(const solana::Pubkey& mint) {
    return mint == solana::kUsdcMint || mint == solana::kUsdtMint;
}

/// Dollars for one whole unit, rounded down.
std::optional<Price> price_of(std::uint64_t dollars_raw, std::uint64_t raw, std::uint8_t decimals) {
    if (raw == 0 || decimals > 18) return std::nullopt;
    std::uint64_t unit = 1;
    for (int i = 0; i < decimals; ++i) unit *= 10;
    const auto price = mul_div(dollars_raw, unit, raw);
    if (!price || *price == 0 || *price > static_cast<std::uint64_t>(exchange::kPriceMax.value()))
        return std::nullopt;
    return Price{static_cast<std::int64_t>(*price)};
}

}  // namespace

bool PoolPrices::take(const solana::Swap& swap) {
    const bool sells = swap.mint_in == asset_.mint && is_dollar(swap.mint_out);
    const bool buys = swap.mint_out == asset_.mint && is_dollar(swap.mint_in);
    if (!swap.verified || sells == buys) return false;
    const std::uint64_t dollars = sells ? swap.amount_out : swap.amount_in;
    const std::uint64_t raw = sells ? swap.amount_in : swap.amount_out;
    if (dollars < kDollarsMin * kDollar) return false;
    const auto price = price_of(dollars, raw, asset_.decimals);
    if (!price) return false;
    const std::uint64_t reserve = sells ? swap.state.reserve_out : swap.state.reserve_in;
    const std::uint64_t weight = std::max(reserve, dollars) / kDollar;
    pools_[swap.pool] = {*price,
                         static_cast<std::int64_t>(std::clamp<std::uint64_t>(
                             weight, 1, static_cast<std::uint64_t>(kWeightMax))),
                         swap.at.slot.value()};
    return true;
}

void PoolPrices::forget(std::uint64_t slot) {
    std::erase_if(pools_, [&](const auto& entry) {
        const std::uint64_t at = entry.second.slot;
        return at > slot || slot - at > kSlotsMax;  // ahead: the chain went another way
    });
    while (pools_.size() > kPoolsMax)
        pools_.erase(std::min_element(
            pools_.begin(), pools_.end(),
            [](const auto& a, const auto& b) { return a.second.weight < b.second.weight; }));
}

PoolQuote PoolPrices::quote() const {
    std::vector<WeightedPrice> weighted;
    for (const auto& [key, pool] : pools_) weighted.push_back({pool.price, pool.weight});
    PoolQuote out{.price = exchange::formulas::weighted_median(weighted), .pools = pools_.size()};
    std::vector<Price> apart;
    for (const auto& [price, weight] : weighted)
        apart.push_back(price > out.price ? price - out.price : out.price - price);
    out.confidence = exchange::formulas::median(apart);
    return out;
}

std::optional<PoolQuote> PoolPrices::on_block(const solana::BlockActivity& block) {
    bool any = false;
    for (const auto& tx : block.transactions)
        for (const auto& swap : tx.swaps) any = take(swap) || any;
    forget(block.slot.value());
    if (!any || pools_.empty()) return std::nullopt;
    return quote();
}

}  // namespace astro::market

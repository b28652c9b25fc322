#include "capabilities/mev/engine/graph.hpp"

#include <algorithm>

namespace astro::mev {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;
/// Share of the virtual reserve that a trade in a concentrated pool may bring: moves √P by 0.25 %.
constexpr std::uint64_t kConcentratedShare = 400;

/// Reserves near the price: x = L·2⁶⁴/√P of token a, y = L·√P/2⁶⁴ of token b.
bool set_virtual_reserves(Venue& v, UInt128 liquidity, UInt128 sqrt_price, int side_a) {
    if (liquidity == 0 || sqrt_price == 0 || (liquidity >> 64) != 0 || (sqrt_price >> 96) != 0)
        return false;
    const UInt128 x = (liquidity << 64) / sqrt_price;
    const UInt128 high = sqrt_price >> 64;
    const UInt128 low = sqrt_price & UINT64_MAX;
    const UInt128 y = liquidity * high + (liquidity * low >> 64);
    if ((x >> 64) != 0 || (y >> 64) != 0) return false;
    v.reserve[side_a] = static_cast<std::uint64_t>(x);
    v.reserve[1 - side_a] = static_cast<std::uint64_t>(y);
    for (const auto side : kSides) v.cap_in[side] = v.reserve[side] / kConcentratedShare;
    return true;
}

bool set_reserves(Venue& v, const solana::Swap& swap) {
    const auto& s = swap.state;
    if (s.reserve_in == 0 || s.reserve_out <= swap.amount_out) return false;
    const auto in = checked_add(s.reserve_in, swap.amount_in);
    if (!in) return false;
    v.reserve[0] = *in;
    v.reserve[1] = s.reserve_out - swap.amount_out;
    return true;
}

}  // namespace

std::optional<Venue> venue_after(const solana::Swap& swap) {
    const auto& s = swap.state;
    // A token that takes a fee on transfer changes what arrives by rules the swap does not tell.
    if (!s.fee_known || s.fee_ppm >= kMillion || swap.mint_in == swap.mint_out ||
        swap.transfer_fee_in != 0 || swap.transfer_fee_out != 0)
        return std::nullopt;
    Venue v;
    v.pool = swap.pool;
    v.protocol = swap.protocol;
    v.mint[0] = swap.mint_in;
    v.mint[1] = swap.mint_out;
    v.fee_ppm = s.fee_ppm;
    v.exact = s.exact;
    v.at = swap.at;
    v.signature = swap.signature;
    switch (s.curve) {
        case solana::Curve::constant_product:
            if (!set_reserves(v, swap)) return std::nullopt;
            return v;
        case solana::Curve::concentrated:
            v.concentrated = true;
            if (!s.liquidity || !s.sqrt_price_x64_after ||
                !set_virtual_reserves(v, *s.liquidity, *s.sqrt_price_x64_after,
                                      s.zero_for_one ? 0 : 1))
                return std::nullopt;
            return v;
        default:
            return std::nullopt;
    }
}

std::uint64_t quote_out(const Venue& venue, int side, std::uint64_t amount_in) {
    const UInt128 fee = (static_cast<UInt128>(amount_in) * venue.fee_ppm + kMillion - 1) / kMillion;
    if (fee >= amount_in) return 0;
    const UInt128 net = amount_in - fee;
    const UInt128 out = net * venue.reserve[1 - side] / (net + venue.reserve[side]);
    return static_cast<std::uint64_t>(out);  // < reserve[1 − side]
}

std::optional<std::uint32_t> PoolGraph::take(const solana::Swap& swap) {
    auto next = venue_after(swap);
    const auto known = id_of_pool_.find(swap.pool);
    if (known == id_of_pool_.end()) {
        if (!next) return std::nullopt;
        const auto id = static_cast<std::uint32_t>(venues_.size());
        venues_.push_back(std::move(*next));
        id_of_pool_.emplace(swap.pool, id);
        for (const auto side : kSides) steps_[venues_[id].mint[side]].push_back({id, side});
        return id;
    }
    auto& venue = venues_[known->second];
    if (swap.at < venue.at) return std::nullopt;
    // A pool has two tokens; one that shows others was misread and is not followed.
    const bool same_pair = next && std::ranges::is_permutation(next->mint, venue.mint);
    if (!same_pair) {
        venue.known = false;
        return std::nullopt;
    }
    if (next->mint[0] != venue.mint[0]) {  // ids in steps_ stay valid: keep the sides
        std::swap(next->mint[0], next->mint[1]);
        std::swap(next->reserve[0], next->reserve[1]);
        std::swap(next->cap_in[0], next->cap_in[1]);
    }
    venue = std::move(*next);
    return known->second;
}

void PoolGraph::move_to_front(std::uint32_t id) {
    for (const auto side : kSides) {
        auto& steps = steps_[venues_[id].mint[side]];
        const auto it = std::ranges::find(steps, Step{id, side});
        std::rotate(steps.begin(), it, it + 1);
    }
}

std::vector<std::uint32_t> PoolGraph::on_block(const solana::BlockActivity& block) {
    newest_slot_ = std::max(newest_slot_, block.slot.value());
    if (venues_.size() > config_.pools_max) compact();
    std::vector<std::uint32_t> touched;
    for (const auto& tx : block.transactions)
        for (const auto& swap : tx.swaps)
            if (const auto id = take(swap); id && std::ranges::find(touched, *id) == touched.end())
                touched.push_back(*id);
    for (const auto id : touched) move_to_front(id);
    std::erase_if(touched, [&](std::uint32_t id) { return !venues_[id].known; });
    return touched;
}

void PoolGraph::compact() {
    std::ranges::sort(venues_, [](const Venue& a, const Venue& b) {
        return a.at != b.at ? a.at > b.at : a.pool < b.pool;
    });
    venues_.resize(std::min(venues_.size(), config_.pools_max / 2));
    while (!venues_.empty() && !fresh(venues_.back())) venues_.pop_back();
    id_of_pool_.clear();
    steps_.clear();
    for (std::uint32_t id = 0; id < venues_.size(); ++id) {
        id_of_pool_[venues_[id].pool] = id;
        for (const auto side : kSides) steps_[venues_[id].mint[side]].push_back({id, side});
    }
}

void PoolGraph::drop_slot(Slot slot) {
    for (auto& v : venues_)
        if (v.at.slot == slot) v.known = false;
}

std::span<const Step> PoolGraph::steps_from(const solana::Pubkey& mint) const {
    const auto it = steps_.find(mint);
    if (it == steps_.end()) return {};
    return it->second;
}

}  // namespace astro::mev

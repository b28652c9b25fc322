#include <algorithm>
#include <numeric>
#include <optional>

#include "capabilities/mev/engine/arbitrage.hpp"
#include "capabilities/mev/engine/ledger.hpp"

namespace astro::mev {
namespace {

using solana::Swap;

struct Flow {
    Pubkey mint;
    std::uint64_t got = 0, paid = 0;
};

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
    return checked_add(a, b).value_or(UINT64_MAX);
}

Flow& flow_of(std::vector<Flow>& flows, const Pubkey& mint) {
    for (auto& f : flows)
        if (f.mint == mint) return f;
    return flows.emplace_back(Flow{mint, 0, 0});
}

/// The trader's side of the swaps, tokens in order of first use.
std::vector<Flow> flows_of(std::span<const Swap> swaps, std::span<const std::size_t> chosen) {
    std::vector<Flow> flows;
    for (const auto i : chosen) {
        const auto& s = swaps[i];
        auto& in = flow_of(flows, s.mint_in);
        in.paid = saturating_add(in.paid, saturating_add(s.amount_in, s.transfer_fee_in));
        auto& out = flow_of(flows, s.mint_out);
        out.got =
            saturating_add(out.got, s.amount_out - std::min(s.amount_out, s.transfer_fee_out));
    }
    return flows;
}

std::uint64_t gap_ppm(const Flow& f) {
    const auto high = std::max(f.got, f.paid);
    const auto low = std::min(f.got, f.paid);
    return high == 0
               ? 0
               : static_cast<std::uint64_t>(static_cast<UInt128>(high - low) * 1'000'000 / high);
}

bool passes_through(const Flow& f, const ArbitrageConfig& config) {
    return f.got > 0 && f.paid > 0 && gap_ppm(f) <= config.hop_tolerance_ppm;
}

/// The start is where the first swap pays and the last is paid. When hops were executed in another
/// order (from stock), it is the token whose amounts differ most, since that is the gain.
std::optional<std::size_t> start_of(std::span<const Swap> swaps,
                                    std::span<const std::size_t> chosen,
                                    const std::vector<Flow>& flows, const ArbitrageConfig& config) {
    const auto others_pass = [&](std::size_t start) {
        for (std::size_t i = 0; i < flows.size(); ++i)
            if (i != start && !passes_through(flows[i], config)) return false;
        return flows[start].got > 0 && flows[start].paid > 0;
    };
    const auto& first = swaps[chosen.front()].mint_in;  // always flows[0]
    if (swaps[chosen.back()].mint_out == first)
        return others_pass(0) ? std::optional<std::size_t>(0) : std::nullopt;
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < flows.size(); ++i)
        if (others_pass(i) && (!best || gap_ppm(flows[i]) > gap_ppm(flows[*best]))) best = i;
    return best;
}

std::optional<Cycle> close(std::span<const Swap> swaps, std::span<const std::size_t> chosen,
                           const ArbitrageConfig& config) {
    if (chosen.size() < 2) return std::nullopt;
    auto flows = flows_of(swaps, chosen);
    const auto start = start_of(swaps, chosen, flows, config);
    if (!start) return std::nullopt;
    std::rotate(flows.begin(), flows.begin() + static_cast<std::ptrdiff_t>(*start), flows.end());
    Cycle cycle;
    cycle.swaps.assign(chosen.begin(), chosen.end());
    cycle.paid = flows.front().paid;
    cycle.got = flows.front().got;
    for (const auto& f : flows) {
        cycle.mints.push_back(f.mint);
        if (&f != &flows.front())
            cycle.worst_gap_ppm =
                std::max(cycle.worst_gap_ppm, static_cast<std::uint32_t>(gap_ppm(f)));
    }
    return cycle;
}

/// The longest closed run of consecutive swaps, then the same before and after it.
void search(std::span<const Swap> swaps, std::span<const std::size_t> chosen,
            const ArbitrageConfig& config, std::vector<Cycle>& out) {
    if (chosen.size() < 2) return;
    if (auto whole = close(swaps, chosen, config)) {
        out.push_back(std::move(*whole));
        return;
    }
    if (chosen.size() > config.swaps_searched_max) return;
    for (std::size_t length = chosen.size() - 1; length >= 2; --length) {
        for (std::size_t begin = 0; begin + length <= chosen.size(); ++begin) {
            const auto run = chosen.subspan(begin, length);
            if (swaps[run.front()].mint_in != swaps[run.back()].mint_out) continue;
            auto cycle = close(swaps, run, config);
            if (!cycle) continue;
            search(swaps, chosen.first(begin), config, out);
            out.push_back(std::move(*cycle));
            search(swaps, chosen.subspan(begin + length), config, out);
            return;
        }
    }
}

/// Swaps of one trader that hang together by shared tokens, each group in execution order.
std::vector<std::vector<std::size_t>> connected_groups(std::span<const Swap> swaps) {
    std::vector<std::size_t> group(swaps.size());
    std::iota(group.begin(), group.end(), std::size_t{0});
    const auto touches = [](const Swap& a, const Swap& b) {
        return a.trader == b.trader && (a.mint_in == b.mint_in || a.mint_in == b.mint_out ||
                                        a.mint_out == b.mint_in || a.mint_out == b.mint_out);
    };
    for (std::size_t i = 0; i < swaps.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (group[i] != group[j] && touches(swaps[i], swaps[j])) {
                const auto [keep, gone] = std::minmax(group[i], group[j]);
                std::ranges::replace(group, std::size_t{gone}, std::size_t{keep});
            }
    std::vector<std::vector<std::size_t>> groups;
    for (std::size_t root = 0; root < swaps.size(); ++root) {
        std::vector<std::size_t> members;
        for (std::size_t i = root; i < swaps.size(); ++i)
            if (group[i] == root) members.push_back(i);
        if (members.size() >= 2) groups.push_back(std::move(members));
    }
    return groups;
}

}  // namespace

std::vector<Cycle> find_cycles(std::span<const Swap> swaps, const ArbitrageConfig& config) {
    std::vector<Cycle> cycles;
    if (swaps.size() < 2 || swaps.size() > config.swaps_max) return cycles;
    for (const auto& group : connected_groups(swaps)) search(swaps, group, config, cycles);
    return cycles;
}

std::optional<Cycle> close_by_balances(const solana::TransactionActivity& tx,
                                       const ArbitrageConfig& config) {
    const auto& swaps = tx.swaps;
    if (swaps.size() < 2 || swaps.size() > config.swaps_max ||
        swaps.front().mint_in != swaps.back().mint_out)
        return std::nullopt;
    for (const auto& s : swaps)
        if (s.trader != swaps.front().trader) return std::nullopt;
    Cycle cycle;
    cycle.swaps.resize(swaps.size());
    std::iota(cycle.swaps.begin(), cycle.swaps.end(), std::size_t{0});
    const auto cluster = owner_cluster(tx, swaps);
    const auto flows = flows_of(swaps, cycle.swaps);
    for (const auto& f : flows) {
        cycle.mints.push_back(f.mint);
        if (&f == &flows.front()) continue;
        if (passes_through(f, config)) {
            cycle.worst_gap_ppm =
                std::max(cycle.worst_gap_ppm, static_cast<std::uint32_t>(gap_ppm(f)));
            continue;
        }
        const auto change = f.mint == wsol_mint() ? cluster_sol_before_costs(tx, cluster).value()
                                                  : cluster_delta(tx, cluster, f.mint);
        const auto magnitude = change < 0 ? 0 - static_cast<std::uint64_t>(change)
                                          : static_cast<std::uint64_t>(change);
        const auto allowed =
            static_cast<UInt128>(std::max(f.got, f.paid)) * config.hop_tolerance_ppm / 1'000'000;
        if (magnitude > allowed) return std::nullopt;
        cycle.unseen_at.push_back(f.mint);
    }
    cycle.paid = flows.front().paid;
    cycle.got = flows.front().got;
    if (cycle.unseen_at.empty() || cycle.mints.size() < 2) return std::nullopt;
    return cycle;
}

}  // namespace astro::mev

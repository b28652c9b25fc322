#include "capabilities/mev/engine/sandwich_search.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "capabilities/mev/engine/amm.hpp"
#include "capabilities/mev/engine/ledger.hpp"

namespace astro::mev {
namespace {

using solana::Swap;

struct Pair {
    Pubkey low, high;
    auto operator<=>(const Pair&) const = default;
};

Pair pair_of(const Swap& s) {
    return s.mint_in < s.mint_out ? Pair{s.mint_in, s.mint_out} : Pair{s.mint_out, s.mint_in};
}

/// What prices are quoted in, so what a gain is meant to be in.
bool is_money(const Pubkey& mint) {
    return mint == wsol_mint() || mint == usdc_mint() || mint == usdt_mint();
}

std::uint64_t paid(const Swap& s) {
    return s.amount_in + s.transfer_fee_in;
}
std::uint64_t got(const Swap& s) {
    return s.amount_out - std::min(s.amount_out, s.transfer_fee_out);
}

std::uint32_t difference_ppm(UInt128 a, UInt128 b) {
    const auto [less, more] = std::minmax(a, b);
    if (more == 0) return amm::kPpm;
    // Sums of a few 64-bit amounts: below 2^70, so the product stays below 2^90.
    return static_cast<std::uint32_t>((more - less) * amm::kPpm / more);
}

/// The gain in A when what the fronts bought of B is what the backs sold of it. B that came from
/// stock is charged at the back-run's own price.
std::optional<AmountMatch> gain_when_b_matches(const LegSums& s, std::uint32_t tolerance_ppm) {
    AmountMatch m;
    m.difference_ppm = difference_ppm(s.front_out_b, s.back_in_b);
    if (m.difference_ppm > tolerance_ppm) return std::nullopt;
    m.gain = static_cast<Int128>(s.back_out_a) - static_cast<Int128>(s.front_in_a);
    if (s.back_in_b > s.front_out_b) {
        const auto cost = amm::mul_div_ceil(s.back_in_b - s.front_out_b, s.back_out_a, s.back_in_b);
        if (!cost) return std::nullopt;
        m.stock_used = static_cast<Int128>(*cost);
    }
    if (m.gain - m.stock_used <= 0) return std::nullopt;
    return m;
}

/// Consecutive swaps of one trader in one direction.
struct Run {
    bool sells = false;  ///< of the pair's lower mint
    std::vector<SwapRecord*> swaps;
};

std::vector<Run> runs_of(const std::vector<SwapRecord*>& swaps, const Pair& pair) {
    std::vector<Run> runs;
    for (auto* r : swaps) {
        const bool sells = r->swap().mint_in == pair.low;
        if (runs.empty() || runs.back().sells != sells) runs.push_back({sells, {}});
        runs.back().swaps.push_back(r);
    }
    return runs;
}

/// One trader's fronts followed by his backs in one pool, to be cut down to what matches.
class ShapeFinder {
  public:
    ShapeFinder(const std::vector<SwapRecord*>& market, const Clusters& clusters,
                std::uint32_t group, const TransferGraph& graph, const SandwichConfig& config)
        : market_(market), clusters_(clusters), group_(group), graph_(graph), config_(config) {}

    std::optional<SandwichShape> find(const Run& front, const Run& back) const {
        const auto fronts_max = std::min(front.swaps.size(), config_.side_max);
        const auto backs_max = std::min(back.swaps.size(), config_.side_max);
        // Legs of one block belong together: only whole blocks are left out.
        const auto splits = [](const SwapRecord* a, const SwapRecord* b) {
            return a->at().slot == b->at().slot;
        };
        for (auto f = fronts_max; f > 0; --f) {
            const auto first = front.swaps.size() - f;
            if (f < fronts_max && splits(front.swaps[first - 1], front.swaps[first])) continue;
            for (auto b = backs_max; b > 0; --b) {
                if (b < backs_max && splits(back.swaps[b - 1], back.swaps[b])) continue;
                SandwichShape shape;
                shape.fronts.assign(front.swaps.end() - static_cast<std::ptrdiff_t>(f),
                                    front.swaps.end());
                shape.backs.assign(back.swaps.begin(),
                                   back.swaps.begin() + static_cast<std::ptrdiff_t>(b));
                if (complete(shape)) return shape;
            }
        }
        return std::nullopt;
    }

  private:
    bool complete(SandwichShape& shape) const {
        shape.mint_a = shape.fronts.front()->swap().mint_in;
        shape.mint_b = shape.fronts.front()->swap().mint_out;
        if (shape.backs.back()->at().slot.value() - shape.fronts.front()->at().slot.value() >
            config_.slots_apart_max)
            return false;
        if (!legs_are_free(shape)) return false;
        add_sums(shape);
        find_cluster(shape);
        if (!amounts_fit(shape)) return false;
        find_victims(shape);
        if (shape.victims.empty() || is_volume_bot(shape)) return false;
        find_links(shape);
        const bool weak = std::ranges::any_of(shape.links, &Link::weak);
        return !weak || shape.match.difference_ppm <= config_.amount_strict_ppm;
    }

    /// Legs in use by a finding can only be in a shape that contains all legs of that finding.
    bool legs_are_free(const SandwichShape& shape) const {
        const std::string* id = nullptr;
        std::size_t used = 0;
        for (const auto* side : {&shape.fronts, &shape.backs})
            for (const auto* r : *side) {
                if (r->used_by.empty()) continue;
                if (id != nullptr && *id != r->used_by) return false;
                id = &r->used_by;
                ++used;
            }
        if (id == nullptr) return true;
        return static_cast<std::size_t>(std::ranges::count_if(
                   market_, [&](const SwapRecord* r) { return r->used_by == *id; })) == used;
    }

    static void add_sums(SandwichShape& shape) {
        for (const auto* r : shape.fronts) {
            shape.sums.front_in_a += paid(r->swap());
            shape.sums.front_out_b += got(r->swap());
        }
        for (const auto* r : shape.backs) {
            shape.sums.back_in_b += paid(r->swap());
            shape.sums.back_out_a += got(r->swap());
        }
    }

    void find_cluster(SandwichShape& shape) const {
        std::set<Pubkey> wallets;
        for (const auto* side : {&shape.fronts, &shape.backs})
            for (const auto* r : *side) {
                wallets.insert(r->who.trader);
                wallets.insert(r->who.wallets.begin(), r->who.wallets.end());
            }
        shape.cluster.assign(wallets.begin(), wallets.end());
    }

    /// Legs first, as sent and received; then less what the mint withheld when the trader's wallets
    /// passed B on; then the wallets' balances, for mints whose fee the legs do not show.
    bool amounts_fit(SandwichShape& shape) const {
        const auto gain_in = gain_side(shape);
        auto match = match_amounts(shape.sums, config_.amount_tolerance_ppm, gain_in);
        if (!match) {
            auto passed_on = shape.sums;
            const auto withheld = withheld_between(shape);
            if (withheld > 0 && withheld < passed_on.front_out_b) {
                passed_on.front_out_b -= withheld;
                match = match_amounts(passed_on, config_.amount_tolerance_ppm, gain_in);
            }
        }
        if (!match) {
            match = match_amounts(sums_by_balances(shape), config_.amount_tolerance_ppm, gain_in);
            if (match) match->by_balances = true;
        }
        if (!match) return false;
        shape.match = *match;
        return true;
    }

    static GainIn gain_side(const SandwichShape& shape) {
        const bool a = is_money(shape.mint_a), b = is_money(shape.mint_b);
        return a == b ? GainIn::either : a ? GainIn::a : GainIn::b;
    }

    UInt128 withheld_between(const SandwichShape& shape) const {
        UInt128 sum = 0;
        for (const auto& wallet : shape.cluster)
            for (const auto* e : graph_.edges_of(wallet))
                if (e->from == wallet && e->mint == shape.mint_b &&
                    e->at > shape.fronts.front()->at() && e->at < shape.backs.back()->at() &&
                    std::ranges::binary_search(shape.cluster, e->to))
                    sum += e->fee;
        return sum;
    }

    static UInt128 change(const std::vector<SwapRecord*>& side, const std::vector<Pubkey>& cluster,
                          const Pubkey& mint, bool gained) {
        Int128 sum = 0;
        const solana::TransactionActivity* last = nullptr;
        for (const auto* r : side) {
            if (r->tx.get() == last) continue;
            last = r->tx.get();
            sum += mint == wsol_mint() ? cluster_sol_before_costs(*last, cluster).value()
                                       : cluster_delta(*last, cluster, mint);
        }
        if (!gained) sum = -sum;
        return sum > 0 ? static_cast<UInt128>(sum) : 0;
    }

    static LegSums sums_by_balances(const SandwichShape& shape) {
        return {.front_in_a = change(shape.fronts, shape.cluster, shape.mint_a, false),
                .front_out_b = change(shape.fronts, shape.cluster, shape.mint_b, true),
                .back_in_b = change(shape.backs, shape.cluster, shape.mint_b, false),
                .back_out_a = change(shape.backs, shape.cluster, shape.mint_a, true)};
    }

    [[nodiscard]] bool same_wrapper(const SandwichShape& shape, const SwapRecord& r) const {
        if (r.who.wrapper.is_zero()) return false;
        for (const auto* side : {&shape.fronts, &shape.backs})
            for (const auto* leg : *side)
                if (leg->who.wrapper == r.who.wrapper) return true;
        return false;
    }

    void find_victims(SandwichShape& shape) const {
        const auto& first = shape.fronts.front()->at();
        const auto& last = shape.backs.back()->at();
        for (const auto* r : market_) {
            if (r->at() <= first || r->at() >= last) continue;
            if (clusters_.group_of(r->who.trader) == group_) continue;
            ++shape.others_between;
            if (r->swap().mint_in != shape.mint_a || r->closed_cycle) continue;
            if (std::ranges::binary_search(shape.cluster, r->who.trader)) continue;
            if (same_wrapper(shape, *r)) continue;
            const auto size = static_cast<UInt128>(r->swap().amount_in) * amm::kPpm;
            if (size < shape.sums.front_in_a * config_.victim_ratio_min_ppm) continue;
            shape.victims.push_back(r);
        }
    }

    /// One operator trading with himself through many wallets to make volume: transactions of one
    /// template (programs and priority fee), from many wallets, several of which trade both ways.
    bool is_volume_bot(const SandwichShape& shape) const {
        std::set<std::uint64_t> templates;
        for (const auto* side : {&shape.fronts, &shape.backs})
            for (const auto* r : *side) templates.insert(r->fee_template);
        std::map<Pubkey, unsigned> ways;  // bit 0 = A → B, bit 1 = B → A
        for (const auto* r : market_) {
            if (!templates.contains(r->fee_template)) continue;
            if (std::ranges::binary_search(shape.cluster, r->who.trader)) continue;
            ways[r->who.trader] |= r->swap().mint_in == shape.mint_a ? 1U : 2U;
        }
        const auto two_way =
            std::ranges::count_if(ways, [](const auto& w) { return w.second == 3; });
        if (ways.size() < config_.volume_bot_wallets_min ||
            static_cast<std::size_t>(two_way) < config_.volume_bot_two_way_min)
            return false;
        const auto alike = std::ranges::count_if(shape.victims, [&](const SwapRecord* v) {
            return templates.contains(v->fee_template);
        });
        return static_cast<std::size_t>(alike) * 2 >= shape.victims.size();
    }

    void find_links(SandwichShape& shape) const {
        std::set<Pubkey> traders;
        for (const auto* side : {&shape.fronts, &shape.backs})
            for (const auto* r : *side) traders.insert(r->who.trader);
        if (traders.size() < 2) return;
        for (const auto& link : clusters_.links)
            if (traders.contains(link.a) || traders.contains(link.b)) {
                if (clusters_.group_of(link.a) != group_) continue;
                shape.links.push_back(link);
                if (link.kind == LinkKind::token_via || link.kind == LinkKind::sol_via)
                    shape.cluster.push_back(link.via);
            }
        std::ranges::sort(shape.cluster);
        const auto repeated = std::ranges::unique(shape.cluster);
        shape.cluster.erase(repeated.begin(), repeated.end());
    }

    const std::vector<SwapRecord*>& market_;
    const Clusters& clusters_;
    std::uint32_t group_;
    const TransferGraph& graph_;
    const SandwichConfig& config_;
};

void find_in_pair(const Pair& pair, const std::vector<SwapRecord*>& market,
                  const TransferGraph& graph, const SandwichConfig& config,
                  std::vector<SandwichShape>& out) {
    if (market.size() < 3) return;
    const auto sells = [&](const SwapRecord* r) { return r->swap().mint_in == pair.low; };
    if (std::ranges::all_of(market, sells) || std::ranges::none_of(market, sells)) return;

    std::vector<Participant> who;
    who.reserve(market.size());
    for (const auto* r : market) who.push_back(r->who);
    const auto clusters = cluster_traders(who, graph, config.linkage);

    std::map<std::uint32_t, std::vector<SwapRecord*>> by_group;
    for (auto* r : market)
        if (!r->passes_through) by_group[clusters.group_of(r->who.trader)].push_back(r);
    for (const auto& [group, swaps] : by_group) {
        const ShapeFinder finder(market, clusters, group, graph, config);
        const auto runs = runs_of(swaps, pair);
        for (std::size_t i = 0; i + 1 < runs.size(); ++i) {
            auto shape = finder.find(runs[i], runs[i + 1]);
            if (!shape) continue;
            out.push_back(std::move(*shape));
            ++i;  // the backs are spent
        }
    }
}

}  // namespace

std::optional<AmountMatch> match_amounts(const LegSums& s, std::uint32_t tolerance_ppm,
                                         GainIn gain_in) {
    if (s.front_in_a == 0 || s.front_out_b == 0 || s.back_in_b == 0 || s.back_out_a == 0)
        return std::nullopt;
    if (gain_in != GainIn::b)
        if (const auto in_a = gain_when_b_matches(s, tolerance_ppm)) return in_a;
    if (gain_in == GainIn::a) return std::nullopt;
    // The same seen from B: A was sold first and bought back for less B.
    auto in_b = gain_when_b_matches({.front_in_a = s.back_in_b,
                                     .front_out_b = s.back_out_a,
                                     .back_in_b = s.front_in_a,
                                     .back_out_a = s.front_out_b},
                                    tolerance_ppm);
    if (in_b) in_b->gain_in_b = true;
    return in_b;
}

std::vector<SandwichShape> find_shapes(std::vector<SwapRecord>& swaps, const TransferGraph& graph,
                                       const SandwichConfig& config) {
    std::map<Pair, std::vector<SwapRecord*>> by_pair;
    for (auto& r : swaps) by_pair[pair_of(r.swap())].push_back(&r);
    std::vector<SandwichShape> out;
    for (const auto& [pair, market] : by_pair) find_in_pair(pair, market, graph, config, out);
    std::ranges::sort(out, {}, [](const SandwichShape& s) { return s.fronts.front()->at(); });
    return out;
}

}  // namespace astro::mev

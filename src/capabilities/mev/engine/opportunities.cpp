#include "capabilities/mev/engine/opportunities.hpp"

#include <algorithm>
#include <bit>

#include "capabilities/mev/engine/evidence.hpp"
#include "capabilities/mev/engine/wording.hpp"

namespace astro::mev {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::size_t kToldMax = 20'000;

/// ⌊√v⌋.
std::uint64_t integer_sqrt(UInt128 v) {
    if (v == 0) return 0;
    const auto high = static_cast<std::uint64_t>(v >> 64);
    const int bits = high != 0 ? 128 - std::countl_zero(high)
                               : 64 - std::countl_zero(static_cast<std::uint64_t>(v));
    UInt128 x = static_cast<UInt128>(1) << ((bits + 1) / 2);  // ≥ √v
    for (;;) {
        const UInt128 next = (x + v / x) / 2;
        if (next >= x) return static_cast<std::uint64_t>(x);
        x = next;
    }
}

/// a·b/c where b ≤ c: both are brought under 64 bits alike first.
std::uint64_t scaled(std::uint64_t a, UInt128 b, UInt128 c) {
    while ((c >> 64) != 0) {
        b >>= 1;
        c >>= 1;
    }
    return c == 0 ? 0 : static_cast<std::uint64_t>(static_cast<UInt128>(a) * b / c);
}

/// A chain of pools seen as one.
struct Composite {
    std::uint64_t in = 0, out = 0;  ///< X and Y
    std::uint64_t keep_ppm = 0;     ///< γ₁
};

Composite compose_pools(const PoolGraph& graph, std::span<const Step> cycle) {
    const auto& first = graph.venue(cycle[0].venue);
    Composite c{first.reserve[cycle[0].side], first.reserve[1 - cycle[0].side],
                kMillion - first.fee_ppm};
    for (const auto& step : cycle.subspan(1)) {
        const auto& v = graph.venue(step.venue);
        const UInt128 x2 = static_cast<UInt128>(v.reserve[step.side]) * kMillion;
        const UInt128 kept = static_cast<UInt128>(c.out) * (kMillion - v.fee_ppm);
        const UInt128 sum = x2 + kept;
        c = {scaled(c.in, x2, sum), scaled(v.reserve[1 - step.side], kept, sum), c.keep_ppm};
    }
    return c;
}

/// Largest input ≤ `wanted` that respects every pool's cap: the amounts along the way grow with it.
std::uint64_t capped(const PoolGraph& graph, std::span<const Step> cycle, std::uint64_t wanted) {
    const auto fits = [&](std::uint64_t in) {
        for (const auto& step : cycle) {
            const auto& v = graph.venue(step.venue);
            if (in > v.cap_in[step.side]) return false;
            in = quote_out(v, step.side, in);
        }
        return true;
    };
    if (fits(wanted)) return wanted;
    std::uint64_t low = 0, high = wanted;  // low fits, high does not
    while (high - low > 1) {
        const auto middle = low + (high - low) / 2;
        (fits(middle) ? low : high) = middle;
    }
    return low;
}

const Pubkey& mint_into(const PoolGraph& graph, const Step& step) {
    return graph.venue(step.venue).mint[step.side];
}
const Pubkey& mint_out_of(const PoolGraph& graph, const Step& step) {
    return graph.venue(step.venue).mint[1 - step.side];
}

/// Begins the cycle at SOL, USDC or USDT; false when it passes none of them.
bool rotate_to_base(const PoolGraph& graph, std::vector<Step>& cycle) {
    for (const auto* base : {&wsol_mint(), &usdc_mint(), &usdt_mint()})
        for (std::size_t i = 0; i < cycle.size(); ++i)
            if (mint_into(graph, cycle[i]) == *base) {
                std::ranges::rotate(cycle, cycle.begin() + static_cast<std::ptrdiff_t>(i));
                return true;
            }
    return false;
}

std::uint64_t cycle_key(const PoolGraph& graph, std::span<const Step> cycle) {
    std::uint64_t h = 0xCBF29CE484222325ULL;
    for (const auto& step : cycle) {
        for (const auto byte : graph.venue(step.venue).pool.bytes)
            h = (h ^ byte) * 0x100000001B3ULL;
        h = (h ^ step.side) * 0x100000001B3ULL;
    }
    return h;
}

/// Walks from one touched pool back to where it began, with a budget of steps looked at.
class Walk {
  public:
    Walk(const PoolGraph& graph, const OpportunityConfig& config)
        : graph_(graph), config_(config) {}

    template <class Visit>
    void from(Step first, Visit&& visit) {
        path_ = {first};
        goal_ = mint_into(graph_, first);
        extend(visit);
    }
    [[nodiscard]] bool spent() const { return work_ >= config_.steps_max; }

  private:
    template <class Visit>
    void extend(Visit&& visit) {
        const auto at = mint_out_of(graph_, path_.back());
        close(at, visit);
        const auto room = config_.hops_max - path_.size();
        if (room < 2) return;
        auto budget = room >= 3 ? config_.fan_out_far : config_.fan_out_near;
        for (const auto& step : graph_.steps_from(at)) {
            if (budget == 0 || spent()) return;
            ++work_;
            const auto& to = mint_out_of(graph_, step);
            if (!usable(step) || to == goal_ || passed(to)) continue;
            --budget;
            path_.push_back(step);
            extend(visit);
            path_.pop_back();
        }
    }
    /// Steps from `at` back to the goal, found from whichever of the two has fewer pools.
    template <class Visit>
    void close(const Pubkey& at, Visit&& visit) {
        const auto forward = graph_.steps_from(at);
        const auto backward = graph_.steps_from(goal_);
        const bool reversed = backward.size() < forward.size();
        for (auto step : reversed ? backward : forward) {
            if (spent()) return;
            ++work_;
            if (mint_out_of(graph_, step) != (reversed ? at : goal_) || !usable(step)) continue;
            if (reversed) step.side = static_cast<std::uint8_t>(1 - step.side);
            path_.push_back(step);
            visit(path_);
            path_.pop_back();
        }
    }
    [[nodiscard]] bool usable(const Step& step) const {
        return graph_.fresh(graph_.venue(step.venue)) && !visited(step);
    }
    [[nodiscard]] bool visited(const Step& step) const {
        return std::ranges::any_of(path_, [&](const Step& s) { return s.venue == step.venue; });
    }
    [[nodiscard]] bool passed(const Pubkey& mint) const {
        return std::ranges::any_of(path_,
                                   [&](const Step& s) { return mint_out_of(graph_, s) == mint; });
    }

    const PoolGraph& graph_;
    const OpportunityConfig& config_;
    std::vector<Step> path_;
    Pubkey goal_;
    std::size_t work_ = 0;
};

}  // namespace

std::int64_t Sized::gain() const {
    return outs.empty() ? 0
                        : saturate_to_int64(static_cast<Int128>(outs.back()) -
                                            static_cast<Int128>(amount_in));
}

std::optional<Sized> replay(const PoolGraph& graph, std::span<const Step> cycle,
                            std::uint64_t amount_in) {
    Sized sized{amount_in, {}};
    auto amount = amount_in;
    for (const auto& step : cycle) {
        const auto& v = graph.venue(step.venue);
        if (amount > v.cap_in[step.side]) return std::nullopt;
        amount = quote_out(v, step.side, amount);
        if (amount == 0) return std::nullopt;
        sized.outs.push_back(amount);
    }
    return sized;
}

std::optional<Sized> best_size(const PoolGraph& graph, std::span<const Step> cycle) {
    if (cycle.size() < 2) return std::nullopt;
    const auto c = compose_pools(graph, cycle);
    if (static_cast<UInt128>(c.out) * c.keep_ppm <= static_cast<UInt128>(c.in) * kMillion)
        return std::nullopt;
    // √(γ₁·X·Y): γ₁·Y fits 64 bits, so the product fits 128.
    const auto kept_out =
        static_cast<std::uint64_t>(static_cast<UInt128>(c.out) * c.keep_ppm / kMillion);
    const auto root = integer_sqrt(static_cast<UInt128>(kept_out) * c.in);
    if (root <= c.in || c.keep_ppm == 0) return std::nullopt;
    const auto wanted = mul_div(root - c.in, kMillion, c.keep_ppm);
    if (!wanted) return std::nullopt;
    const auto size = capped(graph, cycle, *wanted);
    std::optional<Sized> best;
    // Rounding shifts the optimum by a few units on small pools; look around it.
    const auto reach = std::min<std::uint64_t>(size, 8);
    for (auto in = size - reach; in <= size + 8; ++in) {
        auto tried = replay(graph, cycle, in);
        if (tried && tried->gain() > 0 && (!best || tried->gain() > best->gain()))
            best = std::move(tried);
    }
    return best;
}

std::optional<OpportunityFinder::Candidate> OpportunityFinder::weigh(
    std::vector<Step> cycle, const PriceTable& prices) const {
    if (!rotate_to_base(graph_, cycle)) return std::nullopt;
    auto size = best_size(graph_, cycle);
    if (!size) return std::nullopt;
    const auto gain = prices.to_lamports(mint_into(graph_, cycle[0]), RawDelta{size->gain()});
    if (!gain) return std::nullopt;
    const auto net = *gain - config_.base_fee - config_.tip;
    if (net < config_.net_min) return std::nullopt;
    Candidate c{std::move(cycle), std::move(*size), *gain, net, 0};
    c.key = cycle_key(graph_, c.cycle);
    return c;
}

void OpportunityFinder::search(std::span<const std::uint32_t> touched,
                               std::vector<Candidate>& found, const PriceTable& prices) const {
    Walk walk(graph_, config_);
    for (const auto id : touched)
        for (const auto side : kSides)
            walk.from(Step{id, side}, [&](const std::vector<Step>& path) {
                if (auto c = weigh(path, prices)) found.push_back(std::move(*c));
            });
}

bool OpportunityFinder::worth_telling(const Candidate& c, Slot slot) {
    if (told_.size() > kToldMax)
        std::erase_if(told_, [&](const auto& entry) {
            return entry.second.slot + config_.repeat_slots < slot.value();
        });
    if (told_.size() > kToldMax) told_.clear();
    auto& told = told_[c.key];
    const bool again = told.slot != 0 && told.slot + config_.repeat_slots >= slot.value() &&
                       c.net.value() < told.net + told.net / 10;
    if (again) return false;
    told = {slot.value(), c.net.value()};
    return true;
}

std::vector<Finding> OpportunityFinder::on_block(const solana::BlockActivity& block,
                                                 const PriceTable& prices) {
    const auto touched = graph_.on_block(block);
    std::vector<Candidate> found;
    search(touched, found, prices);
    std::ranges::sort(found, [](const Candidate& a, const Candidate& b) {
        return a.net != b.net ? a.net > b.net : a.key < b.key;
    });
    std::vector<std::uint32_t> taken;
    std::vector<Finding> findings;
    for (const auto& c : found) {
        if (findings.size() >= config_.findings_max) break;
        const bool overlaps = std::ranges::any_of(c.cycle, [&](const Step& s) {
            return std::ranges::find(taken, s.venue) != taken.end();
        });
        if (overlaps) continue;
        for (const auto& s : c.cycle) taken.push_back(s.venue);
        if (worth_telling(c, block.slot)) findings.push_back(tell(c, block, prices));
    }
    return findings;
}

}  // namespace astro::mev

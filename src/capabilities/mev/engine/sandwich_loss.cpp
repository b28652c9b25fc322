#include <algorithm>

#include "capabilities/mev/engine/amm.hpp"
#include "capabilities/mev/engine/evidence.hpp"
#include "capabilities/mev/engine/sandwich_account.hpp"

namespace astro::mev {
namespace {

using solana::Curve;
using solana::PoolState;
using solana::Swap;

/// A replay is exact when it reproduces what really happened to a millionth.
constexpr std::uint64_t kExactPerMillion = 1;

struct Step {
    const SwapRecord* record = nullptr;
    bool attacker = false, victim = false, forward = false;  ///< forward = A → B
};

struct Loss {
    std::optional<std::uint64_t> raw;
    LossMethod method = LossMethod::unknown;
};

bool close(std::uint64_t a, std::uint64_t b) {
    const auto difference = a > b ? a - b : b - a;
    return difference <= 2 + std::max(a, b) / 1'000'000 * kExactPerMillion;
}

/// Swaps of the pair from the first front to the last back, in order.
std::vector<Step> steps_of(const SandwichShape& shape, const std::vector<SwapRecord>& pool) {
    std::vector<Step> steps;
    for (const auto& r : pool) {
        if (r.at() < shape.fronts.front()->at() || r.at() > shape.backs.back()->at()) continue;
        const auto& s = r.swap();
        const bool forward = s.mint_in == shape.mint_a && s.mint_out == shape.mint_b;
        if (!forward && !(s.mint_in == shape.mint_b && s.mint_out == shape.mint_a)) continue;
        const bool attacker = std::ranges::find(shape.fronts, &r) != shape.fronts.end() ||
                              std::ranges::find(shape.backs, &r) != shape.backs.end();
        const bool victim = std::ranges::find(shape.victims, &r) != shape.victims.end();
        steps.push_back({&r, attacker, victim, forward});
    }
    return steps;
}

/// A pool that can be run forward from the state before the first front.
class ConstantProductReplay {
  public:
    static std::optional<ConstantProductReplay> before(const Swap& front) {
        const auto& state = front.state;
        if (state.curve != Curve::constant_product || state.reserve_in == 0 ||
            state.reserve_out == 0)
            return std::nullopt;
        ConstantProductReplay replay;
        replay.a_ = state.reserve_in;
        replay.b_ = state.reserve_out;
        return replay;
    }

    std::optional<std::uint64_t> apply(const Swap& s, bool forward) {
        auto& in = forward ? a_ : b_;
        auto& out = forward ? b_ : a_;
        const auto fee = s.state.fee_known ? s.state.fee_ppm : 0U;
        const auto bought = amm::constant_product_out({in, out}, s.amount_in, fee);
        if (!bought || __builtin_add_overflow(in, s.amount_in, &in)) return std::nullopt;
        out -= *bought;
        return bought;
    }

  private:
    std::uint64_t a_ = 0, b_ = 0;
};

/// √price before a swap: its own word, or worked out from the price after and what it paid out.
std::optional<UInt128> price_before(const Swap& s, const std::optional<UInt128>& after_previous) {
    const auto& state = s.state;
    if (state.sqrt_price_x64_before) return state.sqrt_price_x64_before;
    if (after_previous) return after_previous;
    if (!state.sqrt_price_x64_after || !state.liquidity || *state.liquidity == 0)
        return std::nullopt;
    const auto after = *state.sqrt_price_x64_after;
    const auto liquidity = *state.liquidity;
    if (state.zero_for_one) {
        const auto rise = amm::mul_div_ceil(static_cast<UInt128>(s.amount_out) << 64, 1, liquidity);
        return rise ? std::optional{after + *rise} : std::nullopt;
    }
    const auto moved = amm::mul_div_floor(s.amount_out, after, UInt128{1} << 64);
    if (!moved) return std::nullopt;
    return amm::mul_div_floor(after, liquidity, liquidity + *moved);
}

/// Liquidity that explains what the swap paid out between two prices.
std::optional<UInt128> liquidity_of(const Swap& s, UInt128 before, UInt128 after) {
    if (s.state.liquidity && *s.state.liquidity != 0) return s.state.liquidity;
    if (before == after) return std::nullopt;
    if (s.state.zero_for_one) {
        if (before < after) return std::nullopt;
        return amm::mul_div_floor(static_cast<UInt128>(s.amount_out) << 64, 1, before - after);
    }
    if (after < before) return std::nullopt;
    // out = L · 2^64 · (after − before) / (after · before)
    const auto scaled = amm::mul_div_floor(s.amount_out, before, after - before);
    return scaled ? amm::mul_div_floor(*scaled, after, UInt128{1} << 64) : std::nullopt;
}

/// The pool within one range of ticks. Liquidity and fee are those that explain each swap itself.
class ConcentratedReplay {
  public:
    static std::optional<ConcentratedReplay> before(const Swap& front) {
        if (!front.state.sqrt_price_x64_after && !front.state.sqrt_price_x64_before)
            return std::nullopt;
        const auto start = price_before(front, std::nullopt);
        if (!start) return std::nullopt;
        ConcentratedReplay replay;
        replay.price_ = *start;
        return replay;
    }

    /// `real_before` and the swap's own price after tell its liquidity and the input net of fee.
    std::optional<std::uint64_t> apply(const Swap& s, UInt128 real_before) {
        if (!s.state.sqrt_price_x64_after) return std::nullopt;
        const auto after = *s.state.sqrt_price_x64_after;
        const auto liquidity = liquidity_of(s, real_before, after);
        if (!liquidity) return std::nullopt;
        const auto net = s.state.zero_for_one
                             ? amm::amount0_between(real_before, after, *liquidity, true)
                             : amm::amount1_between(real_before, after, *liquidity, true);
        if (!net || *net > s.amount_in) return std::nullopt;
        const auto step = amm::concentrated_out(price_, *liquidity, *net, s.state.zero_for_one);
        if (!step) return std::nullopt;
        price_ = step->sqrt_price;
        same_range_ = same_range_ && (!liquidity_ || close_liquidity(*liquidity_, *liquidity));
        liquidity_ = liquidity;
        return step->other;
    }
    [[nodiscard]] bool same_range() const { return same_range_; }

  private:
    static bool close_liquidity(UInt128 a, UInt128 b) {
        const auto [less, more] = std::minmax(a, b);
        return more - less <= more / 100'000;
    }
    UInt128 price_ = 0;
    std::optional<UInt128> liquidity_;
    bool same_range_ = true;
};

std::uint64_t gain_over(std::uint64_t without, std::uint64_t with) {
    return without > with ? without - with : 0;
}

/// Two runs over the same swaps: one with everything, which must come to what happened, one
/// without the attacker.
std::vector<Loss> replay_constant_product(const std::vector<Step>& steps, const Swap& front) {
    auto real = ConstantProductReplay::before(front);
    if (!real) return {};
    auto without = real;
    bool exact = true;
    std::vector<Loss> losses;
    for (const auto& step : steps) {
        const auto& s = step.record->swap();
        const auto as_it_was = real->apply(s, step.forward);
        if (!as_it_was || *as_it_was == 0) return {};
        exact = exact && close(*as_it_was, s.amount_out);
        if (step.attacker) continue;
        const auto alone = without->apply(s, step.forward);
        if (!alone) return {};
        if (!step.victim) continue;
        if (exact) {
            losses.push_back({gain_over(*alone, s.amount_out), LossMethod::exact});
            continue;
        }
        const auto scaled = mul_div(*alone, s.amount_out, *as_it_was);
        const auto off =
            gain_over(std::max(*as_it_was, s.amount_out), std::min(*as_it_was, s.amount_out));
        if (!scaled || off > s.amount_out / 20) return {};
        losses.push_back({gain_over(*scaled, s.amount_out), LossMethod::bound});
    }
    return losses;
}

std::vector<Loss> replay_concentrated(const std::vector<Step>& steps, const Swap& front) {
    auto without = ConcentratedReplay::before(front);
    if (!without) return {};
    auto real = without;
    const auto start = price_before(front, std::nullopt);
    std::optional<UInt128> previous;
    bool exact = true;
    std::vector<Loss> losses;
    for (const auto& step : steps) {
        const auto& s = step.record->swap();
        const auto before = price_before(s, previous);
        previous = s.state.sqrt_price_x64_after;
        if (!before) return {};
        const auto as_it_was = real->apply(s, *before);
        exact = exact && as_it_was && close(*as_it_was, s.amount_out) && real->same_range();
        if (step.attacker) continue;
        const auto alone = without->apply(s, *before);
        if (!step.victim) continue;
        if (exact && alone) {
            losses.push_back({gain_over(*alone, s.amount_out), LossMethod::exact});
            continue;
        }
        const auto most = amm::out_at_price(*start, s.amount_in, s.state.zero_for_one);
        if (!most) return {};
        losses.push_back({gain_over(*most, s.amount_out), LossMethod::bound});
    }
    return losses;
}

/// Nothing known but the amounts: the price before the front-run is drawn from the average prices
/// of front and victim as if price fell in a line, and no impact of the victim's own is taken off.
Loss bound_by_prices(const Swap& front, const Swap& victim) {
    const auto at_front = mul_div(victim.amount_in, front.amount_out, front.amount_in);
    if (!at_front || *at_front <= victim.amount_out) return {};
    const UInt128 fall = *at_front - victim.amount_out;
    const UInt128 whole = static_cast<UInt128>(front.amount_in) + victim.amount_in;
    const UInt128 more = fall * front.amount_in / whole;
    const UInt128 loss = fall + more;
    if (loss > UINT64_MAX) return {};
    return {static_cast<std::uint64_t>(loss), LossMethod::bound};
}

std::optional<Lamports> value_of(const Swap& victim, std::uint64_t loss, const PriceTable& prices) {
    if (victim.mint_in == wsol_mint()) {  // the victim's own rate needs no table
        const auto lamports =
            mul_div(loss, victim.amount_in, std::max<std::uint64_t>(1, victim.amount_out));
        if (lamports && *lamports <= INT64_MAX)
            return Lamports{static_cast<std::int64_t>(*lamports)};
    }
    return prices.to_lamports(victim.mint_out, RawAmount{loss});
}

}  // namespace

std::vector<VictimLoss> victim_losses(const SandwichShape& shape,
                                      const std::vector<SwapRecord>& pool,
                                      const PriceTable& prices) {
    const auto steps = steps_of(shape, pool);
    const auto& front = shape.fronts.front()->swap();
    auto losses = front.state.curve == Curve::concentrated ? replay_concentrated(steps, front)
                                                           : replay_constant_product(steps, front);
    losses.resize(shape.victims.size());
    std::vector<VictimLoss> out;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        const auto& s = shape.victims[i]->swap();
        auto loss = losses[i];
        if (!loss.raw) loss = bound_by_prices(front, s);
        VictimLoss v;
        v.signature = s.signature;
        v.trader = s.trader;
        v.mint = s.mint_out;
        v.method = loss.method;
        if (loss.raw) {
            v.loss_raw = RawAmount{*loss.raw};
            v.loss_lamports = value_of(s, *loss.raw, prices);
        }
        out.push_back(std::move(v));
    }
    return out;
}

}  // namespace astro::mev

#include <algorithm>

#include "capabilities/mev/engine/opportunities.hpp"
#include "capabilities/mev/engine/wording.hpp"

namespace astro::mev {
namespace {

std::string hex16(std::uint64_t v) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t i = 0; i < 16; ++i) text[15 - i] = kDigits[(v >> (4 * i)) & 15];
    return text;
}

Leg leg_of(const Venue& v, int side, std::uint64_t in, std::uint64_t out) {
    Leg leg;
    leg.role = LegRole::hop;
    leg.slot = v.at.slot;
    leg.signature = v.signature;
    leg.tx_index = v.at.tx_index;
    leg.ix_index = v.at.ix_index;
    leg.inner_index = v.at.inner_index;
    leg.protocol = std::string(enum_name(v.protocol));
    leg.pool = v.pool;
    leg.mint_in = v.mint[side];
    leg.amount_in = RawAmount{in};
    leg.mint_out = v.mint[1 - side];
    leg.amount_out = RawAmount{out};
    leg.verified = v.exact;
    return leg;
}

std::string fee_text(const Venue& v) {
    return decimal_text(v.fee_ppm, 4) + " %";
}

}  // namespace

Finding OpportunityFinder::tell(const Candidate& c, const solana::BlockActivity& block,
                                const PriceTable& prices) const {
    const Wording say(block.mints);
    Finding f;
    f.kind = FindingKind::price_gap;
    f.status = FindingStatus::open;
    f.profitable = true;
    f.id = "gap-" + std::to_string(block.slot.value()) + "-" + hex16(c.key);
    f.slot = block.slot;
    f.time = block.time;
    f.start_mint = graph_.venue(c.cycle[0].venue).mint[c.cycle[0].side];
    f.profit_raw = RawDelta{c.size.gain()};
    f.fee_lamports = config_.base_fee;
    f.tip_lamports = config_.tip;
    f.net_lamports = c.net;
    f.net_usd_micros = prices.to_micro_usd(c.net);
    f.leader = block.leader;
    f.synthetic = block.synthetic;
    f.reasons.push_back("prices of " + std::to_string(c.cycle.size()) +
                        " pools disagree by more than their fees: put in " +
                        say.amount(f.start_mint, c.size.amount_in) + ", get " +
                        say.amount(f.start_mint, c.size.outs.back()));
    std::uint64_t oldest = block.slot.value();
    bool concentrated = false;
    auto in = c.size.amount_in;
    for (std::size_t i = 0; i < c.cycle.size(); ++i) {
        const auto& v = graph_.venue(c.cycle[i].venue);
        const int side = c.cycle[i].side;
        f.legs.push_back(leg_of(v, side, in, c.size.outs[i]));
        f.pools.push_back(v.pool);
        f.reasons.push_back(
            "hop " + std::to_string(i + 1) + ": " + say.amount(v.mint[side], in) + " → " +
            say.amount(v.mint[1 - side], c.size.outs[i]) + " at " +
            std::string(enum_name(v.protocol)) + " " + short_key(v.pool) + ", fee " + fee_text(v) +
            ", " + (v.concentrated ? "virtual reserves " : "reserves ") +
            say.amount(v.mint[side], v.reserve[side]) + " / " +
            say.amount(v.mint[1 - side], v.reserve[1 - side]) + " after its last swap");
        in = c.size.outs[i];
        oldest = std::min(oldest, v.at.slot.value());
        concentrated = concentrated || v.concentrated;
    }
    const auto age = block.slot.value() - oldest;
    f.reasons.push_back(
        "the size is the optimum of the composed pools, replayed with the "
        "programs' rounding; net of " +
        lamports_text(f.fee_lamports) + " fee and " + lamports_text(f.tip_lamports) +
        " tip: " + sol_text(c.net));
    if (concentrated)
        f.reasons.emplace_back(
            "kept small enough to stay near a concentrated pool's price; a "
            "border of its range closer than that is not visible");
    if (age > 0)
        f.reasons.push_back("the oldest of the pool states is " + std::to_string(age) +
                            " slots old; liquidity may have changed since");
    f.confidence =
        0.9 - (concentrated ? 0.15 : 0.0) -
        0.4 * static_cast<double>(age) / static_cast<double>(config_.graph.window_slots + 1);
    return f;
}

}  // namespace astro::mev

#include "capabilities/mev/engine/liquidation_health.hpp"

#include <algorithm>

#include "capabilities/mev/engine/evidence.hpp"
#include "capabilities/mev/engine/wording.hpp"

namespace astro::mev {
namespace {

constexpr Int128 kBps = 10'000;

Finding finding_of(const Position& p, const Health& h, Slot slot, std::optional<TimestampNs> time) {
    Finding f;
    f.kind = FindingKind::near_liquidation;
    f.status = FindingStatus::open;
    f.id = "near-" + std::to_string(slot.value()) + "-" + to_text(p.obligation).substr(0, 32);
    f.slot = slot;
    f.time = time;
    f.actor = p.owner;
    f.start_mint = wsol_mint();
    f.protocol = std::string(enum_name(p.protocol));
    f.pools = {p.market};
    f.reasons.push_back("debt counts " + sol_text(h.debt) + " against a limit of " +
                        sol_text(h.limit) + ": health " +
                        decimal_text(static_cast<std::int64_t>(h.ratio_bps), 2) + " %" +
                        (h.ratio_bps < 10'000 ? ", liquidatable" : ", liquidatable below 100 %"));
    f.reasons.emplace_back(
        "valued by recent swaps; the protocol's own oracle decides and may differ");
    f.confidence = h.ratio_bps < 10'000 ? 0.8 : 0.6;
    return f;
}

}  // namespace

std::optional<Health> health_of(const Position& position, const PriceTable& prices) {
    Int128 limit = 0, debt = 0;
    for (const auto& d : position.deposits)
        if (const auto value = prices.to_lamports(d.mint, d.amount))
            limit += static_cast<Int128>(value->value()) * d.weight_bps / kBps;
    for (const auto& b : position.borrows) {
        const auto value = prices.to_lamports(b.mint, b.amount);
        if (!value) return std::nullopt;
        debt += (static_cast<Int128>(value->value()) * b.weight_bps + kBps - 1) / kBps;
    }
    if (debt <= 0) return std::nullopt;
    const auto ratio = std::min<Int128>(limit * kBps / debt, INT64_MAX);
    return Health{Lamports{saturate_to_int64(limit)}, Lamports{saturate_to_int64(debt)},
                  static_cast<std::uint64_t>(ratio)};
}

std::vector<Finding> near_liquidations(std::span<const Position> positions,
                                       const PriceTable& prices, Slot slot,
                                       std::optional<TimestampNs> time,
                                       const HealthConfig& config) {
    std::vector<std::pair<std::uint64_t, Finding>> near;
    for (const auto& p : positions)
        if (const auto h = health_of(p, prices); h && h->ratio_bps < config.near_bps)
            near.emplace_back(h->ratio_bps, finding_of(p, *h, slot, time));
    std::ranges::stable_sort(near, {}, [](const auto& entry) { return entry.first; });
    std::vector<Finding> findings;
    for (auto& [ratio, f] : near) findings.push_back(std::move(f));
    return findings;
}

}  // namespace astro::mev

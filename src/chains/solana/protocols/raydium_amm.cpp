#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

constexpr std::uint32_t kFeePpm = 2500;

/// Where the coin and pc vaults stand. The first layout has an optional account before them.
struct Vaults {
    std::uint16_t coin = kNoKey, pc = kNoKey;
};

std::optional<Vaults> vaults_of(const SwapSite& site) {
    const ByteView data = site.data();
    if (data.empty()) return std::nullopt;
    switch (data[0]) {
        case 9:
        case 11: {
            const std::size_t first = site.instruction().accounts_count >= 18 ? 5 : 4;
            return Vaults{site.key_at(first), site.key_at(first + 1)};
        }
        case 16:
        case 17:
            return Vaults{site.key_at(3), site.key_at(4)};
        default:
            return std::nullopt;
    }
}

/// ray_log lines carry the reserves the program prices with; vaults also hold profit not yet taken.
std::optional<RayLog> find_ray_log(SwapSite& site) {
    constexpr std::string_view kPrefix = "ray_log: ";
    for (const ProgramLog& line : site.scope.logs()) {
        if (line.is_data || line.instruction != site.index) continue;
        if (!line.text.starts_with(kPrefix)) continue;
        const auto bytes = parse_base64(line.text.substr(kPrefix.size()));
        std::optional<RayLog> log;
        if (bytes) log = parse_ray_log(*bytes);
        if (!log) ++site.counters.unknown_events;
        return log;
    }
    return std::nullopt;
}

}  // namespace

SwapOutcome decode_raydium_amm(SwapSite& site) {
    auto vaults = vaults_of(site);
    if (!vaults) return SwapOutcome::not_a_swap;
    auto draft = find_vault_legs(site, vaults->coin, vaults->pc);
    if (!draft) return SwapOutcome::no_legs;
    draft->state.curve = Curve::constant_product;
    draft->state.fee_ppm = kFeePpm;
    if (const auto log = find_ray_log(site)) {
        const bool coin_in = draft->in.vault == vaults->coin;
        draft->state.reserve_in = coin_in ? log->pool_coin : log->pool_pc;
        draft->state.reserve_out = coin_in ? log->pool_pc : log->pool_coin;
        draft->state.exact = true;
    }
    draft->state.fee_known = true;
    add_swap(site, *draft, site.key_at(1));
    return SwapOutcome::swapped;
}

}  // namespace astro::solana

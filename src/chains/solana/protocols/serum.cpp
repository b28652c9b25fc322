#include "chains/solana/protocols/protocol.hpp"

/// Serum v3 and OpenBook v1. A taker's order locks funds in the market's vault; what it bought and
/// what it did not spend come back only when funds are settled, usually later in the transaction.
namespace astro::solana {
namespace {

enum Tag : std::uint32_t { new_order_v3 = 10, send_take = 13, settle_funds = 5 };
constexpr std::size_t kMarket = 0, kOpenOrders = 1, kCoinVault = 8, kPcVault = 9;
constexpr std::size_t kSettleCoinVault = 3, kSettlePcVault = 4;

std::optional<std::uint32_t> tag_of(ByteView data) {
    if (data.size() < 5 || data[0] != 0) return std::nullopt;
    return load_le<std::uint32_t>(data, 1);
}

/// The settlement that belongs to the order: the next one of the same market and open-orders
/// account, unless another order comes first.
std::optional<std::uint32_t> find_settlement(const SwapSite& site) {
    const Transaction& tx = site.scope.tx();
    for (std::uint32_t i = site.end; i < tx.instructions.size(); ++i) {
        const Instruction& ix = tx.instructions[i];
        if (ix.program_index != site.instruction().program_index) continue;
        const auto tag = tag_of(tx.data_of(ix));
        if (!tag || site.scope.key_at(ix, kMarket) != site.key_at(kMarket)) continue;
        if (site.scope.key_at(ix, kOpenOrders) != site.key_at(kOpenOrders)) continue;
        if (*tag == new_order_v3) return std::nullopt;
        if (*tag == settle_funds) return i;
    }
    return std::nullopt;
}

/// The largest transfer out of `vault` to someone who is not the market.
Movement* payout(std::span<Movement> movements, std::uint16_t vault) {
    Movement* best = nullptr;
    for (Movement& m : movements)
        if (m.kind == Movement::Kind::token && m.source == vault && m.amount > 0 &&
            (best == nullptr || m.amount > best->amount))
            best = &m;
    return best;
}

Movement* deposit(const SwapSite& site, std::uint16_t coin, std::uint16_t pc) {
    for (Movement& m : site.movements)
        if (m.kind == Movement::Kind::token && m.amount > 0 &&
            (m.destination == coin || m.destination == pc))
            return &m;
    return nullptr;
}

SwapOutcome decode_order(SwapSite& site) {
    const std::uint16_t coin = site.key_at(kCoinVault), pc = site.key_at(kPcVault);
    Movement* in = deposit(site, coin, pc);
    const auto settlement = find_settlement(site);
    if (in == nullptr || !settlement) return SwapOutcome::not_a_swap;
    const Instruction& ix = site.scope.tx().instructions[*settlement];
    if (site.scope.key_at(ix, kSettleCoinVault) != coin ||
        site.scope.key_at(ix, kSettlePcVault) != pc)
        return SwapOutcome::no_legs;
    const auto movements =
        site.scope.movements_in(*settlement, site.scope.subtree_end(*settlement));
    Movement* out = payout(movements, in->destination == coin ? pc : coin);
    if (out == nullptr) return SwapOutcome::not_a_swap;  // nothing matched
    Movement* refund = payout(movements, in->destination);
    const std::uint64_t returned = refund == nullptr ? 0 : refund->amount;
    if (returned >= in->amount) return SwapOutcome::not_a_swap;
    in->is_leg = out->is_leg = true;
    if (refund != nullptr) refund->is_leg = true;
    SwapDraft draft;
    draft.in = {in->source, in->destination, in->authority, in->amount - returned, 0, false};
    draft.out = {out->destination, out->source, out->authority, out->amount, 0, false};
    add_swap(site, draft, site.key_at(kMarket));
    return SwapOutcome::swapped;
}

}  // namespace

SwapOutcome decode_serum(SwapSite& site) {
    const auto tag = tag_of(site.data());
    if (tag == new_order_v3) return decode_order(site);
    if (tag != send_take) return SwapOutcome::not_a_swap;
    const auto draft = find_vault_legs(site, site.key_at(kCoinVault), site.key_at(kPcVault));
    if (!draft) return site.movements.empty() ? SwapOutcome::not_a_swap : SwapOutcome::no_legs;
    add_swap(site, *draft, site.key_at(kMarket));
    return SwapOutcome::swapped;
}

}  // namespace astro::solana

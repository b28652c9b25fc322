#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

bool is_transfer(const Movement& m) {
    return m.kind == Movement::Kind::token;
}

Leg leg_into_vault(const Movement& m) {
    return {m.source, m.destination, m.authority, m.amount, m.fee, false};
}
Leg leg_from_vault(const Movement& m) {
    return {m.destination, m.source, m.authority, m.amount, m.fee, false};
}

}  // namespace

std::optional<SwapDraft> find_vault_legs(SwapSite& site, std::uint16_t vault_a,
                                         std::uint16_t vault_b) {
    if (vault_a == kNoKey || vault_b == kNoKey || vault_a == vault_b) return std::nullopt;
    const auto is_vault = [&](std::uint16_t key) { return key == vault_a || key == vault_b; };
    Movement* in = nullptr;
    for (Movement& m : site.movements)
        if (is_transfer(m) && is_vault(m.destination) && !is_vault(m.source) &&
            (in == nullptr || m.amount > in->amount))
            in = &m;
    if (in == nullptr) return std::nullopt;
    const std::uint16_t other = in->destination == vault_a ? vault_b : vault_a;
    Movement* out = nullptr;
    for (Movement& m : site.movements)
        if (is_transfer(m) && m.source == other && !is_vault(m.destination) &&
            (out == nullptr || m.amount > out->amount))
            out = &m;
    if (out == nullptr) return std::nullopt;
    in->is_leg = out->is_leg = true;
    SwapDraft draft;
    draft.in = leg_into_vault(*in);
    draft.out = leg_from_vault(*out);
    return draft;
}

namespace {

bool same_owner(const TokenAccounts& accounts, std::uint16_t a, std::uint16_t b) {
    const TokenAccount& left = accounts[a];
    const TokenAccount& right = accounts[b];
    return !left.has_owner || !right.has_owner || left.owner == right.owner;
}

/// The last transfer of another token that goes the other way between `first`'s two parties.
Movement* find_answer(SwapSite& site, const Movement& first) {
    const TokenAccounts& accounts = site.scope.accounts;
    Movement* answer = nullptr;
    for (Movement& m : site.movements) {
        if (!is_transfer(m) || m.amount == 0 || m.authority == first.authority) continue;
        const TokenAccount& token = accounts[m.source];
        const TokenAccount& given = accounts[first.source];
        if (!token.has_mint || !given.has_mint || token.mint == given.mint) continue;
        if (same_owner(accounts, m.source, first.destination) &&
            same_owner(accounts, m.destination, first.source))
            answer = &m;
    }
    return answer;
}

/// The first transfer that another one answers, and the answer.
std::pair<Movement*, Movement*> find_exchange(SwapSite& site) {
    // The search is quadratic; no program's single swap moves more than a few tokens.
    constexpr std::size_t kMost = 64;
    if (site.movements.size() > kMost) return {nullptr, nullptr};
    for (Movement& m : site.movements) {
        if (!is_transfer(m) || m.amount == 0) continue;
        if (Movement* answer = find_answer(site, m)) return {&m, answer};
    }
    return {nullptr, nullptr};
}

/// Most pools take before they give. The later transfer is the trader's where only that one was
/// allowed by a signer or, within a route, by the party that allowed more of the transaction's
/// transfers: a route's authority acts in every hop, a pool's in its own.
bool trader_allowed_second(const SwapSite& site, const Movement& first, const Movement& second) {
    const Transaction& tx = site.scope.tx();
    const bool first_signed = tx.is_signer(first.authority);
    if (first_signed || tx.is_signer(second.authority)) return !first_signed;
    std::ptrdiff_t lead = 0;
    for (const Movement& m : site.scope.movements)
        lead += (m.authority == second.authority) - (m.authority == first.authority);
    return lead > 0;
}

}  // namespace

std::optional<SwapDraft> find_opposite_legs(SwapSite& site) {
    auto [first, second] = find_exchange(site);
    if (second == nullptr) return std::nullopt;
    if (trader_allowed_second(site, *first, *second)) std::swap(first, second);
    first->is_leg = second->is_leg = true;
    SwapDraft draft;
    draft.in = leg_into_vault(*first);
    draft.out = leg_from_vault(*second);
    return draft;
}

bool looks_like_swap(SwapSite& site) {
    return find_exchange(site).second != nullptr;
}

namespace {

/// Vault balances price a constant product; they do not price concentrated liquidity or orders.
void take_reserves_from_vaults(const TransactionScope& scope, SwapDraft& draft) {
    PoolState& state = draft.state;
    if (state.curve != Curve::constant_product && state.curve != Curve::stable) return;
    if (state.reserve_in != 0 || state.reserve_out != 0) return;
    if (draft.in.native || draft.out.native) return;
    const TokenAccount& in = scope.accounts[draft.in.vault];
    const TokenAccount& out = scope.accounts[draft.out.vault];
    if (!in.has_pre || !out.has_pre) return;
    state.reserve_in = in.running;
    state.reserve_out = out.running;
}

}  // namespace

void add_swap(SwapSite& site, SwapDraft draft, std::uint16_t pool) {
    draft.instruction = site.index;
    draft.end = site.end;
    draft.row = &site.row;
    draft.pool = pool;
    if (draft.state.curve == Curve::unknown) draft.state.curve = site.row.curve;
    take_reserves_from_vaults(site.scope, draft);
    site.drafts.push_back(draft);
}

namespace {

constexpr std::uint64_t kMillion = 1'000'000;

UInt128 divide_up(UInt128 a, UInt128 b) {
    return (a + b - 1) / b;
}

/// What an input buys: the program was given the input.
UInt128 output_of(const PoolState& state, std::uint64_t amount_in) {
    const UInt128 net =
        UInt128{amount_in} - divide_up(UInt128{amount_in} * state.fee_ppm, kMillion);
    return net * state.reserve_out / (UInt128{state.reserve_in} + net);
}

/// What an output costs: the program was given the output.
UInt128 input_for(const PoolState& state, std::uint64_t amount_out) {
    const UInt128 net =
        divide_up(UInt128{state.reserve_in} * amount_out, UInt128{state.reserve_out} - amount_out);
    // Beyond 64 bits it is no amount, and the product below would not fit.
    if (net > ~std::uint64_t{0}) return 0;
    return divide_up(net * kMillion, kMillion - state.fee_ppm);
}

}  // namespace

bool constant_product_gives(const PoolState& state, std::uint64_t amount_in,
                            std::uint64_t amount_out) {
    if (state.reserve_in == 0 || state.fee_ppm >= kMillion) return false;
    if (amount_out >= state.reserve_out) return false;
    return output_of(state, amount_in) == amount_out || input_for(state, amount_out) == amount_in;
}

void imply_fee(SwapDraft& draft, std::span<const std::uint32_t> candidates_ppm) {
    PoolState trial = draft.state;
    std::optional<std::uint32_t> found;
    for (const auto candidate : candidates_ppm) {
        trial.fee_ppm = candidate;
        if (!constant_product_gives(trial, draft.in.sent - draft.in.fee, draft.out.sent)) continue;
        if (found) return;  // too small a swap to tell
        found = candidate;
    }
    if (!found) return;
    draft.state.fee_ppm = *found;
    draft.state.fee_known = true;
}

namespace {

constexpr std::uint64_t kKnownEvents[] = {
    events::kSwapEvent,     events::kSwapsEvent, events::kFeeEvent, events::kTraded,
    events::kDlmmSwap,      events::kTradeEvent, events::kBuyEvent, events::kSellEvent,
    events::kCompleteEvent, events::kEvtSwap,    events::kEvtSwap2, events::kFillLog,
};

bool is_known_event(std::uint64_t name) {
    for (const auto known : kKnownEvents)
        if (known == name) return true;
    return false;
}

}  // namespace

std::optional<ByteView> SwapSite::called_event(std::uint64_t name) const {
    const Transaction& tx = scope.tx();
    std::optional<ByteView> found;
    for (std::uint32_t i = index + 1; i < end; ++i) {
        const Instruction& ix = tx.instructions[i];
        if (ix.program_index != instruction().program_index) continue;
        const ByteView bytes = tx.data_of(ix);
        if (!is_event_call(bytes)) continue;
        const auto this_name = load_le<std::uint64_t>(bytes, 8);
        if (this_name == name && !found) found = bytes.subspan(16);
        if (!is_known_event(this_name)) ++counters.unknown_events;
    }
    return found;
}

std::optional<Bytes> SwapSite::logged_event(std::uint64_t name) const {
    std::optional<Bytes> found;
    for (const ProgramLog& line : scope.logs()) {
        if (!line.is_data || line.instruction != index) continue;
        auto bytes = parse_base64(line.text);
        if (!bytes || bytes->size() < 8) continue;
        const auto this_name = load_le<std::uint64_t>(ByteView(*bytes), 0);
        if (this_name == name && !found) found = Bytes(bytes->begin() + 8, bytes->end());
        if (!is_known_event(this_name)) ++counters.unknown_events;
    }
    return found;
}

}  // namespace astro::solana

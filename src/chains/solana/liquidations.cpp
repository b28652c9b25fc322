#include "chains/solana/liquidations.hpp"

#include <charconv>

#include "chains/solana/events.hpp"

namespace astro::solana {
namespace {

constexpr std::uint64_t kKaminoLiquidate = discriminator("b1479abce2854a37");
constexpr std::uint64_t kKaminoLiquidateV2 = discriminator("a2a1238f1ebbb967");
constexpr std::uint64_t kMarginfiLiquidate = discriminator("d6a997d5fba756db");
constexpr std::uint64_t kMarginfiStart = discriminator("f45d5ad6c0a6bf15");
constexpr std::uint64_t kMarginfiEnd = discriminator("6e0bf436e5b516b8");
constexpr std::uint64_t kMarginfiWithdraw = discriminator("24484a13d2d2c0c0");
constexpr std::uint64_t kMarginfiRepay = discriminator("4fd1acb1de33ad97");

struct DriftName {
    std::uint64_t discriminator;
    const char* text;
};
constexpr DriftName kDriftNames[] = {
    {discriminator("4b2377f7bf128b02"), "liquidate_perp"},
    {discriminator("5f6f7c6956a9bb22"), "liquidate_perp_with_fill"},
    {discriminator("6b00802923e5fb12"), "liquidate_spot"},
    {discriminator("0c2bb0539cfb750d"), "liquidate_spot_with_swap_begin"},
    {discriminator("8e58a3a0df4b37e1"), "liquidate_spot_with_swap_end"},
    {discriminator("a911205acf94d11b"), "liquidate_borrow_for_perp_pnl"},
    {discriminator("ed4bc6ebe9ba4b23"), "liquidate_perp_pnl_for_deposit"},
    {discriminator("e010b0d6a2d5b7de"), "resolve_perp_bankruptcy"},
    {discriminator("7cc2f0fec6d5347a"), "resolve_spot_bankruptcy"},
};

/// One lending instruction with what it caused.
struct Site {
    TransactionScope& scope;
    std::uint32_t index;
    std::uint32_t end;

    [[nodiscard]] const Instruction& instruction() const { return scope.tx().instructions[index]; }
    [[nodiscard]] ByteView data() const { return scope.tx().data_of(instruction()); }
    [[nodiscard]] std::uint16_t key_at(std::size_t position) const {
        return scope.key_at(instruction(), position);
    }
    [[nodiscard]] Pubkey pubkey(std::size_t position) const {
        const std::uint16_t key = key_at(position);
        return key == kNoKey ? Pubkey{} : scope.tx().keys[key];
    }
};

/// A sum of transfers and the token they were in.
struct Flow {
    std::uint64_t amount = 0;
    Pubkey mint;
};

/// All that went from one account to another; kNoKey stands for any account.
Flow flow_between(const Site& site, std::uint16_t source, std::uint16_t destination) {
    Flow flow;
    for (const Movement& m : site.scope.movements_in(site.index, site.end)) {
        if (m.kind != Movement::Kind::token) continue;
        if (source != kNoKey && m.source != source) continue;
        if (destination != kNoKey && m.destination != destination) continue;
        flow.amount = checked_add(flow.amount, m.received()).value_or(flow.amount);
        flow.mint = site.scope.accounts[m.source].mint;
    }
    return flow;
}

LiquidationCall call_of(const Site& site, Slot slot, LendingProtocol protocol,
                        const char* instruction) {
    LiquidationCall call;
    const Instruction& ix = site.instruction();
    call.at = {slot, site.scope.tx().index, ix.outer_index, ix.inner_index};
    call.protocol = protocol;
    call.instruction = instruction;
    call.program = site.scope.tx().program_of(ix);
    return call;
}

void set_flows(LiquidationCall& call, const Flow& repaid, const Flow& seized) {
    call.repaid = repaid.amount;
    call.repay_mint = repaid.mint;
    call.seized = seized.amount;
    call.seized_mint = seized.mint;
}

/// Where Save's two liquidation instructions keep their accounts.
std::optional<LiquidationCall> decode_save(const Site& site, Slot slot) {
    const ByteView data = site.data();
    const std::size_t accounts = site.instruction().accounts_count;
    if (data.size() < 9) return std::nullopt;
    if (data[0] == 12 && accounts >= 10) {
        auto call = call_of(site, slot, LendingProtocol::save, "liquidate_obligation");
        call.obligation = site.pubkey(6);
        call.market = site.pubkey(7);
        call.liquidator = site.pubkey(9);
        set_flows(call, flow_between(site, site.key_at(0), site.key_at(3)),
                  flow_between(site, site.key_at(5), site.key_at(1)));
        return call;
    }
    if (data[0] == 17 && accounts >= 14) {
        auto call = call_of(site, slot, LendingProtocol::save, "liquidate_obligation_and_redeem");
        call.obligation = site.pubkey(10);
        call.market = site.pubkey(11);
        call.liquidator = site.pubkey(13);
        Flow seized = flow_between(site, site.key_at(8), site.key_at(2));
        // A reserve short of liquidity hands out collateral tokens instead.
        if (seized.amount == 0) seized = flow_between(site, site.key_at(7), site.key_at(1));
        set_flows(call, flow_between(site, site.key_at(0), site.key_at(4)), seized);
        return call;
    }
    return std::nullopt;
}

/// The bonus Kamino writes to its log: "… liquidation bonus: 250 bps …", in either case.
std::optional<std::uint32_t> logged_bonus(const Site& site) {
    constexpr std::string_view kWords = "iquidation bonus: ";
    for (const ProgramLog& line : site.scope.logs()) {
        if (line.is_data || line.instruction != site.index) continue;
        const std::size_t at = line.text.find(kWords);
        if (at == std::string_view::npos) continue;
        const std::string_view number = line.text.substr(at + kWords.size());
        std::uint32_t value = 0;
        const auto [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), value);
        const std::string_view unit(end, static_cast<std::size_t>(number.end() - end));
        if (error == std::errc{} && (unit.starts_with(" bps") || unit.starts_with("bps")))
            return value;
    }
    return std::nullopt;
}

std::optional<LiquidationCall> decode_kamino(const Site& site, Slot slot) {
    if (site.data().size() < 8 || site.instruction().accounts_count < 16) return std::nullopt;
    const auto name = load_le<std::uint64_t>(site.data(), 0);
    if (name != kKaminoLiquidate && name != kKaminoLiquidateV2) return std::nullopt;
    auto call =
        call_of(site, slot, LendingProtocol::kamino,
                name == kKaminoLiquidate ? "liquidate_obligation_and_redeem_reserve_collateral"
                                         : "liquidate_obligation_and_redeem_reserve_collateral_v2");
    call.liquidator = site.pubkey(0);
    call.obligation = site.pubkey(1);
    call.market = site.pubkey(2);
    Flow seized = flow_between(site, kNoKey, site.key_at(15));
    if (seized.amount == 0) seized = flow_between(site, kNoKey, site.key_at(14));
    set_flows(call, flow_between(site, site.key_at(13), kNoKey), seized);
    call.bonus_bps = logged_bonus(site);
    return call;
}

/// The event's payload, from the program's own log line or its call to itself.
template <class E>
std::optional<E> find_event(const Site& site, std::uint64_t name,
                            std::optional<E> (*parse)(ByteView), DecodeCounters& counters) {
    for (const ProgramLog& line : site.scope.logs()) {
        if (!line.is_data || line.instruction != site.index) continue;
        const auto bytes = parse_base64(line.text);
        if (!bytes || bytes->size() < 8 || load_le<std::uint64_t>(ByteView(*bytes), 0) != name)
            continue;
        auto event = parse(ByteView(*bytes).subspan(8));
        if (!event) ++counters.unknown_events;
        return event;
    }
    for (std::uint32_t i = site.index + 1; i < site.end; ++i) {
        const ByteView data = site.scope.tx().data_of(site.scope.tx().instructions[i]);
        if (!is_event_call(data) || load_le<std::uint64_t>(data, 8) != name) continue;
        auto event = parse(data.subspan(16));
        if (!event) ++counters.unknown_events;
        return event;
    }
    return std::nullopt;
}

std::optional<LiquidationCall> decode_marginfi_classic(const Site& site, Slot slot,
                                                       DecodeCounters& counters) {
    if (site.instruction().accounts_count < 6) return std::nullopt;
    const auto event =
        find_event(site, events::kMarginfiLiquidate, parse_marginfi_liquidate, counters);
    if (!event) return std::nullopt;
    auto call = call_of(site, slot, LendingProtocol::marginfi, "lending_account_liquidate");
    call.market = site.pubkey(0);
    call.liquidator = site.pubkey(4);
    call.obligation = site.pubkey(5);
    set_flows(call, {event->repaid, event->liability_mint}, {event->seized, event->asset_mint});
    return call;
}

/// Receivership: between start and end the liquidator withdraws and repays as if it were the owner.
std::optional<LiquidationCall> decode_marginfi_receivership(const Site& start, Slot slot) {
    const Transaction& tx = start.scope.tx();
    const std::uint16_t obligation = start.key_at(0);
    if (obligation == kNoKey) return std::nullopt;
    auto call = call_of(start, slot, LendingProtocol::marginfi, "start_liquidation");
    call.obligation = tx.keys[obligation];
    Flow repaid, seized;
    for (std::uint32_t i = start.index + 1; i < tx.instructions.size(); ++i) {
        const Instruction& ix = tx.instructions[i];
        if (tx.program_of(ix) != programs::kMarginfi || tx.data_of(ix).size() < 8) continue;
        const Site site{start.scope, i, start.scope.subtree_end(i)};
        const auto name = load_le<std::uint64_t>(tx.data_of(ix), 0);
        if (name == kMarginfiEnd && site.key_at(0) == obligation) break;
        if (site.key_at(1) != obligation) continue;
        if (name == kMarginfiRepay) {
            const Flow flow = flow_between(site, site.key_at(4), kNoKey);
            call.market = site.pubkey(0);
            call.liquidator = site.pubkey(2);
            if (flow.amount > repaid.amount) repaid = flow;
        } else if (name == kMarginfiWithdraw) {
            const Flow flow = flow_between(site, kNoKey, site.key_at(4));
            if (flow.amount > seized.amount) seized = flow;
        }
    }
    set_flows(call, repaid, seized);
    return call;
}

std::optional<LiquidationCall> decode_marginfi(const Site& site, Slot slot,
                                               DecodeCounters& counters) {
    if (site.data().size() < 8) return std::nullopt;
    const auto name = load_le<std::uint64_t>(site.data(), 0);
    if (name == kMarginfiLiquidate) return decode_marginfi_classic(site, slot, counters);
    if (name == kMarginfiStart) return decode_marginfi_receivership(site, slot);
    return std::nullopt;
}

std::uint64_t saturated(UInt128 value) {
    constexpr std::uint64_t kMost = ~std::uint64_t{0};
    return value > kMost ? kMost : static_cast<std::uint64_t>(value);
}

std::optional<LiquidationCall> decode_drift(const Site& site, Slot slot, DecodeCounters& counters) {
    if (site.data().size() < 8) return std::nullopt;
    const auto name = load_le<std::uint64_t>(site.data(), 0);
    for (const DriftName& known : kDriftNames) {
        if (known.discriminator != name) continue;
        const auto event =
            find_event(site, events::kDriftLiquidation, parse_drift_liquidation, counters);
        if (!event) return std::nullopt;
        auto call = call_of(site, slot, LendingProtocol::drift, known.text);
        call.market = site.pubkey(0);
        call.liquidator = event->liquidator;
        call.obligation = event->user;
        constexpr std::uint8_t kPerp = 0;
        call.repaid =
            event->type == kPerp ? event->perp_quote : saturated(event->liability_transfer);
        call.seized = event->type == kPerp ? event->perp_base : saturated(event->asset_transfer);
        return call;
    }
    return std::nullopt;
}

}  // namespace

void find_liquidations(TransactionScope& scope, Slot slot, std::vector<LiquidationCall>& out,
                       DecodeCounters& counters) {
    const Transaction& tx = scope.tx();
    for (std::uint32_t i = 0; i < tx.instructions.size(); ++i) {
        const Instruction& ix = tx.instructions[i];
        if (scope.program(ix).role != ProgramRole::lending) continue;
        const Site site{scope, i, scope.subtree_end(i)};
        const Pubkey& program = tx.program_of(ix);
        std::optional<LiquidationCall> call;
        if (program == programs::kSave) call = decode_save(site, slot);
        if (program == programs::kKamino) call = decode_kamino(site, slot);
        if (program == programs::kMarginfi) call = decode_marginfi(site, slot, counters);
        if (program == programs::kDrift) call = decode_drift(site, slot, counters);
        if (call && call->repaid > 0) out.push_back(std::move(*call));
    }
}

}  // namespace astro::solana

#include "chains/solana/events.hpp"

namespace astro::solana {
namespace {

/// Reads little-endian fields in order. After a read past the end, ok() is false and values are 0.
class Reader {
  public:
    explicit Reader(ByteView bytes) : bytes_(bytes) {}

    template <class T>
    T number() {
        if (!take(sizeof(T))) return T{};
        return load_le<T>(bytes_, at_ - sizeof(T));
    }
    std::uint8_t u8() { return number<std::uint8_t>(); }
    std::uint16_t u16() { return number<std::uint16_t>(); }
    std::uint32_t u32() { return number<std::uint32_t>(); }
    std::int32_t i32() { return number<std::int32_t>(); }
    std::uint64_t u64() { return number<std::uint64_t>(); }
    std::int64_t i64() { return number<std::int64_t>(); }
    UInt128 u128() { return number<UInt128>(); }
    bool boolean() { return u8() != 0; }
    Pubkey key() {
        Pubkey out;
        if (take(32)) std::memcpy(out.bytes.data(), bytes_.data() + at_ - 32, 32);
        return out;
    }
    void skip(std::size_t size) { (void)take(size); }

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

    /// The event read so far, unless bytes were missing.
    template <class E>
    std::optional<E> finish(E event) const {
        if (!ok_) return std::nullopt;
        return event;
    }

  private:
    bool take(std::size_t size) {
        if (!ok_ || size > bytes_.size() - at_) {
            ok_ = false;
            return false;
        }
        at_ += size;
        return true;
    }

    ByteView bytes_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

std::uint64_t magnitude(std::int64_t value) {
    return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value)
                     : static_cast<std::uint64_t>(value);
}

/// before − after as a whole amount; 0 when it is negative or no number.
std::uint64_t rounded_decrease(double before, double after) {
    const double change = before - after;
    constexpr double kLimit = 18446744073709549568.0;  // the largest double below 2^64
    return change >= 0.5 && change <= kLimit ? static_cast<std::uint64_t>(change + 0.5) : 0;
}

}  // namespace

std::optional<RayLog> parse_ray_log(ByteView bytes) {
    constexpr std::uint8_t kSwapBaseIn = 3, kSwapBaseOut = 4;
    Reader r(bytes);
    const std::uint8_t type = r.u8();
    if (type != kSwapBaseIn && type != kSwapBaseOut) return std::nullopt;
    RayLog e;
    const std::uint64_t first = r.u64();   // base in: amount in; base out: maximum in
    const std::uint64_t second = r.u64();  // base in: minimum out; base out: amount out
    r.skip(16);                            // direction, balance of the user's source account
    e.pool_coin = r.u64();
    e.pool_pc = r.u64();
    const std::uint64_t result = r.u64();  // base in: amount out; base out: amount in
    e.amount_in = type == kSwapBaseIn ? first : result;
    e.amount_out = type == kSwapBaseIn ? result : second;
    return r.finish(e);
}

std::optional<CpmmSwapEvent> parse_cpmm_swap(ByteView payload) {
    Reader r(payload);
    CpmmSwapEvent e;
    e.pool = r.key();
    e.reserve_in = r.u64();
    e.reserve_out = r.u64();
    e.amount_in = r.u64();
    e.amount_out = r.u64();
    e.transfer_fee_in = r.u64();
    e.transfer_fee_out = r.u64();
    e.base_input = r.boolean();
    return r.finish(e);
}

std::optional<ClmmSwapEvent> parse_clmm_swap(ByteView payload) {
    Reader r(payload);
    ClmmSwapEvent e;
    e.pool = r.key();
    r.skip(96);  // sender and the two token accounts
    e.amount_0 = r.u64();
    r.skip(8);
    e.amount_1 = r.u64();
    r.skip(8);
    e.zero_for_one = r.boolean();
    e.sqrt_price_x64 = r.u128();
    e.liquidity = r.u128();
    e.tick = r.i32();
    return r.finish(e);
}

std::optional<WhirlpoolTraded> parse_whirlpool_traded(ByteView payload) {
    Reader r(payload);
    WhirlpoolTraded e;
    e.pool = r.key();
    e.a_to_b = r.boolean();
    e.sqrt_price_before = r.u128();
    e.sqrt_price_after = r.u128();
    e.amount_in = r.u64();
    e.amount_out = r.u64();
    e.transfer_fee_in = r.u64();
    e.transfer_fee_out = r.u64();
    e.lp_fee = r.u64();
    e.protocol_fee = r.u64();
    return r.finish(e);
}

std::optional<DlmmSwapEvent> parse_dlmm_swap(ByteView payload) {
    Reader r(payload);
    DlmmSwapEvent e;
    e.pool = r.key();
    e.from = r.key();
    e.start_bin = r.i32();
    e.end_bin = r.i32();
    e.amount_in = r.u64();
    e.amount_out = r.u64();
    e.swap_for_y = r.boolean();
    e.fee = r.u64();
    e.protocol_fee = r.u64();
    return r.finish(e);
}

std::optional<PumpTradeEvent> parse_pump_trade(ByteView payload) {
    Reader r(payload);
    PumpTradeEvent e;
    e.mint = r.key();
    e.lamports = r.u64();
    e.tokens = r.u64();
    e.is_buy = r.boolean();
    e.user = r.key();
    r.skip(8);  // time
    e.virtual_lamports = r.u64();
    e.virtual_tokens = r.u64();
    return r.finish(e);
}

std::optional<PumpSwapEvent> parse_pumpswap_trade(ByteView payload) {
    Reader r(payload);
    PumpSwapEvent e;
    r.skip(8);  // time
    e.base = r.u64();
    r.skip(24);  // limit, the user's two balances
    e.pool_base = r.u64();
    e.pool_quote = r.u64();
    e.quote = r.u64();
    e.lp_fee_bps = r.u64();
    r.skip(8);
    e.protocol_fee_bps = r.u64();
    r.skip(24);  // protocol fee, quote with the lp fee, quote of the user
    e.pool = r.key();
    return r.finish(e);
}

std::optional<DammSwapEvent> parse_damm_swap(ByteView payload) {
    Reader r(payload);
    DammSwapEvent e;
    e.pool = r.key();
    e.direction = r.u8();
    r.skip(1 + 16);  // has_referral; amount in and least amount out asked for
    e.amount_out = r.u64();
    e.next_sqrt_price = r.u128();
    r.skip(32);  // lp, protocol, partner, referral fee
    e.amount_in = r.u64();
    return r.finish(e);
}

namespace {

/// The part both programs' second event version share.
DammSwapEvent read_swap_result2(Reader& r, DammSwapEvent e) {
    r.skip(17);  // the two amounts asked for, mode
    e.amount_in = r.u64();
    r.skip(16);  // input without fee, input left over
    e.amount_out = r.u64();
    e.next_sqrt_price = r.u128();
    return e;
}

}  // namespace

std::optional<DammSwapEvent> parse_damm_swap2(ByteView payload) {
    Reader r(payload);
    DammSwapEvent e;
    e.pool = r.key();
    e.direction = r.u8();
    r.skip(2);  // collect_fee_mode, has_referral
    return r.finish(read_swap_result2(r, e));
}

std::optional<DammSwapEvent> parse_dbc_swap(ByteView payload) {
    Reader r(payload);
    DammSwapEvent e;
    e.pool = r.key();
    r.skip(32);  // config
    e.direction = r.u8();
    r.skip(1 + 16);  // has_referral; amounts asked for
    e.amount_in = r.u64();
    e.amount_out = r.u64();
    e.next_sqrt_price = r.u128();
    return r.finish(e);
}

std::optional<DammSwapEvent> parse_dbc_swap2(ByteView payload) {
    Reader r(payload);
    DammSwapEvent e;
    e.pool = r.key();
    r.skip(32);  // config
    e.direction = r.u8();
    r.skip(1);  // has_referral
    return r.finish(read_swap_result2(r, e));
}

std::optional<LaunchLabTradeEvent> parse_launchlab_trade(ByteView payload) {
    Reader r(payload);
    LaunchLabTradeEvent e;
    e.pool = r.key();
    r.skip(8);  // total_base_sell
    e.virtual_base = r.u64();
    e.virtual_quote = r.u64();
    e.real_base_before = r.u64();
    e.real_quote_before = r.u64();
    r.skip(16);  // real reserves after
    e.amount_in = r.u64();
    e.amount_out = r.u64();
    return r.finish(e);
}

std::optional<JupiterHop> parse_jupiter_swap(ByteView payload) {
    Reader r(payload);
    JupiterHop e;
    e.amm = r.key();
    e.mint_in = r.key();
    e.amount_in = r.u64();
    e.mint_out = r.key();
    e.amount_out = r.u64();
    return r.finish(e);
}

std::optional<std::vector<JupiterHop>> parse_jupiter_swaps(ByteView payload) {
    constexpr std::size_t kHopBytes = 80;
    Reader r(payload);
    const std::uint32_t count = r.u32();
    if (count > r.left() / kHopBytes) return std::nullopt;
    std::vector<JupiterHop> hops(count);
    for (auto& e : hops) {
        e.mint_in = r.key();
        e.amount_in = r.u64();
        e.mint_out = r.key();
        e.amount_out = r.u64();
    }
    return r.finish(std::move(hops));
}

namespace {

/// Bytes of each Phoenix record behind its tag; 0 = not a record we know.
constexpr std::size_t kPhoenixRecordBytes[] = {0, 91, 66, 42, 34, 58, 42, 10, 26, 58};
constexpr std::uint8_t kPhoenixHeader = 1, kPhoenixFill = 2, kPhoenixSummary = 6;

}  // namespace

std::optional<PhoenixFills> parse_phoenix_log(ByteView payload) {
    Reader r(payload);
    PhoenixFills e;
    if (r.u8() != kPhoenixHeader) return std::nullopt;
    r.skip(1 + 8 + 8 + 8);  // instruction, sequence, time, slot
    e.market = r.key();
    r.skip(32);  // signer
    const std::uint16_t records = r.u16();
    for (std::uint16_t i = 0; i < records && r.ok(); ++i) {
        const std::uint8_t tag = r.u8();
        if (tag >= std::size(kPhoenixRecordBytes) || kPhoenixRecordBytes[tag] == 0)
            return std::nullopt;
        if (tag == kPhoenixFill) ++e.fills;
        if (tag != kPhoenixSummary) {
            r.skip(kPhoenixRecordBytes[tag]);
            continue;
        }
        r.skip(2 + 16);  // index, client order id
        e.base_lots += r.u64();
        e.quote_lots += r.u64();
        e.fee_lots += r.u64();
        e.has_summary = true;
    }
    return r.finish(e);
}

std::optional<MarginfiLiquidateEvent> parse_marginfi_liquidate(ByteView payload) {
    Reader r(payload);
    // Header: an optional signer, the liquidator's account, its authority, the group.
    if (r.boolean()) r.skip(32);
    r.skip(96);
    MarginfiLiquidateEvent e;
    e.liquidatee = r.key();
    e.liquidatee_authority = r.key();
    e.asset_bank = r.key();
    e.asset_mint = r.key();
    e.liability_bank = r.key();
    e.liability_mint = r.key();
    r.skip(16);  // health before and after
    const double asset_before = r.number<double>(), liability_before = r.number<double>();
    r.skip(16);  // the liquidator's two balances
    const double asset_after = r.number<double>(), liability_after = r.number<double>();
    r.skip(16);
    e.seized = rounded_decrease(asset_before, asset_after);
    e.repaid = rounded_decrease(liability_before, liability_after);
    return r.finish(e);
}

std::optional<DriftLiquidationRecord> parse_drift_liquidation(ByteView payload) {
    Reader r(payload);
    DriftLiquidationRecord e;
    r.skip(8);  // time
    e.type = r.u8();
    e.user = r.key();
    e.liquidator = r.key();
    r.skip(16 + 16 + 8 + 2 + 1);  // requirement, collateral, freed, id, bankrupt
    const std::uint32_t cancelled = r.u32();
    r.skip(std::size_t{4} * cancelled);
    r.skip(2 + 8);  // perp market, oracle price
    e.perp_base = magnitude(r.i64());
    e.perp_quote = magnitude(r.i64());
    r.skip(8 + 8 + 4 + 4 + 8 + 8);  // lp shares, fill, two orders, two fees
    r.skip(2 + 8);                  // asset market, price
    e.asset_transfer = r.u128();
    r.skip(2 + 8);  // liability market, price
    e.liability_transfer = r.u128();
    return r.finish(e);
}

}  // namespace astro::solana

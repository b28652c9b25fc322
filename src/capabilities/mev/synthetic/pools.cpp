#include "capabilities/mev/synthetic/pools.hpp"

#include "capabilities/mev/engine/amm.hpp"
#include "chains/solana/programs.hpp"

namespace astro::mev::synthetic {
namespace {

constexpr std::uint64_t kPumpVirtualLamports = 30'000'000'000;
constexpr std::uint32_t kPumpFeePpm = 10'000;    // beside the curve, of the SOL side
constexpr std::uint32_t kPumpSwapLpPpm = 2'000;  // stays in the pool
constexpr std::uint32_t kPumpSwapProtocolPpm = 500;

}  // namespace

std::string_view pool_kind_name(PoolKind kind) {
    constexpr std::array<std::string_view, 7> kNames = {
        "raydium_amm_v4", "raydium_cpmm", "raydium_clmm", "orca_whirlpool",
        "pumpfun",        "pumpswap",     "meteora_dlmm"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::int64_t quote_change(PoolKind kind, const Fill& fill) {
    if (fill.buys) return -static_cast<std::int64_t>(fill.sent + fill.beside);
    return static_cast<std::int64_t>(kind == PoolKind::pumpfun ? fill.got - fill.beside : fill.got);
}

Pool Pool::open(World& world, PoolKind kind, const Token& quote, const Token& base) {
    auto& random = world.random();
    Pool p;
    p.kind_ = kind;
    p.quote_ = quote;
    p.base_ = base;
    p.id_ = random.key();
    p.authority_ = kind == PoolKind::raydium_v4
                       ? solana::key_constant("5Q544fKrFoe6tsEbD7S8EmxGTJYAKtTVhAW5Q5pge4j1")
                   : kind == PoolKind::pumpfun || kind == PoolKind::whirlpool ? p.id_
                                                                              : random.key();
    for (auto& k : p.other_) k = random.key();
    p.extra_account_ = random.chance(50);

    p.quote_reserve_ = random.sized(50'000'000'000, 5'000'000'000'000);
    if (quote.mint == solana::kUsdcMint) p.quote_reserve_ = p.quote_reserve_ / 1'000 * 150;
    p.base_reserve_ = random.sized(20'000'000'000, 400'000'000'000'000);
    if (kind == PoolKind::pumpfun) {  // virtual reserves of a curve somewhere on its way
        p.quote_reserve_ = random.between(30'500'000'000, 100'000'000'000);
        p.base_reserve_ = static_cast<std::uint64_t>(UInt128{30'000'000'000} *
                                                     1'073'000'000'000'000 / p.quote_reserve_);
    }
    const std::vector<std::uint32_t> fees{100, 400, 2'500, 3'000, 10'000};
    p.fee_ppm_ = kind == PoolKind::raydium_v4 ? 2'500 : random.pick(fees);

    p.open_vaults(world);
    return p;
}

void Pool::open_vaults(World& world) {
    auto& random = world.random();
    if (kind_ == PoolKind::pumpfun) {
        quote_vault_ = id_;
        world.at(id_).lamports = quote_reserve_ - kPumpVirtualLamports + 1'231'920;
    } else {
        quote_vault_ = world.token_account(authority_, quote_);
        if (kind_ == PoolKind::raydium_v4) {  // one authority owns the vaults of all pools
            quote_vault_ = random.key();
            auto& vault = world.at(quote_vault_);
            vault = {2'039'280, true, quote_, authority_, 0};
        }
        world.grant(quote_vault_, quote_reserve_ + random.below(1'000'000));
    }
    base_vault_ = world.token_account(authority_, base_);
    world.grant(base_vault_, base_reserve_ + random.below(1'000'000));
    fee_account_ = kind_ == PoolKind::pumpfun ? world.new_wallet()
                                              : world.token_account(world.new_wallet(), quote_);
    if (kind_ == PoolKind::raydium_clmm || kind_ == PoolKind::whirlpool) {
        // √(quote/base) in Q64.64 and the liquidity that gives these reserves within the range.
        UInt128 root = 1;
        const UInt128 target = (UInt128{quote_reserve_} << 64) / base_reserve_;
        while (root * root < target && root < (UInt128{1} << 63)) root <<= 1;
        for (int i = 0; i < 100; ++i) root = (root + target / root) / 2;
        sqrt_price_ = root << 32;
        liquidity_ = static_cast<UInt128>(base_reserve_) * sqrt_price_ >> 64;
        if (liquidity_ == 0) liquidity_ = 1;
    }
}

Pool Pool::open_dearer(World& world, PoolKind kind, const Pool& other, std::uint32_t more_ppm) {
    auto p = open(world, kind, other.quote_, other.base_);
    p.quote_reserve_ = other.quote_reserve_;
    p.base_reserve_ =
        mul_div(other.base_reserve_, 1'000'000, 1'000'000 + more_ppm).value_or(other.base_reserve_);
    world.grant(p.quote_vault_, p.quote_reserve_);
    world.grant(p.base_vault_, p.base_reserve_);
    return p;
}

std::uint64_t Pool::depth() const {
    return kind_ == PoolKind::pumpfun ? quote_reserve_ / 3 : quote_reserve_;
}

std::optional<Fill> Pool::trade(bool buys, std::uint64_t sent) {
    Fill f;
    f.buys = buys;
    f.sent = sent;
    f.in = sent - (buys ? quote_ : base_).withheld(sent);
    f.quote_before = quote_reserve_;
    f.base_before = base_reserve_;
    if (f.in < 1'000) return std::nullopt;
    std::optional<Fill> done;
    switch (kind_) {
        case PoolKind::raydium_v4:
        case PoolKind::raydium_cpmm:
        case PoolKind::meteora_dlmm:  // many narrow bins laid along that curve
            done = trade_constant_product(f);
            break;
        case PoolKind::raydium_clmm:
        case PoolKind::whirlpool:
            done = trade_concentrated(f);
            break;
        case PoolKind::pumpfun:
            done = trade_pumpfun(f);
            break;
        case PoolKind::pumpswap:
            done = trade_pumpswap(f);
            break;
    }
    if (!done || done->out == 0) return std::nullopt;
    done->got = done->out - (buys ? base_ : quote_).withheld(done->out);
    return done;
}

std::optional<Fill> Pool::trade_constant_product(Fill f) {
    auto& in = f.buys ? quote_reserve_ : base_reserve_;
    auto& out = f.buys ? base_reserve_ : quote_reserve_;
    const auto bought = amm::constant_product_out({in, out}, f.in, fee_ppm_);
    if (!bought || *bought > out / 2) return std::nullopt;
    f.out = *bought;
    in += f.in;
    out -= f.out;
    return f;
}

std::optional<Fill> Pool::trade_concentrated(Fill f) {
    const auto net = f.in - amm::fee_of(f.in, fee_ppm_);
    f.sqrt_before = sqrt_price_;
    // Base is token 0: selling it is 0 → 1.
    const auto step = amm::concentrated_out(sqrt_price_, liquidity_, net, !f.buys);
    const auto held = f.buys ? base_reserve_ : quote_reserve_;
    if (!step || step->other == 0 || step->other > held / 2) return std::nullopt;
    f.out = step->other;
    sqrt_price_ = f.sqrt_after = step->sqrt_price;
    (f.buys ? quote_reserve_ : base_reserve_) += f.in;
    (f.buys ? base_reserve_ : quote_reserve_) -= f.out;
    return f;
}

std::optional<Fill> Pool::trade_pumpfun(Fill f) {
    if (f.buys) {
        // The program is asked for tokens; the curve's cost of these is rounded up.
        const auto tokens = amm::constant_product_out({quote_reserve_, base_reserve_}, f.sent, 0);
        if (!tokens || *tokens == 0 || *tokens > base_reserve_ / 3) return std::nullopt;
        f.out = *tokens;
        f.in = amm::constant_product_in({quote_reserve_, base_reserve_}, *tokens, 0).value_or(0);
        if (f.in == 0) return std::nullopt;
        f.beside = amm::fee_of(f.in, kPumpFeePpm);
        f.sent = f.in;
        quote_reserve_ += f.in;
        base_reserve_ -= f.out;
        return f;
    }
    const auto lamports = amm::constant_product_out({base_reserve_, quote_reserve_}, f.in, 0);
    const auto real = quote_reserve_ - kPumpVirtualLamports;
    if (!lamports || *lamports == 0 || *lamports > real) return std::nullopt;
    f.out = *lamports;
    f.beside = amm::fee_of(f.out, kPumpFeePpm);
    base_reserve_ += f.in;
    quote_reserve_ -= f.out;
    return f;
}

std::optional<Fill> Pool::trade_pumpswap(Fill f) {
    if (f.buys) {
        // `sent` buys at the price, the pool's and the protocol's fees come on top.
        const auto price_part = f.sent;
        const auto base = amm::constant_product_out({quote_reserve_, base_reserve_}, price_part, 0);
        if (!base || *base == 0 || *base > base_reserve_ / 2) return std::nullopt;
        f.out = *base;
        f.in = price_part + amm::fee_of(price_part, kPumpSwapLpPpm);
        f.sent = f.in;
        f.beside = amm::fee_of(price_part, kPumpSwapProtocolPpm);
        quote_reserve_ += f.in;
        base_reserve_ -= f.out;
        return f;
    }
    const auto gross = amm::constant_product_out({base_reserve_, quote_reserve_}, f.in, 0);
    if (!gross || *gross < 1'000 || *gross > quote_reserve_ / 2) return std::nullopt;
    f.beside = amm::fee_of(*gross, kPumpSwapProtocolPpm);
    f.out = *gross - amm::fee_of(*gross, kPumpSwapLpPpm) - f.beside;
    base_reserve_ += f.in;
    quote_reserve_ -= f.out + f.beside;
    return f;
}

}  // namespace astro::mev::synthetic

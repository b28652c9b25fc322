/// The instructions, transfers, logs and events of trades, by protocol. Layouts: the programs'
/// published interfaces; positions that decoders do not read hold arbitrary accounts.
#include "capabilities/mev/synthetic/pools.hpp"
#include "chains/solana/events.hpp"
#include "chains/solana/programs.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::mev::synthetic {
namespace {

using solana::discriminator;
using solana::key_constant;

constexpr Pubkey kRaydiumV4 = key_constant("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8");
constexpr Pubkey kRaydiumCpmm = key_constant("CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C");
constexpr Pubkey kRaydiumClmm = key_constant("CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK");
constexpr Pubkey kWhirlpool = key_constant("whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc");
constexpr Pubkey kDlmm = key_constant("LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo");
constexpr Pubkey kPumpfun = key_constant("6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P");
constexpr Pubkey kPumpSwap = key_constant("pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA");
constexpr Pubkey kMemo = key_constant("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");

Bytes event_call(std::uint64_t name, const Packer& payload) {
    auto bytes = Packer().u64(solana::kEventCallPrefix).u64(name).done();
    const auto rest = payload.done();
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

}  // namespace

Pool::Sides Pool::sides(World& world, const Fill& f, const Pubkey& wallet,
                        const Pubkey& receiver) const {
    const auto& in = f.buys ? quote_ : base_;
    const auto& out = f.buys ? base_ : quote_;
    return {world.token_account(wallet, in),
            world.token_account(receiver, out),
            f.buys ? quote_vault_ : base_vault_,
            f.buys ? base_vault_ : quote_vault_,
            in,
            out};
}

void Pool::write(TransactionWriter& tx, const Fill& fill, const Pubkey& wallet,
                 const Pubkey& receiver) const {
    if (kind_ == PoolKind::pumpfun) return write_pumpfun(tx, fill, wallet, receiver);
    const auto s = sides(tx.world(), fill, wallet, receiver);
    switch (kind_) {
        case PoolKind::raydium_v4:
            return write_v4(tx, fill, s, wallet);
        case PoolKind::raydium_cpmm:
            return write_cpmm(tx, fill, s, wallet);
        case PoolKind::raydium_clmm:
            return write_clmm(tx, fill, s, wallet);
        case PoolKind::whirlpool:
            return write_whirlpool(tx, fill, s, wallet);
        case PoolKind::pumpswap:
            return write_pumpswap(tx, fill, s, wallet);
        case PoolKind::meteora_dlmm:
            return write_dlmm(tx, fill, s, wallet);
        case PoolKind::pumpfun:
            return;
    }
}

void Pool::write_legs(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const {
    tx.transfer_tokens(s.in, s.source, s.vault_in, w, f.sent);
    tx.transfer_tokens(s.out, s.vault_out, s.destination, authority_, f.out);
}

void Pool::write_v4(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const {
    std::vector<Pubkey> accounts{solana::kTokenProgram, id_, authority_, other_[0]};
    if (extra_account_) accounts.push_back(other_[1]);
    // Base is the coin, quote the pc.
    for (const auto& key : {base_vault_, quote_vault_, other_[2], other_[3], other_[4], other_[5],
                            other_[6], other_[7], other_[8], other_[9], s.source, s.destination, w})
        accounts.push_back(key);
    const auto held = tx.world().at(s.source).amount;
    tx.open_or_call(kRaydiumV4, std::move(accounts),
                    Packer().u8(9).u64(f.sent).u64(f.out / 2).done());
    tx.log("ray_log: " + to_base64(Packer()
                                       .u8(3)
                                       .u64(f.sent)
                                       .u64(f.out / 2)
                                       .u64(f.buys ? 1 : 2)
                                       .u64(held)
                                       .u64(f.base_before)
                                       .u64(f.quote_before)
                                       .u64(f.out)
                                       .done()));
    write_legs(tx, f, s, w);
    tx.close();
}

void Pool::write_cpmm(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const {
    tx.open_or_call(
        kRaydiumCpmm,
        {w, authority_, other_[0], id_, s.source, s.destination, s.vault_in, s.vault_out,
         s.in.program, s.out.program, s.in.mint, s.out.mint, other_[1]},
        Packer().name(discriminator("8fbe5adac41e33de")).u64(f.sent).u64(f.out / 2).done());
    tx.log("Instruction: SwapBaseInput");
    write_legs(tx, f, s, w);
    tx.log_event(Packer()
                     .name(solana::events::kSwapEvent)
                     .key(id_)
                     .u64(f.buys ? f.quote_before : f.base_before)
                     .u64(f.buys ? f.base_before : f.quote_before)
                     .u64(f.in)
                     .u64(f.out)
                     .u64(f.sent - f.in)
                     .u64(f.out - f.got)
                     .u8(1)
                     .done());
    tx.close();
}

void Pool::write_clmm(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const {
    tx.open_or_call(kRaydiumClmm,
                    {w, other_[0], id_, s.source, s.destination, s.vault_in, s.vault_out, other_[1],
                     solana::kTokenProgram, solana::kToken2022Program, kMemo, s.in.mint, s.out.mint,
                     other_[2], other_[3]},
                    Packer()
                        .name(discriminator("2b04ed0b1ac91e62"))
                        .u64(f.sent)
                        .u64(f.out / 2)
                        .u128(0)
                        .u8(1)
                        .done());
    tx.log("Instruction: SwapV2");
    write_legs(tx, f, s, w);
    const bool zero_for_one = !f.buys;
    tx.log_event(Packer()
                     .name(solana::events::kSwapEvent)
                     .key(id_)
                     .key(w)
                     .key(f.buys ? s.destination : s.source)
                     .key(f.buys ? s.source : s.destination)
                     .u64(f.buys ? f.out : f.in)
                     .u64(0)
                     .u64(f.buys ? f.in : f.out)
                     .u64(0)
                     .u8(zero_for_one ? 1 : 0)
                     .u128(f.sqrt_after)
                     .u128(liquidity_)
                     .u32(0)
                     .done());
    tx.close();
}

void Pool::write_whirlpool(TransactionWriter& tx, const Fill& f, const Sides& s,
                           const Pubkey& w) const {
    const bool a_to_b = !f.buys;  // base is a
    const auto user_a = f.buys ? s.destination : s.source;
    const auto user_b = f.buys ? s.source : s.destination;
    Packer data;
    const bool v2 = base_.fee_ppm > 0 || extra_account_;
    data.name(v2 ? discriminator("2b04ed0b1ac91e62") : discriminator("f8c69e91e17587c8"));
    data.u64(f.sent).u64(f.out / 2).u128(f.sqrt_after).u8(1).u8(a_to_b ? 1 : 0);
    std::vector<Pubkey> accounts;
    if (v2)
        accounts = {base_.program, quote_.program, kMemo,     w,           id_,
                    base_.mint,    quote_.mint,    user_a,    base_vault_, user_b,
                    quote_vault_,  other_[0],      other_[1], other_[2],   other_[3]};
    else
        accounts = {solana::kTokenProgram, w,         id_,       user_a,    base_vault_, user_b,
                    quote_vault_,          other_[0], other_[1], other_[2], other_[3]};
    tx.open_or_call(kWhirlpool, std::move(accounts), data.done());
    tx.log(v2 ? "Instruction: SwapV2" : "Instruction: Swap");
    write_legs(tx, f, s, w);
    tx.log_event(Packer()
                     .name(solana::events::kTraded)
                     .key(id_)
                     .u8(a_to_b ? 1 : 0)
                     .u128(f.sqrt_before)
                     .u128(f.sqrt_after)
                     .u64(f.in)
                     .u64(f.out)
                     .u64(f.sent - f.in)
                     .u64(f.out - f.got)
                     .u64(f.in * fee_ppm_ / 1'000'000)
                     .u64(0)
                     .done());
    tx.close();
}

void Pool::write_dlmm(TransactionWriter& tx, const Fill& f, const Sides& s, const Pubkey& w) const {
    tx.open_or_call(
        kDlmm,
        {id_, kDlmm, base_vault_, quote_vault_, s.source, s.destination, base_.mint, quote_.mint,
         other_[0], kDlmm, w, base_.program, quote_.program, other_[1], kDlmm, other_[2]},
        Packer().name(discriminator("f8c69e91e17587c8")).u64(f.sent).u64(f.out / 2).done());
    tx.log("Instruction: Swap");
    write_legs(tx, f, s, w);
    tx.call(kDlmm, {other_[1]},
            event_call(solana::events::kDlmmSwap, Packer()
                                                      .key(id_)
                                                      .key(w)
                                                      .u32(100)
                                                      .u32(103)
                                                      .u64(f.in)
                                                      .u64(f.out)
                                                      .u8(f.buys ? 0 : 1)
                                                      .u64(f.in * fee_ppm_ / 1'000'000)
                                                      .u64(0)
                                                      .u128(UInt128{fee_ppm_} * 1'000)
                                                      .u64(0)));
    tx.close();
    tx.close();
}

void Pool::write_pumpfun(TransactionWriter& tx, const Fill& f, const Pubkey& w,
                         const Pubkey& receiver) const {
    auto& world = tx.world();
    const auto user_tokens = world.token_account(f.buys ? receiver : w, base_);
    tx.open_or_call(
        kPumpfun,
        {other_[0], fee_account_, base_.mint, id_, base_vault_, user_tokens, w,
         solana::kSystemProgram, solana::kTokenProgram, other_[1], other_[2], kPumpfun},
        Packer()
            .name(f.buys ? discriminator("66063d1201daebea") : discriminator("33e685a4017f83ad"))
            .u64(f.buys ? f.out : f.in)
            .u64(f.buys ? f.in * 2 : 0)
            .done());
    tx.log(f.buys ? "Instruction: Buy" : "Instruction: Sell");
    if (f.buys) {
        tx.transfer_tokens(base_, base_vault_, user_tokens, id_, f.out);
        tx.transfer_sol(w, id_, f.in);
        tx.transfer_sol(w, fee_account_, f.beside);
    } else {
        tx.transfer_tokens(base_, user_tokens, base_vault_, w, f.in);
        tx.move_lamports(id_, receiver, f.out - f.beside);
        tx.move_lamports(id_, fee_account_, f.beside);
    }
    const auto sol_after = f.buys ? f.quote_before + f.in : f.quote_before - f.out;
    const auto tokens_after = f.buys ? f.base_before - f.out : f.base_before + f.in;
    tx.call(kPumpfun, {other_[2]},
            event_call(solana::events::kTradeEvent, Packer()
                                                        .key(base_.mint)
                                                        .u64(f.buys ? f.in : f.out)
                                                        .u64(f.buys ? f.out : f.in)
                                                        .u8(f.buys ? 1 : 0)
                                                        .key(w)
                                                        .u64(1'724'267'459)
                                                        .u64(sol_after)
                                                        .u64(tokens_after)
                                                        .u64(sol_after - 30'000'000'000)
                                                        .u64(tokens_after)));
    tx.close();
    tx.close();
}

void Pool::write_pumpswap(TransactionWriter& tx, const Fill& f, const Sides& s,
                          const Pubkey& w) const {
    const auto user_base = f.buys ? s.destination : s.source;
    const auto user_quote = f.buys ? s.source : s.destination;
    tx.open_or_call(
        kPumpSwap,
        {id_, w, other_[0], base_.mint, quote_.mint, user_base, user_quote, base_vault_,
         quote_vault_, other_[1], fee_account_, base_.program, quote_.program,
         solana::kSystemProgram, other_[2], other_[3], kPumpSwap},
        Packer()
            .name(f.buys ? discriminator("66063d1201daebea") : discriminator("33e685a4017f83ad"))
            .u64(f.buys ? f.out : f.sent)
            .u64(f.buys ? f.sent * 2 : 0)
            .done());
    tx.log(f.buys ? "Instruction: Buy" : "Instruction: Sell");
    if (f.buys) {
        tx.transfer_tokens(base_, base_vault_, user_base, authority_, f.out);
        tx.transfer_tokens(quote_, user_quote, quote_vault_, w, f.in);
        tx.transfer_tokens(quote_, user_quote, fee_account_, w, f.beside);
    } else {
        tx.transfer_tokens(base_, user_base, base_vault_, w, f.sent);
        tx.transfer_tokens(quote_, quote_vault_, user_quote, authority_, f.out);
        tx.transfer_tokens(quote_, quote_vault_, fee_account_, authority_, f.beside);
    }
    const auto name = f.buys ? solana::events::kBuyEvent : solana::events::kSellEvent;
    tx.call(kPumpSwap, {other_[3]},
            event_call(name, Packer()
                                 .u64(1'724'267'459)
                                 .u64(f.buys ? f.out : f.in)
                                 .u64(0)
                                 .u64(0)
                                 .u64(0)
                                 .u64(f.base_before)
                                 .u64(f.quote_before)
                                 .u64(f.buys ? f.in : f.out + f.beside)
                                 .u64(20)
                                 .u64(0)
                                 .u64(5)
                                 .u64(f.beside)
                                 .u64(0)
                                 .u64(0)
                                 .key(id_)
                                 .key(w)));
    tx.close();
    tx.close();
}

}  // namespace astro::mev::synthetic

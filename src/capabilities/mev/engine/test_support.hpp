#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "capabilities/mev/engine/prices.hpp"
#include "chains/solana/activity.hpp"

/// Builds activity values for tests: keys by name, balances that follow from the swaps.
namespace astro::mev::testing {

/// A key that is the same for the same name and different for others.
inline Pubkey key(const std::string& name) {
    if (name == "SOL") return wsol_mint();
    if (name == "USDC") return usdc_mint();
    if (name == "USDT") return usdt_mint();
    Pubkey k;
    std::uint64_t h = 0xCBF29CE484222325ULL;
    for (std::size_t i = 0; i < k.bytes.size(); ++i) {
        for (const char c : name) h = (h ^ static_cast<std::uint8_t>(c)) * 0x100000001B3ULL + i;
        k.bytes[i] = static_cast<std::uint8_t>(h >> 32);
    }
    return k;
}

inline solana::Signature signature(std::uint32_t n) {
    solana::Signature s;
    for (std::size_t i = 0; i < s.bytes.size(); ++i)
        s.bytes[i] = static_cast<std::uint8_t>((n + 1) * 2'654'435'761U >> (i % 4 * 8));
    s.bytes[0] = static_cast<std::uint8_t>(n);
    return s;
}

struct SwapSpec {
    std::string pool, mint_in;
    std::uint64_t amount_in = 0;
    std::string mint_out;
    std::uint64_t amount_out = 0;
};

/// One transaction of `wallet`; its balance changes are what the swaps and the fee say.
class TransactionBuilder {
  public:
    TransactionBuilder(Slot slot, std::uint32_t index, const std::string& wallet)
        : slot_(slot), wallet_(wallet) {
        tx_.index = index;
        tx_.signature = signature(index + static_cast<std::uint32_t>(slot.value()) * 10'000);
        tx_.fee_payer = key(wallet);
        tx_.signers = {tx_.fee_payer};
    }

    TransactionBuilder& swap(const SwapSpec& spec) {
        solana::Swap s;
        s.at = {slot_, tx_.index, static_cast<std::uint16_t>(tx_.swaps.size()), -1};
        s.signature = tx_.signature;
        s.program = key("program of " + spec.pool);
        s.protocol = solana::Protocol::raydium_amm_v4;
        s.pool = key(spec.pool);
        s.trader = tx_.fee_payer;
        s.mint_in = key(spec.mint_in);
        s.amount_in = spec.amount_in;
        s.mint_out = key(spec.mint_out);
        s.amount_out = spec.amount_out;
        s.verified = true;
        s.user_source = account(spec.mint_in);
        s.user_destination = account(spec.mint_out);
        s.vault_in = key(spec.pool + " vault " + spec.mint_in);
        s.vault_out = key(spec.pool + " vault " + spec.mint_out);
        tx_.swaps.push_back(s);
        move(spec.mint_in, -static_cast<std::int64_t>(spec.amount_in));
        move(spec.mint_out, static_cast<std::int64_t>(spec.amount_out));
        return *this;
    }
    /// Changes what the wallet holds besides the swaps; "" is native lamports.
    TransactionBuilder& move(const std::string& mint, std::int64_t delta) {
        deltas_[mint.empty() ? Pubkey{} : key(mint)] += delta;
        return *this;
    }
    TransactionBuilder& fee(std::uint64_t lamports) {
        tx_.fee_lamports = lamports;
        return move("", -static_cast<std::int64_t>(lamports));
    }
    TransactionBuilder& tip(std::uint64_t lamports) {
        tx_.tip_lamports += lamports;
        tx_.sol_transfers.push_back({.at = {slot_, tx_.index, 99, -1},
                                     .from = tx_.fee_payer,
                                     .to = key("tip account"),
                                     .lamports = lamports,
                                     .is_tip = true});
        return move("", -static_cast<std::int64_t>(lamports));
    }
    [[nodiscard]] solana::TransactionActivity& raw() { return tx_; }

    [[nodiscard]] solana::TransactionActivity build() const {
        auto tx = tx_;
        for (const auto& [mint, delta] : deltas_)
            if (delta != 0) tx.deltas.push_back({tx.fee_payer, mint, delta});
        return tx;
    }

  private:
    /// The wallet's own token account.
    [[nodiscard]] Pubkey account(const std::string& mint) const {
        return key(wallet_ + "'s account of " + mint);
    }

    Slot slot_;
    std::string wallet_;
    solana::TransactionActivity tx_;
    std::map<Pubkey, std::int64_t> deltas_;
};

inline solana::BlockActivity block_of(Slot slot,
                                      std::vector<solana::TransactionActivity> transactions) {
    solana::BlockActivity block;
    block.slot = slot;
    block.parent_slot = Slot{slot.value() - 1};
    block.transactions = std::move(transactions);
    block.transaction_count = static_cast<std::uint32_t>(block.transactions.size());
    return block;
}

}  // namespace astro::mev::testing

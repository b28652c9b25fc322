#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chains/solana/model.hpp"
#include "foundation/base/describe.hpp"

/// What happened in a block, as far as money is concerned: swaps, transfers, tips, liquidations and
/// the net change of every owner. Facts only; whether they are MEV is for capabilities to say.
namespace astro::solana {

enum class Protocol : std::uint8_t {
    raydium_amm_v4,
    raydium_cpmm,
    raydium_clmm,
    raydium_launchlab,
    orca_whirlpool,
    orca_v2,
    serum_v3,
    openbook_v1,
    openbook_v2,
    phoenix,
    meteora_dlmm,
    meteora_pools,
    meteora_damm_v2,
    meteora_dbc,
    pumpfun,
    pumpswap,
    saber,
    lifinity_v2,
    invariant,
    fluxbeam,
    solfi,
    humidifi,
    zerofi,
    tessera,
    goonfi,
    token_swap,  ///< forks of SPL token-swap without a name of their own here; see Swap::program
    unknown_amm,
};
BOOST_DESCRIBE_ENUM(Protocol, raydium_amm_v4, raydium_cpmm, raydium_clmm, raydium_launchlab,
                    orca_whirlpool, orca_v2, serum_v3, openbook_v1, openbook_v2, phoenix,
                    meteora_dlmm, meteora_pools, meteora_damm_v2, meteora_dbc, pumpfun, pumpswap,
                    saber, lifinity_v2, invariant, fluxbeam, solfi, humidifi, zerofi, tessera,
                    goonfi, token_swap, unknown_amm)

/// The pricing rule of a pool, which decides whether a swap can be replayed exactly.
enum class Curve : std::uint8_t {
    unknown,
    constant_product,
    concentrated,
    bins,
    stable,
    order_book
};
BOOST_DESCRIBE_ENUM(Curve, unknown, constant_product, concentrated, bins, stable, order_book)

/// Where in the block an instruction stands; totally ordered by execution.
struct Position {
    Slot slot;
    std::uint32_t tx_index = 0;
    std::uint16_t ix_index = 0;     ///< outer instruction
    std::int16_t inner_index = -1;  ///< within its inner list; -1 = the outer one itself
    auto operator<=>(const Position&) const = default;
};

/// What is known of a pool just before a swap, in the direction of the swap.
struct PoolState {
    Curve curve = Curve::unknown;
    std::uint64_t reserve_in =
        0;  ///< pricing reserves (virtual ones on bonding curves); 0 = unknown
    std::uint64_t reserve_out = 0;
    std::uint32_t fee_ppm = 0;  ///< taken from the input, parts per million, when known
    bool fee_known = false;
    bool exact = false;  ///< from the program's own log or event, not only vault balances
    std::optional<UInt128> sqrt_price_x64_before,
        sqrt_price_x64_after;  ///< concentrated pools; price = token1 (b) per token0 (a)
    std::optional<UInt128> liquidity;
    bool zero_for_one = false;  ///< concentrated: a → b
};

/// One exchange of one token for another at one pool. Amounts are in the tokens' smallest units.
struct Swap {
    Position at;
    Signature signature;
    Pubkey program;
    Protocol protocol = Protocol::unknown_amm;
    Pubkey pool;
    Pubkey
        trader;  ///< the signer who pays: authority of the in leg if it signs, else the fee payer
    Pubkey mint_in;
    std::uint64_t amount_in = 0;  ///< received by the pool (after a Token-2022 fee)
    Pubkey mint_out;
    std::uint64_t amount_out = 0;  ///< sent by the pool (before a Token-2022 fee)
    bool verified = false;         ///< both legs equal the change of the pool's vault balances
    std::uint64_t transfer_fee_in =
        0;  ///< Token-2022 fee withheld on the way in: the trader sent amount_in + this
    std::uint64_t transfer_fee_out =
        0;  ///< likewise on the way out: the trader got amount_out − this
    Pubkey user_source, user_destination;  ///< token accounts (the wallet itself for native SOL)
    Pubkey vault_in, vault_out;
    Pubkey wrapper;               ///< outermost program, when it is not `program` itself; else zero
    bool via_aggregator = false;  ///< reached through Jupiter, DFlow, OKX or another router
    PoolState state;
};

struct TokenTransfer {
    Position at;
    Pubkey source, destination;              ///< token accounts
    Pubkey source_owner, destination_owner;  ///< zero when unknown
    Pubkey authority;
    Pubkey mint;               ///< zero when unknown
    std::uint64_t amount = 0;  ///< sent; the destination got amount − fee
    std::uint64_t fee = 0;
};

struct SolTransfer {
    Position at;
    Pubkey from, to;
    std::uint64_t lamports = 0;
    bool is_tip = false;  ///< to one of Jito's tip accounts
};

/// Net change of what an owner holds of a mint over the transaction. SOL and wrapped SOL are
/// separate rows; `lamports` rows have the zero mint, include the fee for the fee payer and the
/// rent of accounts opened or closed.
struct OwnerDelta {
    Pubkey owner;
    Pubkey mint;  ///< zero = native lamports
    std::int64_t delta = 0;
};

enum class LendingProtocol : std::uint8_t { save, kamino, marginfi, drift };
BOOST_DESCRIBE_ENUM(LendingProtocol, save, kamino, marginfi, drift)

/// A liquidation instruction that succeeded, with what was repaid and what was seized.
struct LiquidationCall {
    Position at;
    LendingProtocol protocol = LendingProtocol::save;
    std::string instruction;                         ///< e.g. "liquidate_obligation_and_redeem"
    Pubkey program, market, liquidator, obligation;  ///< obligation = the account being liquidated
    Pubkey repay_mint, seized_mint;  ///< zero when the protocol moves no tokens (drift perp)
    std::uint64_t repaid = 0, seized = 0;
    std::optional<std::uint32_t> bonus_bps;
};

struct TransactionActivity {
    std::uint32_t index = 0;
    Signature signature;
    Pubkey fee_payer;
    std::vector<Pubkey> signers;
    bool failed = false;
    std::uint64_t fee_lamports = 0;
    std::uint64_t tip_lamports = 0;  ///< sum of transfers to Jito's tip accounts
    std::uint64_t compute_units = 0;
    bool dont_front = false;             ///< reads a jitodontfront… account
    std::vector<Pubkey> outer_programs;  ///< in order, without duplicates; compute budget left out
    std::vector<Swap> swaps;             ///< in execution order; empty when failed
    std::vector<TokenTransfer> token_transfers;
    std::vector<SolTransfer> sol_transfers;
    std::vector<LiquidationCall> liquidations;
    std::vector<OwnerDelta> deltas;  ///< sorted by (owner, mint), zero rows left out
    std::int64_t rent_paid_lamports =
        0;  ///< rent locked in accounts opened − freed by accounts closed, by the fee payer
};

/// Counts of what decoding could not use; exported as metrics, so that a new program version shows.
struct DecodeCounters {
    std::uint64_t transactions = 0, votes = 0, failed = 0, without_meta = 0;
    std::uint64_t malformed = 0;  ///< indexes outside the lists, or beyond any transaction's size
    std::uint64_t swaps = 0, swaps_verified = 0;
    std::uint64_t dex_instructions_without_swap =
        0;                               ///< a known swap instruction whose legs were not found
    std::uint64_t unknown_events = 0;    ///< event or instruction versions we do not know
    std::uint64_t balance_mismatch = 0;  ///< swaps whose legs the vaults' balances do not confirm
    std::uint64_t aggregator_hops_unmatched =
        0;  ///< hops an aggregator's own event names, for which no swap was found
};

struct MintInfo {
    Pubkey mint;
    std::uint8_t decimals = 0;
    bool token_2022 = false;
};

struct BlockActivity {
    Slot slot, parent_slot;
    bool slot_assumed = false;
    std::optional<TimestampNs> time;
    std::optional<Pubkey> leader;
    std::uint32_t transaction_count = 0;  ///< in the block, votes and failures included
    std::vector<TransactionActivity>
        transactions;             ///< without votes; failed ones keep only their head
    std::vector<MintInfo> mints;  ///< of every token seen, sorted by mint
    DecodeCounters counters;
    std::string synthetic;  ///< empty for real blocks; else what made it
};

/// Decodes everything in a block. Pure; never fails: what can't be read is counted.
[[nodiscard]] BlockActivity decode_activity(const Block& block);

/// One transaction alone (getTransaction); `slot` as the node reported it.
[[nodiscard]] TransactionActivity decode_transaction_activity(const Transaction& tx, Slot slot,
                                                              std::vector<MintInfo>& mints,
                                                              DecodeCounters& counters);

}  // namespace astro::solana

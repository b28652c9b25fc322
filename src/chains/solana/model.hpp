#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chains/solana/types.hpp"
#include "foundation/base/time.hpp"

/// A confirmed block as a node's getBlock or getTransaction reports it, the same whichever encoding
/// it came in. Values only; parsing lives in block_json.hpp.
namespace astro::solana {

/// One executed instruction. Accounts and data are slices of the transaction's pools, so that a
/// block costs few allocations; read them through Transaction::accounts_of and data_of.
struct Instruction {
    std::uint16_t program_index = 0;  ///< into Transaction::keys
    std::uint16_t outer_index = 0;    ///< position among the message's own instructions
    std::int16_t inner_index =
        -1;  ///< position within the outer one's inner list, -1 = outer itself
    std::uint8_t stack_height = 0;  ///< 1 = outer, 2 = called by it, …; 0 = the node did not say
    bool opaque = false;            ///< jsonParsed of a type we do not rebuild: data is absent
    std::uint32_t accounts_begin = 0;
    std::uint16_t accounts_count = 0;
    std::uint32_t data_begin = 0;
    std::uint32_t data_size = 0;
};
static_assert(sizeof(Instruction) == 24);

/// A token account's balance before or after the transaction.
struct TokenBalance {
    std::uint16_t account_index = 0;  ///< into Transaction::keys
    std::uint8_t decimals = 0;
    bool has_owner = false;    ///< nodes before 1.10 do not report it
    bool has_program = false;  ///< likewise
    Pubkey mint;
    Pubkey owner;
    Pubkey program;  ///< SPL Token or Token-2022
    std::uint64_t amount = 0;
};

struct Transaction {
    Signature signature;      ///< the first: identifies the transaction
    std::uint32_t index = 0;  ///< position in the block, votes included
    std::uint8_t signature_count = 0;
    std::int8_t version = -1;          ///< -1 = legacy, 0 = v0
    bool failed = false;               ///< meta.err is not null
    bool is_vote = false;              ///< calls only the vote program
    bool has_meta = false;             ///< without meta nothing is known of its effects
    bool balances_consistent = false;  ///< pre and post lists both cover all keys
    std::uint64_t fee_lamports = 0;
    std::uint64_t compute_units = 0;  ///< 0 when the node did not say
    std::vector<Pubkey> keys;         ///< static, then loaded writable, then loaded read-only
    std::uint16_t static_key_count = 0;
    std::vector<std::uint64_t> pre_lamports, post_lamports;  ///< by key index
    std::vector<TokenBalance> pre_tokens, post_tokens;
    std::vector<Instruction> instructions;  ///< CPI tree flattened to execution order
    std::vector<std::string> logs;
    std::string error;  ///< meta.err as JSON, empty when it succeeded

    std::vector<std::uint16_t> account_pool;  ///< key indexes, sliced by Instruction
    std::vector<std::uint8_t> data_pool;

    [[nodiscard]] std::span<const std::uint16_t> accounts_of(const Instruction& ix) const {
        return std::span(account_pool).subspan(ix.accounts_begin, ix.accounts_count);
    }
    [[nodiscard]] ByteView data_of(const Instruction& ix) const {
        return ByteView(data_pool).subspan(ix.data_begin, ix.data_size);
    }
    [[nodiscard]] const Pubkey& program_of(const Instruction& ix) const {
        return keys[ix.program_index];
    }
    /// The account at `position` of the instruction's list, or null when the list is shorter.
    [[nodiscard]] const Pubkey* account(const Instruction& ix, std::size_t position) const {
        return position < ix.accounts_count ? &keys[account_pool[ix.accounts_begin + position]]
                                            : nullptr;
    }
    [[nodiscard]] const Pubkey& fee_payer() const { return keys[0]; }
    [[nodiscard]] bool is_signer(std::size_t key_index) const {
        return key_index < signature_count;
    }
};

struct Reward {
    Pubkey pubkey;
    std::int64_t lamports = 0;
    std::uint64_t post_balance = 0;
    std::string type;  ///< "Fee", "Rent", "Voting", "Staking"; empty when the node did not say
    std::optional<std::uint8_t> commission;
};

/// Why something inside an otherwise good block was left out.
struct Skipped {
    std::uint32_t tx_index = 0;
    std::string code;  ///< stable, e.g. "account_index_out_of_range"
    std::string detail;
};

struct Block {
    Slot slot;
    bool slot_assumed = false;  ///< getBlock does not carry its slot; then it is parentSlot + 1
    Slot parent_slot;
    std::optional<std::uint64_t> height;
    std::optional<TimestampNs> time;
    Hash blockhash, previous_blockhash;
    std::vector<Reward> rewards;
    bool has_rewards = false;
    std::vector<Transaction> transactions;
    std::vector<Skipped> skipped;  ///< transactions that could not be read; the rest is still here
    std::string synthetic;  ///< member "synthetic" of a made-up block: what made it; else empty

    /// The leader: the payee of the Fee reward.
    [[nodiscard]] const Pubkey* leader() const {
        for (const auto& r : rewards)
            if (r.type == "Fee") return &r.pubkey;
        return nullptr;
    }
};

}  // namespace astro::solana

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "chains/solana/model.hpp"
#include "chains/solana/programs.hpp"

/// Reads the token and system programs' own instructions: what moved from which account to which.
namespace astro::solana {

inline constexpr std::uint16_t kNoKey = 0xFFFF;

/// A change of balances by one instruction, as key indexes of the transaction.
struct Movement {
    enum class Kind : std::uint8_t {
        token,           ///< source → destination
        mint,            ///< created at destination
        burn,            ///< destroyed at source
        lamports,        ///< native SOL, source → destination
        create_account,  ///< native SOL into a new account of `space` bytes
    };
    std::uint32_t instruction = 0;  ///< index into Transaction::instructions
    Kind kind = Kind::token;
    bool token_2022 = false;
    bool fee_stated = false;  ///< the instruction itself names the withheld fee
    bool is_leg = false;      ///< a swap claims it
    std::uint16_t source = kNoKey, destination = kNoKey, authority = kNoKey;
    std::uint16_t mint = kNoKey;  ///< named by the instruction, else absent
    std::uint64_t amount = 0;     ///< leaves the source
    std::uint64_t fee = 0;        ///< withheld on the way: the destination gets amount − fee
    std::uint64_t space = 0;

    [[nodiscard]] bool moves_tokens() const { return kind <= Kind::burn; }
    [[nodiscard]] std::uint64_t received() const { return amount - fee; }
};

/// A token account that an instruction opened or closed.
struct AccountEvent {
    std::uint32_t instruction = 0;
    bool opened = false;
    std::uint16_t account = kNoKey;
    std::uint16_t mint = kNoKey;                ///< opened
    std::uint16_t owner = kNoKey;               ///< opened, when the owner is listed as an account
    const std::uint8_t* owner_bytes = nullptr;  ///< opened, when the owner is in the data
    std::uint16_t destination = kNoKey;         ///< closed: who gets the lamports
};

/// What an instruction of the system program moves, if anything.
[[nodiscard]] std::optional<Movement> parse_system_movement(const Transaction& tx,
                                                            const Instruction& ix);

/// A token instruction: its data and its accounts as key indexes. Several of them stand in one
/// instruction when it is a batch.
struct TokenInstruction {
    ByteView data;
    std::span<const std::uint16_t> accounts;
    bool token_2022 = false;
};

/// What a token instruction moves, if anything.
[[nodiscard]] std::optional<Movement> parse_token_movement(const TokenInstruction& ix);

/// Whether a token instruction opens or closes an account.
[[nodiscard]] std::optional<AccountEvent> parse_account_event(const TokenInstruction& ix);

/// The parts of a batch (tag 255, then per part: number of accounts, length of data, data), or the
/// instruction itself when it is none. A batch that ends in the middle of a part gives those
/// before.
void split_batch(const TokenInstruction& ix, std::vector<TokenInstruction>& out);

}  // namespace astro::solana

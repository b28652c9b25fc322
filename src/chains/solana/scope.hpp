#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chains/solana/balances.hpp"
#include "chains/solana/logs.hpp"
#include "chains/solana/model.hpp"
#include "chains/solana/programs.hpp"
#include "chains/solana/transfers.hpp"

/// One transaction laid out for decoding: what each program is, what moved, who called whom.
/// Buffers are reused from one transaction to the next. Not thread-safe.
namespace astro::solana {

class TransactionScope {
  public:
    /// Far above what the runtime executes in one transaction (64); what a node reports beyond it
    /// is not a transaction, and decoding it would cost more than linear time.
    static constexpr std::size_t kMostInstructions = 1024;
    static constexpr std::size_t kMostLogLines = 4096;

    /// Whether every index the transaction holds is inside its lists and its size is that of a
    /// transaction; all else relies on it.
    [[nodiscard]] static bool is_well_formed(const Transaction& tx);

    /// Lays out `tx`, which must be well-formed and outlive the scope's use.
    void reset(const Transaction& tx);

    [[nodiscard]] const Transaction& tx() const { return *tx_; }
    [[nodiscard]] ProgramInfo program(const Instruction& ix) const {
        return programs_[ix.program_index];
    }

    /// One past the last instruction called, directly or not, by instruction `index`. Where the
    /// node did not say heights: up to the next pool instruction of the same outer instruction.
    [[nodiscard]] std::uint32_t subtree_end(std::uint32_t index) const;

    /// What moved during instructions [begin, end).
    [[nodiscard]] std::span<Movement> movements_in(std::uint32_t begin, std::uint32_t end) {
        return std::span(movements).subspan(first_movement_[begin],
                                            first_movement_[end] - first_movement_[begin]);
    }
    /// Lines instruction `index` itself wrote. Logs are read on first use.
    [[nodiscard]] const std::vector<ProgramLog>& logs();

    /// The key behind an account position of an instruction, kNoKey when its list is shorter.
    [[nodiscard]] std::uint16_t key_at(const Instruction& ix, std::size_t position) const {
        return position < ix.accounts_count ? tx_->account_pool[ix.accounts_begin + position]
                                            : kNoKey;
    }

    TokenAccounts accounts;
    std::vector<Movement> movements;  ///< in execution order
    std::vector<AccountEvent> account_events;

  private:
    void add(std::uint32_t index, Movement movement);
    void read_token_instruction(std::uint32_t index, bool token_2022);

    const Transaction* tx_ = nullptr;
    std::vector<ProgramInfo> programs_;          ///< by key index; filled for called programs
    std::vector<std::uint32_t> first_movement_;  ///< by instruction, and one past the last
    std::vector<TokenInstruction> token_instructions_;  ///< parts of the one at hand
    LogIndex log_index_;
    bool logs_built_ = false;
};

}  // namespace astro::solana

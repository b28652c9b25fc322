#include "chains/solana/scope.hpp"

#include "chains/solana/events.hpp"

namespace astro::solana {

bool TransactionScope::is_well_formed(const Transaction& tx) {
    const std::size_t keys = tx.keys.size();
    if (keys == 0 || keys >= kNoKey) return false;
    if (tx.instructions.size() > kMostInstructions || tx.logs.size() > kMostLogLines) return false;
    for (const auto key : tx.account_pool)
        if (key >= keys) return false;
    for (const auto& ix : tx.instructions) {
        const auto accounts_end = std::uint64_t{ix.accounts_begin} + ix.accounts_count;
        const auto data_end = std::uint64_t{ix.data_begin} + ix.data_size;
        if (ix.program_index >= keys || accounts_end > tx.account_pool.size() ||
            data_end > tx.data_pool.size())
            return false;
    }
    return true;
}

void TransactionScope::reset(const Transaction& tx) {
    tx_ = &tx;
    logs_built_ = false;
    movements.clear();
    account_events.clear();
    first_movement_.clear();
    programs_.assign(tx.keys.size(), ProgramInfo{});
    std::uint16_t last_program = kNoKey;
    for (std::uint32_t i = 0; i < tx.instructions.size(); ++i) {
        const Instruction& ix = tx.instructions[i];
        if (ix.program_index != last_program) {
            last_program = ix.program_index;
            programs_[last_program] = find_program(tx.keys[last_program]);
        }
        first_movement_.push_back(static_cast<std::uint32_t>(movements.size()));
        const ProgramRole role = programs_[ix.program_index].role;
        if (role == ProgramRole::system) {
            if (const auto movement = parse_system_movement(tx, ix)) add(i, *movement);
        } else if (role == ProgramRole::token || role == ProgramRole::token_2022) {
            read_token_instruction(i, role == ProgramRole::token_2022);
        }
    }
    first_movement_.push_back(static_cast<std::uint32_t>(movements.size()));
    accounts.reset(tx);
    accounts.learn(tx, movements, account_events);
    infer_transfer_fees(accounts, movements);
}

void TransactionScope::add(std::uint32_t index, Movement movement) {
    movement.instruction = index;
    movements.push_back(movement);
}

void TransactionScope::read_token_instruction(std::uint32_t index, bool token_2022) {
    const Instruction& ix = tx_->instructions[index];
    split_batch({tx_->data_of(ix), tx_->accounts_of(ix), token_2022}, token_instructions_);
    for (const TokenInstruction& part : token_instructions_) {
        if (const auto movement = parse_token_movement(part)) {
            add(index, *movement);
        } else if (auto event = parse_account_event(part)) {
            event->instruction = index;
            account_events.push_back(*event);
        }
    }
}

std::uint32_t TransactionScope::subtree_end(std::uint32_t index) const {
    const auto& all = tx_->instructions;
    const Instruction& own = all[index];
    std::uint32_t end = index + 1;
    for (; end < all.size(); ++end) {
        const Instruction& ix = all[end];
        if (ix.outer_index != own.outer_index || ix.inner_index < 0) break;
        if (own.stack_height != 0 && ix.stack_height != 0) {
            if (ix.stack_height <= own.stack_height) break;
        } else if (program(ix).role == ProgramRole::amm && !is_event_call(tx_->data_of(ix))) {
            break;
        }
    }
    return end;
}

const std::vector<ProgramLog>& TransactionScope::logs() {
    if (!logs_built_) {
        log_index_.build(*tx_);
        logs_built_ = true;
    }
    return log_index_.lines();
}

}  // namespace astro::solana

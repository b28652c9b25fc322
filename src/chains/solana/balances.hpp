#pragma once

#include <cstdint>
#include <vector>

#include "chains/solana/activity.hpp"
#include "chains/solana/transfers.hpp"

/// What is known of the accounts of one transaction: whose they are, which token they hold, how
/// much before and after.
namespace astro::solana {

struct TokenAccount {
    Pubkey mint, owner;
    std::uint64_t pre = 0, post = 0;  ///< 0 while has_pre, has_post are false
    std::uint64_t running = 0;        ///< balance at the point of execution reached; wraps
    bool has_mint = false, has_owner = false;
    bool has_pre = false, has_post = false;
    bool token_2022 = false;

    /// Known on at least one side; the other side is then an account that did not exist.
    [[nodiscard]] bool has_balance() const { return has_pre || has_post; }
};

/// Token accounts by key index. Reused between transactions.
class TokenAccounts {
  public:
    /// Fills from the balance lists; indexes outside the keys are passed over.
    void reset(const Transaction& tx);

    /// Learns mints and owners of accounts opened inside the transaction: from the instruction that
    /// opened them, from checked transfers, and from the account at a transfer's other end.
    void learn(const Transaction& tx, const std::vector<Movement>& movements,
               const std::vector<AccountEvent>& events);

    [[nodiscard]] TokenAccount& operator[](std::uint16_t key) { return accounts_[key]; }
    [[nodiscard]] const TokenAccount& operator[](std::uint16_t key) const { return accounts_[key]; }
    [[nodiscard]] std::size_t size() const { return accounts_.size(); }

    /// Moves the running balances on by one movement.
    void apply(const Movement& movement);

  private:
    bool learn_from_movement(const Transaction& tx, const Movement& movement);

    std::vector<TokenAccount> accounts_;
};

/// Fills Movement::fee of Token-2022 transfers that do not state it, from what the accounts'
/// balances lack. Left at 0 where several unknowns meet.
void infer_transfer_fees(const TokenAccounts& accounts, std::vector<Movement>& movements);

/// Per (owner, mint) and, under the zero mint, per wallet in lamports; sorted, without zero rows.
/// Token accounts' own lamports are left out: they are rent or wrapped SOL.
[[nodiscard]] std::vector<OwnerDelta> owner_deltas(const Transaction& tx,
                                                   const TokenAccounts& accounts);

/// Rent the fee payer locked in accounts that are still open, less what closed accounts gave back.
[[nodiscard]] std::int64_t rent_paid_by_fee_payer(const Transaction& tx,
                                                  const TokenAccounts& accounts,
                                                  const std::vector<Movement>& movements,
                                                  const std::vector<AccountEvent>& events);

/// Rent exemption of an account of `space` bytes, lamports.
[[nodiscard]] constexpr std::uint64_t rent_exempt_lamports(std::uint64_t space) {
    return (128 + space) * 6960;
}

}  // namespace astro::solana

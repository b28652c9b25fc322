#pragma once

#include <vector>

#include "capabilities/exchange/engine/asset_settings.hpp"
#include "capabilities/exchange/engine/formulas/interest.hpp"

/// Lent and borrowed balances of one asset.
///
/// Two running sums say what one unit has earned as a deposit and what it owes as a loan since the
/// beginning; an account pays by the difference since it last did, as with funding. Until then its
/// balance stands still, so interest is simple between two changes of a balance and compounds with
/// them. Both sums move once a second at most and never within a command.
///
/// Of each second's interest the depositors get what the insurance fund leaves, rounded down to
/// what divides evenly among them; that rest, and what is rounded off each payment, is the fund's,
/// to the last unit: when everybody has paid and received, `pool` is 0.
namespace astro::exchange {

inline constexpr std::int64_t kInterestUnit = 1'000'000'000'000'000;  // 1e-15 of a unit

struct Interest {
    Int128 deposit_index = 0, borrow_index = 0;  ///< kInterestUnit
    Int128 deposits = 0, borrows = 0;            ///< sums of balances above and below zero
    Int128 charged = 0;                          ///< of borrows, what is beyond the free part
    Amount pool{};                               ///< paid and not yet received; may be below zero
    std::int64_t dust = 0;                       ///< the fund's, kInterestUnit, below one unit
    std::int64_t second = 0;                     ///< since 1970: until when it is counted

    /// A balance was `before` and is `after`, in the three sums.
    void replace(Amount before, Amount after, Amount free);
    /// Counts the seconds until `second_now`, thirty days at most; gives whole units that are the
    /// fund's.
    [[nodiscard]] Amount accrue(const AssetSettings& asset, std::int64_t second_now);
    /// A payment of `change` for `exact` (kInterestUnit); gives whole units that are the fund's.
    [[nodiscard]] Amount settle(Amount change, Int128 exact);

  private:
    [[nodiscard]] Amount take(Int128 more);
};

/// How far an account's balance of an asset has paid; of the index of its side.
struct InterestMark {
    AssetId asset{};
    Int128 index = 0;
};

/// What a balance has earned (or owes, below zero) since then, in kInterestUnit.
[[nodiscard]] Int128 interest_exact(const AssetSettings& asset, const Interest& interest,
                                    Amount balance, Int128 index);
/// The same in whole units, rounded down: against the account.
[[nodiscard]] Amount interest_due(const AssetSettings& asset, const Interest& interest,
                                  Amount balance, Int128 index);

}  // namespace astro::exchange

#pragma once

#include "capabilities/exchange/engine/model.hpp"

/// Shares of the insurance fund, as in Drift v2 (math/insurance.rs, controller/insurance.rs).
///
/// The fund is a vault of money and shares of it: those of stakers, and the rest, which are the
/// venue's own. What comes in without shares (fees of liquidations, the stakers' part of revenue)
/// makes each share worth more, what is paid out makes it worth less. When the vault has been
/// drained below the number of shares, all shares are divided by a power of ten (a rebase), so that
/// a share never becomes too small to count in.
namespace astro::exchange {

/// A staker's part. While a request runs, its value is at most what it was when it was made.
struct InsuranceStake {
    std::int64_t shares = 0;
    std::int64_t rebases = 0;  ///< InsuranceShares::rebases when shares were last counted
    std::int64_t requested = 0;
    Quote requested_value{};
    TimeMs requested_at{};  ///< 0: no request runs
};
BOOST_DESCRIBE_STRUCT(InsuranceStake, (),
                      (shares, rebases, requested, requested_value, requested_at))

/// All shares. The vault's money is Pools::insurance and is handed in; it is 0 or more and at most
/// kNotionalMax, with which no number here leaves 64 bits: shares are below ten times the vault
/// after a rebase.
class InsuranceShares {
  public:
    /// Before anything else is done with a vault and its shares.
    void rebase(Quote vault);
    /// A stake is brought to the present count.
    void follow(InsuranceStake& stake) const;

    /// Shares for money that comes in. The fund is not drained: can_stake().
    [[nodiscard]] std::int64_t shares_of(Quote vault, Quote amount) const;
    [[nodiscard]] Quote value_of(Quote vault, std::int64_t shares) const;
    [[nodiscard]] bool can_stake(Quote vault) const { return vault > Quote{0} || total == 0; }

    /// `amount` is not in the vault yet.
    void stake(Quote vault, Quote amount, InsuranceStake& stake);
    /// The same for the venue itself.
    void add_own(Quote vault, Quote amount);
    /// 0 < shares <= stake.shares; no request runs.
    void request(Quote vault, std::int64_t shares, TimeMs now, InsuranceStake& stake) const;
    /// Forfeits what the requested shares have gained since: they become fewer.
    void cancel(Quote vault, InsuranceStake& stake);
    /// What the request pays; the shares are no more.
    [[nodiscard]] Quote unstake(Quote vault, InsuranceStake& stake);

    std::int64_t total = 0, users = 0;
    std::int64_t rebases = 0;  ///< powers of ten by which shares have been divided
};
BOOST_DESCRIBE_STRUCT(InsuranceShares, (), (total, users, rebases))

}  // namespace astro::exchange

#pragma once

#include <array>
#include <optional>
#include <vector>

#include "capabilities/exchange/engine/venue_settings.hpp"

/// What an owner has beside his accounts: volume, rates of fees, whom he has allowed what.
namespace astro::exchange {

/// The rates of an account's owner as they hold today; each account has a copy, so that a fill
/// looks no further than the account.
struct FeeRates {
    std::uint32_t epoch = 0;  ///< of the day and the venue's settings; 0: to be looked up
    std::int32_t taker_keep_ppm = 1'000'000;  ///< of the market's taker fee
    std::int32_t maker_less_ppm = 0;
    std::uint32_t referrer = kNobody;  ///< an account
    std::int64_t day = 0;              ///< since 1970, of volume_today
    Quote volume_today{};              ///< traded and not yet counted in the owner's days

    static constexpr std::uint32_t kNobody = 0xFFFF'FFFF;
};

struct BuilderLimit {
    AccountId builder{};
    std::int64_t fee_max_ppm = 0;
};
BOOST_DESCRIBE_STRUCT(BuilderLimit, (), (builder, fee_max_ppm))

inline constexpr std::size_t kVolumeDays = 30, kBuildersMax = 10;

/// Volume by whole UTC days; thirty of them and the present one are kept.
class VolumeDays {
  public:
    /// Of a day that is none before the newest by more than thirty.
    void add(std::int64_t day, Quote volume);
    /// Of the thirty days before `day`.
    [[nodiscard]] Quote before(std::int64_t day) const;

    std::array<Quote, kVolumeDays + 1> volumes{};  ///< by day modulo 31
    std::int64_t newest = 0;                       ///< days since 1970
};

struct Owner {
    std::vector<AccountId> accounts;  ///< oldest first
    VolumeDays volume;
    std::optional<AccountId> referrer;
    std::vector<BuilderLimit> builders;
    governance::Power staked;  ///< of all accounts
    std::int64_t withdrawal_day = 0;
    Quote withdrawn{};  ///< on that day
    std::uint32_t withdrawals_open = 0;

    [[nodiscard]] std::int64_t builder_fee_max(AccountId builder) const;
};

/// The rates that follow from what an owner has; epoch and day are the caller's.
[[nodiscard]] FeeRates fee_rates(const VenueSettings& venue, const Owner& owner, std::int64_t day);

/// A market's taker fee as an account pays it: whole ppm, rounded up. taker_fee_ppm 0 to 10,000.
[[nodiscard]] constexpr std::int64_t taker_rate_ppm(std::int64_t taker_fee_ppm,
                                                    const FeeRates& rates) {
    return (taker_fee_ppm * rates.taker_keep_ppm + 999'999) / 1'000'000;
}

}  // namespace astro::exchange

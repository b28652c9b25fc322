#include "capabilities/exchange/engine/insurance_fund.hpp"

#include <algorithm>

#include "capabilities/exchange/engine/formulas/wide.hpp"

namespace astro::exchange {
namespace {

std::int64_t power(std::int64_t exponent) {
    // 64 bits have nineteen digits: more leaves nothing of any number of shares.
    return static_cast<std::int64_t>(
        formulas::power_of_ten(static_cast<int>(std::min<std::int64_t>(exponent, 18))));
}

std::int64_t part(std::int64_t a, std::int64_t b, std::int64_t whole) {
    return formulas::saturate64(static_cast<Int128>(a) * b / whole);
}

}  // namespace

void InsuranceShares::rebase(Quote vault) {
    if (vault > Quote{0} && vault.value() < total) {
        std::int64_t exponent = 0;
        for (std::int64_t ratio = total / vault.value(); ratio >= 10; ratio /= 10) ++exponent;
        total /= power(exponent);
        users /= power(exponent);
        rebases += exponent;
    }
    // What came in before anybody had a share is the venue's.
    if (vault > Quote{0} && total == 0) total = vault.value();
}

void InsuranceShares::follow(InsuranceStake& stake) const {
    if (stake.rebases == rebases) return;
    const std::int64_t divisor = power(rebases - stake.rebases);
    stake.shares /= divisor;
    stake.requested /= divisor;
    stake.rebases = rebases;
}

std::int64_t InsuranceShares::shares_of(Quote vault, Quote amount) const {
    if (vault <= Quote{0}) return amount.value();
    return part(amount.value(), total, vault.value());
}

Quote InsuranceShares::value_of(Quote vault, std::int64_t shares) const {
    if (total == 0) return Quote{0};
    return Quote{part(vault.value(), shares, total)};
}

void InsuranceShares::stake(Quote vault, Quote amount, InsuranceStake& stake) {
    const std::int64_t shares = shares_of(vault, amount);
    stake.rebases = rebases;
    stake.shares += shares;
    total += shares;
    users += shares;
}

void InsuranceShares::add_own(Quote vault, Quote amount) {
    if (can_stake(vault)) total += shares_of(vault, amount);
}

void InsuranceShares::request(Quote vault, std::int64_t shares, TimeMs now,
                              InsuranceStake& stake) const {
    stake.requested = shares;
    stake.requested_value = value_of(vault, shares);
    stake.requested_at = now;
}

void InsuranceShares::cancel(Quote vault, InsuranceStake& stake) {
    const std::int64_t others = total - stake.requested;
    const Quote left = vault - stake.requested_value;
    std::int64_t lost = 0;
    if (value_of(vault, stake.requested) > stake.requested_value) {
        // As if the shares had been sold at the request's value and bought back now. When nobody
        // else has any, what they gained becomes the venue's own.
        const std::int64_t kept = others > 0
                                      ? part(stake.requested_value.value(), others, left.value())
                                      : part(stake.requested_value.value(), total, vault.value());
        lost = std::max<std::int64_t>(stake.requested - kept, 0);
    }
    if (others == 0) total += lost;
    stake.shares -= lost;
    total -= lost;
    users -= lost;
    stake.requested = 0;
    stake.requested_value = Quote{0};
    stake.requested_at = TimeMs{0};
}

Quote InsuranceShares::unstake(Quote vault, InsuranceStake& stake) {
    const Quote paid = std::min(value_of(vault, stake.requested), stake.requested_value);
    stake.shares -= stake.requested;
    total -= stake.requested;
    users -= stake.requested;
    stake.requested = 0;
    stake.requested_value = Quote{0};
    stake.requested_at = TimeMs{0};
    return paid;
}

}  // namespace astro::exchange

#include "capabilities/exchange/engine/interest.hpp"

#include <algorithm>

namespace astro::exchange {
namespace {

constexpr std::int64_t kPpm = 1'000'000, kYearSeconds = 31'536'000;
constexpr std::int64_t kGapSecondsMax = 30 * 86'400;

Int128 charged_of(Amount balance, Amount free) {
    return std::max<Int128>(-static_cast<Int128>(balance.value()) - free.value(), 0);
}

}  // namespace

// All that can be borrowed, at the highest rate for the longest gap: whole units fit 64 bits.
static_assert((Int128{1} << 60) * 10 * kGapSecondsMax / kYearSeconds < formulas::kInt64Max);

void Interest::replace(Amount before, Amount after, Amount free) {
    const auto above = [](Amount a) { return std::max<std::int64_t>(a.value(), 0); };
    const auto below = [](Amount a) { return std::max<std::int64_t>(-a.value(), 0); };
    deposits += above(after) - above(before);
    borrows += below(after) - below(before);
    charged += charged_of(after, free) - charged_of(before, free);
}

Amount Interest::accrue(const AssetSettings& asset, std::int64_t second_now) {
    const std::int64_t seconds = std::min(second_now - second, kGapSecondsMax);
    second = second_now;
    if (seconds <= 0 || charged == 0) return Amount{0};
    const std::int64_t used = formulas::utilization_ppm(deposits, borrows);
    const std::int64_t rate = formulas::borrow_rate_ppm(borrow_curve(asset), used);
    const Int128 owed_each =
        formulas::div_round(static_cast<Int128>(rate) * seconds * (kInterestUnit / kPpm),
                            kYearSeconds, formulas::Rounding::ceil);
    const Int128 owed = charged * owed_each;
    const Int128 earned_each =
        deposits == 0 ? 0 : owed / kPpm * (kPpm - asset.interest_insurance_ppm) / deposits;
    borrow_index += owed_each;
    deposit_index += earned_each;
    return take(owed - earned_each * deposits);
}

Amount Interest::settle(Amount change, Int128 exact) {
    pool -= change;
    return take(exact - static_cast<Int128>(change.value()) * kInterestUnit);
}

Amount Interest::take(Int128 more) {
    const Int128 together = more + dust;
    const Amount whole{static_cast<std::int64_t>(together / kInterestUnit)};
    dust = static_cast<std::int64_t>(together % kInterestUnit);
    pool -= whole;
    return whole;
}

Int128 interest_exact(const AssetSettings& asset, const Interest& interest, Amount balance,
                      Int128 index) {
    if (balance > Amount{0})
        return static_cast<Int128>(balance.value()) * (interest.deposit_index - index);
    return -charged_of(balance, asset.interest_free) * (interest.borrow_index - index);
}

Amount interest_due(const AssetSettings& asset, const Interest& interest, Amount balance,
                    Int128 index) {
    return Amount{
        formulas::saturate64(formulas::div_round(interest_exact(asset, interest, balance, index),
                                                 kInterestUnit, formulas::Rounding::floor))};
}

}  // namespace astro::exchange

#include "capabilities/exchange/engine/formulas/mark.hpp"

#include <algorithm>
#include <array>

namespace astro::exchange::formulas {
namespace {

Price median_of_three(Price a, Price b, Price c) {
    return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

}  // namespace

std::optional<Price> impact_mid(std::optional<Price> bid, std::optional<Price> ask) {
    if (!bid || !ask) return std::nullopt;
    return median(std::array{*bid, *ask});
}

Price mark_price(std::optional<Price> mid, Price index, Price basis, std::int64_t band_bps) {
    const Price middle = mid ? median_of_three(*mid, index, index + basis) : index;
    const Price reach{
        static_cast<std::int64_t>(static_cast<Int128>(index.value()) * band_bps / 10'000)};
    return std::max(Price{1}, std::clamp(middle, index - reach, index + reach));
}

Price binance_mark(Price index, Rate last_rate, std::int64_t to_funding_s, std::int64_t period_s,
                   Price average_basis, Price last) {
    const Int128 due = static_cast<Int128>(last_rate.value()) * to_funding_s / period_s;
    const Price by_funding =
        index + Price{static_cast<std::int64_t>(due * index.value() / kRateOne)};
    return median_of_three(by_funding, index + average_basis, last);
}

Price hyperliquid_mark(const HyperliquidMark& in) {
    std::array<Price, 3> own, all;
    std::size_t own_count = 0, count = 0;
    for (const auto& price : {in.bid, in.ask, in.last})
        if (price) own[own_count++] = *price;
    all[count++] = in.oracle + in.basis;
    if (own_count > 0) all[count++] = median(std::span(own).first(own_count));
    if (in.elsewhere) all[count++] = *in.elsewhere;
    if (count == 2 && in.book_slow) all[count++] = *in.book_slow;
    return median(std::span(all).first(count));
}

}  // namespace astro::exchange::formulas

#include "capabilities/devnet/engine/exchange.hpp"

#include <algorithm>

#include "capabilities/devnet/engine/arithmetic.hpp"
#include "foundation/base/assert.hpp"

namespace astro::devnet {
namespace {

constexpr std::int32_t kBpsAll = 10'000;

/// A quotient that is known to fit.
std::int64_t whole(std::optional<std::int64_t> quotient) {
    ASTRO_ASSERT(quotient.has_value());
    return *quotient;
}

Exchanged wheat_remains(const xdr::Price& price, const ExchangeLimits& limits, UInt128 sheep_value,
                        ExchangeRule rule) {
    const auto n = static_cast<UInt128>(price.n), d = static_cast<UInt128>(price.d);
    Exchanged out{.wheat_stays = true};
    if (rule == ExchangeRule::strict_send) {
        out.wheat = whole(divide(sheep_value, n, Rounding::down));
        out.sheep = std::min(limits.sheep_send_max, limits.sheep_receive_max);
    } else if (price.n > price.d || rule == ExchangeRule::strict_receive) {
        out.wheat = whole(divide(sheep_value, n, Rounding::down));
        out.sheep = whole(multiply_divide(out.wheat, price.n, price.d, Rounding::up));
    } else {
        out.sheep = whole(divide(sheep_value, d, Rounding::down));
        out.wheat = whole(multiply_divide(out.sheep, price.d, price.n, Rounding::down));
    }
    return out;
}

Exchanged wheat_is_taken(const xdr::Price& price, UInt128 wheat_value) {
    Exchanged out;
    if (price.n > price.d) {
        out.wheat = whole(divide(wheat_value, static_cast<UInt128>(price.n), Rounding::down));
        out.sheep = whole(multiply_divide(out.wheat, price.n, price.d, Rounding::down));
    } else {
        out.sheep = whole(divide(wheat_value, static_cast<UInt128>(price.d), Rounding::down));
        out.wheat = whole(multiply_divide(out.sheep, price.d, price.n, Rounding::up));
    }
    return out;
}

Exchanged exchange_within_limits(const xdr::Price& price, const ExchangeLimits& limits,
                                 ExchangeRule rule) {
    ASTRO_ASSERT(price.n > 0 && price.d > 0);
    const UInt128 wheat_value = std::min(multiply(limits.wheat_send_max, price.n),
                                         multiply(limits.sheep_receive_max, price.d));
    const UInt128 sheep_value = std::min(multiply(limits.sheep_send_max, price.d),
                                         multiply(limits.wheat_receive_max, price.n));
    const Exchanged out = wheat_value > sheep_value
                              ? wheat_remains(price, limits, sheep_value, rule)
                              : wheat_is_taken(price, wheat_value);
    ASTRO_ASSERT(out.wheat >= 0 &&
                 out.wheat <= std::min(limits.wheat_receive_max, limits.wheat_send_max));
    ASTRO_ASSERT(out.sheep >= 0 &&
                 out.sheep <= std::min(limits.sheep_receive_max, limits.sheep_send_max));
    return out;
}

/// |price − sheep / wheat| ≤ 1% of the price, without division.
bool is_within_one_percent(const xdr::Price& price, const Exchanged& done) {
    const UInt128 asked = multiply(std::int64_t{100} * price.n, done.wheat);
    const UInt128 paid = multiply(std::int64_t{100} * price.d, done.sheep);
    const UInt128 apart = asked > paid ? asked - paid : paid - asked;
    return apart <= multiply(price.n, done.wheat);
}

}  // namespace

Exchanged exchange(const xdr::Price& price, const ExchangeLimits& limits, ExchangeRule rule) {
    Exchanged out = exchange_within_limits(price, limits, rule);
    const bool is_nothing = out.wheat == 0 || out.sheep == 0;
    if (rule == ExchangeRule::strict_send) {
        // Sheep may go for no wheat, so that all are sent; never is nothing sent.
        ASTRO_ASSERT(out.sheep > 0);
    } else if (is_nothing || (rule == ExchangeRule::offers && !is_within_one_percent(price, out))) {
        out.wheat = out.sheep = 0;
    }
    return out;
}

std::int64_t adjusted_amount(const xdr::Price& price, std::int64_t wheat_send_max,
                             std::int64_t sheep_receive_max) {
    return exchange(price, {wheat_send_max, kAmountMax, kAmountMax, sheep_receive_max},
                    ExchangeRule::offers)
        .wheat;
}

xdr::Liabilities liabilities_of(const xdr::Price& price, std::int64_t amount) {
    const auto full = exchange_within_limits(price, {amount, kAmountMax, kAmountMax, kAmountMax},
                                             ExchangeRule::offers);
    return {.buying = full.sheep, .selling = full.wheat};
}

xdr::Liabilities liabilities_of_buying(const xdr::Price& price, std::int64_t buy_amount) {
    const auto full = exchange_within_limits(
        price, {kAmountMax, kAmountMax, kAmountMax, buy_amount}, ExchangeRule::offers);
    return {.buying = full.sheep, .selling = full.wheat};
}

std::optional<PoolExchanged> exchange_with_pool(std::int64_t reserve_sent,
                                                std::int64_t reserve_received, std::int64_t amount,
                                                std::int32_t fee_bps, ExchangeRule rule) {
    ASTRO_ASSERT(reserve_sent > 0 && reserve_received > 0 && rule != ExchangeRule::offers);
    const std::int32_t kept_bps = kBpsAll - fee_bps;
    if (rule == ExchangeRule::strict_send) {
        if (amount > kAmountMax - reserve_sent) return std::nullopt;
        const auto received = scale_divide(
            kept_bps, multiply(reserve_received, amount),
            multiply(kBpsAll, reserve_sent) + multiply(kept_bps, amount), Rounding::down);
        if (!received || *received == 0) return std::nullopt;
        ASTRO_ASSERT(*received <= reserve_received);
        return PoolExchanged{amount, *received};
    }
    if (amount >= reserve_received) return std::nullopt;
    const auto sent = scale_divide(kBpsAll, multiply(reserve_sent, amount),
                                   multiply(reserve_received - amount, kept_bps), Rounding::up);
    if (!sent || *sent > kAmountMax - reserve_sent) return std::nullopt;
    return PoolExchanged{*sent, amount};
}

bool is_less(const xdr::Price& a, const xdr::Price& b) {
    return std::int64_t{a.n} * b.d < std::int64_t{b.n} * a.d;
}

}  // namespace astro::devnet

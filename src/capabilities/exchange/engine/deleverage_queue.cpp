#include "capabilities/exchange/engine/deleverage_queue.hpp"

#include <algorithm>

#include "capabilities/exchange/engine/formulas/deleverage.hpp"

namespace astro::exchange {

std::vector<QueuedPosition> deleverage_queue(const MarginContext& context, const Accounts& accounts,
                                             MarketId market, bool longs) {
    std::vector<QueuedPosition> out;
    for (std::uint32_t a = 0; a < accounts.size(); ++a)
        for (const auto& position : accounts[a].positions) {
            if (position.market != market || position.size == Base{0} ||
                (position.size > Base{0}) != longs)
                continue;
            const Health health = health_of(context, accounts[a], MarginKind::maintenance);
            const Int128 entry = static_cast<Int128>(std::abs(position.entry_quote.value())) *
                                 kBaseUnit / std::abs(position.size.value());
            out.push_back(
                {AccountId{a}, position.leg, position.size,
                 formulas::deleverage_rank(
                     {.size = position.size,
                      .entry = Price{std::max<std::int64_t>(static_cast<std::int64_t>(entry), 1)},
                      .mark = context.markets[market.value()].mark,
                      .account_value = Quote{health.collateral},
                      .account_maintenance = Quote{health.requirement}}),
                 Quote{health.collateral}});
        }
    std::ranges::stable_sort(out, std::greater<>(), &QueuedPosition::rank);
    return out;
}

}  // namespace astro::exchange

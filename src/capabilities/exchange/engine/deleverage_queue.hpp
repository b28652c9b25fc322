#pragma once

#include <vector>

#include "capabilities/exchange/engine/margin.hpp"

namespace astro::exchange {

/// A position in the order in which it is called upon when nobody else takes a bankrupt one of the
/// other side.
struct QueuedPosition {
    AccountId account{};
    Leg leg = Leg::net;
    Base size{};
    std::int64_t rank = 0;  ///< formulas::deleverage_rank()
    Quote value{};          ///< collateral of the account
};
BOOST_DESCRIBE_STRUCT(QueuedPosition, (), (account, leg, size, rank, value))

/// All long, or all short, positions of a market: the highest rank first; of equal ones the lower
/// account.
[[nodiscard]] std::vector<QueuedPosition> deleverage_queue(const MarginContext& context,
                                                           const Accounts& accounts,
                                                           MarketId market, bool longs);

}  // namespace astro::exchange

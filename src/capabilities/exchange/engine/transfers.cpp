#include "capabilities/exchange/engine/transfers.hpp"

namespace astro::exchange {

Refusal DepositLog::check(const Observation& seen) const {
    if (seen.chain == Chain::none) return {};
    if (seen.height < 0) return {RefusalCode::bad_amount, 0, seen.height};
    const auto known = chains.find(seen.chain);
    if (known == chains.end()) return {};
    if (seen.height <= known->second.floor)
        return {RefusalCode::observation_too_old, known->second.floor + 1, seen.height};
    if (known->second.seen.contains(seen)) return {RefusalCode::observation_known};
    return {};
}

void DepositLog::add(const Observation& seen) {
    if (seen.chain == Chain::none) return;
    OfChain& chain = chains[seen.chain];
    chain.seen.insert(seen);
    if (chain.seen.size() <= kKeptMax) return;
    // All of the lowest height go together: a part of it would be credited twice.
    chain.floor = chain.seen.begin()->height;
    while (!chain.seen.empty() && chain.seen.begin()->height <= chain.floor)
        chain.seen.erase(chain.seen.begin());
}

}  // namespace astro::exchange

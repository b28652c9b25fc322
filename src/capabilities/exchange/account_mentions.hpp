#pragma once

#include <vector>

#include "capabilities/exchange/engine/venue.hpp"

namespace astro::exchange {

/// One event as one account sees it.
struct Mention {
    std::uint32_t event = 0;  ///< its place in the command's events
    AccountId account{};
    bool takes = false;  ///< of a trade: on this side of it; of a deleveraging: who lost
};

/// What accounts are told of a command, in order: the private stream, whose numbers count these.
/// `venue` is as it is after the command. Refusals and items of a batch are answers, not news.
[[nodiscard]] std::vector<Mention> mentions_of(const Events& events, const Venue& venue);

}  // namespace astro::exchange

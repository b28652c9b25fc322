#pragma once

#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/trading_model.hpp"

/// What an owner sees of his account, at the prices of the moment.
namespace astro::exchange {

[[nodiscard]] AccountView account_view(const Venue& venue, AccountId account);
[[nodiscard]] std::vector<PositionView> position_views(const Venue& venue, AccountId account);
/// Those that rest, those in their auctions and those that wait, oldest first each; of one market
/// or all.
[[nodiscard]] std::vector<OpenOrder> open_orders(const Venue& venue, AccountId account,
                                                 std::optional<MarketId> market);
/// What a receipt of an order begins with that is to be changed; empty when it is not open.
[[nodiscard]] OrderReceipt receipt_before(const Venue& venue, AccountId account, OrderId order);

}  // namespace astro::exchange

#pragma once

#include <functional>

#include "capabilities/exchange/engine/commands.hpp"
#include "foundation/base/result.hpp"
#include "server/dialects/fix/fields.hpp"
#include "server/dialects/orders/order_state.hpp"

/// What a message says of an order, as the venue's command. Pure.
namespace astro::fix {

using dialects::OrderState;
using exchange::AccountId;
using exchange::MarketId;
using exchange::OrderId;

/// Codes of refusals here; each has numbers in FIX (order_reason()).
namespace fault {
inline constexpr std::string_view kSymbol = "fix_symbol", kAccount = "fix_account",
                                  kDuplicate = "fix_duplicate", kUnsupported = "fix_unsupported",
                                  kQuantity = "fix_quantity", kValue = "fix_value",
                                  kUnknownOrder = "fix_unknown_order";
}  // namespace fault

/// The market of a symbol.
using MarketOf = std::function<std::optional<MarketId>(std::string_view)>;

/// ClOrdID as the venue takes it: 1 to 36 of A-Z a-z 0-9 . _ : / -
[[nodiscard]] Result<exchange::ClientId> client_id_of(const Fields& fields, int tag);
/// Refused unless the field Account, when it is there, is the session's.
[[nodiscard]] Result<void> check_account(const Fields& fields, AccountId account);

/// NewOrderSingle: PlaceOrder, or PlaceConditional of one that waits for a price.
[[nodiscard]] Result<exchange::CommandBody> new_order(const Fields& fields, AccountId account,
                                                      const MarketOf& market_of);
/// OrderCancelReplaceRequest of that order: its price and size; what else differs is refused.
[[nodiscard]] Result<exchange::AmendOrder> replacement(const Fields& fields,
                                                       const OrderState& order,
                                                       const MarketOf& market_of);
/// OrderMassCancelRequest: of a market or all, of a side or both.
[[nodiscard]] Result<exchange::CancelAll> mass_cancel(const Fields& fields, AccountId account,
                                                      const MarketOf& market_of);

/// OrdRejReason of a refusal here, and of the venue.
[[nodiscard]] int order_reason(std::string_view code);
[[nodiscard]] int order_reason(exchange::RefusalCode code);
/// CxlRejReason.
[[nodiscard]] int cancel_reason(std::string_view code);
[[nodiscard]] int cancel_reason(exchange::RefusalCode code);

}  // namespace astro::fix

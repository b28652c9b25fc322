#include "capabilities/exchange/order_wish.hpp"

namespace astro::exchange {
namespace {

Unexpected inconsistent(std::string message, std::string where) {
    return refusal("order_inconsistent", std::move(message), std::move(where));
}

Trigger trigger_of(const TriggerWish& wish) {
    return {wish.kind, wish.source.value_or(TriggerSource::mark), wish.price.value_or(Price{}),
            wish.trail_bps.value_or(0)};
}

/// A trailing stop has a distance, the others a price.
Result<void> check_trigger(const TriggerWish& wish, const std::string& where) {
    const bool trails = wish.kind == TriggerKind::trailing;
    if (trails == wish.price.has_value())
        return inconsistent(trails ? "a trailing stop has trail_bps and no price" : "needs a price",
                            where + ".price");
    if (trails != wish.trail_bps.has_value())
        return inconsistent(trails ? "needs a distance, 1 to 5000" : "only of a trailing stop",
                            where + ".trail_bps");
    return {};
}

Result<void> check(const OrderWish& wish) {
    const bool brackets = wish.take_profit || wish.stop_loss;
    if (int{wish.trigger.has_value()} + int{wish.oco.has_value()} + int{brackets} +
            int{wish.peg.has_value()} + int{wish.auction.has_value()} >
        1)
        return inconsistent(
            "an order has a trigger, an oco, a bracket, a peg or an auction, not several",
            "trigger");
    if (wish.type == OrderType::market && wish.price)
        return inconsistent("a market order has no price; its band protects it", "price");
    if (wish.type == OrderType::limit && !wish.price && !wish.peg)
        return inconsistent("a limit order needs a price", "price");
    if (wish.expires && wish.time_in_force.value_or(TimeInForce::gtt) != TimeInForce::gtt)
        return inconsistent("only an order that is gtt expires", "expires");
    if (wish.time_in_force == TimeInForce::gtt && !wish.expires)
        return inconsistent("an order that is gtt needs a time", "expires");
    if (wish.trigger) ASTRO_CHECK(check_trigger(*wish.trigger, "trigger"));
    if (wish.oco) ASTRO_CHECK(check_trigger(wish.oco->trigger, "oco.trigger"));
    if (wish.take_profit) ASTRO_CHECK(check_trigger(*wish.take_profit, "take_profit"));
    if (wish.stop_loss) ASTRO_CHECK(check_trigger(*wish.stop_loss, "stop_loss"));
    return {};
}

WaitingOrder stop_of(const StopWish& wish, const PlaceOrder& beside) {
    PlaceOrder order{.account = beside.account,
                     .market = beside.market,
                     .side = beside.side,
                     .leg = beside.leg,
                     .type = wish.price ? OrderType::limit : OrderType::market,
                     .time_in_force = wish.price ? TimeInForce::gtc : TimeInForce::ioc,
                     .self_trade = beside.self_trade,
                     .reduce_only = beside.reduce_only,
                     .price = wish.price.value_or(Price{}),
                     .size = wish.size.value_or(beside.size)};
    return {order, trigger_of(wish.trigger)};
}

}  // namespace

PlaceOrder plain_order(const OrderWish& wish, AccountId account, MarketId market) {
    const bool limits = wish.price || wish.peg;
    const OrderType type = wish.type.value_or(limits ? OrderType::limit : OrderType::market);
    const TimeInForce usual = type == OrderType::market ? TimeInForce::ioc
                              : wish.expires            ? TimeInForce::gtt
                                                        : TimeInForce::gtc;
    return {.account = account,
            .market = market,
            .side = wish.side,
            .leg = wish.leg.value_or(Leg::net),
            .type = type,
            .time_in_force = wish.time_in_force.value_or(usual),
            .post_only = wish.post_only.value_or(PostOnly::no),
            .self_trade = wish.self_trade.value_or(SelfTrade::cancel_newest),
            .reduce_only = wish.reduce_only.value_or(false),
            .price = wish.price.value_or(Price{}),
            .size = wish.size,
            .display = wish.display.value_or(Base{}),
            .expires = wish.expires ? to_time_ms(*wish.expires) : TimeMs{},
            .client_id = wish.client_id.value_or(ClientId{}),
            .builder = wish.builder.value_or(AccountId{}),
            .builder_fee_ppm = wish.builder_fee_ppm.value_or(0)};
}

Result<CommandBody> command_of(const OrderWish& wish, AccountId account, MarketId market) {
    ASTRO_CHECK(check(wish));
    const PlaceOrder order = plain_order(wish, account, market);
    if (wish.trigger)
        return CommandBody(PlaceConditional(WaitingOrder{order, trigger_of(*wish.trigger)}));
    if (wish.oco) return CommandBody(PlaceOco(OcoOrder{order, stop_of(*wish.oco, order)}));
    if (wish.peg) return CommandBody(PlacePegged(PeggedOrder{order, wish.peg->offset}));
    if (wish.auction)
        return CommandBody(PlaceAuction(AuctionOrder{
            order, wish.auction->duration_ms.value_or(0), wish.auction->start.value_or(Price{}),
            wish.auction->end.value_or(Price{}), wish.auction->oracle_relative.value_or(false)}));
    if (!wish.take_profit && !wish.stop_loss) return CommandBody(order);
    Bracket bracket{.entry = order};
    if (wish.take_profit) bracket.take_profit = trigger_of(*wish.take_profit);
    if (wish.stop_loss) bracket.stop_loss = trigger_of(*wish.stop_loss);
    return CommandBody(PlaceBracket(std::move(bracket)));
}

}  // namespace astro::exchange

#include "capabilities/exchange/account_view.hpp"

#include "capabilities/exchange/average_price.hpp"
#include "capabilities/exchange/engine/rounding.hpp"

namespace astro::exchange {
namespace {

std::string amount_text(const AssetSettings& asset, Amount amount) {
    return decimal_text(amount.value(), static_cast<int>(asset.decimals));
}

/// Unweighted, rounded down.
Quote value_of(const AssetSettings& asset, Amount amount, Price price) {
    Int128 unit = 1;
    for (std::int64_t i = 0; i < asset.decimals; ++i) unit *= 10;
    const Int128 product = static_cast<Int128>(amount.value()) * price.value();
    return Quote{static_cast<std::int64_t>(product / unit - (product % unit < 0 ? 1 : 0))};
}

HealthView health_view(const MarginSide& side) {
    return {side.collateral, side.requirement, side.free};
}

const MarginPositionTerm* term_of(const MarginSide& side, const Position& position) {
    for (const auto& term : side.positions)
        if (term.market == position.market && term.leg == position.leg) return &term;
    return nullptr;
}

std::string symbol_of(const Venue& venue, MarketId market) {
    return venue.markets()[market.value()].settings.symbol;
}

}  // namespace

AccountView account_view(const Venue& venue, AccountId id) {
    const Account& account = venue.accounts()[id.value()];
    const MarginExplanation margin = explain_margin(venue.margin_context(), account);
    AccountView out{.account = id};
    if (account.isolated) out.isolated = symbol_of(venue, *account.isolated);
    for (const auto& term : margin.maintenance.assets) {
        const AssetSettings& asset = venue.assets()[term.asset.value()].settings;
        out.balances.push_back({term.symbol, amount_text(asset, term.balance), term.price,
                                value_of(asset, term.balance, term.price)});
        out.equity += out.balances.back().value;
    }
    for (const auto& term : margin.maintenance.positions) out.equity += term.unrealized;
    out.initial = health_view(margin.initial);
    out.maintenance = health_view(margin.maintenance);
    out.margin_ratio_ppm = margin.margin_ratio_ppm;
    out.open_orders = static_cast<std::int64_t>(account.orders.size());
    out.waiting_orders = static_cast<std::int64_t>(account.conditionals.size());
    if (account.dead_man != TimeMs{0}) out.dead_man = to_timestamp(account.dead_man);
    return out;
}

std::vector<PositionView> position_views(const Venue& venue, AccountId id) {
    const Account& account = venue.accounts()[id.value()];
    const MarginExplanation margin = explain_margin(venue.margin_context(), account);
    std::vector<PositionView> out;
    for (const Position& position : account.positions) {
        const auto* initial = term_of(margin.initial, position);
        const auto* maintenance = term_of(margin.maintenance, position);
        if (initial == nullptr || maintenance == nullptr) continue;
        const bool is_short = position.size < Base{0};
        const Quote entry = is_short ? position.entry_quote : Quote{-position.entry_quote.value()};
        out.push_back({.account = id,
                       .market = symbol_of(venue, position.market),
                       .leg = position.leg,
                       .size = position.size,
                       .entry_price = average_price(
                           entry, is_short ? Base{-position.size.value()} : position.size),
                       .liquidation_price = maintenance->liquidation,
                       .mark = maintenance->mark,
                       .notional = maintenance->notional,
                       .unrealized = maintenance->unrealized,
                       .funding_due = maintenance->funding,
                       .initial_requirement = initial->requirement,
                       .maintenance_requirement = maintenance->requirement,
                       .own_margin_bps = position.own_margin_bps,
                       .open_buy = position.open_buy,
                       .open_sell = position.open_sell});
    }
    return out;
}

namespace {

std::optional<ClientId> name_of(const ClientId& id) {
    return id.empty() ? std::nullopt : std::optional(id);
}

OpenOrder open_order(const Venue& venue, const Venue::OrderView& order) {
    OpenOrder out{.order_id = order.order,
                  .client_id = name_of(order.client_id),
                  .account = order.account,
                  .market = symbol_of(venue, order.market),
                  .status = order.in_auction ? ReceiptStatus::waiting : ReceiptStatus::open,
                  .side = order.side,
                  .leg = order.leg,
                  .reduce_only = order.reduce_only,
                  .price = order.price,
                  .size = order.size,
                  .remaining = order.open,
                  .shown = order.in_auction ? Base{0} : order.shown,
                  .in_auction = order.in_auction};
    if (order.offset) out.peg = PegWish{*order.offset};
    return out;
}

OpenOrder waiting_order(const Venue& venue, AccountId account, const Conditional& waiting) {
    const PlaceOrder& order = waiting.order;
    const bool trails = waiting.trigger.kind == TriggerKind::trailing;
    OpenOrder out{.order_id = waiting.id,
                  .client_id = name_of(order.client_id),
                  .account = account,
                  .market = symbol_of(venue, order.market),
                  .status = ReceiptStatus::waiting,
                  .side = order.side,
                  .leg = order.leg,
                  .reduce_only = order.reduce_only,
                  .price = order.price,
                  .size = order.size,
                  .remaining = order.size};
    out.trigger = TriggerWish{waiting.trigger.kind, waiting.trigger.source, waiting.trigger.price,
                              trails ? std::optional(waiting.trigger.trail_bps) : std::nullopt};
    return out;
}

}  // namespace

std::vector<OpenOrder> open_orders(const Venue& venue, AccountId account,
                                   std::optional<MarketId> market) {
    std::vector<OpenOrder> out;
    for (const auto& order : venue.orders_of(account))
        if (!market || *market == order.market) out.push_back(open_order(venue, order));
    if (venue.accounts()[account.value()].auctions > 0)
        for (const auto& [id, auction] : venue.auctions())
            if (auction.account == account && (!market || *market == auction.market))
                out.push_back(open_order(venue, *venue.find_order(id)));
    for (const auto& waiting : venue.conditionals_of(account))
        if (!market || *market == waiting.order.market)
            out.push_back(waiting_order(venue, account, waiting));
    return out;
}

OrderReceipt receipt_before(const Venue& venue, AccountId account, OrderId order) {
    const auto view = venue.find_order(order);
    if (!view || view->account != account) return {};
    return {.client_id = name_of(view->client_id),
            .account = account,
            .market = symbol_of(venue, view->market),
            .side = view->side,
            .price = view->price,
            .size = view->size,
            .remaining = view->open};
}

}  // namespace astro::exchange

#include <algorithm>

#include "capabilities/exchange/engine/venue.hpp"

/// The auction of a taker order: for a while makers may fill it before it meets the book.
///
///   a buy     limit ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄   when its time is over, what is left takes the
///             end                     ____----      book up to its limit; the rest rests or ends
///                         ____----                  as its time in force says
///             start ----     ▲ fill: at the auction's price or the best ask, whichever is lower,
///                                    or better
///
/// While it runs it is an open order of its account at its worst price: its margin is kept. A fill
/// is judged as an order of the maker's that trades at once. Each event says the auction's price,
/// the book's best and the amount, so that anybody can check that no fill was worse than either.
namespace astro::exchange {
namespace {

formulas::AuctionRange range_of(const AuctionOrder& c, const OrderPlan& plan) {
    if (c.start != Price{0} || c.end != Price{0} || c.oracle_relative) return {c.start, c.end};
    auto range = formulas::drift_auction_range(plan.side, plan.market->index, c.order.price);
    const Price limit = plan.market->price(plan.limit);
    const auto within = [&](Price price) {
        return plan.side == Side::buy ? std::min(price, limit) : std::max(price, limit);
    };
    return {within(range.start), within(range.end)};
}

/// From better to worse for the taker, above zero, and the end not beyond its limit.
Refusal check_range(const formulas::AuctionRange& range, bool oracle_relative,
                    const OrderPlan& plan) {
    const Market& market = *plan.market;
    const std::int64_t base = oracle_relative ? market.index.value() : 0;
    const std::int64_t most = market.settings.price_max.value();
    for (const Price price : {range.start, range.end})
        if (price.value() < 1 - base || price.value() > most - base)
            return {RefusalCode::price_out_of_range,
                    price.value() < 1 - base ? 1 - base : most - base, price.value()};
    const std::int64_t sign = sign_of(plan.side);
    if (sign * (range.end - range.start).value() < 0) return {RefusalCode::order_inconsistent};
    const std::int64_t limit = market.price(plan.limit).value();
    if (sign * (base + range.end.value() - limit) > 0)
        return {RefusalCode::price_out_of_band, limit - base, range.end.value()};
    return {};
}

}  // namespace

TakersDue Venue::due_of(const TakerAuction& auction) const {
    const Market& market = markets_[auction.market.value()];
    const Price tick = market.settings.tick_size;
    const std::int64_t elapsed = now_.value() - auction.opened.value();
    const Price price = formulas::auction_price(
        auction.range, elapsed, auction.duration_ms, tick, auction.side,
        auction.oracle_relative ? std::optional(market.index) : std::nullopt);
    const bool buys = auction.side == Side::buy;
    const Price limit = market.price(auction.limit);
    TakersDue due;
    due.auction = std::max(buys ? std::min(price, limit) : std::max(price, limit), tick);
    due.best = due.auction;
    market.book.for_each_level(opposite(auction.side),
                               [&](std::int64_t ticks, const PriceLevel& level) {
                                   due.book = market.price(ticks);
                                   due.book_size = market.size(level.quantity);
                                   return false;
                               });
    if (due.book)
        due.best = buys ? std::min(due.auction, *due.book) : std::max(due.auction, *due.book);
    return due;
}

Refusal Venue::check_auction(const AuctionOrder& c) const {
    const PlaceOrder& order = c.order;
    if (!has(order.account)) return {RefusalCode::account_unknown};
    if (order.market.value() >= markets_.size()) return {RefusalCode::market_unknown};
    const Market& market = markets_[order.market.value()];
    if (market.settings.auction_ms == 0) return {RefusalCode::no_auction};
    if (order.time_in_force == TimeInForce::fok || order.post_only != PostOnly::no ||
        order.display != Base{0})
        return {RefusalCode::order_inconsistent};
    if (c.duration_ms < 0 || c.duration_ms > market.settings.auction_ms)
        return {RefusalCode::bad_amount, market.settings.auction_ms, c.duration_ms};
    if (!market.trades())
        return {RefusalCode::market_not_open, static_cast<std::int64_t>(market.settings.state)};
    if (!order.client_id.empty() && client_ids_.find(order.account, order.client_id) != OrderId{0})
        return {RefusalCode::client_id_duplicate};
    if (of(order.account).auctions >= kAccountAuctionsMax)
        return {RefusalCode::too_many_orders, kAccountAuctionsMax};
    if (auctions_.size() >= kAuctionsMax) return {RefusalCode::too_many_orders, kAuctionsMax};
    const std::int64_t duration = c.duration_ms == 0 ? market.settings.auction_ms : c.duration_ms;
    const TimeMs last{now_.value() + duration};
    if (order.time_in_force == TimeInForce::gtt && order.expires <= last)
        return {RefusalCode::expiry_passed, last.value(), order.expires.value()};
    return {};
}

Refusal Venue::plan_auction(const AuctionOrder& c, Plan& plan, formulas::AuctionRange& range,
                            OracleVerdict verdict) const {
    if (const auto refusal = check_auction(c)) return refusal;
    if (const auto refusal = plan_order(c.order, plan, verdict)) return refusal;
    range = range_of(c, plan);
    return check_range(range, c.oracle_relative, plan);
}

Refusal Venue::on(const PlaceAuction& c) {
    if (c->order.market.value() < markets_.size()) refresh_oracle(c->order.market);
    Plan plan;
    formulas::AuctionRange range;
    if (const auto refusal = plan_auction(*c, plan, range, verdict_now(c->order.market)))
        return refusal;
    count_margin(of(plan.account));
    // Until it has traded it needs what a resting order needs, whatever becomes of it then.
    Plan kept = plan;
    kept.rests = true;
    if (const auto refusal = judge(kept, Walk{}, false)) return refusal;
    open_auction(*c, plan, range);
    return {};
}

void Venue::open_auction(const AuctionOrder& c, const Plan& plan,
                         const formulas::AuctionRange& range) {
    Market& market = *plan.market;
    const OrderSlot slot = allocate_slot();
    const OrderId id = order_id(++orders_accepted_, slot);
    Account& account = of(plan.account);
    Position& position = position_at(plan.account, plan.market_id, plan.leg);
    TakerAuction auction{
        .slot = slot,
        .account = plan.account,
        .market = plan.market_id,
        .side = plan.side,
        .leg = plan.leg,
        .reduces = plan.reduces,
        .rests = plan.rests,
        .self_trade = plan.self_trade,
        .limit = plan.limit,
        .lots = plan.lots,
        .size = plan.size,
        .expires = plan.expires,
        .builder = {plan.builder, plan.builder_fee_ppm},
        .range = range,
        .oracle_relative = c.oracle_relative,
        .opened = now_,
        .duration_ms = c.duration_ms == 0 ? market.settings.auction_ms : c.duration_ms};
    if (!plan.client_id.empty())
        auction.client_id = client_ids_.add(plan.account, plan.client_id, id);
    ++account.auctions;
    if (plan.reduces) {
        ++position.reduce_orders;
    } else {
        const bool buys = plan.side == Side::buy;
        auction.adverse = adverse_of(market, plan.side, plan.limit, plan.lots);
        (buys ? position.open_buy : position.open_sell) += plan.size;
        (buys ? position.adverse_buy : position.adverse_sell) += auction.adverse;
        recount(account, position);
    }
    auctions_[id] = auction;
    auction_ends_.emplace(auction.last_moment(), id);
    const TakersDue due = due_of(auction);
    tell(AuctionOpened{
        id, plan.account, plan.client_id,
        AuctionTerms{plan.market_id, plan.side, plan.leg, plan.reduces, market.price(plan.limit),
                     plan.size, range.start, range.end, c.oracle_relative, auction.duration_ms,
                     now_, c.order.time_in_force, plan.self_trade, plan.expires},
        due.auction, due.book, due.book_size});
}

Refusal Venue::plan_fill(const FillAuction& c, const TakerAuction& auction, Price due,
                         Plan& plan) const {
    const Market& market = markets_[auction.market.value()];
    if (of(c.account).owner_number == of(auction.account).owner_number)
        return {RefusalCode::own_auction};
    if (c.price != Price{0} && (auction.side == Side::buy ? c.price > due : c.price < due))
        return {RefusalCode::auction_price, due.value(), c.price.value()};
    if (!auction.reduces && market.settings.state == MarketState::reduce_only)
        return {RefusalCode::market_reduce_only};
    if (!may(market, auction.reduces ? OracleAction::closing : OracleAction::new_risk))
        return {RefusalCode::oracle_restricts, static_cast<std::int64_t>(market.oracle.verdict)};
    const PlaceOrder order{.account = c.account,
                           .market = auction.market,
                           .side = opposite(auction.side),
                           .leg = c.leg,
                           .time_in_force = TimeInForce::ioc,
                           .reduce_only = c.reduce_only,
                           .price = c.price == Price{0} ? due : c.price,
                           .size = c.size,
                           .client_id = c.client_id};
    if (const auto refusal = plan_order(order, plan)) return refusal;
    plan.lots = std::min(plan.lots, auction.lots);
    if (auction.reduces) {
        const Position* position = of(auction.account).find(auction.market, auction.leg);
        plan.lots = std::min(plan.lots, market.lots(position->reducible(auction.side)));
    }
    plan.size = market.size(plan.lots);
    return {};
}

Refusal Venue::on(const FillAuction& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    const auto found = auctions_.find(c.auction);
    if (found == auctions_.end()) return {RefusalCode::order_unknown};
    refresh_oracle(found->second.market);
    Plan plan;
    if (const auto refusal = plan_fill(c, found->second, due_of(found->second).best, plan))
        return refusal;
    const Market& market = *plan.market;
    const Quote value = market.notional_of(plan.limit, plan.lots);
    // A rebate is not counted on.
    const Walk walked{.lots = plan.lots,
                      .quote = value,
                      .fee = std::max(fee_of(value, market.settings.maker_fee_ppm), Quote{0})};
    count_margin(of(c.account));
    if (const auto refusal = judge(plan, walked, false)) return refusal;
    fill_auction(c.auction, c, plan, walked);
    return {};
}

void Venue::fill_auction(OrderId id, const FillAuction& c, const Plan& plan, const Walk& walked) {
    Market& market = *plan.market;
    TakerAuction& auction = auctions_.at(id);
    const TakersDue due = due_of(auction);
    const AccountId taker = auction.account;
    const Leg leg = auction.leg;
    const OrderSlot slot = allocate_slot();
    const OrderId maker_order = order_id(++orders_accepted_, slot);
    const Plan offered{.account = taker,
                       .market = &market,
                       .builder = auction.builder.builder,
                       .builder_fee_ppm = auction.builder.fee_ppm};
    const TradeFees fees = fees_of(offered, c.account, OrderInfo{}, walked.quote);
    const Base size = market.size(plan.lots);
    market.last = market.price(plan.limit);
    tell(AuctionFilled{id, maker_order, now_, due.auction, due.book, due.book_size, market.last,
                       size, market.size(auction.lots - plan.lots)});
    tell(OrderAccepted{maker_order, c.account, plan.market_id, plan.side, plan.leg, plan.reduces,
                       market.last, size, Base{0}, TimeMs{0}, c.client_id, PostOnly::no,
                       SelfTrade::cancel_newest});
    release_auction(auction, plan.lots);
    last_trade_ = TradeId{last_trade_.value() + 1};
    tell(Traded{last_trade_, plan.market_id, market.last, size, auction.side, id, maker_order,
                taker, c.account, fees.taker, fees.maker, Base{0}, fees.referral,
                fees.taker_builder, Quote{0}});
    pools_.fees += fees.taker + fees.maker - fees.referral;
    if (!market.triggers.empty()) note_moved(plan.market_id);
    settle_side(market, taker, leg, auction.side, size, walked.quote,
                fees.taker + fees.taker_builder);
    pay_shares(taker, fees.referral, offered.builder, fees.taker_builder);
    settle_side(market, c.account, plan.leg, plan.side, size, walked.quote, fees.maker);
    tell(OrderClosed{maker_order, c.account, CloseReason::filled, Base{0}});
    release_slot(slot);
    if (auction.lots == 0) close_auction(id, CloseReason::filled);
    drop_if_closed(taker, plan.market_id, leg);
    drop_if_closed(c.account, plan.market_id, plan.leg);
}

void Venue::release_auction(TakerAuction& auction, std::uint64_t lots) {
    const std::uint64_t left = auction.lots;
    auction.lots -= lots;
    if (auction.reduces) return;
    Account& account = of(auction.account);
    Position& position = *account.find(auction.market, auction.leg);
    const auto adverse = lots == left
                             ? auction.adverse
                             : Quote{static_cast<std::int64_t>(
                                   static_cast<Int128>(auction.adverse.value()) * lots / left)};
    auction.adverse -= adverse;
    const bool buys = auction.side == Side::buy;
    (buys ? position.open_buy : position.open_sell) -= markets_[auction.market.value()].size(lots);
    (buys ? position.adverse_buy : position.adverse_sell) -= adverse;
    recount(account, position);
}

void Venue::tell_auction_ended(OrderId id, const TakerAuction& auction) {
    const TakersDue due = due_of(auction);
    tell(AuctionEnded{id, now_, due.auction, due.book, due.book_size,
                      markets_[auction.market.value()].size(auction.lots)});
}

TakerAuction Venue::remove_auction(OrderId id) {
    TakerAuction out = auctions_.at(id);
    Account& account = of(out.account);
    note(BatchUndo::AuctionStep{id, out});
    auctions_.erase(id);
    auction_ends_.erase({out.last_moment(), id});
    if (out.client_id != 0) {
        note(BatchUndo::ClientIdStep{out.client_id, out.account, client_ids_.name(out.client_id),
                                     id, false});
        client_ids_.remove(out.client_id);
    }
    --account.auctions;
    if (out.reduces) --account.find(out.market, out.leg)->reduce_orders;
    const std::uint64_t lots = out.lots;
    if (lots > 0) release_auction(out, lots);
    out.lots = lots;
    return out;
}

void Venue::close_auction(OrderId id, CloseReason reason) {
    tell_auction_ended(id, auctions_.at(id));
    const TakerAuction auction = remove_auction(id);
    release_slot(auction.slot);
    tell(OrderClosed{id, auction.account, reason,
                     markets_[auction.market.value()].size(auction.lots)});
    drop_if_idle(auction.account, auction.market, auction.leg);
}

void Venue::close_auctions(AccountId account, std::optional<MarketId> market,
                           std::optional<Side> side, CloseReason reason) {
    const auto running = auctions_;  // a copy: each that is closed leaves them
    for (const auto& [id, auction] : running)
        if (auction.account == account && (!market || *market == auction.market) &&
            (!side || *side == auction.side))
            close_auction(id, reason);
}

void Venue::close_reducing_auctions(AccountId account, MarketId market, Leg leg) {
    const auto running = auctions_;
    for (const auto& [id, auction] : running)
        if (auction.account == account && auction.market == market && auction.leg == leg &&
            auction.reduces)
            close_auction(id, CloseReason::reduce_only);
}

void Venue::finish_auction(OrderId id) {
    tell_auction_ended(id, auctions_.at(id));
    const ClientId name =
        auctions_.at(id).client_id == 0 ? ClientId() : client_ids_.name(auctions_.at(id).client_id);
    const TakerAuction auction = remove_auction(id);
    Market& market = markets_[auction.market.value()];
    Plan plan{.account = auction.account,
              .market = &market,
              .market_id = auction.market,
              .side = auction.side,
              .leg = auction.leg,
              .reduces = auction.reduces,
              .rests = auction.rests,
              .self_trade = auction.self_trade,
              .limit = auction.limit,
              .lots = auction.lots,
              .size = market.size(auction.lots),
              .expires = auction.expires,
              .client_id = name,
              .builder = auction.builder.builder,
              .builder_fee_ppm = auction.builder.fee_ppm};
    const Base left = plan.size;
    CloseReason why{};
    refresh_oracle(auction.market);
    const bool allowed =
        may(market, auction.reduces ? OracleAction::closing : OracleAction::new_risk);
    if (!allowed) why = CloseReason::refused;
    if (!allowed || fit(plan, why)) {
        release_slot(auction.slot);
        tell(OrderClosed{id, plan.account, why, left});
        drop_if_idle(plan.account, plan.market_id, plan.leg);
        return;
    }
    tell(OrderClosed{id, plan.account, CloseReason::amended, left});
    execute(plan, id, auction.slot);
}

Venue::OrderView Venue::view(OrderId id, const TakerAuction& auction) const {
    const Market& market = markets_[auction.market.value()];
    return {.order = id,
            .account = auction.account,
            .market = auction.market,
            .side = auction.side,
            .leg = auction.leg,
            .reduce_only = auction.reduces,
            .price = market.price(auction.limit),
            .size = auction.size,
            .open = market.size(auction.lots),
            .shown = Base{0},
            .client_id = auction.client_id == 0 ? ClientId() : client_ids_.name(auction.client_id),
            .in_auction = true};
}

std::string Venue::audit_auctions() const {
    if (auction_ends_.size() != auctions_.size()) return "ends of auctions";
    for (const auto& [id, auction] : auctions_) {
        const auto wrong = [id_ = id](std::string_view what) {
            return std::string(what) + " of auction " + std::to_string(id_.value());
        };
        if (!auction_ends_.contains({auction.last_moment(), id})) return wrong("end");
        if (auction.lots == 0) return wrong("size");
        if (!markets_[auction.market.value()].trades()) return wrong("market");
        if (slot_in(id) != auction.slot || slot_of(id) != kNoOrder) return wrong("slot");
        if (auction.client_id != 0 &&
            client_ids_.find(auction.account, client_ids_.name(auction.client_id)) != id)
            return wrong("client id");
    }
    return {};
}

}  // namespace astro::exchange

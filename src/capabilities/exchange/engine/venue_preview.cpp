#include "capabilities/exchange/engine/margin_explain.hpp"
#include "capabilities/exchange/engine/rounding.hpp"
#include "capabilities/exchange/engine/venue_walk.hpp"

/// An order as it would go, on a copy of its account. What is refused, counted and charged is what
/// place() refuses, counts and charges; the book is walked by the same walk.
namespace astro::exchange {
namespace {

/// Of the value of a size at a price that need not be on a tick; rounded down.
Quote value_at(Price price, Base size) {
    const Int128 product = static_cast<Int128>(price.value()) * size.value();
    return Quote{static_cast<std::int64_t>(divide_down<kBaseUnit>(product))};
}

std::optional<Price> mid_of(const Market& market) {
    std::optional<Price> best[2];
    for (const Side side : {Side::buy, Side::sell})
        market.book.for_each_level(side, [&](std::int64_t ticks, const PriceLevel&) {
            best[static_cast<std::size_t>(side)] = market.price(ticks);
            return false;
        });
    if (!best[0] || !best[1]) return std::nullopt;
    return Price{(best[0]->value() + best[1]->value()) / 2};
}

}  // namespace

/// What a walk makes of the taker's account.
struct Venue::Foreseen {
    Foreseen(const Venue& venue_, const Plan& plan_, PreviewedOrder& out_)
        : venue(venue_), plan(plan_), out(out_), account(venue_.of(plan_.account)) {}

    bool trade(OrderSlot maker, std::int64_t ticks, std::uint64_t lots, Quote value);
    void own(OrderSlot slot, std::uint64_t lots);
    /// What has traded is paid for.
    void settle();
    /// What rests.
    void rest(std::uint64_t lots);
    /// How it stands after all of that.
    void tell(const Position* before);

    const Venue& venue;
    const Plan& plan;
    PreviewedOrder& out;
    Account account;
    Account filled{};  ///< as the account with all that rests traded
    Quote realized{}, earned{};
    Price last_price{};

  private:
    [[nodiscard]] const Market& market() const { return *plan.market; }
    [[nodiscard]] Position& position_of(Account& in) const {
        if (Position* known = in.find(plan.market_id, plan.leg)) return *known;
        return in.positions.add(plan.market_id, plan.leg);
    }
    void pay_funding(Account& in) const;
    void tell_level(Price price, Base size);
};

/// As change_balance() and pay_funding() would before the first trade.
void Venue::Foreseen::pay_funding(Account& in) const {
    if (!venue.assets_.empty()) {
        in.usdc() = balance_now(venue.assets_[0], kUsdc, in);
        std::erase_if(in.interest, [](const InterestMark& mark) { return mark.asset == kUsdc; });
    }
    Position& position = position_of(in);
    in.usdc() += Amount{funding_due(market(), position).value()};
    position.funding_index = market().funding.index;
    position.loss_index = market().funding.loss_index;
}

void Venue::Foreseen::tell_level(Price price, Base size) {
    if (std::exchange(last_price, price) != price) {
        if (out.levels.size() < kPreviewLevelsMax)
            out.levels.push_back({.price = price});
        else
            ++out.levels_more;
    }
    if (out.levels_more > 0) return;
    out.levels.back().size += size;
    ++out.levels.back().orders;
}

bool Venue::Foreseen::trade(OrderSlot maker, std::int64_t ticks, std::uint64_t lots, Quote value) {
    if (out.filled == Base{0}) pay_funding(account);
    const Base size = market().size(lots);
    tell_level(market().price(ticks), size);
    const Quote builder_fee = fee_of(value, plan.builder_fee_ppm);
    out.filled += size;
    out.quote += value;
    out.fee += fee_of(value, out.taker_fee_ppm);
    out.builder_fee += builder_fee;
    realized += apply_trade(position_of(account), plan.side, size, value);
    // One may be a builder oneself.
    if (plan.builder == plan.account) earned += builder_fee;
    if (venue.infos_[maker].has_builder) [[unlikely]] {
        const BuilderFee& builder = venue.builder_fees_.at(venue.infos_[maker].id);
        if (builder.builder == plan.account) earned += fee_of(value, builder.fee_ppm);
    }
    return ++out.orders_met < kPreviewOrdersMax;
}

/// As release_open() would, when it is the account's and not another one's of its owner.
void Venue::Foreseen::own(OrderSlot slot, std::uint64_t lots) {
    const OrderInfo& info = venue.infos_[slot];
    if (AccountId{venue.orders_[slot].owner} != plan.account || info.reduce_only) return;
    Position& position = *account.find(plan.market_id, info.leg);
    const bool buys = BareBook::side_of(venue.orders_[slot]) == Side::buy;
    (buys ? position.open_buy : position.open_sell) -= market().size(lots);
    (buys ? position.adverse_buy : position.adverse_sell) -= venue.adverse_released(slot, lots);
}

void Venue::Foreseen::settle() {
    account.usdc() += Amount{(realized + earned - out.fee - out.builder_fee).value()};
}

void Venue::Foreseen::rest(std::uint64_t lots) {
    out.rests = market().size(lots);
    out.rest_price = market().price(plan.limit);
    const Quote value = market().notional_of(plan.limit, lots);
    out.rest_fee = fee_of(value, out.waits ? out.taker_fee_ppm : out.maker_fee_ppm);
    filled = account;
    if (lots == 0) return;
    pay_funding(filled);
    const Quote profit = apply_trade(position_of(filled), plan.side, out.rests, value);
    const Quote costs = out.rest_fee + fee_of(value, plan.builder_fee_ppm);
    filled.usdc() += Amount{(profit - costs).value()};
    if (plan.reduces) return;
    Position& position = position_of(account);
    (plan.side == Side::buy ? position.open_buy : position.open_sell) += out.rests;
    (plan.side == Side::buy ? position.adverse_buy : position.adverse_sell) +=
        adverse_of(market(), plan.side, plan.limit, lots);
}

void Venue::Foreseen::tell(const Position* before) {
    const MarginContext context = venue.margin_context();
    const auto liquidation = [&](const Account& in) -> std::optional<Price> {
        const Position* position = in.find(plan.market_id, plan.leg);
        if (position == nullptr) return std::nullopt;
        return liquidation_price_of(market(), *position,
                                    health_of(context, in, MarginKind::maintenance));
    };
    if (before != nullptr) out.liquidation_before = liquidation(venue.of(plan.account));
    out.after = health_of(context, account, MarginKind::initial);
    out.maintenance = health_of(context, account, MarginKind::maintenance);
    out.liquidation = liquidation(account);
    out.liquidation_filled = liquidation(filled);
    if (const Position* position = account.find(plan.market_id, plan.leg))
        out.position = position->size;
}

OracleVerdict Venue::verdict_now(MarketId id) const {
    if (id.value() >= markets_.size()) return OracleVerdict::valid;
    const Market& market = markets_[id.value()];
    if (market.judged == now_) return market.oracle.verdict;
    return exchange::judge(market.settings, market.index, market.oracle, now_);
}

/// As place() judges.
Refusal Venue::judge_plain(const PlaceOrder& c, Plan& plan) const {
    if (const auto refusal = plan_order(c, plan, verdict_now(c.market))) return refusal;
    if (!c.client_id.empty() && client_ids_.find(c.account, c.client_id) != OrderId{0})
        return {RefusalCode::client_id_duplicate};
    return judge(
        plan,
        walk(plan, taker_rate_ppm(plan.market->settings.taker_fee_ppm, fee_rates_of(c.account))),
        c.time_in_force == TimeInForce::fok);
}

/// The largest size below the order's that would be taken, to a part in 16 million of it: what fits
/// is below what does not.
std::optional<Base> Venue::size_that_fits(const PlaceOrder& c, const Plan& plan) const {
    PlaceOrder smaller = c;
    Plan planned;
    const auto refused = [&](std::uint64_t lots) {
        smaller.size = plan.market->size(lots);
        smaller.display = std::min(c.display, smaller.size);
        return judge_plain(smaller, planned).code;
    };
    std::uint64_t fits = 0, does_not = plan.lots;
    for (int probes = 24; probes > 0 && does_not - fits > 1; --probes) {
        const std::uint64_t middle = fits + (does_not - fits) / 2;
        const RefusalCode code = refused(middle);
        const bool is_small =
            code == RefusalCode::size_too_small || code == RefusalCode::notional_too_small;
        (code == RefusalCode::none || is_small ? fits : does_not) = middle;
    }
    if (fits == 0 || refused(fits) != RefusalCode::none) return std::nullopt;
    return plan.market->size(fits);
}

void Venue::find_nearest(const PlaceOrder& c, const Plan& plan, PreviewedOrder& out) const {
    constexpr std::uint32_t kSearchedMax = 500;
    switch (out.refusal.code) {
        case RefusalCode::would_trade: {
            const Price tick = plan.market->settings.tick_size;
            const Price last{out.refusal.needed - sign_of(c.side) * tick.value()};
            if (last >= tick && last <= plan.market->settings.price_max) out.nearest_price = last;
            return;
        }
        case RefusalCode::margin_insufficient:
        case RefusalCode::position_too_large:
        case RefusalCode::open_interest_too_large:
        case RefusalCode::not_fillable:
            if (out.orders_met <= kSearchedMax) out.nearest_size = size_that_fits(c, plan);
            return;
        default:
            return;
    }
}

void Venue::preview_plain(const PlaceOrder& c, PreviewedOrder& out) const {
    Plan plan;
    out.refusal = plan_order(c, plan, verdict_now(c.market));
    if (!out.refusal && !c.client_id.empty() &&
        client_ids_.find(c.account, c.client_id) != OrderId{0})
        out.refusal = {RefusalCode::client_id_duplicate};
    if (out.refusal) return find_nearest(c, plan, out);
    begin_preview(plan, out);
    Foreseen foreseen(*this, plan, out);
    Walking<Foreseen> walking{*this, plan, out.taker_fee_ppm, foreseen};
    if (plan.gathers)
        walking.out = walk_gathering(plan, foreseen);
    else
        walking.run();
    if (walking.is_seen && walking.left > 0) {
        out.is_too_deep = true;
        out.nearest_size = out.filled;
        return;
    }
    const Walk& walked = walking.out;
    out.refusal = judge(plan, walked, c.time_in_force == TimeInForce::fok);
    foreseen.settle();
    foreseen.rest(plan.rests && !walked.stopped ? plan.lots - walked.lots - walked.decremented : 0);
    foreseen.tell(of(c.account).find(c.market, c.leg));
    find_nearest(c, plan, out);
}

/// Until it has traded it needs what a resting order needs.
void Venue::preview_auction(const AuctionOrder& c, PreviewedOrder& out) const {
    out.waits = true;
    Plan plan;
    formulas::AuctionRange range;
    out.refusal = plan_auction(c, plan, range, verdict_now(c.order.market));
    if (out.refusal) return;
    begin_preview(plan, out);
    plan.rests = true;
    out.refusal = judge(plan, Walk{}, false);
    Foreseen foreseen(*this, plan, out);
    foreseen.rest(plan.lots);
    foreseen.tell(of(plan.account).find(plan.market_id, plan.leg));
}

void Venue::begin_preview(const Plan& plan, PreviewedOrder& out) const {
    // The sums of margin are counted when they are asked for, and no part of the state.
    Account& account = const_cast<Account&>(of(plan.account));
    const_cast<Venue*>(this)->count_margin(account);
    const FeeRates rates = fee_rates_of(plan.account);
    out.mid = mid_of(*plan.market);
    out.taker_fee_ppm = taker_rate_ppm(plan.market->settings.taker_fee_ppm, rates);
    out.maker_fee_ppm = plan.market->settings.maker_fee_ppm - rates.maker_less_ppm;
    out.before = health_of(margin_context(), account, MarginKind::initial);
}

namespace {

/// What entry and an exit at that price come to, with the fees of both.
Quote earned_by(const PlaceOrder& entry, const PreviewedOrder& seen, Quote entry_value,
                Quote exit_value, Quote exit_fee) {
    const Quote costs = seen.fee + seen.builder_fee + seen.rest_fee + exit_fee;
    const Quote profit =
        entry.side == Side::buy ? exit_value - entry_value : entry_value - exit_value;
    return profit - costs;
}

}  // namespace

void Venue::preview_exits(const Bracket& c, PreviewedOrder& out) const {
    const Market& market = markets_[c.entry.market.value()];
    const Base size = out.filled + out.rests;
    if (size == Base{0}) return;
    const Quote entry =
        out.quote + market.notional_of(market.ticks(out.rest_price), market.lots(out.rests));
    const auto earned = [&](Price price) {
        const Quote value = value_at(price, size);
        return earned_by(c.entry, out, entry, value, fee_of(value, out.taker_fee_ppm));
    };
    PreviewExits& exits = out.exits.emplace();
    if (c.stop_loss) {
        exits.stop_price = first_trigger(c, *c.stop_loss);
        exits.loss_at_stop = Quote{-earned(*exits.stop_price).value()};
    }
    if (c.take_profit) {
        exits.take_profit_price = first_trigger(c, *c.take_profit);
        exits.gain_at_take_profit = earned(*exits.take_profit_price);
    }
}

PreviewedOrder Venue::preview(const CommandBody& command) const {
    PreviewedOrder out;
    if (const auto* plain = std::get_if<PlaceOrder>(&command)) {
        preview_plain(*plain, out);
    } else if (const auto* waiting = std::get_if<PlaceConditional>(&command)) {
        out.waits = true;
        out.refusal = check_conditional((*waiting)->order, (*waiting)->trigger);
    } else if (const auto* oco = std::get_if<PlaceOco>(&command)) {
        out.refusal = check(*oco);
        if (!out.refusal) preview_plain((*oco)->order, out);
    } else if (const auto* pegged = std::get_if<PlacePegged>(&command)) {
        PlaceOrder order;
        out.refusal = unpeg(**pegged, order);
        if (!out.refusal) preview_plain(order, out);
    } else if (const auto* auction = std::get_if<PlaceAuction>(&command)) {
        preview_auction(**auction, out);
    } else if (const auto* bracket = std::get_if<PlaceBracket>(&command)) {
        out.refusal = check(*bracket);
        if (!out.refusal) preview_plain((*bracket)->entry, out);
        if (out.filled + out.rests > Base{0}) preview_exits(**bracket, out);
    } else {
        out.refusal = {RefusalCode::order_inconsistent};
    }
    return out;
}

}  // namespace astro::exchange

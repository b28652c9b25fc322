#include "capabilities/exchange/engine/venue.hpp"

namespace astro::exchange {

Venue::Preview Venue::preview(const PlaceOrder& c) const {
    Preview out;
    Plan plan;
    out.refusal = plan_order(c, plan);
    if (out.refusal) return out;
    if (!c.client_id.empty() && client_ids_.find(c.account, c.client_id) != OrderId{0}) {
        out.refusal = {RefusalCode::client_id_duplicate};
        return out;
    }
    const Walk walked =
        walk(plan, taker_rate_ppm(plan.market->settings.taker_fee_ppm, fee_rates_of(c.account)));
    // The sums of margin are counted when they are asked for, and no part of the state.
    Account& account = const_cast<Account&>(of(c.account));
    const_cast<Venue*>(this)->count_margin(account);
    out.refusal = judge(plan, walked, c.time_in_force == TimeInForce::fok);
    const Market& market = *plan.market;
    out.filled = market.size(walked.lots);
    out.quote = walked.quote;
    out.fee = walked.fee;
    out.before = health_of(margin_context(), account, MarginKind::initial);

    const Position* known = account.find(c.market, c.leg);
    Position after = known != nullptr ? *known : Position{.market = c.market, .leg = c.leg};
    const Quote due = known != nullptr ? funding_due(market, *known) : Quote{0};
    after.funding_index = market.funding.index;
    after.loss_index = market.funding.loss_index;
    const Quote realized = apply_trade(after, plan.side, out.filled, walked.quote);
    if (plan.rests && !walked.stopped && !plan.reduces) {
        const std::uint64_t lots = plan.lots - walked.lots - walked.decremented;
        (plan.side == Side::buy ? after.open_buy : after.open_sell) += market.size(lots);
        (plan.side == Side::buy ? after.adverse_buy : after.adverse_sell) +=
            adverse_of(market, plan.side, plan.limit, lots);
    }
    out.after = health_of(margin_context(), account, MarginKind::initial, &after,
                          realized - walked.fee + due);
    return out;
}

}  // namespace astro::exchange

#include <algorithm>

#include "capabilities/exchange/engine/rounding.hpp"
#include "capabilities/exchange/engine/venue.hpp"

/// What the oracle says, the mark price, and what longs and shorts pay each other.
namespace astro::exchange {
namespace {

constexpr std::int64_t kAverageTauMs = 300'000, kBasisTauMs = 150'000;
constexpr std::int64_t kDustUnit = 1'000'000'000'000;  // 1e-12 of a quote unit

/// The next whole multiple of the step after `now`.
TimeMs next_multiple(TimeMs now, std::int64_t step_s) {
    const std::int64_t step = step_s * 1'000;
    return TimeMs{(now.value() / step + 1) * step};
}

}  // namespace

Refusal Venue::on(const SetIndexPrice& c) {
    if (c.market.value() >= markets_.size()) return {RefusalCode::market_unknown};
    Market& market = markets_[c.market.value()];
    if (c.index <= Price{0} || c.index > market.settings.price_max)
        return {RefusalCode::price_out_of_range, market.settings.price_max.value(),
                c.index.value()};
    if (c.confidence < Price{0} || c.published > now_)
        return {RefusalCode::bad_amount, now_.value(), c.published.value()};
    PriceState& state = market.oracle;
    state.confidence = c.confidence;
    state.reference = c.reference;
    state.sources_suffice = c.sources_suffice;
    state.published = c.published == TimeMs{0} ? now_ : c.published;
    market.index = c.index;
    market.judged = TimeMs{-1};
    refresh_oracle(c.market);
    if (formulas::allowed_actions(state.verdict, formulas::OracleProfile::ours)
            .allows(OracleAction::average)) {
        const std::int64_t elapsed = now_.value() - state.average_at.value();
        state.average = state.average_at == TimeMs{0}
                            ? formulas::Ema::of(c.index)
                            : formulas::ema_update(state.average, c.index, elapsed, kAverageTauMs);
        state.average_at = now_;
        market.judged = TimeMs{-1};
    }
    if (market.funding.next_sample == TimeMs{0} && market.settings.state != MarketState::closed)
        schedule_sampling(c.market);
    set_mark(c.market);
    // Who follows the oracle has moved the book, and with it the mark price.
    if (!market.pegs.empty() && move_pegs(c.market)) set_mark(c.market);
    return {};
}

/// By the settings in force: when there is a first price, and when they have changed.
void Venue::schedule_sampling(MarketId id) {
    Market& market = markets_[id.value()];
    sampling_.erase({market.funding.next_sample, id});
    market.funding.next_sample = next_multiple(now_, market.settings.funding_sample_s);
    market.funding.next_settlement = next_multiple(now_, market.settings.funding_period_s);
    sampling_.emplace(market.funding.next_sample, id);
}

void Venue::refresh_oracle(MarketId id) {
    Market& market = markets_[id.value()];
    if (std::exchange(market.judged, now_) == now_) return;
    const OracleVerdict verdict =
        exchange::judge(market.settings, market.index, market.oracle, now_);
    if (verdict == market.oracle.verdict) return;
    market.oracle.verdict = verdict;
    tell(OracleJudged{id, verdict, market.index, market.oracle.confidence,
                      market.oracle.average.value(), market.oracle.published});
}

bool Venue::may(const Market& market, OracleAction action) const {
    if ((action == OracleAction::liquidate || action == OracleAction::trigger) && !market.trades())
        return false;
    return formulas::allowed_actions(market.oracle.verdict, formulas::OracleProfile::ours)
        .allows(action);
}

/// The prices at which the market's impact notional would trade now.
std::pair<std::optional<Price>, std::optional<Price>> Venue::impact_prices(
    const Market& market) const {
    // Before the opening the book is crossed, and says nothing yet.
    if (market.settings.state == MarketState::pre_open) return {};
    const auto of_side = [&](Side makers) {
        boost::container::small_vector<formulas::Level, 32> levels;
        Int128 value = 0;
        market.book.for_each_level(makers, [&](std::int64_t ticks, const PriceLevel& level) {
            levels.push_back({market.price(ticks), market.size(level.quantity)});
            value += market.notional_of(ticks, level.quantity).value();
            return value < market.settings.impact_notional.value();
        });
        return formulas::impact_price(levels, market.settings.impact_notional, opposite(makers));
    };
    return {of_side(Side::buy), of_side(Side::sell)};
}

void Venue::set_mark(MarketId id) {
    Market& market = markets_[id.value()];
    const auto [bid, ask] = impact_prices(market);
    const auto mid = formulas::impact_mid(bid, ask);
    PriceState& state = market.oracle;
    if (mid) {
        const Price basis = *mid - market.index;
        state.basis = state.sampled == TimeMs{0}
                          ? formulas::Ema::of(basis)
                          : formulas::ema_update(state.basis, basis,
                                                 now_.value() - state.sampled.value(), kBasisTauMs);
        state.sampled = now_;
    }
    const Price mark =
        formulas::mark_price(mid, market.index, state.basis.value(), market.settings.mark_band_bps);
    market.mark = std::min(mark, market.settings.price_max);
    market.margin_interest = market.open_interest;
    ++epoch_;
    if (!market.triggers.empty()) note_moved(id);
    note_priced(id);
    tell(PriceSet{id, market.index, market.mark});
}

/// All samples up to `until`: between commands the book stands still, so they are alike.
void Venue::sample_premium(MarketId id, TimeMs until) {
    Market& market = markets_[id.value()];
    FundingState& funding = market.funding;
    if (funding.next_sample > until) return;
    const std::int64_t step = market.settings.funding_sample_s * 1'000;
    const std::int64_t count = (until.value() - funding.next_sample.value()) / step + 1;
    funding.next_sample = TimeMs{funding.next_sample.value() + count * step};
    if (!may(market, OracleAction::funding)) return;
    const auto [bid, ask] = impact_prices(market);
    funding.premium_sum +=
        static_cast<Int128>(count) * formulas::premium(bid, ask, market.index).value();
    funding.samples += count;
}

void Venue::settle_funding_period(MarketId id) {
    Market& market = markets_[id.value()];
    FundingState& funding = market.funding;
    const bool allowed = may(market, OracleAction::funding);
    const formulas::Rate rate =
        allowed ? funding_rate(market.settings, funding) : formulas::Rate{0};
    const auto each = formulas::funding_per_base(rate, market.index);
    funding.index += each.value();
    funding.last_rate = rate;
    funding.premium_sum = 0;
    tell(FundingSettled{id, rate, market.index, each, funding.samples, funding.next_settlement});
    funding.samples = 0;
    funding.next_settlement =
        next_multiple(funding.next_settlement, market.settings.funding_period_s);
    ++epoch_;
    note_priced(id);
}

void Venue::run_sampling() {
    while (!sampling_.empty() && sampling_.begin()->first <= now_) {
        const MarketId id = sampling_.begin()->second;
        sampling_.erase(sampling_.begin());
        refresh_oracle(id);
        FundingState& funding = markets_[id.value()].funding;
        while (funding.next_settlement <= now_) {
            sample_premium(id, funding.next_settlement);
            settle_funding_period(id);
        }
        sample_premium(id, now_);
        set_mark(id);
        if (markets_[id.value()].settings.state == MarketState::pre_open) tell_indication(id);
        sampling_.emplace(funding.next_sample, id);
    }
}

/// What the position owes or is owed since it last paid; before it changes, and when asked for.
void Venue::pay_funding(AccountId account, Position& position) {
    Market& market = markets_[position.market.value()];
    const Quote payment = funding_due(market, position);
    const Int128 owed = funding_exact(market, position);
    position.funding_index = market.funding.index;
    position.loss_index = market.funding.loss_index;
    if (owed == 0) return;
    // Payments of a period are zero in sum but for what is rounded off each: that is collected
    // until it is a whole unit, which is the insurance fund's.
    market.funding.dust +=
        static_cast<std::int64_t>(owed - static_cast<Int128>(payment.value()) * kDustUnit);
    pools_.funding -= payment;
    if (market.funding.dust >= kDustUnit) {
        const Quote whole{market.funding.dust / kDustUnit};
        market.funding.dust %= kDustUnit;
        pools_.funding -= whole;
        pools_.insurance += whole;
    }
    tell(FundingPaid{account, position.market, position.leg, payment});
    change_balance(account, kUsdc, Amount{payment.value()}, BalanceReason::funding);
}

Refusal Venue::on(const SettleFunding& c) {
    if (!has(c.account)) return {RefusalCode::account_unknown};
    Account& account = of(c.account);
    for (auto& position : account.positions) {
        pay_funding(c.account, position);
        recount(account, position);
    }
    return {};
}

}  // namespace astro::exchange

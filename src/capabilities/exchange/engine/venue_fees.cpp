#include <algorithm>

#include "capabilities/exchange/engine/venue.hpp"

/// Who pays which fee, and where it goes.
namespace astro::exchange {
namespace {

constexpr std::int64_t kDayMs = 86'400'000, kPpm = 1'000'000;

TimeMs next_multiple(TimeMs now, std::int64_t step_s) {
    const std::int64_t step = step_s * 1'000;
    return TimeMs{(now.value() / step + 1) * step};
}

Quote share_down(Quote of, std::int64_t ppm) {
    return Quote{static_cast<std::int64_t>(static_cast<Int128>(of.value()) * ppm / kPpm)};
}

}  // namespace

Refusal Venue::on(const SetVenue& c) {
    if (is_governed()) return {RefusalCode::governed};
    if (const auto refusal = check(c)) return refusal;
    carry_out(c);
    return {};
}

Refusal Venue::check(const SetVenue& c) const {
    if (!check_venue(*c.settings)) return {RefusalCode::bad_amount};
    if (c.settings->version != settings_.version + 1)
        return {RefusalCode::version_conflict, settings_.version + 1, c.settings->version};
    return {};
}

void Venue::carry_out(const SetVenue& c) {
    const bool same_period =
        c.settings->revenue_period_s == settings_.revenue_period_s && next_revenue_ != TimeMs{0};
    settings_ = *c.settings;
    if (!same_period) next_revenue_ = next_multiple(now_, settings_.revenue_period_s);
    ++fee_epoch_;
    tell(VenueSet{c.settings});
}

void Venue::begin_day() {
    day_ = now_.value() / kDayMs;
    ++fee_epoch_;
}

void Venue::refresh_fees(Account& account) {
    Owner& owner = owner_states_[account.owner_index];
    note(BatchUndo::OwnerStep{account.owner_index, owner.volume});
    for (const AccountId id : owner.accounts) {
        FeeRates& fees = of(id).fees;
        if (fees.volume_today == Quote{0}) continue;
        owner.volume.add(fees.day, fees.volume_today);
        fees.volume_today = Quote{0};
    }
    FeeRates rates = fee_rates(settings_, owner, day_);
    rates.epoch = fee_epoch_;
    rates.day = day_;
    for (const AccountId id : owner.accounts) of(id).fees = rates;
}

FeeRates Venue::fee_rates_of(AccountId account) const {
    Owner owner = owner_of(account);
    for (const AccountId id : owner.accounts)
        owner.volume.add(of(id).fees.day, of(id).fees.volume_today);
    return fee_rates(settings_, owner, day_);
}

TradeFees Venue::fees_of(const Plan& plan, AccountId maker, const OrderInfo& info, Quote value) {
    TradeFees out;
    Account& taker = of(plan.account);
    const MarketSettings& market = plan.market->settings;
    out.taker = fee_of(value, taker_ppm(*plan.market, plan.account));
    out.taker_builder = fee_of(value, plan.builder_fee_ppm);
    if (taker.fees.referrer != FeeRates::kNobody)
        out.referral = share_down(out.taker, settings_.referral_share_ppm);
    Account& other = of(maker);
    const std::int64_t maker_ppm = market.maker_fee_ppm - rates_of(other).maker_less_ppm;
    // No more comes back than the taker has paid: fees never fall by a trade.
    out.maker = std::max(fee_of(value, maker_ppm), out.referral - out.taker);
    if (info.has_builder) {
        const BuilderFee& builder = builder_fees_.at(info.id);
        out.maker_builder = {builder.builder, fee_of(value, builder.fee_ppm)};
    }
    for (Account* each : {&taker, &other}) {
        Quote& volume = each->fees.volume_today;
        volume = std::min(volume + value, Quote{std::int64_t{1} << 57});  // above every tier
    }
    return out;
}

Refusal Venue::on(const SetReferrer& c) {
    if (!has(c.account) || !has(c.referrer)) return {RefusalCode::account_unknown};
    Account& account = of(c.account);
    Owner& owner = owner_states_[account.owner_index];
    if (owner.referrer || of(c.referrer).owner_index == account.owner_index)
        return {RefusalCode::referrer_refused};
    owner.referrer = c.referrer;
    refresh_fees(account);
    tell(ReferrerSet{c.account, c.referrer});
    return {};
}

Refusal Venue::on(const ApproveBuilder& c) {
    if (!has(c.account) || !has(c.builder)) return {RefusalCode::account_unknown};
    if (c.fee_max_ppm < 0 || c.fee_max_ppm > settings_.builder_fee_max_ppm)
        return {RefusalCode::bad_amount, settings_.builder_fee_max_ppm, c.fee_max_ppm};
    auto& builders = owner_states_[of(c.account).owner_index].builders;
    const auto known = std::ranges::find(builders, c.builder, &BuilderLimit::builder);
    if (c.fee_max_ppm == 0) {
        if (known != builders.end()) builders.erase(known);
    } else if (known != builders.end()) {
        known->fee_max_ppm = c.fee_max_ppm;
    } else {
        if (builders.size() == kBuildersMax) return {RefusalCode::too_many_builders, kBuildersMax};
        builders.push_back({c.builder, c.fee_max_ppm});
    }
    tell(BuilderApproved{c.account, c.builder, c.fee_max_ppm});
    return {};
}

Refusal Venue::check_builder(const PlaceOrder& c) const {
    if (c.builder_fee_ppm == 0) return {};
    if (!has(c.builder)) return {RefusalCode::account_unknown};
    const std::int64_t allowed =
        std::min(owner_of(c.account).builder_fee_max(c.builder), settings_.builder_fee_max_ppm);
    if (c.builder_fee_ppm > allowed)
        return {RefusalCode::builder_not_allowed, c.builder_fee_ppm, allowed};
    return {};
}

void Venue::split_revenue() {
    if (next_revenue_ == TimeMs{0} || now_ < next_revenue_) return;
    next_revenue_ = next_multiple(now_, settings_.revenue_period_s);
    const Quote fees = pools_.fees;
    if (fees <= Quote{0}) return;
    const Quote own = share_down(fees, settings_.revenue_insurance_ppm);
    const Quote stakers = share_down(fees, settings_.revenue_stakers_ppm);
    const Quote treasury = share_down(fees, settings_.revenue_treasury_ppm);
    if (own + stakers + treasury == Quote{0}) return;
    add_revenue_shares(own, stakers);
    pools_.treasury += treasury;
    pools_.fees -= own + stakers + treasury;
    tell(RevenueSplit{fees, own, stakers, treasury, pools_.fees});
}

}  // namespace astro::exchange

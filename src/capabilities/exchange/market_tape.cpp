#include "capabilities/exchange/market_tape.hpp"

#include <algorithm>

#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

void nobody(std::string_view, TimeMs, std::string, const Tags&) {}

}  // namespace

void MarketTape::declare_streams(Bus& bus, TimestampNs start) {
    const auto first = static_cast<std::uint64_t>(start.value() / 1'000);
    bus.declare(std::string(kBookStream), 1'000, first);
    bus.declare(std::string(kTradeStream), 5'000, first);
    bus.declare(std::string(kPriceStream), 500, first);
    bus.declare(std::string(kCandleStream), 2'000, first);
    bus.declare(std::string(kFundingStream), 500, first);
    bus.declare(std::string(kLiquidationStream), 1'000, first);
    bus.declare(std::string(kMarketStream), 500, first);
}

Tell MarketTape::on_bus() {
    return [this](std::string_view stream, TimeMs time, std::string payload, const Tags& tags) {
        bus_.publish(stream, TimestampNs{time.value() * 1'000'000}, std::string(stream),
                     std::move(payload), tags);
    };
}

void MarketTape::learn(MarketBatch batch) {
    const std::scoped_lock lock(mutex_);
    take(batch, nobody);
}

void MarketTape::begin() {
    const std::scoped_lock lock(mutex_);
    for (auto& line : lines_) line->begin(time_);
}

void MarketTape::tell(MarketBatch batch) {
    const std::scoped_lock lock(mutex_);
    take(batch, on_bus());
}

std::optional<TimestampNs> MarketTape::publish_due(TimestampNs now, bool all) {
    const std::scoped_lock lock(mutex_);
    const Tell tell = on_bus();
    std::optional<TimestampNs> next;
    for (auto& line : lines_)
        if (const auto due = line->publish(now, time_, all, tell))
            next = std::min(next.value_or(*due), *due);
    return next;
}

void MarketTape::take(MarketBatch& batch, const Tell& tell) {
    seq_ = batch.seq;
    time_ = batch.time;
    pools_ = batch.pools;
    accounts_ = batch.accounts;
    resting_orders_ = batch.resting_orders;
    for (const auto& settings : batch.settings) take_settings(settings, tell);
    take_levels(batch);
    for (const auto& prices : batch.prices) line(prices.market).set_prices(prices, seq_, time_);
    for (const auto& trade : batch.trades) {
        const PublicTrade told = line(trade.market).add_trade(trade);
        last_trade_ = trade.trade;
        tell(kTradeStream, trade.time, to_json(told), {{"market", told.market}});
    }
    for (auto& opening : batch.openings) {
        opening.notice.market = line(opening.market).symbol();
        tell(kMarketStream, opening.notice.time, to_json(opening.notice),
             {{"market", opening.notice.market}});
    }
    for (const auto& funding : batch.fundings) {
        const FundingPoint told = line(funding.settled.market).add_funding(funding);
        tell(kFundingStream, told.period_end, to_json(told), {{"market", told.market}});
    }
    for (auto& liquidation : batch.liquidations) take_liquidation(liquidation, tell);
    note_insurance();
}

void MarketTape::take_settings(const SettingsNow& settings, const Tell& tell) {
    const bool is_new = settings.market.value() == lines_.size();
    if (is_new) lines_.push_back(std::make_unique<MarketLine>(settings, options_));
    MarketNotice notice = line(settings.market).set_settings(settings);
    if (is_new) notice.change = MarketChangeKind::listed;
    const bool is_news =
        settings.news == SettingsNow::News::all ||
        (settings.news == SettingsNow::News::state && notice.change == MarketChangeKind::state);
    if (is_news) tell(kMarketStream, notice.time, to_json(notice), {{"market", notice.market}});
}

void MarketTape::take_levels(const MarketBatch& batch) {
    if (batch.whole_books)
        for (auto& line : lines_) line->clear_book();
    for (const auto& level : batch.levels) line(level.market).set_level(level, seq_, time_);
}

void MarketTape::take_liquidation(LiquidationNow& liquidation, const Tell& tell) {
    LiquidationNotice& notice = liquidation.notice;
    Tags tags{{"kind", std::string(enum_name(notice.kind))}};
    if (liquidation.market) {
        notice.market = line(*liquidation.market).symbol();
        tags.emplace_back("market", *notice.market);
    }
    tell(kLiquidationStream, notice.time, to_json(notice), tags);
    if (liquidations_.size() == kLiquidationsKept) liquidations_.pop_front();
    liquidations_.push_back(std::move(notice));
}

/// One point a minute, with the last value that it had.
void MarketTape::note_insurance() {
    const InsurancePoint now{time_, pools_.insurance, pools_.uncovered};
    if (insurance_.empty()) {
        insurance_.push_back(now);
        return;
    }
    InsurancePoint& last = insurance_.back();
    if (last.insurance == now.insurance && last.uncovered == now.uncovered) return;
    if (last.time.value() / kMinuteMs == now.time.value() / kMinuteMs) {
        last = now;
        return;
    }
    if (insurance_.size() == kInsuranceKept) insurance_.pop_front();
    insurance_.push_back(now);
}

void MarketTape::restore(MarketId market, const MarketPast& past) {
    const std::scoped_lock lock(mutex_);
    if (market.value() >= lines_.size()) return;
    line(market).restore(past);
    if (!past.trades.empty()) last_trade_ = std::max(last_trade_, past.trades.back().trade);
}

void MarketTape::restore_liquidations(const std::vector<LiquidationNotice>& older) {
    const std::scoped_lock lock(mutex_);
    for (auto at = older.rbegin(); at != older.rend() && liquidations_.size() < kLiquidationsKept;
         ++at)
        liquidations_.push_front(*at);
}

}  // namespace astro::exchange

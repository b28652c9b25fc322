#include <algorithm>

#include "capabilities/exchange/market_tape.hpp"

/// What readers are given: copies, made under the lock.
namespace astro::exchange {
namespace {

template <class T>
T sum_of(T a, T b) {
    return T{checked_add(a.value(), b.value()).value_or(std::numeric_limits<std::int64_t>::max())};
}

}  // namespace

const MarketLine* MarketTape::find(std::string_view market) const {
    const auto at =
        std::ranges::find_if(lines_, [&](const auto& line) { return line->symbol() == market; });
    return at == lines_.end() ? nullptr : at->get();
}

std::vector<std::string> MarketTape::symbols() const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> out;
    for (const auto& line : lines_) out.push_back(line->symbol());
    return out;
}

std::shared_ptr<const BookSnapshot> MarketTape::book(std::string_view market) const {
    const std::scoped_lock lock(mutex_);
    const MarketLine* line = find(market);
    return line == nullptr ? nullptr : line->book();
}

std::optional<MarketAnswer> MarketTape::market(std::string_view market) const {
    const std::scoped_lock lock(mutex_);
    const MarketLine* line = find(market);
    if (line == nullptr) return std::nullopt;
    return MarketAnswer{options_.simulated, line->settings(), line->ticker(time_)};
}

TickerList MarketTape::tickers() const {
    const std::scoped_lock lock(mutex_);
    TickerList out{.simulated = options_.simulated, .tickers = {}};
    for (const auto& line : lines_) out.tickers.push_back(line->ticker(time_));
    return out;
}

OraclePriceList MarketTape::prices() const {
    const std::scoped_lock lock(mutex_);
    OraclePriceList out;
    for (const auto& line : lines_) out.prices.push_back(line->oracle_price());
    return out;
}

OpenInterestList MarketTape::open_interest() const {
    const std::scoped_lock lock(mutex_);
    OpenInterestList out{.seq = seq_, .time = time_, .markets = {}};
    for (const auto& line : lines_)
        out.markets.push_back({.market = line->symbol(),
                               .open_interest = line->open_interest(),
                               .open_interest_max = line->settings().open_interest_max,
                               .value = line->open_interest_value()});
    return out;
}

std::optional<TradeList> MarketTape::trades(std::string_view market, std::optional<TradeId> before,
                                            std::size_t count) const {
    const std::scoped_lock lock(mutex_);
    const MarketLine* line = find(market);
    if (line == nullptr) return std::nullopt;
    TradeList out;
    const auto& kept = line->trades();
    auto at = before ? std::ranges::lower_bound(kept, *before, std::less<>(), &TradeNow::trade)
                     : kept.end();
    while (at != kept.begin() && out.trades.size() < count)
        out.trades.push_back(line->to_public(*--at));
    return out;
}

std::optional<CandleList> MarketTape::candles(const CandleQuery& query) const {
    const std::scoped_lock lock(mutex_);
    const MarketLine* line = find(query.market);
    if (line == nullptr) return std::nullopt;
    CandleList out{.market = line->symbol(),
                   .interval = std::string(kCandleIntervals[query.interval].name),
                   .candles = {},
                   .next = {}};
    const auto& kept = line->candles().candles(query.interval);
    const auto place = [&](TimeMs time) {
        return std::ranges::lower_bound(kept, time, std::less<>(), &Candle::start);
    };
    auto first = query.from ? place(*query.from) : kept.begin();
    auto last = query.to ? place(*query.to) : kept.end();
    if (last > first && static_cast<std::size_t>(last - first) > query.count) {
        if (query.from) {
            last = first + static_cast<std::ptrdiff_t>(query.count);
            out.next = last->start;
        } else {
            first = last - static_cast<std::ptrdiff_t>(query.count);
        }
    }
    if (first < last) out.candles.assign(first, last);
    return out;
}

CandleUpdates MarketTape::running_candles(const std::vector<std::string>& markets,
                                          const std::vector<std::string>& intervals) const {
    const std::scoped_lock lock(mutex_);
    const auto is_wanted = [](const std::vector<std::string>& wanted, std::string_view name) {
        return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
    };
    CandleUpdates out;
    for (const auto& line : lines_) {
        if (!is_wanted(markets, line->symbol())) continue;
        for (std::size_t i = 0; i < kCandleIntervals.size(); ++i)
            if (is_wanted(intervals, kCandleIntervals[i].name) &&
                !line->candles().candles(i).empty())
                out.candles.push_back(line->running_candle(i, time_));
    }
    return out;
}

std::optional<FundingList> MarketTape::fundings(std::string_view market,
                                                std::optional<TimeMs> before,
                                                std::size_t count) const {
    const std::scoped_lock lock(mutex_);
    const MarketLine* line = find(market);
    if (line == nullptr) return std::nullopt;
    FundingList out;
    const auto& kept = line->fundings();
    for (auto at = kept.rbegin(); at != kept.rend() && out.funding.size() < count; ++at)
        if (!before || at->period_end < *before) out.funding.push_back(*at);
    return out;
}

LiquidationList MarketTape::liquidations(std::optional<std::string_view> market,
                                         std::optional<Sequence> before, std::size_t count) const {
    const std::scoped_lock lock(mutex_);
    LiquidationList out;
    for (auto at = liquidations_.rbegin();
         at != liquidations_.rend() && out.liquidations.size() < count; ++at)
        if ((!before || at->seq < *before) && (!market || at->market == *market))
            out.liquidations.push_back(*at);
    return out;
}

InsuranceAnswer MarketTape::insurance() const {
    const std::scoped_lock lock(mutex_);
    return {.seq = seq_,
            .time = time_,
            .insurance = pools_.insurance,
            .uncovered = pools_.uncovered,
            .fees = pools_.fees,
            .history = {insurance_.begin(), insurance_.end()}};
}

VenueStats MarketTape::stats() const {
    const std::scoped_lock lock(mutex_);
    VenueStats out{.simulated = options_.simulated,
                   .seq = seq_,
                   .time = time_,
                   .markets = static_cast<std::int64_t>(lines_.size()),
                   .accounts = accounts_,
                   .resting_orders = resting_orders_,
                   .trades = static_cast<std::int64_t>(last_trade_.value()),
                   .insurance = pools_.insurance};
    for (const auto& line : lines_) {
        const market::DayFigures day = line->candles().day(time_);
        out.trades_24h += day.trades;
        out.value_24h = sum_of(out.value_24h, day.value);
        out.open_interest = sum_of(out.open_interest, line->open_interest_value());
    }
    return out;
}

}  // namespace astro::exchange

#pragma once

#include <deque>
#include <span>

#include "capabilities/market/engine/candle.hpp"

namespace astro::market {

/// Of the last 24 hours, to the minute.
struct DayFigures {
    Price open{}, high{}, low{}, close{};
    Base volume{};
    Quote value{};
    std::int64_t trades = 0;
};

/// The newest candles of one market, of all intervals. Which trades were added decides, not in
/// which order. Not thread-safe.
///
/// A trade changes the newest candle of each interval, which is found by one comparison; only a
/// late one is searched for. Nobody is asked whether a trade comes twice: that is TradeGate's.
class CandleBook {
  public:
    static constexpr std::size_t kKept = 1'500;  ///< of an interval: a day of minutes, and more

    /// Takes the trade in; of a candle that is no longer kept, nothing becomes known.
    void add(const CandleTrade& trade);
    /// Candles of an earlier run, oldest first: of trades none of which was added, none of a later
    /// interval than those that were.
    void restore(std::size_t interval, const std::vector<Candle>& older);
    /// Puts `trades`, in the order of their places, in the place of all that were between `from`
    /// and `to`, whole minutes: an exchange has corrected them. False, and nothing is changed, when
    /// one is outside or what a longer candle is made of is no longer kept.
    [[nodiscard]] bool replace(TimeMs from, TimeMs to, std::span<const CandleTrade> trades);

    /// Oldest first.
    [[nodiscard]] const std::deque<Candle>& candles(std::size_t interval) const {
        return series_[interval].candles;
    }
    [[nodiscard]] bool is_closed(std::size_t interval, const Candle& candle, TimeMs now) const {
        return candle.start.value() + kCandleIntervals[interval].length_ms <= now.value();
    }
    /// Calls tell(interval, candle, closed) for each that changed or closed since the last call.
    template <class Tell>
    void tell_changes(TimeMs now, Tell&& tell);

    [[nodiscard]] DayFigures day(TimeMs now) const;

  private:
    struct Series {
        std::deque<Candle> candles;
        std::int64_t begin = 0, end = 0;  ///< of the newest, milliseconds
        TimeMs closed_until{};            ///< candles that start before it were told as closed
        bool changed = false;
        std::vector<TimeMs> late{};  ///< starts of candles told as closed that have changed
    };
    void add_older(std::size_t interval, const CandleTrade& trade);
    void note_late(Series& series, TimeMs start);
    void settle(std::size_t interval);
    void put(std::size_t interval, TimeMs from, TimeMs to, const std::vector<Candle>& candles);
    [[nodiscard]] bool can_replace(TimeMs from, TimeMs to) const;
    void make_again(std::size_t interval, TimeMs from, TimeMs to);

    std::array<Series, kCandleIntervals.size()> series_;
};

template <class Tell>
void CandleBook::tell_changes(TimeMs now, Tell&& tell) {
    for (std::size_t i = 0; i < series_.size(); ++i) {
        Series& series = series_[i];
        for (const TimeMs start : series.late) {
            const auto at =
                std::ranges::lower_bound(series.candles, start, std::less<>(), &Candle::start);
            if (start < series.closed_until && at != series.candles.end() && at->start == start)
                tell(i, *at, true);
        }
        series.late.clear();
        auto first = series.candles.end();
        while (first != series.candles.begin() && std::prev(first)->start >= series.closed_until)
            --first;
        for (; first != series.candles.end(); ++first) {
            const bool closed = is_closed(i, *first, now);
            if (!closed && !series.changed) continue;
            tell(i, *first, closed);
            if (closed)
                series.closed_until = TimeMs{first->start.value() + kCandleIntervals[i].length_ms};
        }
        series.changed = false;
    }
}

}  // namespace astro::market

#pragma once

#include <array>
#include <deque>
#include <string_view>

#include "capabilities/exchange/public_data.hpp"

namespace astro::exchange {

struct CandleInterval {
    std::string_view name;
    std::int64_t length_ms;
};
inline constexpr std::array kCandleIntervals{
    CandleInterval{"1s", 1'000},      CandleInterval{"1m", 60'000},
    CandleInterval{"5m", 300'000},    CandleInterval{"15m", 900'000},
    CandleInterval{"1h", 3'600'000},  CandleInterval{"4h", 14'400'000},
    CandleInterval{"1d", 86'400'000},
};
inline constexpr std::size_t kMinutes = 1;  ///< their place there
static_assert(kCandleIntervals[kMinutes].length_ms == 60'000);
/// Place in kCandleIntervals; nothing for another name.
[[nodiscard]] std::optional<std::size_t> find_interval(std::string_view name);

/// Candles of `interval` made of shorter ones, oldest first.
[[nodiscard]] std::vector<Candle> merge_candles(std::size_t interval,
                                                const std::vector<Candle>& shorter);

/// What a candle is made of.
struct CandleTrade {
    TimeMs time{};
    Price price{};
    Base size{};
    Quote value{};
};

/// Of the last 24 hours, to the minute.
struct DayFigures {
    Price open{}, high{}, low{}, close{};
    Base volume{};
    Quote value{};
    std::int64_t trades = 0;
};

/// The newest candles of one market, of all intervals. Sums stop at the largest number instead of
/// passing it. Not thread-safe.
class CandleBook {
  public:
    static constexpr std::size_t kKept = 1'500;  ///< of an interval: a day of minutes, and more

    /// Times never go back.
    void add(const CandleTrade& trade);
    /// Minutes of an earlier run, oldest first, of trades before those that were added; the first
    /// ones are a whole day's.
    void restore(const std::vector<Candle>& minutes);

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
        TimeMs closed_until{};  ///< candles that start before it were told as closed
        bool changed = false;
    };
    std::array<Series, kCandleIntervals.size()> series_;
};

template <class Tell>
void CandleBook::tell_changes(TimeMs now, Tell&& tell) {
    for (std::size_t i = 0; i < series_.size(); ++i) {
        Series& series = series_[i];
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

}  // namespace astro::exchange

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "capabilities/exchange/engine/units.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/time_ms.hpp"

/// Trades and the candles they make: whole numbers throughout.
namespace astro::market {

using exchange::Base;
using exchange::Price;
using exchange::Quote;

/// The place of a trade among those of its source: greater is later. 0: of no trade.
struct TradeSeqTag : tags::Number<std::uint64_t, false, JsonForm::string> {};
using TradeSeq = Strong<TradeSeqTag>;

/// One trade, as a candle sees it.
struct CandleTrade {
    TradeSeq seq{};
    TimeMs time{};
    Price price{};
    Base size{};
    Quote value{};
};

/// What `size` costs at `price`, rounded down; stops at the largest number.
[[nodiscard]] constexpr Quote trade_value(Price price, Base size) {
    const Int128 exact = static_cast<Int128>(price.value()) * size.value() / exchange::kBaseUnit;
    return Quote{static_cast<std::int64_t>(std::clamp<Int128>(exact, INT64_MIN, INT64_MAX))};
}

/// Trades of an interval that begins at a multiple of its length; one without trades has none.
/// Which trades, in whatever order they came, makes the candle: the open is that of the first, the
/// close that of the last.
struct Candle {
    TimeMs start{};
    Price open{}, high{}, low{}, close{};
    Base volume{};
    Quote value{};
    std::int64_t trades = 0;
    TradeSeq first_trade{}, last_trade{};
    bool operator==(const Candle&) const = default;
};
BOOST_DESCRIBE_STRUCT(Candle, (),
                      (start, open, high, low, close, volume, value, trades, first_trade,
                       last_trade))

struct CandleInterval {
    std::string_view name;
    std::int64_t length_ms;
    std::int64_t offset_ms = 0;  ///< a start is this much after a multiple of the length
    std::size_t made_of = 0;     ///< place of a shorter one whose candles make it up
};
/// Weeks begin on Monday: the first day of 1970 was a Thursday.
inline constexpr std::array kCandleIntervals{
    CandleInterval{"1s", 1'000},
    CandleInterval{"1m", 60'000, 0, 0},
    CandleInterval{"3m", 180'000, 0, 1},
    CandleInterval{"5m", 300'000, 0, 1},
    CandleInterval{"15m", 900'000, 0, 1},
    CandleInterval{"30m", 1'800'000, 0, 1},
    CandleInterval{"1h", 3'600'000, 0, 1},
    CandleInterval{"2h", 7'200'000, 0, 6},
    CandleInterval{"4h", 14'400'000, 0, 6},
    CandleInterval{"6h", 21'600'000, 0, 6},
    CandleInterval{"8h", 28'800'000, 0, 6},
    CandleInterval{"12h", 43'200'000, 0, 6},
    CandleInterval{"1d", 86'400'000, 0, 6},
    CandleInterval{"1w", 604'800'000, 345'600'000, 12},
};
/// Their places there.
inline constexpr std::size_t kSeconds = 0, kMinutes = 1, kHours = 6, kDays = 12;
static_assert(kCandleIntervals[kMinutes].length_ms == 60'000);
static_assert(kCandleIntervals[kHours].length_ms == 3'600'000);
static_assert(kCandleIntervals[kDays].length_ms == 86'400'000);

/// Place in kCandleIntervals; nothing for another name.
[[nodiscard]] constexpr std::optional<std::size_t> find_interval(std::string_view name) {
    const auto at = std::ranges::find(kCandleIntervals, name, &CandleInterval::name);
    if (at == kCandleIntervals.end()) return std::nullopt;
    return static_cast<std::size_t>(at - kCandleIntervals.begin());
}

/// Where the candle begins that `time` is in.
[[nodiscard]] constexpr TimeMs candle_start(const CandleInterval& interval, TimeMs time) {
    const std::int64_t since = time.value() - interval.offset_ms;
    const std::int64_t into = since % interval.length_ms;
    return TimeMs{time.value() - into - (into < 0 ? interval.length_ms : 0)};
}

/// How long candles of an interval are kept: so many hours those of a second, so many days others
/// shorter than an hour. 0: for ever.
[[nodiscard]] constexpr std::int64_t kept_ms(const CandleInterval& interval,
                                             std::int64_t seconds_hours,
                                             std::int64_t minutes_days) {
    const std::int64_t hour = kCandleIntervals[kHours].length_ms;
    if (interval.length_ms >= hour) return 0;
    return interval.length_ms == kCandleIntervals[kSeconds].length_ms ? seconds_hours * hour
                                                                      : minutes_days * 24 * hour;
}

/// A candle of one trade.
[[nodiscard]] Candle make_candle(TimeMs start, const CandleTrade& trade);
/// Takes a further trade in. Sums stop at the largest number instead of passing it.
void add_trade(Candle& candle, const CandleTrade& trade);
/// Takes in the trades of `other`, none of which it has.
void join(Candle& candle, const Candle& other);

/// Candles of `interval` made of shorter ones, oldest first.
[[nodiscard]] std::vector<Candle> merge_candles(std::size_t interval,
                                                const std::vector<Candle>& shorter);

}  // namespace astro::market

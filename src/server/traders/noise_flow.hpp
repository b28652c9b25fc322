#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "capabilities/exchange/engine/model.hpp"
#include "foundation/base/time.hpp"

/// Traders who are nobody: what they do next follows from a seed, the time and the prices they saw.
/// Pure. Statistics are in floating point; prices and sizes are whole numbers.
namespace astro::traders {

using exchange::Base;
using exchange::Price;
using exchange::Side;

enum class NoiseStyle : std::uint8_t {
    random,    ///< buys and sells alike
    momentum,  ///< buys what has risen
    reverting  ///< sells what has risen
};
BOOST_DESCRIBE_ENUM(NoiseStyle, random, momentum, reverting)

struct NoiseSettings {
    std::uint64_t seed = 1;
    NoiseStyle style = NoiseStyle::random;
    double per_minute = 6;        ///< actions, on average; the waits are exponential
    double market_share = 0.6;    ///< of actions that trade at once …
    double cancel_share = 0.1;    ///< … and that cancel an order of one's own; the rest are limits
    std::int64_t size_usd = 200;  ///< of an order, on average
    std::int64_t position_usd_max = 5'000;
    std::int64_t depth_bps = 20;        ///< how far from the price limit orders stand at most
    DurationNs lookback = seconds(30);  ///< over which a price has risen
};

struct NoiseAction {
    enum class Kind : std::uint8_t { market, limit, cancel };
    Kind kind = Kind::market;
    Side side = Side::buy;
    Base size{};
    Price price{};  ///< of a limit order, not yet to the tick
};

/// One trader in one market. Not thread-safe.
class NoiseTrader {
  public:
    explicit NoiseTrader(NoiseSettings settings);

    void see(Price price, TimestampNs now);
    /// When it acts next.
    [[nodiscard]] TimestampNs due() const { return due_; }
    /// Its action, once that time has come, or nothing when it holds still; sets the next time.
    /// `resting`: how many orders it has on the book.
    std::optional<NoiseAction> act(TimestampNs now, Base position, std::size_t resting);

  private:
    [[nodiscard]] double uniform();  ///< [0, 1)
    [[nodiscard]] double chance_to_buy(Base position) const;
    [[nodiscard]] Base random_size();

    NoiseSettings settings_;
    std::uint64_t random_;
    std::deque<std::pair<TimestampNs, Price>> seen_;  ///< within lookback, oldest first
    TimestampNs due_{};
};

}  // namespace astro::traders

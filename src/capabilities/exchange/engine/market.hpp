#pragma once

#include <map>

#include "capabilities/exchange/engine/bare_book.hpp"
#include "capabilities/exchange/engine/liquidation_watch.hpp"
#include "capabilities/exchange/engine/market_settings.hpp"
#include "capabilities/exchange/engine/model.hpp"
#include "capabilities/exchange/engine/price_state.hpp"
#include "capabilities/exchange/engine/trigger_book.hpp"

namespace astro::exchange {

/// How a resting order follows the oracle.
struct Peg {
    OrderSlot slot = kNoOrder;
    Price offset{}, limit{};  ///< limit 0: none
    std::int64_t target = 0;  ///< ticks at which it would rest if nobody stood in its way
};
inline constexpr std::size_t kPeggedMax = 1'000;  ///< of a market

/// A listed market: its settings in force, its book, its prices.
struct Market {
    Market(MarketSettings settings_, OrderPool& pool, std::uint32_t number)
        : settings(std::move(settings_)),
          tick_lot(static_cast<std::int64_t>(notional(settings.tick_size, settings.lot_size))),
          book(pool, number) {}

    MarketSettings settings;
    std::int64_t tick_lot;  ///< Quote of one lot at one tick
    BareBook book;
    TriggerBook triggers;
    LiquidationWatch watch;
    Price index, mark;  ///< 0: none yet
    PriceState oracle;
    FundingState funding;
    Price last;                        ///< of the last trade; 0: none yet
    Base open_interest;                ///< of all long positions, which is that of all short ones
    std::uint32_t special_orders = 0;  ///< resting icebergs and reduce-only ones
    std::map<OrderId, Peg> pegs;       ///< oldest first
    Base margin_interest;              ///< open interest when the mark price was last set
    TimeMs judged{-1};  ///< when `oracle` got its verdict; -1: that may have changed since

    [[nodiscard]] bool trades() const {
        return settings.state == MarketState::open || settings.state == MarketState::reduce_only;
    }
    [[nodiscard]] std::int64_t ticks(Price price) const {
        return price.value() / settings.tick_size.value();
    }
    [[nodiscard]] std::uint64_t lots(Base size) const {
        return static_cast<std::uint64_t>(size.value() / settings.lot_size.value());
    }
    [[nodiscard]] Price price(std::int64_t ticks) const {
        return Price{ticks * settings.tick_size.value()};
    }
    [[nodiscard]] Base size(std::uint64_t lots) const {
        return Base{static_cast<std::int64_t>(lots) * settings.lot_size.value()};
    }
    /// Exact: check_market() has seen to it.
    [[nodiscard]] Quote notional_of(std::int64_t ticks, std::uint64_t lots) const {
        return Quote{ticks * static_cast<std::int64_t>(lots) * tick_lot};
    }
};

}  // namespace astro::exchange

#pragma once

#include <array>
#include <boost/container/small_vector.hpp>
#include <cstdlib>
#include <optional>

#include "capabilities/exchange/engine/model.hpp"

namespace astro::exchange {

/// What an account has in one market, and what it has on the book there.
struct Position {
    MarketId market{};
    Leg leg = Leg::net;
    Base size{};          ///< long is positive
    Quote entry_quote{};  ///< what it was bought for, with the sign of the money: long is negative
    Base open_buy{}, open_sell{};  ///< resting sizes that would make it larger (not reduce-only)
    Quote adverse_buy{}, adverse_sell{};  ///< what those would lose to the mark price of their time
    std::uint32_t reduce_orders = 0;  ///< resting reduce-only orders
    std::int64_t own_margin_bps = 0;  ///< SetLeverage; 0: the market's

    [[nodiscard]] bool is_idle() const {
        return size == Base{0} && open_buy == Base{0} && open_sell == Base{0} &&
               reduce_orders == 0 && own_margin_bps == 0;
    }
    /// How much an order of that side can reduce it by.
    [[nodiscard]] Base reducible(Side side) const {
        const std::int64_t against = -sign_of(side) * size.value();
        return Base{against > 0 ? against : 0};
    }
};
BOOST_DESCRIBE_STRUCT(Position, (),
                      (market, leg, size, entry_quote, open_buy, open_sell, adverse_buy,
                       adverse_sell, reduce_orders, own_margin_bps))

/// Trades `size` at a total of `notional` and gives the profit that this realises: the closed part
/// of the position against the same part of what it was bought for. That part is rounded down, so
/// that the sum of `entry_quote` and everything realised is exact.
[[nodiscard]] Quote apply_trade(Position& position, Side side, Base size, Quote notional);

inline constexpr std::size_t kPositionsMax = 64;
inline constexpr std::uint32_t kOrdersMax = 200;  ///< resting, of an account

struct Account {
    OwnerId owner{};
    std::optional<MarketId> isolated{};
    std::array<Amount, kAssetsMax> balances{};
    boost::container::small_vector<Position, 4> positions;
    OrderSlot first_order = kNoOrder, last_order = kNoOrder;  ///< resting ones, oldest first
    std::uint32_t orders = 0;

    [[nodiscard]] const Position* find(MarketId market, Leg leg) const {
        for (const auto& position : positions)
            if (position.market == market && position.leg == leg) return &position;
        return nullptr;
    }
    [[nodiscard]] Position* find(MarketId market, Leg leg) {
        return const_cast<Position*>(std::as_const(*this).find(market, leg));
    }
    [[nodiscard]] Amount& usdc() { return balances[kUsdc.value()]; }
    [[nodiscard]] Amount usdc() const { return balances[kUsdc.value()]; }
};

}  // namespace astro::exchange

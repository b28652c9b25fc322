#pragma once

#include <optional>
#include <vector>

#include "capabilities/exchange/engine/margin.hpp"

/// What an order would lead to if it came now.
namespace astro::exchange {

/// A preview never keeps the venue's thread for longer than an order that meets so many others;
/// what would meet more is not previewed.
inline constexpr std::uint32_t kPreviewOrdersMax = 5'000;
/// Levels that are told one by one; of what lies behind only how many there are.
inline constexpr std::size_t kPreviewLevelsMax = 20;

/// A price at which it would trade.
struct PreviewLevel {
    Price price{};
    Base size{};
    std::uint32_t orders = 0;  ///< that it would meet there
};
BOOST_DESCRIBE_STRUCT(PreviewLevel, (), (price, size, orders))

/// Of a bracket: what entry and exit would come to if the entry traded in whole, where it rests as
/// far as it would rest, and the exit at its trigger. With the fees of both.
struct PreviewExits {
    std::optional<Price> stop_price{};  ///< of a trailing stop: where it begins
    std::optional<Quote> loss_at_stop{};
    std::optional<Price> take_profit_price{};
    std::optional<Quote> gain_at_take_profit{};
};
BOOST_DESCRIBE_STRUCT(PreviewExits, (),
                      (stop_price, loss_at_stop, take_profit_price, gain_at_take_profit))

/// Of the order itself: not of orders that its trades would set off.
struct PreviewedOrder {
    Refusal refusal{};
    std::optional<Price> nearest_price{};  ///< at which it would not be refused
    std::optional<Base> nearest_size{};    ///< the same, or the largest that can be previewed
    bool is_too_deep = false;              ///< it would meet more than kPreviewOrdersMax others
    bool waits = false;                    ///< for its price, or for makers: nothing trades yet

    std::optional<Price> mid{};  ///< between the best prices; while there are both
    Base filled{};
    Quote quote{}, fee{}, builder_fee{};  ///< of what it would trade
    std::vector<PreviewLevel> levels{};   ///< the first of them, best first
    std::uint32_t levels_more = 0, orders_met = 0;

    Base rests{};
    Price rest_price{};
    Quote rest_fee{};  ///< of all that rests, traded there in one
    std::int64_t taker_fee_ppm = 0, maker_fee_ppm = 0;

    Health before{}, after{};  ///< by initial margin
    Health maintenance{};      ///< after it
    Base position{};           ///< after it, of the order's market and leg
    /// As of MarginPositionTerm: before, with what would trade now, and with all of it traded.
    std::optional<Price> liquidation_before{}, liquidation{}, liquidation_filled{};
    std::optional<PreviewExits> exits{};
};

}  // namespace astro::exchange

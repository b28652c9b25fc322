#pragma once

#include <optional>

#include "capabilities/exchange/engine/formulas/auction.hpp"
#include "capabilities/exchange/engine/model.hpp"
#include "capabilities/exchange/engine/order_info.hpp"

namespace astro::exchange {

inline constexpr std::size_t kAuctionsMax = 4'000;  ///< taker orders of the venue that run at once

/// A taker order that is offered to makers. It counts as an open order of its account, at its
/// worst price, until it has traded.
struct TakerAuction {
    OrderSlot slot = kNoOrder;  ///< allocated for when it meets the book
    AccountId account{};
    MarketId market{};
    Side side = Side::buy;
    Leg leg = Leg::net;
    bool reduces = false, rests = false;
    SelfTrade self_trade = SelfTrade::cancel_newest;
    std::int64_t limit = 0;  ///< ticks
    std::uint64_t lots = 0;  ///< left
    Base size{};             ///< of the whole order
    Quote adverse{};         ///< as OrderInfo::adverse
    TimeMs expires{};
    std::uint32_t client_id = 0;  ///< 1 + place in ClientIds; 0: none
    BuilderFee builder{};

    formulas::AuctionRange range{};
    bool oracle_relative = false;
    TimeMs opened{};
    std::int64_t duration_ms = 0;

    [[nodiscard]] TimeMs last_moment() const { return TimeMs{opened.value() + duration_ms}; }
};

/// What a market gives a taker at a moment.
struct TakersDue {
    Price auction{};              ///< the auction's price, within the order's limit
    std::optional<Price> book{};  ///< best of the other side
    Base book_size{};             ///< that is shown there
    Price best{};                 ///< the better of both for the taker
};

}  // namespace astro::exchange

#pragma once

#include "capabilities/exchange/engine/commands.hpp"
#include "capabilities/exchange/engine/market.hpp"

/// What becomes of an order, step by step: planned, counted, done.
namespace astro::exchange {

/// What an order, or an amended one, is to become.
struct OrderPlan {
    AccountId account{};
    Market* market = nullptr;
    MarketId market_id{};
    Side side = Side::buy;
    Leg leg = Leg::net;
    bool reduces = false;  ///< may only make the position smaller
    bool rests = false;    ///< what does not trade stays on the book
    bool gathers = false;  ///< before the opening: nothing trades
    PostOnly post_only = PostOnly::no;
    SelfTrade self_trade = SelfTrade::cancel_newest;
    std::int64_t limit = 0;  ///< ticks
    std::uint64_t lots = 0;
    std::uint64_t display = 0;
    Base size{};  ///< of the whole order
    TimeMs expires{};
    ClientId client_id{};
    AccountId builder{};
    std::uint32_t builder_fee_ppm = 0;  ///< 0: no builder
};

/// What it will trade when it is done now.
struct OrderWalk {
    std::uint64_t lots = 0;
    Quote quote{}, fee{};  ///< fee: with the builder's
    bool stopped = false;  ///< by self-trade prevention: what is left is cancelled
    std::uint64_t decremented = 0;
};

/// Whom an order that comes soon will meet next; see LookAhead.
struct MetAhead {
    OrderSlot maker = kNoOrder, before = kNoOrder;
    std::int64_t left = 0;  ///< lots to be met
};

struct OrderFill {
    std::uint64_t lots = 0;
    Quote quote{}, fee{}, realized{};
    Quote referral{}, builder_fee{};  ///< parts of the fee
};

struct TradeFees {
    Quote taker{}, maker{};
    Quote referral{};       ///< of taker
    Quote taker_builder{};  ///< to OrderPlan::builder
    struct {
        AccountId account{};
        Quote fee{};
    } maker_builder{};
};

}  // namespace astro::exchange

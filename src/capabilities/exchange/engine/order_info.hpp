#pragma once

#include <vector>

#include "capabilities/exchange/engine/model.hpp"

namespace astro::exchange {

/// What an order pays to whom it came through.
struct BuilderFee {
    AccountId builder{};
    std::uint32_t fee_ppm = 0;
};

/// What matching does not touch of a resting order; stands at the order's slot.
struct alignas(64) OrderInfo {
    OrderId id{};
    std::uint64_t hidden = 0;     ///< lots of an iceberg that are not shown yet
    std::uint64_t display = 0;    ///< lots that are shown at a time; 0: all
    Base size{};                  ///< of the whole order
    Quote adverse{};              ///< see Position::adverse_buy; of what is still open
    TimeMs expires{};             ///< 0: never
    std::uint32_t owner = 0;      ///< Account::owner_number
    std::uint32_t client_id = 0;  ///< 1 + place in ClientIds; 0: none
    Leg leg = Leg::net;
    bool reduce_only = false;
    bool has_builder = false;           ///< see Venue::builder_fees_
    bool pegged = false;                ///< see Market::pegs
    PostOnly post_only = PostOnly::no;  ///< this and the next hold also when it is amended
    SelfTrade self_trade = SelfTrade::cancel_newest;
};
static_assert(sizeof(OrderInfo) == 64);

}  // namespace astro::exchange

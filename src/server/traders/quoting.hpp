#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/exchange/engine/model.hpp"

/// What a market maker wants on the book, and what leads there from what is on it. Pure.
///
///     fair ─────────────────────────────────────────────┐ the index
///     centre = fair less skew by the position            │ long: lower, so that others buy from us
///     level k: centre ± (half spread + k steps)          │ to the tick, away from the centre
///
/// Each level of a side is a slot with a client id of its own ("q:SOL-PERP:b0"), so that after a
/// restart what rests tells which slot it is. A slot is changed by amending its order: one command,
/// and no moment without a quote.
namespace astro::traders {

using exchange::Base;
using exchange::OrderId;
using exchange::Price;
using exchange::Quote;
using exchange::Side;

/// Distances are in hundredths of a basis point ("5bps" is 500).
struct QuoteSettings {
    std::int64_t spread = 500;  ///< between best bid and best ask
    std::int64_t step = 500;    ///< between levels of a side
    std::int64_t levels = 3;    ///< of each side
    std::int64_t skew = 500;    ///< how far the centre moves at the largest position
    /// A quote that is off by no more stays where it is; below half the spread, or our own quotes
    /// could meet.
    std::int64_t tolerance = 100;
    Base size{};          ///< of each level
    Base position_max{};  ///< of either direction
};

/// What the market demands of an order.
struct MarketRules {
    std::string symbol;
    Price tick{}, price_max{};
    Base lot{}, size_min{};
    Quote notional_min{};
};

struct QuoteView {
    Price fair{};                                 ///< 0: none; then nothing is quoted
    Base position{};                              ///< long is positive
    std::optional<Price> best_bid{}, best_ask{};  ///< of others: quotes stay clear of them
};

struct Slot {
    Side side = Side::buy;
    std::int64_t level = 0;
    bool operator==(const Slot&) const = default;
};
struct DesiredQuote {
    Slot slot{};
    Price price{};
    Base size{};
};
/// An order of ours.
struct RestingQuote {
    Slot slot{};
    OrderId order{};
    Price price{};
    Base size{};    ///< of the whole order
    Base filled{};  ///< of it
};

/// Bids first, best level first. Sizes are whole lots; a level that would be too small for the
/// market, or lead beyond the largest position, is left out.
[[nodiscard]] std::vector<DesiredQuote> desired_quotes(const QuoteSettings& settings,
                                                       const MarketRules& rules,
                                                       const QuoteView& view);

struct QuoteChange {
    enum class Kind : std::uint8_t { place, amend, cancel };
    Kind kind = Kind::place;
    Slot slot{};
    OrderId order{};  ///< of amend and cancel
    Price price{};
    Base size{};  ///< of the whole order
};
/// Cancels first, then the side that moves away from the other, so that our own quotes never meet.
[[nodiscard]] std::vector<QuoteChange> changes_toward(const QuoteSettings& settings,
                                                      const std::vector<DesiredQuote>& desired,
                                                      const std::vector<RestingQuote>& resting);

[[nodiscard]] std::string client_id_of(std::string_view market, const Slot& slot);
/// Nothing for a name that is not ours, or of another market.
[[nodiscard]] std::optional<Slot> slot_of(std::string_view market, std::string_view client_id);

/// "5bps", "0.5bps", "12.25bps": hundredths of a basis point, above zero and below 10,000 bps.
[[nodiscard]] std::optional<std::int64_t> parse_bps(std::string_view text);

}  // namespace astro::traders

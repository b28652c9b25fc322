#pragma once

#include <vector>

#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/public_data.hpp"

/// What the applying thread hands to the one that tells the public: compact, without texts.
namespace astro::exchange {

/// A level's size after the group's last command.
struct LevelNow {
    MarketId market{};
    Side side = Side::buy;
    Price price{};
    Base size{};
};

struct TradeNow {
    MarketId market{};
    TradeId trade{};
    Sequence seq{};
    TimeMs time{};
    Price price{};
    Base size{};
    Side side = Side::buy;
    bool liquidation = false;
};

/// The prices of a market after the group's last command.
struct PriceNow {
    MarketId market{};
    Price index{}, mark{}, last{};
    Price confidence{}, average{}, reference{};
    TimeMs published{};
    bool sources_suffice = false;
    OracleVerdict verdict = OracleVerdict::non_positive;
    formulas::Rate funding_rate{}, funding_rate_last{};
    TimeMs funding_at{};
    Base open_interest{};
};
[[nodiscard]] PriceNow price_now(const Venue& venue, MarketId market);

/// Settings in force from here on.
struct SettingsNow {
    MarketId market{};
    Boxed<MarketSettings> settings{};
    Sequence seq{};
    TimeMs time{};
    enum class News : std::uint8_t {
        all,
        state,  ///< only when its state is another one
        none    ///< they were found, not changed
    };
    News news = News::all;
};

/// The notice of an auction at the opening, or of a settlement, without the market's symbol.
struct OpeningNow {
    MarketId market{};
    MarketNotice notice{};
};

struct FundingNow {
    FundingSettled settled{};
    Sequence seq{};
};

struct LiquidationNow {
    std::optional<MarketId> market{};
    LiquidationNotice notice{};  ///< without the market's symbol
};

struct MarketBatch {
    Sequence seq{};  ///< of the last command; of an empty batch, of the one before
    TimeMs time{};
    std::vector<SettingsNow> settings{};
    bool whole_books = false;  ///< `levels` are all there are: what is not among them is gone
    std::vector<LevelNow> levels{};
    std::vector<PriceNow> prices{};
    std::vector<TradeNow> trades{};
    std::vector<OpeningNow> openings{};
    std::vector<FundingNow> fundings{};
    std::vector<LiquidationNow> liquidations{};
    Pools pools{};
    std::int64_t accounts = 0, resting_orders = 0;

    /// Of what newer values replace, only those are left.
    void compact();
    /// Adds what came after it.
    void append(MarketBatch&& later);
};

}  // namespace astro::exchange

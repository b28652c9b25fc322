#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/engine/market_settings.hpp"
#include "foundation/base/describe.hpp"

/// Answers about markets. The members' names are Binance's.
namespace astro::binance {

using Level = std::vector<std::string>;  ///< price and size

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

struct ServerTime {
    std::int64_t serverTime = 0;
};
BOOST_DESCRIBE_STRUCT(ServerTime, (), (serverTime))

struct Depth {
    std::uint64_t lastUpdateId = 0;
    std::int64_t E = 0, T = 0;
    std::vector<Level> bids{}, asks{};
};
BOOST_DESCRIBE_STRUCT(Depth, (), (lastUpdateId, E, T, bids, asks))

struct TradeAnswer {
    std::uint64_t id = 0;
    exchange::Price price{};
    exchange::Base qty{};
    exchange::Quote quoteQty{};
    std::int64_t time = 0;
    bool isBuyerMaker = false;
};
BOOST_DESCRIBE_STRUCT(TradeAnswer, (), (id, price, qty, quoteQty, time, isBuyerMaker))

struct AggregateTrade {
    std::uint64_t a = 0;
    exchange::Price p{};
    exchange::Base q{};
    std::uint64_t f = 0, l = 0;
    std::int64_t T = 0;
    bool m = false;
};
BOOST_DESCRIBE_STRUCT(AggregateTrade, (), (a, p, q, f, l, T, m))

struct PremiumIndex {
    std::string symbol{};
    exchange::Price markPrice{}, indexPrice{}, estimatedSettlePrice{};
    exchange::formulas::Rate lastFundingRate{};
    std::string interestRate{};
    std::int64_t nextFundingTime = 0, time = 0;
};
BOOST_DESCRIBE_STRUCT(PremiumIndex, (),
                      (symbol, markPrice, indexPrice, estimatedSettlePrice, lastFundingRate,
                       interestRate, nextFundingTime, time))

struct FundingRateAnswer {
    std::string symbol{};
    exchange::formulas::Rate fundingRate{};
    std::int64_t fundingTime = 0;
    exchange::Price markPrice{};
};
BOOST_DESCRIBE_STRUCT(FundingRateAnswer, (), (symbol, fundingRate, fundingTime, markPrice))

struct FundingInfo {
    std::string symbol{}, adjustedFundingRateCap{}, adjustedFundingRateFloor{};
    std::int64_t fundingIntervalHours = 1;
    bool disclaimer = false;
    std::int64_t updateTime = 0;
};
BOOST_DESCRIBE_STRUCT(FundingInfo, (),
                      (symbol, adjustedFundingRateCap, adjustedFundingRateFloor,
                       fundingIntervalHours, disclaimer, updateTime))

struct Ticker24h {
    std::string symbol{};
    exchange::Price priceChange{};
    std::string priceChangePercent{};
    exchange::Price weightedAvgPrice{}, lastPrice{};
    exchange::Base lastQty{};
    exchange::Price openPrice{}, highPrice{}, lowPrice{};
    exchange::Base volume{};
    exchange::Quote quoteVolume{};
    std::int64_t openTime = 0, closeTime = 0;
    std::uint64_t firstId = 0, lastId = 0;
    std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(Ticker24h, (),
                      (symbol, priceChange, priceChangePercent, weightedAvgPrice, lastPrice,
                       lastQty, openPrice, highPrice, lowPrice, volume, quoteVolume, openTime,
                       closeTime, firstId, lastId, count))

struct PriceTicker {
    std::string symbol{};
    exchange::Price price{};
    std::int64_t time = 0;
};
BOOST_DESCRIBE_STRUCT(PriceTicker, (), (symbol, price, time))

struct BookTicker {
    std::string symbol{};
    exchange::Price bidPrice{};
    exchange::Base bidQty{};
    exchange::Price askPrice{};
    exchange::Base askQty{};
    std::int64_t time = 0;
    std::uint64_t lastUpdateId = 0;
};
BOOST_DESCRIBE_STRUCT(BookTicker, (),
                      (symbol, bidPrice, bidQty, askPrice, askQty, time, lastUpdateId))

struct OpenInterestAnswer {
    std::string symbol{};
    exchange::Base openInterest{};
    std::int64_t time = 0;
};
BOOST_DESCRIBE_STRUCT(OpenInterestAnswer, (), (symbol, openInterest, time))

struct RateLimit {
    std::string rateLimitType{}, interval{};
    std::int64_t intervalNum = 1, limit = 0;
};
BOOST_DESCRIBE_STRUCT(RateLimit, (), (rateLimitType, interval, intervalNum, limit))

struct AssetEntry {
    std::string asset{};
    bool marginAvailable = true;
    std::string autoAssetExchange{};
};
BOOST_DESCRIBE_STRUCT(AssetEntry, (), (asset, marginAvailable, autoAssetExchange))

/// A market, without its filters, which are of several kinds.
struct SymbolEntry {
    std::string symbol{}, pair{}, contractType{"PERPETUAL"};
    std::int64_t deliveryDate = 4'133'404'800'000, onboardDate = 0;  ///< a perpetual's
    std::string status{"TRADING"}, maintMarginPercent{}, requiredMarginPercent{}, baseAsset{},
        quoteAsset{}, marginAsset{};
    std::int64_t pricePrecision = 0, quantityPrecision = 0, baseAssetPrecision = 9,
                 quotePrecision = 6;
    std::string underlyingType{"COIN"};
    std::vector<std::string> underlyingSubType{};
    std::string triggerProtect{"0"}, liquidationFee{}, marketTakeBound{};
    std::int64_t maxMoveOrderLimit = 10'000;
    std::vector<std::string> orderTypes{}, timeInForce{};
};
BOOST_DESCRIBE_STRUCT(SymbolEntry, (),
                      (symbol, pair, contractType, deliveryDate, onboardDate, status,
                       maintMarginPercent, requiredMarginPercent, baseAsset, quoteAsset,
                       marginAsset, pricePrecision, quantityPrecision, baseAssetPrecision,
                       quotePrecision, underlyingType, underlyingSubType, triggerProtect,
                       liquidationFee, marketTakeBound, maxMoveOrderLimit, orderTypes, timeInForce))

struct PriceFilter {
    std::string filterType{"PRICE_FILTER"};
    exchange::Price minPrice{}, maxPrice{}, tickSize{};
};
BOOST_DESCRIBE_STRUCT(PriceFilter, (), (filterType, minPrice, maxPrice, tickSize))
struct LotFilter {
    std::string filterType{"LOT_SIZE"};
    exchange::Base minQty{}, maxQty{}, stepSize{};
};
BOOST_DESCRIBE_STRUCT(LotFilter, (), (filterType, minQty, maxQty, stepSize))
struct CountFilter {
    std::string filterType{"MAX_NUM_ORDERS"};
    std::int64_t limit = 0;
};
BOOST_DESCRIBE_STRUCT(CountFilter, (), (filterType, limit))
struct NotionalFilter {
    std::string filterType{"MIN_NOTIONAL"};
    exchange::Quote notional{};
};
BOOST_DESCRIBE_STRUCT(NotionalFilter, (), (filterType, notional))
struct PercentFilter {
    std::string filterType{"PERCENT_PRICE"}, multiplierUp{}, multiplierDown{},
        multiplierDecimal{"4"};
};
BOOST_DESCRIBE_STRUCT(PercentFilter, (),
                      (filterType, multiplierUp, multiplierDown, multiplierDecimal))

}  // namespace astro::binance

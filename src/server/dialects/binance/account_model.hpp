#pragma once

#include <string>
#include <vector>

#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/trading_model.hpp"
#include "server/dialects/binance/around.hpp"

/// Answers about the caller's account. The members' names are Binance's.
namespace astro::binance {

struct AccountAsset {
    std::string asset{}, walletBalance{};
    Quote unrealizedProfit{};
    std::string marginBalance{};
    Quote maintMargin{}, initialMargin{}, positionInitialMargin{}, openOrderInitialMargin{};
    std::string crossWalletBalance{};
    Quote crossUnPnl{};
    std::string availableBalance{}, maxWithdrawAmount{};
    bool marginAvailable = true;
    std::int64_t updateTime = 0;
};
BOOST_DESCRIBE_STRUCT(AccountAsset, (),
                      (asset, walletBalance, unrealizedProfit, marginBalance, maintMargin,
                       initialMargin, positionInitialMargin, openOrderInitialMargin,
                       crossWalletBalance, crossUnPnl, availableBalance, maxWithdrawAmount,
                       marginAvailable, updateTime))

struct AccountPosition {
    std::string symbol{};
    Quote initialMargin{}, maintMargin{}, unrealizedProfit{}, positionInitialMargin{},
        openOrderInitialMargin{};
    std::string leverage{};
    bool isolated = false;
    Price entryPrice{}, breakEvenPrice{};
    Quote maxNotional{};
    std::string positionSide{"BOTH"};
    Base positionAmt{};
    Quote notional{};
    std::string isolatedMargin{"0"}, isolatedWallet{"0"};
    Quote bidNotional{}, askNotional{};
    std::int64_t updateTime = 0;
};
BOOST_DESCRIBE_STRUCT(AccountPosition, (),
                      (symbol, initialMargin, maintMargin, unrealizedProfit, positionInitialMargin,
                       openOrderInitialMargin, leverage, isolated, entryPrice, breakEvenPrice,
                       maxNotional, positionSide, positionAmt, notional, isolatedMargin,
                       isolatedWallet, bidNotional, askNotional, updateTime))

struct AccountAnswer {
    std::int64_t feeTier = 0;
    bool canTrade = true, canDeposit = true, canWithdraw = true, multiAssetsMargin = true;
    std::int64_t tradeGroupId = -1, updateTime = 0;
    Quote totalInitialMargin{}, totalMaintMargin{}, totalWalletBalance{}, totalUnrealizedProfit{},
        totalMarginBalance{}, totalPositionInitialMargin{}, totalOpenOrderInitialMargin{},
        totalCrossWalletBalance{}, totalCrossUnPnl{}, availableBalance{}, maxWithdrawAmount{};
    std::vector<AccountAsset> assets{};
    std::vector<AccountPosition> positions{};
};
BOOST_DESCRIBE_STRUCT(AccountAnswer, (),
                      (feeTier, canTrade, canDeposit, canWithdraw, multiAssetsMargin, tradeGroupId,
                       updateTime, totalInitialMargin, totalMaintMargin, totalWalletBalance,
                       totalUnrealizedProfit, totalMarginBalance, totalPositionInitialMargin,
                       totalOpenOrderInitialMargin, totalCrossWalletBalance, totalCrossUnPnl,
                       availableBalance, maxWithdrawAmount, assets, positions))

struct BalanceAnswer {
    std::string accountAlias{}, asset{}, balance{}, crossWalletBalance{};
    Quote crossUnPnl{};
    std::string availableBalance{}, maxWithdrawAmount{};
    bool marginAvailable = true;
    std::int64_t updateTime = 0;
};
BOOST_DESCRIBE_STRUCT(BalanceAnswer, (),
                      (accountAlias, asset, balance, crossWalletBalance, crossUnPnl,
                       availableBalance, maxWithdrawAmount, marginAvailable, updateTime))

struct PositionRisk {
    std::string symbol{}, positionSide{"BOTH"};
    Base positionAmt{};
    Price entryPrice{}, breakEvenPrice{}, markPrice{};
    Quote unRealizedProfit{};
    Price liquidationPrice{};
    std::string leverage{}, marginType{"cross"}, isAutoAddMargin{"false"}, isolatedMargin{"0"},
        isolatedWallet{"0"};
    Quote maxNotionalValue{}, notional{};
    std::string marginAsset{};
    Quote initialMargin{}, maintMargin{}, positionInitialMargin{}, openOrderInitialMargin{};
    std::int64_t adl = 0;
    Quote bidNotional{}, askNotional{};
    std::int64_t updateTime = 0;
};
BOOST_DESCRIBE_STRUCT(PositionRisk, (),
                      (symbol, positionSide, positionAmt, entryPrice, breakEvenPrice, markPrice,
                       unRealizedProfit, liquidationPrice, leverage, marginType, isAutoAddMargin,
                       isolatedMargin, isolatedWallet, maxNotionalValue, notional, marginAsset,
                       initialMargin, maintMargin, positionInitialMargin, openOrderInitialMargin,
                       adl, bidNotional, askNotional, updateTime))

/// The caller's account as it is, with what its answers are made of.
struct AccountNow {
    exchange::AccountView view{};
    std::vector<exchange::PositionView> positions{};
    std::int64_t time = 0;
    bool hedges = false;  ///< it has legs: long and short apart
    std::vector<std::pair<std::string, std::int64_t>> own_margins{};  ///< by the venue's name
};
[[nodiscard]] AccountNow account_now(const Around& around, AccountId account);

/// 10,000 bps is leverage 1. The one that asks for this margin when it is set, so rounded up.
[[nodiscard]] std::int64_t leverage_of(std::int64_t margin_bps);
/// The most that the market allows.
[[nodiscard]] std::int64_t leverage_max(const MarketSettings& market);
/// The account's in that market.
[[nodiscard]] std::int64_t leverage_in(const AccountNow& now, const Listed& listed);

[[nodiscard]] AccountAnswer account_answer(const Around& around, const AccountNow& now);
/// Of one market: its positions, or one that is empty.
[[nodiscard]] std::vector<PositionRisk> position_risks(const AccountNow& now, const Listed& listed);

}  // namespace astro::binance

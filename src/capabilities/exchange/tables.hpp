#pragma once

#include <string_view>
#include <vector>

#include "capabilities/exchange/records.hpp"
#include "foundation/store/store.hpp"

/// The tables of this capability.
namespace astro::exchange {

[[nodiscard]] std::vector<store::Migration> migrations();

template <class Record>
inline constexpr std::string_view kTableOf = "";
template <>
inline constexpr std::string_view kTableOf<OrderRecord> = "exchange_orders";
template <>
inline constexpr std::string_view kTableOf<FillRecord> = "exchange_fills";
template <>
inline constexpr std::string_view kTableOf<TradeRecord> = "exchange_trades";
template <>
inline constexpr std::string_view kTableOf<RealizedRecord> = "exchange_realized";
template <>
inline constexpr std::string_view kTableOf<FundingPaymentRecord> = "exchange_funding_payments";
template <>
inline constexpr std::string_view kTableOf<LiquidationRecord> = "exchange_liquidations";
template <>
inline constexpr std::string_view kTableOf<DeleveragingRecord> = "exchange_deleveragings";
template <>
inline constexpr std::string_view kTableOf<TransferRecord> = "exchange_transfers";
template <>
inline constexpr std::string_view kTableOf<FundingRecord> = "exchange_funding";
template <>
inline constexpr std::string_view kTableOf<PriceRecord> = "exchange_prices";
template <>
inline constexpr std::string_view kTableOf<EquityRecord> = "exchange_equity";
template <>
inline constexpr std::string_view kTableOf<CandleRecord> = "exchange_candles";

}  // namespace astro::exchange

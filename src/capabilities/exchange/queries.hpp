#pragma once

#include <optional>
#include <vector>

#include "capabilities/exchange/records.hpp"
#include "foundation/store/store.hpp"

/// What is asked of the tables; records are as of what has been written, some milliseconds behind
/// the venue.
namespace astro::exchange {

struct HistoryQuery {
    std::vector<AccountId> accounts{};  ///< any of them; empty: of all accounts
    std::optional<MarketId> market{};
    std::optional<AssetId> asset{};
    std::optional<OrderId> order_id{};
    std::optional<OrderStatus> status{};
    std::optional<ClientId> client_id{};
    std::optional<TimeMs> from{}, to{};  ///< `to` is exclusive
    std::optional<Place> before{};       ///< where the page before ended
    std::int64_t limit = 50;
};
inline constexpr std::int64_t kHistoryLimitMax = 1'000;

/// Newest first.
template <class T>
struct Paged {
    std::vector<T> items{};
    std::optional<Place> next_before{};  ///< of the next page; absent: this was the last
};

/// Each looks at those fields of the query that the record has; "store_corrupt".
[[nodiscard]] Result<Paged<OrderRecord>> orders_of(store::Store& store, const HistoryQuery& query);
[[nodiscard]] Result<Paged<FillRecord>> fills_of(store::Store& store, const HistoryQuery& query);
[[nodiscard]] Result<Paged<RealizedRecord>> realized_of(store::Store& store,
                                                        const HistoryQuery& query);
[[nodiscard]] Result<Paged<FundingPaymentRecord>> funding_payments_of(store::Store& store,
                                                                      const HistoryQuery& query);
[[nodiscard]] Result<Paged<LiquidationRecord>> liquidations(store::Store& store,
                                                            const HistoryQuery& query);
/// `accounts` are those that were deleveraged: `against`.
[[nodiscard]] Result<Paged<DeleveragingRecord>> deleveragings(store::Store& store,
                                                              const HistoryQuery& query);
[[nodiscard]] Result<Paged<TransferRecord>> transfers_of(store::Store& store,
                                                         const HistoryQuery& query);
[[nodiscard]] Result<Paged<TradeRecord>> trades_of_market(store::Store& store,
                                                          const HistoryQuery& query);
[[nodiscard]] Result<Paged<FundingRecord>> funding_history(store::Store& store,
                                                           const HistoryQuery& query);

/// Samples of an account with a bucket in [from, to), oldest first: the newest 200,000.
[[nodiscard]] Result<std::vector<EquityRecord>> equity_of(store::Store& store, AccountId account,
                                                          TimeMs from, TimeMs to);

/// Rows of one market that begin in [from, to), oldest first; when there are more than `limit`, the
/// newest, or the oldest.
struct SpanQuery {
    MarketId market{};
    TimeMs from{}, to{};
    std::int64_t limit = 500;
    bool oldest = false;
};
inline constexpr std::int64_t kSpanLimitMax = 100'000;
/// `interval`: a place in market::kCandleIntervals.
[[nodiscard]] Result<std::vector<market::Candle>> candles(store::Store& store, std::size_t interval,
                                                          const SpanQuery& query);
[[nodiscard]] Result<std::vector<PriceRecord>> minute_prices(store::Store& store,
                                                             const SpanQuery& query);

}  // namespace astro::exchange

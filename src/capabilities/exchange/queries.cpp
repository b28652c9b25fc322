#include "capabilities/exchange/queries.hpp"

#include <algorithm>

#include "capabilities/exchange/tables.hpp"
#include "foundation/store/rows.hpp"

namespace astro::exchange {
namespace {

using store::Value;

/// Conditions joined by AND, and their values.
class Where {
  public:
    template <class T>
    void add(std::string_view condition, const T& value) {
        text_ += (text_.empty() ? " WHERE " : " AND ") + std::string(condition);
        values_.push_back(store::to_value(value));
    }
    template <class T>
    void add_if(std::string_view condition, const std::optional<T>& value) {
        if (value) add(condition, *value);
    }
    void add_in(std::string_view column, const std::vector<AccountId>& accounts) {
        if (accounts.empty()) return;
        std::string marks;
        for (const auto account : accounts) {
            marks += marks.empty() ? "?" : ", ?";
            values_.push_back(store::to_value(account));
        }
        text_ +=
            (text_.empty() ? " WHERE " : " AND ") + std::string(column) + " IN (" + marks + ")";
    }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] std::vector<Value> values_with(std::int64_t last) const {
        auto out = values_;
        out.emplace_back(last);
        return out;
    }

  private:
    std::string text_;
    std::vector<Value> values_;
};

template <class T>
bool has_column(std::string_view wanted) {
    bool found = false;
    const T record{};
    for_each_member(record,
                    [&](std::string_view name, const auto&) { found = found || name == wanted; });
    return found;
}

template <class T>
Where where_of(const HistoryQuery& query, std::string_view account_column) {
    Where where;
    where.add_in(account_column, query.accounts);
    const auto add_if = [&](std::string_view column, std::string_view condition,
                            const auto& value) {
        if (has_column<T>(column)) where.add_if(condition, value);
    };
    add_if("market", "market = ?", query.market);
    add_if("asset", "asset = ?", query.asset);
    add_if("order_id", "order_id = ?", query.order_id);
    add_if("status", "status = ?", query.status);
    add_if("client_id", "client_id = ?", query.client_id);
    add_if("time", "time >= ?", query.from);
    add_if("time", "time < ?", query.to);
    where.add_if("place < ?", query.before);
    return where;
}

template <class T>
Result<std::vector<T>> select(store::Store& store, std::string_view rest,
                              const std::vector<Value>& values) {
    return store::select<T>(store, kTableOf<T>, rest, values);
}

template <class T>
Result<Paged<T>> page(store::Store& store, const HistoryQuery& query,
                      std::string_view account_column = "account") {
    const auto limit = std::clamp<std::int64_t>(query.limit, 1, kHistoryLimitMax);
    const Where where = where_of<T>(query, account_column);
    Paged<T> out;
    ASTRO_TRY(out.items, select<T>(store, where.text() + " ORDER BY place DESC LIMIT ?",
                                   where.values_with(limit + 1)));
    if (static_cast<std::int64_t>(out.items.size()) <= limit) return out;
    out.items.pop_back();
    out.next_before = out.items.back().place;
    return out;
}

std::int64_t limit_of(const SpanQuery& query) {
    return std::clamp<std::int64_t>(query.limit, 1, kSpanLimitMax);
}

}  // namespace

Result<Paged<OrderRecord>> orders_of(store::Store& store, const HistoryQuery& query) {
    return page<OrderRecord>(store, query);
}
Result<Paged<FillRecord>> fills_of(store::Store& store, const HistoryQuery& query) {
    return page<FillRecord>(store, query);
}
Result<Paged<RealizedRecord>> realized_of(store::Store& store, const HistoryQuery& query) {
    return page<RealizedRecord>(store, query);
}
Result<Paged<FundingPaymentRecord>> funding_payments_of(store::Store& store,
                                                        const HistoryQuery& query) {
    return page<FundingPaymentRecord>(store, query);
}
Result<Paged<LiquidationRecord>> liquidations(store::Store& store, const HistoryQuery& query) {
    return page<LiquidationRecord>(store, query);
}
Result<Paged<DeleveragingRecord>> deleveragings(store::Store& store, const HistoryQuery& query) {
    return page<DeleveragingRecord>(store, query, "against");
}
Result<Paged<TransferRecord>> transfers_of(store::Store& store, const HistoryQuery& query) {
    return page<TransferRecord>(store, query);
}
Result<Paged<TradeRecord>> trades_of_market(store::Store& store, const HistoryQuery& query) {
    return page<TradeRecord>(store, query, "");
}
Result<Paged<FundingRecord>> funding_history(store::Store& store, const HistoryQuery& query) {
    return page<FundingRecord>(store, query, "");
}

Result<std::vector<EquityRecord>> equity_of(store::Store& store, AccountId account, TimeMs from,
                                            TimeMs to) {
    constexpr std::int64_t kSamplesMax = 200'000;
    ASTRO_TRY(auto out, select<EquityRecord>(
                            store,
                            " WHERE account = ? AND bucket >= ? AND bucket < ? ORDER BY bucket "
                            "DESC LIMIT ?",
                            {store::to_value(account), store::to_value(from), store::to_value(to),
                             kSamplesMax}));
    std::ranges::reverse(out);
    return out;
}

Result<std::vector<market::Candle>> candles(store::Store& store, std::size_t interval,
                                            const SpanQuery& query) {
    const std::string order = query.oldest ? "ASC" : "DESC";
    ASTRO_TRY(
        const auto records,
        select<CandleRecord>(
            store,
            " WHERE market = ? AND length_ms = ? AND start >= ? AND start < ? ORDER BY start " +
                order + " LIMIT ?",
            {store::to_value(query.market), market::kCandleIntervals[interval].length_ms,
             store::to_value(query.from), store::to_value(query.to), limit_of(query)}));
    std::vector<market::Candle> out;
    out.reserve(records.size());
    for (const auto& record : records) out.push_back(market::to_candle(record));
    if (!query.oldest) std::ranges::reverse(out);
    return out;
}

Result<std::vector<PriceRecord>> minute_prices(store::Store& store, const SpanQuery& query) {
    const std::string order = query.oldest ? "ASC" : "DESC";
    ASTRO_TRY(auto out,
              select<PriceRecord>(store,
                                  " WHERE market = ? AND minute >= ? AND minute < ? ORDER BY "
                                  "minute " +
                                      order + " LIMIT ?",
                                  {store::to_value(query.market), store::to_value(query.from),
                                   store::to_value(query.to), limit_of(query)}));
    if (!query.oldest) std::ranges::reverse(out);
    return out;
}

}  // namespace astro::exchange

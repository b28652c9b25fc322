#pragma once

#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "capabilities/exchange/records.hpp"
#include "foundation/journal/journal.hpp"
#include "foundation/store/store.hpp"

namespace astro::exchange {

struct HeardCommand {
    journal::Sequence sequence{};
    TimeMs time{};
    std::shared_ptr<const Events> events;
    std::vector<EquityRecord> equity{};  ///< that was taken behind it
};

/// What some commands that follow each other add to the tables: an order that was accepted, traded
/// and ended within them is one row, a second of trades one candle.
class RowBatch {
  public:
    void add(const HeardCommand& command);
    /// Within the caller's transaction, with the cursor.
    [[nodiscard]] Result<void> save(store::Writer& writer) const;
    [[nodiscard]] journal::Sequence last() const { return last_; }
    [[nodiscard]] std::size_t rows() const;

  private:
    /// Of an order that a table has: what is new of it.
    struct OrderChange {
        std::optional<Base> open_size{};  ///< it is that now, and then changed by:
        Base open_change{}, filled{};
        Quote filled_quote{}, fee{};
        std::optional<CloseReason> closed_reason{};
        std::optional<TimeMs> closed{};
        std::optional<OrderId> placed_id{};
        std::optional<RefusalCode> refused{};
        Place changed{};
    };
    struct Where {
        Place place;
        TimeMs time;
    };

    void on(const Where& at, const OrderAccepted& e);
    void on(const Where& at, const AuctionOpened& e);
    void on(const Where& at, const ConditionalAccepted& e);
    void on(const Where& at, const OrderTriggered& e);
    void on(const Where& at, const Traded& e);
    void on(const Where& at, const OrderReduced& e);
    void on(const Where& at, const OrderClosed& e);
    void on(const Where& at, const PositionChanged& e);
    void on(const Where& at, const BalanceChanged& e);
    void on(const Where& at, const FundingSettled& e);
    void on(const Where& at, const FundingPaid& e);
    void on(const Where& at, const LiquidationStarted& e);
    void on(const Where& at, const Liquidated& e);
    void on(const Where& at, const CollateralSold& e);
    void on(const Where& at, const DeficitCovered& e);
    void on(const Where& at, const LiquidationEnded& e);
    void on(const Where& at, const Deleveraged& e);
    void on(const Where& at, const PriceSet& e);
    /// Of all other events no row is kept.
    template <class E>
    void on(const Where&, const E&) {}

    [[nodiscard]] OrderRecord& fresh(const Where& at, OrderId order, AccountId account);
    void fill(const Where& at, const Traded& e, bool maker);
    void change_order(OrderId order, const OrderChange& change);
    void add_to_candle(const Where& at, const Traded& e);
    void mark_liquidation(const Where& at, OrderId order);
    [[nodiscard]] Result<void> save_order_changes(store::Writer& writer) const;
    [[nodiscard]] Result<void> save_candles(store::Writer& writer) const;

    using Minute = std::pair<MarketId, TimeMs>;
    journal::Sequence last_{};
    std::map<OrderId, OrderRecord> orders_;
    std::map<OrderId, OrderChange> order_changes_;
    std::vector<FillRecord> fills_;
    std::vector<TradeRecord> trades_;
    std::vector<RealizedRecord> realized_;
    std::vector<FundingPaymentRecord> funding_payments_;
    std::vector<LiquidationRecord> liquidations_;
    std::vector<DeleveragingRecord> deleveragings_;
    std::vector<TransferRecord> transfers_;
    std::vector<FundingRecord> funding_;
    std::map<Minute, PriceRecord> prices_;
    std::vector<EquityRecord> equity_;
    std::map<MarketId, std::vector<market::Candle>> seconds_;  ///< oldest first
};

}  // namespace astro::exchange

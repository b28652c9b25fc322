#pragma once

#include "capabilities/market/engine/candle_book.hpp"
#include "capabilities/market/engine/trade_gate.hpp"

namespace astro::market {

/// The candles of one source's symbol, of trades as they come: each counts once, whatever is sent.
/// Not thread-safe.
class TradeSeries {
  public:
    explicit TradeSeries(const GateRules& rules = {}) : gate_(rules) {}

    /// Goes on after an earlier run: candles of one interval, oldest first. What their last trade
    /// was is not taken again.
    void restore(std::size_t interval, const std::vector<Candle>& older) {
        candles_.restore(interval, older);
        if (!older.empty() && older.back().last_trade >= gate_.last())
            gate_.resume(older.back().last_trade, older.back().start);
    }
    /// Nothing: taken.
    std::optional<TradeAside> take(const CandleTrade& trade, TimeMs now) {
        const auto why = gate_.admit(trade, now);
        if (!why) candles_.add(trade);
        return why;
    }

    /// The same of one that was missed.
    std::optional<TradeAside> take_missed(const CandleTrade& trade) {
        const auto why = gate_.admit_missed(trade);
        if (!why) candles_.add(trade);
        return why;
    }

    /// Goes on after what the candles now end with: trades behind it were taken back.
    void go_back() {
        const auto& newest = candles_.candles(kSeconds);
        if (newest.empty())
            gate_.resume(TradeSeq{}, TimeMs{});
        else
            gate_.resume(newest.back().last_trade, newest.back().start);
    }

    [[nodiscard]] TradeGate& gate() { return gate_; }
    [[nodiscard]] const TradeGate& gate() const { return gate_; }
    [[nodiscard]] CandleBook& candles() { return candles_; }
    [[nodiscard]] const CandleBook& candles() const { return candles_; }

  private:
    TradeGate gate_;
    CandleBook candles_;
};

}  // namespace astro::market

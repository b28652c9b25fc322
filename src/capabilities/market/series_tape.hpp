#pragma once

#include <deque>
#include <mutex>

#include "capabilities/market/engine/trade_series.hpp"
#include "capabilities/market/series_rows.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/bus/bus.hpp"

namespace astro::market {

inline constexpr std::string_view kCandleStream = "market.candle", kTradeStream = "market.trade";

/// What foreign exchanges trade: candles, newest trades, best bids and asks; told on the bus, kept
/// for readers, written to the store. Thread-safe.
///
///     sources' threads ─ on_trade ─▶ gate ─▶ candles ─ tell() ─▶ bus, rows to write ─ save()
///
/// One transaction holds the candles of all lengths as of one moment: after a crash each series
/// goes on behind the last trade that it has, and takes none twice.
class SeriesTape {
  public:
    static constexpr std::size_t kSeriesMax = 500;  ///< then trades of others count for nothing
    static constexpr std::size_t kTradesKept = 1'000;

    /// All outlive it. Declares the streams and reads what earlier runs have stored.
    [[nodiscard]] static Result<std::unique_ptr<SeriesTape>> open(store::Store& store, Bus& bus,
                                                                  const Clock& clock,
                                                                  const CandleRetention& keep);
    SeriesTape(store::Store& store, Bus& bus, const Clock& clock, const CandleRetention& keep);

    // From the sources' threads.
    void on_trade(const SourceTrade& seen);
    void on_quote(const SourceQuote& seen);

    // From the module's thread.
    /// Publishes what has changed.
    void tell();
    /// Writes what was told. What cannot be written stays, and is written next time.
    [[nodiscard]] Result<void> save();

    // For readers. Nothing: there is no such series.
    [[nodiscard]] std::vector<SeriesInfo> series() const;
    [[nodiscard]] std::optional<SeriesInfo> info(std::string_view symbol) const;
    [[nodiscard]] std::optional<SeriesTicker> ticker(std::string_view symbol) const;
    /// All that is kept of them, oldest first.
    [[nodiscard]] std::vector<Candle> candles(std::string_view symbol, std::size_t interval) const;
    /// Newest first.
    [[nodiscard]] std::optional<std::vector<SeriesTrade>> trades(std::string_view symbol,
                                                                 std::size_t count) const;
    [[nodiscard]] std::optional<SeriesDepth> depth(std::string_view symbol) const;
    [[nodiscard]] std::vector<SeriesHealth> health() const;

  private:
    struct Line {
        explicit Line(SeriesInfo of) : info(std::move(of)) {}
        SeriesInfo info;
        TradeSeries series{GateRules{.dense = true}};
        std::deque<SeriesTrade> trades{};  ///< newest last
        DepthLevel bid{}, ask{};
        TimeMs quoted{};
        bool is_new = true;  ///< not stored yet
    };
    Result<void> load();
    [[nodiscard]] const Line* find(std::string_view symbol) const;
    [[nodiscard]] SeriesTicker ticker_of(const Line& line, TimeMs now) const;
    [[nodiscard]] TimeMs now_ms() const { return TimeMs{clock_.now().value() / 1'000'000}; }

    store::Store& store_;
    Bus& bus_;
    const Clock& clock_;
    const CandleRetention keep_;
    std::uint64_t saves_ = 0;  ///< of the module's thread

    mutable std::mutex mutex_;
    std::map<std::string, Line, std::less<>> lines_;  ///< by symbol
    CandleRows unsaved_;
};

/// "binance_spot:BTCUSDT"
[[nodiscard]] inline std::string series_symbol(std::string_view source, std::string_view symbol) {
    return std::string(source) + ":" + std::string(symbol);
}

/// From `from` to `to`, cut; 0 when there is none to compare with.
[[nodiscard]] constexpr std::int64_t change_bps(Price from, Price to) {
    if (from <= Price{0}) return 0;
    return static_cast<std::int64_t>(static_cast<Int128>(to.value() - from.value()) * 10'000 /
                                     from.value());
}

}  // namespace astro::market

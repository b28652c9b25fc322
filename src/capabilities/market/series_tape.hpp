#pragma once

#include <deque>
#include <mutex>
#include <span>

#include "capabilities/market/engine/trade_series.hpp"
#include "capabilities/market/series_rows.hpp"
#include "capabilities/market/sources/exchange_text.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/base/jobs.hpp"
#include "foundation/bus/bus.hpp"

namespace astro::market {

inline constexpr std::string_view kCandleStream = "market.candle", kTradeStream = "market.trade";
/// The source whose trades are swaps of the chain that is followed.
inline constexpr std::string_view kSolana = "solana";

/// Where it is noted how its recurring work went; they outlive it.
struct SeriesJobs {
    JobEntry* saving = nullptr;
    JobEntry* pruning = nullptr;
};

/// What foreign exchanges trade: candles, newest trades, best bids and asks; told on the bus, kept
/// for readers, written to the store. Thread-safe.
///
///     sources' threads ─ on_trade ─▶ gate ─▶ candles ─ tell() ─▶ bus, rows to write ─ save()
///
/// One transaction holds the candles of all lengths, the newest trades and the numbers that were
/// missed, as of one moment: after a crash each series goes on behind the last trade that it has,
/// takes none twice, and knows what is still to be asked for.
///
/// Series of a chain ("solana") have no holes to fill, as blocks come in order and again until they
/// were taken; instead a block may be taken back.
class SeriesTape {
  public:
    static constexpr std::size_t kSeriesMax = 500;  ///< then trades of others count for nothing
    static constexpr std::size_t kTradesKept = 1'000;
    /// Of a chain's series, as far as the newest two minutes have so many.
    static constexpr std::size_t kChainTradesKept = 20'000;
    static constexpr std::size_t kUnsavedMax = 200'000;  ///< trades, while they cannot be written

    /// All outlive it. Declares the streams and reads what earlier runs have stored.
    [[nodiscard]] static Result<std::unique_ptr<SeriesTape>> open(store::Store& store, Bus& bus,
                                                                  const Clock& clock,
                                                                  const CandleRetention& keep,
                                                                  SeriesJobs jobs = {});
    SeriesTape(store::Store& store, Bus& bus, const Clock& clock, const CandleRetention& keep,
               SeriesJobs jobs);

    // From the sources' threads.
    void on_trade(const SourceTrade& seen);
    void on_quote(const SourceQuote& seen);

    /// The chain has dropped these of a source's trades: as if they had never been.
    void take_back(std::string_view source, TradeSeq first, TradeSeq last);

    // From whoever asks exchanges for what was missed.
    struct Missed {
        SeriesInfo series{};
        TradeGate::Gap gap{};
    };
    [[nodiscard]] std::vector<Missed> missed() const;
    /// Trades of a series, any of which may have been missed. How many were.
    std::size_t fill(std::string_view symbol, std::span<const ExchangeTrade> trades);
    /// The exchange has said that there are none of these numbers. How many were waited for.
    std::uint64_t give_up(std::string_view symbol, std::uint64_t first, std::uint64_t last);

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
        explicit Line(SeriesInfo of);
        SeriesInfo info;
        TradeSeries series;
        std::deque<KeptTrade> trades{};           ///< by number
        TimeMs whole_from{INT64_MIN};             ///< all trades since then are kept
        std::vector<TradeGate::Gap> told_gaps{};  ///< as they are written
        DepthLevel bid{}, ask{};
        TimeMs quoted{};
        std::uint64_t filled = 0, absent = 0, undone = 0, not_undone = 0;
        bool is_new = true;  ///< not stored yet
    };
    Result<void> load();
    Result<void> load_line(const SeriesInfo& info);
    [[nodiscard]] const Line* find(std::string_view symbol) const;
    [[nodiscard]] Line* line_of(const SourceTrade& seen);
    void keep(Line& line, const KeptTrade& trade);
    void take_back(Line& line, TradeSeq first, TradeSeq last);
    [[nodiscard]] SeriesTicker ticker_of(const Line& line, TimeMs now) const;
    [[nodiscard]] TimeMs now_ms() const { return TimeMs{clock_.now().value() / 1'000'000}; }

    store::Store& store_;
    Bus& bus_;
    const Clock& clock_;
    const CandleRetention keep_;
    const SeriesJobs jobs_;

    std::mutex telling_;  ///< held while it is told and written; before the other one
    std::uint64_t saves_ = 0;
    SeriesChanges unsaved_;  ///< as of the last tell()

    mutable std::mutex mutex_;
    std::map<std::string, Line, std::less<>> lines_;  ///< by symbol
    SeriesChanges untold_;                            ///< since then
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

#pragma once

#include "capabilities/exchange/market_tape.hpp"
#include "capabilities/exchange/queries.hpp"
#include "capabilities/market/figures.hpp"
#include "capabilities/market/series_tape.hpp"

namespace astro::market {

/// All series as one: the venue's markets by their symbols, and those of foreign exchanges; what is
/// no longer in memory out of the store. Thread-safe. "series_unknown" names none that there is.
class SeriesView {
  public:
    static constexpr std::size_t kCandlesMax = 100'000;

    /// All outlive it.
    SeriesView(const exchange::MarketTape& venue, const SeriesTape& foreign, store::Store& store)
        : venue_(venue), foreign_(foreign), store_(store) {}

    [[nodiscard]] std::vector<SeriesInfo> series() const;  ///< the venue's first
    [[nodiscard]] Result<SeriesInfo> info(std::string_view symbol) const;
    [[nodiscard]] std::vector<SeriesTicker> tickers() const;
    [[nodiscard]] Result<SeriesTicker> ticker(std::string_view symbol) const;
    /// Newest first.
    [[nodiscard]] Result<std::vector<SeriesTrade>> trades(std::string_view symbol,
                                                          std::size_t count) const;
    /// Figures count depth as far as `band_ppm` from the middle.
    [[nodiscard]] Result<SeriesDepth> depth(std::string_view symbol, std::size_t levels,
                                            std::int64_t band_ppm) const;
    /// Oldest first.
    [[nodiscard]] Result<std::vector<Candle>> candles(std::string_view symbol,
                                                      const CandleSpan& span) const;
    /// Out of the tables, with `from` the oldest in [from, to), else the newest; oldest first.
    [[nodiscard]] Result<std::vector<KeptTrade>> stored_trades(std::string_view symbol,
                                                               const TradeSpan& span) const;

    // Of the venue's own alone; "series_not_ours" names another.
    [[nodiscard]] std::optional<exchange::Ticker> venue_ticker(std::string_view symbol) const;
    /// Oldest first.
    [[nodiscard]] Result<std::vector<MarketFigures>> figures(std::string_view symbol,
                                                             const FiguresSpan& span) const;
    [[nodiscard]] Result<std::vector<exchange::PriceRecord>> minute_prices(
        std::string_view symbol, const CandleSpan& span) const;
    [[nodiscard]] Result<std::vector<exchange::FundingRecord>> fundings(
        std::string_view symbol, const TradeSpan& span) const;
    [[nodiscard]] std::vector<SeriesHealth> health() const { return foreign_.health(); }

  private:
    [[nodiscard]] std::optional<exchange::MarketId> market_of(std::string_view symbol) const;
    [[nodiscard]] Result<exchange::MarketId> our_market(std::string_view symbol) const;
    [[nodiscard]] Result<std::vector<Candle>> stored(std::string_view symbol,
                                                     std::optional<exchange::MarketId> market,
                                                     const CandleSpan& span) const;

    const exchange::MarketTape& venue_;
    const SeriesTape& foreign_;
    store::Store& store_;
};

}  // namespace astro::market

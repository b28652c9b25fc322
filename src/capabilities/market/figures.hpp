#pragma once

#include <map>

#include "capabilities/exchange/market_tape.hpp"
#include "capabilities/exchange/service.hpp"
#include "foundation/base/jobs.hpp"
#include "foundation/store/store.hpp"

/// What a market of the venue is besides its trades, minute by minute: who holds it, what it costs
/// to hold, and who was closed out.
namespace astro::market {

using exchange::Base;
using exchange::Price;
using exchange::Quote;

/// As of the end of a minute; liquidations are those within it.
struct MarketFigures {
    TimeMs minute{};  ///< its start
    Price index{}, mark{};
    Base open_interest{};  ///< of all longs, which is that of all shorts
    Quote open_interest_value{};
    exchange::formulas::Rate funding_rate{};
    std::int64_t long_accounts = 0, short_accounts = 0;
    Base largest_long{}, largest_short{};         ///< positions of one account
    std::int64_t liquidations = 0;                ///< closed on the book or taken by a backstop
    Quote liquidated_long{}, liquidated_short{};  ///< value of what was closed
};
BOOST_DESCRIBE_STRUCT(MarketFigures, (),
                      (minute, index, mark, open_interest, open_interest_value, funding_rate,
                       long_accounts, short_accounts, largest_long, largest_short, liquidations,
                       liquidated_long, liquidated_short))

/// Joins what came later into an earlier one: the state is that of the later, liquidations add up.
[[nodiscard]] MarketFigures joined(const MarketFigures& earlier, const MarketFigures& later);

struct Positioning {
    std::int64_t long_accounts = 0, short_accounts = 0;
    Base largest_long{}, largest_short{};
};
/// By market. An account's legs of both directions count on both sides.
[[nodiscard]] std::vector<Positioning> positioning_of(const exchange::Venue& venue);

/// The value of the liquidations of [from, to).
void add_liquidations(MarketFigures& figures,
                      const std::vector<exchange::LiquidationNotice>& notices, TimeMs from,
                      TimeMs to);

[[nodiscard]] store::Migration figures_migration();
/// A minute that is there is kept as it is.
[[nodiscard]] Result<void> save_figures(store::Store& store,
                                        const std::map<std::string, MarketFigures>& by_symbol);
/// Those whose minute begins in [from, to), oldest first; of more than `limit` the newest, or the
/// oldest.
struct FiguresSpan {
    TimeMs from{}, to{};
    std::size_t limit = 500;
    bool oldest = false;
};
[[nodiscard]] Result<std::vector<MarketFigures>> load_figures(store::Store& store,
                                                              std::string_view symbol,
                                                              const FiguresSpan& span);

/// Takes them once a minute. Not thread-safe.
class FigureSampler {
  public:
    /// `kept_days`: 0 for ever. All outlive it; in `job` it is noted how taking them went.
    FigureSampler(const exchange::MarketTape& tape, store::Store& store, std::int64_t kept_days,
                  JobEntry* job = nullptr)
        : tape_(tape), store_(store), kept_days_(kept_days), job_(job) {}

    /// Does nothing until a minute is over; one in which nobody looked is left out.
    Result<void> tend(exchange::Service& venue, TimestampNs now);

  private:
    Result<void> take(exchange::Service& venue, TimeMs minute);

    const exchange::MarketTape& tape_;
    store::Store& store_;
    const std::int64_t kept_days_;
    JobEntry* const job_;
    TimeMs running_{};  ///< the minute that is not over
};

}  // namespace astro::market

#include "capabilities/exchange/portfolio.hpp"

#include <algorithm>
#include <map>

#include "capabilities/exchange/tables.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kRowsMax = 100'000;
constexpr std::size_t kPointsMax = 2'000;

std::string day_of(TimeMs time) {
    return to_iso8601(to_timestamp(time)).substr(0, 10);
}

Quote value_of(const FillRecord& fill) {
    return Quote{static_cast<std::int64_t>(notional(fill.price, fill.size))};
}

/// Money that came or went, in place of being earned or lost.
bool is_flow(BalanceReason reason) {
    switch (reason) {
        case BalanceReason::deposit:
        case BalanceReason::withdrawal:
        case BalanceReason::withdrawal_returned:
        case BalanceReason::transfer:
        case BalanceReason::stake:
        case BalanceReason::proposal:
        case BalanceReason::insurance_stake:
        case BalanceReason::treasury:
            return true;
        default:
            return false;
    }
}

/// Those that have a row among what was realised too.
bool is_realized(BalanceReason reason) {
    return reason == BalanceReason::deleveraging || reason == BalanceReason::settlement ||
           reason == BalanceReason::backstop;
}

/// All pages of a history, oldest first. "range_too_long"
template <class T>
Result<std::vector<T>> all_of(store::Store& store, HistoryQuery query,
                              Result<Paged<T>> (*ask)(store::Store&, const HistoryQuery&)) {
    query.limit = kHistoryLimitMax;
    std::vector<T> out;
    do {
        ASTRO_TRY(auto page, ask(store, query));
        out.insert(out.end(), page.items.begin(), page.items.end());
        query.before = page.next_before;
        if (static_cast<std::int64_t>(out.size()) > kRowsMax)
            return refusal("range_too_long",
                           "more than " + std::to_string(kRowsMax) +
                               " fills or payments lie in it; choose a shorter time",
                           "time_from");
    } while (query.before);
    std::ranges::reverse(out);
    return out;
}

/// Names of the strategies of orders, asked for once each.
class Strategies {
  public:
    Strategies(store::Store& store, AccountId account) : store_(store), account_(account) {}
    Result<std::string> of(OrderId order) {
        if (const auto known = names_.find(order); known != names_.end()) return known->second;
        ASTRO_TRY(const auto page,
                  orders_of(store_, {.accounts = {account_}, .order_id = order, .limit = 1}));
        const bool has_name = !page.items.empty() && page.items[0].client_id;
        return names_[order] = strategy_of(has_name ? to_text(*page.items[0].client_id) : "");
    }

  private:
    store::Store& store_;
    AccountId account_;
    std::map<OrderId, std::string> names_;
};

/// Sums by name.
struct Books {
    std::map<std::string, Earnings> market, day, strategy;
    Earnings all;

    template <class F>
    void add(const std::string& of_market, TimeMs time, const std::string& of_strategy, F&& f) {
        f(market[of_market]);
        f(day[day_of(time)]);
        f(strategy[of_strategy]);
        f(all);
    }
};

std::vector<NamedEarnings> named(std::map<std::string, Earnings>& sums) {
    std::vector<NamedEarnings> out;
    for (auto& [name, earnings] : sums) {
        earnings.net = earnings.realized - earnings.fees + earnings.funding;
        out.push_back({name, earnings});
    }
    return out;
}

/// A profit belongs to the strategy of the order whose trade stands before it in its command.
class Attribution {
  public:
    Attribution(const std::vector<FillRecord>& fills, Strategies& strategies)
        : fills_(fills), strategies_(strategies) {}
    Result<std::string> of(const RealizedRecord& realized) {
        auto at = std::ranges::upper_bound(fills_, realized.place, {}, &FillRecord::place);
        while (at != fills_.begin() &&
               sequence_of(std::prev(at)->place) == sequence_of(realized.place)) {
            --at;
            if (at->market == realized.market) return strategies_.of(at->order_id);
        }
        return strategy_of("");
    }

  private:
    const std::vector<FillRecord>& fills_;
    Strategies& strategies_;
};

Result<Books> books_of(store::Store& store, const Directory& directory, const HistoryQuery& query) {
    Books out;
    ASTRO_TRY(const auto fills, all_of(store, query, &fills_of));
    ASTRO_TRY(const auto realized, all_of(store, query, &realized_of));
    ASTRO_TRY(const auto funding, all_of(store, query, &funding_payments_of));
    Strategies strategies(store, query.accounts.front());
    Attribution attribution(fills, strategies);
    for (const auto& fill : fills) {
        ASTRO_TRY(const auto strategy, strategies.of(fill.order_id));
        out.add(directory.symbol(fill.market), fill.time, strategy, [&](Earnings& e) {
            e.fees += fill.fee;
            e.volume += value_of(fill);
            ++e.fills;
        });
    }
    for (const auto& change : realized) {
        ASTRO_TRY(const auto strategy, attribution.of(change));
        out.add(directory.symbol(change.market), change.time, strategy, [&](Earnings& e) {
            e.realized += change.realized;
            e.wins += change.realized > Quote{0} ? 1 : 0;
            e.losses += change.realized < Quote{0} ? 1 : 0;
        });
    }
    for (const auto& payment : funding)
        out.add(directory.symbol(payment.market), payment.time, "(funding)",
                [&](Earnings& e) { e.funding += payment.received; });
    out.all.net = out.all.realized - out.all.fees + out.all.funding;
    return out;
}

struct Flow {
    TimeMs time{};
    Quote value{};
};

/// What an amount of another asset was worth then: by the index of a market of it, in the minute
/// before; nothing when there was none.
Result<Quote> worth(store::Store& store, const Directory& directory, const TransferRecord& row) {
    if (row.asset == kUsdc) return Quote{row.amount.value()};
    const auto asset = directory.asset(row.asset);
    const auto market = directory.market(asset.symbol + "-PERP");
    if (!market) return Quote{0};
    ASTRO_TRY(const auto prices, minute_prices(store, {.market = *market,
                                                       .from = TimeMs{0},
                                                       .to = TimeMs{row.time.value() + 1},
                                                       .limit = 1}));
    if (prices.empty()) return Quote{0};
    Collateral collateral{.settings = asset, .price = prices.back().index_price};
    return Quote{plain_value(collateral, row.amount)};
}

/// The samples with what was earned by then; also the highest fall.
void draw_curve(const std::vector<EquityRecord>& samples, const std::vector<Flow>& flows,
                Portfolio& out) {
    std::vector<EquityPoint> all;
    Quote put_in{}, highest{}, equity_then{};
    std::size_t next = 0;
    for (const auto& sample : samples) {
        for (; next < flows.size() && flows[next].time <= sample.time; ++next)
            if (flows[next].time > samples.front().time) put_in += flows[next].value;
        EquityPoint point{.time = to_timestamp(sample.time),
                          .equity = sample.equity,
                          .pnl = sample.equity - samples.front().equity - put_in,
                          .gross = sample.gross,
                          .net = sample.net};
        if (sample.collateral > Quote{0})
            point.margin_ratio_ppm = formulas::saturate64(
                formulas::div_round(static_cast<Int128>(sample.requirement.value()) * 1'000'000,
                                    sample.collateral.value(), formulas::Rounding::ceil));
        if (all.empty() || point.pnl >= highest) {
            highest = point.pnl;
            equity_then = point.equity;
        }
        point.drawdown = highest - point.pnl;
        if (point.drawdown > out.totals.drawdown_max) {
            out.totals.drawdown_max = point.drawdown;
            if (equity_then > Quote{0})
                out.totals.drawdown_max_ppm = static_cast<std::int64_t>(
                    static_cast<Int128>(point.drawdown.value()) * 1'000'000 / equity_then.value());
        }
        all.push_back(point);
    }
    const std::size_t step = all.size() / kPointsMax + 1;
    for (std::size_t i = 0; i < all.size(); i += step) out.curve.push_back(all[i]);
    if (!all.empty() && (all.size() - 1) % step != 0) out.curve.push_back(all.back());
}

void sum_up(const std::vector<EquityRecord>& samples, const std::vector<Flow>& flows,
            PortfolioTotals& totals) {
    if (samples.empty()) return;
    totals.equity_from = samples.front().equity;
    totals.equity_to = samples.back().equity;
    if (samples.size() < 2) return;
    for (const auto& flow : flows)
        if (flow.time > samples.front().time && flow.time <= samples.back().time)
            totals.flows += flow.value;
    totals.pnl = totals.equity_to - totals.equity_from - totals.flows;
    totals.unrealized = totals.pnl - totals.earnings.net - totals.other;
}

}  // namespace

std::string strategy_of(std::string_view client_id) {
    const auto end = client_id.find_first_of("-:._");
    const std::string name(client_id.substr(0, end));
    return name.empty() ? "(none)" : name;
}

Result<Portfolio> portfolio_of(store::Store& store, const Directory& directory, AccountId account,
                               TimeMs from, TimeMs to) {
    Portfolio out{.account = account, .from = to_timestamp(from), .to = to_timestamp(to)};
    ASTRO_TRY(const auto samples, equity_of(store, account, from, to));
    // Between the first sample and the last, so that the sums are of the same time as the curve;
    // nothing lies between a single one and itself.
    HistoryQuery query{.accounts = {account}, .from = from, .to = to};
    if (samples.size() > 1) {
        query.from = TimeMs{samples.front().time.value() + 1};
        query.to = TimeMs{samples.back().time.value() + 1};
    }
    ASTRO_TRY(auto books, books_of(store, directory, query));
    ASTRO_TRY(const auto transfers, all_of(store, query, &transfers_of));
    std::vector<Flow> flows;
    for (const auto& row : transfers) {
        ASTRO_TRY(const Quote value, worth(store, directory, row));
        if (is_flow(row.reason))
            flows.push_back({row.time, value});
        else if (!is_realized(row.reason))
            out.totals.other += value;
    }
    out.totals.earnings = books.all;
    draw_curve(samples, flows, out);
    sum_up(samples, flows, out.totals);
    out.by_market = named(books.market);
    out.by_day = named(books.day);
    out.by_strategy = named(books.strategy);
    return out;
}

}  // namespace astro::exchange

#include "capabilities/exchange/report_pdf.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "capabilities/exchange/report_test_support.hpp"

/// The document as its reader sees it: amounts of the portfolio, pages, names of any letters.
namespace astro::exchange {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kDayNs = 86'400'000'000'000;

Earnings earned(std::int64_t n) {
    Earnings out;
    out.realized = Quote{n * 7'654'321};
    out.fees = Quote{1'234'567 + n};
    out.funding = Quote{-98'765};
    out.net = out.realized - out.fees + out.funding;
    out.volume = Quote{123'456'780'000 + n};
    out.fills = 17 + n;
    return out;
}

/// So many days of a market, up and down.
PerformanceReport report_of(int days) {
    PerformanceReport out{.is_paper = true};
    Portfolio& p = out.portfolio;
    p.account = AccountId{7};
    p.from = TimestampNs{1'764'374'400'000'000'000};  // 2025-11-29
    p.to = p.from + DurationNs{days * kDayNs};
    Quote equity{10'000'000'000}, highest = equity;
    for (int hour = 0; hour < days * 24; ++hour) {
        equity += Quote{((hour * 37) % 101 - 48) * 1'000'000};
        highest = std::max(highest, equity);
        p.curve.push_back({.time = p.from + DurationNs{hour * kDayNs / 24},
                           .equity = equity,
                           .pnl = equity - Quote{10'000'000'000},
                           .drawdown = highest - equity});
    }
    for (int day = 0; day < days; ++day)
        p.by_day.push_back(
            {to_iso8601(p.from + DurationNs{day * kDayNs}).substr(0, 10), earned(day % 5 - 2)});
    p.by_market = {{"BTC-PERP", earned(3)}, {"SOL-PERP", earned(-2)}};
    p.by_strategy = {{"grid", earned(1)},
                     {"Zürich 日本", earned(2)},
                     {"a name that is much too long for the column it stands in", earned(4)}};
    p.totals = {.equity_from = Quote{10'000'000'000},
                .equity_to = equity,
                .pnl = equity - Quote{10'000'000'000},
                .earnings = earned(12),
                .drawdown_max = Quote{432'109'876},
                .drawdown_max_ppm = 43'210};
    p.totals.earnings.wins = 31;
    p.totals.earnings.losses = 9;
    out.tail = {{.confidence_ppm = 990'000,
                 .hours = 24,
                 .spans = 1'500,
                 .tail = 15,
                 .value_at_risk = Quote{511'222'333},
                 .expected_shortfall = Quote{622'333'444},
                 .worst = Quote{733'444'555}}};
    out.tail_time = p.to;
    return out;
}

TEST(ReportPdf, SaysWhatThePortfolioSays) {
    const auto report = report_of(30);
    const std::string bytes = report_pdf(report).value();
    const std::string text = read_pdf(bytes);
    for (const auto* rows :
         {&report.portfolio.by_market, &report.portfolio.by_day, &report.portfolio.by_strategy})
        for (const auto& [name, e] : *rows)
            for (const Quote amount : {e.realized, e.fees, e.funding, e.net, e.volume})
                EXPECT_THAT(text, HasSubstr(as_written(to_text(amount)))) << name;
    for (const char* words :
         {"Account 7", "2025-11-29 00:00 to 2025-12-29 00:00 UTC", "Simulated", "77.50 %",
          "31 of 40 closing", "4.32 % of the equity before", "511.222333", "622.333444",
          "733.444555", "99.0 %", "2025-12-28", "Z\u00fcrich ??", "Page 2 of 2"})
        EXPECT_THAT(text, HasSubstr(words));
    EXPECT_EQ(report_pdf(report).value(), bytes);
    if (const char* keep = std::getenv("ASTRO_KEEP_REPORT")) std::ofstream(keep) << bytes;
}

TEST(ReportPdf, MoreDaysAreFoldedAndAVenueOfRealMoneyIsNotCalledSimulated) {
    auto report = report_of(400);
    report.is_paper = false;
    const std::string text = read_pdf(report_pdf(report).value());
    EXPECT_THAT(text, HasSubstr("339 days before"));
    EXPECT_THAT(text, Not(HasSubstr("Simulated")));
    EXPECT_THAT(text, HasSubstr("Page 3 of 3"));
}

TEST(ReportPdf, OfNothingIsAPageAllTheSame) {
    const std::string text = read_pdf(report_pdf({}).value());
    EXPECT_THAT(text, HasSubstr("Fewer than two samples"));
    EXPECT_THAT(text, HasSubstr("Win rate"));
}

}  // namespace
}  // namespace astro::exchange

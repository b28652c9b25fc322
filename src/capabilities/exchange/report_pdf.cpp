#include "capabilities/exchange/report_pdf.hpp"

#include <algorithm>
#include <array>

#include "capabilities/exchange/refusal_text.hpp"
#include "capabilities/exchange/report_chart.hpp"
#include "capabilities/exchange/report_style.hpp"
#include "capabilities/exchange/report_table.hpp"

namespace astro::exchange {
namespace {

using pdf::Align;
using pdf::Pages;
using pdf::Weight;

constexpr double kLeft = 42, kRight = pdf::kWidth - 42;
constexpr std::size_t kMarketsMax = 12, kStrategiesMax = 10, kDaysMax = 62;

double as_number(Quote value) {
    return static_cast<double>(value.value()) / static_cast<double>(kQuoteUnit);
}

std::string minute_of(TimestampNs time) {
    const std::string iso = to_iso8601(time);
    return iso.substr(0, 10) + " " + iso.substr(11, 5);
}

/// "12.34 %" of parts in a million.
std::string percent(std::int64_t ppm) {
    return grouped_number(ppm / 100, 2) + " %";
}

std::uint32_t colour_of(Quote value) {
    return value > Quote{0} ? kUp : value < Quote{0} ? kDown : kText;
}

std::string signed_money(Quote value) {
    return (value > Quote{0} ? "+" : "") + report_money(value);
}

class Report {
  public:
    explicit Report(const PerformanceReport& report)
        : report_(report),
          p_(report.portfolio),
          pages_("Performance report, account " + std::to_string(p_.account.value()), p_.to) {}

    Result<std::string> write() {
        pages_.add();
        write_head();
        write_figures();
        write_curves();
        write_statement();
        table("By market", "Market", p_.by_market, kMarketsMax, "other markets");
        write_risk();
        new_page();
        write_days();
        table("By strategy", "Strategy", p_.by_strategy, kStrategiesMax, "other strategies");
        write_notes();
        write_feet();
        return pages_.finish();
    }

  private:
    void write_head();
    void write_figures();
    void figure(std::size_t place, const std::string& name, const std::string& value,
                std::uint32_t colour = kText, const std::string& note = {});
    void write_curves();
    void write_statement();
    void write_risk();
    void write_days();
    void write_notes();
    void write_feet();
    void heading(const std::string& text);
    void new_page();
    void room_for(double height) {
        if (y_ + height > kBottom) new_page();
    }
    void table(const std::string& title, const std::string& name,
               const std::vector<NamedEarnings>& rows, std::size_t most, const std::string& rest);
    void draw(const ReportTable& of) { y_ = draw_table(pages_, {kLeft, y_}, kRight, of) + 14; }

    static constexpr double kTop = 48, kBottom = pdf::kHeight - 56;
    const PerformanceReport& report_;
    const Portfolio& p_;
    Pages pages_;
    double y_ = kTop;
};

void Report::write_head() {
    pages_.text({kLeft, y_ + 10}, "Performance report", {.size = 18, .weight = Weight::bold});
    pages_.text({kRight, y_ + 10}, "Astrolabe",
                {.size = 11, .colour = kAccent, .weight = Weight::bold, .align = Align::right});
    y_ += 28;
    pages_.text({kLeft, y_},
                "Account " + std::to_string(p_.account.value()) + "   " + minute_of(p_.from) +
                    " to " + minute_of(p_.to) + " UTC   amounts in USDC",
                {.size = 9, .colour = kMuted});
    y_ += 8;
    if (report_.is_paper) {
        pages_.fill({kLeft, y_}, {kRight, y_ + 18}, kWarnTint);
        pages_.text({kLeft + 8, y_ + 12},
                    "Simulated: this venue runs on play money. No real funds were traded.",
                    {.size = 9, .colour = kWarnText, .weight = Weight::bold});
        y_ += 24;
    }
    pages_.line({kLeft, y_}, {kRight, y_}, 0.6, kLine);
    y_ += 6;
}

constexpr std::size_t kColumns = 4;

void Report::figure(std::size_t place, const std::string& name, const std::string& value,
                    std::uint32_t colour, const std::string& note) {
    const double x = kLeft + static_cast<double>(place % kColumns) * (kRight - kLeft) / kColumns;
    const double y = y_ + static_cast<double>(place / kColumns) * 38;
    pages_.text({x, y + 10}, name, {.size = 7.5, .colour = kMuted});
    pages_.text({x, y + 23}, value, {.size = 11, .colour = colour, .weight = Weight::bold});
    if (!note.empty()) pages_.text({x, y + 32}, note, {.size = 7, .colour = kMuted});
}

void Report::write_figures() {
    const auto& t = p_.totals;
    const auto days = std::ranges::minmax_element(
        p_.by_day, {}, [](const NamedEarnings& day) { return day.earnings.net; });
    const auto day = [&](auto found, std::size_t place, const char* name) {
        if (found == p_.by_day.end()) return figure(place, name, "-");
        figure(place, name, signed_money(found->earnings.net), colour_of(found->earnings.net),
               found->name);
    };
    std::string gain;
    if (t.equity_from > Quote{0})
        gain = percent(static_cast<std::int64_t>(static_cast<Int128>(t.pnl.value()) * 1'000'000 /
                                                 t.equity_from.value())) +
               " of the first equity";
    figure(0, "Profit and loss", signed_money(t.pnl), colour_of(t.pnl), gain);
    figure(1, "Equity at the end", report_money(t.equity_to), kText,
           "from " + report_money(t.equity_from));
    figure(2, "Put in less taken out", report_money(t.flows));
    figure(3, "Deepest drawdown", report_money(t.drawdown_max), kText,
           percent(t.drawdown_max_ppm) + " of the equity before");
    day(days.max, 4, "Best day");
    day(days.min, 5, "Worst day");
    const std::int64_t closed = t.earnings.wins + t.earnings.losses;
    figure(6, "Win rate", closed == 0 ? "-" : percent(t.earnings.wins * 1'000'000 / closed), kText,
           std::to_string(t.earnings.wins) + " of " + std::to_string(closed) + " closing trades");
    figure(7, "Volume", report_money(t.earnings.volume), kText,
           std::to_string(t.earnings.fills) + " fills");
    y_ += 38 * 2 + 6;
}

void Report::write_curves() {
    heading("Equity and drawdown");
    LineChart equity{.points = {}, .colour = kAccent, .has_dates = false};
    LineChart drawdown{.points = {}, .colour = kDown, .is_filled_from_zero = true};
    for (const auto& point : p_.curve) {
        equity.points.push_back({point.time, as_number(point.equity)});
        drawdown.points.push_back({point.time, -as_number(point.drawdown)});
    }
    if (equity.points.size() < 2) {
        pages_.text({kLeft, y_ + 12}, "Fewer than two samples of the equity lie in this time.",
                    {.size = 8, .colour = kMuted});
        y_ += 28;
        return;
    }
    draw_line_chart(pages_, {{kLeft, y_ + 4}, {kRight - 48, y_ + 134}}, equity);
    draw_line_chart(pages_, {{kLeft, y_ + 148}, {kRight - 48, y_ + 198}}, drawdown);
    y_ += 224;
}

void Report::write_statement() {
    const auto& t = p_.totals;
    ReportTable out{
        .columns = {"Realised", "Fees", "Funding", "Other", "Not realised", "Profit and loss"}};
    out.rows.push_back({.name = "Statement",
                        .numbers = {report_money(t.earnings.realized),
                                    report_money(Quote{-t.earnings.fees.value()}),
                                    report_money(t.earnings.funding), report_money(t.other),
                                    report_money(t.unrealized), signed_money(t.pnl)},
                        .last_colour = colour_of(t.pnl)});
    draw(out);
}

void add_row(ReportTable& out, const std::string& name, const Earnings& e) {
    out.rows.push_back(
        {.name = name,
         .numbers = {report_money(e.realized), report_money(e.fees), report_money(e.funding),
                     report_money(e.volume), std::to_string(e.fills), signed_money(e.net)},
         .last_colour = colour_of(e.net)});
}

Earnings sum_of(std::span<const NamedEarnings> rows) {
    Earnings out;
    for (const auto& [name, e] : rows) {
        out.realized += e.realized;
        out.fees += e.fees;
        out.funding += e.funding;
        out.net += e.net;
        out.volume += e.volume;
        out.fills += e.fills;
    }
    return out;
}

/// The rows with the largest results, and the others as one.
void Report::table(const std::string& title, const std::string& name,
                   const std::vector<NamedEarnings>& rows, std::size_t most,
                   const std::string& rest) {
    if (rows.empty()) return;
    room_for(60);
    heading(title);
    std::vector<NamedEarnings> sorted = rows;
    std::ranges::stable_sort(sorted, [](const NamedEarnings& a, const NamedEarnings& b) {
        return std::abs(a.earnings.net.value()) > std::abs(b.earnings.net.value());
    });
    ReportTable out{.name = name,
                    .columns = {"Realised", "Fees", "Funding", "Volume", "Fills", "Net"}};
    const std::size_t shown = sorted.size() > most ? most - 1 : sorted.size();
    for (std::size_t i = 0; i < shown; ++i) add_row(out, sorted[i].name, sorted[i].earnings);
    if (shown < sorted.size())
        add_row(out, std::to_string(sorted.size() - shown) + " " + rest,
                sum_of(std::span(sorted).subspan(shown)));
    draw(out);
}

void Report::write_risk() {
    if (report_.tail.empty()) return;
    room_for(90);
    heading("Value at risk and expected shortfall of the positions held " +
            minute_of(report_.tail_time) + " UTC");
    ReportTable out{.name = "Over",
                    .columns = {"Confidence", "Value at risk", "Expected shortfall", "Worst",
                                "Spans", "In the tail"}};
    for (const auto& tail : report_.tail)
        out.rows.push_back(
            {.name = std::to_string(tail.hours) + " h",
             .numbers = {grouped_number(tail.confidence_ppm / 1'000, 1) + " %",
                         report_money(tail.value_at_risk), report_money(tail.expected_shortfall),
                         report_money(tail.worst), std::to_string(tail.spans),
                         std::to_string(tail.tail)}});
    draw(out);
}

void Report::write_days() {
    const auto& days = p_.by_day;
    if (days.empty()) return;
    heading("By day");
    BarChart bars{.values = {}, .first = days.front().name, .last = days.back().name};
    for (const auto& day : days) bars.values.push_back(as_number(day.earnings.net));
    draw_bar_chart(pages_, {{kLeft, y_ + 4}, {kRight - 48, y_ + 84}}, bars);
    y_ += 106;
    ReportTable out{.name = "Day",
                    .columns = {"Realised", "Fees", "Funding", "Volume", "Fills", "Net"}};
    const std::size_t folded = days.size() > kDaysMax ? days.size() - kDaysMax + 1 : 0;
    if (folded > 0)
        add_row(out, std::to_string(folded) + " days before",
                sum_of(std::span(days).first(folded)));
    for (std::size_t i = folded; i < days.size(); ++i) {
        if (y_ + table_height(out) + 24 > kBottom) {
            draw(out);
            out.rows.clear();
            new_page();
        }
        add_row(out, days[i].name, days[i].earnings);
    }
    draw(out);
}

void Report::write_notes() {
    constexpr std::array kNotes = {
        "Profit and loss is the equity at the end less that at the beginning less what was put in. "
        "Realised is before fees; net is realised less fees with funding.",
        "Days are those of UTC. Other is liquidation fees, interest, referrals and builders' "
        "income. A strategy is what an order's client id begins with.",
        "Drawdown is how far profit and loss was below its highest before. Value at risk is by "
        "historical simulation over recorded prices.",
        "The CSV of the same time has each of these amounts and all samples of the equity."};
    room_for(14.0 * kNotes.size());
    for (const char* note : kNotes) {
        pages_.text({kLeft, y_ + 8}, note, {.size = 6.8, .colour = kMuted});
        y_ += 11;
    }
}

void Report::write_feet() {
    for (std::size_t i = 0; i < pages_.count(); ++i) {
        pages_.select(i);
        const double y = pdf::kHeight - 34;
        pages_.line({kLeft, y - 10}, {kRight, y - 10}, 0.4, kLine);
        pages_.text({kLeft, y},
                    std::string(report_.is_paper ? "Simulated. " : "") + "Account " +
                        std::to_string(p_.account.value()) + ", " + minute_of(p_.from) + " to " +
                        minute_of(p_.to) + " UTC",
                    {.size = 7, .colour = kMuted});
        pages_.text({kRight, y},
                    "Page " + std::to_string(i + 1) + " of " + std::to_string(pages_.count()),
                    {.size = 7, .colour = kMuted, .align = Align::right});
    }
}

void Report::heading(const std::string& text) {
    pages_.text({kLeft, y_ + 9}, text, {.size = 10, .weight = Weight::bold});
    y_ += 15;
}

void Report::new_page() {
    pages_.add();
    y_ = kTop;
}

}  // namespace

Result<std::string> report_pdf(const PerformanceReport& report) {
    return Report(report).write();
}

}  // namespace astro::exchange

#include "capabilities/exchange/report_chart.hpp"

#include <algorithm>
#include <cmath>

#include "capabilities/exchange/report_style.hpp"

namespace astro::exchange {
namespace {

using pdf::Align;
using pdf::Pages;
using pdf::Point;

struct Scale {
    double least = 0, most = 1, step = 1;
};

/// 1, 2 or 5 times a power of ten, so that about four lines lie within.
double round_step(double span) {
    const double raw = span / 4;
    const double power = std::pow(10, std::floor(std::log10(raw)));
    for (const double times : {1.0, 2.0, 5.0})
        if (raw <= times * power) return times * power;
    return 10 * power;
}

Scale scale_of(double least, double most) {
    if (most - least <= 0) most = least + std::max(1.0, std::abs(least) / 100);
    const double step = round_step(most - least);
    return {std::floor(least / step) * step, std::ceil(most / step) * step, step};
}

/// "1,250" or, of small steps, "0.25".
std::string axis_text(double value, double step) {
    const int decimals = step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step)));
    const double power = std::pow(10, decimals);
    const auto units = static_cast<std::int64_t>(std::llround(value * power));
    return grouped_number(units, decimals);
}

class Plot {
  public:
    Plot(Pages& pages, const ChartFrame& frame, Scale scale)
        : pages_(pages), frame_(frame), scale_(scale) {}

    [[nodiscard]] double y(double value) const {
        const double part = (value - scale_.least) / (scale_.most - scale_.least);
        return frame_.bottom_right.y - part * (frame_.bottom_right.y - frame_.top_left.y);
    }
    [[nodiscard]] double x(double part) const {
        return frame_.top_left.x + part * (frame_.bottom_right.x - frame_.top_left.x);
    }
    void draw_grid() const {
        for (double at = scale_.least; at <= scale_.most + scale_.step / 2; at += scale_.step) {
            const bool is_zero = std::abs(at) < scale_.step / 2;
            pages_.line({x(0), y(at)}, {x(1), y(at)}, is_zero ? 0.6 : 0.4,
                        is_zero ? kFaint : kLine);
            pages_.text({x(1) + 4, y(at) + 2.5}, axis_text(at, scale_.step),
                        {.size = 7, .colour = kMuted});
        }
    }

  private:
    Pages& pages_;
    const ChartFrame& frame_;
    const Scale scale_;
};

void draw_dates(Pages& pages, const Plot& plot, double below, TimestampNs from, TimestampNs to) {
    constexpr int kDates = 4;
    const std::int64_t span = to.value() - from.value();
    const bool is_short = span < seconds(3 * 86'400).value();
    for (int i = 0; i <= kDates; ++i) {
        const TimestampNs at{from.value() + span / kDates * i};
        const std::string iso = to_iso8601(at);
        const Align align = i == 0 ? Align::left : i == kDates ? Align::right : Align::centre;
        pages.text({plot.x(static_cast<double>(i) / kDates), below},
                   is_short ? iso.substr(5, 5) + " " + iso.substr(11, 5) : iso.substr(0, 10),
                   {.size = 7, .colour = kMuted, .align = align});
    }
}

}  // namespace

void draw_line_chart(Pages& pages, const ChartFrame& frame, const LineChart& chart) {
    const auto& points = chart.points;
    if (points.size() < 2) return;
    auto [least, most] = std::ranges::minmax(points, {}, &ChartPoint::value);
    if (chart.is_filled_from_zero) {
        least.value = std::min(least.value, 0.0);
        most.value = std::max(most.value, 0.0);
    }
    const Plot plot(pages, frame, scale_of(least.value, most.value));
    const TimestampNs from = points.front().time, to = points.back().time;
    const auto span = static_cast<double>(std::max<std::int64_t>(1, (to - from).value()));
    std::vector<Point> line;
    for (const auto& [time, value] : points)
        line.push_back({plot.x(static_cast<double>((time - from).value()) / span), plot.y(value)});
    if (chart.is_filled_from_zero) {
        std::vector<Point> outline = line;
        outline.push_back({line.back().x, plot.y(0)});
        outline.push_back({line.front().x, plot.y(0)});
        pages.fill(outline, kDownTint);
    }
    plot.draw_grid();
    pages.line(line, 0.8, chart.colour);
    if (chart.has_dates) draw_dates(pages, plot, frame.bottom_right.y + 10, from, to);
}

void draw_bar_chart(Pages& pages, const ChartFrame& frame, const BarChart& chart) {
    if (chart.values.empty()) return;
    const auto [least, most] = std::ranges::minmax(chart.values);
    const Plot plot(pages, frame, scale_of(std::min(least, 0.0), std::max(most, 0.0)));
    plot.draw_grid();
    const auto count = static_cast<double>(chart.values.size());
    const double width = std::min(14.0, (plot.x(1) - plot.x(0)) / count * 0.7);
    for (std::size_t i = 0; i < chart.values.size(); ++i) {
        const double middle = plot.x((static_cast<double>(i) + 0.5) / count);
        const double value = chart.values[i];
        const double top = plot.y(std::max(value, 0.0)), bottom = plot.y(std::min(value, 0.0));
        pages.fill({middle - width / 2, top}, {middle + width / 2, bottom},
                   value < 0 ? kDown : kUp);
    }
    const double below = frame.bottom_right.y + 10;
    pages.text({plot.x(0), below}, chart.first, {.size = 7, .colour = kMuted});
    if (chart.values.size() > 1)
        pages.text({plot.x(1), below}, chart.last,
                   {.size = 7, .colour = kMuted, .align = Align::right});
}

}  // namespace astro::exchange

#pragma once

#include <string>
#include <vector>

#include "foundation/base/time.hpp"
#include "foundation/pdf/pages.hpp"

/// Charts of a report: thin lines, a faint grid, no decoration. Numbers are positions on paper
/// here; what is written beside them comes as text.
namespace astro::exchange {

struct ChartPoint {
    TimestampNs time{};
    double value = 0;
};

struct ChartFrame {
    pdf::Point top_left, bottom_right;
};

/// A line over time; with a `floor` the area between the line and it is filled.
struct LineChart {
    std::vector<ChartPoint> points;
    std::uint32_t colour = 0;
    bool is_filled_from_zero = false;
    bool has_dates = true;  ///< below it
};
/// Nothing of fewer than two points.
void draw_line_chart(pdf::Pages& pages, const ChartFrame& frame, const LineChart& chart);

/// One bar each, up or down from zero.
struct BarChart {
    std::vector<double> values;
    std::string first, last;  ///< what the first and the last are called
};
void draw_bar_chart(pdf::Pages& pages, const ChartFrame& frame, const BarChart& chart);

}  // namespace astro::exchange

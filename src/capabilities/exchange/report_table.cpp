#include "capabilities/exchange/report_table.hpp"

#include "capabilities/exchange/refusal_text.hpp"
#include "capabilities/exchange/report_style.hpp"

namespace astro::exchange {
namespace {

using pdf::Align;
using pdf::Weight;

constexpr double kRow = 12, kNameWidth = 92;

/// So much of a text as fits.
std::string fitting(const pdf::Pages& pages, std::string text, double width,
                    const pdf::Style& style) {
    if (pages.width_of(text, style) <= width) return text;
    while (!text.empty() && pages.width_of(text + "…", style) > width) {
        // By whole characters.
        do text.pop_back();
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80);
    }
    return text + "…";
}

/// What stands before the point.
std::string whole_of(const std::string& number) {
    return number.substr(0, number.find_first_of(". "));
}

}  // namespace

std::string grouped_number(std::int64_t value, int decimals) {
    if (decimals >= 2) {
        std::string out = grouped_money(value, decimals);
        return out +
               std::string(
                   static_cast<std::size_t>(std::max<std::int64_t>(
                       0, decimals - static_cast<std::int64_t>(out.size() - out.find('.') - 1))),
                   '0');
    }
    const std::string cents = grouped_money(value, decimals);  // "1,250.00", "0.50"
    return cents.substr(0, cents.size() - (decimals == 0 ? 3 : 1));
}

std::string report_money(Quote value) {
    return grouped_money(value.value(), QuoteTag::kDecimals);
}

double table_height(const ReportTable& table) {
    return kRow * static_cast<double>(table.rows.size() + 1) + 4;
}

double draw_table(pdf::Pages& pages, pdf::Point top_left, double right, const ReportTable& table) {
    const auto columns = static_cast<double>(table.columns.size());
    const double step = (right - top_left.x - kNameWidth) / columns;
    const auto end_of = [&](std::size_t column) {
        return top_left.x + kNameWidth + step * static_cast<double>(column + 1);
    };
    double y = top_left.y + 9;
    const pdf::Style label{.size = 7, .colour = kMuted};
    pages.text({top_left.x, y}, table.name, label);
    for (std::size_t c = 0; c < table.columns.size(); ++c)
        pages.text({end_of(c), y}, table.columns[c],
                   {.size = 7, .colour = kMuted, .align = Align::right});
    // The widest fraction of a column says where its points stand.
    const pdf::Style plain{};
    std::vector<double> fractions(table.columns.size());
    for (const auto& row : table.rows)
        for (std::size_t c = 0; c < row.numbers.size(); ++c)
            fractions[c] = std::max(
                fractions[c],
                pages.width_of(row.numbers[c].substr(whole_of(row.numbers[c]).size()), plain));
    for (const auto& row : table.rows) {
        pages.line({top_left.x, y + 3}, {right, y + 3}, 0.3, kLine);
        y += kRow;
        pages.text({top_left.x, y}, fitting(pages, row.name, kNameWidth - 6, plain), plain);
        for (std::size_t c = 0; c < row.numbers.size(); ++c) {
            const bool is_last = c + 1 == row.numbers.size();
            const double x =
                end_of(c) - fractions[c] - pages.width_of(whole_of(row.numbers[c]), plain);
            pages.text({x, y}, row.numbers[c], {.colour = is_last ? row.last_colour : kText});
        }
    }
    return y + 4;
}

}  // namespace astro::exchange

#include "capabilities/market/bar_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace astro::market {
namespace {

constexpr std::array<std::string_view, 5> kTimeNames{"timestamp", "time", "start", "open_time",
                                                     "date"};
constexpr std::array<std::string_view, 5> kNumberNames{"open", "high", "low", "close", "volume"};
constexpr std::size_t kAbsent = SIZE_MAX;

std::vector<std::string_view> cells_of(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::vector<std::string_view> out;
    for (;;) {
        const auto comma = line.find(',');
        out.push_back(line.substr(0, comma));
        if (comma == line.npos) return out;
        line.remove_prefix(comma + 1);
    }
}

Unexpected bad_line(std::string what) {
    return refusal("bad_line", std::move(what));
}

template <class T>
bool read_number(std::string_view text, T& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

bool read_time(std::string_view text, std::int64_t& out_ms) {
    constexpr std::int64_t kSecondsMax = 100'000'000'000;  // the year 5138; 1973 in milliseconds
    if (read_number(text, out_ms)) {
        if (std::abs(out_ms) < kSecondsMax) out_ms *= 1'000;
        return true;
    }
    std::string whole(text);
    if (whole.size() == 10) whole += "T00:00:00Z";
    if (whole.size() == 19) whole += "Z";
    const auto time = parse_iso8601(whole);
    if (time) out_ms = time->value() / 1'000'000;
    return time.has_value();
}

}  // namespace

Result<BarReader::Columns> BarReader::read_header(std::string_view line) {
    const auto cells = cells_of(line);
    const auto place = [&](std::string_view name) {
        const auto at = std::ranges::find(cells, name);
        return at == cells.end() ? kAbsent : static_cast<std::size_t>(at - cells.begin());
    };
    Columns out{.time = kAbsent};
    for (const auto name : kTimeNames)
        if (out.time == kAbsent) out.time = place(name);
    if (out.time == kAbsent) return bad_line("names no column timestamp");
    for (std::size_t i = 0; i < kNumberNames.size(); ++i) {
        out.numbers[i] = place(kNumberNames[i]);
        if (out.numbers[i] == kAbsent && kNumberNames[i] != "volume")
            return bad_line("names no column " + std::string(kNumberNames[i]));
    }
    return out;
}

Result<Bar> BarReader::read_bar(std::string_view line) const {
    const Columns& columns = *columns_;
    const auto cells = cells_of(line);
    Bar bar;
    if (columns.time >= cells.size() || !read_time(cells[columns.time], bar.start_ms))
        return bad_line("has no time");
    std::array<double, kNumberNames.size()> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (columns.numbers[i] == kAbsent) continue;
        if (columns.numbers[i] >= cells.size() ||
            !read_number(cells[columns.numbers[i]], values[i]) || !std::isfinite(values[i]) ||
            values[i] < 0)
            return bad_line(std::string(kNumberNames[i]) + " is no number from 0 on");
    }
    bar.open = values[0];
    bar.high = values[1];
    bar.low = values[2];
    bar.close = values[3];
    bar.volume = values[4];
    if (bar.high < std::max({bar.open, bar.low, bar.close}) ||
        bar.low > std::min(bar.open, bar.close))
        return bad_line("low and high do not hold open and close");
    return bar;
}

Result<void> BarReader::take(std::string_view line) {
    if (!columns_) {
        ASTRO_TRY(columns_, read_header(line));
        return {};
    }
    if (bars_.size() == kBarsMax) return bad_line("at most 10,000,000 bars");
    ASTRO_TRY(const Bar bar, read_bar(line));
    if (!bars_.empty() && bar.start_ms <= bars_.back().start_ms)
        return bad_line("is not later than the line before");
    bars_.push_back(bar);
    return {};
}

Result<std::vector<Bar>> read_bars(const std::string& file) {
    ASTRO_TRY(auto lines, TextLines::open(file));
    BarReader reader;
    for (;;) {
        ASTRO_TRY(const bool more, lines.next());
        if (!more && lines.number() > 1) return std::move(reader.bars());
        const auto taken = more ? reader.take(lines.text()) : Result<void>(bad_line("is empty"));
        if (!taken)
            return refusal("bad_line", taken.error().message, std::to_string(lines.number()));
    }
}

}  // namespace astro::market

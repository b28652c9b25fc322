#include <charconv>
#include <cmath>

#include "capabilities/market/bar_file.hpp"
#include "capabilities/market/candle_replay.hpp"
#include "capabilities/market/engine/indicators/indicator.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/market_arguments.hpp"

namespace astro::cli {
namespace {

void append_number(std::string& out, double value, std::string_view otherwise) {
    if (!std::isfinite(value)) {
        out += otherwise;
        return;
    }
    char text[32];
    out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

/// An object whose members are the indicators' texts.
std::string json_of(const market::Bar& bar, const std::vector<std::string>& names,
                    std::span<const double> values) {
    std::string out = R"({"start":)" + std::to_string(bar.start_ms);
    for (std::size_t i = 0; i < names.size(); ++i) {
        out += ",\"" + names[i] + "\":";
        append_number(out, values[i], "null");
    }
    return out + "}";
}

std::string csv_of(const market::Bar& bar, std::span<const double> values) {
    std::string out = std::to_string(bar.start_ms);
    for (const double value : {bar.open, bar.high, bar.low, bar.close, bar.volume}) {
        out += ',';
        append_number(out, value, "");
    }
    for (const double value : values) {
        out += ',';
        append_number(out, value, "");
    }
    return out;
}

/// Names hold commas, and so stand in quotes.
std::string csv_header(const std::vector<std::string>& names) {
    std::string out = "start,open,high,low,close,volume";
    for (const auto& name : names) out += ",\"" + name + "\"";
    return out;
}

Result<std::vector<market::IndicatorSpec>> specs_of(const std::string& text) {
    if (!text.empty()) return market::parse_indicators(text);
    std::vector<market::IndicatorSpec> all;
    for (const auto& kind : market::indicator_kinds()) {
        ASTRO_TRY(auto spec, market::parse_indicator(kind.name));
        all.push_back(std::move(spec));
    }
    return all;
}

}  // namespace

ExitCode run_indicators(const IndicatorsArguments& arguments) {
    const auto specs = specs_of(arguments.indicators);
    if (!specs) {
        complain(specs.error().message);
        return ExitCode::bad_input;
    }
    const auto bars = market::read_bars(arguments.file);
    if (!bars) return bad_file(arguments.file, bars.error());
    market::IndicatorSet set(*specs);
    Output out;
    if (!arguments.json) out.line(csv_header(set.names()));
    for (const auto& bar : *bars) {
        if (out.closed() || out.failed()) break;
        const auto values = set.next(bar);
        out.line(arguments.json ? json_of(bar, set.names(), values) : csv_of(bar, values));
    }
    return ended(out);
}

ExitCode run_candles(const CandlesArguments& arguments) {
    const auto interval = market::find_interval(arguments.interval);
    if (!interval) {
        complain("--interval: there is no interval '" + arguments.interval + "'");
        return ExitCode::bad_input;
    }
    std::vector<Recording> recordings;
    const auto opened = open_recordings(arguments.files, recordings);
    if (opened != ExitCode::ok) return opened;
    Output out;
    market::CandleReplay replay(
        *interval, [&](const market::RecordedCandle& candle) { out.line(to_json(candle)); });
    const auto code = play_recordings(recordings, out,
                                      [&](const market::RecordedLine& line) { replay.take(line); });
    replay.finish();
    const auto& report = replay.report();
    if (report.unreadable > 0)
        complain(std::to_string(report.unreadable) + " of " + std::to_string(report.lines) +
                 " messages could not be read");
    if (report.set_aside > 0)
        complain(std::to_string(report.set_aside) + " of " + std::to_string(report.trades) +
                 " trades were set aside");
    const auto written = ended(out);
    return code == ExitCode::ok ? written : code;
}

}  // namespace astro::cli

#include <memory>

#include "capabilities/market/defaults.hpp"
#include "capabilities/market/engine/candle.hpp"
#include "capabilities/market/engine/indicators/indicator.hpp"
#include "capabilities/market/replay.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/market_arguments.hpp"

namespace astro::cli {
namespace {

std::string name_of(const std::string& file) {
    return file == "-" ? "standard input" : file;
}

Result<std::vector<market::AssetRules>> rules_of(const PricesArguments& arguments) {
    std::vector<market::SourceRule> sources;
    for (const auto& text :
         arguments.sources.empty() ? market::default_source_rules() : arguments.sources) {
        ASTRO_TRY(auto rule, market::parse_source_rule(text));
        if (rule.source != "pools") sources.push_back(std::move(rule));
    }
    if (sources.size() > market::kSourcesMax)
        return refusal("bad_source", "at most 32 sources are taken");
    std::vector<market::AssetRules> out;
    for (const auto& names : market::known_assets())
        if (arguments.asset.empty() || arguments.asset == names.asset)
            out.push_back(
                {.asset = names.asset, .sources = sources, .sources_min = arguments.sources_min});
    return out;
}

/// The one whose next line is the oldest; null when all have ended.
Recording* oldest(std::vector<Recording>& recordings) {
    Recording* out = nullptr;
    for (auto& recording : recordings)
        if (recording.next && (out == nullptr || recording.next->time < out->next->time))
            out = &recording;
    return out;
}

}  // namespace

ExitCode bad_file(const std::string& file, const Error& error) {
    complain(name_of(file) + ":" + (error.where.empty() ? "" : error.where + ":") + " " +
             error.message);
    return ExitCode::bad_input;
}

ExitCode open_recordings(const std::vector<std::string>& files, std::vector<Recording>& out) {
    for (const auto& file : files) {
        auto lines = market::RecordedLines::open(file);
        if (!lines) return bad_file(file, lines.error());
        out.push_back({file, std::move(*lines)});
        auto first = out.back().lines.next();
        if (!first) return bad_file(file, first.error());
        out.back().next = std::move(*first);
    }
    return ExitCode::ok;
}

ExitCode play_recordings(std::vector<Recording>& recordings, const Output& out,
                         const std::function<void(const market::RecordedLine&)>& take) {
    while (Recording* recording = oldest(recordings)) {
        if (out.closed() || out.failed()) break;
        take(*recording->next);
        auto next = recording->lines.next();
        if (!next) return bad_file(recording->file, next.error());
        recording->next = std::move(*next);
    }
    return ExitCode::ok;
}

ExitCode run_prices(const PricesArguments& arguments) {
    auto rules = rules_of(arguments);
    if (!rules) {
        complain(rules.error().text());
        return ExitCode::bad_input;
    }
    std::vector<Recording> recordings;
    const auto opened = open_recordings(arguments.files, recordings);
    if (opened != ExitCode::ok) return opened;
    Output out;
    market::PriceReplay replay(std::move(*rules), milliseconds(arguments.every_ms),
                               [&](const market::AssetPrice& price) { out.line(to_json(price)); });
    const auto code = play_recordings(recordings, out,
                                      [&](const market::RecordedLine& line) { replay.take(line); });
    if (code == ExitCode::ok) replay.finish();
    const auto& report = replay.report();
    if (code == ExitCode::ok && report.unreadable > 0)
        complain(std::to_string(report.unreadable) + " of " + std::to_string(report.lines) +
                 " messages could not be read");
    return ended(out, code);
}

namespace {

void add_prices(CLI::App& market, std::function<ExitCode()>& run) {
    auto* prices = market.add_subcommand(
        "prices",
        "Aggregate recorded messages of price sources; one JSON object a line, each with "
        "every source and why it counts or does not");
    prices->footer(
        "A line of a file is the nanoseconds since 1970 at which a message came, a space, and the "
        "message: a best bid and ask of Binance's streams, an answer of Pyth's Hermes or of "
        "CoinGecko. Files are merged by time.");
    auto arguments = std::make_shared<PricesArguments>();
    prices->add_option("FILE", arguments->files, "Plain or gzip; - is standard input")
        ->required()
        ->option_text("…");
    std::vector<std::string> assets;
    for (const auto& names : market::known_assets()) assets.push_back(names.asset);
    prices->add_option("--asset", arguments->asset, "Only this one")
        ->check(CLI::IsMember(assets))
        ->option_text("ASSET");
    prices->add_option("--every", arguments->every_ms, "Recorded time between prices, ms")
        ->check(CLI::Range(1, 86'400'000))
        ->option_text("MS [1000]");
    prices->add_option("--sources-min", arguments->sources_min, "Fewer sources do not suffice")
        ->check(CLI::Range(1, 8))
        ->option_text("N [2]");
    prices
        ->add_option("--source", arguments->sources,
                     "A rule as in the setting market.sources; may be repeated")
        ->option_text("RULE");
    prices->callback([&run, arguments] { run = [arguments] { return run_prices(*arguments); }; });
}

void add_candles(CLI::App& market, std::function<ExitCode()>& run) {
    auto* candles = market.add_subcommand(
        "candles",
        "Candles of recorded trades, one JSON object a line; what came twice, too late or makes no "
        "sense is set aside");
    candles->footer(
        "A line of a file is the nanoseconds since 1970 at which a message came, a space, and the "
        "message: a trade of Binance's streams; other messages are passed over. Files are merged "
        "by time.");
    auto arguments = std::make_shared<CandlesArguments>();
    candles->add_option("FILE", arguments->files, "Plain or gzip; - is standard input")
        ->required()
        ->option_text("…");
    std::vector<std::string> names;
    for (const auto& interval : market::kCandleIntervals) names.emplace_back(interval.name);
    candles->add_option("--interval", arguments->interval, "Length of a candle")
        ->check(CLI::IsMember(names))
        ->option_text("LENGTH [1m]");
    candles->callback([&run, arguments] { run = [arguments] { return run_candles(*arguments); }; });
}

std::string indicators_help() {
    std::string out = "Indicators:\n";
    for (const auto& kind : market::indicator_kinds()) {
        out += "  " + market::parse_indicator(kind.name)->text() + ": " +
               std::string(kind.summary) + "\n";
    }
    return out;
}

void add_indicators(CLI::App& market, std::function<ExitCode()>& run) {
    auto* indicators = market.add_subcommand(
        "indicators", "Indicators of the candles in a CSV file, by TA-Lib's conventions");
    indicators->footer(
        "The first line names the columns: timestamp, open, high, low, close, volume.\n" +
        indicators_help());
    auto arguments = std::make_shared<IndicatorsArguments>();
    indicators->add_option("FILE", arguments->file, "CSV, plain or gzip; - is standard input")
        ->required();
    indicators
        ->add_option("--indicators", arguments->indicators,
                     "Which ones: 'ema(20),macd(12,26,9)'; all when it is not said")
        ->option_text("LIST");
    indicators->add_flag("--json", arguments->json, "One JSON object a line, not CSV");
    indicators->callback(
        [&run, arguments] { run = [arguments] { return run_indicators(*arguments); }; });
}

}  // namespace

void add_market(CLI::App& app, std::function<ExitCode()>& run) {
    auto* market = app.add_subcommand("market", "Prices, candles and indicators");
    market->require_subcommand(1);
    add_prices(*market, run);
    add_candles(*market, run);
    add_indicators(*market, run);
}

}  // namespace astro::cli

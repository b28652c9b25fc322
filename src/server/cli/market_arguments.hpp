#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "capabilities/market/recorded_lines.hpp"
#include "server/cli/console.hpp"

namespace astro::cli {

/// `astrolabe market prices`.
struct PricesArguments {
    std::vector<std::string> files;
    std::string asset;  ///< empty: all
    std::int64_t every_ms = 1'000;
    std::int64_t sources_min = 2;
    std::vector<std::string> sources;  ///< rules; empty: the defaults
};
[[nodiscard]] ExitCode run_prices(const PricesArguments& arguments);

/// `astrolabe market candles`.
struct CandlesArguments {
    std::vector<std::string> files;
    std::string interval = "1m";
};
[[nodiscard]] ExitCode run_candles(const CandlesArguments& arguments);

/// `astrolabe market indicators`.
struct IndicatorsArguments {
    std::string file;
    std::string indicators;  ///< empty: all, with their standard parameters
    bool json = false;
};
[[nodiscard]] ExitCode run_indicators(const IndicatorsArguments& arguments);

/// A recording and the line that is next.
struct Recording {
    std::string file;
    market::RecordedLines lines;
    std::optional<market::RecordedLine> next{};
};
[[nodiscard]] ExitCode open_recordings(const std::vector<std::string>& files,
                                       std::vector<Recording>& out);
/// Gives their lines to `take` in the order of their time, while somebody reads `out`.
[[nodiscard]] ExitCode play_recordings(
    std::vector<Recording>& recordings, const Output& out,
    const std::function<void(const market::RecordedLine&)>& take);
/// "FILE:LINE: what is wrong"
ExitCode bad_file(const std::string& file, const Error& error);

/// Adds the group `market`.
void add_market(CLI::App& app, std::function<ExitCode()>& run);

}  // namespace astro::cli

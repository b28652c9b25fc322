#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "server/cli/identity_arguments.hpp"
#include "server/traders/programs.hpp"

namespace astro::cli {

/// `astrolabe exchange quote`.
struct QuoteArguments {
    traders::QuoteOptions options;
    std::string spread = "5bps", step, skew, tolerance;  ///< as "5bps"; empty: from the spread
    std::string size;                                    ///< decimal; empty: by value
    bool end_with_parent = false;
};
[[nodiscard]] ExitCode run_quote(const QuoteArguments& arguments);

/// `astrolabe exchange noise`.
struct NoiseArguments {
    traders::NoiseOptions options;
    std::string style = "random";
    bool end_with_parent = false;
};
[[nodiscard]] ExitCode run_noise(const NoiseArguments& arguments);

/// Adds both to the group `exchange`.
void add_traders(CLI::App& exchange, Run& run);

}  // namespace astro::cli

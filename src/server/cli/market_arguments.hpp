#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

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

/// Adds the group `market`.
void add_market(CLI::App& app, std::function<ExitCode()>& run);

}  // namespace astro::cli

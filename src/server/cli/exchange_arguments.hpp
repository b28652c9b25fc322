#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "server/cli/identity_arguments.hpp"

namespace astro::cli {

/// `astrolabe exchange match`.
struct MatchArguments {
    std::string file;
};
[[nodiscard]] ExitCode run_match(const MatchArguments& arguments);

/// `astrolabe exchange bench`.
struct BenchArguments {
    std::string workload;  ///< W1, W100 or a file; empty: both, and the whole engine
    bool json = false;
};
[[nodiscard]] ExitCode run_bench(const BenchArguments& arguments);

/// `astrolabe exchange simulate`.
struct SimulateArguments {
    std::string file;
    bool json = false;
};
[[nodiscard]] ExitCode run_simulate(const SimulateArguments& arguments);

void add_exchange(CLI::App& app, Run& run);

}  // namespace astro::cli

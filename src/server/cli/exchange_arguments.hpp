#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "foundation/base/result.hpp"
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

/// `astrolabe exchange replay`.
struct ReplayArguments {
    std::string path;  ///< a directory with a journal, or a scenario
    bool json = false;
};
[[nodiscard]] ExitCode run_replay(const ReplayArguments& arguments);

/// `astrolabe exchange verify`.
struct VerifyArguments {
    std::string directory;
    bool json = false;
};
[[nodiscard]] ExitCode run_verify(const VerifyArguments& arguments);

/// `astrolabe exchange prove`.
struct ProveArguments {
    std::uint32_t account = 0;
    std::string directory;
    std::uint64_t at = 0;  ///< a sequence number; 0: the newest checkpoint
};
[[nodiscard]] ExitCode run_prove(const ProveArguments& arguments);

/// `astrolabe exchange stress`.
struct StressArguments {
    std::string path;                 ///< a directory with a journal, or a scenario
    std::vector<std::string> shocks;  ///< "SOL-PERP=-30%"
    std::string all, crash, funding, volatility;
    std::string book = "empty";
    bool run = false, json = false;
};
[[nodiscard]] ExitCode run_stress(const StressArguments& arguments);

/// A server's data directory has the venue's in it.
[[nodiscard]] std::string venue_directory(const std::string& given);
/// `run_simulate()`, `run_replay()` and `run_stress()`: the text of a scenario.
[[nodiscard]] Result<std::string> read_scenario(const std::string& file);

void add_exchange(CLI::App& app, Run& run);
/// `astrolabe governance simulate`: scenarios of votes are scenarios of the venue.
void add_governance(CLI::App& app, Run& run);

}  // namespace astro::cli

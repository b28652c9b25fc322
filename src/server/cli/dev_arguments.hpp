#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "server/cli/console.hpp"

namespace astro::cli {

/// `astrolabe dev apply`: a scenario on a ledger of its own.
struct DevApplyArguments {
    std::string file = "-";
    bool json = false;
};
[[nodiscard]] ExitCode run_dev_apply(const DevApplyArguments& arguments);

/// Adds the group `dev`.
void add_dev(CLI::App& app, std::function<ExitCode()>& run);

}  // namespace astro::cli

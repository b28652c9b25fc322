#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "server/cli/commands.hpp"

namespace astro::cli {

/// Each command sets `run`, called once the arguments are known to be good.
using Run = std::function<ExitCode()>;

void add_identity(CLI::App& app, Run& run);
void add_backup(CLI::App& app, Run& run);

}  // namespace astro::cli

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/node/settings.hpp"

namespace astro::node {

/// `astrolabe serve`, as given on the command line; what is absent comes from file, environment or
/// default.
struct ServeArguments {
    std::optional<std::string> config, feed, directory, listen, data, websocket;
    std::vector<std::string> rpc;
    std::vector<std::string> set;  ///< "name=value" of any setting
};

/// Defaults, file, environment, command line: the settings in force.
[[nodiscard]] Result<Settings> gather_settings(const ServeArguments& arguments);

/// Runs until SIGINT or SIGTERM. 0 after an orderly end; 2 with one line on standard error when
/// something in the arguments, the configuration or the machine forbids to start.
int run_serve(const ServeArguments& arguments);

}  // namespace astro::node

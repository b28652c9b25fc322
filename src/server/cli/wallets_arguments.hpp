#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "server/cli/console.hpp"

namespace astro::cli {

/// How a command reaches the server whose user it is of.
struct WalletsServer {
    std::string url = "http://127.0.0.1:8080";
    std::string key_id;
    std::string key_file;
};

/// `astrolabe wallets …`: what is sealed is opened here, never at the server.
struct WalletsArguments {
    WalletsServer server;
    std::string password_file;  ///< its first line; empty: asked for
    std::string wallet, name, chain = "stellar", address;
    std::string new_password_file;
    bool archived = false;
    bool table = false;  ///< the list for people, else an object a line
};
[[nodiscard]] ExitCode run_wallets_create(const WalletsArguments& arguments);
[[nodiscard]] ExitCode run_wallets_watch(const WalletsArguments& arguments);
[[nodiscard]] ExitCode run_wallets_list(const WalletsArguments& arguments);
[[nodiscard]] ExitCode run_wallets_show(const WalletsArguments& arguments);
[[nodiscard]] ExitCode run_wallets_rename(const WalletsArguments& arguments);
[[nodiscard]] ExitCode run_wallets_password(const WalletsArguments& arguments);
[[nodiscard]] ExitCode run_wallets_export(const WalletsArguments& arguments);

/// Adds the group; `run` becomes what was chosen.
void add_wallets(CLI::App& app, std::function<ExitCode()>& run);

}  // namespace astro::cli

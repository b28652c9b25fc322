#include <CLI/CLI.hpp>
#include <csignal>
#include <functional>
#include <memory>

#include "server/cli/commands.hpp"
#include "server/cli/console.hpp"

namespace astro::cli {
namespace {

const std::string kInputHelp =
    "Block or transaction files as a node's getBlock and getTransaction give them (json, "
    "jsonParsed or base64; bare result, RPC response or subscription notification; one document, "
    "NDJSON or an array; plain or gzip). - is standard input.";

/// CLI11 would show the enumerators' numbers in its message.
const CLI::Validator format_named(
    [](std::string& text) -> std::string {
        if (text == "json")
            text = std::to_string(static_cast<int>(Format::json));
        else if (text == "table")
            text = std::to_string(static_cast<int>(Format::table));
        else
            return "it is json or table, not " + text;
        return {};
    },
    "json|table", "format");

/// JSON for programs, a table for people: what is not said follows from who reads.
void add_format(CLI::App& command, Format& format) {
    format = is_terminal(stdout) ? Format::table : Format::json;
    command
        .add_option("--format", format,
                    "json (one object a line) or table; without it a table on a terminal, else "
                    "json")
        ->transform(format_named)
        ->option_text("json|table");
}

void add_files(CLI::App& command, std::vector<std::string>& files) {
    command.add_option("FILE", files, kInputHelp)->required()->option_text("…");
}

/// Each command sets `run`, called once the arguments are known to be good.
using Run = std::function<ExitCode()>;

void add_solana(CLI::App& app, Run& run) {
    auto* solana = app.add_subcommand("solana", "What Solana blocks hold");
    solana->require_subcommand(1);
    auto* decode = solana->add_subcommand(
        "decode",
        "Print every swap in blocks or transactions, checked against the pools' balances");
    auto arguments = std::make_shared<DecodeArguments>();
    add_files(*decode, arguments->files);
    add_format(*decode, arguments->format);
    decode->callback([&run, arguments] { run = [arguments] { return run_decode(*arguments); }; });
}

void add_scan(CLI::App& mev, Run& run) {
    auto* scan = mev.add_subcommand(
        "scan", "Find arbitrage, sandwiches and liquidations, each with its evidence");
    scan->footer(
        "All files together are one chain: they are sorted by slot, in whatever order they come.");
    auto arguments = std::make_shared<ScanArguments>();
    add_files(*scan, arguments->files);
    add_format(*scan, arguments->format);
    scan->add_option("--kind", arguments->kinds, "Only these kinds, separated by commas")
        ->delimiter(',')
        ->check(CLI::IsMember({"arbitrage", "sandwich", "liquidation", "price_gap"}))
        ->option_text("KIND,…");
    scan->add_flag("--profitable", arguments->only_profitable,
                   "Only what gained after fee and tip");
    scan->add_flag("--gaps", arguments->gaps,
                   "Also what could be taken after each block (kind price_gap)");
    scan->add_flag("--brief", arguments->brief, "Table without the evidence below each row");
    scan->callback([&run, arguments] { run = [arguments] { return run_scan(*arguments); }; });
}

int run(int argc, char** argv) {
    CLI::App app("Astrolabe: trades, watches and automates Solana and Stellar", "astrolabe");
    app.set_version_flag("--version", "astrolabe " ASTRO_VERSION);
    app.require_subcommand(1);
    app.failure_message([](const CLI::App*, const CLI::Error& e) {
        return "astrolabe: " + std::string(e.what()) + " (astrolabe --help tells more)\n";
    });
    Run chosen;
    add_solana(app, chosen);
    auto* mev =
        app.add_subcommand("mev", "Maximal extractable value: find it, make it up, measure");
    mev->require_subcommand(1);
    add_scan(*mev, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? static_cast<int>(ExitCode::ok)
                                : static_cast<int>(ExitCode::bad_input);
    }
    return static_cast<int>(chosen());
}

}  // namespace
}  // namespace astro::cli

int main(int argc, char** argv) {
    // A reader that goes away shows as an error of the write, which ends the command quietly.
    std::signal(SIGPIPE, SIG_IGN);
    return astro::cli::run(argc, argv);
}

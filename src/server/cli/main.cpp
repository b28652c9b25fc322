#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>

#include "server/cli/commands.hpp"
#include "server/cli/console.hpp"
#include "server/cli/dev_arguments.hpp"
#include "server/cli/exchange_arguments.hpp"
#include "server/cli/identity_arguments.hpp"
#include "server/cli/market_arguments.hpp"
#include "server/cli/stellar_arguments.hpp"
#include "server/cli/wallets_arguments.hpp"
#include "server/node/serve.hpp"
#include "server/node/settings.hpp"

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

void add_cases(CLI::App& command, CaseArguments& cases) {
    command
        .add_option("--variants", cases.variants,
                    "Only these, separated by commas; sandwich: classic, multi_wallet, split_legs, "
                    "multi_victim, wide, wrapper, token_2022_fee; liquidation: save, kamino, "
                    "marginfi, drift")
        ->delimiter(',')
        ->option_text("NAME,…");
    command.add_option("--count", cases.count, "Real cases of each variant")
        ->check(CLI::Range(0, 100'000))
        ->option_text("N [10]");
    command.add_option("--lookalikes", cases.lookalikes, "Cases of each that only look like it")
        ->check(CLI::Range(0, 100'000))
        ->option_text("N [10]");
    command.add_option("--seed", cases.seed, "The same seed gives the same blocks")
        ->option_text("N [1]");
}

void add_inject(CLI::App& mev, Run& run) {
    auto* inject = mev.add_subcommand(
        "inject", "Write made-up sandwiches or liquidations of known truth into a real block");
    inject->footer(
        "Without --out the blocks go to standard output, one a line: astrolabe mev inject B.json "
        "--kind sandwich | astrolabe mev scan -");
    auto arguments = std::make_shared<InjectArguments>();
    inject->add_option("FILE", arguments->file, "A real block; - is standard input")
        ->required()
        ->option_text("");
    inject->add_option("--kind", arguments->kind, "sandwich or liquidation")
        ->check(CLI::IsMember({"sandwich", "liquidation"}))
        ->option_text("KIND [sandwich]");
    add_cases(*inject, arguments->cases);
    inject->add_option("--out", arguments->out, "Folder for block_<slot>.json and truth.ndjson")
        ->option_text("DIR");
    inject->add_option("--truth", arguments->truth, "File for what was put in, one case a line")
        ->option_text("FILE");
    inject->callback([&run, arguments] { run = [arguments] { return run_inject(*arguments); }; });
}

void add_evaluate(CLI::App& mev, Run& run) {
    auto* evaluate = mev.add_subcommand(
        "evaluate", "Precision and recall on made-up cases, with Wilson's 95 % intervals");
    evaluate->footer(
        "Without --truth the files are real blocks, and cases are put into each on the way. With "
        "--truth they are blocks that inject wrote.");
    auto arguments = std::make_shared<EvaluateArguments>();
    add_files(*evaluate, arguments->files);
    add_format(*evaluate, arguments->format);
    evaluate->add_option("--kind", arguments->kinds, "Only this kind")
        ->delimiter(',')
        ->check(CLI::IsMember({"sandwich", "liquidation"}))
        ->option_text("KIND");
    add_cases(*evaluate, arguments->cases);
    evaluate->add_option("--truth", arguments->truth, "What inject wrote beside the blocks")
        ->option_text("FILE");
    evaluate->add_flag("--mistakes", arguments->mistakes, "Also each miss and each false alarm");
    evaluate->callback(
        [&run, arguments] { run = [arguments] { return run_evaluate(*arguments); }; });
}

void add_serve(CLI::App& app, Run& run) {
    auto* serve = app.add_subcommand("serve", "Run the server: feed, detection, API and terminal");
    auto arguments = std::make_shared<node::ServeArguments>();
    serve
        ->add_option("--config", arguments->config, "TOML file of settings (docs/configuration.md)")
        ->option_text("FILE");
    serve->add_option("--feed", arguments->feed, "demo, replay or live")->option_text("MODE");
    serve->add_option("--dir", arguments->directory, "Folder of block files for replay")
        ->option_text("DIR");
    serve
        ->add_option("--rpc", arguments->rpc,
                     "JSON-RPC address of a node for live; may be repeated")
        ->option_text("URL");
    serve->add_option("--websocket", arguments->websocket, "WebSocket address of the node")
        ->option_text("URL");
    serve->add_option("--listen", arguments->listen, "Address and port; port 0 takes any free one")
        ->option_text("ADDRESS:PORT");
    serve->add_option("--data", arguments->data, "Data directory")->option_text("DIR");
    serve->add_option("--set", arguments->set, "Any setting as NAME=VALUE; may be repeated")
        ->option_text("NAME=VALUE");
    serve->callback([&run, arguments] {
        run = [arguments] { return static_cast<ExitCode>(node::run_serve(*arguments)); };
    });
}

void add_config(CLI::App& app, Run& run) {
    auto* config =
        app.add_subcommand("config", "Print every setting with its default, bounds and help");
    config->add_flag("--markdown")->description("As docs/configuration.md (the only form)");
    config->callback([&run] {
        run = [] {
            return std::fputs(node::configuration_markdown().c_str(), stdout) >= 0
                       ? ExitCode::ok
                       : ExitCode::bad_input;
        };
    });
}

/// CLI11 says only that a command is missing when it does not know the one that was given.
const char* unknown_command(const CLI::App& app, int argc, char** argv) {
    if (argc < 2 || argv[1][0] == '-') return nullptr;
    for (const auto* command : app.get_subcommands({}))
        if (command->get_name() == argv[1]) return nullptr;
    return argv[1];
}

int run(int argc, char** argv) {
    CLI::App app("Astrolabe: trades, watches and automates Solana and Stellar", "astrolabe");
    app.set_version_flag("--version", "astrolabe " ASTRO_VERSION);
    app.require_subcommand(1);
    app.failure_message([](const CLI::App*, const CLI::Error& e) {
        return "astrolabe: " + std::string(e.what()) + " (astrolabe --help tells more)\n";
    });
    Run chosen;
    add_serve(app, chosen);
    add_config(app, chosen);
    add_identity(app, chosen);
    add_backup(app, chosen);
    add_exchange(app, chosen);
    add_market(app, chosen);
    add_governance(app, chosen);
    add_solana(app, chosen);
    add_stellar(app, chosen);
    add_wallets(app, chosen);
    add_dev(app, chosen);
    auto* mev =
        app.add_subcommand("mev", "Maximal extractable value: find it, make it up, measure");
    mev->require_subcommand(1);
    add_scan(*mev, chosen);
    add_inject(*mev, chosen);
    add_evaluate(*mev, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (const char* name = unknown_command(app, argc, argv)) {
            complain("there is no command '" + std::string(name) +
                     "' (astrolabe --help lists them)");
            return static_cast<int>(ExitCode::bad_input);
        }
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

#include "server/cli/exchange_arguments.hpp"

#include <memory>

namespace astro::cli {
namespace {

void add_match(CLI::App& exchange, Run& run) {
    auto* match = exchange.add_subcommand(
        "match", "Match operations from a file on bare books; prints the trades as CSV");
    match->footer(
        "The file's columns are seq,type,symbol,side,order_id,price,qty with the types "
        "ADD, IOC and CANCEL, the sides B and S, prices in ticks and sizes in lots.");
    auto arguments = std::make_shared<MatchArguments>();
    match->add_option("OPS.csv", arguments->file, "Plain or gzip; - is standard input")
        ->required()
        ->option_text("");
    match->callback([&run, arguments] { run = [arguments] { return run_match(*arguments); }; });
}

void add_bench(CLI::App& exchange, Run& run) {
    auto* bench = exchange.add_subcommand(
        "bench", "Measure the bare book and the whole engine, in processor time");
    auto arguments = std::make_shared<BenchArguments>();
    bench
        ->add_option("--workload", arguments->workload,
                     "Only the bare book on W1, W100 or a file as match reads it")
        ->option_text("W1|W100|FILE.csv");
    bench->add_flag("--json", arguments->json, "One object a line");
    bench->callback([&run, arguments] { run = [arguments] { return run_bench(*arguments); }; });
}

void add_simulate(CLI::App& exchange, Run& run) {
    auto* simulate = exchange.add_subcommand(
        "simulate", "Run a scenario (docs/exchange.md) on a fresh venue and check what it expects");
    simulate->footer(
        "Exit code 1 when an expectation does not hold: standard error says which, "
        "what was expected and what came.");
    auto arguments = std::make_shared<SimulateArguments>();
    simulate->add_option("SCENARIO", arguments->file, "A scenario's text; - is standard input")
        ->required()
        ->option_text("");
    simulate->add_flag("--json", arguments->json, "Print each event, one object a line");
    simulate->callback(
        [&run, arguments] { run = [arguments] { return run_simulate(*arguments); }; });
}

}  // namespace

void add_exchange(CLI::App& app, Run& run) {
    auto* exchange =
        app.add_subcommand("exchange", "The venue's engine on files: match, measure, simulate");
    exchange->require_subcommand(1);
    add_match(*exchange, run);
    add_bench(*exchange, run);
    add_simulate(*exchange, run);
}

}  // namespace astro::cli

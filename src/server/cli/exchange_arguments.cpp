#include "server/cli/exchange_arguments.hpp"

#include <memory>

#include "server/cli/trader_arguments.hpp"

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

void add_replay(CLI::App& exchange, Run& run) {
    auto* replay = exchange.add_subcommand(
        "replay", "Print all events of a venue's journal, or of a scenario, in order");
    replay->footer(
        "The journal is read and nothing is changed; while a server writes it, it is refused. Each "
        "event stands with the sequence number of its command, or with its line.");
    auto arguments = std::make_shared<ReplayArguments>();
    replay->add_option("PATH", arguments->path, "A directory with a journal, or a scenario's text")
        ->required()
        ->option_text("");
    replay->add_flag("--json", arguments->json, "One object a line");
    replay->callback([&run, arguments] { run = [arguments] { return run_replay(*arguments); }; });
}

void add_verify(CLI::App& exchange, Run& run) {
    auto* verify = exchange.add_subcommand(
        "verify", "Replay a venue's journal and compare every state that was stored");
    verify->footer(
        "Exit code 0: all is as it was stored; 1: the first difference is on standard error; 2: "
        "something cannot be read, with its place.");
    auto arguments = std::make_shared<VerifyArguments>();
    verify->add_option("DIR", arguments->directory, "The venue's directory, or the data directory")
        ->required()
        ->option_text("");
    verify->add_flag("--json", arguments->json, "What was compared, as one object");
    verify->callback([&run, arguments] { run = [arguments] { return run_verify(*arguments); }; });
}

void add_prove(CLI::App& exchange, Run& run) {
    auto* prove = exchange.add_subcommand(
        "prove",
        "Prove that an account is in the venue's liabilities (docs/proof_of_liabilities.md)");
    prove->footer("Prints the proof as JSON; docs/verify_liabilities.py checks it.");
    auto arguments = std::make_shared<ProveArguments>();
    prove->add_option("ACCOUNT", arguments->account, "The account's number")
        ->required()
        ->option_text("");
    prove->add_option("--dir", arguments->directory, "The venue's directory, or the data directory")
        ->required()
        ->option_text("DIR");
    prove
        ->add_option("--at", arguments->at,
                     "Behind the command of this sequence number; else at the newest checkpoint")
        ->option_text("SEQUENCE");
    prove->callback([&run, arguments] { run = [arguments] { return run_prove(*arguments); }; });
}

void add_stress(CLI::App& exchange, Run& run) {
    auto* stress = exchange.add_subcommand(
        "stress", "Put a venue, as its journal or a scenario leaves it, under other prices");
    stress->footer(
        "Without --run accounts are judged at the other prices; with it the engine is told them, "
        "on a copy (docs/risk.md). Changes are percentages; --shock goes before --all and "
        "--crash.");
    auto arguments = std::make_shared<StressArguments>();
    stress->add_option("PATH", arguments->path, "A directory with a journal, or a scenario's text")
        ->required()
        ->option_text("");
    stress->add_option("--shock", arguments->shocks, "Of a market, or of an asset; repeatable")
        ->option_text("SYMBOL=-30%");
    stress->add_option("--all", arguments->all, "Of all prices")->option_text("-20%");
    stress->add_option("--crash", arguments->crash, "One that was recorded")
        ->option_text("2018-02-06");
    stress->add_option("--funding", arguments->funding, "One payment, of the index; longs pay")
        ->option_text("0.1%");
    stress->add_option("--volatility", arguments->volatility, "Margin ratios times this")
        ->option_text("2");
    stress->add_flag("--run", arguments->run, "Tell the engine the prices, and say what it does");
    stress->add_option("--book", arguments->book, "What --run finds quoted; empty")
        ->option_text("empty|kept")
        ->check(CLI::IsMember({"empty", "kept"}));
    stress->add_flag("--json", arguments->json, "As one object");
    stress->callback([&run, arguments] { run = [arguments] { return run_stress(*arguments); }; });
}

}  // namespace

void add_governance(CLI::App& app, Run& run) {
    auto* governance =
        app.add_subcommand("governance", "Stakes, proposals and votes on files: simulate");
    governance->require_subcommand(1);
    add_simulate(*governance, run);
}

void add_exchange(CLI::App& app, Run& run) {
    auto* exchange = app.add_subcommand(
        "exchange", "The venue on files: match, measure, simulate, replay, verify, prove, stress");
    exchange->require_subcommand(1);
    add_match(*exchange, run);
    add_bench(*exchange, run);
    add_simulate(*exchange, run);
    add_replay(*exchange, run);
    add_verify(*exchange, run);
    add_prove(*exchange, run);
    add_stress(*exchange, run);
    add_traders(*exchange, run);
}

}  // namespace astro::cli

#include <fstream>
#include <iostream>
#include <memory>

#include "capabilities/devnet/scenario.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/dev_arguments.hpp"

namespace astro::cli {
namespace {

std::string name_of(const std::string& file) {
    return file == "-" ? "standard input" : file;
}

/// A byte more than a scenario may have, so that one that is too long is seen to be.
Result<std::string> read_scenario(const std::string& file) {
    std::ifstream opened;
    if (file != "-") opened.open(file, std::ios::binary);
    std::istream& in = file == "-" ? std::cin : opened;
    if (!in) return refusal("bad_file", "cannot be read");
    std::string text(devnet::kScenarioBytesMax + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) return refusal("bad_file", "cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

}  // namespace

ExitCode run_dev_apply(const DevApplyArguments& arguments) {
    const auto text = read_scenario(arguments.file);
    if (!text) {
        complain(name_of(arguments.file) + ": " + text.error().text());
        return ExitCode::bad_input;
    }
    const auto report = devnet::run_scenario(*text);
    if (!report) {
        complain(name_of(arguments.file) + ": " + report.error().text());
        return ExitCode::bad_input;
    }
    for (const auto& fault : report->faults)
        complain(name_of(arguments.file) + ":" + std::to_string(fault.line) + ": " + fault.text +
                 ": expected " + fault.expected + ", got " + fault.got);
    Output out;
    if (arguments.json)
        out.line(to_json(*report));
    else
        out.line(std::to_string(report->transactions) + " transactions, " +
                 std::to_string(report->checks) + " checks, " +
                 std::to_string(report->faults.size()) + " failed; ledger " +
                 std::to_string(report->ledgers) + " is " + report->ledger_hash);
    const auto code = ended(out);
    return code == ExitCode::ok && !report->passes ? ExitCode::failed : code;
}

void add_dev(CLI::App& app, std::function<ExitCode()>& run) {
    auto* dev = app.add_subcommand("dev", "A Stellar network of one's own, for trying things");
    dev->require_subcommand(1);
    auto* apply = dev->add_subcommand(
        "apply", "Run transactions from a scenario on a new ledger and compare what comes of them");
    apply->footer("The language of scenarios is described in docs/devnet.md.");
    auto arguments = std::make_shared<DevApplyArguments>();
    apply->add_option("FILE", arguments->file, "A scenario; - is standard input")->option_text("");
    apply->add_flag("--json", arguments->json, "The report as JSON");
    apply->callback([&run, arguments] { run = [arguments] { return run_dev_apply(*arguments); }; });
}

}  // namespace astro::cli

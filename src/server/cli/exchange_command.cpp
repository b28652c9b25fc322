#include <fstream>
#include <iostream>

#include "capabilities/exchange/bench.hpp"
#include "capabilities/exchange/commands.hpp"
#include "capabilities/exchange/scenario.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/exchange_arguments.hpp"

namespace astro::cli {
namespace {

constexpr int kRounds = 3;
constexpr std::size_t kEngineSteps = 2'000'000;

std::string name_of(const std::string& file) {
    return file == "-" ? "standard input" : file;
}

/// "FILE:LINE: what is wrong"
ExitCode bad_file(const std::string& file, const Error& error) {
    complain(name_of(file) + ":" + (error.where.empty() ? "" : error.where + ":") + " " +
             error.message);
    return ExitCode::bad_input;
}

std::string millions(std::uint64_t rate) {
    const std::uint64_t tenths = rate / 100'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " M/s";
}

class Bench {
  public:
    explicit Bench(bool json) : json_(json) {}

    void book(const exchange::Workload& workload) {
        const auto rate = exchange::measure_book(workload, kRounds);
        wrong_ |= rate.totals == "different";
        row("bare book " + rate.workload, rate.operations, rate.operations_per_cpu_second,
            rate.trades, rate.totals, rate);
    }
    void engine() {
        const auto load = exchange::make_engine_load(kEngineSteps);
        const auto rate = exchange::measure_engine(load, kRounds);
        row("whole engine, " + std::to_string(rate.markets) + " markets, " +
                std::to_string(rate.accounts) + " accounts",
            rate.commands, rate.commands_per_cpu_second, rate.trades, "", rate);
    }
    ExitCode finish() {
        if (!json_) table_.print(out_);
        if (const auto code = ended(out_); code != ExitCode::ok) return code;
        if (!wrong_) return ExitCode::ok;
        complain("the totals differ from the published ones: the book does not match rightly");
        return ExitCode::failed;
    }

  private:
    void row(const std::string& what, std::uint64_t count, std::uint64_t rate, std::uint64_t trades,
             const std::string& totals, const auto& all) {
        if (json_)
            out_.line(to_json(all));
        else
            table_.add(
                {what, std::to_string(count), millions(rate), std::to_string(trades), totals});
        out_.flush();
    }

    bool json_, wrong_ = false;
    Output out_;
    Table table_{{"what", "operations", "rate, processor time", "trades", "totals"}};
};

}  // namespace

/// Not more than a scenario may have, and one byte, so that more is seen.
Result<std::string> read_scenario(const std::string& file) {
    std::ifstream from_disk;
    if (file != "-") from_disk.open(file, std::ios::binary);
    std::istream& in = file == "-" ? std::cin : from_disk;
    std::string text(exchange::kScenarioBytesMax + 1, '\0');
    if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (!in.eof() && in.fail()))
        return not_found("file_unreadable", "it cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

ExitCode run_match(const MatchArguments& arguments) {
    auto reader = exchange::OperationReader::open(arguments.file);
    if (!reader) return bad_file(arguments.file, reader.error());
    Output out;
    exchange::Matcher matcher;
    out.line(exchange::kTradesHeader);
    while (!out.closed() && !out.failed()) {
        const auto operation = reader->next();
        if (!operation) return bad_file(arguments.file, operation.error());
        if (!*operation) break;
        const auto done = matcher.apply(**operation, [&](const exchange::BookTrade& trade) {
            out.line(exchange::csv_line(trade));
        });
        if (!done) {
            Error error = done.error();
            error.where = std::to_string(reader->line());
            return bad_file(arguments.file, error);
        }
    }
    return ended(out);
}

ExitCode run_bench(const BenchArguments& arguments) {
    Bench bench(arguments.json);
    const auto& name = arguments.workload;
    if (name.empty() || name == "W1") bench.book(exchange::make_w1());
    if (name.empty() || name == "W100") bench.book(exchange::make_w100());
    if (name.empty()) bench.engine();
    if (!name.empty() && name != "W1" && name != "W100") {
        const auto workload = exchange::read_workload(name);
        if (!workload) return bad_file(name, workload.error());
        bench.book(*workload);
    }
    return bench.finish();
}

ExitCode run_simulate(const SimulateArguments& arguments) {
    const auto text = read_scenario(arguments.file);
    if (!text) return bad_file(arguments.file, text.error());
    const auto scenario = exchange::parse_scenario(*text);
    if (!scenario) return bad_file(arguments.file, scenario.error());
    Output out;
    exchange::ScenarioWatch watch;
    if (arguments.json)
        watch = [&](std::size_t line, exchange::TimeMs time, const exchange::Event& event) {
            out.line(exchange::event_json("line", line, time, event));
        };
    const auto report = exchange::run_scenario(*scenario, watch);
    for (const auto& fault : report.faults)
        complain(name_of(arguments.file) + ":" + std::to_string(fault.line) + ": " + fault.subject +
                 ": expected " + fault.expected + ", actual " + fault.actual);
    if (report.faults_more > 0)
        complain("and " + std::to_string(report.faults_more) + " more expectations do not hold");
    const std::size_t failed = report.faults.size() + report.faults_more;
    if (!arguments.json)
        out.line(std::to_string(report.commands) + " commands, " + std::to_string(report.events) +
                 " events, " + std::to_string(report.checks) + " expectations, " +
                 std::to_string(failed) + " failed");
    const auto code = ended(out);
    return code == ExitCode::ok && failed > 0 ? ExitCode::failed : code;
}

}  // namespace astro::cli

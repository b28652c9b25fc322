#include <filesystem>

#include "capabilities/exchange/history.hpp"
#include "capabilities/exchange/scenario.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/exchange_arguments.hpp"

/// `astrolabe exchange` on what a venue has left behind: its journal, checkpoints and snapshots.
namespace astro::cli {
namespace {

using journal::Sequence;

ExitCode unreadable(const Error& error) {
    complain(error.text());
    return ExitCode::bad_input;
}

/// Events as they come.
class Printer {
  public:
    Printer(std::string_view counted, bool json) : counted_(counted), json_(json) {}
    void print(std::uint64_t number, exchange::TimeMs time, const exchange::Event& event) {
        if (json_) {
            out_.line(exchange::event_json(counted_, number, time, event));
        } else {
            const std::string members = std::visit([](const auto& e) { return to_json(e); }, event);
            out_.line(std::to_string(number) + " " + std::to_string(time.value()) + " " +
                      exchange::event_name(event) + " " + members);
        }
    }
    Output& out() { return out_; }

  private:
    std::string_view counted_;
    bool json_;
    Output out_;
};

ExitCode replay_journal(const std::string& directory, bool json) {
    auto history = exchange::History::open(directory);
    if (!history) return unreadable(history.error());
    if (const auto from = history->from_snapshot())
        complain("the journal begins behind command " + std::to_string(from->value()) +
                 ", at a snapshot; what happened before is not printed");
    Printer printer("sequence", json);
    const auto done = history->replay([&](const exchange::Replayed& replayed) {
        for (const auto& event : replayed.events)
            printer.print(replayed.sequence.value(), replayed.time, event);
        return !printer.out().closed() && !printer.out().failed();
    });
    printer.out().flush();
    if (!done) return unreadable(done.error());
    return ended(printer.out());
}

ExitCode replay_scenario(const std::string& file, bool json) {
    const auto complain_of = [&](const Error& error) {
        complain(file + ":" + (error.where.empty() ? "" : error.where + ":") + " " + error.message);
        return ExitCode::bad_input;
    };
    const auto text = read_scenario(file);
    if (!text) return complain_of(text.error());
    const auto scenario = exchange::parse_scenario(*text);
    if (!scenario) return complain_of(scenario.error());
    Printer printer("line", json);
    (void)exchange::run_scenario(
        *scenario, [&](std::size_t line, exchange::TimeMs time, const exchange::Event& event) {
            printer.print(line, time, event);
        });
    return ended(printer.out());
}

void print_found(Output& out, const exchange::Verification& found) {
    const auto count = [](std::uint64_t number, std::string_view what) {
        return std::to_string(number) + " " + std::string(what) + (number == 1 ? "" : "s");
    };
    out.line("commands " + std::to_string(found.first.value()) + " to " +
             std::to_string(found.last.value()) + ": " + count(found.commands, "command") + ", " +
             count(found.events, "event"));
    out.line("compared: " + count(found.checkpoints, "checkpoint") + ", " +
             count(found.roots, "liabilities root") + ", " + count(found.snapshots, "snapshot"));
    if (!found.has_key && found.checkpoints > 0)
        out.line("liabilities roots are not compared: there is no liabilities.key");
    if (found.torn_bytes > 0)
        out.line("a torn end of " + std::to_string(found.torn_bytes) +
                 " bytes was never acknowledged and is left out");
    out.line("state hash " + found.state_hash);
}

}  // namespace

std::string venue_directory(const std::string& given) {
    std::error_code ignored;
    const std::string inside = given + "/venue";
    return std::filesystem::is_directory(inside, ignored) ? inside : given;
}

ExitCode run_replay(const ReplayArguments& arguments) {
    std::error_code ignored;
    if (std::filesystem::is_directory(arguments.path, ignored))
        return replay_journal(venue_directory(arguments.path), arguments.json);
    return replay_scenario(arguments.path, arguments.json);
}

ExitCode run_verify(const VerifyArguments& arguments) {
    const auto found = exchange::verify_history(venue_directory(arguments.directory));
    if (!found) return unreadable(found.error());
    Output out;
    if (arguments.json)
        out.line(to_json(*found));
    else
        print_found(out, *found);
    out.flush();
    if (!found->difference) return ended(out);
    const auto& difference = *found->difference;
    complain("sequence " + std::to_string(difference.sequence.value()) + ": " + difference.what +
             ": stored " + difference.stored + ", replayed " + difference.replayed);
    return ended(out, ExitCode::failed);
}

ExitCode run_prove(const ProveArguments& arguments) {
    std::optional<Sequence> at;
    if (arguments.at != 0) at = Sequence{arguments.at};
    const auto proof = exchange::prove_liability(venue_directory(arguments.directory),
                                                 exchange::AccountId{arguments.account}, at);
    if (!proof) return unreadable(proof.error());
    Output out;
    out.line(to_json(*proof));
    return ended(out);
}

}  // namespace astro::cli

#include <filesystem>

#include "capabilities/exchange/history.hpp"
#include "capabilities/exchange/risk_view.hpp"
#include "capabilities/exchange/scenario.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/exchange_arguments.hpp"

/// `astrolabe exchange stress`: a venue's journal or a scenario, and then other prices.
namespace astro::cli {
namespace {

using exchange::StressScenario;

/// "-30%" in parts per million. "bad_argument"
Result<std::int64_t> parse_percent(std::string_view text, const char* option) {
    std::int64_t out = 0;
    constexpr int kDecimals = 4;
    if (text.ends_with('%')) text.remove_suffix(1);
    if (text.starts_with('+')) text.remove_prefix(1);
    if (parse_decimal(text, kDecimals, out)) return out;
    return refusal("bad_argument", "is a percentage such as -30%, with at most four decimals",
                   option);
}

Result<StressScenario> to_scenario(const StressArguments& arguments) {
    StressScenario out;
    if (!arguments.all.empty()) {
        ASTRO_TRY(out.all_ppm, parse_percent(arguments.all, "--all"));
    }
    if (!arguments.crash.empty()) out.crash = arguments.crash;
    for (const auto& text : arguments.shocks) {
        const auto equals = text.find('=');
        if (equals == std::string::npos)
            return refusal("bad_argument", "is SYMBOL=CHANGE such as SOL-PERP=-30%", "--shock");
        if (!out.changes_ppm) out.changes_ppm.emplace();
        ASTRO_TRY((*out.changes_ppm)[text.substr(0, equals)],
                  parse_percent(std::string_view(text).substr(equals + 1), "--shock"));
    }
    if (!arguments.funding.empty()) {
        ASTRO_TRY(out.funding_ppm, parse_percent(arguments.funding, "--funding"));
    }
    if (!arguments.volatility.empty()) {
        out.volatility_ppm.emplace();
        if (!parse_decimal(arguments.volatility, 6, *out.volatility_ppm))
            return refusal("bad_argument", "is a factor such as 2 or 1.5", "--volatility");
    }
    return out;
}

/// Calls `look` with the venue that the path leads to.
Result<void> with_venue(const std::string& path,
                        const std::function<void(const exchange::Venue&)>& look) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        ASTRO_TRY(auto history, exchange::History::open(venue_directory(path)));
        ASTRO_CHECK(history.replay([](const exchange::Replayed&) { return true; }));
        look(history.venue());
        return {};
    }
    ASTRO_TRY(const auto text, read_scenario(path));
    ASTRO_TRY(const auto scenario, exchange::parse_scenario(text));
    (void)exchange::run_scenario(scenario, {}, look);
    return {};
}

std::string percent(std::int64_t ppm) {
    return (ppm > 0 ? "+" : "") + decimal_text(ppm, 4) + "%";
}

void print_standing(Output& out, const char* when, const exchange::VenueStanding& s) {
    out.line(std::string(when) + ": " + std::to_string(s.accounts) + " accounts, equity " +
             to_text(s.equity) + ", liquidated " + std::to_string(s.liquidated) + " (notional " +
             to_text(s.liquidated_notional) + "), bankrupt " + std::to_string(s.bankrupt) + " by " +
             to_text(s.bankrupt_amount) + ", insurance " + to_text(s.insurance) + ", missing " +
             to_text(s.insurance_missing));
}

void print_run(Output& out, const exchange::LiquidationRun& run) {
    out.line("engine: liquidated " + std::to_string(run.liquidated.size()) + ", on the book " +
             to_text(run.closed_on_book) + ", backstops " + to_text(run.taken_by_backstops) +
             ", deleveraged " + to_text(run.deleveraged) + ", fund " + to_text(run.fund_before) +
             " -> " + to_text(run.fund_after) + ", socialized " + to_text(run.socialized) +
             ", uncovered " + to_text(run.uncovered));
    for (const auto& market : run.guarded)
        out.line("the guard of the oracle lets nobody be liquidated in " + market +
                 " at a price so far from its average");
}

void print(Output& out, const exchange::VenueStress& stress) {
    Table markets({"market", "change", "index", "mark"});
    for (const auto& m : stress.markets)
        markets.add({m.market, percent(m.change_ppm), to_text(m.index), to_text(m.mark)});
    markets.print(out);
    print_standing(out, "before", stress.before);
    print_standing(out, "after", stress.after);
    if (!stress.after.worst.empty()) {
        Table accounts({"account", "equity", "collateral", "requirement"});
        for (const auto& a : stress.after.worst)
            accounts.add({std::to_string(a.account.value()), to_text(a.equity),
                          to_text(a.collateral), to_text(a.requirement)});
        accounts.print(out);
    }
    if (stress.run) print_run(out, *stress.run);
}

ExitCode refused(const std::string& path, const Error& error) {
    complain(path + ": " + error.text());
    return ExitCode::bad_input;
}

}  // namespace

ExitCode run_stress(const StressArguments& arguments) {
    exchange::VenueStressWish wish;
    auto scenario = to_scenario(arguments);
    if (!scenario) {
        complain(scenario.error().where + " " + scenario.error().message);
        return ExitCode::bad_input;
    }
    wish.scenario = std::move(*scenario);
    wish.run = arguments.run;
    if (arguments.book == "kept") wish.book = exchange::BookAssumption::kept;
    std::optional<Result<exchange::VenueStress>> stress;
    const auto read = with_venue(arguments.path, [&](const exchange::Venue& venue) {
        Bytes state;
        if (arguments.run) venue.save(state);
        stress = exchange::venue_stress(venue, state, wish);
    });
    if (!read) return refused(arguments.path, read.error());
    if (!*stress) return refused(arguments.path, stress->error());
    Output out;
    if (arguments.json)
        out.line(to_json(**stress));
    else
        print(out, **stress);
    return ended(out);
}

}  // namespace astro::cli

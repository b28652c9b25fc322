#include "capabilities/exchange/api_portfolio.hpp"

#include "capabilities/exchange/engine/account_risk.hpp"
#include "capabilities/exchange/portfolio.hpp"
#include "capabilities/exchange/report_pdf.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {
namespace {

using gateway::Call;
using gateway::Parameter;
using gateway::Route;

constexpr std::int64_t kDefaultDays = 30, kDayMs = 24 * 3'600'000;
constexpr std::int64_t kWeight = 10;

std::vector<Parameter> range_parameters() {
    return {account_parameter("Number of an account; the caller's first"),
            time_from_parameter("Not before; 30 days before the end"),
            time_to_parameter("Before; now")};
}

Result<Portfolio> asked(Desk& desk, const Call& call) {
    ASTRO_TRY(const AccountId account, own_account(desk, call, call.integer("account")));
    TimeMs to{to_time_ms(desk.clock.now()).value() + 1};
    if (const auto wish = call.time("time_to")) to = to_time_ms(*wish);
    TimeMs from{to.value() - kDefaultDays * kDayMs};
    if (const auto wish = call.time("time_from")) from = to_time_ms(*wish);
    if (const auto since = call.history_from()) from = std::max(from, to_time_ms(*since));
    if (from >= to) return refusal("bad_parameter", "needs to be before time_to", "time_from");
    return portfolio_of(desk.store, desk.directory, account, from, to);
}

Answered portfolio(Desk& desk, const Call& call) {
    ASTRO_TRY(const auto out, asked(desk, call));
    return net::json_response(to_json(out));
}

/// What the account stands to lose with what it holds now.
void add_risk(Desk& desk, PerformanceReport& report) {
    Account account;
    std::unique_ptr<ShockedVenue> prices;
    desk.service.read([&](const Venue& venue) {
        report.tail_time = to_timestamp(venue.now());
        account = venue.accounts()[report.portfolio.account.value()];
        prices = std::make_unique<ShockedVenue>(venue);
    });
    report.tail = tail_risk(*prices, {{report.portfolio.account, &account}});
}

net::Response file_of(const Portfolio& portfolio, std::string_view type, std::string_view ending,
                      std::string body) {
    net::Response response;
    response.headers.set("content-type", std::string(type));
    response.headers.set("content-disposition", "attachment; filename=\"astrolabe-account-" +
                                                    std::to_string(portfolio.account.value()) +
                                                    std::string(ending) + "\"");
    response.body = std::move(body);
    return response;
}

Answered report(Desk& desk, const Call& call) {
    ASTRO_TRY(auto out, asked(desk, call));
    if (call.text("format").value_or("csv") == "csv")
        return file_of(out, "text/csv; charset=utf-8; header=absent", ".csv", portfolio_csv(out));
    PerformanceReport document{.portfolio = std::move(out), .is_paper = desk.is_paper};
    add_risk(desk, document);
    ASTRO_TRY(auto body, report_pdf(document));
    return file_of(document.portfolio, "application/pdf", ".pdf", std::move(body));
}

}  // namespace

std::vector<Route> portfolio_routes(Desk& desk) {
    std::vector<Route> out;
    out.push_back(reading_route("/portfolio",
                                "An account's equity over time, drawdown, profit and loss by "
                                "market, day and strategy, fees, funding and exposure",
                                json_document<Portfolio>(), read_by(desk, portfolio)));
    out.back().parameters = range_parameters();
    out.back().weight = kWeight;
    out.back().history = true;
    out.push_back(
        reading_route("/portfolio/report",
                      "The same as a file: as CSV with all numbers and samples, or as PDF "
                      "to hand to somebody",
                      {}, read_by(desk, report)));
    out.back().parameters = range_parameters();
    out.back().parameters.push_back({.name = "format",
                                     .summary = "Of the file; csv",
                                     .choices = {"csv", "pdf"},
                                     .example = "csv"});
    out.back().answers = {{.summary = "The file: text/csv, or application/pdf when asked for",
                           .content_type = "text/csv"},
                          {.content_type = "application/pdf"}};
    out.back().weight = kWeight;
    out.back().history = true;
    return out;
}

}  // namespace astro::exchange

#include <algorithm>

#include "capabilities/mev/commands.hpp"
#include "server/cli/blocks.hpp"
#include "server/cli/commands.hpp"

namespace astro::cli {
namespace {

bool wanted(const ScanArguments& arguments, const mev::Finding& f) {
    if (arguments.only_profitable && !f.profitable) return false;
    const std::string kind(enum_name(f.kind));
    if (!arguments.kinds.empty())
        return std::ranges::find(arguments.kinds, kind) != arguments.kinds.end();
    return arguments.gaps || f.status != mev::FindingStatus::open;
}

}  // namespace

ExitCode run_scan(const ScanArguments& arguments) {
    Output out;
    Table table(mev::finding_columns());
    mev::ScanOptions options;
    options.detector.opportunities =
        arguments.gaps || std::ranges::find(arguments.kinds, "price_gap") != arguments.kinds.end();
    mev::Scan scan(options, [&](const mev::Finding& f) {
        if (!wanted(arguments, f)) return;
        if (arguments.format == Format::json)
            out.line(mev::finding_json(f));
        else
            table.add(mev::finding_cells(f),
                      arguments.brief ? std::vector<std::string>{} : mev::finding_details(f));
    });
    const auto report = read_blocks(arguments.files, [&](solana::BlockActivity block) {
        scan.add(std::move(block));
        return !out.closed() && !out.failed();
    });
    scan.finish();
    if (arguments.format == Format::table && report.blocks > 0) {
        if (table.empty())
            out.line("nothing found in " + std::to_string(report.blocks) + " block" +
                     (report.blocks == 1 ? "" : "s"));
        else
            table.print(out);
    }
    out.flush();
    if (out.failed()) {
        complain("cannot write the output");
        return ExitCode::failed;
    }
    return report.bad_input ? ExitCode::bad_input : ExitCode::ok;
}

}  // namespace astro::cli

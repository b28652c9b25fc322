#include "capabilities/mev/commands.hpp"
#include "chains/solana/commands.hpp"
#include "server/cli/blocks.hpp"
#include "server/cli/commands.hpp"

namespace astro::cli {

ExitCode run_decode(const DecodeArguments& arguments) {
    Output out;
    const auto report = read_blocks(arguments.files, [&](const solana::BlockActivity& block) {
        Table table(mev::swap_columns());
        for (const auto& tx : block.transactions)
            for (const auto& swap : tx.swaps) {
                if (arguments.format == Format::json)
                    out.line(solana::swap_json(swap));
                else
                    table.add(mev::swap_cells(swap, block.mints));
            }
        if (!table.empty()) table.print(out);
        return !out.closed() && !out.failed();
    });
    out.flush();
    if (out.failed()) {
        complain("cannot write the output");
        return ExitCode::failed;
    }
    return report.bad_input ? ExitCode::bad_input : ExitCode::ok;
}

}  // namespace astro::cli

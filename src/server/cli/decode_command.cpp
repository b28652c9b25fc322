#include "capabilities/mev/engine/wording.hpp"
#include "chains/solana/commands.hpp"
#include "server/cli/blocks.hpp"
#include "server/cli/commands.hpp"

namespace astro::cli {
namespace {

Table swap_table() {
    return Table({"slot", "tx", "ix", "protocol", "pool", "trader", "in", "out", "verified"});
}

void add_row(Table& table, const solana::Swap& s, const mev::Wording& say) {
    std::string ix = std::to_string(s.at.ix_index);
    if (s.at.inner_index >= 0) ix += "." + std::to_string(s.at.inner_index);
    table.add({std::to_string(s.at.slot.value()), std::to_string(s.at.tx_index), ix,
               std::string(enum_name(s.protocol)), mev::short_key(s.pool), mev::short_key(s.trader),
               say.amount(s.mint_in, s.amount_in), say.amount(s.mint_out, s.amount_out),
               s.verified ? "yes" : "no"});
}

}  // namespace

ExitCode run_decode(const DecodeArguments& arguments) {
    Output out;
    const auto report = read_blocks(arguments.files, [&](const solana::BlockActivity& block) {
        const mev::Wording say(block.mints);
        auto table = swap_table();
        for (const auto& tx : block.transactions)
            for (const auto& swap : tx.swaps) {
                if (arguments.format == Format::json)
                    out.line(solana::swap_json(swap));
                else
                    add_row(table, swap, say);
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

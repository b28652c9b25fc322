#include "chains/solana/stack_heights.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace astro::solana {
namespace {

struct Invocation {
    Pubkey program;
    std::uint8_t height = 0;
};

/// "Program <id> invoke [<height>]"; false for any other line.
bool parse_invocation(std::string_view line, Invocation& out) {
    constexpr std::string_view kBefore = "Program ", kBetween = " invoke [";
    if (!line.starts_with(kBefore) || !line.ends_with(']')) return false;
    line.remove_prefix(kBefore.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || !line.substr(space).starts_with(kBetween)) return false;
    const char* const last = line.data() + line.size() - 1;
    const auto end = std::from_chars(line.data() + space + kBetween.size(), last, out.height);
    return end.ec == std::errc{} && end.ptr == last && out.height > 0 &&
           decode_base58_fixed(line.substr(0, space), out.program.bytes);
}

/// Verified by the runtime itself, without entering a program and without a log line.
bool is_precompile(const Pubkey& program) {
    static const std::array kPrecompiles{
        pubkey_literal("Ed25519SigVerify111111111111111111111111111"),
        pubkey_literal("KeccakSecp256k11111111111111111111111111111"),
        pubkey_literal("Secp256r1SigVerify1111111111111111111111111")};
    return std::find(kPrecompiles.begin(), kPrecompiles.end(), program) != kPrecompiles.end();
}

}  // namespace

void fill_heights_from_logs(Transaction& tx) {
    const auto unknown = [](const Instruction& ix) { return ix.stack_height == 0; };
    if (tx.failed || std::none_of(tx.instructions.begin(), tx.instructions.end(), unknown)) return;
    std::vector<std::uint8_t> heights;
    heights.reserve(tx.instructions.size());
    const auto pass_precompiles = [&] {
        while (heights.size() < tx.instructions.size() &&
               is_precompile(tx.program_of(tx.instructions[heights.size()])))
            heights.push_back(1);
    };
    for (const std::string& line : tx.logs) {
        Invocation invocation;
        if (line == "Log truncated") return;
        if (!parse_invocation(line, invocation)) continue;
        pass_precompiles();
        if (heights.size() == tx.instructions.size()) return;
        const Instruction& ix = tx.instructions[heights.size()];
        const bool outer = ix.inner_index < 0;
        if (tx.program_of(ix) != invocation.program || outer != (invocation.height == 1)) return;
        heights.push_back(invocation.height);
    }
    pass_precompiles();
    if (heights.size() != tx.instructions.size()) return;
    for (std::size_t i = 0; i < heights.size(); ++i) tx.instructions[i].stack_height = heights[i];
}

}  // namespace astro::solana

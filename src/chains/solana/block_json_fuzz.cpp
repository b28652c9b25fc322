// Any bytes as a block or transaction: no crash, and what is accepted is consistent in itself, so
// that whoever reads it may index without looking.
#include <cstdint>
#include <string_view>

#include "chains/solana/block_json.hpp"

using namespace astro;
using namespace astro::solana;

namespace {

void check(const Transaction& tx) {
    ASTRO_ASSERT(!tx.keys.empty() && tx.static_key_count <= tx.keys.size());
    ASTRO_ASSERT(tx.signature_count > 0 && tx.signature_count <= tx.static_key_count);
    for (std::size_t i = 0; i < tx.instructions.size(); ++i) {
        const Instruction& ix = tx.instructions[i];
        ASTRO_ASSERT(ix.program_index < tx.keys.size());
        ASTRO_ASSERT(ix.accounts_begin + std::size_t{ix.accounts_count} <= tx.account_pool.size());
        ASTRO_ASSERT(std::size_t{ix.data_begin} + ix.data_size <= tx.data_pool.size());
        for (const std::uint16_t account : tx.accounts_of(ix))
            ASTRO_ASSERT(account < tx.keys.size());
        ASTRO_ASSERT((ix.inner_index < 0) == (ix.stack_height == 1));
    }
    for (const auto* balances : {&tx.pre_tokens, &tx.post_tokens})
        for (const TokenBalance& balance : *balances)
            ASTRO_ASSERT(balance.account_index < tx.keys.size());
    ASTRO_ASSERT(!tx.balances_consistent || tx.pre_lamports.size() == tx.keys.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static BlockParser parser;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto block = parser.parse_any(text);
    if (!block) return 0;
    for (const Transaction& tx : block->transactions) check(tx);
    // The same parser again, with warm buffers, says the same.
    const auto again = parser.parse_any(text);
    ASTRO_ASSERT(again && again->transactions.size() == block->transactions.size() &&
                 again->skipped.size() == block->skipped.size());
    return 0;
}

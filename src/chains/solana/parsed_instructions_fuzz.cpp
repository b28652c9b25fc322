// Any JSON as the `parsed` member of each program's instructions.
#include <cstdint>
#include <string_view>

#include "chains/solana/parsed_instructions.hpp"

using namespace astro;
using namespace astro::solana;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Pubkey programs[] = {
        pubkey_literal("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"),
        pubkey_literal("11111111111111111111111111111111"),
        pubkey_literal("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")};
    static JsonDocument document;
    static FieldReader fields;
    const auto root = document.load({reinterpret_cast<const char*>(data), size});
    if (!root) return 0;
    for (const Pubkey& program : programs) {
        RawInstruction raw;
        fields.clear();
        const Rebuild result = rebuild_instruction(program, *root, fields, raw);
        ASTRO_ASSERT((result == Rebuild::malformed) == !fields.fault().code.empty());
        ASTRO_ASSERT(result != Rebuild::done || !raw.accounts.empty());
    }
    return 0;
}

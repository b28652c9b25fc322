// Any bytes as a binary transaction, and as the base64 text of one.
#include <cstdint>
#include <string_view>

#include "chains/solana/wire.hpp"

using namespace astro;
using namespace astro::solana;

namespace {

void parse(ByteView bytes) {
    Transaction tx;
    if (!parse_wire_transaction(bytes, tx)) return;
    ASTRO_ASSERT(tx.signature_count > 0 && tx.signature_count <= tx.keys.size());
    ASTRO_ASSERT(tx.static_key_count == tx.keys.size());
    std::size_t accounts = 0, data = 0;
    for (const Instruction& ix : tx.instructions) {
        accounts += tx.accounts_of(ix).size();
        data += tx.data_of(ix).size();
    }
    ASTRO_ASSERT(accounts == tx.account_pool.size() && data == tx.data_pool.size());
    ASTRO_ASSERT(accounts + data < bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    parse(bytes);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto decoded = parse_base64(text)) parse(*decoded);
    if (const auto decoded = parse_base58(text)) ASTRO_ASSERT(to_base58(*decoded) == text);
    return 0;
}

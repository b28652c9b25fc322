// StrKeys from any text: what is accepted is written back as the same text.
#include "chains/stellar/muxed_account.hpp"
#include "foundation/base/assert.hpp"

using namespace astro::stellar;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto key = parse_strkey(text))
        ASTRO_ASSERT(to_strkey(key->kind, key->payload) == text);
    if (const auto account = parse_muxed_account(text)) ASTRO_ASSERT(to_text(*account) == text);
    return 0;
}

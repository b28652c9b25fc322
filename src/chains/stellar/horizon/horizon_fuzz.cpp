// Whatever a server answers is read or refused, and a refusal says why.
#include "chains/stellar/horizon/documents.hpp"
#include "foundation/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro::stellar;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto account = parse_account_document(text);
    ASTRO_ASSERT(account || !account.error().message.empty());
    if (account) ASTRO_ASSERT(account->balance >= 0);
    for (const bool refused : {!parse_root_document(text), !parse_ledger_page(text)})
        ASTRO_ASSERT(refused || !account);
    return 0;
}

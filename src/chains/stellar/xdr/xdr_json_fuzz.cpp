// XDR-JSON from any text, behind a line with the name of its type: what is read is XDR that is
// read, and is written as JSON that means the same.
#include "chains/stellar/xdr/types_by_name.hpp"
#include "foundation/base/assert.hpp"

using namespace astro::stellar::xdr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto line = text.find('\n');
    const auto type = find_type(text.substr(0, line));
    if (!type || line == std::string_view::npos) return 0;
    const auto bytes = xdr_of_json(**type, text.substr(line + 1));
    if (!bytes) return 0;
    const auto json = json_of_xdr(**type, *bytes);
    ASTRO_ASSERT(json);
    const auto again = xdr_of_json(**type, *json);
    ASTRO_ASSERT(again && *again == *bytes);
    return 0;
}

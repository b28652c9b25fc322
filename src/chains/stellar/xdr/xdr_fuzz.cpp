// XDR of any type from any bytes, the first two of which choose the type: what is read is written
// back as the same bytes, and through XDR-JSON too.
#include "chains/stellar/xdr/types_by_name.hpp"
#include "foundation/base/assert.hpp"

using namespace astro::stellar::xdr;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto names = type_names();
    if (size < 2) return 0;
    const auto& type =
        **find_type(names[static_cast<std::size_t>(data[0] << 8 | data[1]) % names.size()]);
    const astro::ByteView bytes(data + 2, size - 2);
    const auto back = rewritten_xdr(type, bytes);
    if (!back) return 0;
    ASTRO_ASSERT(std::equal(back->begin(), back->end(), bytes.begin(), bytes.end()));
    const auto json = json_of_xdr(type, bytes);
    if (!json) return 0;
    const auto again = xdr_of_json(type, *json);
    ASTRO_ASSERT(again && *again == *back);
    return 0;
}

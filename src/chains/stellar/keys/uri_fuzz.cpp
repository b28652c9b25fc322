// Any link is read or refused; what is read is written as a link that means the same.
#include "chains/stellar/keys/uri.hpp"
#include "foundation/base/assert.hpp"

using namespace astro::stellar;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto request = parse_uri({reinterpret_cast<const char*>(data), size});
    if (!request) return 0;
    const auto uri = to_uri(*request);
    const auto again = parse_uri(uri);
    // Percent-encoding may make a long one longer than is read.
    ASTRO_ASSERT(again ? to_uri(*again) == uri : uri.size() > size);
    return 0;
}

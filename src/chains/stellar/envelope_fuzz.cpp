// Transaction envelopes from any bytes: what is accepted is written back as the same bytes.
#include "chains/stellar/transaction.hpp"
#include "foundation/base/assert.hpp"

using namespace astro::stellar;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto envelope = parse_envelope({data, size});
    if (!envelope) return 0;
    const auto written = to_xdr(*envelope);
    ASTRO_ASSERT(written == astro::Bytes(data, data + size));
    (void)transaction_hash(envelope->transaction, kTestNetwork);
    return 0;
}

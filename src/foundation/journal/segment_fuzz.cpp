// A segment of any bytes: read up to the end of a whole group, or refused.
#include "foundation/base/assert.hpp"
#include "foundation/journal/format.hpp"

using namespace astro;
using namespace astro::journal;

namespace {

void check(ByteView bytes, bool is_last) {
    std::uint64_t count = 0;
    const Visit visit = [&](const Record& record) {
        ++count;
        ASTRO_ASSERT(record.sequence.value() == count);
        ASTRO_ASSERT(record.bytes.data() >= bytes.data() &&
                     record.bytes.data() + record.bytes.size() <= bytes.data() + bytes.size());
        return true;
    };
    const auto end = read_segment(bytes, {Sequence{1}, std::nullopt, is_last}, visit);
    if (!end) {
        ASTRO_ASSERT(end.error().code == "journal_damaged");
        return;
    }
    ASTRO_ASSERT(end->chain.next.value() == count + 1);
    ASTRO_ASSERT(end->used >= kSegmentHeaderSize && end->used + end->torn <= bytes.size());
    ASTRO_ASSERT(is_last || end->torn == 0);
    // What is kept reads the same again, as a segment that is not the last.
    count = 0;
    const auto kept = bytes.first(end->used);
    const auto again = read_segment(kept, {Sequence{1}, std::nullopt, false}, visit);
    ASTRO_ASSERT(again && again->chain.hash == end->chain.hash && again->used == end->used);
}

/// The same with checksums made right, so that what stands behind them is reached.
Bytes resealed(ByteView bytes) {
    Bytes out = make_segment_header(1, {});
    ChainEnd end;
    Bytes group;
    while (bytes.size() >= 2) {
        const std::size_t size = std::min<std::size_t>(bytes[0], bytes.size() - 1);
        const std::array<ByteView, 2> records{bytes.subspan(1, size), bytes.first(1)};
        end = make_group(1, end, TimestampNs{bytes[0]}, records, group);
        if (bytes[0] % 16 == 3) group[bytes[0] % group.size()] ^= 1;
        out.insert(out.end(), group.begin(), group.end());
        bytes = bytes.subspan(1 + size);
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    const auto sealed = resealed(bytes);
    for (const bool is_last : {false, true}) {
        check(bytes, is_last);
        check(sealed, is_last);
    }
    return 0;
}

// Records of a venue's journal of any bytes: an opening or a command in its one form, or a refusal.
#include "capabilities/exchange/venue_record.hpp"
#include "foundation/base/assert.hpp"

using namespace astro;
using namespace astro::exchange;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const journal::Record record{.sequence = journal::Sequence{7}, .bytes = {data, size}};
    if (const auto opening = parse_opening(record)) {
        ASTRO_ASSERT(std::ranges::equal(to_binary(*opening), record.bytes));
    } else {
        ASTRO_ASSERT(opening.error().code == "venue_foreign" ||
                     opening.error().code == "venue_version");
    }
    Submission submission;
    if (const auto parsed = parse_submission(record, submission)) {
        ASTRO_ASSERT(std::ranges::equal(to_binary(submission), record.bytes));
    } else {
        ASTRO_ASSERT(parsed.error().code == "venue_record");
        ASTRO_ASSERT(parsed.error().where.starts_with("sequence 7, byte "));
    }
    return 0;
}

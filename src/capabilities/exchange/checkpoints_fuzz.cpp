// A file of checkpoints of any bytes: whole lines in order, or the line that is wrong.
#include "capabilities/exchange/checkpoints.hpp"
#include "foundation/base/assert.hpp"

using namespace astro::exchange;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = parse_checkpoints(text);
    if (!read) {
        ASTRO_ASSERT(read.error().code == "checkpoints_damaged");
        ASTRO_ASSERT(read.error().where.starts_with("line "));
        return 0;
    }
    ASTRO_ASSERT(read->used + read->torn == size);
    for (std::size_t i = 1; i < read->checkpoints.size(); ++i)
        ASTRO_ASSERT(read->checkpoints[i - 1].sequence < read->checkpoints[i].sequence);
    // What is whole reads the same again, with nothing torn.
    const auto again = parse_checkpoints(text.substr(0, read->used));
    ASTRO_ASSERT(again && again->checkpoints == read->checkpoints && again->torn == 0);
    return 0;
}

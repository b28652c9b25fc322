#include <cstdint>

#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"
#include "server/gateway/live_filter.hpp"
#include "server/gateway/live_message.hpp"

namespace {

using namespace astro::gateway;

const std::vector<ChannelFilter> kFilters{
    {{.name = "kind", .choices = {"a", "b"}, .several = true}, Match::any_of, "kind"},
    {{.name = "min_x", .type = ParameterType::integer}, Match::at_least, "x"},
    {{.name = "pool"}, Match::any_of, "pool"},
};

}  // namespace

/// Whatever is accepted keeps the limits, and compiles to a filter or is refused with a text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)live_message_id(text);
    const auto message = parse_live_message(text);
    if (!message) {
        ASTRO_ASSERT(!message.error().message.empty());
        return 0;
    }
    ASTRO_ASSERT(message->filter.size() <= kLiveFilterMembersMax);
    ASTRO_ASSERT(!message->snapshot || *message->snapshot <= kLiveSnapshotMax);
    ASTRO_ASSERT(message->slot < kLiveAtCloseMax);
    if (message->call)
        ASTRO_ASSERT(message->call->path.size() <= kLivePathMax &&
                     message->call->path.starts_with("/api/") && !message->call->method.empty());
    const auto filter = LiveFilter::compile(kFilters, *message);
    if (filter) {
        const astro::Event event{"s", 1, {}, "s", "{}", {{"kind", "a"}, {"x", "5"}}};
        (void)filter->matches(event);
    }
    return 0;
}

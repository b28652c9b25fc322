#include "foundation/base/assert.hpp"
#include "foundation/net/event_stream.hpp"

/// The same bytes give the same events in whatever pieces they come.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace astro::net;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    constexpr std::size_t kBytesMax = 512;
    std::vector<ServerEvent> whole, pieces;
    EventStreamParser at_once(kBytesMax), one_by_one(kBytesMax);
    const bool good = at_once.feed(bytes, whole).has_value();
    bool good_too = true;
    for (const char& byte : bytes)
        good_too = one_by_one.feed(std::string_view(&byte, 1), pieces).has_value();
    ASTRO_ASSERT(good == good_too && whole.size() == pieces.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        ASTRO_ASSERT(whole[i].type == pieces[i].type && whole[i].data == pieces[i].data);
        ASTRO_ASSERT(whole[i].data.size() <= kBytesMax);
    }
    ASTRO_ASSERT(at_once.last_id() == one_by_one.last_id());
    return 0;
}

// WebSocket frames from any bytes: the same events whole and in pieces, texts within their limit.
#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/net/websocket_frame.hpp"

using namespace astro::net::websocket;

namespace {

constexpr std::size_t kMessageBytesMax = 300;

std::string read_all(Role role, std::string_view bytes, std::size_t piece) {
    FrameReader reader(role, kMessageBytesMax);
    std::string seen;
    bool ended = false;
    const auto on_event = [&](const Event& event) {
        ASTRO_ASSERT(!ended);
        ASTRO_ASSERT(event.payload.size() <= kMessageBytesMax);
        if (event.kind == Event::Kind::message) ASTRO_ASSERT(astro::is_utf8(event.payload));
        ended = event.kind == Event::Kind::close;
        seen += std::to_string(static_cast<int>(event.kind)) + std::string(event.payload) + "\n";
        return true;
    };
    for (std::size_t at = 0; at < bytes.size() && !ended; at += piece) {
        const auto wrong = reader.feed(bytes.substr(at, piece), on_event);
        if (wrong) return seen + "!" + std::to_string(wrong->code);
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const Role role : {Role::server, Role::client}) {
        const std::string whole = read_all(role, bytes, size + 1);
        ASTRO_ASSERT(read_all(role, bytes, 1) == whole);
        ASTRO_ASSERT(read_all(role, bytes, 7) == whole);
    }
    return 0;
}

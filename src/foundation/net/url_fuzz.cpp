// URLs, percent-encoding and request targets from any bytes.
#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/percent.hpp"
#include "foundation/net/jsonrpc_answer.hpp"
#include "foundation/net/message.hpp"

using namespace astro::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto decoded = percent_decode(text, false)) {
        ASTRO_ASSERT(astro::is_utf8(*decoded));
        ASTRO_ASSERT(percent_decode(astro::percent_encode(*decoded), true).value() == *decoded);
    }
    if (const auto url = parse_url(text)) {
        // What was accepted is accepted again in its canonical form, and means the same.
        const auto again = parse_url(url->scheme + "://" + url->authority() + url->target).value();
        ASTRO_ASSERT(again.host == url->host && again.port == url->port);
        ASTRO_ASSERT(again.target == url->target);
        (void)displayed_url(*url);
    }
    Request request;
    request.target = text;
    if (split_target(request)) ASTRO_ASSERT(!request.path.empty());
    (void)parse_retry_after(text, 0);
    return 0;
}

// Requests and responses from any bytes: the same outcome whole and in pieces, never over a limit.
#include "foundation/base/assert.hpp"
#include "foundation/net/http_parser.hpp"

using namespace astro::net;

namespace {

constexpr ParserLimits kLimits{.header_bytes = 512, .header_fields = 16, .body_bytes = 256};

/// A line for each message: "body" or "!status"; what is left over is not looked at.
template <class Parser>
std::string read_all(Parser& parser, std::string_view bytes, std::size_t piece) {
    std::string seen, kept;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        kept.append(bytes.substr(at, piece));
        for (std::size_t used = 1; used > 0 && !kept.empty();) {
            used = parser.feed(kept);
            ASTRO_ASSERT(used <= kept.size());
            kept.erase(0, used);
            if (parser.failure()) return seen + "!" + std::to_string(parser.failure()->status);
            if (!parser.done()) continue;
            const std::string body = parser.take().body;
            ASTRO_ASSERT(body.size() <= kLimits.body_bytes);
            seen += body + "\n";
            if constexpr (std::is_same_v<Parser, RequestParser>)
                parser.reset();
            else
                parser.reset(false);
        }
        ASTRO_ASSERT(kept.size() <= kLimits.header_bytes);
    }
    parser.feed_end();
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::string first;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{61}}) {
        RequestParser parser(kLimits);
        const std::string seen = read_all(parser, bytes, piece);
        if (piece == 1) first = seen;
        ASTRO_ASSERT(seen == first);
        if (parser.header_done() && !parser.done()) (void)parser.request();
    }
    ResponseParser response(kLimits);
    (void)read_all(response, bytes, 61);
    return 0;
}

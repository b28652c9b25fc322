#include "server/gateway/compress.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include "foundation/base/assert.hpp"

namespace astro::gateway {
namespace {

constexpr std::size_t kWorthIt = 1400;  // below that an answer is one packet anyway
constexpr int kGzipWindow = 15 + 16;    // zlib's way to say gzip
constexpr int kFast = 1;
constexpr int kFastBrotli = 3;

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_zero_quality(std::string_view parameters) {
    const auto q = parameters.find("q=");
    if (q == std::string_view::npos) return false;
    return trim(parameters.substr(q + 2)).find_first_not_of("0.") == std::string_view::npos;
}

bool is_text(std::string_view type) {
    for (const auto part : {"json", "text/", "javascript", "svg"})
        if (type.find(part) != std::string_view::npos) return true;
    return false;
}

}  // namespace

std::string gzip(std::string_view bytes, int level) {
    z_stream stream{};
    ASTRO_ASSERT(deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) ==
                 Z_OK);
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    ASTRO_ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string brotli(std::string_view bytes, int level) {
    std::string out(BrotliEncoderMaxCompressedSize(bytes.size()), '\0');
    std::size_t size = out.size();
    ASTRO_ASSERT(BrotliEncoderCompress(level, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(),
                                       reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                                       reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_TRUE);
    out.resize(size);
    return out;
}

bool accepts_coding(const net::Request& request, std::string_view coding) {
    auto header = request.headers.find("accept-encoding");
    if (!header) return false;
    std::string_view rest = *header;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto item = trim(rest.substr(0, comma));
        const auto semicolon = item.find(';');
        if (net::equals_ignoring_case(trim(item.substr(0, semicolon)), coding))
            return semicolon == std::string_view::npos || !is_zero_quality(item.substr(semicolon));
        if (comma == std::string_view::npos) return false;
        rest.remove_prefix(comma + 1);
    }
    return false;
}

void compress_response(const net::Request& request, net::Response& response) {
    const auto type = response.headers.find("content-type");
    if (!type || !is_text(*type) || response.headers.find("content-encoding")) return;
    response.headers.set("vary", "Accept-Encoding");
    if (response.text().size() < kWorthIt) return;
    const bool small = accepts_coding(request, "br");
    if (!small && !accepts_coding(request, "gzip")) return;
    response.body = small ? brotli(response.text(), kFastBrotli) : gzip(response.text(), kFast);
    response.shared_body.reset();
    response.headers.set("content-encoding", small ? "br" : "gzip");
}

}  // namespace astro::gateway

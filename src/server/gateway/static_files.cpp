#include "server/gateway/static_files.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/gateway/compress.hpp"
#include "server/gateway/etag.hpp"

namespace astro::gateway {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBytesMax = 64U << 20;
constexpr std::size_t kFilesMax = 2'000;
constexpr int kSmall = 9;  // of gzip and brotli; the highest of brotli would delay the start

struct Type {
    std::string_view extension, name;
};
constexpr std::array kTypes{
    Type{".html", "text/html; charset=utf-8"},
    Type{".js", "text/javascript; charset=utf-8"},
    Type{".css", "text/css; charset=utf-8"},
    Type{".json", "application/json"},
    Type{".map", "application/json"},
    Type{".svg", "image/svg+xml"},
    Type{".png", "image/png"},
    Type{".ico", "image/x-icon"},
    Type{".webp", "image/webp"},
    Type{".woff2", "font/woff2"},
    Type{".txt", "text/plain; charset=utf-8"},
    Type{".webmanifest", "application/manifest+json"},
    Type{".wasm", "application/wasm"},
};

std::string_view type_of(std::string_view path) {
    for (const auto& type : kTypes)
        if (path.ends_with(type.extension)) return type.name;
    return "application/octet-stream";
}

bool is_page(std::string_view path) {
    return path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos;
}

}  // namespace

StaticFiles::File StaticFiles::make_file(std::string path, std::string content) {
    File file;
    file.type = type_of(path);
    file.tag = tag_of(content);
    // The bundler puts a hash of the content into the names under assets/.
    file.cache = path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    if (auto small = gzip(content, kSmall); small.size() * 10 < content.size() * 9)
        file.gzip = std::make_shared<const std::string>(std::move(small));
    if (auto small = brotli(content, kSmall); small.size() * 10 < content.size() * 9)
        file.brotli = std::make_shared<const std::string>(std::move(small));
    file.plain = std::make_shared<const std::string>(std::move(content));
    return file;
}

Result<StaticFiles> StaticFiles::load(const std::string& directory) {
    StaticFiles out;
    std::error_code error;
    if (!fs::is_directory(directory, error)) return out;
    std::size_t bytes = 0;
    for (auto at = fs::recursive_directory_iterator(directory, error);
         !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        if (!at->is_regular_file(error) || error) continue;
        std::ifstream in(at->path(), std::ios::binary);
        if (!in) return unavailable("terminal_unreadable", "can't be read", at->path().string());
        std::string content{std::istreambuf_iterator<char>(in), {}};
        bytes += content.size();
        if (bytes > kBytesMax || out.files_.size() >= kFilesMax)
            return refusal("terminal_too_large",
                           "the terminal's folder holds more than 64 MiB or 2,000 files: is it the "
                           "right one?",
                           directory);
        const auto path = "/" + fs::relative(at->path(), directory, error).generic_string();
        out.files_.emplace(path, make_file(path, std::move(content)));
    }
    if (error) return unavailable("terminal_unreadable", error.message(), directory);
    return out;
}

const StaticFiles::File* StaticFiles::find(const net::Request& request) const {
    const auto exact = files_.find(request.path == "/" ? "/index.html" : request.path);
    if (exact != files_.end()) return &exact->second;
    if (!is_page(request.path)) return nullptr;
    const auto index = files_.find("/index.html");
    return index == files_.end() ? nullptr : &index->second;
}

net::Response StaticFiles::answer(const net::Request& request) const {
    if (request.method != "GET" && request.method != "HEAD") {
        auto response = net::problem_response(405, "method_not_allowed", "allowed are GET, HEAD",
                                              request.method, request.request_id);
        response.headers.set("allow", "GET, HEAD");
        return response;
    }
    const File* file = find(request);
    if (file == nullptr)
        return net::problem_response(404, empty() ? "terminal_not_built" : "no_such_file",
                                     empty() ? "the terminal is not built; the API is at /api/v1"
                                             : "there is nothing at this path",
                                     request.path, request.request_id);
    const bool br = file->brotli && accepts_coding(request, "br");
    const bool gz = !br && file->gzip && accepts_coding(request, "gzip");
    const auto tag = file->tag + (br ? "-br" : gz ? "-gz" : "");
    net::Response response;
    response.headers.set("etag", "\"" + tag + "\"");
    response.headers.set("cache-control", file->cache);
    if (file->gzip || file->brotli) response.headers.set("vary", "Accept-Encoding");
    if (has_already(request, tag)) {
        response.status = 304;
        return response;
    }
    response.headers.set("content-type", file->type);
    if (br || gz) response.headers.set("content-encoding", br ? "br" : "gzip");
    response.shared_body = br ? file->brotli : gz ? file->gzip : file->plain;
    return response;
}

std::string_view security_headers(bool secure, AnswerFor whom) {
    static const auto lines = [](bool over_tls, bool page) {
        std::string out = over_tls ? "strict-transport-security: max-age=31536000\r\n" : "";
        out += "x-content-type-options: nosniff\r\nx-frame-options: DENY\r\n";
        out += page ? "referrer-policy: no-referrer\r\ncross-origin-opener-policy: same-origin\r\n"
                      "content-security-policy: default-src 'none'; script-src 'self' "
                      "'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src "
                      "'self'; connect-src 'self'; "
                      "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "
                      "'none'\r\n"
                    : "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n";
        return out;
    };
    static const std::array<std::string, 4> texts{lines(false, false), lines(false, true),
                                                  lines(true, false), lines(true, true)};
    return texts[(secure ? 2U : 0U) + (whom == AnswerFor::page ? 1U : 0U)];
}

}  // namespace astro::gateway

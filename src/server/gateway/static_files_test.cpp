#include "server/gateway/static_files.hpp"

#include <brotli/decode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "server/gateway/compress.hpp"

namespace astro::gateway {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string unbrotli(std::string_view bytes) {
    std::string out(1U << 20, '\0');
    std::size_t size = out.size();
    EXPECT_EQ(
        BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                &size, reinterpret_cast<std::uint8_t*>(out.data())),
        BROTLI_DECODER_RESULT_SUCCESS);
    out.resize(size);
    return out;
}

std::string gunzip(std::string_view bytes) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    int status = Z_OK;
    while (status == Z_OK) {
        char part[4096];
        stream.next_out = reinterpret_cast<Bytef*>(part);
        stream.avail_out = sizeof part;
        status = inflate(&stream, Z_NO_FLUSH);
        out.append(part, sizeof part - stream.avail_out);
    }
    EXPECT_EQ(status, Z_STREAM_END);
    inflateEnd(&stream);
    return out;
}

net::Request request(std::string target, std::string encoding = {}, std::string known = {}) {
    net::Request out;
    out.target = std::move(target);
    EXPECT_TRUE(net::split_target(out));
    if (!encoding.empty()) out.headers.set("Accept-Encoding", std::move(encoding));
    if (!known.empty()) out.headers.set("If-None-Match", std::move(known));
    return out;
}

std::string header(const net::Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or(""));
}

class Files : public ::testing::Test {
  protected:
    Files() {
        std::string name = (fs::temp_directory_path() / "astrolabe-test-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        outside_ = name;
        folder_ = name + "/terminal";
        fs::create_directories(folder_ + "/assets");
        write("../secret.txt", "secret");
        write("index.html", kPage);
        write("assets/app-1a2b.js", script_);
        write("assets/tiny.css", "a{}");
        write("icon.png", "\x89PNG");
        write("strange.xyz", "?");
        write("robots.txt", "no");
    }
    ~Files() override { fs::remove_all(outside_); }
    void write(const std::string& name, const std::string& content) const {
        std::ofstream(folder_ + "/" + name, std::ios::binary) << content;
    }
    [[nodiscard]] StaticFiles load() const {
        auto files = StaticFiles::load(folder_);
        EXPECT_TRUE(files);
        return std::move(*files);
    }

    static constexpr const char* kPage = "<!doctype html><title>t</title>";
    const std::string script_ = std::string(5'000, 'x') + "();";
    std::string outside_, folder_;
};

TEST_F(Files, AreServedWithTypeTagAndCaching) {
    const auto files = load();
    const auto page = files.answer(request("/"));
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.text(), kPage);
    EXPECT_EQ(header(page, "content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(header(page, "cache-control"), "no-cache");
    const auto script = files.answer(request("/assets/app-1a2b.js?v=1"));
    EXPECT_EQ(script.text(), script_);
    EXPECT_EQ(header(script, "content-type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(header(script, "cache-control"), "public, max-age=31536000, immutable");
    for (const auto& [path, type] : {std::pair{"/assets/tiny.css", "text/css; charset=utf-8"},
                                     std::pair{"/icon.png", "image/png"},
                                     std::pair{"/robots.txt", "text/plain; charset=utf-8"},
                                     std::pair{"/strange.xyz", "application/octet-stream"}})
        EXPECT_EQ(header(files.answer(request(path)), "content-type"), type);
}

TEST_F(Files, PathsOfPagesAnswerTheTerminalOthersAreNotFound) {
    const auto files = load();
    for (const char* path : {"/mev", "/mev/live", "/wallets/abc/", "/a%20b"})
        EXPECT_EQ(files.answer(request(path)).text(), kPage) << path;
    for (const char* path : {"/nothing.js", "/assets/other.js", "/favicon.ico", "/.env"})
        EXPECT_EQ(files.answer(request(path)).status, 404) << path;
}

TEST_F(Files, NothingOutsideTheFolderCanBeNamed) {
    fs::create_symlink(outside_, folder_ + "/up");
    const auto files = load();
    for (const char* path : {"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt",
                             "/..%2fsecret.txt", "/up/secret.txt", "/./../secret.txt",
                             "//secret.txt", "/secret.txt%00", "/..\\secret.txt"}) {
        const auto response = files.answer(request(path));
        EXPECT_EQ(response.status, 404) << path;
        EXPECT_EQ(response.text().find("secret\n"), std::string::npos);
    }
}

TEST_F(Files, ATagThatIsKnownIsNotSentAgain) {
    const auto files = load();
    for (const std::string encoding : {"", "gzip", "br"}) {
        const auto first = files.answer(request("/assets/app-1a2b.js", encoding));
        const auto tag = header(first, "etag");
        ASSERT_GT(tag.size(), 2U);
        for (const auto& known : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
            const auto again = files.answer(request("/assets/app-1a2b.js", encoding, known));
            EXPECT_EQ(again.status, 304) << known;
            EXPECT_TRUE(again.text().empty());
            EXPECT_EQ(header(again, "etag"), tag);
        }
        EXPECT_EQ(files.answer(request("/assets/app-1a2b.js", encoding, "\"other\"")).status, 200);
    }
    // Plain and compressed bytes are different representations.
    EXPECT_NE(header(files.answer(request("/assets/app-1a2b.js")), "etag"),
              header(files.answer(request("/assets/app-1a2b.js", "gzip")), "etag"));
    // Other content, other tag.
    const auto before = header(files.answer(request("/")), "etag");
    write("index.html", "<!doctype html><title>u</title>");
    EXPECT_NE(header(load().answer(request("/")), "etag"), before);
}

TEST_F(Files, CompressedOnlyForThoseWhoTakeItAndWhereItHelps) {
    const auto files = load();
    const auto smallest = files.answer(request("/assets/app-1a2b.js", "gzip, br"));
    EXPECT_EQ(header(smallest, "content-encoding"), "br");
    EXPECT_EQ(unbrotli(smallest.text()), script_);
    const auto small = files.answer(request("/assets/app-1a2b.js", "br;q=0, gzip"));
    EXPECT_EQ(header(small, "content-encoding"), "gzip");
    EXPECT_EQ(header(small, "vary"), "Accept-Encoding");
    EXPECT_LT(small.text().size(), script_.size());
    EXPECT_EQ(gunzip(small.text()), script_);
    EXPECT_EQ(header(files.answer(request("/assets/app-1a2b.js")), "content-encoding"), "");
    EXPECT_EQ(header(files.answer(request("/assets/app-1a2b.js")), "vary"), "Accept-Encoding");
    EXPECT_EQ(header(files.answer(request("/assets/tiny.css", "gzip")), "content-encoding"), "");
}

TEST_F(Files, OnlyReadingMethods) {
    const auto files = load();
    auto post = request("/");
    post.method = "POST";
    const auto refused = files.answer(post);
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(header(refused, "allow"), "GET, HEAD");
    post.method = "HEAD";
    EXPECT_EQ(files.answer(post).status, 200);
}

TEST_F(Files, AFolderThatIsNotThereIsSaidPlainly) {
    const auto files = StaticFiles::load(folder_ + "/none");
    ASSERT_TRUE(files);
    EXPECT_TRUE(files->empty());
    const auto response = files->answer(request("/"));
    EXPECT_EQ(response.status, 404);
    EXPECT_NE(response.text().find("terminal_not_built"), std::string_view::npos);
}

TEST_F(Files, AFolderThatHoldsTooMuchIsRefused) {
    fs::resize_file(folder_ + "/strange.xyz", (64U << 20) + 1);
    const auto files = StaticFiles::load(folder_);
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().code, "terminal_too_large");
    EXPECT_EQ(files.error().where, folder_);
}

// ── compression ─────────────────────────────────────────────────────────────────────────────────

TEST(Compress, WhoTakesGzip) {
    const auto takes = [](std::string header) {
        return accepts_coding(request("/", std::move(header)), "gzip");
    };
    for (const char* yes : {"gzip", "GZIP", "br, gzip", "gzip;q=0.5", "gzip ; q=1", "br;q=0, gzip"})
        EXPECT_TRUE(takes(yes)) << yes;
    for (const char* no :
         {"br", "gzip;q=0", "gzip; q=0.0", "gzip;q=0.000", "gzipped", "x-gzip2", ","})
        EXPECT_FALSE(takes(no)) << no;
    EXPECT_FALSE(accepts_coding(request("/"), "gzip"));
}

RC_GTEST_PROP(Compress, IsUndoneByAnyReader, (const std::string& bytes, bool fast)) {
    RC_ASSERT(gunzip(gzip(bytes, fast ? 1 : 9)) == bytes);
}

RC_GTEST_PROP(Compress, BrotliIsUndoneByAnyReader, (const std::string& bytes, bool fast)) {
    RC_ASSERT(unbrotli(brotli(bytes, fast ? 3 : 9)) == bytes);
}

TEST(Compress, OnlyLongTextsForThoseWhoTakeThem) {
    const std::string text(5'000, 'a');
    const auto encoding = [&](net::Response response, const net::Request& r) {
        compress_response(r, response);
        return header(response, "content-encoding");
    };
    EXPECT_EQ(encoding(net::json_response(text), request("/", "gzip")), "gzip");
    EXPECT_EQ(encoding(net::json_response(text), request("/", "gzip, deflate, br")), "br");
    EXPECT_EQ(encoding(net::json_response(text), request("/")), "");
    EXPECT_EQ(encoding(net::json_response("{}"), request("/", "gzip")), "");
    auto picture = net::json_response(text);
    picture.headers.set("content-type", "image/png");
    EXPECT_EQ(encoding(picture, request("/", "gzip")), "");
    auto shared = net::json_response("");
    shared.shared_body = std::make_shared<const std::string>(text);
    compress_response(request("/", "gzip"), shared);
    EXPECT_EQ(gunzip(shared.text()), text);
}

TEST(SecurityHeaders, SayWhatAPageAndDataMayDo) {
    const auto page = security_headers(true, AnswerFor::page);
    EXPECT_THAT(page, HasSubstr("x-content-type-options: nosniff\r\n"));
    EXPECT_THAT(page, HasSubstr("x-frame-options: DENY\r\n"));
    EXPECT_THAT(page, HasSubstr("content-security-policy: default-src 'none'; script-src 'self'"));
    EXPECT_THAT(page, HasSubstr("frame-ancestors 'none'\r\n"));
    EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
    EXPECT_THAT(page, Not(HasSubstr("'unsafe-eval'")));
    EXPECT_THAT(page, HasSubstr("strict-transport-security: max-age=31536000\r\n"));
    const auto data = security_headers(false, AnswerFor::program);
    EXPECT_THAT(data, Not(HasSubstr("strict-transport-security"))) << "locks plain servers out";
    EXPECT_THAT(data, HasSubstr("content-security-policy: default-src 'none'; frame-ancestors "
                                "'none'\r\n"));
    EXPECT_THAT(data, HasSubstr("x-content-type-options: nosniff\r\n"));
}

}  // namespace
}  // namespace astro::gateway

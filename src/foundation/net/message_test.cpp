#include "foundation/net/message.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/base/encoding.hpp"
#include "foundation/base/percent.hpp"
#include "foundation/net/http_response.hpp"

namespace astro::net {
namespace {

TEST(Fields, NamesCompareWithoutCase) {
    Fields fields;
    fields.add("Accept", "a");
    fields.add("accept", "b");
    EXPECT_EQ(fields.find("ACCEPT"), "a");
    fields.set("aCCept", "c");
    EXPECT_EQ(fields.find("accept"), "c");
    EXPECT_EQ(fields.all().size(), 1U);
    EXPECT_EQ(fields.find("accep"), std::nullopt);
}

TEST(Url, SplitsItsParts) {
    const auto url = parse_url("WSS://node.example/ws?x=1#part").value();
    EXPECT_EQ(url.scheme, "wss");
    EXPECT_EQ(url.host, "node.example");
    EXPECT_EQ(url.port, "443");
    EXPECT_EQ(url.target, "/ws?x=1");
    EXPECT_TRUE(url.secure());
    EXPECT_EQ(url.authority(), "node.example");
    EXPECT_EQ(parse_url("http://h?x=1").value().target, "/?x=1");
    EXPECT_EQ(parse_url("http://h:8080").value().authority(), "h:8080");
    EXPECT_EQ(parse_url("http://[::1]:80/").value().host, "::1");
    EXPECT_EQ(parse_url("http://[::1]:81/").value().authority(), "[::1]:81");
    EXPECT_EQ(parse_url("http://u:p%40@h/").value().credentials, "u:p@");
}

TEST(Url, RefusalsNameThePart) {
    const auto where = [](std::string_view text) {
        const auto url = parse_url(text);
        return url ? "accepted" : url.error().where;
    };
    EXPECT_EQ(where("node.example"), "scheme");
    EXPECT_EQ(where("ftp://h"), "scheme");
    EXPECT_EQ(where("http://"), "host");
    EXPECT_EQ(where("http://:80"), "host");
    EXPECT_EQ(where("http://h h/"), "host");
    EXPECT_EQ(where("http://[::1/"), "host");
    EXPECT_EQ(where("http://[::1]x/"), "host");
    EXPECT_EQ(where("http://h:0/"), "port");
    EXPECT_EQ(where("http://h:65536/"), "port");
    EXPECT_EQ(where("http://h:8a/"), "port");
    EXPECT_EQ(where("http://h:/"), "port");
    EXPECT_EQ(where("http://h/a b"), "path");
    EXPECT_EQ(where("http://h/\xC3\xA4"), "path");
}

TEST(Percent, DecodesStrictly) {
    EXPECT_EQ(percent_decode("a%20b+c", false).value(), "a b+c");
    EXPECT_EQ(percent_decode("a%20b+c", true).value(), "a b c");
    EXPECT_EQ(percent_decode("%C3%A4", false).value(), "\xC3\xA4");
    EXPECT_EQ(percent_decode("ab%2", false).error().where, "character 2");
    EXPECT_EQ(percent_decode("%", false).error().code, "bad_escape");
    EXPECT_EQ(percent_decode("%G0", false).error().code, "bad_escape");
    EXPECT_EQ(percent_decode("%C3", false).error().code, "bad_utf8");
    EXPECT_EQ(percent_decode("%ED%A0%80", false).error().code, "bad_utf8") << "surrogate";
}

RC_GTEST_PROP(Percent, EncodingIsUndone, (const std::string& bytes)) {
    const std::string encoded = percent_encode(bytes);
    for (const char c : encoded) RC_ASSERT(c > 0x20 && c < 0x7f && c != '&' && c != '/');
    for (const bool plus : {false, true}) {
        const auto decoded = percent_decode(encoded, plus);
        RC_ASSERT(decoded.has_value() == is_utf8(bytes));
        if (decoded) RC_ASSERT(*decoded == bytes);
    }
}

Request target_of(std::string target, std::string method = "GET") {
    Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    return request;
}

TEST(Target, PathAndQueryAreDecodedInOrder) {
    Request request = target_of("/a%2Fb/c?x=1&y=%26&x=2&empty=&flag&&p=a+b");
    ASSERT_TRUE(split_target(request));
    EXPECT_EQ(request.path, "/a/b/c");
    const std::vector<std::pair<std::string, std::string>> expected{
        {"x", "1"}, {"y", "&"}, {"x", "2"}, {"empty", ""}, {"flag", ""}, {"p", "a b"}};
    EXPECT_EQ(request.query, expected);
    EXPECT_EQ(request.query_value("x"), "1");
    EXPECT_EQ(request.query_value("z"), std::nullopt);
}

TEST(Target, EveryFormOfTheRfc) {
    Request absolute = target_of("http://host:80/p?q=1");
    ASSERT_TRUE(split_target(absolute));
    EXPECT_EQ(absolute.path, "/p");
    EXPECT_EQ(absolute.query_value("q"), "1");
    Request bare = target_of("http://host");
    ASSERT_TRUE(split_target(bare));
    EXPECT_EQ(bare.path, "/");
    Request star = target_of("*", "OPTIONS");
    ASSERT_TRUE(split_target(star));
    Request star_get = target_of("*");
    EXPECT_EQ(split_target(star_get).error().code, "bad_target");
    Request authority = target_of("host:443", "CONNECT");
    EXPECT_EQ(split_target(authority).error().code, "bad_target");
}

TEST(Response, HeadIsWrittenOnceAndSafely) {
    Response response = json_response("{}");
    response.headers.add("x-a", "1\r\nx-b: 2");
    response.headers.add("bad name", "x");
    response.headers.add("Content-Length", "999");
    response.headers.add("Transfer-Encoding", "chunked");
    std::string out;
    append_response_head(out, response, {});
    EXPECT_EQ(out,
              "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-a: 1  x-b: 2\r\n"
              "content-length: 2\r\n\r\n");
    out.clear();
    append_response_head(out, {204, {}, "", nullptr}, {false, false, 11, "D"});
    EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\ndate: D\r\nconnection: close\r\n\r\n");
    out.clear();
    append_response_head(out, {799, {}, "", nullptr}, {false, true, 10, ""});
    EXPECT_EQ(out,
              "HTTP/1.1 799 Status 799\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n");
}

TEST(Response, ProblemIsThatOfTheDocumentation) {
    const Response problem = problem_response(400, "bad_cursor", "say \"please\"", "cursor", "id1");
    EXPECT_EQ(problem.body,
              R"({"type":"/docs/errors#bad_cursor","title":"Bad cursor","status":400,)"
              R"("code":"bad_cursor","detail":"say \"please\"","where":"cursor",)"
              R"("request_id":"id1"})");
    EXPECT_EQ(problem.headers.find("content-type"), "application/problem+json");
    EXPECT_EQ(problem_response(500, "internal", "x", "", "").body.find("where"), std::string::npos);
}

}  // namespace
}  // namespace astro::net

#include "server/gateway/cors.hpp"

#include <gtest/gtest.h>

namespace astro::gateway {
namespace {

net::Request request(const std::string& method, const std::string& origin) {
    net::Request out;
    out.method = method;
    out.headers.set("host", "trade.example:8443");
    if (!origin.empty()) out.headers.set("origin", origin);
    return out;
}
std::string header(const net::Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or(""));
}

const Cors kCors({"https://app.example", "http://127.0.0.1:5173"});

TEST(Cors, AdmitsOwnPagesThoseOfTheListAndPrograms) {
    for (const char* yes :
         {"", "https://trade.example:8443", "https://app.example", "http://127.0.0.1:5173"})
        EXPECT_TRUE(kCors.admits(request("POST", yes))) << yes;
    for (const char* no : {"null", "https://trade.example", "https://app.example.evil.example",
                           "http://app.example", "https://app.example:444", "https://app.example/"})
        EXPECT_FALSE(kCors.admits(request("POST", no))) << no;
}

TEST(Cors, PagesOfOthersChangeNothing) {
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        EXPECT_TRUE(kCors.is_foreign_change(request(method, "https://evil.example")));
        EXPECT_FALSE(kCors.is_foreign_change(request(method, "https://app.example")));
    }
    for (const char* method : {"GET", "HEAD", "OPTIONS"})
        EXPECT_FALSE(kCors.is_foreign_change(request(method, "https://evil.example")));
}

TEST(Cors, TheBrowserIsToldForAllowedPagesOnly) {
    net::Response allowed, foreign, plain;
    kCors.mark(request("GET", "https://app.example"), allowed);
    EXPECT_EQ(header(allowed, "access-control-allow-origin"), "https://app.example");
    EXPECT_EQ(header(allowed, "vary"), "Origin");
    EXPECT_EQ(header(allowed, "access-control-allow-credentials"), "");
    kCors.mark(request("GET", "https://evil.example"), foreign);
    EXPECT_EQ(header(foreign, "access-control-allow-origin"), "");
    EXPECT_EQ(header(foreign, "vary"), "Origin") << "caches keep the two apart";
    Cors({}).mark(request("GET", "https://app.example"), plain);
    EXPECT_TRUE(plain.headers.all().empty());
}

TEST(Cors, APreflightIsAnsweredForAllowedPagesOnly) {
    auto ask = request("OPTIONS", "https://app.example");
    EXPECT_FALSE(kCors.is_preflight(ask));
    ask.headers.set("access-control-request-method", "POST");
    ask.headers.set("access-control-request-headers", "authorization, content-type");
    EXPECT_TRUE(kCors.is_preflight(ask));
    const auto answer = Cors::preflight_answer(ask);
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(header(answer, "access-control-allow-headers"), "authorization, content-type");
    ask.headers.set("access-control-request-headers", "a\"b");
    EXPECT_EQ(header(Cors::preflight_answer(ask), "access-control-allow-headers"), "");
    ask.headers.set("origin", "https://evil.example");
    EXPECT_FALSE(kCors.is_preflight(ask));
}

TEST(Cors, AnOriginIsSchemeHostAndPort) {
    for (const char* good : {"https://a.example", "http://[::1]:80"})
        EXPECT_TRUE(check_origin(good));
    for (const char* bad : {"", "*", "a.example", "https://", "https://a.example/", "ftp://a",
                            "https://*.example", "https://u@a.example", "null"})
        EXPECT_FALSE(check_origin(bad)) << bad;
}

}  // namespace
}  // namespace astro::gateway

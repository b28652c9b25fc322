#include "server/gateway/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/gateway/problem.hpp"

namespace astro::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

Result<net::Response> answer_ok(const Call&) {
    return net::json_response("{}");
}

Route route(std::string path, std::vector<Parameter> parameters = {}, std::string method = "GET") {
    return {.method = std::move(method),
            .path = std::move(path),
            .summary = {},
            .parameters = std::move(parameters),
            .handler = answer_ok};
}

net::Request request(std::string target, std::string method = "GET") {
    net::Request out;
    out.method = std::move(method);
    out.target = std::move(target);
    out.request_id = "R1";
    EXPECT_TRUE(net::split_target(out));
    return out;
}

const Router& router() {
    static const Router kRouter({
        route("/api/things"),
        route("/api/things", {}, "POST"),
        route("/api/things/{id}", {{.name = "id"}}),
        route("/api/things/newest"),
        route("/api/things/{id}/parts/{part}",
              {{.name = "id", .length_max = 4},
               {.name = "part", .type = ParameterType::integer, .minimum = 0, .maximum = 9}}),
        route("/api/search",
              {{.name = "kind", .choices = {"a", "b"}, .several = true},
               {.name = "n", .type = ParameterType::integer, .minimum = 1, .maximum = 5},
               {.name = "x", .type = ParameterType::decimal},
               {.name = "yes", .type = ParameterType::boolean},
               {.name = "at", .type = ParameterType::time},
               {.name = "word", .length_max = 3},
               {.name = "even",
                .check = [](std::string_view text) -> Result<void> {
                    if (text.size() % 2 == 0) return {};
                    return refusal("bad_parameter", "needs an even length");
                }}}),
    });
    return kRouter;
}

std::string path_of(const Destination& destination) {
    return destination.route == nullptr ? "none" : destination.route->path;
}

TEST(Router, FindsByPathAndTakesItsParameters) {
    EXPECT_EQ(path_of(router().find(request("/api/things"))), "/api/things");
    const auto one = router().find(request("/api/things/a%20b"));
    EXPECT_EQ(path_of(one), "/api/things/{id}");
    EXPECT_THAT(one.path_params, ElementsAre(Pair("id", "a b")));
    const auto two = router().find(request("/api/things/abc/parts/7"));
    EXPECT_EQ(path_of(two), "/api/things/{id}/parts/{part}");
    EXPECT_THAT(two.path_params, ElementsAre(Pair("id", "abc"), Pair("part", "7")));
}

TEST(Router, ALiteralWinsOverAParameter) {
    EXPECT_EQ(path_of(router().find(request("/api/things/newest"))), "/api/things/newest");
}

TEST(Router, WhatNoRouteHasIsNotFound) {
    for (const char* path :
         {"/", "/api", "/api/", "/api/thing", "/api/things/", "/api/things/a/b",
          "/api/things//parts/1", "//api/things", "/API/things", "/api/things/a/parts/1/"}) {
        const auto found = router().find(request(path));
        EXPECT_EQ(found.route, nullptr) << path;
        EXPECT_EQ(found.refusal.status, 404) << path;
        EXPECT_EQ(found.refusal.headers.find("content-type").value_or(""),
                  "application/problem+json");
        EXPECT_THAT(found.refusal.body, HasSubstr(R"("code":"no_such_route")")) << path;
    }
    EXPECT_EQ(router().find(request("/nothing")).refusal.body,
              R"({"type":"/docs/errors#no_such_route","title":"No such route","status":404,)"
              R"("code":"no_such_route","detail":"there is nothing at this path",)"
              R"("where":"/nothing","request_id":"R1"})");
}

TEST(Router, AWrongMethodIsToldTheRightOnes) {
    for (const char* method : {"DELETE", "PUT", "get", "BREW"}) {
        const auto found = router().find(request("/api/things", method));
        EXPECT_EQ(found.route, nullptr);
        EXPECT_EQ(found.refusal.status, 405);
        EXPECT_EQ(found.refusal.headers.find("allow").value_or(""), "GET, HEAD, OPTIONS, POST");
        EXPECT_THAT(found.refusal.body, HasSubstr("method_not_allowed"));
    }
    EXPECT_EQ(
        router().find(request("/api/search", "POST")).refusal.headers.find("allow").value_or(""),
        "GET, HEAD, OPTIONS");
    EXPECT_EQ(router().find(request("/api/things", "POST")).route->method, "POST");
    EXPECT_EQ(router().find(request("/api/things", "HEAD")).route->method, "GET");
}

TEST(Router, OptionsTellsTheMethods) {
    const auto found = router().find(request("/api/things", "OPTIONS"));
    EXPECT_EQ(found.refusal.status, 204);
    EXPECT_EQ(found.refusal.headers.find("allow").value_or(""), "GET, HEAD, OPTIONS, POST");
    EXPECT_EQ(router().find(request("/nothing", "OPTIONS")).refusal.status, 404);
}

struct BadQuery {
    const char *query, *code, *where, *detail;
};

TEST(Router, ARefusalNamesTheParameterAndWhatWouldBeRight) {
    const std::vector<BadQuery> cases{
        {"n=x", "bad_parameter", "n", "needs an integer"},
        {"n=", "bad_parameter", "n", "needs an integer"},
        {"n", "bad_parameter", "n", "needs an integer"},
        {"n=1.0", "bad_parameter", "n", "needs an integer"},
        {"n=%2B1", "bad_parameter", "n", "needs an integer"},
        {"n=1%00", "bad_parameter", "n", "needs an integer"},
        {"n=99999999999999999999", "bad_parameter", "n", "needs an integer"},
        {"n=0", "bad_parameter", "n", "must lie in 1 … 5"},
        {"n=6", "bad_parameter", "n", "must lie in 1 … 5"},
        {"x=nan", "bad_parameter", "x", "needs a number"},
        {"x=-inf", "bad_parameter", "x", "needs a number"},
        {"x=0x10", "bad_parameter", "x", "needs a number"},
        {"x=1e999", "bad_parameter", "x", "needs a number"},
        {"yes=True", "bad_parameter", "yes", "needs true or false"},
        {"at=2026-02-30T00:00:00Z", "bad_parameter", "at", "2026-11-20T12:00:00Z"},
        {"word=", "bad_parameter", "word", "is empty"},
        {"word=abcd", "bad_parameter", "word", "is longer than 3 bytes"},
        {"word=%C3%A9%C3%A9", "bad_parameter", "word", "is longer than 3 bytes"},
        {"kind=c", "bad_parameter", "kind", "is one of a, b"},
        {"kind=a,c", "bad_parameter", "kind", "is one of a, b"},
        {"kind=a,", "bad_parameter", "kind", "is empty"},
        {"even=abc", "bad_parameter", "even", "needs an even length"},
        {"colour=red", "unknown_parameter", "colour", "known are: kind, n, x, yes, at, word, even"},
        {"n=1&n=1", "repeated_parameter", "n", "more than once"},
    };
    for (const auto& bad : cases) {
        const auto asked = request(std::string("/api/search?") + bad.query);
        const auto refusal = problem_for(*router().find(asked).bad_parameter, asked);
        EXPECT_EQ(refusal.status, 400) << bad.query;
        const auto& body = refusal.body;
        EXPECT_THAT(body, HasSubstr(std::string("\"code\":\"") + bad.code + "\"")) << bad.query;
        EXPECT_THAT(body, HasSubstr(std::string("\"where\":\"") + bad.where + "\"")) << bad.query;
        EXPECT_THAT(body, HasSubstr(bad.detail)) << bad.query;
    }
    const auto bad = [](const char* target) {
        return *router().find(request(target)).bad_parameter;
    };
    EXPECT_THAT(bad("/api/things?id=1").message, HasSubstr("known are: none"));
    EXPECT_EQ(bad("/api/things/a?id=1").code, "unknown_parameter");
    EXPECT_EQ(bad("/api/things/abcde/parts/1").where, "id");
    EXPECT_EQ(bad("/api/things/a/parts/10").where, "part");
}

TEST(Router, GoodValuesArriveTyped) {
    auto r = request(
        "/api/"
        "search?kind=a,b&n=5&x=-1.5e1&yes=true&at=2026-11-20T12:00:00.250Z&word=%C3%A9&even=ab");
    const auto found = router().find(r);
    ASSERT_NE(found.route, nullptr) << found.refusal.body;
    const Call call(r);
    EXPECT_THAT(split_list(*call.text("kind")), ElementsAre("a", "b"));
    EXPECT_EQ(call.integer("n"), 5);
    EXPECT_EQ(call.decimal("x"), -15.0);
    EXPECT_EQ(call.flag("yes"), true);
    EXPECT_EQ(to_iso8601(*call.time("at")), "2026-11-20T12:00:00.250Z");
    EXPECT_EQ(call.text("word"), "é");
    EXPECT_EQ(call.text("absent"), std::nullopt);
    EXPECT_EQ(call.integer("absent"), std::nullopt);
    EXPECT_EQ(call.decimal("absent"), std::nullopt);
    EXPECT_EQ(call.flag("absent"), std::nullopt);
    EXPECT_EQ(call.time("absent"), std::nullopt);
}

TEST(Problem, EachKindOfErrorHasItsStatus) {
    const auto r = request("/api/things");
    const auto status = [&](Error error) { return problem_for(error, r).status; };
    EXPECT_EQ(status({ErrorKind::refusal, "a", "b"}), 400);
    EXPECT_EQ(status({ErrorKind::not_found, "a", "b"}), 404);
    EXPECT_EQ(status({ErrorKind::unauthenticated, "a", "b"}), 401);
    EXPECT_EQ(status({ErrorKind::forbidden, "a", "b"}), 403);
    EXPECT_EQ(status({ErrorKind::conflict, "a", "b"}), 409);
    EXPECT_EQ(status({ErrorKind::limited, "a", "b"}), 429);
    EXPECT_EQ(status({ErrorKind::unavailable, "a", "b"}), 503);
    EXPECT_EQ(status({ErrorKind::unknown, "a", "b"}), 500);
}

TEST(Problem, WhatFailedInsideIsNotToldToStrangers) {
    const auto r = request("/api/things");
    const auto busy = problem_for(
        {ErrorKind::unavailable, "store_busy", "SELECT secret", "/var/lib/astrolabe.db"}, r);
    EXPECT_THAT(busy.body, Not(HasSubstr("secret")));
    EXPECT_THAT(busy.body, Not(HasSubstr("/var/lib")));
    EXPECT_THAT(busy.body, HasSubstr(R"("code":"store_busy")"));
    EXPECT_THAT(busy.body, HasSubstr(R"("request_id":"R1")"));
    EXPECT_EQ(busy.headers.find("retry-after").value_or(""), "1");
    const auto ours = problem_for({ErrorKind::refusal, "bad", "say \"this\"\n", "x"}, r);
    EXPECT_THAT(ours.body, HasSubstr(R"("detail":"say \"this\"\n","where":"x")"));
}

TEST(Problem, AHandlersErrorBecomesOne) {
    const Route failing{
        .path = "/", .summary = {}, .handler = [](const Call&) -> Result<net::Response> {
            return not_found("no_such_thing", "no thing of this name", "q");
        }};
    const auto response = call_route(failing, request("/"));
    EXPECT_EQ(response.status, 404);
    EXPECT_THAT(response.body, HasSubstr(R"("code":"no_such_thing")"));
}

}  // namespace
}  // namespace astro::gateway

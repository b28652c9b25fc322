#include "capabilities/identity/api_test_support.hpp"

/// Documents over HTTP: tags, conditions, links.
namespace astro::identity {
namespace {

struct ApiDocumentsTest : ApiTest {
    const std::string path = kPrefix + "/documents/{kind}/{name}";
    gateway::Caller ada = caller_of(make_user("ada@example.org"));

    static net::Request request(const std::string& body = {}) {
        net::Request out;
        out.path_params = {{"kind", "dashboard"}, {"name", "desk"}};
        out.body = body;
        return out;
    }
    static net::Request with(const std::string& header, const std::string& value,
                             const std::string& body = {}) {
        auto out = request(body);
        out.headers.set(header, value);
        return out;
    }
    static std::string tag_of(const net::Response& response) {
        return std::string(response.headers.find("etag").value_or("none"));
    }
};

TEST_F(ApiDocumentsTest, TheTagOfAnAnswerIsTheConditionOfTheNextChange) {
    const auto made = call("PUT", path, request(R"({"v":1})"), ada).value();
    EXPECT_EQ(made.status, 200);
    const auto read = call("GET", path, request(), ada).value();
    EXPECT_EQ(read.text(), R"({"v":1})");
    EXPECT_EQ(tag_of(read), tag_of(made));
    EXPECT_EQ(call("GET", path, with("if-none-match", tag_of(read)), ada)->status, 304);

    const auto next = call("PUT", path, with("if-match", tag_of(read), R"({"v":2})"), ada).value();
    EXPECT_NE(tag_of(next), tag_of(read));
    const auto late = call("PUT", path, with("if-match", tag_of(read), R"({"v":3})"), ada).value();
    EXPECT_EQ(late.status, 412);
    const auto problem = boost::json::parse(late.text()).as_object();
    EXPECT_EQ(problem.at("code").as_string(), "document_changed");
    EXPECT_EQ(call("DELETE", path, with("if-match", tag_of(read)), ada)->status, 412);
    EXPECT_EQ(call("PUT", path, with("if-none-match", "*", "{}"), ada)->status, 412);
    EXPECT_EQ(call("DELETE", path, with("if-match", tag_of(next)), ada)->status, 204);
    EXPECT_EQ(code(call("GET", path, request(), ada)), "document_unknown");
}

TEST_F(ApiDocumentsTest, AnybodyReadsByTheLinkAndNobodyWrites) {
    ASSERT_TRUE(call("PUT", path, request(R"({"v":1})"), ada));
    const auto shared = call("POST", path + "/share", request(), ada).value();
    net::Request by_link;
    by_link.path_params = {
        {"token", std::string(boost::json::parse(shared.text()).at("token").as_string())}};
    EXPECT_EQ(call("GET", kPrefix + "/shared/{token}", by_link)->text(), R"({"v":1})");
    EXPECT_EQ(call("DELETE", path + "/share", request(), ada)->status, 204);
    EXPECT_EQ(code(call("GET", kPrefix + "/shared/{token}", by_link)), "document_unknown");
    for (const auto& route : routes) {
        if (!route.path.starts_with(kPrefix + "/documents")) continue;
        EXPECT_EQ(route.permission, kSelfPermission) << route.path;
    }
}

}  // namespace
}  // namespace astro::identity

#include <gtest/gtest.h>

#include "capabilities/identity/api_test_support.hpp"
#include "capabilities/identity/oidc_test_support.hpp"

/// The routes of a sign-in at an OpenID provider.
namespace astro::identity {
namespace {

namespace bj = boost::json;

struct WithProvider {
    ProviderProcess provider{ServiceTest::settings().issuer + "/sign-in/provider"};
};
/// On the real clock: the provider has no other.
struct ProviderRoutes : WithProvider, ApiTest {
    ProviderRoutes()
        : ApiTest({{"example", provider.issuer, "astrolabe", "a secret with : and %"}}) {
        clock.advance(SystemClock().now() - clock.now());
    }
    struct Back {
        bj::object body;
        std::string cookie;
    };
    /// What the browser of `name` brings back, with the cookie it was given.
    Back walk(const std::string& name) {
        const auto begun =
            call("POST", kPrefix + "/login/provider", with_body({{"provider", "example"}})).value();
        const std::string url(bj::parse(begun.text()).at("url").as_string());
        const auto [state, answer] = provider.walk(url, name);
        return {{{"state", state}, {"code", answer}}, cookies_of(begun)};
    }
    Result<net::Response> finish(const Back& back, const std::string& path,
                                 const gateway::Caller& caller = {}) {
        auto request = with_body(back.body);
        if (!back.cookie.empty()) request.headers.set("cookie", back.cookie);
        return call("POST", kPrefix + path, request, caller);
    }
};

TEST_F(ProviderRoutes, TheBrowserThatBeganSignsIn) {
    const auto names = call("GET", kPrefix + "/providers", {}).value();
    EXPECT_EQ(names.text(), R"({"items":["example"]})");
    const auto begun =
        call("POST", kPrefix + "/login/provider", with_body({{"provider", "example"}})).value();
    const auto set = begun.headers.find("set-cookie").value();
    for (const char* part : {"__Host-", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Max-Age="})
        EXPECT_NE(set.find(part), set.npos) << set;
    EXPECT_EQ(code_of("/login/provider", {{"provider", "nobody"}}), "provider_unknown");

    const Back back = walk("ada");
    const auto done = finish(back, "/login/provider/finish");
    ASSERT_TRUE(done) << done.error().text();
    const UserId ada = user_of(bj::parse(done->text()).as_object());
    EXPECT_EQ(code(finish(back, "/login/provider/finish")), "token_invalid") << "once";
    const auto again = finish(walk("ada"), "/login/provider/finish").value();
    EXPECT_EQ(user_of(bj::parse(again.text()).as_object()), ada);
}

TEST_F(ProviderRoutes, AnAnswerOfAnotherBrowserIsRefused) {
    Back stolen = walk("mallory");
    const std::string own_cookie = walk("ada").cookie;
    const auto ada = caller_of(make_user("ada@example.org"));
    for (const std::string& cookie : {std::string(), own_cookie}) {
        const Back forged{stolen.body, cookie};
        EXPECT_EQ(code(finish(forged, "/login/provider/finish")), "state_foreign");
        EXPECT_EQ(code(finish(forged, "/providers/link", ada)), "state_foreign");
    }
    EXPECT_TRUE(finish(stolen, "/login/provider/finish")) << "a refused one used nothing up";
}

TEST_F(ProviderRoutes, ALinkedAccountIsSignedInTo) {
    const UserId ada = make_user("ada@example.org");
    const auto linked = finish(walk("ada-elsewhere"), "/providers/link", caller_of(ada));
    ASSERT_TRUE(linked) << linked.error().text();
    EXPECT_EQ(linked->status, 204);
    const auto done = finish(walk("ada-elsewhere"), "/login/provider/finish").value();
    EXPECT_EQ(user_of(bj::parse(done.text()).as_object()), ada);
    EXPECT_EQ(code(finish(walk("ada-elsewhere"), "/providers/link",
                          caller_of(make_user("bob@example.org")))),
              "link_taken");
}

}  // namespace
}  // namespace astro::identity

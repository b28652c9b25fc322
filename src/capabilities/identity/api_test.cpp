#include "capabilities/identity/api.hpp"

#include <gtest/gtest.h>

#include "capabilities/identity/api_test_support.hpp"

namespace astro::identity {
namespace {

namespace bj = boost::json;

TEST_F(ApiTest, EveryRouteNamesItsPermissionAndGuessingIsSlow) {
    for (const auto& route : routes) {
        const bool is_known = route.permission == gateway::kPublicPermission ||
                              route.permission == kSelfPermission ||
                              parse_permission(route.permission).has_value();
        EXPECT_TRUE(is_known) << route.path;
        // What is open to strangers and takes a body is where one guesses.
        const bool open_to_all =
            route.permission == gateway::kPublicPermission && route.method != "GET";
        const bool slow = route.limit_class == gateway::RouteClass::sign_in;
        EXPECT_TRUE(!open_to_all || slow || route.path == kPrefix + "/session/refresh")
            << route.path;
    }
}

TEST_F(ApiTest, APageSignsInByCookiesAndGoesOnByThem) {
    make_user("ada@example.org");
    net::Request login = with_body({{"email", "ada@example.org"}, {"password", kPassword}});
    login.query = {{"cookies", "true"}};
    const auto first = call("POST", "/auth/login", login).value();
    for (const auto& [name, value] : first.headers.all()) {
        if (name != "set-cookie") continue;
        EXPECT_NE(value.find("; Secure; SameSite=Strict"), value.npos) << value;
        EXPECT_EQ(value.ends_with("; HttpOnly"), value.find(kCsrfCookie) == value.npos) << value;
    }
    const auto body = bj::parse(first.text()).as_object();
    EXPECT_TRUE(body.at("tokens").is_null()) << "scripts of the page don't see them";
    net::Request next = with_body({});
    next.query = {{"cookies", "true"}};
    next.headers.set("cookie", cookies_of(first));
    EXPECT_EQ(code(call("POST", kPrefix + "/session/refresh", next)), "csrf_token");
    next.headers.set("x-csrf-token", std::string(body.at("csrf_token").as_string()));
    const auto second = call("POST", kPrefix + "/session/refresh", next);
    ASSERT_TRUE(second) << second.error().text();
    EXPECT_NE(cookies_of(*second), cookies_of(first));
    EXPECT_EQ(code(call("POST", kPrefix + "/session/refresh", next)), "refresh_reused");
}

TEST_F(ApiTest, ASolanaWalletSignsInByAMessage) {
    const auto key = crypto::Ed25519Key::from_seed(random.secret_key());
    const auto asked = call("POST", kPrefix + "/login/solana-challenge",
                            with_body({{"account", to_base58(key.public_key().view())}}));
    ASSERT_TRUE(asked) << asked.error().text();
    const std::string message(bj::parse(asked->text()).at("message").as_string());
    const auto answer = with_body(
        {{"message", message}, {"signature", to_base64url(key.sign(as_bytes(message)).view())}});
    const auto done = call("POST", kPrefix + "/login/solana", answer);
    ASSERT_TRUE(done) << done.error().text();
    const std::string token(bj::parse(done->text()).at("tokens").at("access_token").as_string());
    EXPECT_TRUE(service->sessions.authenticate(token));
    EXPECT_EQ(code(call("POST", kPrefix + "/login/solana", answer)), "token_invalid") << "replayed";
}

TEST_F(ApiTest, SqlAndHtmlAreTextsLikeOthers) {
    const UserId ada = make_user("ada@example.org");
    gateway::Caller caller;
    caller.user = to_text(ada);
    const std::string nasty = "'); DROP TABLE identity_users; --<script>alert(1)</script>";
    const auto made = call(
        "POST", kPrefix + "/keys",
        with_body({{"name", nasty}, {"kind", "bearer"}, {"scopes", bj::array{"read"}}}), caller);
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(made->status, 201);
    EXPECT_EQ(service->api_keys.list(ada)->at(0).name, nasty);
    EXPECT_EQ(count("identity_users"), 1);
    EXPECT_EQ(code(call("POST", kPrefix + "/login",
                        with_body({{"email", "' OR 1=1 --@x"}, {"password", nasty}}))),
              "bad_email");
    EXPECT_EQ(code(call("POST", kPrefix + "/erase", with_body({{"confirm", nasty}}), caller)),
              "not_confirmed");
    EXPECT_EQ(code(call("POST", kPrefix + "/keys", with_body({{"admin", true}}), caller)),
              "bad_body");
}

}  // namespace
}  // namespace astro::identity

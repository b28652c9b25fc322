#include "capabilities/identity/oidc_sign_in.hpp"

#include <gtest/gtest.h>

#include "capabilities/identity/oidc_test_support.hpp"
#include "capabilities/identity/service_test_support.hpp"

// Against a certified OpenID provider in a process of its own, over loopback.
namespace astro::identity {
namespace {

/// On the real clock: the provider has no other.
struct OidcTest : ServiceTest {
    OidcTest() {
        clock.advance(SystemClock().now() - clock.now());
        EXPECT_TRUE(OidcSignIn::check(providers()));
    }
    std::vector<oidc::Provider> providers() const {
        return {{"example", provider.issuer, "astrolabe", "a secret with : and %"},
                {"open", provider.issuer, "public", ""},
                {"wrong", provider.issuer, "astrolabe", "not the secret"}};
    }
    UserId user_of(const TokenPair& pair) {
        return sessions.authenticate(pair.access_token).value().user;
    }
    Result<TokenPair> sign_in_at(const std::string& name, const std::string& as) {
        const auto begun = oidc.begin(name).value();
        const auto [state, code] = provider.walk(begun.url, as);
        EXPECT_EQ(state, begun.state);
        return oidc.finish(state, code, kCaller);
    }

    ProviderProcess provider{settings().issuer + "/sign-in/provider"};
    NetFetcher fetcher;
    OidcSignIn oidc{*core, sessions, providers(), fetcher};
};

TEST_F(OidcTest, ASubjectHasOneAccount) {
    const auto ada = sign_in_at("example", "ada");
    ASSERT_TRUE(ada) << ada.error().text();
    EXPECT_EQ(last_audit(), "login ok");
    EXPECT_EQ(user_of(*sign_in_at("example", "ada")), user_of(*ada));
    EXPECT_NE(user_of(*sign_in_at("example", "bob")), user_of(*ada));
    EXPECT_NE(user_of(*sign_in_at("open", "ada")), user_of(*ada))
        << "a public client, and another provider's subjects are others";
    EXPECT_TRUE(audit.verify()->findings.empty());
}

TEST_F(OidcTest, AnAnswerCountsOnce) {
    const auto begun = oidc.begin("example").value();
    const auto [state, answer] = provider.walk(begun.url, "ada");
    EXPECT_EQ(code(oidc.finish(state + "x", answer, kCaller)), "token_invalid");
    EXPECT_EQ(code(oidc.finish(state, "", kCaller)), "oidc_code");
    EXPECT_EQ(code(oidc.finish(state, answer, kCaller)), "ok");
    EXPECT_EQ(code(oidc.finish(state, answer, kCaller)), "token_invalid");
    EXPECT_EQ(last_audit(), "login token_invalid");
}

TEST_F(OidcTest, ACodeOfAnotherSignInIsRefused) {
    const auto mine = oidc.begin("example").value();
    const auto theirs = oidc.begin("example").value();
    const auto [state, answer] = provider.walk(theirs.url, "mallory");
    EXPECT_EQ(code(oidc.finish(mine.state, answer, kCaller)), "oidc_refused")
        << "the verifier is another";
    EXPECT_EQ(code(sign_in_at("wrong", "ada")), "oidc_refused") << "the client's secret is wrong";
    clock.advance(seconds(301));
    EXPECT_EQ(code(oidc.finish(theirs.state, answer, kCaller)), "token_invalid") << "too late";
}

TEST_F(OidcTest, AProvidersNewKeysAreFetched) {
    ASSERT_TRUE(sign_in_at("example", "ada"));
    provider.rotate_keys();
    EXPECT_EQ(code(sign_in_at("example", "ada")), "token_key_unknown")
        << "keys were read a moment ago: not asked for again yet";
    clock.advance(seconds(31));
    EXPECT_EQ(code(sign_in_at("example", "ada")), "ok") << "and the algorithm is another";
}

TEST_F(OidcTest, ALinkedSubjectSignsInToTheAccount) {
    const UserId ada = make_user("ada@example.org");
    const auto begun = oidc.begin("example").value();
    const auto [state, answer] = provider.walk(begun.url, "ada-elsewhere");
    ASSERT_TRUE(oidc.link(ada, state, answer, kCaller));
    EXPECT_EQ(user_of(*sign_in_at("example", "ada-elsewhere")), ada);
    const auto again = oidc.begin("example").value();
    const auto [second, code_again] = provider.walk(again.url, "ada-elsewhere");
    EXPECT_EQ(code(oidc.link(make_user("bob@example.org"), second, code_again, kCaller)),
              "link_taken");
    ASSERT_TRUE(accounts.set_status("admin", ada, UserStatus::disabled));
    EXPECT_EQ(code(sign_in_at("example", "ada-elsewhere")), "user_inactive");
}

TEST_F(OidcTest, WhatIsNotThereIsSaid) {
    EXPECT_EQ(code(oidc.begin("nobody")), "provider_unknown");
    OidcSignIn astray(*core, sessions, {{"gone", "http://127.0.0.1:1", "a", ""}}, fetcher);
    EXPECT_EQ(code(astray.begin("gone")), "oidc_unreachable");
    auto twice = providers();
    twice.push_back(twice[0]);
    EXPECT_EQ(code(OidcSignIn::check(twice)), "bad_provider");
}

}  // namespace
}  // namespace astro::identity

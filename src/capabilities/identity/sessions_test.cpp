#include "capabilities/identity/sessions.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "capabilities/identity/service_test_support.hpp"

namespace astro::identity {
namespace {

using SessionsTest = ServiceTest;

TEST_F(SessionsTest, RefreshTokensRotateAndReuseEndsTheSession) {
    make_user("ada@example.org");
    const auto first = sign_in("ada@example.org");
    const auto second = sessions.refresh(first.refresh_token, kCaller).value();
    EXPECT_EQ(second.session, first.session);
    const auto third = sessions.refresh(second.refresh_token, kCaller).value();
    ASSERT_TRUE(sessions.authenticate(third.access_token));
    EXPECT_EQ(code(sessions.refresh(first.refresh_token, kCaller)), "refresh_reused");
    EXPECT_EQ(last_audit(), "session.refreshed refresh_reused");
    EXPECT_EQ(code(sessions.refresh(third.refresh_token, kCaller)), "refresh_invalid");
    EXPECT_EQ(code(sessions.authenticate(third.access_token)), "session_ended")
        << "remembered tokens are forgotten";
    EXPECT_EQ(code(sessions.refresh("nonsense", kCaller)), "refresh_invalid");
}

TEST_F(SessionsTest, OfManyAtOnceOneRefreshSucceeds) {
    make_user("ada@example.org");
    const auto pair = sign_in("ada@example.org");
    std::atomic<int> taken{0}, reused{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            (void)sessions.authenticate(pair.access_token);
            const auto next = sessions.refresh(pair.refresh_token, kCaller);
            if (next)
                ++taken;
            else if (next.error().code != "refresh_reused" || !reused.fetch_add(1))
                (void)sessions.authenticate(pair.access_token);
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(reused, 1) << "the second ends the session, the others find it ended";
    EXPECT_EQ(code(sessions.authenticate(pair.access_token)), "session_ended");
    EXPECT_TRUE(audit.verify()->findings.empty());
}

TEST_F(SessionsTest, OneUsersReuseDoesNotEndAnothersSession) {
    make_user("ada@example.org");
    make_user("bob@example.org");
    const auto ada = sign_in("ada@example.org");
    const auto bob = sign_in("bob@example.org");
    (void)sessions.refresh(ada.refresh_token, kCaller);
    (void)sessions.refresh(ada.refresh_token, kCaller);
    EXPECT_TRUE(sessions.authenticate(bob.access_token));
    EXPECT_TRUE(sessions.refresh(bob.refresh_token, kCaller));
}

TEST_F(SessionsTest, TokensAndSessionsEnd) {
    make_user("ada@example.org");
    auto pair = sign_in("ada@example.org");
    ASSERT_TRUE(sessions.authenticate(pair.access_token));
    clock.advance(seconds(600 + 30));
    EXPECT_EQ(code(sessions.authenticate(pair.access_token)), "token_expired");
    for (int day = 0; day < 89; ++day) {
        clock.advance(seconds(86'400));
        pair = sessions.refresh(pair.refresh_token, kCaller).value();
    }
    clock.advance(seconds(86'400));
    EXPECT_EQ(code(sessions.refresh(pair.refresh_token, kCaller)), "refresh_invalid")
        << "no session outlives its 90 days";
    const auto idle = sign_in("ada@example.org");
    clock.advance(seconds(14 * 86'400));
    EXPECT_EQ(code(sessions.refresh(idle.refresh_token, kCaller)), "refresh_invalid");
}

TEST_F(SessionsTest, AreListedAndRevokedByTheirOwnerOnly) {
    const auto ada = make_user("ada@example.org");
    const auto bob = make_user("bob@example.org");
    const auto first = sign_in("ada@example.org");
    clock.advance(seconds(1));
    const auto second = sign_in("ada@example.org");
    const auto listed = sessions.list(ada).value();
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_EQ(listed[0].id, second.session);
    EXPECT_EQ(listed[0].ip, kCaller.ip);
    EXPECT_EQ(listed[0].user_agent, kCaller.user_agent);
    EXPECT_EQ(listed[0].methods, "pwd");
    ASSERT_TRUE(sessions.authenticate(first.access_token));
    EXPECT_EQ(code(sessions.revoke(bob, first.session, kCaller)), "session_unknown");
    EXPECT_TRUE(sessions.authenticate(first.access_token));
    EXPECT_EQ(code(sessions.revoke(ada, first.session, kCaller)), "ok");
    EXPECT_EQ(code(sessions.authenticate(first.access_token)), "session_ended");
    EXPECT_TRUE(sessions.authenticate(second.access_token));
}

TEST_F(SessionsTest, TheOldestEndsWhenThereAreTooMany) {
    core->settings.sessions_max = 3;
    make_user("ada@example.org");
    std::vector<TokenPair> pairs;
    for (int i = 0; i < 4; ++i) {
        pairs.push_back(sign_in("ada@example.org"));
        clock.advance(seconds(1));
    }
    EXPECT_EQ(code(sessions.refresh(pairs[0].refresh_token, kCaller)), "refresh_invalid");
    EXPECT_EQ(code(sessions.refresh(pairs[1].refresh_token, kCaller)), "ok");
}

TEST_F(SessionsTest, SigningKeysRotateWithoutEndingSessions) {
    make_user("ada@example.org");
    const auto before = sign_in("ada@example.org");
    const auto old_kid = core->signer().kid;
    ASSERT_TRUE(core->rotate_signing_key());
    EXPECT_NE(core->signer().kid, old_kid);
    EXPECT_TRUE(sessions.authenticate(before.access_token));
    EXPECT_TRUE(sessions.authenticate(sign_in("ada@example.org").access_token));
    EXPECT_EQ(core->keys().size(), 2U);
    clock.advance(seconds(3600));
    core = open_core();
    EXPECT_EQ(core->keys().size(), 1U) << "a key goes when its last token has expired";
    EXPECT_EQ(count("identity_signing_keys WHERE sealed_seed IS NOT NULL"), 1);
}

TEST_F(SessionsTest, ATokenOfAnotherServerIsRefused) {
    make_user("ada@example.org");
    const auto pair = sign_in("ada@example.org");
    core->settings.issuer = "https://elsewhere.example";
    EXPECT_EQ(code(sessions.authenticate(pair.access_token)), "token_issuer");
    EXPECT_EQ(code(sessions.authenticate("")), "token_malformed");
}

TEST_F(SessionsTest, ChangedRolesCountAtOnce) {
    const auto user = make_user("ada@example.org");
    const auto pair = sign_in("ada@example.org");
    const Permission trade{"exchange", Action::trade};
    EXPECT_FALSE(sessions.authenticate(pair.access_token)->may(trade));
    ASSERT_TRUE(roles.define("admin", "desk", {"exchange.trade"}));
    ASSERT_TRUE(accounts.set_tier("admin", user, "pro"));
    ASSERT_TRUE(roles.assign("admin", user, {"desk"}));
    EXPECT_TRUE(sessions.authenticate(pair.access_token)->may(trade));
    EXPECT_EQ(sessions.authenticate(pair.access_token)->tier, "pro");
    ASSERT_TRUE(roles.define("admin", "desk", {"exchange.read"}));
    EXPECT_FALSE(sessions.authenticate(pair.access_token)->may(trade));
}

TEST_F(SessionsTest, MasterKeysRotateWhileEverythingStaysReadable) {
    const auto user = make_user("ada@example.org");
    const auto pair = sign_in("ada@example.org");
    const crypto::SecretKey next = random.secret_key();
    EXPECT_EQ(core->rotate_master_key(next).value(), 3) << "index key, signing key, user's key";
    EXPECT_TRUE(sessions.authenticate(pair.access_token));
    master = next;
    core = open_core();  // a server that knows the new key only
    EXPECT_EQ(core->open(core->user_key(user).value(), "identity_users.email",
                         database->query("SELECT email_sealed FROM identity_users").value()[0][0])
                  .value(),
              "ada@example.org");
    master = random.secret_key();
    const auto wrong = Core::open({*database, clock, random, mailer, hasher}, settings(),
                                  crypto::MasterKeys(master));
    EXPECT_EQ(code(wrong), "master_key_missing");
}

}  // namespace
}  // namespace astro::identity

#include "capabilities/identity/accounts.hpp"

#include <gtest/gtest.h>

#include "capabilities/identity/service_test_support.hpp"

namespace astro::identity {
namespace {

using AccountsTest = ServiceTest;

TEST_F(AccountsTest, RegisterVerifySignIn) {
    ASSERT_TRUE(accounts.register_user("Ada@Example.org", kPassword, kCaller));
    EXPECT_EQ(mailer.mails.back().to, "ada@example.org");
    EXPECT_EQ(code(accounts.login("ada@example.org", kPassword, kCaller)), "email_unverified");
    const auto user = accounts.verify_email(mailer.last_token(), kCaller).value();
    EXPECT_EQ(code(accounts.verify_email(mailer.last_token(), kCaller)), "token_invalid");
    const auto tokens = sign_in("ADA@example.org");
    const auto principal = sessions.authenticate(tokens.access_token).value();
    EXPECT_EQ(principal.user, user);
    EXPECT_TRUE(principal.may({"mev", Action::read}));
    EXPECT_FALSE(principal.may({"exchange", Action::trade}));
    EXPECT_EQ(accounts.get(user)->email, "ada@example.org");
    EXPECT_EQ(last_audit(), "login ok");
}

TEST_F(AccountsTest, SimulatedUsersAreNamedSoAndNoPasswordOpensThem) {
    const std::string address = "market-maker@simulated.invalid";
    const auto user = accounts.simulated_user(address).value();
    EXPECT_EQ(last_audit(), "user.simulated ok");
    EXPECT_EQ(accounts.simulated_user(address).value(), user);
    EXPECT_EQ(accounts.get(user)->email, address);
    EXPECT_EQ(accounts.get(user)->status, UserStatus::active);
    for (const char* password : {"", "!", "password"})
        EXPECT_EQ(code(accounts.login(address, password, kCaller)), "login_failed");
    make_user("taken@simulated.invalid");
    EXPECT_EQ(code(accounts.simulated_user("taken@simulated.invalid")), "simulated_address_taken");
}

TEST_F(AccountsTest, NothingTellsWhetherAnAddressIsKnown) {
    make_user("known@example.org");
    const auto work = [&](auto&& call) {
        const int hashes = hasher.hashes, verifications = hasher.verifications;
        const std::string outcome = call();
        return outcome + " " + std::to_string(hasher.hashes - hashes) + " " +
               std::to_string(hasher.verifications - verifications);
    };
    for (const char* email : {"known@example.org", "unknown@example.org"}) {
        EXPECT_EQ(work([&] { return code(accounts.login(email, "wrong password", kCaller)); }),
                  "login_failed 0 1")
            << email;
        EXPECT_EQ(work([&] { return code(accounts.request_reset(email, kCaller)); }), "ok 0 0");
    }
    for (const char* email : {"known@example.org", "other@example.org"}) {
        const auto mails = mailer.mails.size();
        EXPECT_EQ(work([&] { return code(accounts.register_user(email, kPassword, kCaller)); }),
                  "ok 1 0");
        EXPECT_EQ(mailer.mails.size(), mails + 1);
    }
    // Locking too: five wrong ones, then even the right one is refused.
    for (const char* email : {"known@example.org", "nobody@example.org"}) {
        for (int i = 0; i < 5; ++i) (void)accounts.login(email, "wrong password", kCaller);
        EXPECT_EQ(code(accounts.login(email, kPassword, kCaller)), "account_locked") << email;
    }
}

TEST_F(AccountsTest, ALockEndsAndTheRightPasswordClearsTheCount) {
    make_user("ada@example.org");
    for (int i = 0; i < 4; ++i) (void)accounts.login("ada@example.org", "wrong", kCaller);
    EXPECT_EQ(code(accounts.login("ada@example.org", kPassword, kCaller)), "ok");
    for (int i = 0; i < 5; ++i) (void)accounts.login("ada@example.org", "wrong", kCaller);
    EXPECT_EQ(code(accounts.login("ada@example.org", kPassword, kCaller)), "account_locked");
    EXPECT_EQ(last_audit(), "login account_locked");
    clock.advance(seconds(900));
    EXPECT_EQ(code(accounts.login("ada@example.org", kPassword, kCaller)), "ok");
}

TEST_F(AccountsTest, BadAddressesAndPasswordsAreRefused) {
    for (const char* bad : {"", "ada", "@example.org", "ada@", "ada@example", "a b@example.org",
                            "ada@example.org\r\nBcc: x@y.z", "<ada@example.org>", "a@b@example.org",
                            "ada@example.org.", "ada@\xFF.org"})
        EXPECT_EQ(code(accounts.register_user(bad, kPassword, kCaller)), "bad_email") << bad;
    EXPECT_EQ(code(accounts.register_user("ada@example.org", "short", kCaller)), "password_short");
    EXPECT_EQ(code(accounts.register_user("ada@example.org", "password123", kCaller)),
              "password_weak");
    EXPECT_EQ(count("identity_users"), 0);
    make_user("o'brien--@example.org.invalid");
    EXPECT_EQ(code(accounts.login("' OR 1=1 --@example.org", kPassword, kCaller)), "bad_email");
}

TEST_F(AccountsTest, ExpiredLinksAreRefused) {
    ASSERT_TRUE(accounts.register_user("ada@example.org", kPassword, kCaller));
    clock.advance(seconds(86'400));
    EXPECT_EQ(code(accounts.verify_email(mailer.last_token(), kCaller)), "token_invalid");
    EXPECT_EQ(last_audit(), "email.verified token_invalid");
}

TEST_F(AccountsTest, AResetChangesThePasswordOnceAndEndsSessions) {
    make_user("ada@example.org");
    const auto before = sign_in("ada@example.org");
    ASSERT_TRUE(sessions.authenticate(before.access_token));
    ASSERT_TRUE(accounts.request_reset("ada@example.org", kCaller));
    const std::string token = mailer.last_token();
    EXPECT_EQ(code(accounts.verify_email(token, kCaller)), "token_invalid") << "another purpose";
    EXPECT_EQ(code(accounts.reset_password(token, "password123", kCaller)), "password_weak");
    EXPECT_EQ(code(accounts.reset_password(token, "walnut ferry crystal dozen", kCaller)), "ok");
    EXPECT_EQ(code(accounts.reset_password(token, "walnut ferry crystal dozen", kCaller)),
              "token_invalid");
    EXPECT_EQ(code(sessions.authenticate(before.access_token)), "session_ended");
    EXPECT_EQ(code(sessions.refresh(before.refresh_token, kCaller)), "refresh_invalid");
    EXPECT_EQ(code(accounts.login("ada@example.org", kPassword, kCaller)), "login_failed");
    EXPECT_EQ(code(accounts.login("ada@example.org", "walnut ferry crystal dozen", kCaller)), "ok");
}

TEST_F(AccountsTest, ChangingThePasswordNeedsTheOldOne) {
    const auto user = make_user("ada@example.org");
    EXPECT_EQ(code(accounts.change_password(user, "wrong", "walnut ferry crystal dozen", kCaller)),
              "login_failed");
    EXPECT_EQ(
        code(accounts.change_password(user, kPassword, "walnut ferry crystal dozen", kCaller)),
        "ok");
    EXPECT_EQ(code(accounts.login("ada@example.org", kPassword, kCaller)), "login_failed");
}

TEST_F(AccountsTest, ASecondFactorIsAskedForAndEachCodeServesOnce) {
    const auto user = make_user("ada@example.org");
    const auto enrolment = accounts.begin_totp(user).value();
    EXPECT_FALSE(accounts.get(user)->has_totp) << "not before it is confirmed";
    EXPECT_EQ(code(accounts.confirm_totp(user, "000000", kCaller)), "totp_wrong");
    const auto recovery = accounts.confirm_totp(user, totp_code(enrolment), kCaller).value();
    EXPECT_EQ(code(accounts.begin_totp(user)), "totp_exists");

    const auto ticket = [&] {
        const auto answer = accounts.login("ada@example.org", kPassword, kCaller).value();
        EXPECT_FALSE(answer.tokens);
        return *answer.second_factor_ticket;
    };
    std::string t = ticket();
    EXPECT_EQ(code(accounts.finish_login(t, totp_code(enrolment), kCaller)), "totp_replayed");
    EXPECT_EQ(code(accounts.finish_login(t, totp_code(enrolment, 1), kCaller)), "ok");
    EXPECT_EQ(code(accounts.finish_login(t, totp_code(enrolment, 1), kCaller)), "token_invalid");
    t = ticket();
    EXPECT_EQ(code(accounts.finish_login(t, recovery[3], kCaller)), "ok");
    EXPECT_EQ(code(accounts.finish_login(ticket(), recovery[3], kCaller)), "code_wrong");
    EXPECT_EQ(code(accounts.remove_totp(user, recovery[4], kCaller)), "ok");
    EXPECT_EQ(code(accounts.login("ada@example.org", kPassword, kCaller)), "ok");
    EXPECT_EQ(count("identity_recovery_codes"), 0);
}

TEST_F(AccountsTest, ATicketEndsAfterFiveWrongCodesOrItsTime) {
    const auto user = make_user("ada@example.org");
    const auto enrolment = accounts.begin_totp(user).value();
    ASSERT_TRUE(accounts.confirm_totp(user, totp_code(enrolment), kCaller));
    const auto ticket = [&] {
        return *accounts.login("ada@example.org", kPassword, kCaller)->second_factor_ticket;
    };
    std::string t = ticket();
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(code(accounts.finish_login(t, "abcdef", kCaller)), "code_wrong");
    clock.advance(seconds(60));
    EXPECT_EQ(code(accounts.finish_login(t, totp_code(enrolment), kCaller)), "token_invalid");
    t = ticket();
    clock.advance(seconds(300));
    EXPECT_EQ(code(accounts.finish_login(t, totp_code(enrolment), kCaller)), "token_invalid");
}

TEST_F(AccountsTest, TheFirstAdministratorComesByAOneTimeLink) {
    const auto token = accounts.make_admin_token().value();
    EXPECT_EQ(code(accounts.register_admin("wrong", "root@example.org", kPassword, kCaller)),
              "token_invalid");
    const auto admin =
        accounts.register_admin(token, "root@example.org", kPassword, kCaller).value();
    EXPECT_EQ(code(accounts.register_admin(token, "eve@example.org", kPassword, kCaller)),
              "token_invalid");
    EXPECT_EQ(code(accounts.make_admin_token()), "admin_exists");
    EXPECT_TRUE(roles.principal_of(admin)->may({"identity", Action::admin}));
    EXPECT_EQ(code(roles.assign("system", admin, {"viewer"})), "last_admin");
    EXPECT_EQ(code(accounts.set_status("system", admin, UserStatus::disabled)), "last_admin");
    const auto second = make_user("ada@example.org");
    ASSERT_TRUE(roles.assign(to_text(admin), second, {"viewer", "admin"}));
    EXPECT_EQ(code(roles.assign(to_text(second), admin, {"viewer"})), "ok");
    EXPECT_EQ(code(roles.assign("system", second, {"wizard"})), "role_unknown");
}

TEST_F(AccountsTest, DisablingEndsSessionsAndSignIn) {
    const auto user = make_user("ada@example.org");
    const auto tokens = sign_in("ada@example.org");
    ASSERT_TRUE(sessions.authenticate(tokens.access_token));
    ASSERT_TRUE(accounts.set_status("admin", user, UserStatus::disabled));
    EXPECT_EQ(code(sessions.authenticate(tokens.access_token)), "session_ended");
    EXPECT_EQ(code(accounts.login("ada@example.org", kPassword, kCaller)), "user_inactive");
    EXPECT_EQ(code(accounts.set_status("admin", user, UserStatus::erased)), "bad_status");
    EXPECT_EQ(code(accounts.set_tier("admin", user, "platinum")), "tier_unknown");
    EXPECT_EQ(code(accounts.set_tier("admin", user, "pro")), "ok");
    EXPECT_EQ(accounts.get(user)->tier, "pro");
}

TEST_F(AccountsTest, NoSecretAndNothingPersonalStandsInTheDatabase) {
    const auto user = make_user("ada@example.org");
    const auto enrolment = accounts.begin_totp(user).value();
    const auto recovery = accounts.confirm_totp(user, totp_code(enrolment), kCaller).value();
    const auto answer = accounts.login("ada@example.org", kPassword, kCaller).value();
    const auto pair =
        accounts.finish_login(*answer.second_factor_ticket, totp_code(enrolment, 1), kCaller)
            .value();
    const std::string all = dump();
    for (const std::string& secret :
         {kPassword, std::string("ada@example"), kCaller.ip, kCaller.user_agent,
          enrolment.secret_base32, recovery[0], pair.refresh_token, pair.access_token,
          *answer.second_factor_ticket, mailer.last_token(),
          to_base64(parse_base32(enrolment.secret_base32).value()),
          to_base64(as_bytes("ada@example.org"))})
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
}

}  // namespace
}  // namespace astro::identity

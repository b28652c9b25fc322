#include "capabilities/identity/service.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "capabilities/identity/engine/sep10_test_support.hpp"
#include "capabilities/identity/engine/webauthn_test_support.hpp"
#include "capabilities/identity/service_test_support.hpp"

namespace astro::identity {
namespace {

struct WholeServiceTest : ServiceTest {
    std::unique_ptr<Service> service = open_service();
    UserId ada = make_user("ada@example.org");

    std::unique_ptr<Service> open_service() {
        ServiceSettings s;
        s.identity = settings();
        s.passkeys.rp_id = "example.org";
        s.passkeys.origins = {"https://example.org"};
        s.solana = {"example.org", "https://example.org"};
        s.home_domain = "example.org";
        s.web_auth_domain = "auth.example.org";
        return Service::open({*database, clock, random, mailer, hasher}, s,
                             crypto::MasterKeys(master))
            .value();
    }
    std::string add_passkey(const webauthn::TestAuthenticator& device, const UserId& user,
                            std::string* challenge_out = nullptr) {
        const auto options = service->passkeys.begin_registration(user).value();
        if (challenge_out != nullptr) *challenge_out = options.challenge;
        const std::string json =
            device.client_data("webauthn.create", parse_base64url(options.challenge).value());
        return code(service->passkeys.finish_registration(
            user, "laptop", json, device.attestation_object(json), kCaller));
    }
    PasskeyAnswer answer(const webauthn::TestAuthenticator& device, const UserId& user) {
        const auto options = service->passkeys.begin_login().value();
        const std::string json =
            device.client_data("webauthn.get", parse_base64url(options.challenge).value());
        const auto assertion = device.assert_with(json);
        return {device.id, json, assertion.authenticator_data, assertion.signature,
                Bytes(user.bytes.begin(), user.bytes.end())};
    }
};

TEST_F(WholeServiceTest, APasskeySignsInAndItsCounterIsHeld) {
    webauthn::TestAuthenticator device;
    EXPECT_EQ(add_passkey(device, ada), "ok");
    EXPECT_EQ(add_passkey(device, ada), "passkey_known");
    EXPECT_EQ(service->passkeys.begin_registration(ada)->known_credentials,
              (std::vector<std::string>{to_base64url(device.id)}));
    device.sign_count = 5;
    const auto first = answer(device, ada);
    const auto pair = service->passkeys.finish_login(first, kCaller);
    ASSERT_TRUE(pair) << pair.error().text();
    EXPECT_EQ(service->sessions.authenticate(pair->access_token)->user, ada);
    EXPECT_EQ(service->sessions.list(ada)->at(0).methods, "webauthn");
    EXPECT_EQ(code(service->passkeys.finish_login(first, kCaller)), "token_invalid") << "replayed";
    EXPECT_EQ(code(service->passkeys.finish_login(answer(device, ada), kCaller)),
              "webauthn_counter");
    EXPECT_EQ(last_audit(), "login webauthn_counter");
    device.sign_count = 6;
    EXPECT_EQ(code(service->passkeys.finish_login(answer(device, ada), kCaller)), "ok");
    EXPECT_EQ(code(service->passkeys.remove(ada, to_base64url(device.id), kCaller)), "ok");
    EXPECT_EQ(code(service->passkeys.finish_login(answer(device, ada), kCaller)),
              "passkey_unknown");
}

TEST_F(WholeServiceTest, APasskeyAnswersItsOwnChallengeOnly) {
    const UserId bob = make_user("bob@example.org");
    const webauthn::TestAuthenticator device;
    // Bob answers the challenge that was given to Ada.
    const auto options = service->passkeys.begin_registration(ada).value();
    const Bytes challenge = parse_base64url(options.challenge).value();
    const std::string json = device.client_data("webauthn.create", challenge);
    EXPECT_EQ(code(service->passkeys.finish_registration(bob, "x", json,
                                                         device.attestation_object(json), kCaller)),
              "token_invalid");
    // A challenge for signing in does not register, and one of our own making is none.
    const auto login = service->passkeys.begin_login().value();
    for (const Bytes& other : {parse_base64url(login.challenge).value(), Bytes(32, 1)}) {
        const std::string text = device.client_data("webauthn.create", other);
        EXPECT_EQ(code(service->passkeys.finish_registration(
                      ada, "x", text, device.attestation_object(text), kCaller)),
                  "token_invalid");
    }
    clock.advance(seconds(300));
    EXPECT_EQ(code(service->passkeys.finish_registration(ada, "x", json,
                                                         device.attestation_object(json), kCaller)),
              "token_invalid");
    EXPECT_EQ(count("identity_passkeys"), 0);
}

TEST_F(WholeServiceTest, APasskeyOfADisabledUserOrForAnotherHandleIsRefused) {
    webauthn::TestAuthenticator device;
    ASSERT_EQ(add_passkey(device, ada), "ok");
    device.sign_count = 9;
    EXPECT_EQ(
        code(service->passkeys.finish_login(answer(device, make_id<UserId>(random)), kCaller)),
        "webauthn_user_handle");
    ASSERT_TRUE(service->accounts.set_status("admin", ada, UserStatus::disabled));
    EXPECT_EQ(code(service->passkeys.finish_login(answer(device, ada), kCaller)), "user_inactive");
}

TEST_F(WholeServiceTest, AStellarWalletSignsInOnceAChallenge) {
    const auto wallet = crypto::Ed25519Key::generate(random);
    stellar::AccountId account;
    account.bytes = wallet.public_key().bytes;
    const auto signed_challenge = [&] {
        return sep10::signed_by(service->wallets.begin_stellar({{account, {}}, {}, {}}).value(),
                                stellar::kTestNetwork, {&wallet});
    };
    const std::string text = signed_challenge();
    const auto pair = service->wallets.finish_stellar(text, {}, kCaller).value();
    EXPECT_EQ(code(service->wallets.finish_stellar(text, {}, kCaller)), "token_invalid");
    const auto user = service->sessions.authenticate(pair.access_token)->user;
    EXPECT_EQ(service->accounts.get(user)->email, "");
    const auto again = service->wallets.finish_stellar(signed_challenge(), {}, kCaller).value();
    EXPECT_EQ(service->sessions.authenticate(again.access_token)->user, user) << "the same account";
    EXPECT_EQ(code(service->wallets.link_stellar(ada, signed_challenge(), {}, kCaller)),
              "link_taken");
}

TEST_F(WholeServiceTest, ASolanaWalletIsLinkedAndSignsIn) {
    const auto wallet = crypto::Ed25519Key::generate(random);
    const auto message = [&] { return service->wallets.begin_solana(wallet.public_key()).value(); };
    std::string text = message();
    EXPECT_EQ(
        code(service->wallets.link_solana(ada, text, wallet.sign(as_bytes(text)).view(), kCaller)),
        "ok");
    EXPECT_EQ(
        code(service->wallets.finish_solana(text, wallet.sign(as_bytes(text)).view(), kCaller)),
        "token_invalid");
    text = message();
    const auto pair =
        service->wallets.finish_solana(text, wallet.sign(as_bytes(text)).view(), kCaller).value();
    EXPECT_EQ(service->sessions.authenticate(pair.access_token)->user, ada);
    text = message();
    EXPECT_EQ(code(service->wallets.finish_solana(text, Bytes(64, 1), kCaller)), "siws_signature");
    clock.advance(seconds(931));
    EXPECT_EQ(
        code(service->wallets.finish_solana(text, wallet.sign(as_bytes(text)).view(), kCaller)),
        "siws_expired");
}

TEST_F(WholeServiceTest, TheExportHoldsWhatIsKeptAndNoSecret) {
    const auto pair = sign_in("ada@example.org");
    ApiKeySpec spec{"bot", ApiKeyKind::bearer, "", {"read"}, {}, {}};
    const auto key = service->api_keys.create(ada, spec, kCaller).value();
    const auto files = service->privacy.export_user(ada, kCaller).value();
    EXPECT_NE(files.at("profile.json").find("ada@example.org"), std::string::npos);
    EXPECT_NE(files.at("sessions.json").find(kCaller.ip), std::string::npos);
    EXPECT_NE(files.at("api_keys.json").find("\"bot\""), std::string::npos);
    EXPECT_NE(files.at("audit.json").find("login"), std::string::npos);
    for (const auto& [name, text] : files)
        for (const std::string& secret : {pair.refresh_token, key.secret, kPassword})
            EXPECT_EQ(text.find(secret), std::string::npos) << name;
}

TEST_F(WholeServiceTest, ErasureLeavesNothingReadableAndTheChainWhole) {
    const UserId bob = make_user("bob@example.org");
    ASSERT_EQ(add_passkey({}, ada), "ok");
    const auto pair = sign_in("ada@example.org");
    ASSERT_TRUE(service->sessions.authenticate(pair.access_token));
    ASSERT_TRUE(service->privacy.erase_user(to_text(ada), ada));
    EXPECT_EQ(dump().find(core->index_of("ada@example.org")), std::string::npos);
    EXPECT_EQ(code(service->sessions.authenticate(pair.access_token)), "session_ended");
    EXPECT_EQ(code(core->user_key(ada)), "user_erased");
    EXPECT_EQ(code(service->privacy.export_user(ada, kCaller)), "user_erased");
    EXPECT_EQ(code(service->accounts.login("ada@example.org", kPassword, kCaller)), "login_failed");
    EXPECT_EQ(service->accounts.get(ada)->status, UserStatus::erased);
    EXPECT_EQ(service->accounts.get(ada)->email, "");
    EXPECT_TRUE(service->audit.verify()->findings.empty());
    EXPECT_EQ(service->accounts.get(bob)->email, "bob@example.org") << "others stay";
    EXPECT_EQ(code(service->privacy.erase_user("admin", ada)), "user_unknown");
    // The address is free again, for another person.
    EXPECT_NE(make_user("ada@example.org"), ada);
}

TEST_F(WholeServiceTest, RetentionDeletesWhatHasEnded) {
    sign_in("ada@example.org");
    (void)service->accounts.login("ada@example.org", "wrong", kCaller);
    (void)service->passkeys.begin_login();
    EXPECT_EQ(service->privacy.apply_retention({}).value(), 0);
    clock.advance(seconds(2 * 86'400));
    EXPECT_EQ(service->privacy.apply_retention({}).value(), 2) << "a challenge and a failure";
    clock.advance(seconds(130 * 86'400));
    EXPECT_EQ(service->privacy.apply_retention({}).value(), 2) << "a session and its token";
    EXPECT_EQ(service->privacy.apply_retention({}).value(), 0);
}

TEST_F(WholeServiceTest, ReopeningKeepsKeysAndSessions) {
    const auto pair = sign_in("ada@example.org");
    const auto jwks = service->jwks();
    service = open_service();
    EXPECT_EQ(service->jwks(), jwks);
    EXPECT_TRUE(service->sessions.authenticate(pair.access_token));
    EXPECT_EQ(code(service->accounts.login("ada@example.org", kPassword, kCaller)), "ok");
}

TEST(OutboxMailer, WritesAMailNobodyElseReads) {
    std::string pattern = (std::filesystem::temp_directory_path() / "outbox_XXXXXX").string();
    const std::filesystem::path folder = mkdtemp(pattern.data());
    OutboxMailer mailer((folder / "out").string());
    ASSERT_TRUE(mailer.send({"a@example.org\r\nBcc: b@example.org", "Hello", "text"}));
    const auto file = *std::filesystem::directory_iterator(folder / "out");
    std::ifstream in(file.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(text.find("\nBcc"), std::string::npos);
    EXPECT_NE(text.find("\n\ntext\n"), std::string::npos);
    EXPECT_EQ(file.status().permissions() & std::filesystem::perms::others_all,
              std::filesystem::perms::none);
    std::filesystem::remove_all(folder);
    EXPECT_EQ(OutboxMailer("/proc/nowhere").send({"a", "b", "c"}).error().code, "mail_unavailable");
}

}  // namespace
}  // namespace astro::identity

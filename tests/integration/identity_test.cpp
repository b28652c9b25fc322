#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/hmac.hpp"
#include "integration/identity_story.hpp"

/// An account's life on the real program: from the first mail to its erasure.
namespace astro::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(IdentityStory, FromTheFirstMailToErasure) {
    EXPECT_EQ(code("/login", credentials()), "login_failed");
    register_ada();
    std::string token = text_of(sign_in(), "access_token");

    const std::string secret = text_of(post("/totp", {}, token, 201), "secret_base32");
    post("/totp/confirm", {{"code", totp(secret)}}, token);
    const auto answer = post("/login", credentials());
    EXPECT_TRUE(answer.at("tokens").is_null());
    const std::string ticket = text_of(answer, "second_factor_ticket");
    EXPECT_EQ(code("/login/second-factor", {{"ticket", ticket}, {"code", totp(secret)}}),
              "totp_replayed");

    const auto made = run_program({"identity", "key", "create", "--out",
                                   files.path("astrolabe-key.pem"), "--url", server.url()});
    ASSERT_EQ(made.code, 0) << made.errors;
    const std::string lead = "identity/keys: ";
    const auto at = made.out.find(lead) + lead.size();
    const json::object wanted{{"name", "bot"},
                              {"kind", "ed25519"},
                              {"public_key", made.out.substr(at, made.out.find('\n', at) - at)},
                              {"scopes", json::array{"read"}}};
    const std::string key = text_of(post("/keys", wanted, token, 201).at("key"), "id");
    const auto profile = parse(run_documented_curl(key));
    EXPECT_EQ(text_of(profile, "email"), "ada@example.org");
    const std::string user = text_of(profile, "id");

    const auto mine = ask("GET", kApi + "/audit/mine", token);
    for (const char* action : {"api_key.created", "api_key.used", "login"})
        EXPECT_THAT(std::string(mine.text()), HasSubstr(action));
    EXPECT_EQ(verify().code, 0);

    std::ofstream(files.path("export.zip"), std::ios::binary)
        << ask("GET", kApi + "/export", token).text();
    const auto unzipped = run_command({"python3", "-m", "zipfile", "-t", files.path("export.zip")});
    EXPECT_EQ(unzipped.code, 0) << unzipped.errors;

    EXPECT_EQ(ask("POST", kApi + "/erase", token, R"({"confirm":"no"})").status, 400);
    post("/erase", {{"confirm", user}}, token, 204);
    EXPECT_EQ(ask("GET", kApi + "/profile", token).status, 401);
    EXPECT_EQ(code("/login", credentials()), "login_failed");
    const auto whole = verify();
    EXPECT_EQ(whole.code, 0) << whole.errors;

    const std::string told =
        server.log() + run_program({"identity", "audit", "export", "--data", data}).out;
    EXPECT_THAT(told, HasSubstr("user.erased"));
    for (const auto& planted : {kPassword, secret, token, std::string("ada@example.org")})
        EXPECT_THAT(told, Not(HasSubstr(planted)));
}

TEST_F(IdentityStory, ForgedTokensAreRefused) {
    register_ada();
    const std::string token = text_of(sign_in(), "access_token");
    const auto refused = [&](const std::string& forged) {
        const auto response = ask("GET", kApi + "/profile", forged);
        EXPECT_EQ(response.status, 401);
        return text_of(parse(response.text()), "code");
    };
    const auto dot = token.find('.'), last = token.rfind('.');
    const std::string payload = token.substr(dot + 1, last - dot - 1);
    const auto encode = [](const std::string& text) { return to_base64url(as_bytes(text)); };
    const auto jwk = server.get("/.well-known/jwks.json").at("keys").at(0);
    const std::string kid = text_of(jwk, "kid");
    EXPECT_EQ(refused(encode(R"({"alg":"none","typ":"at+jwt"})") + "." + payload + "."),
              "token_algorithm");
    const std::string confused =
        encode(R"({"alg":"HS256","typ":"at+jwt","kid":")" + kid + "\"}") + "." + payload;
    const Bytes public_key = parse_base64url(text_of(jwk, "x")).value();
    EXPECT_EQ(refused(confused + "." +
                      to_base64url(crypto::hmac_sha256(public_key, as_bytes(confused)).view())),
              "token_algorithm");
    EXPECT_EQ(
        refused(encode(R"({"alg":"EdDSA","typ":"at+jwt","kid":"other"})") + token.substr(dot)),
        "token_key_unknown");
    std::string tampered = token;
    tampered[dot + 20] = tampered[dot + 20] == 'A' ? 'B' : 'A';
    EXPECT_EQ(refused(tampered), "token_signature");
    EXPECT_EQ(ask("GET", kApi + "/profile", token).status, 200);
}

TEST_F(IdentityStory, ARefreshTokenServesOnceAndAnAccountLocks) {
    register_ada();
    const auto pair = sign_in();
    const json::object body{{"refresh_token", text_of(pair, "refresh_token")}};
    post("/session/refresh", body);
    EXPECT_EQ(code("/session/refresh", body), "refresh_reused");
    EXPECT_EQ(ask("GET", kApi + "/profile", text_of(pair, "access_token")).status, 401);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(code("/login", {{"email", "ada@example.org"}, {"password", "wrong"}}),
                  "login_failed");
    const auto locked = ask("POST", kApi + "/login", "", json::serialize(credentials()));
    EXPECT_EQ(locked.status, 429) << "though the password is right";
    EXPECT_EQ(text_of(parse(locked.text()), "code"), "account_locked");
}

TEST_F(IdentityStory, TheCommandsRefuseInOneLine) {
    const std::vector<std::vector<std::string>> wrong = {
        {"identity", "audit", "verify", "--data", files.path("nothing")},
        {"identity", "audit", "verify", "--data", data, "--heads", files.path("no-such-file")},
        {"identity", "user", "disable", "xyz", "--data", data},
        {"identity", "user", "disable", std::string(32, '0'), "--data", data},  // a server runs
        {"identity", "key", "create", "--out", files.path("no/such/folder.pem")},
        {"identity", "key"},
        {"backup", files.path("b"), "--data", files.path("nothing")},
        {"restore", files.path("no-such-file"), "--data", files.path("new"), "--key",
         data + "/master.key"},
    };
    for (const auto& command : wrong) {
        const auto done = run_program(command);
        EXPECT_EQ(done.code, 2) << ::testing::PrintToString(command);
        EXPECT_EQ(std::count(done.errors.begin(), done.errors.end(), '\n'), 1) << done.errors;
        EXPECT_EQ(done.out, "");
    }
    EXPECT_FALSE(std::filesystem::exists(files.path("nothing"))) << "reading makes nothing";
}

TEST_F(IdentityStory, AnEditedAuditIsFoundAndABackupBringsTheDataBack) {
    register_ada();
    const std::string backup = files.path("all.backup"), second = files.path("second");
    const auto written = run_program({"backup", backup, "--data", data});
    EXPECT_EQ(written.code, 0) << written.errors;
    EXPECT_EQ(server.stop(SIGTERM), 0);
    const auto edited = run_command(
        {"python3", "-c",
         "import sqlite3; d = sqlite3.connect('" + data +
             "/astrolabe.db'); d.execute(\"UPDATE identity_audit SET outcome = 'no' WHERE seq = "
             "2\"); d.commit()"});
    ASSERT_EQ(edited.code, 0) << edited.errors;
    const auto found = verify();
    EXPECT_EQ(found.code, 1);
    EXPECT_THAT(found.errors, HasSubstr("entry 2 edited"));

    const std::vector<std::string> restore{"restore", backup,  "--data",
                                           second,    "--key", data + "/master.key"};
    const auto restored = run_program(restore);
    EXPECT_EQ(restored.code, 0) << restored.errors;
    EXPECT_EQ(run_program({"identity", "audit", "verify", "--data", second}).code, 0);
    EXPECT_THAT(run_program({"identity", "user", "list", "--data", second}).out,
                HasSubstr("ada@example.org"));
    EXPECT_EQ(run_program(restore).code, 2) << "not over what is there";

    std::fstream damaged(backup, std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(5'000);
    damaged << "damage";
    damaged.close();
    const auto refused = run_program(
        {"restore", backup, "--data", files.path("third"), "--key", data + "/master.key"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.errors, HasSubstr("astrolabe.db"));
    EXPECT_FALSE(std::filesystem::exists(files.path("third") + "/astrolabe.db"));
}

}  // namespace
}  // namespace astro::integration

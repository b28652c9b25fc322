#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "foundation/base/encoding.hpp"
#include "foundation/crypto/hmac.hpp"
#include "foundation/crypto/one_time_code.hpp"
#include "integration/program.hpp"

/// An account's life on the real program: from the first mail to its erasure.
namespace astro::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kApi = "/api/v1/identity";
const std::string kPassword = "turnip violin marshal eight";

std::string read_file(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct IdentityStory : ::testing::Test {
    TemporaryDirectory files;
    std::string data = files.path("data");
    Server server{{"--feed", "replay", "--dir", ASTRO_SOURCE_DIR "/share/solana/blocks", "--data",
                   data, "--set", "identity.argon2_kib=64", "--set",
                   "identity.sign_in_per_minute=1000"}};
    std::unique_ptr<net::HttpClient> client =
        net::HttpClient::make(net::parse_url(server.url()).value(), net::ClientOptions{}).value();

    net::Response ask(const std::string& method, const std::string& target,
                      const std::string& token = "", const std::string& body = "") {
        net::Request request;
        request.method = method;
        request.target = target;
        request.body = body;
        if (!body.empty()) request.headers.set("content-type", "application/json");
        if (!token.empty()) request.headers.set("authorization", "Bearer " + token);
        auto response = client->request(request);
        EXPECT_TRUE(response) << response.error().text();
        return response ? std::move(*response) : net::Response{};
    }
    json::value post(const std::string& target, const json::object& body,
                     const std::string& token = "", int status = 200) {
        const auto response = ask("POST", kApi + target, token, json::serialize(body));
        EXPECT_EQ(response.status, status) << target << ": " << response.text();
        return response.text().empty() ? json::value{} : parse(response.text());
    }
    std::string code(const std::string& target, const json::object& body) {
        return text_of(post_any(target, body), "code");
    }
    json::value post_any(const std::string& target, const json::object& body) {
        return parse(ask("POST", kApi + target, "", json::serialize(body)).text());
    }
    /// What stands behind "#" in the newest mail.
    std::string mailed_token() {
        std::string token;
        for (const auto& mail : std::filesystem::directory_iterator(data + "/outbox")) {
            const std::string text = read_file(mail.path());
            const auto at = text.find('#') + 1;
            token = text.substr(at, text.find_first_of("\r\n", at) - at);
        }
        return token;
    }
    json::object credentials() { return {{"email", "ada@example.org"}, {"password", kPassword}}; }
    void register_ada() {
        post("/register", credentials(), "", 202);
        post("/verify-email", {{"token", mailed_token()}});
    }
    json::value sign_in() { return post("/login", credentials()).at("tokens"); }
    static std::string totp(const std::string& secret) {
        return crypto::one_time_code(parse_base32(secret).value(),
                                     static_cast<std::uint64_t>(std::time(nullptr) / 30), 6);
    }
    /// The example of docs/security.md, run as it stands there.
    std::string run_documented_curl(const std::string& key) {
        const std::string page = read_file(ASTRO_SOURCE_DIR "/docs/security.md");
        const auto begin = page.find("```sh\n") + 6;
        const std::string script = page.substr(begin, page.find("```", begin) - begin);
        const auto done = run_command(
            {"bash", "-c",
             "cd " + files.path() + " && KEY=" + key + " URL=" + server.url() + "\n" + script});
        EXPECT_EQ(done.code, 0) << done.errors;
        return done.out;
    }
    Outcome verify() { return run_program({"identity", "audit", "verify", "--data", data}); }
};

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

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "capabilities/identity/engine/request_signature.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/crypto/hmac.hpp"
#include "foundation/crypto/random.hpp"
#include "integration/identity_story.hpp"

/// The master key changes: under a running server, by the command, and whatever ends the program
/// meanwhile.
namespace astro::integration {
namespace {

using ::testing::HasSubstr;

struct MasterKeyStory : IdentityStory {
    using IdentityStory::IdentityStory;

    net::HttpClient& fresh_client() {
        const std::string url = second ? second->url() : server.url();
        client = net::HttpClient::make(net::parse_url(url).value(), net::ClientOptions{}).value();
        return *client;
    }
    void start_again(const std::vector<std::string>& settings = {}) {
        second.emplace(arguments(settings));
        (void)fresh_client();
    }
    /// The first administrator, by the link that the server printed; his access token.
    std::string make_admin() {
        const std::string output = server.output();
        const auto at = output.find("/admin-sign-up#") + 15;
        post("/admin-sign-up",
             {{"token", output.substr(at, output.find_first_of(" \n", at) - at)},
              {"email", "root@example.org"},
              {"password", kPassword}},
             "", 201);
        return admin_token();
    }
    std::string admin_token() {
        return text_of(
            post("/login", {{"email", "root@example.org"}, {"password", kPassword}}).at("tokens"),
            "access_token");
    }
    struct HmacKey {
        identity::ApiKeyId id;
        Bytes secret;
    };
    HmacKey make_key(const std::string& token) {
        const auto made =
            post("/keys", {{"name", "bot"}, {"kind", "hmac"}, {"scopes", json::array{"read"}}},
                 token, 201);
        return {identity::parse_id<identity::ApiKeyId>(text_of(made.at("key"), "id")).value(),
                parse_base64url(text_of(made, "secret")).value()};
    }
    static net::Request signed_by(const HmacKey& key) {
        identity::SignedRequest text{key.id,
                                     SystemClock().now().value() / 1'000'000,
                                     to_hex(crypto::SystemRandom().bytes(12)),
                                     "GET",
                                     kApi + "/profile",
                                     crypto::sha256(Bytes{})};
        net::Request out;
        out.target = text.target;
        out.headers.set("x-astrolabe-key", to_text(key.id));
        out.headers.set("x-astrolabe-timestamp", std::to_string(text.timestamp_ms));
        out.headers.set("x-astrolabe-nonce", text.nonce);
        out.headers.set(
            "x-astrolabe-signature",
            to_base64url(
                crypto::hmac_sha256(key.secret, as_bytes(identity::canonical_text(text))).view()));
        return out;
    }
    void lift_limits(const std::string& token) {
        const auto done = ask("PUT", kApi + "/tiers/free", token,
                              R"({"requests_per_minute":1000000,"requests_per_day":1000000,)"
                              R"("websocket_connections":20,"subscriptions":100,)"
                              R"("history_days":30})");
        ASSERT_EQ(done.status, 200) << done.text();
        // What was empty fills, though quickly now.
        EXPECT_TRUE(becomes_true([&] {
            const auto answer = ask("GET", kApi + "/profile", token);
            const std::string left(answer.headers.find("ratelimit-remaining").value_or("0"));
            return std::stoll(left) > 4'000;
        }));
    }
    /// Everything that the master key opens is used once.
    void expect_all_opens(const HmacKey& key, const std::string& address) {
        const auto signed_answer = client->request(signed_by(key));
        ASSERT_TRUE(signed_answer) << signed_answer.error().text();
        EXPECT_EQ(signed_answer->status, 200) << signed_answer->text();
        EXPECT_EQ(text_of(parse(signed_answer->text()), "email"), address);
    }
    std::string key_file() const { return read_file(data + "/master.key"); }
    Outcome rotate(const std::vector<std::string>& more = {}) {
        std::vector<std::string> command{"identity", "master-key", "rotate", "--data", data};
        command.insert(command.end(), more.begin(), more.end());
        return run_program(command);
    }
    std::optional<Server> second;
};

TEST_F(MasterKeyStory, ARunningServerChangesItUnderRequests) {
    const std::string token = make_admin();
    lift_limits(token);
    const auto key = make_key(token);
    const std::string secret = text_of(post("/totp", {}, token, 201), "secret_base32");
    post("/totp/confirm", {{"code", totp(secret)}}, token);

    std::atomic<bool> over{false};
    std::atomic<int> served{0};
    const auto ask_until_over = [&](const std::function<net::Request()>& make) {
        auto own = net::HttpClient::make(net::parse_url(server.url()).value(), net::ClientOptions{})
                       .value();
        while (!over) {
            const auto answer = own->request(make());
            ASSERT_TRUE(answer) << answer.error().text();
            EXPECT_EQ(answer->status, 200) << answer->text();
            ++served;
        }
    };
    const auto wait_for_more = [&](int count) {
        const int from = served;
        return becomes_true([&] { return served >= from + count || HasFailure(); });
    };
    std::thread by_key([&] { ask_until_over([&] { return signed_by(key); }); });
    std::thread by_token([&] {
        ask_until_over([&] {
            net::Request out;
            out.target = kApi + "/sessions";
            out.headers.set("authorization", "Bearer " + token);
            return out;
        });
    });
    std::string before = key_file();
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(wait_for_more(20));
        const auto done = post("/master-key/rotate", {}, token);
        EXPECT_GE(number_of(done, "records"), 4);
        EXPECT_NE(key_file(), before);
        before = key_file();
    }
    EXPECT_TRUE(wait_for_more(20));
    over = true;
    by_key.join();
    by_token.join();

    EXPECT_EQ(verify().code, 0);
    EXPECT_EQ(server.stop(SIGTERM), 0);
    start_again();  // with the last key alone
    EXPECT_FALSE(std::filesystem::exists(data + "/master.key.next"));
    expect_all_opens(key, "root@example.org");
    EXPECT_EQ(ask("GET", kApi + "/sessions", token).status, 200);
    const std::string ticket =
        text_of(post("/login", {{"email", "root@example.org"}, {"password", kPassword}}),
                "second_factor_ticket");
    const auto last =
        post_any("/login/second-factor", {{"ticket", ticket}, {"code", totp(secret)}});
    // Whether thirty seconds have passed or not, the code is the right one.
    if (!last.as_object().contains("tokens")) {
        EXPECT_EQ(text_of(last, "code"), "totp_replayed");
    }
}

TEST_F(MasterKeyStory, TheCommandChangesItWhileNoServerRuns) {
    const std::string token = make_admin();
    const auto key = make_key(token);
    const std::string before = key_file();
    const auto refused = rotate();
    EXPECT_EQ(refused.code, 2) << "a running server remembers keys";
    EXPECT_EQ(key_file(), before);
    EXPECT_EQ(server.stop(SIGTERM), 0);

    const std::string backup = files.path("before.backup");
    ASSERT_EQ(run_program({"backup", backup, "--data", data}).code, 0);
    const auto done = rotate();
    EXPECT_EQ(done.code, 0) << done.errors;
    EXPECT_THAT(done.out, HasSubstr("re-wrapped"));
    EXPECT_NE(key_file(), before);
    EXPECT_EQ(verify().code, 0);
    EXPECT_THAT(run_program({"identity", "audit", "export", "--data", data}).out,
                HasSubstr("admin.master_key_rotated"));
    start_again();
    expect_all_opens(key, "root@example.org");

    // What a backup from before needs is said; with the key of that time it opens.
    const auto late = run_program(
        {"restore", backup, "--data", files.path("restored"), "--key", data + "/master.key"});
    EXPECT_EQ(late.code, 2);
    EXPECT_THAT(late.errors, HasSubstr("key of that time"));
    std::ofstream(files.path("old.key")) << before;
    ASSERT_EQ(::chmod(files.path("old.key").c_str(), 0600), 0);
    const auto opened = run_program(
        {"restore", backup, "--data", files.path("restored"), "--key", files.path("old.key")});
    EXPECT_EQ(opened.code, 0) << opened.errors;
}

TEST_F(MasterKeyStory, AKeyOfACommandIsChangedToTheNextOne) {
    const std::string token = make_admin();
    const auto key = make_key(token);
    EXPECT_EQ(server.stop(SIGTERM), 0);
    // From now on a command gives the key, as one of a key service would.
    std::filesystem::rename(data + "/master.key", files.path("first.key"));
    const auto by_command = [&](const std::string& file) {
        return "identity.master_key_command=cat " + files.path(file);
    };
    start_again({by_command("first.key")});
    expect_all_opens(key, "root@example.org");
    const auto refused = ask("POST", kApi + "/master-key/rotate", admin_token(), "{}");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(text_of(parse(refused.text()), "code"), "master_key_not_a_file");
    EXPECT_EQ(second->stop(SIGTERM), 0);

    const std::vector<std::string> old{"--set", by_command("first.key")};
    EXPECT_EQ(rotate(old).code, 2) << "there is no file to change";
    auto to_next = old;
    to_next.insert(to_next.end(), {"--new-key", files.path("next.key")});
    EXPECT_EQ(rotate(to_next).code, 2) << "there is no such key";
    std::ofstream(files.path("next.key")) << to_base64(crypto::SystemRandom().bytes(32)) << "\n";
    ASSERT_EQ(::chmod(files.path("next.key").c_str(), 0644), 0);
    EXPECT_THAT(rotate(to_next).errors, HasSubstr("chmod 600"));
    ASSERT_EQ(::chmod(files.path("next.key").c_str(), 0600), 0);
    const auto done = rotate(to_next);
    EXPECT_EQ(done.code, 0) << done.errors;
    EXPECT_EQ(rotate(old).code, 2) << "the key of before opens nothing any more";
    start_again({by_command("next.key")});
    expect_all_opens(key, "root@example.org");
}

TEST_F(MasterKeyStory, KilledAtAnyMomentItLosesNothing) {
    const std::string token = make_admin();
    const auto key = make_key(token);
    EXPECT_EQ(server.stop(SIGTERM), 0);
    start_again();
    for (const int delay_us : {0, 500, 1'000, 2'000, 4'000, 8'000}) {
        std::thread change([&] {
            auto own =
                net::HttpClient::make(net::parse_url(second->url()).value(), net::ClientOptions{})
                    .value();
            net::Request request;
            request.method = "POST";
            request.target = kApi + "/master-key/rotate";
            request.headers.set("authorization", "Bearer " + token);
            (void)own->request(request);  // may be cut off at any point: that is the test
        });
        std::this_thread::sleep_for(std::chrono::microseconds(delay_us));
        EXPECT_EQ(second->stop(SIGKILL), -SIGKILL);
        change.join();
        start_again();
        expect_all_opens(key, "root@example.org");
        EXPECT_FALSE(std::filesystem::exists(data + "/master.key.next"));
    }
    EXPECT_EQ(verify().code, 0);
}

}  // namespace
}  // namespace astro::integration

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "capabilities/identity/redis_test_support.hpp"
#include "foundation/base/child_test_support.hpp"
#include "integration/identity_story.hpp"

/// The program beside what it works with: a mail server, a Redis, whoever renews its certificate.
namespace astro::integration {
namespace {

using ::testing::HasSubstr;

struct MailStory : testing::Test {
    test::Child mail_server{
        {ASTRO_PYTHON, ASTRO_SOURCE_DIR "/src/foundation/net/smtp_test_server.py"}};
    const std::string port = mail_server.line();
};

TEST_F(MailStory, MailGoesOutThroughTheServerAndIsNotKept) {
    struct Story : IdentityStory {
        using IdentityStory::IdentityStory;
        void TestBody() override {}
    } story({"identity.smtp=smtp://127.0.0.1:" + port, "identity.smtp_tls=false",
             "identity.mail_from=venue@astro.example"});
    story.post("/register", story.credentials(), "", 202);
    const auto mail = parse(mail_server.line());
    EXPECT_EQ(text_of(mail, "from"), "venue@astro.example");
    EXPECT_EQ(mail.at("to"), (json::value{"ada@example.org"}));
    const std::string text = text_of(mail, "text");
    const auto at = text.find('#') + 1;
    story.post("/verify-email", {{"token", text.substr(at, text.find_first_of("\r\n", at) - at)}});
    EXPECT_NE(text_of(story.post("/login", story.credentials()).at("tokens"), "access_token"), "");
    EXPECT_TRUE(becomes_true([&] { return std::filesystem::is_empty(story.data + "/outbox"); }));
}

TEST(Neighbours, TwoServersShareTheirLimitsThroughRedis) {
    const identity::RedisProcess redis;
    const TemporaryDirectory files;
    const auto arguments = [&](const char* data) {
        return std::vector<std::string>{"--feed", "replay",
                                        "--dir",  ASTRO_SOURCE_DIR "/share/solana/blocks",
                                        "--data", files.path(data),
                                        "--set",  "identity.redis=unix://" + redis.socket(),
                                        "--set",  "identity.redis_password=right",
                                        "--set",  "identity.stranger_per_minute=10"};
    };
    Server one(arguments("one")), two(arguments("two"));
    int served = 0;
    net::Response last;
    for (int i = 0; i < 40 && last.status != 429; ++i) {
        last = (i % 2 == 0 ? one : two).ask("/api/v1/mev/swaps?limit=1");
        served += last.status == 200 ? 1 : 0;
    }
    EXPECT_EQ(last.status, 429);
    EXPECT_GE(served, 5);
    EXPECT_LE(served, 12) << "one budget, not one each";
    for (Server* server : {&one, &two})
        EXPECT_EQ(server->ask("/api/v1/mev/swaps?limit=1").status, 429);
}

/// A certificate for 127.0.0.1 under these names.
void make_certificate(const TemporaryDirectory& files, const std::string& name) {
    const auto made = run_command(
        {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", files.path(name + ".key"), "-out", files.path(name + ".pem")});
    ASSERT_EQ(made.code, 0) << made.errors;
}

TEST(Neighbours, ARenewedCertificateIsTakenOnSighupAndNobodyIsCutOff) {
    const TemporaryDirectory files;
    for (const char* name : {"old", "new"}) make_certificate(files, name);
    const auto put = [&](const std::string& name) {
        for (const std::string end : {".key", ".pem"}) {
            std::filesystem::copy_file(files.path(name + end), files.path("part"));
            std::filesystem::rename(files.path("part"), files.path("served" + end));
        }
    };
    put("old");
    Server server({"--feed", "replay", "--dir", ASTRO_SOURCE_DIR "/share/solana/blocks", "--data",
                   files.path("data"), "--set",
                   "server.tls_certificate=" + files.path("served.pem"), "--set",
                   "server.tls_key=" + files.path("served.key")});
    const auto client_of = [&](const std::string& authority) {
        net::ClientOptions options;
        options.ca_file = files.path(authority);
        return net::HttpClient::make(net::parse_url(server.url()).value(), options).value();
    };
    net::Request health;
    health.target = "/api/v1/health";
    const auto kept = client_of("old.pem");
    ASSERT_TRUE(kept->request(health));
    Live live(server);
    EXPECT_EQ(text_of(live.next(), "type"), "welcome");
    EXPECT_FALSE(client_of("new.pem")->request(health));

    put("new");
    ASSERT_EQ(::kill(server.pid(), SIGHUP), 0);
    EXPECT_TRUE(becomes_true([&] { return client_of("new.pem")->request(health).has_value(); }))
        << server.log();
    EXPECT_FALSE(client_of("old.pem")->request(health));
    const auto answer = kept->request(health);
    ASSERT_TRUE(answer) << "the connection of before: " << answer.error().text();
    EXPECT_EQ(answer->status, 200);
    live.send(R"({"op":"ping"})");
    EXPECT_TRUE(live.next().is_object()) << "so does the WebSocket";
    EXPECT_FALSE(live.broken());
    live.close();
    EXPECT_EQ(server.stop(SIGTERM), 0);
}

}  // namespace
}  // namespace astro::integration

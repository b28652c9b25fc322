#include "foundation/net/smtp.hpp"

#include <gtest/gtest.h>

#include "foundation/base/child_test_support.hpp"
#include "foundation/net/tls_test_support.hpp"

// Against a real mail server in a process of its own, over loopback.
namespace astro::net {
namespace {

const std::string kServer = ASTRO_SOURCE_DIR "/src/foundation/net/smtp_test_server.py";
const std::string kMessage = "Subject: hello\n\nline\n.\n..two\nGrüße";

std::string code(const Result<void>& result) {
    return result ? "ok" : std::string(result.error().code);
}

TEST(Smtp, SendsOverTlsWithSignIn) {
    const test::Certificate certificate("IP:127.0.0.1");
    astro::test::Child child(
        {ASTRO_PYTHON, kServer, certificate.certificate_file(), certificate.key_file()});
    SmtpServer server{.url = "smtp://127.0.0.1:" + child.line(),
                      .user = "astrolabe",
                      .password = "right",
                      .ca_file = certificate.certificate_file()};
    const auto send = [&](const std::string& to) {
        return send_mail(server, "venue@astro.example", to, kMessage);
    };
    const auto sent = send("ada@example.org");
    ASSERT_TRUE(sent) << sent.error().text();
    const std::string got = child.line();
    EXPECT_EQ(got, R"({"from": "venue@astro.example", "to": ["ada@example.org"], "text": )"
                   R"("Subject: hello\r\n\r\nline\r\n.\r\n..two\r\nGr\u00fc\u00dfe\r\n", )"
                   R"("tls": true, "authenticated": true})");
    EXPECT_EQ(code(send("gone@example.org")), "smtp_refused");
    EXPECT_EQ(code(send("busy@example.org")), "smtp_unavailable");
    EXPECT_EQ(code(send("ada@example.org>\r\nRCPT TO:<bob@example.org")), "smtp_refused");
    server.timeout = seconds(1);  // the other side does not hang up
    server.password = "wrong";
    EXPECT_EQ(code(send("ada@example.org")), "smtp_unavailable");
    server.password = "right";
    server.ca_file.clear();
    EXPECT_EQ(code(send("ada@example.org")), "smtp_unavailable") << "nobody vouches for it";
}

TEST(Smtp, SendsNothingInTheClearUnlessAsked) {
    astro::test::Child child({ASTRO_PYTHON, kServer});
    SmtpServer server{.url = "smtp://127.0.0.1:" + child.line()};
    EXPECT_EQ(code(send_mail(server, "a@b.example", "c@d.example", kMessage)), "smtp_unavailable");
    server.require_tls = false;
    EXPECT_EQ(code(send_mail(server, "a@b.example", "c@d.example", kMessage)), "ok");
    EXPECT_NE(child.line().find(R"("tls": false)"), std::string::npos);
}

TEST(Smtp, SaysWhatIsWrongWithTheSettings) {
    const auto check = [](const std::string& url, bool tls) {
        SmtpServer server;
        server.url = url;
        server.require_tls = tls;
        return code(check_smtp_server(server));
    };
    EXPECT_EQ(check("smtp://mail.example.org:587", true), "ok");
    EXPECT_EQ(check("smtps://mail.example.org", false), "ok");
    EXPECT_EQ(check("smtp://localhost:25", false), "ok");
    EXPECT_EQ(check("smtp://mail.example.org", false), "bad_smtp_server");
    EXPECT_EQ(check("http://mail.example.org", true), "bad_smtp_server");
    EXPECT_EQ(check("smtp://name:word@mail.example.org", true), "bad_smtp_server");
    EXPECT_EQ(check("smtp://", true), "bad_smtp_server");
    SmtpServer nobody{.url = "smtp://127.0.0.1:1"};
    EXPECT_EQ(code(send_mail(nobody, "a@b.example", "c@d.example", kMessage)), "smtp_unavailable");
}

}  // namespace
}  // namespace astro::net

#include "foundation/net/tls.hpp"

#include <gmock/gmock.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <filesystem>

#include "foundation/net/net_test_support.hpp"
#include "foundation/net/tls_test_support.hpp"

namespace astro::net {
namespace {

using namespace test;
using testing::HasSubstr;

std::unique_ptr<Server> start_tls(const Certificate& certificate, HttpHandler http = echo,
                                  WebSocketFactory websocket = nullptr) {
    ServerOptions options;
    options.tls_certificate_file = certificate.certificate_file();
    options.tls_key_file = certificate.key_file();
    options.limits.body_bytes = 32U << 20;
    options.limits.websocket_message_bytes = 8U << 20;
    return start_server(std::move(options), std::move(http), std::move(websocket));
}

ClientOptions trusting(const Certificate& certificate) {
    ClientOptions options;
    options.ca_file = certificate.certificate_file();
    return options;
}

TEST(Tls, RequestsGoRoundAndStayOnOneConnection) {
    const Certificate certificate("IP:127.0.0.1");
    auto server = start_tls(certificate, [](Request request, const Reply& reply) {
        EXPECT_TRUE(request.secure);
        echo(std::move(request), reply);
    });
    auto client = HttpClient::make(url_of(*server, "https"), trusting(certificate)).value();
    for (int i = 0; i < 5; ++i) {
        Request request;
        request.method = "POST";
        request.target = "/p";
        request.body = std::string(static_cast<std::size_t>(i) * 700'000, 'x');
        const auto response = client->request(request);
        ASSERT_TRUE(response) << response.error().text();
        EXPECT_TRUE(response->body == "POST /p " + request.body);
    }
    EXPECT_EQ(server->stats().connections_total, 1U);
}

class EchoHandler final : public WebSocketHandler {
  public:
    void on_open(std::shared_ptr<WebSocket> socket) override { socket_ = std::move(socket); }
    void on_text(std::string_view text) override {
        socket_->send(std::make_shared<const std::string>(text));
    }
    void on_close() override {}

  private:
    std::shared_ptr<WebSocket> socket_;
};

TEST(Tls, WebSocketsGoRound) {
    const Certificate certificate("IP:127.0.0.1");
    auto server = start_tls(certificate, echo,
                            [](const Request&) { return std::make_unique<EchoHandler>(); });
    auto client = WebSocketClient::connect(url_of(*server, "wss"), trusting(certificate)).value();
    for (const std::size_t size : {1U, 100'000U, 3'000'000U}) {
        const std::string text(size, 'y');
        ASSERT_TRUE(client->send(text));
        EXPECT_TRUE(client->receive(seconds(20)).value() == text) << size;
    }
    // Sending and receiving from two threads, over one TLS object.
    constexpr int kMessages = 300;
    std::thread sender([&] {
        for (int i = 0; i < kMessages; ++i) EXPECT_TRUE(client->send(std::to_string(i)));
    });
    for (int i = 0; i < kMessages; ++i)
        EXPECT_EQ(client->receive(seconds(20)).value(), std::to_string(i));
    sender.join();
    // The server waits for the client's answer to its close, so somebody must be receiving.
    std::thread stopper([&] { server->stop(); });
    EXPECT_THAT(client->receive(seconds(20)).error().message, HasSubstr("1001"));
    stopper.join();
}

TEST(Tls, RefusesWhomItDoesNotTrust) {
    const Certificate right("IP:127.0.0.1"), wrong_host("DNS:other.example"), other("IP:127.0.0.1");
    const auto failure = [](Server& server, const ClientOptions& options) {
        auto client = HttpClient::make(url_of(server, "https"), options).value();
        const auto response = client->request({});
        return response ? "accepted" : response.error().text();
    };
    auto server = start_tls(wrong_host);
    EXPECT_THAT(failure(*server, trusting(wrong_host)), HasSubstr("IP address mismatch"));
    auto unknown = start_tls(right);
    EXPECT_THAT(failure(*unknown, trusting(other)), HasSubstr("certificate refused"));
    EXPECT_THAT(failure(*unknown, {}), HasSubstr("certificate refused"));
    ClientOptions blind;
    blind.verify_tls = false;
    EXPECT_EQ(failure(*server, blind), "accepted");

    const auto url = parse_url("https://localhost:" + std::to_string(server->port())).value();
    const auto by_name = HttpClient::make(url, trusting(wrong_host)).value()->request({});
    EXPECT_EQ(by_name.error().code, "tls_failed");
    EXPECT_THAT(by_name.error().message, HasSubstr("hostname mismatch"));
}

TEST(Tls, ANameIsCheckedByName) {
    const Certificate certificate("DNS:localhost");
    auto server = start_tls(certificate);
    const auto url = parse_url("https://localhost:" + std::to_string(server->port())).value();
    const auto response = HttpClient::make(url, trusting(certificate)).value()->request({});
    ASSERT_TRUE(response) << response.error().text();
}

TEST(Tls, PlainTextToATlsPortIsClosedAndTheServerLives) {
    const Certificate certificate("IP:127.0.0.1");
    auto server = start_tls(certificate);
    RawClient raw(server->port());
    raw.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    raw.read_to_end();
    auto client = HttpClient::make(url_of(*server, "https"), trusting(certificate)).value();
    EXPECT_TRUE(client->request({}));
}

TEST(Tls, TlsToAPlainPortFailsInTime) {
    auto server = start_server({}, echo);
    ClientOptions options;
    options.connect_timeout = milliseconds(200);
    const auto response = HttpClient::make(url_of(*server, "https"), options).value()->request({});
    EXPECT_FALSE(response);
}

TEST(Tls, MissingFilesAreNamed) {
    const Certificate certificate("IP:127.0.0.1"), other("IP:127.0.0.1");
    const auto error = [](const std::string& cert, const std::string& key) {
        return TlsContext::make_server(cert, key).error();
    };
    EXPECT_EQ(error("/no/such.pem", certificate.key_file()).code, "tls_certificate");
    EXPECT_EQ(error("/no/such.pem", certificate.key_file()).where, "/no/such.pem");
    EXPECT_EQ(error(certificate.certificate_file(), "/no/such.pem").code, "tls_key");
    EXPECT_EQ(error(certificate.certificate_file(), other.key_file()).code, "tls_key");
    EXPECT_EQ(TlsContext::make_client(true, "/no/such.pem").error().code, "tls_certificate");
}

/// Replaces `to`'s files, the certificate first, as renewal tools do.
void copy_file(const std::string& from, const std::string& to) {
    std::filesystem::copy_file(from, to + ".new");
    std::filesystem::rename(to + ".new", to);
}

TEST(Tls, ARenewedCertificateIsServedWithoutARestart) {
    const Certificate old_one("IP:127.0.0.1"), new_one("IP:127.0.0.1");
    // Kept apart, since old_one's files are overwritten.
    const std::string old_authority = old_one.certificate_file() + ".old";
    copy_file(old_one.certificate_file(), old_authority);
    auto server = start_tls(old_one);
    ClientOptions trusting_old;
    trusting_old.ca_file = old_authority;
    const auto serves = [&](const ClientOptions& options) {
        return HttpClient::make(url_of(*server, "https"), options).value()->request({}).has_value();
    };
    auto kept = HttpClient::make(url_of(*server, "https"), trusting_old).value();
    ASSERT_TRUE(kept->request({}));
    EXPECT_FALSE(server->refresh_tls(false).value()) << "nothing has changed";

    copy_file(new_one.certificate_file(), old_one.certificate_file());
    const auto half = server->refresh_tls(false);
    ASSERT_FALSE(half) << "the key is still the old one";
    EXPECT_EQ(half.error().code, "tls_key");
    EXPECT_FALSE(server->refresh_tls(false).value()) << "told once";
    EXPECT_TRUE(serves(trusting_old)) << "what was in force stays so";

    copy_file(new_one.key_file(), old_one.key_file());
    EXPECT_TRUE(server->refresh_tls(false).value());
    EXPECT_TRUE(serves(trusting(new_one)));
    EXPECT_FALSE(serves(trusting_old));
    EXPECT_TRUE(kept->request({})) << "an open connection goes on";
    EXPECT_TRUE(server->refresh_tls(true).value());
}

/// Whether a handshake with at most this version succeeds.
bool accepts_version(const Server& server, int version) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, version);
    BIO* bio = BIO_new_ssl_connect(context);
    BIO_set_conn_hostname(bio, ("127.0.0.1:" + std::to_string(server.port())).c_str());
    const bool accepted = BIO_do_handshake(bio) == 1;
    BIO_free_all(bio);
    SSL_CTX_free(context);
    ERR_clear_error();
    return accepted;
}

TEST(Tls, OldVersionsAreServedOnlyWhenAsked) {
    const Certificate certificate("IP:127.0.0.1");
    const auto strict = start_tls(certificate);
    EXPECT_TRUE(accepts_version(*strict, TLS1_3_VERSION));
    EXPECT_FALSE(accepts_version(*strict, TLS1_2_VERSION));
    ServerOptions options;
    options.tls_certificate_file = certificate.certificate_file();
    options.tls_key_file = certificate.key_file();
    options.tls12 = true;
    const auto lenient = start_server(std::move(options), echo, nullptr);
    EXPECT_TRUE(accepts_version(*lenient, TLS1_3_VERSION));
    EXPECT_TRUE(accepts_version(*lenient, TLS1_2_VERSION));
    EXPECT_FALSE(accepts_version(*lenient, TLS1_1_VERSION));
}

}  // namespace
}  // namespace astro::net

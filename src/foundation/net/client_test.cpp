#include "foundation/net/client.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "foundation/net/net_test_support.hpp"

namespace astro::net {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::StartsWith;

std::unique_ptr<HttpClient> client_of(const Url& url, ClientOptions options = {}) {
    return HttpClient::make(url, std::move(options)).value();
}

Request get(std::string target) {
    Request request;
    request.target = std::move(target);
    return request;
}

Request post(std::string target, std::string body) {
    Request request = get(std::move(target));
    request.method = "POST";
    request.body = std::move(body);
    return request;
}

/// Asks a server that sends `answer` to every request, then closes.
Result<Response> ask(std::string answer, Request request = get("/"), ClientOptions options = {}) {
    RawServer server([&](int socket, int) {
        RawServer::read_request(socket);
        RawServer::write(socket, answer);
    });
    return client_of(parse_url(server.url()).value(), std::move(options))->request(request);
}

TEST(HttpClient, OneConnectionServesManyRequests) {
    auto server = start_server({}, echo);
    auto client = client_of(url_of(*server));
    for (int i = 0; i < 20; ++i) {
        const auto response = client->request(post("/p", std::to_string(i)));
        ASSERT_TRUE(response) << response.error().text();
        EXPECT_EQ(response->status, 200);
        EXPECT_EQ(response->body, "POST /p " + std::to_string(i));
    }
    EXPECT_EQ(server->stats().connections_total, 1U);
}

TEST(HttpClient, LargeBodiesGoBothWays) {
    ServerOptions options;
    options.limits.body_bytes = 32U << 20;
    auto server = start_server(options, echo);
    auto client = client_of(url_of(*server));
    std::string body(20U << 20, 'x');
    for (std::size_t i = 0; i < body.size(); i += 997) body[i] = static_cast<char>('a' + i % 26);
    const auto response = client->request(post("/", body));
    ASSERT_TRUE(response) << response.error().text();
    EXPECT_TRUE(response->body == "POST / " + body);
}

TEST(HttpClient, HeadHasNoBody) {
    auto server = start_server({}, echo);
    auto client = client_of(url_of(*server));
    Request head = get("/a");
    head.method = "HEAD";
    const auto response = client->request(head);
    ASSERT_TRUE(response) << response.error().text();
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(response->headers.find("content-length"), "8");
    EXPECT_EQ(client->request(get("/b"))->body, "GET /b ");
    EXPECT_EQ(server->stats().connections_total, 1U);
}

TEST(HttpClient, ReadsEveryFraming) {
    EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")->body, "abc");
    EXPECT_EQ(ask("HTTP/1.1 200 OK\r\n\r\nuntil the end")->body, "until the end");
    EXPECT_EQ(ask("HTTP/1.0 200 OK\r\n\r\nold")->body, "old");
    EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n")
                  ->body,
              "abcde");
    EXPECT_EQ(ask("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                  "HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nn")
                  ->status,
              404);
    EXPECT_EQ(ask("HTTP/1.1 204 No Content\r\n\r\n")->status, 204);
}

TEST(HttpClient, NamesWhatIsWrongWithAnAnswer) {
    const auto code = [](std::string answer, ClientOptions options = {}) {
        return ask(std::move(answer), get("/"), std::move(options)).error().code;
    };
    EXPECT_EQ(code(""), "connection_closed");
    EXPECT_EQ(code("HTTP/1.1 200 OK\r\nContent-Le"), "connection_closed");
    EXPECT_EQ(code("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), "connection_closed");
    EXPECT_EQ(code("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
              "connection_closed");
    EXPECT_EQ(code("SSH-2.0-OpenSSH\r\n\r\n"), "connection_closed");
    ClientOptions small;
    small.response_bytes = 100;
    EXPECT_EQ(code("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x'), small),
              "too_large");
    EXPECT_EQ(code("HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'), small), "too_large");
}

TEST(HttpClient, WhatMayHaveBeenDoneIsUnknown) {
    EXPECT_EQ(ask("", get("/")).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(ask("", post("/", "x")).error().kind, ErrorKind::unknown);
}

TEST(HttpClient, RepeatsAGetOnAConnectionThatDiedMeanwhile) {
    RawServer server([](int socket, int) {
        RawServer::read_request(socket);
        RawServer::write(socket, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    });  // closes after each answer without saying so
    auto client = client_of(parse_url(server.url()).value());
    for (int i = 0; i < 5; ++i) EXPECT_EQ(client->request(get("/"))->body, "ok");
}

TEST(HttpClient, RefusesWhatWouldBeAnotherRequest) {
    auto server = start_server({}, echo);
    auto client = client_of(url_of(*server));
    EXPECT_EQ(client->request(get("/a b")).error().where, "target");
    EXPECT_EQ(client->request(get("/a\r\nX: y")).error().code, "bad_request");
    Request request = get("/");
    request.headers.add("x-a", "1\r\nx-b: 2");
    EXPECT_EQ(client->request(request)->status, 200);
}

TEST(HttpClient, ConnectFailureNamesTheAddress) {
    std::uint16_t port;
    {
        RawServer gone([](int, int) {});
        port = gone.port();
    }
    auto client = client_of(parse_url("http://127.0.0.1:" + std::to_string(port)).value());
    const auto error = client->request(get("/")).error();
    EXPECT_EQ(error.code, "connect_failed");
    EXPECT_EQ(error.where, "127.0.0.1:" + std::to_string(port));
    const auto no_name = client_of(parse_url("http://no-such-host.invalid/").value());
    EXPECT_EQ(no_name->request(get("/")).error().code, "connect_failed");
}

TEST(HttpClient, SilenceEndsInATimeout) {
    RawServer server([](int socket, int) { RawServer::wait_for_end(socket); });
    ClientOptions options;
    options.request_timeout = milliseconds(30);
    auto client = client_of(parse_url(server.url()).value(), options);
    EXPECT_EQ(client->request(get("/")).error().code, "timeout");
}

TEST(HttpClient, InterruptBreaksARunningRequestAndAllLater) {
    Signal asked;
    RawServer server([&](int socket, int) {
        RawServer::read_request(socket);
        asked.set();
        RawServer::wait_for_end(socket);
    });
    auto client = client_of(parse_url(server.url()).value());
    std::thread breaker([&] {
        EXPECT_TRUE(asked.wait());
        client->interrupt();
    });
    EXPECT_EQ(client->request(get("/")).error().code, "interrupted");
    breaker.join();
    EXPECT_EQ(client->request(get("/")).error().code, "interrupted");
}

TEST(HttpClient, SendsCredentialsOfTheUrl) {
    std::string seen;
    RawServer server([&](int socket, int) {
        seen = RawServer::read_request(socket);
        RawServer::write(socket, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    });
    auto url = parse_url("http://user:p%40ss@127.0.0.1:" + std::to_string(server.port())).value();
    ASSERT_TRUE(client_of(url)->request(get("/")));
    EXPECT_THAT(seen, HasSubstr("authorization: Basic dXNlcjpwQHNz\r\n"));
    EXPECT_THAT(seen, StartsWith("GET / HTTP/1.1\r\nhost: 127.0.0.1:"));
}

}  // namespace
}  // namespace astro::net

#include "foundation/net/server.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "foundation/net/net_test_support.hpp"

namespace astro::net {
namespace {

using namespace test;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

ServerOptions with_limits(const std::function<void(ServerLimits&)>& change) {
    ServerOptions options;
    change(options.limits);
    return options;
}

/// The answer to raw bytes; then the server must close, unless `stays_open`.
std::string answer_to(Server& server, const std::string& bytes) {
    RawClient raw(server.port());
    raw.send(bytes);
    return raw.read_to_end();
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    // The first is answered last: from a pool thread, after the others were read.
    std::atomic<Server*> self{nullptr};
    auto server = start_server({}, [&](Request request, Reply reply) {
        if (request.path == "/slow")
            self.load()->offload([request, reply] { echo(request, reply); });
        else
            echo(std::move(request), reply);
    });
    self = server.get();
    RawClient raw(server->port());
    std::string bytes;
    for (int i = 0; i < 30; ++i)
        bytes += "POST /" + std::string(i % 3 == 0 ? "slow" : "fast") +
                 " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n" + std::to_string(10 + i);
    raw.send(bytes);
    for (int i = 0; i < 30; ++i)
        EXPECT_THAT(raw.read_response(), EndsWith(" " + std::to_string(10 + i)));
    EXPECT_EQ(server->stats().requests_total, 30U);
    EXPECT_EQ(server->stats().connections_total, 1U);
}

TEST(Server, RequestsInSinglesBytesAreOne) {
    auto server = start_server({}, echo);
    RawClient raw(server->port());
    for (const char c :
         std::string("POST /a%20b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"))
        raw.send({&c, 1});
    EXPECT_THAT(raw.read_response(), EndsWith("POST /a b abc"));
}

TEST(Server, ConnectionIsKeptOrClosedAsAsked) {
    auto server = start_server({}, echo);
    EXPECT_THAT(answer_to(*server, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
                HasSubstr("connection: close\r\n"));
    EXPECT_THAT(answer_to(*server, "GET / HTTP/1.0\r\n\r\n"), HasSubstr("connection: close\r\n"));
    RawClient old(server->port());
    for (int i = 0; i < 2; ++i) {
        old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        EXPECT_THAT(old.read_response(), HasSubstr("connection: keep-alive\r\n"));
    }
}

TEST(Server, AHalfClosedClientGetsItsAnswer) {
    auto server = start_server({}, echo);
    RawClient whole(server->port());
    whole.send(kGet);
    whole.end_writing();
    EXPECT_THAT(whole.read_to_end(), EndsWith("GET /x "));
    RawClient cut(server->port());
    cut.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
    cut.end_writing();
    EXPECT_THAT(cut.read_to_end(), StartsWith("HTTP/1.1 400 "));
}

TEST(Server, HeadDropsTheBodyOnly) {
    auto server = start_server({}, echo);
    RawClient raw(server->port());
    raw.send("HEAD /abc HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(kGet));
    const std::string head = raw.read_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("content-length: 10\r\n"));
    EXPECT_THAT(raw.read_response(), EndsWith("GET /x "));
}

TEST(Server, ExpectationsAreMetOrRefused) {
    auto server = start_server(with_limits([](ServerLimits& l) { l.body_bytes = 100; }), echo);
    const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
    RawClient raw(server->port());
    raw.send(post + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(raw.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    raw.send("abc");
    EXPECT_THAT(raw.read_response(), EndsWith("POST / abc"));
    EXPECT_THAT(answer_to(*server, post + "Content-Length: 3\r\nExpect: tea\r\n\r\n"),
                StartsWith("HTTP/1.1 417 "));
    EXPECT_THAT(answer_to(*server, post + "Content-Length: 101\r\nExpect: 100-continue\r\n\r\n"),
                StartsWith("HTTP/1.1 413 "))
        << "refused before the body is sent";
}

TEST(Server, ChunkedBodiesAreJoined) {
    auto server = start_server({}, echo);
    RawClient raw(server->port());
    raw.send(
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n" +
        std::string(kGet));
    EXPECT_THAT(raw.read_response(), EndsWith("POST / abcde"));
    EXPECT_THAT(raw.read_response(), EndsWith("GET /x "));
}

TEST(Server, LimitsAnswerWithProblems) {
    auto server = start_server(with_limits([](ServerLimits& l) {
                                   l.header_bytes = 1024;
                                   l.body_bytes = 1000;
                               }),
                               echo);
    const auto expect_problem = [&](const std::string& bytes, int status, std::string_view code) {
        const std::string answer = answer_to(*server, bytes);
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 " + std::to_string(status) + " "));
        EXPECT_THAT(answer, HasSubstr("content-type: application/problem+json\r\n"));
        EXPECT_THAT(answer, HasSubstr("connection: close\r\n"));
        EXPECT_THAT(answer, HasSubstr("\"code\":\"" + std::string(code) + "\""));
        EXPECT_THAT(answer, HasSubstr("\"request_id\":\""));
    };
    const std::string host = " HTTP/1.1\r\nHost: h\r\n";
    expect_problem("GET /" + host + "X: " + std::string(2000, 'x') + "\r\n\r\n", 431,
                   "headers_too_large");
    // The client goes on sending while it is refused; the answer must still arrive.
    expect_problem("POST /" + host + "Content-Length: 3000000\r\n\r\n" + std::string(3000000, 'x'),
                   413, "body_too_large");
    expect_problem("nonsense\r\n\r\n", 400, "bad_http");
    expect_problem("GET / HTTP/3.0\r\n\r\n", 505, "bad_http_version");
    EXPECT_EQ(server->stats().requests_total, 0U);
}

TEST(Server, BadTargetsAreRefusedAndTheConnectionGoesOn) {
    auto server = start_server({}, echo);
    RawClient raw(server->port());
    raw.send("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\nGET /?a=%FF HTTP/1.1\r\nHost: h\r\n\r\n" +
             std::string(kGet));
    EXPECT_THAT(raw.read_response(), HasSubstr("\"code\":\"bad_escape\""));
    EXPECT_THAT(raw.read_response(), HasSubstr("\"code\":\"bad_utf8\""));
    EXPECT_THAT(raw.read_response(), EndsWith("GET /x "));
}

TEST(Server, TooManyConnectionsAreClosedAtOnce) {
    auto server = start_server(with_limits([](ServerLimits& l) { l.connections = 2; }), echo);
    auto first = std::make_unique<RawClient>(server->port());
    first->send(kGet);
    first->read_response();
    RawClient second(server->port());
    second.send(kGet);
    second.read_response();
    EXPECT_EQ(RawClient(server->port()).read_to_end(), "");
    EXPECT_EQ(server->stats().connections_refused, 1U);
    first->close();
    EXPECT_TRUE(eventually([&] { return server->stats().connections_open == 1; }));
    RawClient third(server->port());
    third.send(kGet);
    EXPECT_THAT(third.read_response(), EndsWith("GET /x "));
}

TEST(Server, SlowAndIdleConnectionsEndByTheirLimits) {
    auto server = start_server(with_limits([](ServerLimits& l) {
                                   l.header_seconds = l.body_seconds = l.idle_seconds = 1;
                               }),
                               echo);
    RawClient silent(server->port()), slow(server->port()), body(server->port()),
        idle(server->port());
    slow.send("GET / HTTP/1.1\r\nHos");
    body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
    idle.send(kGet);
    EXPECT_THAT(idle.read_response(), EndsWith("GET /x "));
    EXPECT_EQ(silent.read_to_end(), "");
    EXPECT_EQ(slow.read_to_end(), "");
    EXPECT_THAT(body.read_to_end(), StartsWith("HTTP/1.1 408 "));
    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_TRUE(eventually([&] { return server->stats().connections_open == 0; }));
}

TEST(Server, DrippingHeadersDoNotExtendTheirTime) {
    auto server = start_server(with_limits([](ServerLimits& l) { l.header_seconds = 1; }), echo);
    RawClient raw(server->port());
    raw.send(kGet);
    raw.read_response();  // the limit is that of each request, not of the first
    const auto begin = std::chrono::steady_clock::now();
    while (raw.send("G") && std::chrono::steady_clock::now() - begin < std::chrono::seconds(20))
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Server, AClientThatDoesNotReadItsAnswerIsDropped) {
    const auto big = std::make_shared<const std::string>(32U << 20, 'x');
    auto server = start_server(with_limits([](ServerLimits& l) { l.idle_seconds = 1; }),
                               [&](const Request&, const Reply& reply) {
                                   Response response;
                                   response.shared_body = big;
                                   reply(std::move(response));
                               });
    RawClient raw(server->port(), 4096);
    raw.send(kGet);
    EXPECT_TRUE(eventually([&] { return server->stats().requests_total == 1; }));
    EXPECT_TRUE(eventually([&] { return server->stats().connections_open == 0; }));
}

TEST(Server, SharedBodiesAreSentWhole) {
    const auto big = std::make_shared<const std::string>(5U << 20, 'x');
    auto server = start_server({}, [&](const Request&, const Reply& reply) {
        Response response;
        response.shared_body = big;
        reply(std::move(response));
    });
    RawClient raw(server->port());
    raw.send(std::string(kGet) + std::string(kGet));
    for (int i = 0; i < 2; ++i) {
        const std::string answer = raw.read_response();
        EXPECT_TRUE(answer.substr(answer.find("\r\n\r\n") + 4) == *big);
    }
    EXPECT_TRUE(eventually([&] { return big.use_count() == 1; }));
}

TEST(Reply, CountsOnceAndAnswersWhenForgotten) {
    Reply kept;
    auto server = start_server({}, [&](Request request, Reply reply) {
        if (request.path == "/twice") {
            reply(json_response("1"));
            reply(json_response("2"));
        } else if (request.path == "/throw") {
            throw std::runtime_error("handler");
        } else if (request.path == "/status") {
            reply(json_response("x", 42));
        } else if (request.path == "/keep") {
            kept = reply;
            reply(json_response("kept"));
        }
    });
    RawClient raw(server->port());
    const auto get = [&](const std::string& path) {
        raw.send("GET " + path + " HTTP/1.1\r\nHost: h\r\nX-Request-Id: my-id_1\r\n\r\n");
        return raw.read_response();
    };
    EXPECT_THAT(get("/twice"), EndsWith("\r\n\r\n1"));
    for (const char* path : {"/throw", "/forget", "/status"}) {
        EXPECT_THAT(get(path), StartsWith("HTTP/1.1 500 "));
        EXPECT_THAT(get(path), HasSubstr("\"request_id\":\"my-id_1\""));
    }
    EXPECT_THAT(get("/keep"), EndsWith("kept"));
    kept(json_response("late"));  // must not answer the next request
    EXPECT_THAT(get("/twice"), EndsWith("\r\n\r\n1"));
    server.reset();
    kept(json_response("after the server"));
}

TEST(Server, RequestIdsAreTheClientsWhenWellFormed) {
    auto server = start_server({}, [](const Request& request, const Reply& reply) {
        reply(json_response(request.request_id));
    });
    const auto id_for = [&](const std::string& header) {
        RawClient raw(server->port());
        raw.send("GET / HTTP/1.1\r\nHost: h\r\n" + header + "\r\n");
        const std::string answer = raw.read_response();
        return answer.substr(answer.find("\r\n\r\n") + 4);
    };
    EXPECT_EQ(id_for("X-Request-Id: abc.1\r\n"), "abc.1");
    EXPECT_EQ(id_for("X-Request-Id: a b\r\n").size(), 26U);
    EXPECT_EQ(id_for("X-Request-Id: " + std::string(65, 'a') + "\r\n").size(), 26U);
    EXPECT_LT(id_for("").substr(0, 10), "7ZZZZZZZZZ");
    EXPECT_NE(id_for(""), id_for(""));
}

TEST(Server, WorkersShareThePort) {
    ServerOptions options;
    options.workers = 3;
    std::mutex mutex;
    std::set<std::thread::id> threads;
    auto server = start_server(options, [&](Request request, const Reply& reply) {
        {
            const std::lock_guard lock(mutex);
            threads.insert(std::this_thread::get_id());
        }
        echo(std::move(request), reply);
    });
    for (int i = 0; i < 100; ++i) {
        RawClient raw(server->port());
        raw.send(kGet);
        EXPECT_THAT(raw.read_response(), EndsWith("GET /x "));
    }
    EXPECT_EQ(threads.size(), 3U);
}

TEST(Server, AConnectionThatNeverPausesLeavesTurnsToOthers) {
    // Both clients send on the loop's thread, so that each turn of the loop finds both with input:
    // the greedy one with more than a read takes, the modest one with a request.
    constexpr std::size_t kRequestBytes = 8192, kAhead = 16, kRequests = 800;
    std::string more = "GET /more HTTP/1.1\r\nHost: h\r\nX: ";
    more += std::string(kRequestBytes - more.size() - 4, 'x') + "\r\n\r\n";
    const std::string turn = "GET /turn HTTP/1.1\r\nHost: h\r\n\r\n";
    std::unique_ptr<RawClient> greedy, modest;
    std::size_t asked = 0, since_turn = 0, most = 0;
    std::atomic<bool> ready{false};
    Signal done;
    auto server = start_server({}, [&](const Request& request, const Reply& reply) {
        EXPECT_TRUE(ready);  // and so are the clients
        reply(Response{});
        if (request.path == "/begin") {
            modest->send(turn);
            for (std::size_t i = 0; i < kAhead; ++i) greedy->send(more);
        } else if (request.path == "/turn") {
            most = std::max(most, std::exchange(since_turn, 0));
            if (asked < kRequests) modest->send(turn);
        } else {
            ++since_turn;
            if (++asked < kRequests) greedy->send(more);
            if (asked == kRequests) done.set();
        }
    });
    greedy = std::make_unique<RawClient>(server->port());
    modest = std::make_unique<RawClient>(server->port());
    ready = true;
    greedy->send("GET /begin HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(done.wait());
    server->stop();
    EXPECT_GE(asked, kRequests);
    EXPECT_GT(most, 0U);
    EXPECT_LE(most, 3 * (64U << 10) / kRequestBytes) << "requests of three reads";
}

TEST(Server, WhatARefusedConnectionStillSendsLeavesTurnsToOthers) {
    const std::string turn = "GET /turn HTTP/1.1\r\nHost: h\r\n\r\n";
    std::unique_ptr<RawClient> refused, modest;
    std::atomic<Server*> self{nullptr};
    std::size_t turns = 0;
    Signal done;
    auto server = start_server({}, [&](const Request& request, const Reply& reply) {
        const Server& serving = *self.load();  // and so are the clients there
        reply(Response{});
        if (request.path == "/begin") {  // on the loop's thread: all of it is there at once
            refused->send(std::string(1U << 20, 'x'));
            refused->end_writing();
        } else if (serving.stats().connections_open == 1) {
            done.set();
            return;
        } else {
            ++turns;
        }
        modest->send(turn);
    });
    refused = std::make_unique<RawClient>(server->port());
    modest = std::make_unique<RawClient>(server->port());
    refused->send("nonsense\r\n\r\n");
    EXPECT_THAT(refused->read_response(), StartsWith("HTTP/1.1 400 "));
    self = server.get();
    modest->send("GET /begin HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(done.wait());
    EXPECT_GE(turns, 4U) << "of sixteen reads";
}

TEST(Server, AUsedPortIsNamed) {
    auto server = start_server({}, echo);
    for (const unsigned workers : {1U, 2U}) {
        ServerOptions options;
        options.port = server->port();
        options.workers = workers;
        const auto second = Server::start(options, echo, nullptr);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, "address_in_use");
        EXPECT_EQ(second.error().message,
                  "address already in use: 127.0.0.1:" + std::to_string(server->port()));
    }
}

TEST(Server, RefusesBadOptions) {
    const auto where = [](const std::function<void(ServerOptions&)>& change) {
        ServerOptions options;
        change(options);
        const auto server = Server::start(options, echo, nullptr);
        return server ? "accepted" : server.error().where;
    };
    EXPECT_EQ(where([](ServerOptions& o) { o.address = "localhost"; }), "address");
    EXPECT_EQ(where([](ServerOptions& o) { o.address = "192.0.2.1"; }), "address");
    EXPECT_EQ(where([](ServerOptions& o) { o.workers = 0; }), "workers");
    EXPECT_EQ(where([](ServerOptions& o) { o.tls_key_file = "k"; }), "tls_key_file");
    EXPECT_EQ(where([](ServerOptions& o) { o.limits.header_seconds = 0; }), "limits");
}

TEST(Server, SaysWhenFilesAreTooFew) {
    auto fits = start_server({}, echo);
    EXPECT_EQ(fits->notice(), "");
    auto server =
        start_server(with_limits([](ServerLimits& l) { l.connections = 100'000'000; }), echo);
    EXPECT_THAT(server->notice(), HasSubstr("of 100000000 configured"));
}

TEST(Server, StopLetsRequestsUnderWayFinish) {
    Signal asked, stopping;
    std::atomic<Server*> self{nullptr};
    auto server = start_server({}, [&](Request request, Reply reply) {
        self.load()->offload([&, request, reply] {
            asked.set();
            EXPECT_TRUE(stopping.wait());
            echo(request, reply);
        });
    });
    self = server.get();
    RawClient busy(server->port()), idle(server->port());
    busy.send(kGet);
    ASSERT_TRUE(asked.wait());
    std::thread stopper([&] { server->stop(); });
    EXPECT_EQ(idle.read_to_end(), "");  // shows that stopping has begun
    stopping.set();
    EXPECT_THAT(busy.read_to_end(), EndsWith("GET /x "));
    stopper.join();
    server->stop();
}

}  // namespace
}  // namespace astro::net

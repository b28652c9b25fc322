#include "foundation/net/jsonrpc.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "foundation/net/jsonrpc_answer.hpp"
#include "foundation/net/net_test_support.hpp"

namespace astro::net {
namespace {

using namespace test;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Answers each request with the next of `script`; the last one stays.
class ScriptedNode {
  public:
    explicit ScriptedNode(std::vector<std::string> script) : script_(std::move(script)) {
        server_ =
            start_server({}, [this](Request request, Reply reply) { answer(request, reply); });
    }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_->port()) + "/";
    }
    std::atomic<int> calls{0};

  private:
    void answer(const Request& request, const Reply& reply) {
        const auto call = static_cast<std::size_t>(calls++);
        const std::string& step = script_[std::min(call, script_.size() - 1)];
        const auto id_at = request.body.find("\"id\":") + 5;
        const std::string id = request.body.substr(id_at, request.body.find(',', id_at) - id_at);
        if (step == "ok") {
            reply(json_response(R"({"jsonrpc":"2.0","result":{"slot":7},"id":)" + id + "}"));
        } else if (step.starts_with("rpc ")) {
            reply(json_response(R"({"jsonrpc":"2.0","error":{"code":)" + step.substr(4) +
                                R"(,"message":"the node says no"},"id":)" + id + "}"));
        } else if (step.starts_with("retry-after ")) {
            Response response = json_response("{}", 429);
            response.headers.add("retry-after", step.substr(12));
            reply(std::move(response));
        } else if (step.starts_with("status ")) {
            reply(json_response("<html>sorry</html>", std::stoi(step.substr(7))));
        } else {
            reply(json_response(step));
        }
    }

    std::vector<std::string> script_;
    std::unique_ptr<Server> server_;
};

class JsonRpcTest : public testing::Test {
  protected:
    std::unique_ptr<JsonRpcClient> make(std::vector<std::string> urls, std::uint64_t seed = 1) {
        return JsonRpcClient::make(std::move(urls), policy_, options_, clock_, seed).value();
    }
    [[nodiscard]] std::int64_t elapsed_ms() const { return clock_.now().value() / 1'000'000; }

    VirtualClock clock_;
    RetryPolicy policy_;
    ClientOptions options_;
};

TEST_F(JsonRpcTest, ReturnsTheWholeDocument) {
    ScriptedNode node({"ok"});
    auto client = make({node.url()});
    EXPECT_EQ(*client->call("getSlot", "[]"), R"({"jsonrpc":"2.0","result":{"slot":7},"id":1})");
    EXPECT_EQ(*client->call("getSlot", "[]"), R"({"jsonrpc":"2.0","result":{"slot":7},"id":2})");
    EXPECT_EQ(elapsed_ms(), 0);
    const auto health = client->health().at(0);
    EXPECT_EQ(health.state, "closed");
    EXPECT_EQ(health.calls, 2U);
    EXPECT_EQ(health.failures, 0U);
}

TEST_F(JsonRpcTest, BacksOffExponentiallyWithJitter) {
    ScriptedNode node({"status 503", "status 502", "status 500", "status 503", "ok"});
    auto client = make({node.url()});
    ASSERT_TRUE(client->call("getSlot", "[]"));
    EXPECT_EQ(node.calls, 5);
    // Four waits, each uniform in [half, whole] of 100, 200, 400, 800 ms.
    EXPECT_GE(elapsed_ms(), 750);
    EXPECT_LE(elapsed_ms(), 1500);
}

TEST_F(JsonRpcTest, TheSameSeedWaitsTheSame) {
    const auto waited = [&](std::uint64_t seed) {
        ScriptedNode node({"status 503"});
        const auto begin = clock_.now();
        EXPECT_FALSE(make({node.url()}, seed)->call("getSlot", "[]"));
        return (clock_.now() - begin).value();
    };
    EXPECT_EQ(waited(7), waited(7));
    EXPECT_NE(waited(7), waited(8));
}

TEST_F(JsonRpcTest, GivesUpAfterItsAttempts) {
    policy_.attempts = 3;
    ScriptedNode node({"status 500"});
    auto client = make({node.url()});
    const auto error = client->call("getSlot", "[]").error();
    EXPECT_EQ(error.code, "unavailable");
    EXPECT_THAT(error.message, HasSubstr("500 Internal Server Error"));
    EXPECT_EQ(node.calls, 3);
}

TEST_F(JsonRpcTest, FailsOverAtOnceAndInOrder) {
    ScriptedNode first({"status 500"}), second({"ok"});
    auto client = make({first.url(), second.url()});
    ASSERT_TRUE(client->call("getSlot", "[]"));
    EXPECT_EQ(elapsed_ms(), 0) << "no wait before another endpoint";
    EXPECT_EQ(first.calls, 1);
    EXPECT_EQ(second.calls, 1);
}

TEST_F(JsonRpcTest, TheBreakerOpensRestsAndTriesAgain) {
    policy_.breaker_failures = 3;
    ScriptedNode first({"status 500", "status 500", "status 500", "ok"}), second({"ok"});
    auto client = make({first.url(), second.url()});
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(client->call("getSlot", "[]"));
    EXPECT_EQ(first.calls, 3);
    EXPECT_EQ(client->health()[0].state, "open");
    EXPECT_THAT(client->health()[0].last_error, HasSubstr("500"));
    clock_.advance(seconds(10));
    EXPECT_EQ(client->health()[0].state, "half_open");
    ASSERT_TRUE(client->call("getSlot", "[]"));
    EXPECT_EQ(first.calls, 4);
    EXPECT_EQ(client->health()[0].state, "closed");
    EXPECT_EQ(second.calls, 6);
}

TEST_F(JsonRpcTest, AnOpenBreakerFailsFast) {
    policy_.breaker_failures = 2;
    policy_.attempts = 2;
    ScriptedNode node({"status 500"});
    auto client = make({node.url()});
    EXPECT_FALSE(client->call("getSlot", "[]"));
    const auto before = clock_.now();
    EXPECT_EQ(client->call("getSlot", "[]").error().code, "unavailable");
    EXPECT_EQ(node.calls, 2);
    EXPECT_EQ(clock_.now(), before);
}

TEST_F(JsonRpcTest, RetryAfterIsKept) {
    ScriptedNode node({"retry-after 3", "ok"});
    auto client = make({node.url()});
    ASSERT_TRUE(client->call("getSlot", "[]"));
    EXPECT_GE(elapsed_ms(), 3000);
    EXPECT_LE(elapsed_ms(), 3100);
    EXPECT_EQ(client->health()[0].rate_limited, 1U);
    EXPECT_EQ(client->health()[0].failures, 0U);
}

TEST_F(JsonRpcTest, ALongRetryAfterEndsTheCallAndSaysHowLong) {
    ScriptedNode node({"retry-after 3600"});
    auto client = make({node.url()});
    const auto error = client->call("getSlot", "[]").error();
    EXPECT_EQ(error.code, "rate_limited");
    EXPECT_EQ(error.where, "3600");
    EXPECT_EQ(node.calls, 1);
    EXPECT_EQ(elapsed_ms(), 0);
    EXPECT_EQ(client->call("getSlot", "[]").error().code, "unavailable");
    EXPECT_EQ(node.calls, 1);
}

TEST_F(JsonRpcTest, RateLimitsToTheEnd) {
    ScriptedNode node({"retry-after 1"});
    const auto error = make({node.url()})->call("getSlot", "[]").error();
    EXPECT_EQ(error.code, "rate_limited");
    EXPECT_EQ(node.calls, 5);
    ScriptedNode inside({"rpc 429", "ok"});
    EXPECT_TRUE(make({inside.url()})->call("getSlot", "[]"));
    EXPECT_EQ(inside.calls, 2);
}

TEST_F(JsonRpcTest, ErrorsOfTheNodeAreFinalUnlessTheyMeanLater) {
    for (const char* final : {"-32007", "-32009", "-32601", "-32602", "-32001", "-32015"}) {
        ScriptedNode node({std::string("rpc ") + final});
        const auto error = make({node.url()})->call("getBlock", "[5]").error();
        EXPECT_EQ(error.code, "rpc_error");
        EXPECT_EQ(error.where, final);
        EXPECT_EQ(error.message, "the node says no");
        EXPECT_EQ(node.calls, 1) << final;
    }
    for (const char* later : {"-32004", "-32005", "-32014", "-32016"}) {
        ScriptedNode node({std::string("rpc ") + later, "ok"});
        EXPECT_TRUE(make({node.url()})->call("getBlock", "[5]"));
        EXPECT_EQ(node.calls, 2) << later;
        ScriptedNode never({std::string("rpc ") + later});
        const auto error = make({never.url()})->call("getBlock", "[5]").error();
        EXPECT_EQ(error.where, later);
        EXPECT_EQ(never.calls, 5);
    }
}

TEST_F(JsonRpcTest, ABlockThatIsNotThereYetDoesNotSpeakAgainstItsNode) {
    ScriptedNode node({"rpc -32004"});
    auto client = make({node.url()});
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(client->call("getBlock", "[5]"));
    EXPECT_EQ(client->health()[0].state, "closed");
    ScriptedNode behind({"rpc -32005"});
    auto other = make({behind.url()});
    EXPECT_FALSE(other->call("getBlock", "[5]"));
    EXPECT_EQ(other->health()[0].state, "open");
}

TEST_F(JsonRpcTest, WhatIsNotJsonRpcIsRefusedAndTriedElsewhere) {
    for (const char* body :
         {"<html>nginx</html>", "", "{", R"({"jsonrpc":"2.0","result":{},"id":77})", "[]", "null",
          R"({"jsonrpc":"2.0","id":1})", R"({"jsonrpc":"2.0","result":{"a":)", "\xFF\xFE"}) {
        policy_.attempts = 2;
        ScriptedNode bad({body}), good({"ok"});
        const auto error = make({bad.url()})->call("getSlot", "[]").error();
        EXPECT_EQ(error.code, "bad_response") << body;
        EXPECT_TRUE(make({bad.url(), good.url()})->call("getSlot", "[]")) << body;
    }
}

TEST_F(JsonRpcTest, AnswersInAnyOrderOfMembers) {
    for (const char* body :
         {R"({"id":1,"jsonrpc":"2.0","result":[1]})", R"( { "result" : null , "id" : 1 } )",
          R"({"result":{"id":5,"error":{}},"error":null,"id":1,"jsonrpc":"2.0"})",
          R"({"jsonrpc":"2.0","id":1,"result":"}"})"}) {
        ScriptedNode node({body});
        EXPECT_TRUE(make({node.url()})->call("x", "[]")) << body;
    }
}

TEST_F(JsonRpcTest, SilentSocketsAndTruncatedBodiesFailOver) {
    RawServer silent([](int socket, int) { RawServer::wait_for_end(socket); });
    RawServer cut([](int socket, int) {
        RawServer::read_request(socket);
        RawServer::write(socket, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"jsonrpc\"");
    });
    ScriptedNode good({"ok"});
    options_.request_timeout = milliseconds(50);
    auto client = make({silent.url(), cut.url(), good.url()});
    ASSERT_TRUE(client->call("getSlot", "[]"));
    const auto health = client->health();
    EXPECT_EQ(health[0].failures, 1U);
    EXPECT_EQ(health[1].failures, 1U);
    EXPECT_EQ(health[2].failures, 0U);

    policy_.attempts = 1;
    const auto error = make({cut.url()})->call("sendTransaction", "[]").error();
    EXPECT_EQ(error.code, "unavailable");
    EXPECT_EQ(error.kind, ErrorKind::unknown) << "the request was sent";
}

TEST_F(JsonRpcTest, AnswersThatAreTooLargeAreNotAskedForAgain) {
    ScriptedNode node({"\"" + std::string(5000, 'x') + "\""});
    options_.response_bytes = 1000;
    EXPECT_EQ(make({node.url()})->call("x", "[]").error().code, "bad_response");
    EXPECT_EQ(node.calls, 1);
}

TEST_F(JsonRpcTest, CallsRunSideBySide) {
    constexpr int kCalls = 4;
    std::mutex mutex;
    std::vector<std::pair<std::string, Reply>> waiting;
    auto server = start_server({}, [&](Request request, Reply reply) {
        const std::lock_guard lock(mutex);
        const auto at = request.body.find("\"id\":") + 5;
        waiting.emplace_back(request.body.substr(at, request.body.find(',', at) - at),
                             std::move(reply));
        if (waiting.size() < kCalls) return;  // nobody is answered before all have asked
        for (auto& [id, answer] : waiting)
            answer(json_response(R"({"jsonrpc":"2.0","result":)" + id + R"(,"id":)" + id + "}"));
    });
    auto client = make({"http://127.0.0.1:" + std::to_string(server->port())});
    std::vector<std::thread> callers;
    std::atomic<int> answered{0};
    for (int i = 0; i < kCalls; ++i)
        callers.emplace_back([&] { answered += client->call("x", "[]").has_value(); });
    for (auto& caller : callers) caller.join();
    EXPECT_EQ(answered, kCalls);
}

TEST_F(JsonRpcTest, InterruptEndsRunningAndLaterCalls) {
    Signal asked;
    RawServer silent([&](int socket, int) {
        RawServer::read_request(socket);
        asked.set();
        RawServer::wait_for_end(socket);
    });
    auto client = make({silent.url()});
    std::thread breaker([&] {
        EXPECT_TRUE(asked.wait());
        client->interrupt();
    });
    EXPECT_EQ(client->call("x", "[]").error().code, "interrupted");
    breaker.join();
    EXPECT_EQ(client->call("x", "[]").error().code, "interrupted");
}

TEST_F(JsonRpcTest, RefusesBadOptions) {
    const auto code = [&](std::vector<std::string> urls) {
        return JsonRpcClient::make(std::move(urls), policy_, options_, clock_, 1).error().code;
    };
    EXPECT_EQ(code({}), "bad_option");
    EXPECT_EQ(code({"ftp://x"}), "bad_url");
    EXPECT_EQ(code({"wss://x"}), "bad_url");
}

TEST(JsonRpcAnswer, UrlsAreShownWithoutSecrets) {
    const auto shown = [](std::string_view url) { return displayed_url(parse_url(url).value()); };
    EXPECT_EQ(shown("https://u:p@node.example:8899/?api-key=1"), "https://node.example:8899");
    EXPECT_EQ(shown("https://x.example/v2/0123456789abcdef0123456789"), "https://x.example/v2/***");
    EXPECT_EQ(shown("http://x.example/rpc?key=1"), "http://x.example/rpc");
}

TEST(JsonRpcAnswer, RetryAfterIsSecondsOrADate) {
    EXPECT_EQ(parse_retry_after("120", 0), 120);
    EXPECT_EQ(parse_retry_after("Fri, 31 Dec 1999 23:59:59 GMT", 946684789), 10);
    EXPECT_EQ(parse_retry_after("Fri, 31 Dec 1999 23:59:59 GMT", 946684900), 0);
    EXPECT_EQ(parse_retry_after("-1", 0), std::nullopt);
    EXPECT_EQ(parse_retry_after("soon", 0), std::nullopt);
    EXPECT_EQ(parse_retry_after("", 0), std::nullopt);
}

}  // namespace
}  // namespace astro::net

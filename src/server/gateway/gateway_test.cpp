#include "server/gateway/gateway.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "foundation/net/client.hpp"

namespace astro::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Route route(std::string path, bool blocking, std::function<Result<net::Response>(const Call&)> f) {
    return {.path = std::move(path),
            .summary = {},
            .parameters = {{.name = "q"}},
            .blocking = blocking,
            .handler = std::move(f)};
}

/// The whole surface on a loopback port, with routes of our own.
class Gateways : public ::testing::Test {
  protected:
    Gateways() {
        bus->declare("s", 1, 0);
        declare_gateway_metrics(metrics);
        std::vector<Route> routes;
        routes.push_back(route("/api/long", true, [](const Call&) -> Result<net::Response> {
            return net::json_response("\"" + std::string(5'000, 'x') + "\"");
        }));
        routes.push_back(route("/api/quick", false, [](const Call& call) -> Result<net::Response> {
            return net::json_response("\"" + std::string(call.text("q").value_or("none")) + "\"");
        }));
        routes.push_back(route("/api/busy", true, [](const Call&) -> Result<net::Response> {
            return unavailable("store_busy", "inner detail", "/inner/path");
        }));
        routes.push_back(route("/api/throws", true, [](const Call&) -> Result<net::Response> {
            throw std::runtime_error("inner detail");
        }));
        Route spoken = route("/other/thing", true, [](const Call&) -> Result<net::Response> {
            return refusal("inner_code", "inner words");
        });
        spoken.dialect = std::make_shared<const Dialect>(Dialect{
            "/other/",
            [](const Error& error, const net::Request&) {
                return net::json_response("{\"said\":\"" + std::string(error.code) + "\"}", 418);
            },
            {}});
        routes.push_back(std::move(spoken));
        auto started = Gateway::start(options(), std::move(routes),
                                      {{.stream = "s", .summary = {}}}, *bus, clock, metrics);
        EXPECT_TRUE(started);
        gateway = std::move(*started);
        client = net::HttpClient::make(net::parse_url(url()).value()).value();
    }
    ~Gateways() override { gateway->stop(); }

    /// Says back what it hears.
    struct Echo final : net::WebSocketHandler {
        void on_open(std::shared_ptr<net::WebSocket> opened) override {
            socket = std::move(opened);
        }
        void on_text(std::string_view text) override {
            socket->send(std::make_shared<const std::string>(text));
        }
        void on_close() override {}
        std::shared_ptr<net::WebSocket> socket;
    };
    static GatewayOptions options() {
        GatewayOptions out;
        out.log_requests = false;
        out.endpoints.push_back(
            {.paths = {"/echo"},
             .accept = [](const net::Request&, const Endpoint::Client& who) -> net::Upgrade {
                 EXPECT_TRUE(who.access);
                 return std::make_unique<Echo>();
             }});
        return out;
    }
    std::string url(const std::string& scheme = "http") const {
        return scheme + "://127.0.0.1:" + std::to_string(gateway->port());
    }
    net::Response ask(const std::string& target, const std::string& method = "GET",
                      std::vector<std::pair<std::string, std::string>> headers = {}) {
        net::Request request;
        request.method = method;
        request.target = target;
        for (auto& [name, value] : headers) request.headers.set(name, value);
        auto response = client->request(request);
        EXPECT_TRUE(response) << target << ": " << response.error().text();
        return response ? std::move(*response) : net::Response{};
    }
    static std::string header(const net::Response& response, std::string_view name) {
        return std::string(response.headers.find(name).value_or(""));
    }

    SystemClock clock;
    Metrics metrics;
    std::unique_ptr<Bus> bus = make_bus();
    std::unique_ptr<Gateway> gateway;
    std::unique_ptr<net::HttpClient> client;
};

TEST_F(Gateways, ADialectRefusesInItsOwnWordsAlsoWhereNothingIs) {
    EXPECT_EQ(ask("/other/thing").text(), R"({"said":"inner_code"})");
    EXPECT_EQ(ask("/other/thing?made=up").text(), R"({"said":"inner_code"})")
        << "the dialect looks at its parameters itself";
    const auto nowhere = ask("/other/nowhere");
    EXPECT_EQ(nowhere.status, 404);
    EXPECT_EQ(nowhere.text(), R"({"said":"no_such_route"})");
    const auto wrong = ask("/other/thing", "DELETE");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.text(), R"({"said":"method_not_allowed"})");
    EXPECT_THAT(header(wrong, "allow"), HasSubstr("GET"));
}

TEST_F(Gateways, AnEndpointIsAWebSocketAtItsPathAndBelow) {
    for (const char* path : {"/echo", "/echo/0"}) {
        EXPECT_EQ(ask(path).status, 426) << path;
        auto socket =
            net::WebSocketClient::connect(net::parse_url(url("ws") + path).value()).value();
        EXPECT_TRUE(socket->send("hello"));
        const auto heard = socket->receive(seconds(60));
        ASSERT_TRUE(heard && *heard) << path;
        EXPECT_EQ(**heard, "hello");
    }
    EXPECT_NE(ask("/echoes").status, 426);
}

TEST_F(Gateways, EveryAnswerCarriesItsIdAndTheSecurityHeaders) {
    for (const char* target :
         {"/api/quick", "/api/long", "/api/nothing", "/api/quick?z=1", "/", "/x.js", "/ws/live"}) {
        const auto answer = ask(target, "GET", {{"X-Request-Id", "abc-123"}});
        EXPECT_EQ(header(answer, "x-request-id"), "abc-123") << target;
        EXPECT_EQ(header(answer, "x-content-type-options"), "nosniff") << target;
        EXPECT_THAT(header(answer, "content-security-policy"), HasSubstr("default-src 'none'"));
    }
    EXPECT_EQ(header(ask("/api/quick"), "cache-control"), "no-store");
    EXPECT_NE(header(ask("/api/quick"), "x-request-id"), "");
}

TEST_F(Gateways, HeadSaysWhatGetWouldWithoutTheBody) {
    const auto get = ask("/api/quick?q=abc"), head = ask("/api/quick?q=abc", "HEAD");
    EXPECT_EQ(get.text(), "\"abc\"");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.text(), "");
    EXPECT_EQ(header(head, "content-length"), header(get, "content-length"));
    EXPECT_EQ(ask("/api/quick").text(), "\"none\"") << "the connection is in step";
}

TEST_F(Gateways, LongAnswersAreCompressedForThoseWhoTakeIt) {
    const auto small = ask("/api/long", "GET", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(header(small, "content-encoding"), "gzip");
    EXPECT_LT(small.text().size(), 1'000U);
    EXPECT_EQ(ask("/api/long").text().size(), 5'002U);
}

TEST_F(Gateways, FailuresInsideTellStrangersNothing) {
    const auto busy = ask("/api/busy");
    EXPECT_EQ(busy.status, 503);
    EXPECT_EQ(header(busy, "retry-after"), "1");
    EXPECT_THAT(std::string(busy.text()), HasSubstr("store_busy"));
    EXPECT_THAT(std::string(busy.text()), Not(HasSubstr("inner")));
    const auto thrown = ask("/api/throws");
    EXPECT_EQ(thrown.status, 500);
    EXPECT_THAT(std::string(thrown.text()), Not(HasSubstr("inner")));
    EXPECT_EQ(ask("/api/quick").status, 200);
}

TEST_F(Gateways, CountsRequestsByRouteNotByPath) {
    for (int i = 0; i < 3; ++i) (void)ask("/api/nothing" + std::to_string(i));
    (void)ask("/api/quick?q=1");
    (void)ask("/some/page");
    const std::string text(ask("/metrics").text());
    EXPECT_THAT(text,
                HasSubstr(R"(astrolabe_http_requests_total{route="refused",status="404"} 3)"));
    EXPECT_THAT(text,
                HasSubstr(R"(astrolabe_http_requests_total{route="/api/quick",status="200"} 1)"));
    EXPECT_THAT(text, HasSubstr(R"(route="terminal",status="404"} 1)"));
    EXPECT_THAT(text, Not(HasSubstr("nothing")));
}

TEST_F(Gateways, AWebSocketIsAcceptedOnItsPathOnly) {
    const auto live = net::WebSocketClient::connect(net::parse_url(url("ws") + "/ws/live").value());
    ASSERT_TRUE(live) << live.error().text();
    const auto welcome = (*live)->receive(seconds(20));
    ASSERT_TRUE(welcome && *welcome);
    EXPECT_THAT(**welcome, HasSubstr(R"("type":"welcome")"));
    for (const char* path : {"/ws", "/ws/live/", "/api/quick"})
        EXPECT_FALSE(net::WebSocketClient::connect(net::parse_url(url("ws") + path).value()));
    const auto plain = ask("/ws/live");
    EXPECT_EQ(plain.status, 426);
    EXPECT_EQ(header(plain, "upgrade"), "websocket");
}

TEST_F(Gateways, APortThatIsTakenIsSaid) {
    auto second = options();
    second.server.port = gateway->port();
    Metrics other;
    declare_gateway_metrics(other);
    const auto started = Gateway::start(second, {}, {}, *bus, clock, other);
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().text(), HasSubstr(std::to_string(gateway->port())));
}

TEST_F(Gateways, StoppingTwiceIsStoppingOnce) {
    gateway->stop();
    gateway->stop();
    EXPECT_FALSE(client->request({}));
}

}  // namespace
}  // namespace astro::gateway

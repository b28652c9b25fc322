#include "server/gateway/access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "foundation/net/client.hpp"
#include "server/gateway/gateway.hpp"

namespace astro::gateway {
namespace {

using ::testing::HasSubstr;

/// "authorization: NAME" is who calls; "slow" is known only to the store; "nobody" is unknown.
class NamedAccess final : public Access {
  public:
    std::optional<Admission> admit_at_once(const net::Request& request,
                                           const Route& route) override {
        if (request.headers.find("authorization").value_or("") == "slow") return std::nullopt;
        return admit(request, route);
    }
    Admission admit(const net::Request& request, const Route& route) override {
        Admission out;
        out.caller.user = request.headers.find("authorization").value_or("");
        out.headers = {{"RateLimit-Remaining", std::to_string(route.weight)}};
        if (out.caller.user == "nobody")
            out.refusal = unauthenticated("token_invalid", "who is that").error;
        else if (route.permission != kPublicPermission && out.caller.user.empty())
            out.refusal = unauthenticated("sign_in_needed", "sign in first").error;
        else if (route.permission == "exchange.trade" && out.caller.user != "trader")
            out.refusal = forbidden("permission_missing", "needs exchange.trade").error;
        if (out.caller.user == "hasty") {
            out.refusal = limited("rate_limited", "too many requests").error;
            out.headers.emplace_back("Retry-After", "7");
        }
        return out;
    }
    Admission admit_caller(const Caller& caller, const net::Request& request,
                           const Route& route) override {
        net::Request again = request;
        again.headers.set("authorization", caller.user);
        return admit(again, route);
    }
    bool may_follow(const Caller& caller, const Channel& channel) override {
        return channel.permission == kPublicPermission || caller.user == "trader";
    }
    Connection connect(const net::Request& request) override {
        Connection out;
        out.admission = admit(request, {.path = "/ws/live", .summary = {}});
        out.subscriptions_max = 1;
        out.released = open_;
        return out;
    }
    [[nodiscard]] long connections() const { return open_.use_count() - 1; }

  private:
    std::shared_ptr<int> open_ = std::make_shared<int>();
};

struct AccessTest : ::testing::Test {
    AccessTest() {
        for (const char* stream : {"open", "also.open", "orders"}) bus->declare(stream, 1, 0);
        declare_gateway_metrics(metrics);
        GatewayOptions options;
        options.log_requests = false;
        options.access = access;
        options.cors = {"https://app.example"};
        const auto handler = [](const Call& call) -> Result<net::Response> {
            return net::json_response("\"" + call.caller().user + "\"");
        };
        const std::vector<Route> routes = {
            {.path = "/api/open", .summary = {}, .parameters = {{.name = "q"}}, .handler = handler},
            {.path = "/api/orders",
             .summary = {},
             .parameters = {{.name = "q"}},
             .permission = "exchange.trade",
             .weight = 5,
             .blocking = false,
             .handler = handler}};
        gateway = Gateway::start(std::move(options), routes,
                                 {{.stream = "open", .summary = {}},
                                  {.stream = "also.open", .summary = {}},
                                  {.stream = "orders", .summary = {}, .permission = "x.read"}},
                                 *bus, clock, metrics)
                      .value();
        client = net::HttpClient::make(net::parse_url(url("http")).value()).value();
    }
    ~AccessTest() override { gateway->stop(); }
    std::string url(const std::string& scheme) const {
        return scheme + "://127.0.0.1:" + std::to_string(gateway->port());
    }
    net::Response ask(const std::string& target, const std::string& user) {
        net::Request request;
        request.target = target;
        if (!user.empty()) request.headers.set("authorization", user);
        return client->request(request).value();
    }
    /// Status and code or body of an answer.
    std::string brief(const std::string& target, const std::string& user) {
        const auto answer = ask(target, user);
        const std::string text(answer.text());
        const auto code = text.find("\"code\":\"");
        const auto start = code == std::string::npos ? 1 : code + 8;
        const auto end = text.find('"', start);
        return std::to_string(answer.status) + " " + text.substr(start, end - start);
    }

    SystemClock clock;
    Metrics metrics;
    std::unique_ptr<Bus> bus = make_bus();
    std::shared_ptr<NamedAccess> access = std::make_shared<NamedAccess>();
    std::unique_ptr<Gateway> gateway;
    std::unique_ptr<net::HttpClient> client;
};

TEST_F(AccessTest, TheHandlerKnowsItsCallerAndOthersNeverReachIt) {
    EXPECT_EQ(brief("/api/open", "ada"), "200 ada");
    EXPECT_EQ(brief("/api/open", "slow"), "200 slow") << "asked on the pool";
    EXPECT_EQ(brief("/api/open", "nobody"), "401 token_invalid");
    EXPECT_EQ(brief("/api/orders", ""), "401 sign_in_needed");
    EXPECT_EQ(brief("/api/orders", "ada"), "403 permission_missing");
    EXPECT_EQ(brief("/api/orders", "slow"), "403 permission_missing");
    EXPECT_EQ(brief("/api/orders", "trader"), "200 trader");
    EXPECT_EQ(brief("/metrics", "nobody"), "401 token_invalid");
}

TEST_F(AccessTest, ParametersAreJudgedForThoseWhoMayCall) {
    EXPECT_EQ(brief("/api/orders?z=1", "ada"), "403 permission_missing");
    EXPECT_EQ(brief("/api/orders?z=1", "trader"), "400 unknown_parameter");
}

TEST_F(AccessTest, BudgetsAreToldWithEveryAnswer) {
    EXPECT_EQ(ask("/api/orders", "trader").headers.find("ratelimit-remaining").value_or(""), "5");
    const auto refused = ask("/api/open", "hasty");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.headers.find("retry-after").value_or(""), "7");
    EXPECT_EQ(ask("/api/orders", "").headers.find("www-authenticate").value_or(""), "Bearer");
}

TEST_F(AccessTest, WithoutAccountsOnlyWhatIsPublicIsServed) {
    const auto open = make_open_access();
    EXPECT_FALSE(open->admit({}, {.path = "/", .summary = {}}).refusal);
    const auto refused = open->admit({}, {.path = "/", .summary = {}, .permission = "x.read"});
    EXPECT_EQ(refused.refusal.value().code, "no_accounts");
    EXPECT_FALSE(open->may_follow({}, {.stream = "s", .summary = {}, .permission = "x.read"}));
}

TEST_F(AccessTest, AWebSocketFollowsWhatItsCallerMay) {
    const auto live = net::parse_url(url("ws") + "/ws/live").value();
    const auto stranger = net::WebSocketClient::connect(live).value();
    const auto next = [&] { return stranger->receive(seconds(30)).value().value(); };
    EXPECT_THAT(next(), HasSubstr("welcome"));
    EXPECT_EQ(access->connections(), 1);
    const auto subscribe = [&](const std::string& channel) {
        EXPECT_TRUE(stranger->send(R"({"op":"subscribe","id":1,"channel":")" + channel + "\"}"));
        return next();
    };
    EXPECT_THAT(subscribe("orders"), HasSubstr("permission_missing"));
    EXPECT_THAT(subscribe("open"), HasSubstr("subscribed"));
    EXPECT_THAT(subscribe("also.open"), HasSubstr("too_many_subscriptions"));
    EXPECT_THAT(subscribe("open"), HasSubstr("subscribed")) << "in place of the one before";
}

TEST_F(AccessTest, AForeignPageOpensNoWebSocket) {
    net::Request request;
    request.target = "/ws/live";
    request.headers.set("connection", "Upgrade");
    request.headers.set("upgrade", "websocket");
    request.headers.set("sec-websocket-version", "13");
    request.headers.set("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    request.headers.set("origin", "https://evil.example");
    const auto foreign = client->request(request).value();
    EXPECT_EQ(foreign.status, 403);
    EXPECT_THAT(std::string(foreign.text()), HasSubstr("foreign_origin"));
    request.headers.set("origin", url("http"));
    request.headers.set("authorization", "hasty");
    EXPECT_EQ(client->request(request).value().status, 429);
    EXPECT_EQ(access->connections(), 0);
}

TEST_F(AccessTest, OnlyAllowedPagesOfOtherSitesAreHelped) {
    net::Request request;
    request.target = "/api/open";
    request.headers.set("origin", "https://app.example");
    const auto header = [&](const net::Response& response, const char* name) {
        return std::string(response.headers.find(name).value_or(""));
    };
    EXPECT_EQ(header(client->request(request).value(), "access-control-allow-origin"),
              "https://app.example");
    request.headers.set("origin", "https://evil.example");
    EXPECT_EQ(header(client->request(request).value(), "access-control-allow-origin"), "");
    request.method = "POST";
    EXPECT_EQ(client->request(request).value().status, 403);
    request.headers.set("origin", "https://app.example");
    EXPECT_EQ(client->request(request).value().status, 405);
    request.method = "OPTIONS";
    request.headers.set("access-control-request-method", "GET");
    const auto preflight = client->request(request).value();
    EXPECT_EQ(preflight.status, 204);
    EXPECT_EQ(header(preflight, "access-control-allow-origin"), "https://app.example");
}

}  // namespace
}  // namespace astro::gateway

#include "server/gateway/live_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <set>

#include "foundation/net/client.hpp"
#include "server/gateway/gateway.hpp"

namespace astro::gateway {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// "authorization: NAME" of the handshake is who calls. Whoever is in `banned` has lost his rights.
class NamedAccess final : public Access {
  public:
    std::optional<Admission> admit_at_once(const net::Request& request,
                                           const Route& route) override {
        return admit(request, route);
    }
    Admission admit(const net::Request& request, const Route&) override {
        Admission out;
        out.caller.user = request.headers.find("authorization").value_or("");
        return out;
    }
    Admission admit_caller(const Caller& caller, const net::Request&, const Route& route) override {
        Admission out{caller, {{"RateLimit-Remaining", "7"}}, {}};
        const std::scoped_lock lock(mutex_);
        if (banned_.contains(caller.user))
            out.refusal = unauthenticated("session_ended", "sign in again").error;
        else if (route.permission != kPublicPermission && caller.user.empty())
            out.refusal = unauthenticated("sign_in_needed", "sign in first").error;
        return out;
    }
    bool may_follow(const Caller&, const Channel&) override { return true; }
    Connection connect(const net::Request& request) override {
        return {admit(request, {.path = "/ws/live", .summary = {}}), 10, {}};
    }
    void ban(const std::string& user) {
        const std::scoped_lock lock(mutex_);
        banned_.insert(user);
    }

  private:
    std::mutex mutex_;
    std::set<std::string> banned_;
};

/// What the routes have done, in order; some wait until they are let go.
class Deeds {
  public:
    void add(std::string deed) {
        const std::scoped_lock lock(mutex_);
        deeds_.push_back(std::move(deed));
        changed_.notify_all();
    }
    std::vector<std::string> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return deeds_.size() >= count; });
        return deeds_;
    }
    void hold() {
        const std::scoped_lock lock(mutex_);
        held_ = true;
    }
    void release() {
        const std::scoped_lock lock(mutex_);
        held_ = false;
        changed_.notify_all();
    }
    void wait_until_released() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return !held_; });
    }
    /// Of routes that have begun: answered by answer_all().
    void keep(Route::Done done) {
        const std::scoped_lock lock(mutex_);
        begun_.push_back(std::move(done));
    }
    void answer_all() {
        std::vector<Route::Done> begun;
        {
            const std::scoped_lock lock(mutex_);
            begun.swap(begun_);
        }
        for (auto& done : begun) done(net::json_response("{\"late\":true}", 201));
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> deeds_;
    std::vector<Route::Done> begun_;
    bool held_ = false;
};

struct LiveCalls : ::testing::Test {
    LiveCalls() { declare_gateway_metrics(metrics); }
    ~LiveCalls() override {
        deeds.release();
        gateway->stop();
        deeds.answer_all();
    }
    std::vector<Route> routes() {
        const auto told = [this](const Call& call) -> Result<net::Response> {
            deeds.add(call.request().method + " " + call.request().body);
            if (call.request().body.find("bad") != std::string::npos)
                return conflict("bad_order", "no such thing", "side");
            return net::json_response(
                "{\"user\":\"" + call.caller().user + "\",\"key\":\"" +
                std::string(call.request().headers.find("idempotency-key").value_or("")) + "\"}");
        };
        return {{.method = "POST",
                 .path = "/api/order",
                 .summary = {},
                 .body = json_document<std::vector<int>>(),
                 .permission = "x.trade",
                 .limit_class = RouteClass::write,
                 .handler = told},
                {.method = "POST",
                 .path = "/api/later",
                 .summary = {},
                 .permission = "x.trade",
                 .limit_class = RouteClass::write,
                 .blocking = false,
                 .begin =
                     [this](const std::shared_ptr<const Call>& call, Route::Done done) {
                         deeds.keep(std::move(done));  // first: who waits for the deed answers it
                         deeds.add("begin " + call->request().body);
                     }},
                {.method = "DELETE",
                 .path = "/api/orders/{account}",
                 .summary = {},
                 .parameters = {{.name = "account", .type = ParameterType::integer}},
                 .permission = "x.trade",
                 .limit_class = RouteClass::write,
                 .blocking = false,
                 .begin =
                     [this](const std::shared_ptr<const Call>& call, const Route::Done& done) {
                         deeds.add("cancel " + std::string(*call->text("account")) + " of " +
                                   call->caller().user);
                         done(net::json_response("{}"));
                     },
                 .at_close = true},
                {.path = "/api/held",
                 .summary = {},
                 .handler = [this](const Call&) -> Result<net::Response> {
                     deeds.wait_until_released();
                     return net::json_response("{}");
                 }},
                {.path = "/api/bytes",
                 .summary = {},
                 .handler = [](const Call&) -> Result<net::Response> {
                     net::Response out;
                     out.headers.set("content-type", "application/zip");
                     out.body = "PK\xff\xfe";
                     return out;
                 }}};
    }
    void start(CallLimits limits = {}) {
        GatewayOptions options;
        options.log_requests = false;
        options.access = access;
        options.live.calls = limits;
        options.server.offload_threads = 3;
        gateway = Gateway::start(std::move(options), routes(), {}, *bus, clock, metrics).value();
    }
    struct Socket {
        std::unique_ptr<net::WebSocketClient> client;
        void send(const std::string& text) const { EXPECT_TRUE(client->send(text)); }
        json::object next() const {
            const auto text = client->receive(seconds(20));
            EXPECT_TRUE(text && *text) << "nothing was sent";
            return text && *text ? json::parse(**text).as_object() : json::object{};
        }
        json::object ask(const std::string& text) const {
            send(text);
            return next();
        }
    };
    Socket connect(const std::string& user = "ada") const {
        net::ClientOptions options;
        options.handshake.set("authorization", user);
        Socket out{
            net::WebSocketClient::connect(
                net::parse_url("ws://127.0.0.1:" + std::to_string(gateway->port()) + "/ws/live")
                    .value(),
                options)
                .value()};
        EXPECT_EQ(out.next().at("type"), "welcome");
        return out;
    }
    static std::string call(int id, const std::string& method, const std::string& path,
                            const std::string& more = {}) {
        return R"({"op":"call","id":)" + std::to_string(id) + R"(,"method":")" + method +
               R"(","path":")" + path + "\"" + more + "}";
    }
    static std::string at_close(int id, int slot, const std::string& account) {
        return R"({"op":"at_close","id":)" + std::to_string(id) +
               ",\"slot\":" + std::to_string(slot) +
               (account.empty() ? "}"
                                : R"(,"method":"DELETE","path":"/api/orders/)" + account + "\"}");
    }

    SystemClock clock;
    Metrics metrics;
    Deeds deeds;
    std::unique_ptr<Bus> bus = make_bus();
    std::shared_ptr<NamedAccess> access = std::make_shared<NamedAccess>();
    std::unique_ptr<Gateway> gateway;
};

TEST_F(LiveCalls, AnsweredAsOverHttp) {
    start();
    const auto socket = connect();
    EXPECT_EQ(socket.ask(call(7, "POST", "/api/order", R"(,"body":[1],"idempotency_key":"k-1")")),
              json::parse(R"({"type":"answer","id":7,"status":200,
                              "body":{"user":"ada","key":"k-1"}})")
                  .as_object());
    const auto refused = socket.ask(call(8, "POST", "/api/order", R"(,"body":{"bad":1})"));
    EXPECT_EQ(refused.at("status"), 409);
    EXPECT_EQ(refused.at("body").at("code"), "bad_order");
    EXPECT_EQ(refused.at("body").at("where"), "side");
    const auto unknown = socket.ask(call(9, "GET", "/api/nothing"));
    EXPECT_EQ(unknown.at("status"), 404);
    EXPECT_EQ(unknown.at("body").at("code"), "no_such_route");
    EXPECT_EQ(socket.ask(call(10, "POST", "/api/order")).at("status"), 415) << "no body";
    EXPECT_EQ(socket.ask(call(11, "DELETE", "/api/orders/x")).at("body").at("code"),
              "bad_parameter");
    EXPECT_EQ(socket.ask(call(12, "GET", "/api/held?z=1")).at("body").at("code"),
              "unknown_parameter");
    EXPECT_EQ(socket.ask(call(13, "GET", "/api/held?z=%zz")).at("body").at("code"), "bad_escape");
    EXPECT_EQ(socket.ask(call(14, "GET", "/api/bytes")).at("body").at("code"), "not_text");
    EXPECT_THAT(metrics.text(), HasSubstr(R"(requests_total{route="/api/order",status="409"} 1)"));
}

TEST_F(LiveCalls, RightsAreAskedForEachCall) {
    start();
    EXPECT_EQ(connect("").ask(call(1, "POST", "/api/order", R"(,"body":[])")).at("status"), 401);
    const auto socket = connect();
    EXPECT_EQ(socket.ask(call(1, "POST", "/api/order", R"(,"body":[])")).at("status"), 200);
    access->ban("ada");
    EXPECT_EQ(socket.ask(call(2, "POST", "/api/order", R"(,"body":[])")).at("body").at("code"),
              "session_ended");
    EXPECT_EQ(socket.ask(at_close(3, 0, "1")).at("status"), 401);
    EXPECT_THAT(deeds.wait_for(1), ElementsAre("POST []"));
}

TEST_F(LiveCalls, ChangesAreDoneInTheOrderSentThoughTheyAreAnsweredLater) {
    start();
    const auto socket = connect();
    std::vector<std::string> expected;
    for (int i = 0; i < 60; ++i) {
        const std::string body = "[" + std::to_string(i) + "]";
        const bool later = i % 3 != 0;
        socket.send(call(i, "POST", later ? "/api/later" : "/api/order", ",\"body\":" + body));
        expected.push_back((later ? "begin " : "POST ") + body);
    }
    EXPECT_EQ(deeds.wait_for(60), expected) << "none waits for the answers of those begun";
    deeds.answer_all();
    std::set<std::int64_t> answered;
    for (int i = 0; i < 60; ++i) answered.insert(socket.next().at("id").as_int64());
    EXPECT_EQ(answered.size(), 60U);
}

TEST_F(LiveCalls, ReadsDoNotWaitForEachOther) {
    start();
    deeds.hold();
    const auto socket = connect();
    socket.send(call(1, "GET", "/api/held"));
    EXPECT_EQ(socket.ask(call(2, "GET", "/api/bytes")).at("id"), 2);
    deeds.release();
    EXPECT_EQ(socket.next().at("id"), 1);
}

TEST_F(LiveCalls, MoreThanTheBoundAreRefusedAndTheConnectionLives) {
    start({.outstanding_max = 2});
    const auto socket = connect();
    socket.send(call(1, "POST", "/api/later", R"(,"body":[1])"));
    socket.send(call(2, "POST", "/api/later", R"(,"body":[2])"));
    (void)deeds.wait_for(2);
    const auto refused = socket.ask(call(3, "POST", "/api/later", R"(,"body":[3])"));
    EXPECT_EQ(refused.at("id"), 3);
    EXPECT_EQ(refused.at("status"), 429);
    EXPECT_EQ(refused.at("retry_after"), "1");
    EXPECT_EQ(refused.at("body").at("code"), "too_many_calls");
    deeds.answer_all();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(socket.next().at("status"), 201);
    EXPECT_EQ(socket.ask(call(4, "POST", "/api/order", R"(,"body":[])")).at("status"), 200);
}

TEST_F(LiveCalls, CallsComeFasterThanTheirRateAreRefused) {
    start({.calls_per_second = 0.001, .calls_burst = 2});
    const auto socket = connect();
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(socket.ask(call(i, "POST", "/api/order", R"(,"body":[])")).at("status"), 200);
    EXPECT_EQ(socket.ask(call(2, "POST", "/api/order", R"(,"body":[])")).at("status"), 429);
}

TEST_F(LiveCalls, WhatIsLeftBehindIsDoneWhenTheConnectionEnds) {
    start();
    {
        const auto socket = connect();
        EXPECT_EQ(socket.ask(at_close(1, 0, "10")),
                  json::parse(R"({"type":"at_close","id":1,"calls":1})").as_object());
        EXPECT_EQ(socket.ask(at_close(2, 3, "11")).at("calls"), 2);
        EXPECT_EQ(socket.ask(at_close(3, 0, "12")).at("calls"), 2) << "replaced";
        EXPECT_EQ(socket.ask(at_close(4, 3, "")).at("calls"), 1) << "taken away";
        // Whoever loses his rights meanwhile loses not the safety that he had.
        access->ban("ada");
    }
    EXPECT_THAT(deeds.wait_for(1), ElementsAre("cancel 12 of ada"));
}

TEST_F(LiveCalls, OnlyWhatCancelsMayBeLeftBehind) {
    start();
    const auto socket = connect();
    const auto refused =
        socket.ask(R"({"op":"at_close","id":1,"method":"POST","path":"/api/order","body":[1]})");
    EXPECT_EQ(refused.at("body").at("code"), "not_at_close");
    EXPECT_EQ(socket.ask(at_close(2, 0, "x")).at("body").at("code"), "bad_parameter");
    EXPECT_EQ(socket.ask(at_close(3, 8, "1")).at("code"), "bad_message");
}

TEST_F(LiveCalls, WhatIsLeftBehindComesAfterWhatHadBegunAndInsteadOfWhatHadNot) {
    start();
    deeds.hold();
    {
        const auto socket = connect();
        EXPECT_EQ(socket.ask(at_close(1, 0, "10")).at("calls"), 1);
        socket.send(call(2, "POST", "/api/order", R"(,"body":[1])"));
        (void)deeds.wait_for(1);
    }
    EXPECT_THAT(deeds.wait_for(2), ElementsAre("POST [1]", "cancel 10 of ada"));
}

TEST_F(LiveCalls, StoppingTheServerEndsConnectionsToo) {
    start();
    const auto socket = connect();
    EXPECT_EQ(socket.ask(at_close(1, 0, "10")).at("calls"), 1);
    gateway->stop();
    EXPECT_THAT(deeds.wait_for(1), ElementsAre("cancel 10 of ada"));
}

}  // namespace
}  // namespace astro::gateway

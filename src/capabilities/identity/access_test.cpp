#include "capabilities/identity/access.hpp"

#include <gtest/gtest.h>

#include "capabilities/identity/http_test_support.hpp"
#include "foundation/crypto/hmac.hpp"

namespace astro::identity {
namespace {

struct AccessTest : HttpTest {
    gateway::Route open{.path = "/api/v1/open", .summary = "x"};
    gateway::Route readers{.path = "/api/v1/readers", .summary = "x", .permission = "mev.read"};
    gateway::Route traders{
        .method = "POST", .path = "/api/v1/orders", .summary = "x", .permission = "exchange.trade"};
    gateway::Route own{.method = "POST",
                       .path = "/api/v1/own",
                       .summary = "x",
                       .permission = std::string(kSelfPermission)};

    /// "ok" or the code; the loop's answer must agree with the pool's wherever it gives one.
    std::string outcome(const net::Request& request, const gateway::Route& route) {
        const auto at_once = access->admit_at_once(request, route);
        const auto out = at_once ? *at_once : access->admit(request, route);
        kind = out.refusal ? out.refusal->kind : ErrorKind::refusal;
        headers = out.headers;
        return out.refusal ? std::string(out.refusal->code) : "ok";
    }
    static net::Request from(const std::string& ip) {
        net::Request r;
        r.remote_address = ip;
        return r;
    }
    static net::Request bearer(const std::string& token) {
        net::Request r = from("203.0.113.7");
        r.headers.set("Authorization", "Bearer " + token);
        return r;
    }
    net::Request signed_request(const crypto::Ed25519Key& key, const ApiKeyId& id,
                                const std::string& nonce, const std::string& target,
                                const std::string& body) {
        SignedRequest text{id,     clock.now().value() / 1'000'000, nonce, "POST",
                           target, crypto::sha256(as_bytes(body))};
        net::Request r = from("203.0.113.7");
        r.method = "POST";
        r.target = target;
        r.body = body;
        r.headers.set("X-Astrolabe-Key", to_text(id));
        r.headers.set("X-Astrolabe-Timestamp", std::to_string(text.timestamp_ms));
        r.headers.set("X-Astrolabe-Nonce", nonce);
        r.headers.set("X-Astrolabe-Signature",
                      to_base64url(key.sign(as_bytes(canonical_text(text))).view()));
        return r;
    }
    std::string header(std::string_view name) const {
        for (const auto& [n, value] : headers)
            if (n == name) return value;
        return "";
    }
    ErrorKind kind = ErrorKind::refusal;
    std::vector<std::pair<std::string, std::string>> headers;
};

TEST_F(AccessTest, StrangersHaveWhatIsPublicAndNothingElse) {
    EXPECT_EQ(outcome(from("203.0.113.7"), open), "ok");
    EXPECT_EQ(outcome(from("203.0.113.7"), readers), "sign_in_needed");
    EXPECT_EQ(kind, ErrorKind::unauthenticated);
    EXPECT_EQ(outcome(bearer("a.b.c"), open), "token_malformed") << "wrong is not nothing";
    EXPECT_EQ(kind, ErrorKind::unauthenticated);
    net::Request basic = from("203.0.113.7");
    basic.headers.set("Authorization", "Basic YTpi");
    EXPECT_EQ(outcome(basic, open), "token_malformed");
}

TEST_F(AccessTest, ATokenHasItsRolesPermissions) {
    const UserId ada = make_user("ada@example.org");
    const auto request = bearer(sign_in("ada@example.org").access_token);
    EXPECT_FALSE(access->admit_at_once(request, readers)) << "not verified yet: the store is asked";
    EXPECT_EQ(outcome(request, readers), "ok");
    EXPECT_TRUE(access->admit_at_once(request, readers)) << "remembered";
    EXPECT_EQ(outcome(request, traders), "permission_missing");
    EXPECT_EQ(kind, ErrorKind::forbidden);
    EXPECT_EQ(last_audit(), "request.refused permission_missing");
    ASSERT_TRUE(service->roles.assign("system", ada, {"trader"}));
    EXPECT_EQ(outcome(request, traders), "ok") << "rights count at once";
    clock.advance(seconds(700));
    EXPECT_EQ(outcome(request, readers), "token_expired");
}

TEST_F(AccessTest, ACookieNeedsThePagesWordForChanges) {
    make_user("ada@example.org");
    const auto pair = sign_in("ada@example.org");
    net::Request request = from("203.0.113.7");
    request.headers.set("Cookie", "x=1; __Host-astro_session=" + pair.access_token);
    EXPECT_EQ(outcome(request, readers), "ok");
    request.method = "POST";
    EXPECT_EQ(outcome(request, own), "csrf_token");
    EXPECT_EQ(kind, ErrorKind::forbidden);
    request.headers.set("X-CSRF-Token", access->csrf_token(sign_in("ada@example.org").session));
    EXPECT_EQ(outcome(request, own), "csrf_token") << "of another session";
    request.headers.set("X-CSRF-Token", access->csrf_token(pair.session));
    EXPECT_EQ(outcome(request, own), "ok");
    clock.advance(seconds(700));
    EXPECT_EQ(outcome(request, own), "token_expired");
    EXPECT_EQ(outcome(request, open), "ok") << "an old cookie does not lock the door to signing in";
}

TEST_F(AccessTest, ASignedRequestIsTakenOnceAndWithinItsScopes) {
    const UserId ada = make_user("ada@example.org");
    ASSERT_TRUE(service->roles.assign("system", ada, {"trader"}));
    const auto key = crypto::Ed25519Key::from_seed(random.secret_key());
    ApiKeySpec spec{.name = "bot",
                    .public_key = to_base64url(key.public_key().view()),
                    .scopes = {"read"},
                    .ip_allow = {},
                    .expires = {}};
    const auto reader = service->api_keys.create(ada, spec, kCaller)->key.id;
    spec.scopes = {"read", "trade"};
    const auto trader = service->api_keys.create(ada, spec, kCaller)->key.id;
    const std::string nonce = "0123456789abcdef";
    const auto order = signed_request(key, trader, nonce, "/api/v1/orders?a=%20b", "{}");
    EXPECT_EQ(outcome(order, traders), "ok");
    EXPECT_EQ(last_audit(), "api_key.used ok");
    EXPECT_EQ(outcome(order, traders), "nonce_replayed");
    EXPECT_EQ(kind, ErrorKind::unauthenticated);
    EXPECT_EQ(last_audit(), "api_key.refused nonce_replayed");
    auto tampered = signed_request(key, trader, nonce + "1", "/api/v1/orders", "{}");
    tampered.body = "{ }";
    EXPECT_EQ(outcome(tampered, traders), "bad_signature");
    auto late = signed_request(key, trader, nonce + "2", "/api/v1/orders", "");
    clock.advance(seconds(6));
    EXPECT_EQ(outcome(late, traders), "request_too_old");
    EXPECT_EQ(outcome(signed_request(key, reader, nonce + "3", "/api/v1/orders", ""), traders),
              "permission_missing");
    EXPECT_EQ(outcome(signed_request(key, trader, nonce + "4", "/api/v1/own", ""), own),
              "session_needed");
    auto both = signed_request(key, trader, nonce + "5", "/api/v1/orders", "");
    both.headers.set("Authorization", "Bearer a.b.c");
    EXPECT_EQ(outcome(both, traders), "two_credentials");
}

TEST_F(AccessTest, RoutesOfBinancesDialectTakeItsSignatureAndNoOther) {
    const UserId ada = make_user("ada@example.org");
    ASSERT_TRUE(service->roles.assign("system", ada, {"trader"}));
    const ApiKeySpec spec{.name = "ccxt",
                          .kind = ApiKeyKind::hmac,
                          .public_key = {},
                          .scopes = {"read", "trade"},
                          .ip_allow = {},
                          .expires = {}};
    const auto made = service->api_keys.create(ada, spec, kCaller).value();
    const auto ask = [&](const std::string& method, std::string query) {
        query += "&timestamp=" + std::to_string(clock.now().value() / 1'000'000);
        query += "&signature=" +
                 to_hex(crypto::hmac_sha256(as_bytes(made.secret), as_bytes(query)).view());
        net::Request r = from("203.0.113.7");
        r.method = method;
        r.path = "/fapi/v1/order";
        r.target = r.path + "?" + query;
        r.headers.set("X-MBX-APIKEY", to_text(made.key.id));
        return r;
    };
    gateway::Route writes = traders, reads = traders, streams = traders;
    writes.proof = gateway::Proof::binance;
    reads.method = "GET";
    reads.proof = gateway::Proof::binance;
    streams.proof = gateway::Proof::binance_key;

    const auto query = ask("GET", "symbol=SOLUSDC&orderId=5");
    EXPECT_EQ(outcome(query, reads), "ok");
    EXPECT_EQ(outcome(query, reads), "ok") << "reading may be repeated";
    const auto order = ask("POST", "symbol=SOLUSDC&side=BUY");
    EXPECT_EQ(outcome(order, writes), "ok");
    EXPECT_EQ(outcome(order, writes), "nonce_replayed") << "a change is made once";
    EXPECT_EQ(outcome(ask("POST", "a=1"), traders), "sign_in_needed") << "other routes know none";
    auto longer = ask("POST", "symbol=SOLUSDC&side=SELL");
    longer.target += "&quantity=9";
    EXPECT_EQ(outcome(longer, writes), "bad_signature");
    auto late = ask("POST", "b=1");
    clock.advance(seconds(6));
    EXPECT_EQ(outcome(late, writes), "request_too_old");

    net::Request bare = from("203.0.113.7");
    bare.headers.set("X-MBX-APIKEY", to_text(made.key.id));
    EXPECT_EQ(outcome(bare, streams), "ok");
    EXPECT_EQ(outcome(bare, writes), "timestamp_missing");
    EXPECT_EQ(outcome(bare, open), "ok") << "the key is no proof, so he is a stranger";
    bare.headers.set("X-MBX-APIKEY", "nonsense");
    EXPECT_EQ(outcome(bare, streams), "key_malformed");
    EXPECT_EQ(kind, ErrorKind::unauthenticated);
}

TEST_F(AccessTest, ABearerKeyIsItsOwnersWithinItsNetwork) {
    const UserId ada = make_user("ada@example.org");
    const auto made = service->api_keys
                          .create(ada,
                                  {.name = "script",
                                   .kind = ApiKeyKind::bearer,
                                   .public_key = "",
                                   .scopes = {"read"},
                                   .ip_allow = {"203.0.113.0/24"},
                                   .expires = {}},
                                  kCaller)
                          .value();
    EXPECT_EQ(outcome(bearer(made.secret), readers), "ok");
    EXPECT_EQ(outcome(bearer(made.secret + "x"), readers), "key_unknown");
    auto elsewhere = bearer(made.secret);
    elsewhere.remote_address = "198.51.100.1";
    EXPECT_EQ(outcome(elsewhere, readers), "ip_refused");
    EXPECT_EQ(kind, ErrorKind::forbidden);
}

TEST_F(AccessTest, BudgetsRunOutAndFillAgain) {
    make_user("ada@example.org");
    const auto request = bearer(sign_in("ada@example.org").access_token);
    const auto tier = default_tiers().front();
    readers.weight = 10;
    for (std::int64_t i = 0; i < tier.requests_per_minute / 10; ++i)
        ASSERT_EQ(outcome(request, readers), "ok") << i;
    EXPECT_EQ(header("RateLimit-Remaining"), "0");
    EXPECT_EQ(outcome(request, readers), "too_many_requests");
    EXPECT_EQ(kind, ErrorKind::limited);
    EXPECT_EQ(header("Retry-After"), "5") << "ten of 120 a minute";
    EXPECT_EQ(outcome(from("203.0.113.7"), open), "ok") << "another budget";
    clock.advance(seconds(5));
    EXPECT_EQ(outcome(request, readers), "ok");
}

TEST_F(AccessTest, GuessingIsSlow) {
    open.limit_class = gateway::RouteClass::sign_in;
    for (int i = 0; i < 20; ++i) ASSERT_EQ(outcome(from("203.0.113.7"), open), "ok");
    EXPECT_EQ(outcome(from("203.0.113.7"), open), "too_many_requests");
    EXPECT_EQ(outcome(from("203.0.113.8"), open), "ok");
    for (int i = 0; i < 60; ++i) ASSERT_EQ(outcome(bearer("a.b.c"), readers), "token_malformed");
    EXPECT_EQ(outcome(bearer("a.b.c"), readers), "too_many_requests");
}

TEST_F(AccessTest, NumbersThatAnAdministratorChangesCountAtOnce) {
    open.limit_class = gateway::RouteClass::sign_in;
    ASSERT_TRUE(service->limits.put("root", {.stranger_per_minute = 5,
                                             .stranger_per_day = 1'000,
                                             .sign_in_per_minute = 2,
                                             .wrong_per_minute = 3}));
    for (int i = 0; i < 2; ++i) ASSERT_EQ(outcome(from("203.0.113.7"), open), "ok");
    EXPECT_EQ(outcome(from("203.0.113.7"), open), "too_many_requests") << "attempts to sign in";
    open.limit_class = gateway::RouteClass::read;
    for (int i = 0; i < 5; ++i) ASSERT_EQ(outcome(from("203.0.113.8"), open), "ok");
    EXPECT_EQ(outcome(from("203.0.113.8"), open), "too_many_requests") << "strangers";
    for (int i = 0; i < 3; ++i) ASSERT_EQ(outcome(bearer("a.b.c"), readers), "token_malformed");
    EXPECT_EQ(outcome(bearer("a.b.c"), readers), "too_many_requests") << "wrong credentials";

    make_user("ada@example.org");
    const auto request = bearer(sign_in("ada@example.org").access_token);
    ASSERT_EQ(outcome(request, readers), "ok");
    EXPECT_EQ(header("RateLimit-Limit"), "120");
    ASSERT_TRUE(service->tiers.put("root", {"free", 3, 100, 1, 5, 30}));
    EXPECT_EQ(outcome(request, readers), "ok");
    EXPECT_EQ(header("RateLimit-Limit"), "3");
    EXPECT_EQ(header("RateLimit-Remaining"), "2") << "what is left is no more than the new plan's";
    const auto connection = access->connect(request);
    EXPECT_EQ(connection.subscriptions_max, 5);
    EXPECT_EQ(access->connect(request).admission.refusal->code, "too_many_connections");
}

TEST_F(AccessTest, HistoryGoesAsDeepAsThePlan) {
    const UserId ada = make_user("ada@example.org");
    const auto request = bearer(sign_in("ada@example.org").access_token);
    const auto depth_days = [&](const net::Request& r) {
        const auto at_once = access->admit_at_once(r, open);
        const auto admission = at_once ? *at_once : access->admit(r, open);
        const auto from = admission.caller.history_from;
        return from ? (clock.now() - *from).value() / seconds(86'400).value() : -1;
    };
    EXPECT_EQ(depth_days(from("203.0.113.7")), 7) << "strangers have the least plan's";
    EXPECT_EQ(depth_days(request), 7);
    ASSERT_TRUE(service->accounts.set_tier("root", ada, "pro"));
    EXPECT_EQ(depth_days(request), 365);
    EXPECT_EQ(depth_days(request), 365) << "remembered";
    ASSERT_TRUE(service->tiers.put("root", {"free", 120, 20'000, 2, 20, 0}));
    EXPECT_EQ(depth_days(from("203.0.113.7")), 0) << "nothing but what is live";
    ASSERT_TRUE(service->tiers.put("root", {"pro", 120, 20'000, 2, 20, 36'500}));
    EXPECT_EQ(access->admit(request, open).caller.history_from, TimestampNs{})
        << "before 1970 there is nothing";
    net::Request old_cookie = from("203.0.113.7");
    old_cookie.headers.set("Cookie", "__Host-astro_session=a.b.c");
    EXPECT_EQ(depth_days(old_cookie), 0) << "a cookie that has ended is a stranger's";
}

TEST_F(AccessTest, AnAddressIsBelievedFromTrustedProxiesOnly) {
    auto request = from("10.0.0.1");
    request.headers.set("X-Forwarded-For", "1.1.1.1, 198.51.100.9, 10.0.0.2");
    EXPECT_EQ(client_ip(request, {}), "10.0.0.1");
    EXPECT_EQ(client_ip(request, {"10.0.0.0/8"}), "198.51.100.9") << "not what the client wrote";
    EXPECT_EQ(client_ip(request, {"192.0.2.1"}), "10.0.0.1");
    request.headers.set("X-Forwarded-For", "junk");
    EXPECT_EQ(client_ip(request, {"10.0.0.0/8"}), "10.0.0.1");
}

TEST_F(AccessTest, WebSocketsAreCountedByPlan) {
    make_user("ada@example.org");
    const auto request = bearer(sign_in("ada@example.org").access_token);
    auto first = access->connect(request), second = access->connect(request);
    EXPECT_FALSE(second.admission.refusal);
    EXPECT_EQ(second.subscriptions_max, default_tiers().front().subscriptions);
    EXPECT_EQ(access->connect(request).admission.refusal->code, "too_many_connections");
    first.released.reset();
    EXPECT_FALSE(access->connect(request).admission.refusal);
    EXPECT_TRUE(access->may_follow(second.admission.caller,
                                   {.stream = "x", .summary = "x", .permission = "mev.read"}));
    EXPECT_FALSE(access->may_follow(second.admission.caller,
                                    {.stream = "x", .summary = "x", .permission = "mev.trade"}));
}

TEST_F(AccessTest, AKeyFollowsWhatItsScopesAndItsOwnersRightsAllow) {
    const UserId user = make_user("ada@example.org");
    const auto key = crypto::Ed25519Key::generate(random);
    ApiKeySpec spec;
    spec.name = "bot";
    spec.public_key = to_base64url(key.public_key().view());
    spec.scopes = {"read"};
    const auto id = service->api_keys.create(user, spec, kCaller)->key.id;
    const auto request = signed_request(key, id, "nonce-0123456789-0", "/ws/live", "");
    const auto caller = access->connect(request).admission.caller;
    EXPECT_EQ(caller.key, to_text(id));
    const auto follows = [&](const char* permission) {
        return access->may_follow(caller,
                                  {.stream = "x", .summary = "x", .permission = permission});
    };
    EXPECT_TRUE(follows("mev.read"));
    EXPECT_FALSE(follows("mev.trade"));
    ASSERT_TRUE(service->api_keys.revoke(user, id, kCaller));
    EXPECT_FALSE(follows("mev.read")) << "no longer after it was revoked";
    EXPECT_TRUE(follows("public.read"));
}

TEST_F(AccessTest, WhatIsCalledOverAnOpenConnectionIsJudgedAnew) {
    const UserId ada = make_user("ada@example.org");
    const auto tokens = sign_in("ada@example.org");
    const auto caller = access->connect(bearer(tokens.access_token)).admission.caller;
    const auto request = from("203.0.113.7");
    const auto judged = [&](const gateway::Caller& who, const gateway::Route& route) {
        const auto out = access->admit_caller(who, request, route);
        return out.refusal ? std::string(out.refusal->code) : "ok " + out.caller.session;
    };
    EXPECT_EQ(judged({}, open), "ok ");
    EXPECT_EQ(judged({}, readers), "sign_in_needed");
    EXPECT_EQ(judged(caller, readers), "ok " + caller.session);
    EXPECT_EQ(judged(caller, own), "ok " + caller.session);
    EXPECT_EQ(judged(caller, traders), "permission_missing");
    clock.advance(seconds(settings().access_life_s + 1));
    EXPECT_EQ(judged(caller, readers), "ok " + caller.session) << "tokens end, the session has not";
    ASSERT_TRUE(service->sessions.revoke(ada, tokens.session, kCaller));
    EXPECT_EQ(judged(caller, readers), "session_ended");
    EXPECT_EQ(judged(caller, open), "session_ended");
}

TEST_F(AccessTest, AKeyThatIsRevokedCallsNothingOverAnOpenConnection) {
    const UserId user = make_user("ada@example.org");
    const auto key = crypto::Ed25519Key::generate(random);
    ApiKeySpec spec;
    spec.name = "bot";
    spec.public_key = to_base64url(key.public_key().view());
    spec.scopes = {"read"};
    const auto id = service->api_keys.create(user, spec, kCaller)->key.id;
    const auto caller =
        access->connect(signed_request(key, id, "nonce-0123456789-0", "/ws", "")).admission.caller;
    const auto judged = [&](const gateway::Route& route) {
        const auto out = access->admit_caller(caller, from("203.0.113.7"), route);
        return out.refusal ? std::string(out.refusal->code) : "ok";
    };
    EXPECT_EQ(judged(readers), "ok");
    EXPECT_EQ(judged(own), "session_needed");
    EXPECT_EQ(judged(traders), "permission_missing");
    ASSERT_TRUE(service->api_keys.revoke(user, id, kCaller));
    EXPECT_EQ(judged(readers), "key_unknown");
}

}  // namespace
}  // namespace astro::identity

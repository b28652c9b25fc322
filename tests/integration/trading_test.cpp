#include <gmock/gmock.h>

#include <csignal>
#include <map>

#include "integration/identity_story.hpp"

/// The venue on the real program: from sign-up to a trade, through a crash, over the WebSocket.
namespace astro::integration {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const std::string kVenue = "/api/v1/exchange";
/// Prices are the test's own.
const std::vector<std::string> kSettings{"market.feed=off"};

/// A WebSocket of somebody who is signed in.
class Session {
  public:
    Session(const Server& server, const std::string& token) {
        net::ClientOptions options;
        options.handshake.set("authorization", "Bearer " + token);
        socket_ = net::WebSocketClient::connect(
                      net::parse_url("ws" + server.url().substr(4) + "/ws/live").value(), options)
                      .value();
        (void)next_of("welcome");
    }
    void send(const std::string& text) { EXPECT_TRUE(socket_->send(text)); }
    /// The next message of that type; others are skipped.
    json::value next_of(std::string_view type) {
        while (true) {
            const auto text = socket_->receive(seconds(60));
            if (!text || !*text) {
                ADD_FAILURE() << "no " << type << " came";
                return json::object{};
            }
            auto message = parse(**text);
            if (text_of(message, "type") == type) return message;
        }
    }
    json::value call(int id, const std::string& method, const std::string& path,
                     const std::string& body = {}) {
        send(R"({"op":"call","id":)" + std::to_string(id) + R"(,"method":")" + method +
             R"(","path":")" + kVenue + path + "\"" + (body.empty() ? "" : ",\"body\":" + body) +
             "}");
        return next_of("answer");
    }

  private:
    std::unique_ptr<net::WebSocketClient> socket_;
};

struct TradingStory : IdentityStory {
    TradingStory() : IdentityStory(kSettings) {
        admin = make_admin();
        // Prices that a test sets stay good while it runs.
        const auto listed = parse(ask("GET", kVenue + "/markets").text());
        for (const auto& market : listed.at("markets").as_array()) {
            auto settings = market.as_object();
            if (settings.at("symbol") != "SOL-PERP") continue;
            settings["oracle_stale_ms"] = 600'000;
            EXPECT_EQ(
                ask("PUT", kVenue + "/markets/SOL-PERP", admin, json::serialize(settings)).status,
                200);
        }
        index("100");
    }
    std::string make_admin() {
        const std::string output = server.output();
        const auto at = output.find("/admin-sign-up#") + 15;
        const json::object who{{"email", "root@example.org"}, {"password", kPassword}};
        auto sign_up = who;
        sign_up["token"] = output.substr(at, output.find_first_of(" \n", at) - at);
        post("/admin-sign-up", sign_up, "", 201);
        return text_of(post("/login", who).at("tokens"), "access_token");
    }
    /// Somebody new, with an account and play money; his token.
    std::string trader(const std::string& email, const std::string& usdc) {
        const json::object who{{"email", email}, {"password", kPassword}};
        for (const auto& mail : std::filesystem::directory_iterator(data + "/outbox"))
            std::filesystem::remove(mail.path());
        post("/register", who, "", 202);
        post("/verify-email", {{"token", mailed_token()}});
        const std::string token = text_of(post("/login", who).at("tokens"), "access_token");
        EXPECT_EQ(venue("POST", "/accounts", token, "{}").first, 201);
        EXPECT_EQ(
            venue("POST", "/faucet", token, R"({"asset":"USDC","amount":")" + usdc + "\"}").first,
            201);
        return token;
    }
    std::pair<int, json::value> venue(const std::string& method, const std::string& target,
                                      const std::string& token, const std::string& body = {}) {
        const auto response = ask(method, kVenue + target, token, body);
        return {response.status, parse(response.text())};
    }
    json::value order(const std::string& token, const std::string& side, const std::string& size,
                      const std::string& price) {
        const auto [status, receipt] =
            venue("POST", "/orders", token,
                  R"({"market":"SOL-PERP","side":")" + side + R"(","size":")" + size +
                      R"(","price":")" + price + "\"}");
        EXPECT_EQ(status, 201) << json::serialize(receipt);
        return receipt;
    }
    void index(const std::string& price) {
        EXPECT_EQ(venue("PUT", "/operate/prices", admin,
                        R"({"market":"SOL-PERP","index":")" + price + "\"}")
                      .first,
                  200);
    }
    json::array history(const std::string& token, const std::string& what) {
        return venue("GET", what, token).second.at("items").as_array();
    }

    std::string admin;
};

TEST_F(TradingStory, TheDocumentedLinesLeadFromSignUpToAnOrder) {
    const std::string page = read_file(ASTRO_SOURCE_DIR "/docs/exchange_api.md");
    const auto begin = page.find("```sh\n") + 6;
    const std::string script = page.substr(begin, page.find("```", begin) - begin);
    const auto done =
        run_command({"bash", "-c", "URL=" + server.url() + " DATA=" + data + "\n" + script});
    EXPECT_EQ(done.code, 0) << done.errors;
    for (const char* part :
         {R"("amount":"10000","balance":"10000")", R"("refused":null)", R"("client_id":"first-1")",
          R"("status":"open")", R"("cancelled":[")", R"("equity":"10000")"})
        EXPECT_THAT(done.out, HasSubstr(part));
}

TEST_F(TradingStory, ACrashLiquidatesAndTheJournalStillHasItAfterAKill) {
    const std::string ada = trader("ada@example.org", "1000");
    const std::string bob = trader("bob@example.org", "100000");
    Session ear(server, ada);
    ear.send(R"({"op":"subscribe","id":1,"channel":"exchange.account"})");
    const auto state = ear.next_of("snapshot").at("state").at("accounts").at(0);
    std::int64_t seq = number_of(state, "account_seq");
    EXPECT_EQ(seq, 2) << "opened and funded";

    order(bob, "sell", "100", "100");
    EXPECT_EQ(text_of(order(ada, "buy", "100", "100"), "reason"), "filled");
    // Somebody buys near the mark, so that the first steps of the liquidation meet a book.
    order(bob, "buy", "20", "92");
    for (const char* price : {"96", "93", "91.5", "89", "86", "80"}) index(price);

    std::map<std::string, int> told;
    while (told["liquidation_ended"] == 0) {
        const auto event = ear.next_of("event").at("data");
        EXPECT_EQ(number_of(event, "account_seq"), seq + 1);
        EXPECT_EQ(number_of(event, "prev_account_seq"), seq);
        seq = number_of(event, "account_seq");
        ++told[text_of(event, "kind")];
        if (HasFailure()) break;
    }
    EXPECT_EQ(told["fill"] > 0 && told["liquidation_started"] > 0, true);
    ASSERT_TRUE(becomes_true([&] { return history(ada, "/liquidations/mine").size() >= 2; }));
    const auto steps = history(ada, "/liquidations/mine");
    EXPECT_EQ(text_of(steps.back(), "step"), "started");
    EXPECT_NE(text_of(steps.back(), "requirement"), "0");
    EXPECT_EQ(venue("GET", "/positions", ada).second.at("positions").as_array().size(), 0U);
    // What the book did not take, who had won gave up; nobody owes anything.
    EXPECT_TRUE(becomes_true([&] { return !history(bob, "/deleveragings").empty(); }));
    const auto pools = venue("GET", "/operate/pools", admin).second;
    EXPECT_NE(text_of(pools, "insurance"), "0");

    const auto before = venue("GET", "/accounts", bob).second;
    EXPECT_EQ(server.stop(SIGKILL), -SIGKILL);
    Server again(arguments(kSettings));
    client =
        net::HttpClient::make(net::parse_url(again.url()).value(), net::ClientOptions{}).value();
    EXPECT_EQ(venue("GET", "/accounts", bob).second, before);
    EXPECT_EQ(again.stop(SIGTERM), 0);
    const auto verified = run_program({"exchange", "verify", data + "/venue"});
    EXPECT_EQ(verified.code, 0) << verified.out << verified.errors;
}

TEST_F(TradingStory, OverOneConnectionOneTradesListensAndIsCancelledWhenItEnds) {
    const std::string ada = trader("ada@example.org", "1000");
    {
        Session session(server, ada);
        for (int i = 1; i <= 5; ++i)
            session.send(
                R"({"op":"call","id":)" + std::to_string(i) + R"(,"method":"POST","path":")" +
                kVenue +
                R"(/orders","body":{"market":"SOL-PERP","side":"buy","size":"1","price":"9)" +
                std::to_string(i) + R"("},"idempotency_key":"k)" + std::to_string(i) + "\"}");
        std::map<std::int64_t, std::int64_t> seqs;
        for (int i = 0; i < 5; ++i) {
            const auto answer = session.next_of("answer");
            EXPECT_EQ(number_of(answer, "status"), 201) << json::serialize(answer);
            seqs[number_of(answer, "id")] = number_of(answer.at("body"), "seq");
        }
        for (int i = 2; i <= 5; ++i) EXPECT_LT(seqs[i - 1], seqs[i]) << "in the order sent";
        const auto refused =
            session.call(6, "POST", "/orders",
                         R"({"market":"SOL-PERP","side":"buy","size":"900","price":"99"})");
        EXPECT_EQ(text_of(refused.at("body"), "code"), "margin_insufficient");
        EXPECT_EQ(number_of(session.call(7, "GET", "/accounts/0"), "status"), 200);
        EXPECT_EQ(number_of(session.call(8, "GET", "/accounts/1"), "status"), 404);
        session.send(R"({"op":"at_close","id":9,"method":"DELETE","path":")" + kVenue +
                     R"(/orders?account=0"})");
        EXPECT_EQ(number_of(session.next_of("at_close"), "calls"), 1);
        EXPECT_EQ(venue("GET", "/orders", ada).second.at("orders").as_array().size(), 5U);
    }
    EXPECT_TRUE(becomes_true(
        [&] { return venue("GET", "/orders", ada).second.at("orders").as_array().empty(); }));
}

TEST_F(TradingStory, BatchesAndPeggedOrdersOverTheWebSocket) {
    const std::string ada = trader("ada@example.org", "1000");
    Session session(server, ada);
    const auto batch = [&](int id, const std::string& mode, const std::string& size) {
        return session.call(id, "POST", "/orders/batch",
                            R"({"mode":")" + mode + R"(","items":[
                                {"place":{"market":"SOL-PERP","side":"buy","size":"1","price":"95","client_id":"a"}},
                                {"place":{"market":"SOL-PERP","side":"buy","size":"1","peg":{"offset":"-3"}}},
                                {"place":{"market":"SOL-PERP","side":"buy","size":")" +
                                size + R"(","price":"99"}}]})");
    };
    const auto refused = batch(1, "atomic", "900");
    EXPECT_EQ(number_of(refused, "status"), 422) << json::serialize(refused);
    EXPECT_EQ(text_of(refused.at("body"), "code"), "margin_insufficient");
    EXPECT_EQ(number_of(refused.at("body"), "item"), 2);
    EXPECT_EQ(venue("GET", "/orders", ada).second.at("orders").as_array().size(), 0U);
    const auto partly = batch(2, "best_effort", "900");
    EXPECT_EQ(number_of(partly, "status"), 201) << json::serialize(partly);
    const auto& items = partly.at("body").at("items").as_array();
    ASSERT_EQ(items.size(), 3U);
    EXPECT_EQ(text_of(items[0].at("order"), "client_id"), "a");
    EXPECT_EQ(text_of(items[1].at("order"), "price"), "97");
    EXPECT_EQ(text_of(items[2], "code"), "margin_insufficient");
    EXPECT_EQ(venue("GET", "/orders", ada).second.at("orders").as_array().size(), 2U);
}

TEST_F(TradingStory, AStreamIsResumedAcrossAKill) {
    const std::string ada = trader("ada@example.org", "1000");
    std::int64_t last = 0;
    {
        Session ear(server, ada);
        ear.send(R"({"op":"subscribe","id":1,"channel":"exchange.account"})");
        (void)ear.next_of("snapshot");
        order(ada, "buy", "1", "99");
        last = number_of(ear.next_of("event"), "seq");
        order(ada, "buy", "1", "98");
        (void)ear.next_of("event");
    }
    EXPECT_EQ(server.stop(SIGKILL), -SIGKILL);
    Server again(arguments(kSettings));
    client =
        net::HttpClient::make(net::parse_url(again.url()).value(), net::ClientOptions{}).value();
    Session ear(again, ada);
    ear.send(R"({"op":"subscribe","id":1,"channel":"exchange.account","resume_from":)" +
             std::to_string(last) + "}");
    const auto missed = ear.next_of("event");
    EXPECT_EQ(number_of(missed, "prev_seq"), last);
    EXPECT_EQ(text_of(missed.at("data"), "kind"), "order_accepted");
    EXPECT_EQ(text_of(missed.at("data").at("data"), "price"), "98");
}

TEST_F(TradingStory, StrangersAndNonsenseGetNowhere) {
    EXPECT_EQ(ask("GET", kVenue + "/accounts").status, 401);
    EXPECT_EQ(ask("POST", kVenue + "/orders", "", "{}").status, 401);
    const std::string ada = trader("ada@example.org", "1000");
    EXPECT_EQ(venue("GET", "/operate/accounts", ada).first, 403);
    EXPECT_EQ(venue("PUT", "/operate/prices", ada, R"({"market":"SOL-PERP","index":"1"})").first,
              403);
    Session session(server, ada);
    int id = 0;
    for (
        const char* body :
        {R"({})", R"([])", R"({"market":"SOL-PERP","side":"buy","size":"1e9","price":"1"})",
         R"({"market":"SOL-PERP","side":"buy","size":"-1","price":"100"})",
         R"({"market":"SOL-PERP","side":"buy","size":"99999999999999999999","price":"100"})",
         R"({"market":"SOL-PERP","side":"buy","size":"0.0000000000000001","price":"100"})",
         R"({"market":"SOL-PERP","side":"up","size":"1","price":"100"})",
         R"({"market":"SOL-PERP","side":"buy","size":"1","price":"9223372036854.775807"})",
         R"({"market":"SOL-PERP","side":"buy","size":"1","price":"100","account":4294967296})",
         R"({"market":"SOL-PERP","side":"buy","size":"1","price":"100","client_id":"\u0000"})",
         R"({"market":"SOL-PERP","side":"buy","size":"1","price":"100","expires":"1960-01-01T00:00:00Z"})",
         R"({"market":"SOL-PERP","side":"buy","size":"1","trigger":{"kind":"trailing","trail_bps":-9223372036854775808}})"}) {
        const auto answer = session.call(++id, "POST", "/orders", body);
        EXPECT_GE(number_of(answer, "status"), 400) << body;
        EXPECT_LT(number_of(answer, "status"), 500) << body << json::serialize(answer);
        EXPECT_FALSE(text_of(answer.at("body"), "detail").empty());
    }
    EXPECT_EQ(venue("GET", "/orders", ada).second.at("orders").as_array().size(), 0U);
}

}  // namespace
}  // namespace astro::integration

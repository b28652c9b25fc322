#include "server/dialects/fix/session_store.hpp"

#include <gtest/gtest.h>

#include "foundation/journal/journal_test_support.hpp"
#include "server/dialects/fix/fields.hpp"
#include "server/dialects/fix/logon.hpp"

namespace astro::fix {
namespace {

using dialects::OrderState;

struct FixStore : ::testing::Test {
    journal::test::TemporaryDirectory directory;
    SystemClock clock;
    std::unique_ptr<SessionStore> store;

    void SetUp() override { open(); }
    /// As after a crash: what was not committed is gone.
    void open() {
        store.reset();
        auto opened =
            SessionStore::open({.path = directory.path() + "/fix.db"}, {.sessions_max = 2}, clock);
        ASSERT_TRUE(opened) << opened.error().text();
        store = std::move(*opened);
    }
    void commit(std::uint64_t told, const std::vector<OrderState>& orders = {}) {
        const auto done = store->commit(told, orders);
        ASSERT_TRUE(done) << done.error().text();
    }
    SessionRecord& add(const std::string& name) {
        auto added = store->add(name, AccountId{3});
        EXPECT_TRUE(added);
        return **added;
    }
};

constexpr const char* kReport = "8=FIX.4.4\0019=5\00135=8\00134=1\00110=000\001";
constexpr const char* kBook = "8=FIX.4.4\0019=5\00135=X\00134=2\00110=000\001";

TEST_F(FixStore, KeepsNumbersReportsAndHowFarTheJournalWasToldTogether) {
    SessionRecord& record = add("KEY");
    record.keep(1, kReport);
    record.set_next_out(2);
    record.set_next_in(5);
    commit(100, {OrderState{.id = OrderId{7}, .account = AccountId{3}}});
    record.keep(2, kReport);
    record.set_next_out(3);
    open();
    ASSERT_NE(store->find("KEY"), nullptr);
    EXPECT_EQ(store->find("KEY")->account, AccountId{3});
    EXPECT_EQ(store->find("KEY")->next_out(), 2);
    EXPECT_EQ(store->find("KEY")->next_in(), 5);
    EXPECT_EQ(store->find("KEY")->kept(1, 0), std::vector<std::string>{kReport});
    EXPECT_EQ(store->told(), 100U);
    ASSERT_EQ(store->orders().size(), 1U);
    EXPECT_EQ(store->orders()[0].id, OrderId{7});
}

TEST_F(FixStore, ForgetsOrdersThatEnded) {
    add("KEY");
    OrderState order{.id = OrderId{7}, .account = AccountId{3}};
    commit(1, {order});
    order.status = exchange::OrderStatus::closed;
    commit(2, {order});
    open();
    EXPECT_TRUE(store->orders().empty());
}

TEST_F(FixStore, TellsMarketDataAgainAsAGap) {
    SessionRecord& record = add("KEY");
    record.keep(1, kReport);
    record.keep(2, kBook);
    EXPECT_EQ(record.kept(1, 2).size(), 1U);
}

TEST_F(FixStore, ExpectsARequestAgainUntilItIsDone) {
    SessionRecord& record = add("KEY");
    record.set_next_in(4);
    record.hold("first");
    record.set_next_in(5);
    record.hold("second");
    record.set_next_in(6);
    commit(1);
    open();
    EXPECT_EQ(store->find("KEY")->next_in(), 4);
    SessionRecord& again = *store->find("KEY");
    again.hold("first");
    again.set_next_in(5);
    again.release("first");
    commit(2);
    open();
    EXPECT_EQ(store->find("KEY")->next_in(), 5);
}

TEST_F(FixStore, BeginsAnewWhenAsked) {
    SessionRecord& record = add("KEY");
    record.keep(1, kReport);
    record.set_next_out(2);
    commit(1);
    record.begin_anew();
    EXPECT_TRUE(record.kept(1, 0).empty());
    record.keep(1, kReport);
    record.set_next_out(2);
    commit(2);
    open();
    EXPECT_EQ(store->find("KEY")->next_out(), 2);
    EXPECT_EQ(store->find("KEY")->kept(1, 0).size(), 1U);
}

TEST_F(FixStore, RemembersSoManySessionsAndNoMore) {
    add("one");
    add("two");
    const auto third = store->add("three", AccountId{3});
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code, "too_many_sessions");
}

/// The other side of a session, as text.
struct Peer final : SessionUser {
    void write(const std::string& bytes) override { written.push_back(bytes); }
    void close() override { closed = true; }
    Fault take(const std::string& message) override {
        taken.push_back(message);
        return fault;
    }
    std::vector<std::string> written, taken;
    Fault fault{Fault::Kind::none, 0};
    bool closed = false;

    [[nodiscard]] std::string last(int tag) const {
        return written.empty() ? "" : std::string(Fields(written.back()).text(tag));
    }
};

struct FixSession : FixStore {
    Peer peer;
    std::unique_ptr<Session> session;

    void SetUp() override {
        FixStore::SetUp();
        session = make_session("ASTROLABE", "KEY", add("KEY"), peer);
    }
    std::string message(const std::string& type, int number, const std::string& body) const {
        Body out;
        const auto now = TimeMs{clock.now().value() / 1'000'000};
        out.put(35, type).put(49, "KEY").put(56, "ASTROLABE").put(34, std::int64_t{number});
        out.put(52, utc_text(now));
        const std::string text = out.take() + body;
        std::string whole = "8=FIX.4.4\0019=" + std::to_string(text.size()) + "\001" + text;
        unsigned sum = 0;
        for (const char c : whole) sum += static_cast<unsigned char>(c);
        const std::string checksum = std::to_string(sum % 256);
        return whole + "10=" + std::string(3 - checksum.size(), '0') + checksum + "\001";
    }
    void log_on(int number = 1) {
        session->connect();
        EXPECT_TRUE(session->receive(message("A", number, "98=0\001108=30\001")));
    }
};

TEST_F(FixSession, NumbersReportsOfATimeWhenNobodyWasThere) {
    session->send("8", "37=1\00117=1.1\001150=0\00139=0\00154=1\001151=1\00114=0\0016=0\001");
    EXPECT_TRUE(peer.written.empty());
    log_on();
    EXPECT_EQ(peer.last(35), "A");
    EXPECT_EQ(peer.last(34), "2");
    EXPECT_TRUE(session->receive(message("2", 2, "7=1\00116=0\001")));
    const Fields first(peer.written.at(1));
    EXPECT_EQ(first.text(35), "8");
    EXPECT_EQ(first.text(34), "1");
    EXPECT_EQ(first.text(43), "Y");
    EXPECT_EQ(first.text(17), "1.1");
}

TEST_F(FixSession, RejectsByTheTableWhatIsNoMessageOfOurs) {
    log_on();
    auto answer = [&, number = 1](const std::string& type, const std::string& body) mutable {
        EXPECT_TRUE(session->receive(message(type, ++number, body)));
        return peer.last(35) + " " + peer.last(371) + " " + peer.last(373);
    };
    const std::string good = "11=a\00138=1\00140=2\00144=50\00154=1\00155=SOL-PERP\001";
    EXPECT_EQ(answer("D", "38=1\00140=2\00154=1\00155=SOL-PERP\001"), "3 11 1");
    EXPECT_EQ(answer("D", good + "110=1\001"), "3 110 0");
    EXPECT_EQ(answer("D", good + "262=x\001"), "3 262 2");
    EXPECT_EQ(answer("D", "11=a\00138=1\00140=9\00154=1\00155=SOL-PERP\001"), "3 40 5");
    EXPECT_EQ(answer("D", "11=a\00138=x\00140=2\00154=1\00155=SOL-PERP\001"), "3 38 6");
    const auto written = peer.written.size();
    (void)answer("D", good + "9000=x\001");
    EXPECT_EQ(peer.written.size(), written) << "a tag of the user's own is left alone";
    EXPECT_EQ(peer.taken.size(), 1U);
    peer.fault = {Fault::Kind::missing, 44};
    EXPECT_EQ(answer("D", good), "j  ");
    EXPECT_EQ(peer.last(380), "5");
}

TEST_F(FixSession, LeavesOutWhatIsGarbledAndKeepsItsNumber) {
    log_on();
    std::string broken = message("0", 2, "");
    broken[broken.size() - 2] = broken[broken.size() - 2] == '0' ? '1' : '0';
    EXPECT_FALSE(session->receive(broken));
    EXPECT_EQ(store->find("KEY")->next_in(), 2);
    EXPECT_FALSE(peer.closed);
}

TEST_F(FixSession, BeginsAnewOnlyWhenTheLogonSaysSo) {
    session->send("8", "37=1\00117=1.1\001150=0\00139=0\00154=1\001151=1\00114=0\0016=0\001");
    session->connect();
    EXPECT_TRUE(session->receive(message("A", 1, "98=0\001108=30\001141=Y\001")));
    EXPECT_EQ(peer.last(35), "A");
    EXPECT_EQ(peer.last(34), "1");
    EXPECT_TRUE(store->find("KEY")->kept(1, 0).empty());
}

}  // namespace
}  // namespace astro::fix

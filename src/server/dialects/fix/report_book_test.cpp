#include "server/dialects/fix/report_book.hpp"

#include <gtest/gtest.h>

#include <random>

#include "capabilities/exchange/service_test_support.hpp"
#include "foundation/base/binary.hpp"

namespace astro::fix {
namespace {

using exchange::Base;
using exchange::ClientId;
using exchange::kBaseUnit;
using exchange::kQuoteUnit;
using exchange::PlaceOrder;
using exchange::Price;
using exchange::Side;

const ReportNames kNames{[](MarketId) { return std::string("SOL-PERP"); }};

/// All that the venue has applied, as the acceptor hears it.
class Recorder final : public exchange::Listener {
  public:
    struct Heard {
        std::uint64_t sequence;
        TimeMs time;
        exchange::Submission submission;
        std::shared_ptr<const exchange::Events> events;
    };
    void on_applied(const exchange::Applied& applied) override {
        heard.push_back(
            {applied.sequence.value(), applied.time, applied.submission, applied.kept_events});
    }
    void on_group_end(const exchange::Venue&) override {}
    std::vector<Heard> heard;
};

std::vector<Outgoing> told(ReportBook& book, const Recorder::Heard& heard) {
    return book.apply({heard.sequence, heard.time, heard.submission.body, *heard.events},
                      heard.submission.key);
}

struct FixReports : ::testing::Test {
    Recorder recorder;
    exchange::test::Site site;
    std::unique_ptr<exchange::Service> service = site.open({&recorder});
    ReportBook book{kNames};

    void SetUp() override {
        exchange::test::fund(*service, 3);
        book.watch(AccountId{0});
    }
    /// "type ExecType OrdStatus ClOrdID" of each report of what the command did.
    std::string reports(exchange::CommandBody body, const std::string& client_id = "") {
        const std::size_t from = recorder.heard.size();
        exchange::test::run(*service, std::move(body),
                            client_id.empty() ? "" : key_text({"KEY", client_id}));
        std::string out;
        for (std::size_t i = from; i < recorder.heard.size(); ++i)
            for (const auto& message : told(book, recorder.heard[i])) {
                const Fields fields(message.body);
                last = message;
                out += message.type + " " + std::string(fields.text(tag::kExecType)) + " " +
                       std::string(fields.text(tag::kOrdStatus)) + " " +
                       std::string(fields.text(tag::kClOrdId)) + "\n";
            }
        return out;
    }
    [[nodiscard]] std::string_view last_text(int tag) const { return Fields(last.body).text(tag); }
    static PlaceOrder order(std::uint32_t account, Side side, std::int64_t dollars,
                            std::string_view name, std::int64_t size = 1) {
        PlaceOrder out = exchange::test::order(account, side, dollars, size);
        out.client_id = ClientId(name);
        return out;
    }
    OrderId id_of(std::string_view name) {
        const OrderState* order = book.orders().find(AccountId{0}, ClientId(name));
        return order == nullptr ? OrderId{} : order->id;
    }
    Outgoing last;
};

TEST_F(FixReports, TellAnOrdersLife) {
    EXPECT_EQ(reports(order(0, Side::buy, 90, "a", 3), "a"), "8 0 0 a\n");
    EXPECT_EQ(last.session, "");
    EXPECT_EQ(last_text(tag::kLeavesQty), "3");
    EXPECT_EQ(reports(order(1, Side::sell, 90, "x", 1)), "8 F 1 a\n");
    EXPECT_EQ(last_text(tag::kLastPx), "90");
    EXPECT_EQ(last_text(tag::kLastLiquidity), "1");
    EXPECT_EQ(
        reports(exchange::AmendOrder{AccountId{0}, id_of("a"), Price{91 * kQuoteUnit}, {}}, "b"),
        "8 5 1 b\n");
    EXPECT_EQ(last_text(tag::kOrigClOrdId), "a");
    EXPECT_EQ(last_text(tag::kCumQty), "1");
    EXPECT_EQ(reports(exchange::CancelOrder{AccountId{0}, id_of("b")}, "c"), "8 4 4 c\n");
    EXPECT_EQ(last_text(tag::kOrigClOrdId), "b");
    EXPECT_EQ(last_text(tag::kLeavesQty), "0");
}

TEST_F(FixReports, RefuseToTheSessionThatAsked) {
    auto small = order(0, Side::buy, 90, "a");
    small.size = Base{1};
    EXPECT_EQ(reports(small, "a"), "8 8 8 a\n");
    EXPECT_EQ(last.session, "KEY");
    EXPECT_EQ(last_text(tag::kOrdRejReason), "13");
    EXPECT_EQ(reports(exchange::CancelOrder{AccountId{0}, OrderId{77}}, "b"), "9  8 b\n");
    EXPECT_EQ(last_text(tag::kCxlRejReason), "0");
    // Of what came another way, nobody here is told.
    EXPECT_EQ(reports(small), "");
    EXPECT_EQ(reports(order(1, Side::buy, 90, "theirs")), "");
}

TEST_F(FixReports, CountWhatAMassCancelTook) {
    (void)reports(order(0, Side::buy, 90, "a"), "a");
    (void)reports(order(0, Side::sell, 110, "b"), "b");
    (void)reports(order(1, Side::buy, 90, "theirs"));
    EXPECT_EQ(reports(exchange::CancelAll{.account = AccountId{0}, .side = Side::buy}, "all"),
              "8 4 4 a\nr   all\n");
    EXPECT_EQ(last_text(tag::kTotalAffected), "1");
    EXPECT_EQ(last_text(tag::kMassCancelResponse), "7");
}

TEST_F(FixReports, KeepTheNumberOfAnOrderThatWaited) {
    exchange::WaitingOrder stop{order(0, Side::buy, 110, "s"), {}};
    stop.trigger.price = Price{105 * kQuoteUnit};
    EXPECT_EQ(reports(exchange::PlaceConditional(stop), "s"), "8 0 0 s\n");
    const std::string number(last_text(tag::kOrderId));
    EXPECT_EQ(last_text(tag::kOrdType), "4");
    EXPECT_EQ(reports(exchange::SetIndexPrice{MarketId{0}, Price{106 * kQuoteUnit}}), "8 L 0 s\n");
    EXPECT_EQ(last_text(tag::kOrderId), number);
    EXPECT_NE(last_text(tag::kSecondaryOrderId), "");
}

/// Random orders of two accounts: what they trade and cancel.
std::vector<Recorder::Heard> random_commands(exchange::Service& service, Recorder& recorder,
                                             unsigned seed) {
    std::mt19937 random(seed);
    const auto upto = [&](unsigned n) { return static_cast<std::uint32_t>(random() % n); };
    std::vector<OrderId> own;
    for (int i = 0; i < 200; ++i) {
        const std::string name = "n" + std::to_string(seed) + "-" + std::to_string(i);
        exchange::CommandBody body;
        const std::uint32_t which = upto(10);
        if (which < 7 || own.empty()) {
            PlaceOrder order = exchange::test::order(upto(2), upto(2) == 0 ? Side::buy : Side::sell,
                                                     98 + upto(5), 1 + upto(3));
            order.client_id = ClientId(name);
            if (upto(4) == 0) order.time_in_force = exchange::TimeInForce::ioc;
            body = order;
        } else if (which == 7) {
            body =
                exchange::CancelOrder{AccountId{0}, own[upto(static_cast<unsigned>(own.size()))]};
        } else if (which == 8) {
            body = exchange::AmendOrder{AccountId{0}, own[upto(static_cast<unsigned>(own.size()))],
                                        Price{(98 + upto(5)) * kQuoteUnit}, Base{2 * kBaseUnit}};
        } else {
            exchange::WaitingOrder stop{exchange::test::order(0, Side::buy, 120), {}};
            stop.order.client_id = ClientId(name);
            stop.trigger.price = Price{(100 + upto(4)) * kQuoteUnit};
            body = exchange::PlaceConditional(stop);
        }
        const auto outcome = exchange::test::run(service, std::move(body), key_text({"KEY", name}));
        for (const auto& event : *outcome.events)
            if (const auto* accepted = std::get_if<exchange::OrderAccepted>(&event);
                accepted && accepted->account == AccountId{0})
                own.push_back(accepted->order);
        if (upto(12) == 0)
            exchange::test::run(
                service, exchange::SetIndexPrice{MarketId{0}, Price{(98 + upto(5)) * kQuoteUnit}});
    }
    return recorder.heard;
}

/// What the store keeps of a book: its open orders, as bytes and back.
ReportBook restored(const ReportBook& book) {
    ReportBook out(kNames);
    out.watch(AccountId{0});
    for (const auto& order : book.orders().all(AccountId{0}))
        if (order.status != exchange::OrderStatus::closed) {
            auto read = parse_binary<OrderState>(to_binary(order));
            EXPECT_TRUE(read);
            if (read) out.put(std::move(*read));
        }
    return out;
}

TEST_F(FixReports, AreTheSameWhenTheBookIsRestoredBetweenAnyTwoCommands) {
    std::size_t reports = 0;
    for (unsigned seed = 1; seed <= 5; ++seed) {
        recorder.heard.clear();
        ReportBook whole = restored(book), broken = restored(book);
        for (const auto& heard : random_commands(*service, recorder, seed)) {
            const auto expected = told(whole, heard), got = told(broken, heard);
            ASSERT_EQ(got.size(), expected.size()) << "seed " << seed << " at " << heard.sequence;
            for (std::size_t i = 0; i < got.size(); ++i) {
                // Of orders that have ended, only a book that saw them knows how they did.
                if (got[i].type == "9") {
                    for (const int tag :
                         {tag::kClOrdId, tag::kCxlRejReason, tag::kCxlRejResponseTo})
                        ASSERT_EQ(Fields(got[i].body).text(tag),
                                  Fields(expected[i].body).text(tag));
                } else {
                    ASSERT_EQ(got[i].body, expected[i].body) << "seed " << seed;
                }
                ASSERT_EQ(got[i].session, expected[i].session);
            }
            reports += got.size();
            broken = restored(broken);
        }
        book = restored(whole);
    }
    EXPECT_GT(reports, 500U);
}

TEST(FixKeys, AreReadAsTheyAreWritten) {
    const auto key = parse_key(key_text({"KEY", "a:b/c"}));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->session, "KEY");
    EXPECT_EQ(key->client_id, "a:b/c");
    EXPECT_FALSE(parse_key("user:fix KEY a"));
    EXPECT_FALSE(parse_key("fix KEY"));
}

}  // namespace
}  // namespace astro::fix

#include "capabilities/exchange/engine/venue_stream_test_support.hpp"

namespace astro::exchange {
namespace {

struct BatchTest : VenueTest {
    Events batch(AccountId account, std::vector<BatchAction> actions,
                 BatchMode mode = BatchMode::atomic) {
        return run(BatchOrders{OrderBatch{account, mode, std::move(actions)}});
    }
    /// "2 margin_insufficient": which action, and why.
    static std::string refusal(const Events& events) {
        const auto refused = all<Refused>(events);
        if (refused.empty()) return "ok";
        return (refused[0].item ? std::to_string(*refused[0].item) + " " : "") +
               std::string(enum_name(refused[0].refusal.code));
    }
};

TEST_F(BatchTest, LaterActionsSeeWhatEarlierOnesHaveDone) {
    const auto ada = person(1'000);
    const auto old = accepted(run(limit(ada, Side::buy, "100", "190")));
    EXPECT_EQ(outcome(run(limit(ada, Side::buy, "99", "190"))), "margin_insufficient");
    const auto events = batch(ada, {CancelOrder{ada, old}, limit(ada, Side::buy, "99", "190")});
    EXPECT_EQ(refusal(events), "ok") << "with the margin that was freed";
    const auto items = all<BatchItem>(events);
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].order, old);
    EXPECT_EQ(items[1].order, accepted(events));
    EXPECT_EQ(book(Side::buy), "99 x 190");
}

TEST_F(BatchTest, AnAtomicOneThatIsRefusedHasChangedNothing) {
    const auto ada = person(1'000), bob = person(10'000);
    const auto first = accepted(run(limit(bob, Side::sell, "100", "5")));
    const auto old = accepted(run(limit(ada, Side::buy, "98", "10")));
    run(limit(bob, Side::buy, "98", "1"));
    auto last = limit(ada, Side::buy, "97", "10000");
    const auto events =
        batch(ada, {limit(ada, Side::buy, "100", "2"), CancelOrder{ada, old}, last});
    EXPECT_EQ(refusal(events), "2 margin_insufficient");
    EXPECT_EQ(events.size(), 1U) << "nothing else is told";
    EXPECT_EQ(position(ada), Base{0});
    EXPECT_EQ(venue.find_order(first)->open, size("5"));
    EXPECT_EQ(book(Side::buy), "98 x 11");
    const auto trade = all<Traded>(run(market(bob, Side::sell, "1"))).at(0);
    EXPECT_EQ(trade.maker_order, old) << "it stands where it stood";
    EXPECT_EQ(trade.trade, TradeId{1});
    EXPECT_EQ(slot_in(accepted(run(limit(ada, Side::buy, "97", "1")))), 3U);
}

TEST_F(BatchTest, WhatItSawOfTheOracleIsSeenAnewByTheNext) {
    const auto ada = person(1'000);
    now = TimeMs{now.value() + 10'000};
    run(Tick{});  // with all that is sampled by now
    now = TimeMs{now.value() + 1};
    EXPECT_EQ(refusal(batch(ada, {limit(ada, Side::buy, "99", "1")})), "0 oracle_restricts");
    const auto events = run(limit(ada, Side::buy, "99", "1"));
    EXPECT_EQ(outcome(events), "oracle_restricts");
    ASSERT_EQ(all<OracleJudged>(events).size(), 1U);
    EXPECT_EQ(all<OracleJudged>(events)[0].verdict, OracleVerdict::stale);
}

TEST_F(BatchTest, BestEffortDoesWhatItMay) {
    const auto ada = person(1'000);
    auto named = limit(ada, Side::buy, "99", "1");
    named.client_id = ClientId("mine");
    const auto events = batch(
        ada,
        {named, named, limit(ada, Side::buy, "99.001", "1"),
         CancelByClientId{ada, ClientId("mine")}, AmendOrder{ada, OrderId{77}, {}, {}}, named},
        BatchMode::best_effort);
    std::string told;
    for (const auto& item : all<BatchItem>(events))
        told += std::string(enum_name(item.refusal.code)) + " ";
    EXPECT_EQ(told, "none client_id_duplicate price_not_tick none order_unknown none ");
    EXPECT_EQ(refusal(events), "ok");
    EXPECT_EQ(book(Side::buy), "99 x 1");
}

TEST_F(BatchTest, WhatFollowsFromAnActionComesBeforeTheNextAndIsTakenBackWithIt) {
    const auto ada = person(1'000), bob = person(10'000);
    run(limit(bob, Side::sell, "100", "1"));
    WaitingOrder stop{market(ada, Side::sell, "1"),
                      {.kind = TriggerKind::stop, .price = price("95")}};
    const auto events = run(PlaceOco{OcoOrder{limit(ada, Side::buy, "99", "1"), stop}});
    stop.order.side = Side::buy;
    EXPECT_EQ(outcome(events), "order_inconsistent") << "both are of one side";
    stop.trigger.price = price("105");
    const auto oco = run(PlaceOco{OcoOrder{limit(ada, Side::buy, "99", "1"), stop}});
    const auto resting = accepted(oco);
    ASSERT_EQ(venue.accounts()[ada.value()].conditionals.size(), 1U);
    const auto refused = batch(ada, {CancelOrder{ada, resting}, CancelOrder{ada, resting}});
    EXPECT_EQ(refusal(refused), "1 order_unknown");
    EXPECT_EQ(venue.accounts()[ada.value()].conditionals.size(), 1U);
    const auto done = batch(ada, {CancelOrder{ada, resting}});
    EXPECT_EQ(all<OrderClosed>(done).back().reason, CloseReason::partner_done);
    EXPECT_TRUE(venue.accounts()[ada.value()].conditionals.empty());
}

TEST_F(BatchTest, WrongOnesAreRefused) {
    const auto ada = person(1'000), bob = person(1'000);
    EXPECT_EQ(refusal(batch(ada, {})), "batch_size");
    const auto many = batch(ada, std::vector<BatchAction>(101, limit(ada, Side::buy, "99", "1")));
    EXPECT_EQ(refusal(many), "batch_size");
    EXPECT_EQ(all<Refused>(many)[0].refusal.needed, 100);
    EXPECT_EQ(refusal(batch(ada, {limit(ada, Side::buy, "99", "1"), CancelOrder{bob, {}}})),
              "1 order_inconsistent");
    EXPECT_EQ(refusal(batch(AccountId{9}, {CancelOrder{AccountId{9}, {}}})), "account_unknown");
    EXPECT_EQ(refusal(batch(ada, std::vector<BatchAction>(100, limit(ada, Side::buy, "120", "1")))),
              "0 price_out_of_band");
}

std::string told(const Events& events) {
    std::string out;
    for (const auto& event : events)
        if (!std::holds_alternative<BatchItem>(event) && !std::holds_alternative<Refused>(event))
            std::visit([&](const auto& e) { out += to_json(e) + "\n"; }, event);
    return out;
}

Bytes state_of(const Venue& venue) {
    Bytes out;
    venue.save(out);
    return out;
}

// One venue is given batches. The other is given the same actions one by one when the batch was
// done, and nothing when it was refused. From then on too all is the same: ids, places, numbers.
TEST(BatchProperty, AnAtomicBatchIsItsActionsOneByOneOrNothing) {
    int done = 0, refused_late = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Stream stream(seed * 1'001);
        for (int i = 0; i < 1'500; ++i) {
            stream.step();
            if (stream.dice.one_in(4)) {
                OrderBatch batch = *stream.batch(
                    AccountId{static_cast<std::uint32_t>(stream.dice.below(Stream::kAccounts))});
                batch.mode = BatchMode::atomic;
                stream.add(BatchOrders{batch});
            }
        }
        Venue venue, apart;
        Reader reader;
        for (std::size_t i = 0; i < stream.commands.size(); ++i) {
            Command& command = stream.commands[i];
            Events events, events_apart;
            with_order(command, venue, reader);
            const auto* batch = std::get_if<BatchOrders>(&command.body);
            venue.apply(command, events);
            reader.read(events);
            const bool atomic = batch != nullptr && (*batch)->mode == BatchMode::atomic;
            if (!atomic) {
                apart.apply(command, events_apart);
            } else if (const auto refused = all<Refused>(events); !refused.empty()) {
                ASSERT_TRUE(refused[0].item);
                refused_late += *refused[0].item > 0;
                apart.apply({command.time, Tick{}}, events_apart);
            } else {
                ++done;
                for (const auto& action : (*batch)->actions)
                    std::visit([&](const auto& a) { apart.apply({command.time, a}, events_apart); },
                               action);
                ASSERT_TRUE(all<Refused>(events_apart).empty());
            }
            ASSERT_EQ(told(events), told(events_apart)) << "seed " << seed << ", command " << i;
            if (!atomic) continue;
            ASSERT_TRUE(state_of(venue) == state_of(apart)) << "seed " << seed << ", command " << i;
            ASSERT_EQ(venue.audit(), "") << "seed " << seed << ", command " << i;
        }
    }
    EXPECT_GT(done, 200);
    EXPECT_GT(refused_late, 500) << "most have done something before they are refused";
}

}  // namespace
}  // namespace astro::exchange

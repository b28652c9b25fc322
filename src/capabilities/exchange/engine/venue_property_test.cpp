#include "capabilities/exchange/engine/venue_stream_test_support.hpp"

/// Streams of commands from a seed, with sizes and prices that hurt: after each of them everything
/// that is kept twice agrees, and who only reads the events knows the same.
namespace astro::exchange {
namespace {

void agree(const Venue& venue, const Reader& reader) {
    for (const auto& [key, amount] : reader.balances)
        ASSERT_EQ(venue.accounts()[key.first.value()].balances[key.second.value()], amount);
    ASSERT_EQ(reader.fees, venue.pools().fees);
    ASSERT_EQ(reader.treasury, venue.pools().treasury);
    if (venue.assets().size() > 2) {
        ASSERT_EQ(reader.staked, venue.governance().stakes().total());
    }
    std::map<AssetId, Amount> pending;
    for (const auto& [id, what] : reader.pending) pending[what.first] += what.second;
    for (const auto& [asset, amount] : pending) ASSERT_EQ(venue.held(asset).pending, amount);
    ASSERT_EQ(reader.pending.size(), venue.withdrawals().size());
    ASSERT_EQ(reader.other,
              venue.pools().funding + venue.pools().insurance + venue.pools().uncovered);
    ASSERT_EQ(reader.open.size(), venue.resting_orders());
    std::size_t waiting = 0;
    for (const auto& account : venue.accounts()) waiting += account.conditionals.size();
    ASSERT_EQ(reader.waiting.size(), waiting);
    for (const auto& [order, size] : reader.waiting)
        ASSERT_EQ(venue.find_conditional(order)->order.size, size);
    for (const auto& [order, open] : reader.open) ASSERT_EQ(venue.find_order(order)->open, open);
    for (const auto& [key, held] : reader.positions) {
        const auto& [account, market, leg] = key;
        const Position* p = venue.accounts()[account.value()].find(market, leg);
        ASSERT_EQ(p == nullptr ? Base{0} : p->size, held.first);
        ASSERT_EQ(p == nullptr ? Quote{0} : p->entry_quote, held.second);
    }
}

TEST(VenueProperty, EverythingAgreesAfterEachCommand) {
    std::map<std::string, int> outcomes;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Stream stream(seed);
        for (int i = 0; i < 2'500; ++i) stream.step();
        Venue venue;
        Reader reader;
        Events events;
        for (std::size_t i = 0; i < stream.commands.size(); ++i) {
            events.clear();
            with_order(stream.commands[i], venue, reader);
            venue.apply(stream.commands[i], events);
            reader.read(events);
            ++outcomes[outcome(events)];
            outcomes["liquidated"] += static_cast<int>(all<Liquidated>(events).size());
            for (const auto& moved : all<ProposalMoved>(events))
                outcomes["executed"] += moved.to == governance::ProposalState::executed ? 1 : 0;
            outcomes["deleveraged"] += static_cast<int>(all<Deleveraged>(events).size());
            outcomes["taken over"] += static_cast<int>(all<BackstopTook>(events).size());
            outcomes["socialized"] += static_cast<int>(all<LossSocialized>(events).size());
            outcomes["debts"] += static_cast<int>(all<CollateralTaken>(events).size() +
                                                  all<DebtTaken>(events).size());
            outcomes["shared"] += static_cast<int>(all<InterestShared>(events).size());
            outcomes["covered"] += static_cast<int>(all<DeficitCovered>(events).size());
            ASSERT_EQ(venue.audit(), "") << "seed " << seed << ", command " << i;
            agree(venue, reader);
            if (testing::Test::HasFatalFailure() || testing::Test::HasNonfatalFailure())
                FAIL() << "seed " << seed << ", command " << i;
        }
        // Everybody pays and receives: what longs paid is what shorts have, and the rounding the
        // insurance fund's, to the last unit.
        for (std::uint32_t a = 0; a < Stream::kAccounts; ++a)
            venue.apply({venue.now(), SettleFunding{AccountId{a}}}, events);
        for (std::uint32_t a = 0; a < Stream::kAccounts; ++a)
            venue.apply({venue.now(), SettleInterest{AccountId{a}}}, events);
        ASSERT_EQ(venue.pools().funding, Quote{0});
        for (const auto& asset : venue.assets()) ASSERT_EQ(asset.interest.pool, Amount{0});
        ASSERT_EQ(venue.audit(), "");
    }
    // The stream goes where it should: most is done, and refusals of many kinds are met.
    EXPECT_GT(outcomes["ok"], 10'000);
    for (const char* name : {"margin_insufficient",
                             "client_id_duplicate",
                             "size_not_lot",
                             "not_fillable",
                             "would_trade",
                             "nothing_to_reduce",
                             "order_unknown",
                             "balance_insufficient",
                             "order_inconsistent",
                             "market_not_open",
                             "market_gathers",
                             "auction_price",
                             "own_auction",
                             "liquidated",
                             "deleveraged",
                             "builder_not_allowed",
                             "shares_insufficient",
                             "cooling_down",
                             "treasury_insufficient",
                             "withdrawal_unknown",
                             "withdrawal_state_refused",
                             "withdrawal_limit",
                             "executed",
                             "not_accepted",
                             "stake_insufficient",

                             "taken over",
                             "debts",
                             "shared",
                             "borrow_limit"})
        EXPECT_GT(outcomes[name], 0) << name;
}

TEST(VenueProperty, ARefusalChangesNothingAndReplayIsIdentical) {
    Stream stream(99);
    for (int i = 0; i < 3'000; ++i) stream.step();
    Venue venue, again;
    std::string told, told_again;
    Reader reader;
    for (auto& command : stream.commands) {
        Events events;
        with_order(command, venue, reader);
        venue.apply(command, events);
        reader.read(events);
        for (const auto& event : events)
            std::visit([&](const auto& e) { told += to_json(e); }, event);
        if (outcome(events) != "ok") continue;
        events.clear();
        again.apply(command, events);
        EXPECT_EQ(outcome(events), "ok");
        for (const auto& event : events)
            std::visit([&](const auto& e) { told_again += to_json(e); }, event);
    }
    // Expiries are told with whatever command comes next, so only the end is compared.
    EXPECT_EQ(venue.resting_orders(), again.resting_orders());
    for (std::size_t a = 0; a < venue.accounts().size(); ++a)
        EXPECT_EQ(venue.accounts()[a].balances, again.accounts()[a].balances);
    EXPECT_EQ(venue.pools().fees, again.pools().fees);
    EXPECT_FALSE(told.empty());
}

}  // namespace
}  // namespace astro::exchange

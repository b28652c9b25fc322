#include <set>

#include "capabilities/exchange/engine/margin_explain.hpp"
#include "capabilities/exchange/engine/venue_stream_test_support.hpp"

/// What a preview says is what the order then does, to the unit, and asking changes nothing.
namespace astro::exchange {
namespace {

/// What an order has done, as its events tell it.
struct Done {
    explicit Done(const Events& events) {
        std::set<OrderId> orders;
        for (const auto& e : all<OrderAccepted>(events)) {
            if (orders.empty()) order = e.order;
            orders.insert(e.order);
        }
        for (const auto& e : all<AuctionOpened>(events)) order = e.order;
        for (const auto& e : all<Traded>(events)) {
            if (e.taker_order != order) continue;
            filled += e.size;
            fee += e.taker_fee;
            builder_fee += e.taker_builder_fee;
            if (levels.empty() || levels.back().price != e.price) levels.push_back({e.price});
            levels.back().size += e.size;
        }
        is_alone = orders.size() <= 1 && all<Liquidated>(events).empty();
    }
    OrderId order{};
    Base filled{};
    Quote fee{}, builder_fee{};
    std::vector<PreviewLevel> levels;
    bool is_alone = true;  ///< no order followed from it
};

const PlaceOrder* order_of(const CommandBody& command) {
    if (const auto* plain = std::get_if<PlaceOrder>(&command)) return plain;
    if (const auto* oco = std::get_if<PlaceOco>(&command)) return &(*oco)->order;
    if (const auto* pegged = std::get_if<PlacePegged>(&command)) return &(*pegged)->order;
    if (const auto* auction = std::get_if<PlaceAuction>(&command)) return &(*auction)->order;
    if (const auto* bracket = std::get_if<PlaceBracket>(&command)) return &(*bracket)->entry;
    if (const auto* waits = std::get_if<PlaceConditional>(&command)) return &(*waits)->order;
    return nullptr;
}

bool same(const Health& a, const Health& b) {
    return a.collateral == b.collateral && a.requirement == b.requirement;
}

/// The venue, and beside it what its previews have said.
class Compared {
  public:
    void step(const Command& command) {
        Events events;
        venue.apply({command.time, Tick{}}, events);
        reader.read(events);
        const PlaceOrder* order = order_of(command.body);
        const bool looks = ++steps_ % 8 == 0;
        Bytes before, after;
        if (looks) venue.save(before);
        const PreviewedOrder seen = order ? venue.preview(command.body) : PreviewedOrder{};
        if (looks) {
            venue.save(after);
            ASSERT_EQ(before, after) << "a preview has changed the venue";
        }
        events.clear();
        venue.apply(command, events);
        reader.read(events);
        if (order == nullptr) return;
        ++counts[std::string(enum_name(seen.refusal.code))];
        if (seen.nearest_size || seen.nearest_price) try_nearest(before, command, *order, seen);
        compare(seen, events, *order);
    }

    Venue venue;
    Reader reader;
    std::map<std::string, int> counts;

  private:
    void compare(const PreviewedOrder& seen, const Events& events, const PlaceOrder& order) {
        const auto refused = all<Refused>(events);
        const Refusal told = refused.empty() ? Refusal{} : refused.front().refusal;
        ASSERT_EQ(seen.refusal.code, told.code);
        ASSERT_EQ(seen.refusal.needed, told.needed);
        ASSERT_EQ(seen.refusal.available, told.available);
        if (told || seen.waits) return;
        const Done done(events);
        ASSERT_EQ(seen.filled, done.filled);
        ASSERT_EQ(seen.fee, done.fee);
        ASSERT_EQ(seen.builder_fee, done.builder_fee);
        ASSERT_EQ(seen.levels.size() + seen.levels_more, done.levels.size());
        for (std::size_t i = 0; i < seen.levels.size(); ++i) {
            ASSERT_EQ(seen.levels[i].price, done.levels[i].price);
            ASSERT_EQ(seen.levels[i].size, done.levels[i].size);
        }
        if (!done.is_alone) return;
        const auto resting = venue.find_order(done.order);
        ASSERT_EQ(seen.rests, resting ? resting->open : Base{0});
        compare_margin(seen, order);
        counts["traded"] += seen.filled > Base{0} ? 1 : 0;
        counts["traded and rests"] += seen.filled > Base{0} && seen.rests > Base{0} ? 1 : 0;
        counts["many levels"] += seen.levels.size() > 3 ? 1 : 0;
        counts["liquidated at"] += seen.liquidation ? 1 : 0;
        counts["with a builder"] += seen.builder_fee > Quote{0} ? 1 : 0;
    }
    void compare_margin(const PreviewedOrder& seen, const PlaceOrder& order) {
        const Account& account = venue.accounts()[order.account.value()];
        const auto now = [&](MarginKind kind) {
            return health_of(venue.margin_context(), account, kind);
        };
        ASSERT_TRUE(same(seen.after, now(MarginKind::initial)))
            << seen.after.collateral << " " << now(MarginKind::initial).collateral << ", "
            << seen.after.requirement << " " << now(MarginKind::initial).requirement;
        ASSERT_TRUE(same(seen.maintenance, now(MarginKind::maintenance)));
        const auto margin = explain_margin(venue.margin_context(), account);
        std::optional<Price> liquidation;
        for (const auto& term : margin.maintenance.positions)
            if (term.market == order.market && term.leg == order.leg)
                liquidation = term.liquidation;
        ASSERT_EQ(seen.liquidation, liquidation);
        const Position* position = account.find(order.market, order.leg);
        ASSERT_EQ(seen.position, position == nullptr ? Base{0} : position->size);
    }
    /// Where the state before is at hand.
    void try_nearest(const Bytes& before, const Command& command, const PlaceOrder& order,
                     const PreviewedOrder& seen) {
        if (before.empty() || !std::holds_alternative<PlaceOrder>(command.body)) return;
        auto copy = Venue::load(before).value();
        PlaceOrder nearest = order;
        if (seen.nearest_size) {
            ASSERT_LT(*seen.nearest_size, order.size);
            nearest.size = *seen.nearest_size;
            nearest.display = std::min(nearest.display, nearest.size);
        }
        if (seen.nearest_price) nearest.price = *seen.nearest_price;
        Events events;
        copy->apply({command.time, nearest}, events);
        // A price that does not trade may still want more margin than there is.
        if (seen.nearest_size) {
            ASSERT_EQ(outcome(events), "ok");
        } else {
            ASSERT_NE(outcome(events), "would_trade");
        }
        ++counts[seen.nearest_size ? "nearest size" : "nearest price"];
    }

    std::uint64_t steps_ = 0;
};

TEST(VenuePreview, WhatItSaysIsWhatTheOrderDoes) {
    std::map<std::string, int> counts;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Stream stream(seed);
        for (int i = 0; i < 2'500; ++i) stream.step();
        Compared compared;
        for (std::size_t i = 0; i < stream.commands.size(); ++i) {
            with_order(stream.commands[i], compared.venue, compared.reader);
            compared.step(stream.commands[i]);
            if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed << ", command " << i;
        }
        for (const auto& [name, count] : compared.counts) counts[name] += count;
    }
    for (const char* name :
         {"none", "traded", "traded and rests", "liquidated at", "nearest size",
          "margin_insufficient", "not_fillable", "would_trade", "client_id_duplicate",
          "oracle_restricts", "nothing_to_reduce", "market_not_open"})
        EXPECT_GT(counts[name], 5) << name;
}

/// A book that is deep and busy, where most orders are taken: icebergs, orders that only reduce,
/// one's own on the other side, builders on both sides, owners with two accounts.
class BusyBook {
  public:
    explicit BusyBook(std::uint64_t seed) : dice_(seed) {
        add(SetAsset{AssetSettings{.symbol = "USDC",
                                   .decimals = 6,
                                   .initial_weight_bps = 10'000,
                                   .maintenance_weight_bps = 10'000,
                                   .borrow_enabled = seed % 2 == 0}});
        VenueSettings venue = Stream::venue_settings();
        venue.revenue_period_s = 3'600;
        add(SetVenue{venue});
        add(SetMarket{Stream::market_settings(0, seed)});
        add(SetIndexPrice{.market = MarketId{0}, .index = tick(kMid)});
        for (std::uint32_t a = 0; a < kAccounts; ++a) {
            OwnerId owner;
            owner.bytes[0] = static_cast<std::uint8_t>(1 + a / 2);
            add(OpenAccount{owner, {}});
            add(Deposit{AccountId{a}, kUsdc, dollars(a % 4 == 3 ? 400 : 60'000), {}});
        }
        for (std::uint32_t a = 0; a < kAccounts; ++a)
            add(ApproveBuilder{AccountId{a}, AccountId{kAccounts - 1 - a}, 700});
    }
    void step() {
        time_ += 1 + dice_.below(3);
        const AccountId account{static_cast<std::uint32_t>(dice_.below(kAccounts))};
        if (dice_.one_in(25))
            return add(
                SetIndexPrice{.market = MarketId{0}, .index = tick(kMid + dice_.below(9) - 4)});
        if (dice_.one_in(60)) return add(SettleFunding{account});
        if (dice_.one_in(90)) return add(CancelAll{account, {}, {}});
        PlaceOrder order = some_order(account);
        if (dice_.one_in(9)) return add(PlacePegged(PeggedOrder{resting(order), some_offset()}));
        if (dice_.one_in(9)) {
            Bracket bracket{.entry = order};
            bracket.entry.reduce_only = false;
            const std::int64_t away = order.side == Side::buy ? -300 : 300;
            bracket.stop_loss =
                Trigger{TriggerKind::stop, TriggerSource::mark, tick(kMid + away), 0};
            return add(PlaceBracket(bracket));
        }
        add(order);
    }
    std::vector<Command> commands;

  private:
    static constexpr std::uint32_t kAccounts = 16;
    static constexpr std::int64_t kMid = 10'000;
    static Price tick(std::int64_t ticks) {
        return Price{ticks * default_markets()[0].tick_size.value()};
    }
    void add(CommandBody body) { commands.push_back({TimeMs{time_}, std::move(body)}); }
    Price some_offset() {
        return Price{(dice_.below(21) - 10) * default_markets()[0].tick_size.value()};
    }
    static PlaceOrder resting(PlaceOrder order) {
        order.type = OrderType::limit;
        order.time_in_force = TimeInForce::gtc;
        order.price = Price{0};
        return order;
    }
    PlaceOrder some_order(AccountId account) {
        PlaceOrder out;
        out.account = account;
        out.side = dice_.any(Side::sell);
        out.size = Base{(1 + dice_.below(dice_.one_in(6) ? 400 : 40)) * 100'000'000};
        out.self_trade = dice_.any(SelfTrade::decrement);
        out.reduce_only = dice_.one_in(6);
        if (dice_.one_in(3)) {
            out.builder = AccountId{kAccounts - 1 - account.value()};
            out.builder_fee_ppm = static_cast<std::uint32_t>(1 + dice_.below(700));
        }
        if (dice_.one_in(7)) {
            out.type = OrderType::market;
            out.time_in_force = dice_.one_in(3) ? TimeInForce::fok : TimeInForce::ioc;
            return out;
        }
        out.price = tick(kMid + dice_.below(41) - 20);
        if (dice_.one_in(5))
            out.time_in_force = TimeInForce::ioc;
        else if (dice_.one_in(4))
            out.display =
                Base{std::max<std::int64_t>(1, out.size.value() / 700'000'000) * 100'000'000};
        else if (dice_.one_in(8))
            out.post_only = dice_.any(PostOnly::slide);
        return out;
    }

    Dice dice_;
    std::int64_t time_ = 1'700'000'000'000;
};

TEST(VenuePreview, WhatItSaysOfADeepBookIsWhatTheOrderDoes) {
    std::map<std::string, int> counts;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        BusyBook book(seed);
        for (int i = 0; i < 2'000; ++i) book.step();
        Compared compared;
        for (std::size_t i = 0; i < book.commands.size(); ++i) {
            compared.step(book.commands[i]);
            if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed << ", command " << i;
        }
        for (const auto& [name, count] : compared.counts) counts[name] += count;
    }
    for (const char* name :
         {"traded", "traded and rests", "many levels", "liquidated at", "with a builder",
          "nearest size", "nearest price", "margin_insufficient", "not_fillable", "would_trade"})
        EXPECT_GT(counts[name], 20) << name;
}

struct VenuePreviewTest : VenueTest {
    PreviewedOrder ask(CommandBody body) const { return venue.preview(body); }
    std::optional<Price> liquidation(AccountId account) const {
        const auto margin =
            explain_margin(venue.margin_context(), venue.accounts()[account.value()]);
        return margin.maintenance.positions.at(0).liquidation;
    }
    void set_fees() {
        change([](MarketSettings& m) {
            m.maker_fee_ppm = 200;
            m.taker_fee_ppm = 500;
        });
    }
};

TEST_F(VenuePreviewTest, WithAllOfItFilledIsWhatComesWhenItFills) {
    set_fees();
    const AccountId alice = person(1'000), bob = person(100'000);
    run(limit(bob, Side::sell, "100", "10"));
    const auto seen = ask(limit(alice, Side::buy, "100.5", "40"));
    EXPECT_EQ(seen.filled, size("10"));
    EXPECT_EQ(seen.rests, size("30"));
    EXPECT_EQ(seen.fee, Quote{500'000});
    EXPECT_EQ(seen.rest_fee, Quote{603'000});
    ASSERT_TRUE(seen.liquidation_filled);
    run(limit(alice, Side::buy, "100.5", "40"));
    EXPECT_EQ(liquidation(alice), seen.liquidation);
    run(market(bob, Side::sell, "30"));
    EXPECT_EQ(position(alice), size("40"));
    EXPECT_EQ(liquidation(alice), seen.liquidation_filled);
    EXPECT_GT(*seen.liquidation_filled, price("70"));
}

TEST_F(VenuePreviewTest, AnIsolatedAccountIsLiquidatedByItsOwnMoneyAlone) {
    const AccountId alice = person(1'000, 7), bob = person(100'000);
    const AccountId apart{static_cast<std::uint32_t>(venue.accounts().size())};
    OpenAccount open;
    open.owner.bytes[0] = 7;
    open.isolated = sol;
    run(open);
    run(Deposit{apart, kUsdc, dollars(300), {}});
    run(limit(bob, Side::sell, "100", "40"));
    const auto cross = ask(limit(alice, Side::buy, "100", "20"));
    const auto isolated = ask(limit(apart, Side::buy, "100", "20"));
    ASSERT_TRUE(cross.liquidation && isolated.liquidation);
    // The owner's other account has three times as much, and stands for the isolated one in
    // nothing.
    EXPECT_GT(*isolated.liquidation, *cross.liquidation + price("30"));
    run(limit(alice, Side::buy, "100", "20"));
    run(limit(apart, Side::buy, "100", "20"));
    EXPECT_EQ(liquidation(alice), cross.liquidation);
    EXPECT_EQ(liquidation(apart), isolated.liquidation);
}

TEST_F(VenuePreviewTest, ABracketSaysWhatIsLostAtItsStop) {
    set_fees();
    const AccountId alice = person(1'000), bob = person(100'000);
    run(limit(bob, Side::sell, "100", "5"));
    Bracket bracket{.entry = limit(alice, Side::buy, "100", "5")};
    bracket.stop_loss = Trigger{TriggerKind::stop, TriggerSource::mark, price("95"), 0};
    bracket.take_profit = Trigger{TriggerKind::take_profit, TriggerSource::mark, price("110"), 0};
    const auto seen = ask(PlaceBracket(bracket));
    ASSERT_TRUE(seen.exits);
    EXPECT_EQ(seen.exits->stop_price, price("95"));
    // 5 * 5, and 500 ppm of 500 and of 475.
    EXPECT_EQ(seen.exits->loss_at_stop, Quote{25'000'000 + 250'000 + 237'500});
    EXPECT_EQ(seen.exits->gain_at_take_profit, Quote{50'000'000 - 250'000 - 275'000});
    const Amount before = balance(alice);
    run(PlaceBracket(bracket));
    run(limit(bob, Side::buy, "95", "5"));
    run(SetIndexPrice{sol, price("95")});
    EXPECT_EQ(position(alice), Base{0});
    EXPECT_EQ((before - balance(alice)).value(), seen.exits->loss_at_stop->value());
}

TEST_F(VenuePreviewTest, OneThatWaitsIsJudgedByItsTrigger) {
    const AccountId alice = person(1'000);
    PlaceOrder order = market(alice, Side::sell, "1");
    const auto ask_for = [&](std::string_view at) {
        return ask(PlaceConditional(
            WaitingOrder{order, {TriggerKind::stop, TriggerSource::mark, price(at), 0}}));
    };
    EXPECT_EQ(ask_for("90").refusal.code, RefusalCode::none);
    EXPECT_TRUE(ask_for("90").waits);
    EXPECT_EQ(ask_for("101").refusal.code, RefusalCode::would_trigger);
    EXPECT_EQ(ask(CancelOrder{alice, OrderId{1}}).refusal.code, RefusalCode::order_inconsistent);
}

TEST_F(VenuePreviewTest, WhatCannotBePaidForNamesTheSizeThatCan) {
    set_fees();
    const AccountId alice = person(100), bob = person(100'000);
    run(limit(bob, Side::sell, "100", "50"));
    const auto seen = ask(limit(alice, Side::buy, "100", "50"));
    EXPECT_EQ(seen.refusal.code, RefusalCode::margin_insufficient);
    ASSERT_TRUE(seen.nearest_size);
    const Base lot = settings().lot_size;
    PlaceOrder nearest = limit(alice, Side::buy, "100", "1");
    nearest.size = *seen.nearest_size + lot;
    EXPECT_EQ(ask(nearest).refusal.code, RefusalCode::margin_insufficient) << "it is the largest";
    nearest.size = *seen.nearest_size;
    EXPECT_EQ(outcome(run(nearest)), "ok");
    PlaceOrder post = limit(bob, Side::buy, "101", "1");
    post.post_only = PostOnly::reject;
    EXPECT_EQ(ask(post).nearest_price, price("100") - settings().tick_size);
}

TEST_F(VenuePreviewTest, HiddenPartsAndReduceOnlyMakersGiveWhatTheyWillGive) {
    const AccountId alice = person(100'000), bob = person(100'000), carol = person(100'000);
    run(limit(carol, Side::sell, "100", "5"));
    run(limit(bob, Side::buy, "100", "5"));
    ASSERT_EQ(position(bob), size("5"));
    run(limit(bob, Side::sell, "101", "5"));
    PlaceOrder reduces = limit(bob, Side::sell, "101", "5");
    reduces.reduce_only = true;
    run(reduces);
    PlaceOrder taking = limit(alice, Side::buy, "101", "10");
    taking.time_in_force = TimeInForce::fok;
    // The first of bob's sells leaves nothing to reduce.
    EXPECT_EQ(ask(taking).refusal.code, RefusalCode::not_fillable);
    EXPECT_EQ(ask(taking).filled, size("5"));
    EXPECT_EQ(outcome(run(taking)), "not_fillable");
    PlaceOrder iceberg = limit(carol, Side::sell, "101", "3");
    iceberg.display = size("1");
    run(iceberg);
    taking.size = size("7");
    const auto seen = ask(taking);
    EXPECT_EQ(seen.filled, size("7"));
    EXPECT_EQ(seen.levels.at(0).orders, 3U) << "the iceberg shows itself again";
    EXPECT_EQ(outcome(run(taking)), "ok");
    EXPECT_EQ(position(alice), size("7"));
}

TEST_F(VenuePreviewTest, ItLooksAtSoManyOrdersAndSaysHowFar) {
    Events events;
    const Base lot = settings().lot_size;
    std::vector<AccountId> makers;
    for (std::uint32_t i = 0; i <= kPreviewOrdersMax / 100; ++i) makers.push_back(person(100'000));
    const AccountId alice = person(100'000);
    for (std::uint32_t i = 0; i <= kPreviewOrdersMax; ++i) {
        PlaceOrder order = limit(makers[i / 100], Side::sell, "100", "1");
        order.price += Price{settings().tick_size.value() * (i % 50)};
        order.size = Base{lot.value() * 10};
        venue.apply(now, order, events);
    }
    PlaceOrder taking = market(alice, Side::buy, "1");
    taking.size = Base{lot.value() * 10 * (kPreviewOrdersMax + 1)};
    const auto seen = ask(taking);
    EXPECT_TRUE(seen.is_too_deep);
    ASSERT_EQ(seen.nearest_size, Base{lot.value() * 10 * kPreviewOrdersMax});
    taking.size = *seen.nearest_size;
    const auto nearest = ask(taking);
    EXPECT_FALSE(nearest.is_too_deep);
    EXPECT_EQ(nearest.filled, taking.size);
    EXPECT_EQ(nearest.levels.size(), kPreviewLevelsMax);
    EXPECT_EQ(nearest.levels_more, 50 - kPreviewLevelsMax);
}

}  // namespace
}  // namespace astro::exchange

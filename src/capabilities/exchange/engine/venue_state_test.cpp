#include "capabilities/exchange/engine/venue_state.hpp"

#include "capabilities/exchange/engine/venue_stream_test_support.hpp"

/// The venue as bytes: nothing that later events depend on may be missing, and nothing may be read
/// that no venue can be.
namespace astro::exchange {
namespace {

Bytes saved(const Venue& venue) {
    Bytes out;
    venue.save(out);
    return out;
}

std::unique_ptr<Venue> loaded(ByteView bytes) {
    auto venue = Venue::load(bytes);
    EXPECT_TRUE(venue) << venue.error().text();
    return venue ? std::move(venue).value() : nullptr;
}

std::string told(const Events& events) {
    std::string out;
    for (const auto& event : events) {
        out += std::to_string(event.index());
        std::visit([&](const auto& e) { out += to_json(e) + "\n"; }, event);
    }
    return out;
}

/// With what the common stream does not have: switches, and an account of one market.
void add_rare(Stream& stream) {
    OpenAccount isolated;
    isolated.owner.bytes[0] = 200;
    isolated.isolated = MarketId{1};
    stream.add(isolated);
    for (int i = 0; i < 600; ++i) {
        stream.step();
        const AccountId account{static_cast<std::uint32_t>(stream.dice.below(Stream::kAccounts))};
        if (stream.dice.one_in(20))
            stream.add(SetDeadMan{account, TimeMs{stream.time + 1 + stream.dice.below(5'000)}});
        if (stream.dice.one_in(40)) stream.add(SetMarket{default_markets()[1]});
        if (stream.dice.one_in(30))
            stream.add(
                SetAssetPrice{AssetId{1}, Price{(50 + stream.dice.below(100)) * kQuoteUnit}});
    }
}

// What catches a member that was forgotten: from a random point on, the venue that was saved and
// the one that was loaded are given the same commands.
TEST(VenueState, ALoadedVenueGoesOnAsTheOneThatWasSaved) {
    std::map<std::string, int> seen;
    for (std::uint64_t seed = 1; seed <= 80; ++seed) {
        Stream stream(seed);
        add_rare(stream);
        Venue venue;
        std::unique_ptr<Venue> other;
        Reader reader;
        Events events, events_there;
        for (std::size_t i = 0; i < stream.commands.size(); ++i) {
            Command& command = stream.commands[i];
            with_order(command, venue, reader);
            events.clear();
            venue.apply(command, events);
            reader.read(events);
            if (other) {
                events_there.clear();
                other->apply(command, events_there);
                ASSERT_EQ(told(events), told(events_there)) << "seed " << seed << ", command " << i;
            }
            if (!stream.dice.one_in(25)) continue;
            const Bytes bytes = saved(venue);
            if (other) {
                ASSERT_EQ(saved(*other), bytes) << "seed " << seed << ", command " << i;
            }
            if (other && !stream.dice.one_in(4)) continue;
            other = loaded(bytes);
            ASSERT_TRUE(other) << "seed " << seed << ", command " << i;
            ASSERT_EQ(saved(*other), bytes) << "seed " << seed << ", command " << i;
            for (const auto& account : venue.accounts()) {
                seen["dead man"] += account.dead_man != TimeMs{0};
                seen["touched"] += account.is_touched;
                seen["waiting"] += !account.conditionals.empty();
                for (const auto& position : account.positions) {
                    seen["position"] += position.size != Base{0};
                    seen["watched"] += position.is_watched;
                }
            }
            seen["resting"] += static_cast<int>(venue.resting_orders());
            seen["auction"] += static_cast<int>(venue.auctions().size());
            for (const auto& market : venue.markets())
                seen["pegged"] += static_cast<int>(market.pegs.size());
        }
    }
    for (const char* what :
         {"dead man", "touched", "waiting", "position", "watched", "resting", "auction", "pegged"})
        EXPECT_GT(seen[what], 80) << what;
}

TEST(VenueState, TheSameCommandsGiveTheSameBytes) {
    Bytes first;
    for (int round = 0; round < 2; ++round) {
        Stream stream(7);
        add_rare(stream);
        Venue venue;
        Events events;
        for (const auto& command : stream.commands) venue.apply(command, events);
        if (round == 0) first = saved(venue);
        EXPECT_EQ(saved(venue), first);
    }
}

/// What events say of prices and settings; balances, positions and orders: venue_property_test.cpp.
struct PriceReader {
    std::map<MarketId, std::pair<Price, Price>> prices;
    std::map<MarketId, Price> last;
    std::map<std::pair<AccountId, MarketId>, std::int64_t> leverage;
    std::map<AccountId, TimeMs> dead_men;

    void on(const PriceSet& e) { prices[e.market] = {e.index, e.mark}; }
    void on(const Traded& e) { last[e.market] = e.price; }
    void on(const LeverageSet& e) { leverage[{e.account, e.market}] = e.initial_margin_bps; }
    void on(const DeadManSet& e) { dead_men[e.account] = e.at; }
    void on(const auto&) {}
};

TEST(VenueState, EventsTellPricesLeverageAndSwitches) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        Stream stream(seed);
        add_rare(stream);
        Venue venue;
        PriceReader reader;
        Events events;
        for (const auto& command : stream.commands) {
            events.clear();
            venue.apply(command, events);
            for (const auto& event : events)
                std::visit([&](const auto& e) { reader.on(e); }, event);
        }
        ASSERT_EQ(reader.prices.size(), venue.markets().size());
        for (const auto& [id, known] : reader.prices) {
            const Market& market = venue.markets()[id.value()];
            EXPECT_EQ(known, (std::pair{market.index, market.mark}));
            EXPECT_EQ(reader.last[id], market.last);
        }
        for (const auto& [key, bps] : reader.leverage) {
            const Position* p = venue.accounts()[key.first.value()].find(key.second, Leg::net);
            EXPECT_EQ(p == nullptr ? 0 : p->own_margin_bps, bps);
        }
        EXPECT_FALSE(reader.leverage.empty());
        for (const auto& [account, at] : reader.dead_men)
            EXPECT_EQ(venue.accounts()[account.value()].dead_man, at);
        EXPECT_FALSE(reader.dead_men.empty());
    }
}

/// A venue with something of everything.
Bytes some_state() {
    Stream stream(4);
    add_rare(stream);
    Venue venue;
    Reader reader;
    Events events;
    for (auto& command : stream.commands) {
        with_order(command, venue, reader);
        events.clear();
        venue.apply(command, events);
        reader.read(events);
    }
    // All markets trade and everybody has money, wherever the stream has left them.
    const auto apply = [&](CommandBody body) {
        venue.apply({TimeMs{stream.time}, std::move(body)}, events);
    };
    for (std::uint16_t m = 0; m < 3; ++m) {
        apply(SetMarket{default_markets()[m]});
        apply(SetIndexPrice{.market = MarketId{m}, .index = stream.at(m, stream.mid[m])});
    }
    for (std::uint32_t a = 0; a < Stream::kAccounts; ++a)
        apply(Deposit{AccountId{a}, kUsdc, dollars(1'000'000), {}});
    for (int i = 0; i < 40; ++i) {
        PlaceOrder order = stream.order();
        order.type = OrderType::limit;
        order.time_in_force = i % 4 == 0 ? TimeInForce::gtt : TimeInForce::gtc;
        order.expires = TimeMs{i % 4 == 0 ? stream.time + 1'000 : 0};
        order.reduce_only = false;
        order.post_only = PostOnly::slide;
        venue.apply({TimeMs{stream.time}, order}, events);
    }
    EXPECT_GT(venue.resting_orders(), 10U);
    return saved(venue);
}

// What is read is what is written: no bytes are ignored, and a state that loads is canonical.
TEST(VenueState, ChangedBytesAreRefusedOrAreAnotherStateInItsOneForm) {
    const Bytes good = some_state();
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        Bytes changed = good;
        changed[at] ^= static_cast<std::uint8_t>(1 << (at % 8));
        const auto venue = Venue::load(changed);
        if (!venue) {
            EXPECT_EQ(venue.error().code, "bad_state");
            EXPECT_FALSE(venue.error().message.empty());
            ++refused;
            continue;
        }
        ASSERT_EQ((*venue)->audit(), "");
        ASSERT_EQ(saved(**venue), changed) << "byte " << at;
    }
    EXPECT_GT(refused, good.size() / 3);  // most of the rest are amounts, free to be anything
}

TEST(VenueState, AShortOrLongerStateIsRefusedWithThePlace) {
    const Bytes good = some_state();
    for (std::size_t size = 0; size < good.size(); size += 7)
        EXPECT_FALSE(Venue::load(ByteView(good).first(size))) << size;
    Bytes longer = good;
    longer.push_back(0);
    const auto refused = Venue::load(longer);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().where, "byte " + std::to_string(good.size()));
}

TEST(VenueState, AnotherVersionIsNamed) {
    Bytes bytes = some_state();
    bytes[0] = 9;
    const auto refused = Venue::load(bytes);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "its form is version 9, not " + std::to_string(kStateVersion));
}

TEST(VenueState, AnEmptyVenueIsAState) {
    const Venue venue;
    const Bytes bytes = saved(venue);
    const auto again = loaded(bytes);
    ASSERT_TRUE(again);
    EXPECT_EQ(saved(*again), bytes);
}

}  // namespace
}  // namespace astro::exchange

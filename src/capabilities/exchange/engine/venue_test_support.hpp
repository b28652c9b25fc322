#pragma once

#include <gtest/gtest.h>

#include "capabilities/exchange/engine/venue.hpp"
#include "foundation/base/json.hpp"

namespace astro::exchange {

constexpr Quote usd(std::int64_t whole) {
    return Quote{whole * kQuoteUnit};
}
inline Price price(std::string_view text) {
    Price out;
    EXPECT_TRUE(from_text(text, out)) << text;
    return out;
}
inline Base size(std::string_view text) {
    Base out;
    EXPECT_TRUE(from_text(text, out)) << text;
    return out;
}
/// Dollars that are an amount of USDC.
constexpr Amount dollars(std::int64_t whole) {
    return Amount{whole * kQuoteUnit};
}

/// A venue with USDC and SOL-PERP at 100, without fees and without a premium on size, and a few
/// people. Each apply() is followed by an audit.
struct VenueTest : testing::Test {
    VenueTest() {
        run(SetAsset{AssetSettings{.symbol = "USDC",
                                   .decimals = 6,
                                   .initial_weight_bps = 10'000,
                                   .maintenance_weight_bps = 10'000}});
        MarketSettings settings = default_markets().front();
        settings.maker_fee_ppm = settings.taker_fee_ppm = 0;
        settings.imf_factor_ppm = 0;
        // More than any book here holds: the mark price is the index.
        settings.impact_notional = usd(10'000'000);
        run(SetMarket{settings});
        run(SetIndexPrice{sol, price("100")});
    }

    Events run(CommandBody body) {
        Events events;
        venue.apply({now, std::move(body)}, events);
        EXPECT_EQ(venue.audit(), "");
        return events;
    }
    AccountId person(std::int64_t whole_dollars, std::uint8_t owner = 0) {
        static_assert(sizeof(OwnerId) == 16);
        const AccountId id{static_cast<std::uint32_t>(venue.accounts().size())};
        OpenAccount open;
        open.owner.bytes[0] = owner == 0 ? static_cast<std::uint8_t>(id.value() + 1) : owner;
        run(open);
        if (whole_dollars > 0) run(Deposit{id, kUsdc, dollars(whole_dollars), {}});
        return id;
    }
    static PlaceOrder limit(AccountId account, Side side, std::string_view at,
                            std::string_view how_much) {
        PlaceOrder out;
        out.account = account;
        out.side = side;
        out.price = price(at);
        out.size = size(how_much);
        return out;
    }
    static PlaceOrder market(AccountId account, Side side, std::string_view how_much) {
        PlaceOrder out;
        out.account = account;
        out.side = side;
        out.type = OrderType::market;
        out.time_in_force = TimeInForce::ioc;
        out.size = size(how_much);
        return out;
    }
    MarketSettings settings() const { return venue.markets()[0].settings; }
    void change(auto edit) {
        MarketSettings changed = settings();
        edit(changed);
        run(SetMarket{changed});
    }
    Base position(AccountId account, Leg leg = Leg::net) const {
        const Position* p = venue.accounts()[account.value()].find(MarketId{0}, leg);
        return p == nullptr ? Base{0} : p->size;
    }
    Amount balance(AccountId account) const { return venue.accounts()[account.value()].usdc(); }
    /// "92 x 5, 91 x 1" in whole numbers, best first.
    std::string book(Side side) const {
        std::string out;
        const Market& m = venue.markets()[0];
        m.book.for_each_level(side, [&](std::int64_t ticks, const PriceLevel& level) {
            out += (out.empty() ? "" : ", ") + to_text(m.price(ticks)) + " x " +
                   to_text(m.size(level.quantity));
            return true;
        });
        return out;
    }

    Venue venue;
    TimeMs now{1'700'000'000'000};
    const MarketId sol{0};
};

template <class E>
std::vector<E> all(const Events& events) {
    std::vector<E> out;
    for (const auto& event : events)
        if (const auto* e = std::get_if<E>(&event)) out.push_back(*e);
    return out;
}
/// The refusal's name, or "ok".
inline std::string outcome(const Events& events) {
    const auto refused = all<Refused>(events);
    return refused.empty() ? "ok" : std::string(enum_name(refused[0].refusal.code));
}
/// The one order that was accepted.
inline OrderId accepted(const Events& events) {
    const auto orders = all<OrderAccepted>(events);
    EXPECT_EQ(orders.size(), 1U) << outcome(events);
    return orders.empty() ? OrderId{0} : orders[0].order;
}
/// Why the order was closed, or "open".
inline std::string closed(const Events& events, OrderId order) {
    for (const auto& e : all<OrderClosed>(events))
        if (e.order == order) return std::string(enum_name(e.reason));
    return "open";
}

}  // namespace astro::exchange

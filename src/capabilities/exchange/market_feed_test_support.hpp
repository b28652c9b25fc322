#pragma once

#include <gtest/gtest.h>

#include "capabilities/exchange/market_feed.hpp"
#include "capabilities/exchange/market_tape.hpp"
#include "foundation/base/read_json.hpp"

namespace astro::exchange {

/// Numbers of a seed (splitmix64).
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
    std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
    }
    bool one_in(std::int64_t n) { return below(n) == 0; }
    template <class E>
    E any(E last) {
        return static_cast<E>(below(static_cast<std::int64_t>(last) + 1));
    }

  private:
    std::uint64_t state_;
};

/// The running venue without a journal: applies on the caller's thread and tells its listener.
class LocalVenue {
  public:
    LocalVenue() {
        run(SetAsset{AssetSettings{.symbol = "USDC",
                                   .decimals = 6,
                                   .initial_weight_bps = 10'000,
                                   .maintenance_weight_bps = 10'000}});
    }
    void listen(Listener* listener) { listener_ = listener; }

    const Events& run(CommandBody body) {
        submission_.body = std::move(body);
        auto events = std::make_shared<Events>();
        venue.apply({now, submission_.body}, *events);
        events_ = std::move(events);
        sequence = Sequence{sequence.value() + 1};
        if (listener_ != nullptr)
            listener_->on_applied({sequence, now, submission_, *events_, events_, venue, false});
        return *events_;
    }
    void end_group() {
        if (listener_ != nullptr) listener_->on_group_end(venue);
    }

    Venue venue;
    Sequence sequence{};
    TimeMs now{1'700'006'400'000};

  private:
    Listener* listener_ = nullptr;
    Submission submission_;
    std::shared_ptr<const Events> events_;
};

/// Commands of a seed that meet each other: orders of all kinds, amendments, cancellations, prices
/// that move and now and then jump.
class Crowd {
  public:
    static constexpr std::uint16_t kMarkets = 3;
    static constexpr std::uint32_t kAccounts = 12;

    Crowd(LocalVenue& venue, std::uint64_t seed) : venue_(venue), dice_(seed) {
        for (std::uint16_t m = 0; m < kMarkets; ++m) {
            venue_.run(SetMarket{default_markets()[m]});
            mid_[m] = m == 1 ? 600'000 : 10'000;
            venue_.run(SetIndexPrice{.market = MarketId{m}, .index = at(m, mid_[m])});
        }
        for (std::uint32_t a = 0; a < kAccounts; ++a) {
            OwnerId owner;
            owner.bytes[0] = static_cast<std::uint8_t>(a / 2);
            venue_.run(OpenAccount{owner, {}});
            const std::int64_t dollars = a % 3 == 0 ? 40 + dice_.below(300) : 1'000'000;
            venue_.run(Deposit{AccountId{a}, kUsdc, Amount{dollars * kQuoteUnit}});
        }
    }

    /// One command; a tenth of them ends a group.
    const Events& step() {
        venue_.now = TimeMs{venue_.now.value() + dice_.below(40)};
        const Events& events = venue_.run(command());
        note(events);
        if (dice_.one_in(10)) venue_.end_group();
        return events;
    }

  private:
    Price at(std::uint16_t m, std::int64_t ticks) const {
        return Price{ticks * default_markets()[m].tick_size.value()};
    }
    CommandBody command() {
        const std::int64_t kind = dice_.below(100);
        if (kind < 58) return order();
        if (kind < 61) return PlacePegged(pegged());
        if (kind < 64) return PlaceAuction(offered());
        if (kind < 67) return fill();
        if (kind < 68) return batch();
        if (kind < 78) return cancel();
        if (kind < 88) return amend();
        if (dice_.one_in(100)) return CancelAll{AccountId{dice_account()}, {}, {}};
        if (kind < 98) return price();
        MarketSettings changed =
            venue_.venue.markets()[static_cast<std::size_t>(dice_.below(kMarkets))].settings;
        // Orders gather before an opening, which then uncrosses them.
        const bool gathers = changed.state != MarketState::pre_open && dice_.one_in(3);
        changed.state = gathers           ? MarketState::pre_open
                        : dice_.one_in(6) ? MarketState::reduce_only
                                          : MarketState::open;
        return SetMarket{changed};
    }
    std::uint32_t dice_account() { return static_cast<std::uint32_t>(dice_.below(kAccounts)); }
    PlaceOrder order() {
        const auto m = static_cast<std::uint16_t>(dice_.below(kMarkets));
        const std::int64_t lot = default_markets()[m].lot_size.value();
        PlaceOrder o;
        o.account = AccountId{dice_account()};
        o.market = MarketId{m};
        o.side = dice_.any(Side::sell);
        o.type = dice_.one_in(9) ? OrderType::market : OrderType::limit;
        o.self_trade = dice_.any(SelfTrade::decrement);
        o.reduce_only = dice_.one_in(9);
        if (o.type == OrderType::market)
            o.time_in_force = TimeInForce::ioc;
        else if (dice_.one_in(4))
            o.time_in_force = dice_.any(TimeInForce::fok);
        else if (dice_.one_in(6))
            o.post_only = dice_.any(PostOnly::slide);
        if (o.time_in_force == TimeInForce::gtt)
            o.expires = TimeMs{venue_.now.value() + 1 + dice_.below(3'000)};
        // Near the touch most of the time; far enough to leave the ladder's window now and then.
        const std::int64_t spread = dice_.one_in(15) ? 40 * mid_[m] / 1'000 : 25;
        if (o.type == OrderType::limit)
            o.price = at(m, mid_[m] + dice_.below(2 * spread + 1) - spread);
        const std::int64_t lots = 20 + dice_.below(m == 1 ? 40 : 400);
        o.size = Base{lots * lot};
        if (o.type == OrderType::limit && o.time_in_force == TimeInForce::gtc && dice_.one_in(5))
            o.display = Base{(1 + dice_.below(lots)) * lot};
        return o;
    }
    PeggedOrder pegged() {
        PeggedOrder out{order(), {}};
        out.order.type = OrderType::limit;
        out.order.time_in_force = TimeInForce::gtc;
        out.order.price = Price{0};
        const auto tick = default_markets()[out.order.market.value()].tick_size.value();
        out.offset = Price{(dice_.below(41) - 20) * tick};
        return out;
    }
    AuctionOrder offered() {
        AuctionOrder out{.order = order()};
        out.order.display = Base{0};
        out.order.post_only = PostOnly::no;
        if (out.order.time_in_force == TimeInForce::fok) out.order.time_in_force = TimeInForce::ioc;
        out.duration_ms = 50 + dice_.below(2'000);
        return out;
    }
    FillAuction fill() {
        FillAuction out{.account = AccountId{dice_account()}};
        const auto& running = venue_.venue.auctions();
        if (running.empty()) return out;
        const auto at =
            std::next(running.begin(), dice_.below(static_cast<std::int64_t>(running.size())));
        out.auction = at->first;
        const auto lot = default_markets()[at->second.market.value()].lot_size.value();
        out.size = Base{(1 + dice_.below(at->second.size.value() / lot)) * lot};
        return out;
    }
    BatchOrders batch() {
        OrderBatch out{.account = AccountId{dice_account()}};
        out.mode = dice_.any(BatchMode::best_effort);
        for (std::int64_t i = 2 + dice_.below(6); i > 0; --i) {
            PlaceOrder each = order();
            each.account = out.account;
            out.actions.emplace_back(each);
        }
        return BatchOrders(std::move(out));
    }
    OrderId some_order() {
        return orders_.empty() ? OrderId{0}
                               : orders_[static_cast<std::size_t>(
                                     dice_.below(static_cast<std::int64_t>(orders_.size())))];
    }
    CancelOrder cancel() {
        const OrderId order = some_order();
        return {account_of(order), order};
    }
    AmendOrder amend() {
        const OrderId order = some_order();
        AmendOrder out{account_of(order), order, {}, {}};
        const auto view = venue_.venue.find_order(order);
        if (!view) return out;
        if (!dice_.one_in(3)) out.size = Base{view->size.value() / 20 * (1 + dice_.below(25))};
        if (dice_.one_in(3)) {
            const auto m = view->market.value();
            out.price = at(m, mid_[m] + dice_.below(41) - 20);
        }
        return out;
    }
    AccountId account_of(OrderId order) const {
        const auto view = venue_.venue.find_order(order);
        return view ? view->account : AccountId{0};
    }
    SetIndexPrice price() {
        const auto m = static_cast<std::uint16_t>(dice_.below(kMarkets));
        mid_[m] += dice_.below(21) - 10;
        if (dice_.one_in(20)) mid_[m] += (dice_.below(3) - 1) * mid_[m] / 15;
        return {.market = MarketId{m}, .index = at(m, mid_[m])};
    }
    void note(const Events& events) {
        for (const auto& event : events)
            if (const auto* accepted = std::get_if<OrderAccepted>(&event)) {
                if (orders_.size() < 300)
                    orders_.push_back(accepted->order);
                else
                    orders_[static_cast<std::size_t>(dice_.below(300))] = accepted->order;
            }
    }

    LocalVenue& venue_;
    Dice dice_;
    std::array<std::int64_t, kMarkets> mid_{};
    std::vector<OrderId> orders_;
};

/// The venue's own book.
inline std::vector<BookLevel> levels_of(const Venue& venue, MarketId id, Side side) {
    std::vector<BookLevel> out;
    const Market& market = venue.markets()[id.value()];
    market.book.for_each_level(side, [&](std::int64_t ticks, const PriceLevel& level) {
        out.push_back({market.price(ticks), market.size(level.quantity)});
        return true;
    });
    return out;
}

/// A book that is kept by what is sent alone, as docs/exchange_api.md says it.
class BookClient {
  public:
    void begin(const BookSnapshot& snapshot) {
        seq_ = snapshot.seq;
        for (const auto& level : snapshot.bids) bids_[level.price] = level.size;
        for (const auto& level : snapshot.asks) asks_[level.price] = level.size;
        EXPECT_EQ(checksum(), snapshot.checksum);
    }
    void take(const BookDelta& delta) {
        if (delta.seq <= seq_) return;
        EXPECT_EQ(delta.prev_seq, seq_) << delta.market;
        EXPECT_FALSE(delta.bids.empty() && delta.asks.empty());
        seq_ = delta.seq;
        for (const auto& level : delta.bids) put(bids_, level);
        for (const auto& level : delta.asks) put(asks_, level);
        EXPECT_EQ(checksum(), delta.checksum) << delta.market << " " << to_json(delta.seq);
        ++deltas;
    }
    std::vector<BookLevel> bids() const { return list(bids_); }
    std::vector<BookLevel> asks() const { return list(asks_); }
    Sequence seq() const { return seq_; }
    int deltas = 0;

  private:
    static void put(auto& side, const BookLevel& level) {
        if (level.size == Base{0})
            EXPECT_EQ(side.erase(level.price), 1U) << "a level goes that was never there";
        else
            side[level.price] = level.size;
    }
    static std::vector<BookLevel> list(const auto& side) {
        std::vector<BookLevel> out;
        for (const auto& [price, size] : side) out.push_back({price, size});
        return out;
    }
    std::uint32_t checksum() const { return book_checksum(bids(), asks()); }

    Sequence seq_{};
    std::map<Price, Base, std::greater<>> bids_;
    std::map<Price, Base> asks_;
};

}  // namespace astro::exchange

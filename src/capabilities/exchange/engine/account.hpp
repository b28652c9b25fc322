#pragma once

#include <array>
#include <boost/container/small_vector.hpp>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "capabilities/exchange/engine/interest.hpp"
#include "capabilities/exchange/engine/model.hpp"
#include "capabilities/exchange/engine/owner.hpp"
#include "foundation/base/prefetch.hpp"

namespace astro::exchange {

/// What an account has in one market, and what it has on the book there. Two cache lines.
struct alignas(64) Position {
    MarketId market{};
    Leg leg = Leg::net;
    std::uint16_t own_margin_bps = 0;               ///< SetLeverage; 0: the market's
    std::uint16_t reduce_orders = 0;                ///< resting reduce-only orders
    bool is_watched = false, watched_fall = false;  ///< see LiquidationWatch
    std::int64_t watched = 0;                       ///< WatchedPrice
    Base size{};                                    ///< long is positive
    Int128 funding_index = 0;                       ///< FundingState::index when it last paid
    Int128 loss_index = 0;                          ///< FundingState::loss_index, the same
    Quote entry_quote{};  ///< what it was bought for, with the sign of the money: long is negative
    Base open_buy{}, open_sell{};  ///< resting sizes that would make it larger (not reduce-only)
    Quote adverse_buy{}, adverse_sell{};  ///< what those would lose to the mark price of their time

    // What of it stands in the account's sums, see MarginSums; follows from the rest.
    std::int64_t counted_unrealized = 0, counted_requirement = 0;

    [[nodiscard]] bool is_idle() const {
        return size == Base{0} && open_buy == Base{0} && open_sell == Base{0} &&
               reduce_orders == 0 && own_margin_bps == 0;
    }
    /// How much an order of that side can reduce it by.
    [[nodiscard]] Base reducible(Side side) const {
        const std::int64_t against = -sign_of(side) * size.value();
        return Base{against > 0 ? against : 0};
    }
};
BOOST_DESCRIBE_STRUCT(Position, (),
                      (market, leg, size, entry_quote, open_buy, open_sell, adverse_buy,
                       adverse_sell, reduce_orders, own_margin_bps))

/// Trades `size` at a total of `notional` and gives the profit that this realises: the closed part
/// of the position against the same part of what it was bought for. That part is rounded down, so
/// that the sum of `entry_quote` and everything realised is exact.
[[nodiscard]] Quote apply_trade(Position& position, Side side, Base size, Quote notional);

/// Initial margin of all positions, counted at the prices of an epoch: an order asks for it each
/// time, prices change far more seldom.
struct MarginSums {
    std::uint64_t epoch = 0;  ///< of prices and settings; 0: not counted
    std::int64_t unrealized = 0, requirement = 0;
};

inline constexpr std::size_t kPositionsMax = 64;
inline constexpr std::uint32_t kOrdersMax = 200;       ///< resting, of an account
inline constexpr std::uint32_t kConditionalsMax = 50;  ///< waiting, of an account

inline constexpr std::uint8_t kAccountAuctionsMax = 10;

/// An account's positions, found by market and leg without touching the others.
class Positions {
  public:
    [[nodiscard]] const Position* find(MarketId market, Leg leg) const {
        const Key wanted = key(market, leg);
        for (std::size_t i = 0; i < keys_.size(); ++i)
            if (keys_[i] == wanted) return &items_[i];
        return nullptr;
    }
    /// Whether there is one in the market that may not be beside one of `leg`: net and hedge mode
    /// exclude each other.
    [[nodiscard]] bool has_other_mode(MarketId market, Leg leg) const {
        for (const Key k : keys_)
            if (k >> 2 == market.value() && (k == key(market, Leg::net)) != (leg == Leg::net))
                return true;
        return false;
    }
    Position& add(MarketId market, Leg leg) {
        keys_.push_back(key(market, leg));
        Position& out = items_.emplace_back();
        out.market = market;
        out.leg = leg;
        return out;
    }
    /// The others keep their order.
    void remove(const Position* position) {
        const auto at = position - items_.data();
        keys_.erase(keys_.begin() + at);
        items_.erase(items_.begin() + at);
    }
    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] auto begin() { return items_.begin(); }
    [[nodiscard]] auto end() { return items_.end(); }
    [[nodiscard]] auto begin() const { return items_.begin(); }
    [[nodiscard]] auto end() const { return items_.end(); }

  private:
    using Key = std::uint32_t;
    static Key key(MarketId market, Leg leg) {
        return static_cast<Key>(market.value()) << 2 | static_cast<Key>(leg);
    }
    boost::container::small_vector<Key, 8> keys_;
    std::vector<Position> items_;
};

/// With many accounts each cache line of one is a wait for memory: what an order needs comes first.
struct alignas(64) Account {
    std::uint32_t owner_number = 0;  ///< the owner's first account, which is in all his others
    std::uint32_t owner_index = 0;   ///< in the venue's owners
    FeeRates fees;                   ///< the owner's, as of today
    MarginSums sums;
    Positions positions;
    std::vector<OrderSlot> orders;  ///< resting ones, oldest first
    std::optional<MarketId> isolated;
    std::uint8_t auctions = 0;                  ///< of its taker orders that run
    bool is_touched = false;                    ///< it is to be watched anew before a price counts
    std::array<Amount, kAssetsMax> balances{};  ///< of which that of USDC is needed by orders
    std::vector<InterestMark> interest;         ///< of balances that bear any
    TimeMs dead_man{};                          ///< 0: none
    OwnerId owner;
    boost::container::small_vector<std::uint32_t, 2>
        conditionals;  ///< those that wait, oldest first

    [[nodiscard]] const Position* find(MarketId market, Leg leg) const {
        return positions.find(market, leg);
    }
    [[nodiscard]] Position* find(MarketId market, Leg leg) {
        return const_cast<Position*>(positions.find(market, leg));
    }
    /// What orders need of it, but for what it points to.
    void prefetch() const {
        const auto* begin = reinterpret_cast<const char*>(this);
        const auto* end = reinterpret_cast<const char*>(&balances) + sizeof(Amount);
        for (const auto* at = begin; at < end; at += 64) prefetch_line(at);
    }
    /// What it points to of that; waits for the account itself.
    void prefetch(MarketId market, Leg leg) const {
        if (const Position* position = find(market, leg)) {
            prefetch_line(position);
            prefetch_line(reinterpret_cast<const char*>(position) + 64);
        }
        prefetch_line(orders.data());
        prefetch_line(orders.data() + orders.size());
    }
    [[nodiscard]] const InterestMark* interest_mark(AssetId asset) const {
        for (const auto& mark : interest)
            if (mark.asset == asset) return &mark;
        return nullptr;
    }
    [[nodiscard]] bool has_debt() const {
        for (const Amount balance : balances)
            if (balance < Amount{0}) return true;
        return false;
    }
    [[nodiscard]] Amount& usdc() { return balances[kUsdc.value()]; }
    [[nodiscard]] Amount usdc() const { return balances[kUsdc.value()]; }
};

/// By number, in blocks: none ever moves, and finding one takes a few instructions, which those of
/// std::deque and Boost take thirty of (every command asks twenty times).
class Accounts {
  public:
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] Account& operator[](std::size_t number) {
        return blocks_[number / kEach][number % kEach];
    }
    [[nodiscard]] const Account& operator[](std::size_t number) const {
        return blocks_[number / kEach][number % kEach];
    }
    Account& emplace_back() {
        if (size_ == blocks_.size() * kEach) blocks_.push_back(std::make_unique<Account[]>(kEach));
        return (*this)[size_++];
    }

    class Iterator {
      public:
        using difference_type = std::ptrdiff_t;
        using value_type = Account;
        const Account& operator*() const { return (*accounts_)[at_]; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        Iterator operator++(int) { return {accounts_, at_++}; }
        bool operator==(const Iterator&) const = default;

        const Accounts* accounts_ = nullptr;
        std::size_t at_ = 0;
    };
    [[nodiscard]] Iterator begin() const { return {this, 0}; }
    [[nodiscard]] Iterator end() const { return {this, size_}; }

  private:
    static constexpr std::size_t kEach = 64;
    std::vector<std::unique_ptr<Account[]>> blocks_;
    std::size_t size_ = 0;
};

}  // namespace astro::exchange

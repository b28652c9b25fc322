#include "capabilities/exchange/engine/bare_book.hpp"

#include <gtest/gtest.h>

#include <random>

#include "capabilities/exchange/engine/naive_book_test_support.hpp"
#include "capabilities/exchange/workload.hpp"

namespace astro::exchange {
namespace {

/// Folds a number into a state hash (FNV-1a over words, stirred).
void fold(std::uint64_t& hash, std::uint64_t word) {
    hash = (hash ^ word) * 0x100000001B3ULL;
    hash ^= hash >> 29;
}

/// Both books side by side; every difference fails the test.
class Pair {
  public:
    explicit Pair(std::uint64_t seed, std::size_t live_max = 20'000)
        : live_max_(live_max), random_(seed), fast_(pool_, 0) {}

    /// One random command around a mid that drifts and now and then jumps by up to `jump` ticks.
    void step(std::int64_t jump) {
        if (random_() % 64 == 0)
            mid_ += static_cast<std::int64_t>(random_() % (2 * jump + 1)) - jump;
        const auto what = random_() % 100;
        if (live_.size() >= live_max_ || (what < 30 && !live_.empty())) return cancel();
        if (what < 35 && !live_.empty()) return reduce();
        place(what >= 90);
    }

    /// Every order of both in its priority, and all that they have traded since the last time.
    void compare() {
        ASSERT_EQ(hash_of_fast(), hash_of_naive());
        ASSERT_EQ(fast_trades_, naive_trades_);
        ASSERT_EQ(pool_.live(), live_.size());
    }

  private:
    struct Order {
        OrderSlot slot = kNoOrder;
        std::size_t place = 0;  ///< in live_
    };

    [[nodiscard]] std::uint64_t hash_of_fast() const {
        std::uint64_t hash = 0;
        for (const Side side : {Side::buy, Side::sell})
            fast_.for_each_level(side, [&](std::int64_t price, const PriceLevel& level) {
                fold(hash, static_cast<std::uint64_t>(price));
                std::uint64_t sum = 0;
                for (OrderSlot slot = level.head; slot != kNoOrder; slot = pool_[slot].next) {
                    fold(hash, pool_[slot].owner);
                    fold(hash, pool_[slot].quantity);
                    sum += pool_[slot].quantity;
                }
                EXPECT_EQ(sum, level.quantity);
                return true;
            });
        return hash;
    }
    [[nodiscard]] std::uint64_t hash_of_naive() const {
        std::uint64_t hash = 0;
        const auto add = [&](const auto& level) {
            fold(hash, static_cast<std::uint64_t>(level.first));
            for (const auto& order : level.second) {
                fold(hash, order.id);
                fold(hash, order.quantity);
            }
        };
        const auto& bids = naive_.side(Side::buy);
        for (auto it = bids.rbegin(); it != bids.rend(); ++it) add(*it);
        for (const auto& level : naive_.side(Side::sell)) add(level);
        return hash;
    }

    void place(bool marketable) {
        const Side side = (random_() & 1) != 0 ? Side::sell : Side::buy;
        const auto distance =
            static_cast<std::int64_t>(random_() % (random_() % 8 == 0 ? 20'000 : 30)) -
            (marketable ? 60 : 0);
        const std::int64_t price = side == Side::buy ? mid_ - distance : mid_ + distance;
        const std::uint64_t quantity = 1 + random_() % (marketable ? 600 : 100);
        const auto id = static_cast<std::uint32_t>(orders_.size());
        orders_.emplace_back();
        const std::uint64_t left = fast_.match(
            side, price, quantity,
            [&](OrderSlot, const RestingOrder& maker, std::int64_t at, std::uint64_t fill) {
                note(fast_trades_, {maker.owner, at, fill});
                if (fill == maker.quantity) forget(maker.owner);
            });
        fills_.clear();
        const std::uint64_t naive_left = naive_.match(side, price, quantity, fills_);
        for (const NaiveFill& fill : fills_) note(naive_trades_, fill);
        ASSERT_EQ(left, naive_left);
        if (left == 0) return;
        orders_[id] = {fast_.rest(side, price, left, id), live_.size()};
        live_.push_back(id);
        naive_.rest(side, price, left, id);
    }
    static void note(std::uint64_t& trades, const NaiveFill& fill) {
        fold(trades, fill.maker);
        fold(trades, static_cast<std::uint64_t>(fill.price));
        fold(trades, fill.quantity);
    }
    void cancel() {
        const std::uint32_t id = live_[random_() % live_.size()];
        const OrderSlot slot = orders_[id].slot;
        naive_.cancel(BareBook::side_of(pool_[slot]), pool_[slot].price, id);
        fast_.cancel(slot);
        forget(id);
    }
    void reduce() {
        const std::uint32_t id = live_[random_() % live_.size()];
        const OrderSlot slot = orders_[id].slot;
        const RestingOrder record = pool_[slot];
        if (record.quantity < 2) return;
        const std::uint64_t quantity = 1 + random_() % (record.quantity - 1);
        fast_.reduce(slot, quantity);
        naive_.reduce(BareBook::side_of(record), record.price, id, quantity);
    }
    void forget(std::uint32_t id) {
        const std::size_t place = orders_[id].place;
        live_[place] = live_.back();
        orders_[live_[place]].place = place;
        live_.pop_back();
    }

    std::size_t live_max_;
    std::mt19937_64 random_;
    OrderPool pool_;
    BareBook fast_;
    NaiveBook naive_;
    std::vector<Order> orders_;        ///< by id
    std::vector<std::uint32_t> live_;  ///< ids
    std::vector<NaiveFill> fills_;
    std::uint64_t fast_trades_ = 0, naive_trades_ = 0;
    std::int64_t mid_ = 0;
};

TEST(BareBook, IsInTheStateOfTheNaiveBookAfterTenMillionCommands) {
    constexpr int kCommands = 2'500'000;  // of each
    for (const std::int64_t jump : {3, 700, 50'000, 1'000'000'000}) {
        Pair books(20261120 + static_cast<std::uint64_t>(jump));
        for (int i = 0; i < kCommands; ++i) {
            books.step(jump);
            if (i % 10'000 == 0) books.compare();
            if (::testing::Test::HasFatalFailure()) return;
        }
        books.compare();
    }
}

// Few orders far apart: what leads to a price is built and torn down all the time.
TEST(BareBook, IsInTheStateOfTheNaiveBookWhenItIsThin) {
    for (const std::size_t live_max : {1U, 2U, 3U, 8U})
        for (const std::int64_t jump : {3, 5'000, 300'000, 1'000'000'000}) {
            Pair books(20261129 + static_cast<std::uint64_t>(jump) + live_max, live_max);
            for (int i = 0; i < 50'000; ++i) {
                books.step(jump);
                books.compare();
                if (::testing::Test::HasFatalFailure()) return;
            }
        }
}

TEST(BareBook, TimePriorityWithinAPriceAndReduceKeepsIt) {
    OrderPool pool;
    BareBook book(pool, 0);
    const OrderSlot first = book.rest(Side::sell, 100, 5, 1);
    book.rest(Side::sell, 100, 5, 2);
    book.reduce(first, 2);
    std::vector<std::uint32_t> makers;
    EXPECT_EQ(book.match(Side::buy, 100, 3,
                         [&](OrderSlot, const RestingOrder& maker, std::int64_t, std::uint64_t) {
                             makers.push_back(maker.owner);
                         }),
              0U);
    EXPECT_EQ(makers, (std::vector<std::uint32_t>{1, 2}));
    EXPECT_EQ(book.quantity_at(Side::sell, 100), 4U);
}

TEST(BareBook, ReachesTheEdgesOfThePriceRange) {
    OrderPool pool;
    BareBook book(pool, 0);
    book.rest(Side::buy, -BareBook::kPriceMax, 1, 1);
    book.rest(Side::sell, BareBook::kPriceMax, 1, 2);
    EXPECT_EQ(book.best(Side::buy), -BareBook::kPriceMax);
    EXPECT_EQ(book.best(Side::sell), BareBook::kPriceMax);
    book.rest(Side::buy, BareBook::kPriceMax - 1, 1, 3);
    EXPECT_EQ(book.best(Side::buy), BareBook::kPriceMax - 1);
}

// The published totals of the small run of docs/benchmarks.md's workload.
TEST(Workload, IsTheSameOnEveryMachine) {
    const Workload workload = make_workload("small", 42, 1, 5'000, 200'000);
    ASSERT_EQ(workload.operations.size(), 205'000U);
    EXPECT_EQ(workload.operations[0].price, 100'004);
    EXPECT_EQ(workload.operations[0].quantity, 63U);
    OrderPool pool;
    BareBook book(pool, 0);
    std::vector<OrderSlot> slots(workload.operations.size() + 1, kNoOrder);
    WorkloadTotals totals;
    for (std::size_t i = 0; i < workload.operations.size(); ++i) {
        const Operation& operation = workload.operations[i];
        if (i == workload.prefill) totals = {};
        if (operation.type == OperationType::cancel) {
            book.cancel(slots[operation.order_id]);
            continue;
        }
        const std::uint64_t left = book.match(
            operation.side, operation.price, operation.quantity,
            [&](OrderSlot, const RestingOrder&, std::int64_t price, std::uint64_t quantity) {
                ++totals.trades;
                totals.volume += quantity;
                totals.notional += quantity * static_cast<std::uint64_t>(price);
            });
        if (left > 0 && operation.type == OperationType::add)
            slots[operation.order_id] =
                book.rest(operation.side, operation.price, left, operation.order_id);
    }
    totals.resting = pool.live();
    EXPECT_EQ(totals, (WorkloadTotals{96'223, 4'176'754, 417'786'977'042, 8'420}));
}

}  // namespace
}  // namespace astro::exchange

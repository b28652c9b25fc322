#include "capabilities/exchange/engine/bare_book.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "capabilities/exchange/engine/naive_book_test_support.hpp"
#include "capabilities/exchange/workload.hpp"

namespace astro::exchange {
namespace {

/// Both books side by side; every difference fails the test.
class Pair {
  public:
    explicit Pair(std::uint64_t seed) : random_(seed), fast_(pool_, 0) {}

    /// One random command around a mid that drifts and now and then jumps by up to `jump` ticks.
    void step(std::int64_t jump) {
        if (random_() % 64 == 0)
            mid_ += static_cast<std::int64_t>(random_() % (2 * jump + 1)) - jump;
        const auto what = random_() % 100;
        if (what < 30 && !live_.empty()) return cancel();
        if (what < 35 && !live_.empty()) return reduce();
        place(what >= 90);
    }

    void compare_levels() const {
        for (const Side side : {Side::buy, Side::sell}) {
            std::vector<std::pair<std::int64_t, std::uint64_t>> fast, naive;
            fast_.for_each_level(side, [&](std::int64_t price, const PriceLevel& level) {
                fast.emplace_back(price, level.quantity);
                return true;
            });
            for (const auto& [price, orders] : naive_.side(side)) {
                std::uint64_t sum = 0;
                for (const auto& order : orders) sum += order.quantity;
                naive.emplace_back(price, sum);
            }
            if (side == Side::buy) std::reverse(naive.begin(), naive.end());
            ASSERT_EQ(fast, naive);
        }
        ASSERT_EQ(pool_.live(), live_.size());
    }

  private:
    struct Live {
        std::uint32_t id;
        OrderSlot slot;
    };

    void place(bool marketable) {
        const Side side = (random_() & 1) != 0 ? Side::sell : Side::buy;
        const auto distance =
            static_cast<std::int64_t>(random_() % (random_() % 8 == 0 ? 20'000 : 30)) -
            (marketable ? 60 : 0);
        const std::int64_t price = side == Side::buy ? mid_ - distance : mid_ + distance;
        const std::uint64_t quantity = 1 + random_() % 50;
        const std::uint32_t id = ++last_id_;
        std::vector<NaiveFill> fast_fills, naive_fills;
        const std::uint64_t left = fast_.match(
            side, price, quantity,
            [&](OrderSlot, const RestingOrder& maker, std::int64_t at, std::uint64_t fill) {
                fast_fills.push_back({maker.owner, at, fill});
                if (fill == maker.quantity) forget(maker.owner);
            });
        ASSERT_EQ(left, naive_.match(side, price, quantity, naive_fills));
        ASSERT_EQ(fast_fills, naive_fills);
        if (left == 0) return;
        live_.push_back({id, fast_.rest(side, price, left, id)});
        naive_.rest(side, price, left, id);
    }
    void cancel() {
        const std::size_t at = random_() % live_.size();
        const Live order = live_[at];
        const RestingOrder record = pool_[order.slot];
        naive_.cancel(BareBook::side_of(record), record.price, order.id);
        fast_.cancel(order.slot);
        forget(order.id);
    }
    void reduce() {
        const Live order = live_[random_() % live_.size()];
        const RestingOrder record = pool_[order.slot];
        if (record.quantity < 2) return;
        const std::uint64_t quantity = 1 + random_() % (record.quantity - 1);
        fast_.reduce(order.slot, quantity);
        naive_.reduce(BareBook::side_of(record), record.price, order.id, quantity);
    }
    void forget(std::uint32_t id) {
        const auto it =
            std::find_if(live_.begin(), live_.end(), [&](const Live& o) { return o.id == id; });
        *it = live_.back();
        live_.pop_back();
    }

    std::mt19937_64 random_;
    OrderPool pool_;
    BareBook fast_;
    NaiveBook naive_;
    std::vector<Live> live_;
    std::int64_t mid_ = 0;
    std::uint32_t last_id_ = 0;
};

TEST(BareBook, AgreesWithTheNaiveBookOnRandomFlow) {
    for (const std::int64_t jump : {3, 700, 50'000, 1'000'000'000}) {
        Pair books(20261120 + static_cast<std::uint64_t>(jump));
        for (int i = 0; i < 60'000; ++i) {
            books.step(jump);
            if (::testing::Test::HasFatalFailure()) return;
            if (i % 1000 == 0) books.compare_levels();
        }
        books.compare_levels();
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

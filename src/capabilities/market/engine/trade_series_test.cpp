#include "capabilities/market/engine/trade_series.hpp"

#include <gtest/gtest.h>

#include <random>

namespace astro::market {
namespace {

constexpr std::int64_t kStart = 1'700'000'000'000;
constexpr TimeMs kLater{kStart + 1'000'000'000};
constexpr GateRules kDense{.dense = true};

CandleTrade trade(std::uint64_t seq, std::int64_t at_ms, std::int64_t price = 100'000'000,
                  std::int64_t size = 1'000'000'000) {
    return {TradeSeq{seq}, TimeMs{kStart + at_ms}, Price{price}, Base{size},
            trade_value(Price{price}, Base{size})};
}
using Aside = std::optional<TradeAside>;

TEST(TradeSeries, SetsAsideWhatIsNoTradeAndCountsWhy) {
    TradeSeries series(kDense);
    const TimeMs now{kStart + 1'000};
    EXPECT_EQ(series.take(trade(1, 0, 0), now), TradeAside::not_positive);
    EXPECT_EQ(series.take(trade(1, 0, -5), now), TradeAside::not_positive);
    EXPECT_EQ(series.take(trade(1, 0, 5, 0), now), TradeAside::zero_size);
    EXPECT_EQ(series.take(trade(1, 0, 5, -1), now), TradeAside::zero_size);
    EXPECT_EQ(series.take(trade(1, 6'001), now), TradeAside::from_future);
    EXPECT_EQ(series.take(trade(1, 6'000), now), Aside{});
    EXPECT_EQ(series.take(trade(2, 6'000, INT64_MAX, INT64_MAX), now), TradeAside::too_large);
    EXPECT_EQ(series.gate().set_aside(TradeAside::not_positive), 2U);
    EXPECT_EQ(series.gate().set_aside(TradeAside::zero_size), 2U);
    EXPECT_EQ(series.gate().set_aside(TradeAside::from_future), 1U);
    EXPECT_EQ(series.gate().set_aside(TradeAside::too_large), 1U);
    EXPECT_EQ(series.gate().admitted(), 1U);
    EXPECT_EQ(series.candles().candles(kSeconds).size(), 1U);
}

TEST(TradeSeries, TakesEachNumberOnce) {
    TradeSeries series(kDense);
    EXPECT_EQ(series.take(trade(1, 0), kLater), Aside{});
    EXPECT_EQ(series.take(trade(1, 0), kLater), TradeAside::duplicate);
    EXPECT_EQ(series.take(trade(2, 0), kLater), Aside{});
    EXPECT_EQ(series.take(trade(1, 0), kLater), TradeAside::duplicate);
    EXPECT_EQ(series.take(trade(3, -1), kLater), TradeAside::out_of_order)
        << "later by its number, earlier by its time";
}

TEST(TradeSeries, TakesWhatWasMissedWhenItComesBetweenItsNeighbours) {
    TradeSeries series(kDense);
    ASSERT_EQ(series.take(trade(1, 0), kLater), Aside{});
    ASSERT_EQ(series.take(trade(6, 5'000), kLater), Aside{});
    EXPECT_EQ(series.gate().gaps(),
              (std::vector<TradeGate::Gap>{{2, 5, TimeMs{kStart}, TimeMs{kStart + 5'000}}}));
    EXPECT_EQ(series.take(trade(4, 5'001), kLater), TradeAside::out_of_order);
    EXPECT_EQ(series.take(trade(4, 3'000), kLater), Aside{});
    EXPECT_EQ(series.take(trade(3, 3'001), kLater), TradeAside::out_of_order);
    EXPECT_EQ(series.take(trade(4, 3'000), kLater), TradeAside::duplicate);
    for (const std::uint64_t seq : {2U, 3U, 5U})
        EXPECT_EQ(series.take(trade(seq, 3'000), kLater), Aside{});
    EXPECT_TRUE(series.gate().gaps().empty());
    EXPECT_EQ(series.candles().candles(kMinutes).back().trades, 6);
}

TEST(TradeSeries, WithHolesByNatureOnlyTheNewerIsTaken) {
    TradeSeries series;
    EXPECT_EQ(series.take(trade(10, 0), kLater), Aside{});
    EXPECT_EQ(series.take(trade(20, 0), kLater), Aside{});
    EXPECT_EQ(series.take(trade(15, 0), kLater), TradeAside::out_of_order);
    EXPECT_EQ(series.take(trade(20, 0), kLater), TradeAside::duplicate);
    EXPECT_TRUE(series.gate().gaps().empty());
}

TEST(TradeSeries, ForgetsTheOldestGapsAndTheLateTradesInThem) {
    TradeSeries series(kDense);
    const std::uint64_t many = TradeGate::kGapsMax + 1;
    for (std::uint64_t i = 0; i <= many; ++i)
        ASSERT_EQ(series.take(trade(1 + 2 * i, 0), kLater), Aside{});
    EXPECT_EQ(series.gate().gaps().size(), TradeGate::kGapsMax);
    EXPECT_EQ(series.take(trade(2, 0), kLater), TradeAside::out_of_order);
    EXPECT_EQ(series.take(trade(4, 0), kLater), Aside{});
    ASSERT_EQ(series.take(trade(10'000'000, 700'000), kLater), Aside{})
        << "the source has begun its numbers anew";
    EXPECT_TRUE(series.gate().gaps().empty());
    EXPECT_EQ(series.take(trade(6, 0), kLater), TradeAside::too_old);
}

TEST(TradeSeries, CandlesAreTheSameInWhateverOrderTradesComeAndHoweverOften) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        std::mt19937_64 random(seed);
        std::vector<CandleTrade> trades;
        std::int64_t at = 0;
        for (std::uint64_t seq = 1; seq <= 500; ++seq) {
            at += static_cast<std::int64_t>(random() % 900);
            trades.push_back(trade(seq, at, 1 + static_cast<std::int64_t>(random() % 90),
                                   1 + static_cast<std::int64_t>(random() % 9)));
        }
        TradeSeries ordered(kDense), shaken(kDense);
        for (const auto& each : trades) ASSERT_EQ(ordered.take(each, kLater), Aside{});
        // The first opens; each then comes some places from its own, and some come again.
        for (std::size_t i = 1; i + 16 < trades.size(); i += 8)
            std::shuffle(trades.begin() + static_cast<std::ptrdiff_t>(i),
                         trades.begin() + static_cast<std::ptrdiff_t>(i + 16), random);
        for (std::size_t i = 0; i < trades.size(); ++i) {
            EXPECT_EQ(shaken.take(trades[i], kLater), Aside{});
            EXPECT_EQ(shaken.take(trades[random() % (i + 1)], kLater), TradeAside::duplicate);
        }
        for (std::size_t i = 0; i < kCandleIntervals.size(); ++i)
            EXPECT_EQ(shaken.candles().candles(i), ordered.candles().candles(i)) << seed;
    }
}

TEST(TradeSeries, GoesOnAfterARestartWithNoTradeTwice) {
    std::vector<CandleTrade> trades;
    for (std::uint64_t seq = 1; seq <= 300; ++seq)
        trades.push_back(trade(seq, static_cast<std::int64_t>(seq) * 700,
                               static_cast<std::int64_t>(90 + seq % 13)));
    TradeSeries whole(kDense), before(kDense), after(kDense);
    for (const auto& each : trades) (void)whole.take(each, kLater);
    for (std::size_t i = 0; i < 150; ++i) (void)before.take(trades[i], kLater);
    for (std::size_t i = kCandleIntervals.size(); i-- > 0;) {
        const auto& kept = before.candles().candles(i);
        after.restore(i, {kept.begin(), kept.end()});
    }
    // The source tells again what it told before: all of it, and what follows.
    std::size_t taken = 0;
    for (const auto& each : trades) taken += after.take(each, kLater) ? 0 : 1;
    EXPECT_EQ(taken, 150U);
    for (std::size_t i = 0; i < kCandleIntervals.size(); ++i)
        EXPECT_EQ(after.candles().candles(i), whole.candles().candles(i));
}

TEST(TradeSeries, TakesWhatWasMissedLongAgoWhenItIsAskedFor) {
    TradeSeries series(kDense);
    ASSERT_EQ(series.take(trade(1, 0), kLater), Aside{});
    ASSERT_EQ(series.take(trade(5, 3'600'000), kLater), Aside{});
    EXPECT_EQ(series.take(trade(2, 1'000), kLater), TradeAside::too_old) << "by itself";
    EXPECT_EQ(series.take_missed(trade(2, 1'000)), Aside{});
    EXPECT_EQ(series.take_missed(trade(2, 1'000)), TradeAside::duplicate);
    EXPECT_EQ(series.take_missed(trade(3, 3'600'001)), TradeAside::out_of_order);
    EXPECT_EQ(series.take_missed(trade(6, 3'600'000)), TradeAside::out_of_order)
        << "was not missed";
    EXPECT_EQ(series.take_missed(trade(3, 2'000, 0)), TradeAside::not_positive);
    EXPECT_EQ(series.candles().candles(kMinutes).front().trades, 2);
}

TEST(TradeSeries, WaitsNoLongerForWhatIsGivenUp) {
    TradeSeries series(kDense);
    ASSERT_EQ(series.take(trade(1, 0), kLater), Aside{});
    ASSERT_EQ(series.take(trade(10, 9'000), kLater), Aside{});
    ASSERT_EQ(series.take(trade(13, 12'000), kLater), Aside{});
    EXPECT_EQ(series.gate().give_up(4, 11), 7U) << "4 to 9 and 11";
    EXPECT_EQ(
        series.gate().gaps(),
        (std::vector<TradeGate::Gap>{{2, 3, TimeMs{kStart}, TimeMs{kStart + 9'000}},
                                     {12, 12, TimeMs{kStart + 9'000}, TimeMs{kStart + 12'000}}}));
    EXPECT_EQ(series.take_missed(trade(5, 5'000)), TradeAside::duplicate);
    EXPECT_EQ(series.take_missed(trade(3, 5'000)), Aside{});
    EXPECT_EQ(series.gate().give_up(1, 100), 2U);
    EXPECT_TRUE(series.gate().gaps().empty());
}

TEST(TradeSeries, GoesOnWithTheGapsOfAnEarlierRun) {
    TradeGate gate(kDense);
    gate.resume(TradeSeq{20}, TimeMs{kStart + 20}, {{8, 9, TimeMs{kStart}, TimeMs{kStart + 10}}});
    EXPECT_EQ(gate.admit_missed(trade(9, 5)), Aside{});
    EXPECT_EQ(gate.admit(trade(15, 12), kLater), TradeAside::duplicate);
    EXPECT_EQ(gate.admit(trade(7, 0), kLater), TradeAside::out_of_order) << "nobody knows";
    EXPECT_EQ(gate.admit(trade(21, 30), kLater), Aside{});
    EXPECT_EQ(gate.gaps().size(), 1U);
}

}  // namespace
}  // namespace astro::market

#include "capabilities/market/engine/book_figures.hpp"

#include <gtest/gtest.h>

namespace astro::market {
namespace {

constexpr Price dollars(std::int64_t value) {
    return Price{value * 1'000'000};
}
constexpr Base whole(std::int64_t value) {
    return Base{value * 1'000'000'000};
}

TEST(BookFigures, SayWhatStandsAroundTheMiddle) {
    const std::vector<DepthLevel> bids{{dollars(99), whole(2)}, {dollars(90), whole(50)}};
    const std::vector<DepthLevel> asks{
        {dollars(101), whole(1)}, {dollars(102), whole(1)}, {dollars(103), whole(7)}};
    const auto figures = book_figures({bids, asks}, 20'000);
    EXPECT_EQ(figures.middle, dollars(100));
    EXPECT_EQ(figures.spread, dollars(2));
    EXPECT_EQ(figures.spread_ppm, 20'000);
    EXPECT_EQ(figures.bid_depth, Quote{198'000'000});
    EXPECT_EQ(figures.ask_depth, Quote{203'000'000}) << "two per cent: 98 to 102";
    EXPECT_EQ(figures.imbalance_ppm, -12'468);
}

TEST(BookFigures, OneSideAloneHasNoMiddle) {
    const std::vector<DepthLevel> bids{{dollars(99), whole(2)}};
    const auto figures = book_figures({bids, {}}, 10'000);
    EXPECT_EQ(figures.best_bid, dollars(99));
    EXPECT_FALSE(figures.middle || figures.spread || figures.imbalance_ppm || figures.best_ask);
}

TEST(BookFigures, SayThatABookIsCrossed) {
    const std::vector<DepthLevel> bids{{dollars(101), whole(1)}}, asks{{dollars(99), whole(1)}};
    EXPECT_EQ(book_figures({bids, asks}, 0).spread, dollars(-2));
}

TEST(BookFigures, AFillGoesThroughLevels) {
    const std::vector<DepthLevel> asks{{dollars(101), whole(1)}, {dollars(104), whole(2)}};
    EXPECT_EQ(fill_price(asks, whole(1)), dollars(101));
    EXPECT_EQ(fill_price(asks, whole(3)), dollars(103));
    EXPECT_EQ(fill_price(asks, Base{1'500'000'000}), dollars(102));
    EXPECT_FALSE(fill_price(asks, whole(3) + Base{1}));
    EXPECT_FALSE(fill_price(asks, Base{0}));
}

TEST(BookFigures, TheVolumesPriceIsValueByVolume) {
    EXPECT_EQ(volume_price(Quote{306'000'000}, whole(3)), dollars(102));
    EXPECT_FALSE(volume_price(Quote{1}, Base{0}));
    EXPECT_FALSE(volume_price(Quote{INT64_MAX}, Base{1})) << "does not fit";
}

}  // namespace
}  // namespace astro::market

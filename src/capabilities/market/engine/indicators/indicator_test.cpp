#include "capabilities/market/engine/indicators/indicator.hpp"

#include <gtest/gtest.h>

namespace astro::market {
namespace {

std::string said(std::string_view text) {
    const auto spec = parse_indicator(text);
    return spec ? spec->text() : "refused: " + spec.error().message;
}

TEST(Indicator, IsNamedWithItsParameters) {
    EXPECT_EQ(said("ema(50)"), "ema(50)");
    EXPECT_EQ(said("ema"), "ema(20)");
    EXPECT_EQ(said(" macd( 5, 10 ) "), "macd(5,10,9)");
    EXPECT_EQ(said("bollinger(20,2.5)"), "bollinger(20,2.5)");
    EXPECT_EQ(said("obv"), "obv");
}

TEST(Indicator, ARefusalSaysWhatThereIs) {
    EXPECT_EQ(
        said("tema(3)").rfind("refused: there is no indicator 'tema'; there are: sma, ema", 0), 0U);
    EXPECT_EQ(said("ema(0)"), "refused: ema: period is a whole number from 1 to 1000");
    EXPECT_EQ(said("ema(1.5)"), "refused: ema: period is a whole number from 1 to 1000");
    EXPECT_EQ(said("ema(nan)"), "refused: ema: period is a whole number from 1 to 1000");
    EXPECT_EQ(said("bollinger(20,-1)"), "refused: bollinger: deviations is a number from 0 to 100");
    EXPECT_EQ(said("ema(5,6)"), "refused: ema has 1 parameters");
    EXPECT_EQ(said("obv(3)"), "refused: obv has 0 parameters");
    EXPECT_EQ(said("ema(5"), "refused: parameters stand in parentheses: ema(20)");
    EXPECT_EQ(said("macd(26,12,9)"), "refused: macd: fast is less than slow");
}

TEST(Indicator, AListIsSplitOutsideOfParentheses) {
    const auto specs = parse_indicators("sma(5),macd(12,26,9),obv");
    ASSERT_TRUE(specs);
    EXPECT_EQ(IndicatorSet(*specs).names(),
              (std::vector<std::string>{"sma(5)", "macd(12,26,9).macd", "macd(12,26,9).signal",
                                        "macd(12,26,9).histogram", "obv"}));
    EXPECT_FALSE(parse_indicators(""));
    EXPECT_FALSE(parse_indicators("sma,sma(20)")) << "twice the same";
    EXPECT_FALSE(parse_indicators("sma,,ema"));
    std::string many;
    for (std::size_t i = 1; i <= kIndicatorsMax + 1; ++i)
        many += (many.empty() ? "sma(" : ",sma(") + std::to_string(i) + ")";
    EXPECT_FALSE(parse_indicators(many));
}

}  // namespace
}  // namespace astro::market

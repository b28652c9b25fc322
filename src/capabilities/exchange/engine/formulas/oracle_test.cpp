#include "capabilities/exchange/engine/formulas/oracle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <vector>

namespace astro::exchange::formulas {
namespace {

using enum OracleVerdict;

constexpr OracleLimits kLimits{5'000, 200, 300, 1'000, 10'000};

OracleReading reading(std::int64_t price, std::int64_t confidence = 0, std::int64_t age = 0,
                      bool suffices = true) {
    return {Price{price}, Price{confidence}, age, suffices};
}
OracleVerdict judge(const OracleReading& r, std::optional<Price> average = {},
                    std::optional<Price> reference = {}) {
    return judge_oracle(r, average, reference, kLimits);
}

TEST(Oracle, TheWorstReasonWins) {
    const Price ten{10'000};
    EXPECT_EQ(judge(reading(10'000), ten, ten), valid);
    EXPECT_EQ(judge(reading(0), ten, ten), non_positive);
    EXPECT_EQ(judge(reading(-1)), non_positive);
    EXPECT_EQ(judge(reading(15'000), ten), valid) << "the limit itself is good";
    EXPECT_EQ(judge(reading(15'001), ten), too_volatile);
    EXPECT_EQ(judge(reading(6'667), ten), valid);
    EXPECT_EQ(judge(reading(6'666), ten), too_volatile);
    EXPECT_EQ(judge(reading(10'000, 200)), valid);
    EXPECT_EQ(judge(reading(10'000, 201)), too_uncertain);
    EXPECT_EQ(judge(reading(10'000, 0, 1'000)), valid);
    EXPECT_EQ(judge(reading(10'000, 0, 1'001)), aging);
    EXPECT_EQ(judge(reading(10'000, 0, 10'000)), aging);
    EXPECT_EQ(judge(reading(10'000, 0, 10'001)), stale);
    EXPECT_EQ(judge(reading(10'000, 0, 0, false)), insufficient_sources);
    EXPECT_EQ(judge(reading(10'300), ten, ten), valid);
    EXPECT_EQ(judge(reading(10'301), ten, ten), divergent);
    EXPECT_EQ(judge(reading(10'301, 1'000, 99'999, false), ten, ten), too_uncertain);
    EXPECT_EQ(judge(reading(kInt64Max, kInt64Max), Price{1}), too_volatile);
}

TEST(Oracle, DriftsVerdicts) {
    const Price twap{1'000'000};
    const DriftOracleLimits limits;
    const auto verdict = [&](const OracleReading& r) {
        return drift_judge_oracle(r, twap, limits);
    };
    EXPECT_EQ(verdict(reading(0)), non_positive);
    EXPECT_EQ(verdict(reading(5'999'999)), valid) << "the quotient is 5";
    EXPECT_EQ(verdict(reading(6'000'000)), too_volatile);
    EXPECT_EQ(verdict(reading(166'667)), valid);
    EXPECT_EQ(verdict(reading(166'666)), too_volatile);
    EXPECT_EQ(verdict(reading(1'000'000, 20'000)), valid);
    EXPECT_EQ(verdict(reading(1'000'000, 20'001)), too_uncertain);
    EXPECT_EQ(verdict(reading(1'000'000, 0, 10)), valid);
    EXPECT_EQ(verdict(reading(1'000'000, 0, 11)), aging);
    EXPECT_EQ(verdict(reading(1'000'000, 0, 120)), aging);
    EXPECT_EQ(verdict(reading(1'000'000, 0, 121)), stale);
    EXPECT_EQ(verdict(reading(1'000'000, 0, 11, false)), insufficient_sources);
    auto stable = limits;
    stable.stablecoin = true;
    EXPECT_EQ(drift_judge_oracle(reading(1'000'000, 0, 360), twap, stable), aging);
    EXPECT_EQ(drift_judge_oracle(reading(1'000'000, 0, 361), twap, stable), stale);
    auto loose = limits;
    loose.confidence_multiplier = drift_confidence_multiplier(ContractTier::speculative);
    EXPECT_EQ(drift_judge_oracle(reading(1'000'000, 200'000), twap, loose), valid);
}

TEST(Oracle, ActionsAreTheTables) {
    // m match, g margin, l liquidate, f funding, n new risk, t trigger, c closing, a average.
    const auto text = [](OracleVerdict verdict, OracleProfile profile) {
        const auto allowed = allowed_actions(verdict, profile);
        std::string out;
        for (std::uint8_t i = 0; i < 8; ++i)
            out += allowed.allows(static_cast<OracleAction>(i)) ? "mglfntca"[i] : '-';
        return out;
    };
    const auto ours = [&](OracleVerdict v) { return text(v, OracleProfile::ours); };
    EXPECT_EQ(ours(non_positive), "--------");
    EXPECT_EQ(ours(too_volatile), "------ca");
    EXPECT_EQ(ours(too_uncertain), "m-----c-");
    EXPECT_EQ(ours(stale), "m-----c-");
    EXPECT_EQ(ours(insufficient_sources), "m-----ca");
    EXPECT_EQ(ours(divergent), "m-----ca");
    EXPECT_EQ(ours(aging), "mg-fn-ca");
    EXPECT_EQ(ours(valid), "mglfntca");
    const auto drift = [&](OracleVerdict v) { return text(v, OracleProfile::drift); };
    EXPECT_EQ(drift(non_positive), "--------");
    EXPECT_EQ(drift(too_volatile), "-------a");
    EXPECT_EQ(drift(too_uncertain), "--l--t-a");
    EXPECT_EQ(drift(stale), "m-lf-tca");
    EXPECT_EQ(drift(insufficient_sources), "mglfntca");
    EXPECT_EQ(drift(aging), "mglfntca");
    EXPECT_EQ(drift(valid), "mglfntca");
}

TEST(Oracle, ABetterVerdictNeverAllowsLess) {
    for (const auto profile : {OracleProfile::ours, OracleProfile::drift})
        for (const auto action : {OracleAction::margin, OracleAction::new_risk,
                                  OracleAction::funding, OracleAction::match})
            for (std::uint8_t i = 1; i < kOracleVerdicts; ++i) {
                const auto worse = static_cast<OracleVerdict>(i - 1);
                const auto better = static_cast<OracleVerdict>(i);
                EXPECT_LE(allowed_actions(worse, profile).allows(action),
                          allowed_actions(better, profile).allows(action))
                    << int(i) << " " << int(action);
            }
}

TEST(Oracle, IndexFallsBackByRank) {
    const OracleSource pyth{Price{100}, 0, true}, gecko{Price{104}, 1, true},
        pool{Price{90}, 2, true}, book{Price{500}, 3, true};
    auto down = pyth;
    down.usable = false;
    EXPECT_EQ(index_price(std::array{pyth, gecko, pool, book}, 1), Price{100});
    EXPECT_EQ(index_price(std::array{pool, gecko, pyth}, 2), Price{102});
    EXPECT_EQ(index_price(std::array{pool, gecko, pyth}, 3), Price{100});
    EXPECT_EQ(index_price(std::array{down, gecko, pool, book}, 1), Price{104});
    EXPECT_EQ(index_price(std::array{down, gecko, pool, book}, 2), Price{97});
    EXPECT_FALSE(index_price(std::array{down, gecko, pool}, 3));
    EXPECT_FALSE(index_price({}, 1));
    EXPECT_FALSE(index_price(std::array{down}, 0));
    EXPECT_EQ(index_price(std::array{book}, 1), Price{500}) << "no source of rank 0 is known";
    const std::array same_rank{OracleSource{Price{1}, 0, true}, OracleSource{Price{2}, 0, true},
                               OracleSource{Price{9}, 0, true}};
    EXPECT_EQ(index_price(same_rank, 1), Price{2}) << "all of a rank count";
}

TEST(Oracle, BandIsOfTheReference) {
    EXPECT_TRUE(within_band(Price{103}, Price{100}, 300));
    EXPECT_FALSE(within_band(Price{104}, Price{100}, 300));
    EXPECT_TRUE(within_band(Price{97}, Price{100}, 300));
    EXPECT_FALSE(within_band(Price{96}, Price{100}, 300));
    EXPECT_FALSE(within_band(Price{kInt64Min}, Price{kInt64Max}, 10'000));
}

}  // namespace
}  // namespace astro::exchange::formulas

#include "capabilities/governance/engine/model.hpp"

#include <gtest/gtest.h>

namespace astro::governance {
namespace {

PersonId person(std::uint8_t n) {
    PersonId out;
    out.bytes[0] = n;
    return out;
}
/// What check_settings() says, or "ok".
std::string checked(auto edit) {
    Settings settings;
    edit(settings);
    const auto valid = check_settings(settings);
    return valid ? "ok" : valid.error().message;
}

TEST(GovernanceSettings, TheFirstFieldThatCannotBeIsNamedWithItsRange) {
    EXPECT_EQ(checked([](Settings&) {}), "ok");
    EXPECT_EQ(checked([](Settings& s) { s.quorum_ppm = 0; }),
              "quorum_ppm is from 1 to 1000000, not 0");
    EXPECT_EQ(checked([](Settings& s) { s.threshold_ppm = 1'000'001; }),
              "threshold_ppm is from 1 to 1000000, not 1000001");
    EXPECT_EQ(checked([](Settings& s) { s.voting_ms = 999; }),
              "voting_ms is from 1000 to 2592000000, not 999");
    EXPECT_EQ(checked([](Settings& s) { s.timelock_ms = -1; }),
              "timelock_ms is from 0 to 2592000000, not -1");
    EXPECT_EQ(checked([](Settings& s) { s.expiry_ms = 0; }),
              "expiry_ms is from 1000 to 7776000000, not 0");
    EXPECT_EQ(checked([](Settings& s) { s.cooldown_ms = s.voting_ms - 1; }),
              "cooldown_ms is from 259200000 to 7776000000, not 259199999");
    EXPECT_EQ(checked([](Settings& s) { s.deposit = Power{-1}; }),
              "deposit is from 0 to 1152921504606.846976, not -0.000001");
    EXPECT_EQ(checked([](Settings& s) { s.proposer_power_min = Power{0}; }),
              "proposer_power_min is from 0.000001 to 1152921504606.846976, not 0");
    EXPECT_EQ(checked([](Settings& s) { s.vetoes = 1; }), "vetoes is from 2 to 16, not 1");
    EXPECT_EQ(checked([](Settings& s) { s.guardians = {person(1)}; }),
              "guardians are none or at least 2, as many as a veto takes");
    EXPECT_EQ(checked([](Settings& s) { s.guardians = {person(1), person(2), person(1)}; }),
              "guardians names each person once");
    EXPECT_EQ(checked([](Settings& s) {
                  for (std::uint8_t n = 0; n < 17; ++n) s.guardians.push_back(person(n));
              }),
              "guardians are at most 16");
    EXPECT_EQ(checked([](Settings& s) { s.guardians = {person(1), person(2)}; }), "ok");
}

TEST(GovernanceTerms, WhatIsNeededIsRoundedUp) {
    Settings settings;
    settings.quorum_ppm = 333'333;
    settings.threshold_ppm = 1;
    settings.voting_ms = 1'000;
    settings.timelock_ms = 20;
    settings.expiry_ms = 3'000;
    const Terms terms = terms_of(settings, Power{10}, TimeMs{5});
    EXPECT_EQ(terms.quorum, Power{4});  // 3.33333
    EXPECT_EQ(terms.threshold, Power{1});
    EXPECT_EQ(terms.voting_ends, TimeMs{1'005});
    EXPECT_EQ(terms.executable, TimeMs{1'025});
    EXPECT_EQ(terms.expires, TimeMs{4'025});
    EXPECT_EQ(terms_of({.quorum_ppm = 1'000'000}, kPowerMax, TimeMs{0}).quorum, kPowerMax);
}

TEST(GovernanceTerms, QuorumCountsAllVotesThresholdThoseInFavourAndTheyMustBeAhead) {
    Terms terms;
    terms.total = Power{100};
    terms.quorum = Power{40};
    terms.threshold = Power{15};
    const auto verdict = [&](std::int64_t in_favour, std::int64_t against, std::int64_t abstain) {
        return enum_name(verdict_of(terms, {Power{in_favour}, Power{against}, Power{abstain}}));
    };
    EXPECT_EQ(verdict(39, 0, 0), "below_quorum");
    EXPECT_EQ(verdict(40, 0, 0), "accepted");
    EXPECT_EQ(verdict(15, 0, 24), "below_quorum");
    EXPECT_EQ(verdict(15, 0, 25), "accepted");
    EXPECT_EQ(verdict(14, 0, 86), "below_threshold");
    EXPECT_EQ(verdict(20, 20, 0), "not_ahead");
    EXPECT_EQ(verdict(21, 20, 0), "accepted");
    EXPECT_EQ(verdict(20, 21, 59), "not_ahead");
}

TEST(GovernancePerson, ItsTextIsHexadecimalAndComesBack) {
    PersonId out;
    ASSERT_TRUE(from_text("01020304050607080900aabbccddeeff", out));
    EXPECT_EQ(to_text(out), "01020304050607080900aabbccddeeff");
    EXPECT_FALSE(from_text("0102", out));
    EXPECT_FALSE(from_text("x1020304050607080900aabbccddeeff", out));
}

}  // namespace
}  // namespace astro::governance

#include "capabilities/mev/commands.hpp"

#include <gtest/gtest.h>

namespace astro::mev {
namespace {

TEST(Commands, AFindingIsOneLineWithAmountsAsText) {
    Finding f;
    f.kind = FindingKind::sandwich;
    f.profit_raw = RawDelta{-5};
    f.reasons = {"two\nlines"};
    const auto text = finding_json(f);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_NE(text.find("\"kind\":\"sandwich\""), std::string::npos);
    EXPECT_NE(text.find("\"profit_raw\":\"-5\""), std::string::npos);
    EXPECT_NE(text.find("\"net_lamports\":null"), std::string::npos);
}

}  // namespace
}  // namespace astro::mev

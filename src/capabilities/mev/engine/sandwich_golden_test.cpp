/// Sandwich detection on real blocks that hold none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "capabilities/mev/engine/sandwich.hpp"
#include "chains/solana/block_json.hpp"

namespace astro::mev {
namespace {

std::vector<Finding> sandwiches_of(const std::string& name, std::uint64_t slot) {
    std::ifstream file(std::string(ASTRO_SOURCE_DIR) + "/share/solana/blocks/" + name);
    EXPECT_TRUE(file) << name;
    std::ostringstream text;
    text << file.rdbuf();
    solana::BlockParser parser;
    auto block = parser.parse_any(text.str(), Slot{slot});
    EXPECT_TRUE(block) << (block ? "" : block.error().text());
    const auto activity = solana::decode_activity(*block);
    EXPECT_GT(activity.counters.swaps, 30U);
    PriceTable prices;
    prices.on_block(activity);
    SandwichDetector detector;
    return detector.add_block(activity, prices);
}

std::string told(const std::vector<Finding>& findings) {
    std::string text;
    for (const auto& f : findings) {
        text += f.id + " " + to_text(f.pools[0]) + "\n";
        for (const auto& reason : f.reasons) text += "  " + reason + "\n";
    }
    return text;
}

// 42 wallets of one volume bot trade both ways at one pool: 86 triples look like sandwiches and
// every one of them lost money.
TEST(SandwichGolden, TheVolumeBotsBlockHasNone) {
    const auto found = sandwiches_of("block_285000037.json", 285000037);
    EXPECT_THAT(found, ::testing::IsEmpty()) << told(found);
}

TEST(SandwichGolden, NoneInTheArbitrageursBlock) {
    const auto found = sandwiches_of("block_254170887_part1.json", 254170887);
    EXPECT_THAT(found, ::testing::IsEmpty()) << told(found);
}

}  // namespace
}  // namespace astro::mev

/// The engine on real blocks, against labels made by an independent extractor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "capabilities/mev/engine/detector.hpp"
#include "chains/solana/block_json.hpp"

namespace astro::mev {
namespace {

const std::string kData = std::string(ASTRO_SOURCE_DIR) + "/share/solana/";

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file) << path;
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

solana::BlockActivity activity_of(const std::string& name, std::uint64_t slot) {
    solana::BlockParser parser;
    auto block = parser.parse_any(text_of(kData + "blocks/" + name), Slot{slot});
    EXPECT_TRUE(block) << (block ? "" : block.error().text());
    return solana::decode_activity(*block);
}

/// Rows of a label file as column → value.
std::vector<std::map<std::string, std::string>> labels(const std::string& name) {
    std::istringstream lines(text_of(kData + "labels/" + name));
    const auto cells_of = [](const std::string& line) {
        std::vector<std::string> cells;
        std::istringstream in(line);
        for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
        return cells;
    };
    std::string line;
    std::getline(lines, line);
    const auto columns = cells_of(line);
    std::vector<std::map<std::string, std::string>> rows;
    while (std::getline(lines, line)) {
        const auto cells = cells_of(line);
        auto& row = rows.emplace_back();
        for (std::size_t i = 0; i < cells.size() && i < columns.size(); ++i)
            row[columns[i]] = cells[i];
    }
    return rows;
}

std::vector<Finding> findings_of(const solana::BlockActivity& block) {
    Detector detector;
    auto found = detector.on_block(block).findings;
    for (auto& f : detector.flush().findings) found.push_back(std::move(f));
    return found;
}

const Finding* by_signature(const std::vector<Finding>& found, const std::string& signature) {
    for (const auto& f : found)
        if (f.kind == FindingKind::arbitrage && f.signatures.size() == 1 &&
            to_text(f.signatures[0]) == signature)
            return &f;
    return nullptr;
}

TEST(Golden, EveryLabelledArbitrageWithItsExactProfit) {
    const auto found = findings_of(activity_of("block_254170887_part1.json", 254170887));
    const auto rows = labels("atomic_arbs_block_254170887_part1.csv");
    ASSERT_EQ(rows.size(), 6U);
    for (const auto& row : rows) {
        const auto* f = by_signature(found, row.at("signature"));
        ASSERT_NE(f, nullptr) << row.at("tx_index");
        EXPECT_EQ(std::to_string(f->profit_raw.value()), row.at("signer_token_delta_raw"));
        EXPECT_EQ(to_text(f->start_mint), row.at("start_mint"));
        EXPECT_EQ(to_text(f->actor), row.at("signer"));
        EXPECT_EQ(std::to_string(f->fee_lamports.value()), row.at("fee_lamports"));
        EXPECT_EQ(std::to_string(f->tip_lamports.value()), row.at("jito_tip_lamports"));
        EXPECT_TRUE(f->profitable) << row.at("tx_index");
    }
}

TEST(Golden, NoLosingCycleIsCalledProfitable) {
    const auto found = findings_of(activity_of("block_285000037.json", 285000037));
    for (const auto& row : labels("cycles_block_285000037.csv")) {
        const auto* f = by_signature(found, row.at("signature"));
        ASSERT_NE(f, nullptr) << row.at("tx_index");
        EXPECT_FALSE(f->profitable);
        EXPECT_EQ(f->status, FindingStatus::attempted);
    }
}

TEST(Golden, TheVolumeBotsRoundTripsAreNoProfitableSandwiches) {
    for (const auto& f : findings_of(activity_of("block_285000037.json", 285000037)))
        EXPECT_FALSE(f.kind == FindingKind::sandwich && f.profitable) << f.id;
}

TEST(Golden, TheSameBlockGivesTheSameFindings) {
    const auto block = activity_of("block_254170887_part1.json", 254170887);
    const auto a = findings_of(block);
    const auto b = findings_of(block);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].id, b[i].id);
        EXPECT_EQ(a[i].reasons, b[i].reasons);
    }
}

}  // namespace
}  // namespace astro::mev

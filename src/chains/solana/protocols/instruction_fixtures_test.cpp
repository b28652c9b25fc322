#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "chains/solana/protocols/test_trade.hpp"

/// Real mainnet instructions with labelled accounts: the positions and names we read are theirs.
namespace astro::solana {
namespace {

using namespace test;

struct Fixture {
    std::string program, instruction;
    Bytes data;
    std::vector<std::string> accounts, labels;

    [[nodiscard]] std::string at(const std::string& label) const {
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (labels[i] == label) return accounts[i];
        ADD_FAILURE() << instruction << " has no " << label;
        return {};
    }
};

std::vector<Fixture> load_fixtures() {
    std::ifstream file(std::string(ASTRO_SOURCE_DIR) +
                       "/share/solana/transactions/instruction_fixtures.json");
    std::stringstream text;
    text << file.rdbuf();
    std::vector<Fixture> out;
    const auto document = boost::json::parse(text.str());
    for (const auto& item : document.as_array()) {
        Fixture f;
        f.program = item.at("program_id").as_string().c_str();
        f.instruction = item.at("instruction").as_string().c_str();
        const auto data = parse_hex(item.at("data").as_string().c_str());
        EXPECT_TRUE(data.has_value()) << f.instruction;
        f.data = data.value_or(Bytes{});
        for (const auto& account : item.at("accounts").as_array()) {
            f.accounts.emplace_back(account.at("pubkey").as_string().c_str());
            const auto* label = account.as_object().if_contains("label");
            f.labels.emplace_back(label != nullptr ? label->as_string().c_str() : "");
        }
        out.push_back(std::move(f));
    }
    return out;
}

Fixture find(const std::string& program_start, const std::string& instruction) {
    for (auto& f : load_fixtures())
        if (f.program.starts_with(program_start) && f.instruction == instruction) return f;
    ADD_FAILURE() << program_start << ' ' << instruction;
    return {};
}

/// Labels of one exchange inside an instruction.
struct Exchange {
    std::string pool, user_in, vault_in, vault_out, user_out;
};

Pubkey key_of(const std::string& text) {
    const auto key = parse_pubkey(text);
    EXPECT_TRUE(key.has_value()) << text;
    return key.value_or(Pubkey{});
}

/// Runs the instruction with transfers between the labelled accounts, and expects a swap for each.
void expect_swaps(const Fixture& f, const std::vector<Exchange>& exchanges) {
    TransactionBuilder tx({"trader"});
    for (const auto& account : f.accounts) tx.key(key_of(account));
    int mint = 0;
    for (const auto& e : exchanges) {
        const auto in = std::to_string(mint), out = std::to_string(++mint);
        tx.account(f.at(e.user_in), in, "trader", 5'000);
        tx.account(f.at(e.vault_in), in, "authority", 5'000);
        tx.account(f.at(e.user_out), out, "trader", 5'000);
        tx.account(f.at(e.vault_out), out, "authority", 5'000);
    }
    tx.call(1, key_of(f.program), f.accounts, f.data);
    for (const auto& e : exchanges) {
        tx.transfer(2, f.at(e.user_in), f.at(e.vault_in), "trader", 100);
        tx.transfer(2, f.at(e.vault_out), f.at(e.user_out), "authority", 90);
    }
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), exchanges.size()) << f.instruction;
    for (std::size_t i = 0; i < exchanges.size(); ++i) {
        const Swap& s = activity.swaps[i];
        EXPECT_EQ(to_text(s.pool), f.at(exchanges[i].pool)) << f.instruction;
        EXPECT_EQ(to_text(s.vault_in), f.at(exchanges[i].vault_in)) << f.instruction;
        EXPECT_EQ(to_text(s.vault_out), f.at(exchanges[i].vault_out)) << f.instruction;
        EXPECT_EQ(to_text(s.user_source), f.at(exchanges[i].user_in)) << f.instruction;
        EXPECT_TRUE(s.verified) << f.instruction;
    }
}

TEST(InstructionFixtures, MeteoraDlmm) {
    for (const auto* name : {"swap", "swap_exact_out", "swap_with_price_impact2"})
        expect_swaps(find("LBUZ", name),
                     {{"lbPair", "userTokenIn", "reserveX", "reserveY", "userTokenOut"}});
}

TEST(InstructionFixtures, RaydiumClmm) {
    for (const auto* name : {"swap", "swap_v2"})
        expect_swaps(find("CAMM", name), {{"poolState", "inputTokenAccount", "inputVault",
                                           "outputVault", "outputTokenAccount"}});
}

TEST(InstructionFixtures, Whirlpool) {
    for (const auto* name : {"swap", "swap_v2"})
        expect_swaps(find("whir", name), {{"whirlpool", "tokenOwnerAccountA", "tokenVaultA",
                                           "tokenVaultB", "tokenOwnerAccountB"}});
    expect_swaps(find("whir", "two_hop_swap"),
                 {{"whirlpoolOne", "tokenOwnerAccountOneA", "tokenVaultOneA", "tokenVaultOneB",
                   "tokenOwnerAccountOneB"},
                  {"whirlpoolTwo", "tokenOwnerAccountTwoA", "tokenVaultTwoA", "tokenVaultTwoB",
                   "tokenOwnerAccountTwoB"}});
}

TEST(InstructionFixtures, WhirlpoolTwoHopSecondLayout) {
    const Fixture f = find("whir", "two_hop_swap_v2");
    TransactionBuilder tx({"trader"});
    for (const auto& account : f.accounts) tx.key(key_of(account));
    tx.account(f.at("tokenOwnerAccountInput"), "A", "trader", 500);
    tx.account(f.at("tokenVaultOneInput"), "A", "one", 500);
    tx.account(f.at("tokenVaultOneIntermediate"), "B", "one", 500);
    tx.account(f.at("tokenVaultTwoIntermediate"), "B", "two", 500);
    tx.account(f.at("tokenVaultTwoOutput"), "C", "two", 500);
    tx.account(f.at("tokenOwnerAccountOutput"), "C", "trader", 500);
    tx.call(1, key_of(f.program), f.accounts, f.data);
    tx.transfer(2, f.at("tokenOwnerAccountInput"), f.at("tokenVaultOneInput"), "trader", 100);
    tx.transfer(2, f.at("tokenVaultOneIntermediate"), f.at("tokenVaultTwoIntermediate"), "one", 90);
    tx.transfer(2, f.at("tokenVaultTwoOutput"), f.at("tokenOwnerAccountOutput"), "two", 80);
    const auto activity = tx.decode();
    ASSERT_EQ(activity.swaps.size(), 2u);
    EXPECT_EQ(to_text(activity.swaps[0].pool), f.at("whirlpoolOne"));
    EXPECT_EQ(to_text(activity.swaps[1].pool), f.at("whirlpoolTwo"));
    EXPECT_TRUE(activity.swaps[0].verified && activity.swaps[1].verified);
}

TEST(InstructionFixtures, EveryOtherInstructionIsNotTakenForASwap) {
    const std::set<std::string> swaps = {"swap",
                                         "swap_v2",
                                         "two_hop_swap",
                                         "two_hop_swap_v2",
                                         "swap_exact_out",
                                         "swap_with_price_impact2",
                                         "swap_router_base_in"};
    std::size_t looked_at = 0;
    for (const auto& f : load_fixtures()) {
        if (swaps.contains(f.instruction)) continue;
        ++looked_at;
        TransactionBuilder tx({"trader"});
        for (const auto& account : f.accounts) tx.key(key_of(account));
        tx.call(1, key_of(f.program), f.accounts, f.data);
        EXPECT_TRUE(tx.decode().swaps.empty()) << f.instruction;
        EXPECT_EQ(tx.counters.dex_instructions_without_swap, 0u) << f.instruction;
    }
    EXPECT_GE(looked_at, 70u);
}

}  // namespace
}  // namespace astro::solana

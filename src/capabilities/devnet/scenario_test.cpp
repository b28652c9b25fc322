#include "capabilities/devnet/scenario.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "chains/stellar/explain/explain.hpp"

namespace astro::devnet {
namespace {

const std::filesystem::path kFolder = ASTRO_SOURCE_DIR "/tests/devnet";

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> all_scenarios() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(kFolder))
        if (entry.path().extension() == ".scenario") out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

class DevnetScenario : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(DevnetScenario, comes_out_as_it_says) {
    const auto report = run_scenario(text_of(GetParam()));
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_GT(report->transactions, 0U);
    for (const auto& fault : report->faults)
        ADD_FAILURE() << GetParam().filename().string() << ":" << fault.line << ": " << fault.text
                      << "\n  expected " << fault.expected << "\n  got      " << fault.got;
}

TEST_P(DevnetScenario, gives_the_same_ledger_each_time) {
    const auto text = text_of(GetParam());
    EXPECT_EQ(run_scenario(text)->ledger_hash, run_scenario(text)->ledger_hash);
}

INSTANTIATE_TEST_SUITE_P(All, DevnetScenario, testing::ValuesIn(all_scenarios()),
                         [](const auto& of) { return of.param.stem().string(); });

/// Outcomes that no transaction of this ledger can have, by their last word or in full.
const std::set<std::string> kUnreachable = {
    // Issuers need not exist since protocol 13; the rest is of protocols before.
    "payment no_issuer", "path_payment_strict_receive no_issuer",
    "path_payment_strict_send no_issuer", "manage_sell_offer buy_no_issuer",
    "manage_sell_offer sell_no_issuer", "manage_buy_offer buy_no_issuer",
    "manage_buy_offer sell_no_issuer", "allow_trust trust_not_required",
    "allow_trust self_not_allowed", "change_trust self_not_allowed",
    "manage_data not_supported_yet", "inflation not_time", "inflation success", "tx_not_supported",
    // Frozen keys (CAP-77) and contracts.
    "tx_frozen_key_accessed", "tx_soroban_invalid", "claim_claimable_balance trustline_frozen",
    "liquidity_pool_deposit trustline_frozen", "liquidity_pool_withdraw trustline_frozen",
    // A bug, or more than four thousand million entries, or lumens.
    "tx_internal_error", "op_too_many_sponsoring", "liquidity_pool_deposit pool_full",
    // Fee bumps are told by what is inside; an inner result is told by its operation.
    "tx_fee_bump_inner_success", "tx_fee_bump_inner_failed", "op_inner",
    // Below: they need a thousand entries.
    "op_too_many_subentries", "op_exceeded_work_limit"};

bool is_reachable(const stellar::CodeExplanation& code, const std::string& name) {
    return !kUnreachable.contains(name) && !name.starts_with("invoke_host_function") &&
           !name.starts_with("extend_footprint_ttl") && !name.starts_with("restore_footprint") &&
           // A passive offer has the results of any other.
           code.operation != "create_passive_sell_offer";
}

TEST(DevnetScenarios, have_each_code_that_can_come) {
    std::set<std::string> seen;
    for (const auto& path : all_scenarios()) {
        const auto report = run_scenario(text_of(path));
        ASSERT_TRUE(report) << path << report.error().text();
        seen.insert(report->outcomes.begin(), report->outcomes.end());
    }
    std::string missing;
    for (const auto& code : stellar::all_explanations()) {
        const auto name = code.operation ? *code.operation + " " + code.xdr_name : code.xdr_name;
        if (is_reachable(code, name) && !seen.contains(name)) missing += "\n" + name;
    }
    EXPECT_EQ(missing, "");
}

/// "ada OPERATION and OPERATION …", a hundred at a time.
std::string many(const std::string& who, int count, const std::function<std::string(int)>& make) {
    std::string out;
    for (int i = 0; i < count; ++i) out += (i % 100 == 0 ? "\n" + who + " " : " and ") + make(i);
    return out + "\n";
}

TEST(DevnetScenarios, end_at_a_thousand_entries_and_a_thousand_offers) {
    const auto offer = [](int) { return std::string("sell 0.00001 XLM for USD at 1"); };
    std::string text =
        "asset USD bank\naccount bank 100\naccount ada 1000\naccount bob 1000\n"
        "account eve 1000\nada trust USD 1000\nbob trust USD 1000\n"
        "eve trust USD 1000\nbank pay eve 100 USD\n";
    text += many("ada", 999, offer) + "ada data one value=more -> op_too_many_subentries\n";
    text += many("bob", 2, offer);
    text +=
        "eve path bank 0.01001 XLM max 10 USD -> op_exceeded_work_limit\n"
        "eve sell 1 USD for XLM at 0.5 -> op_exceeded_work_limit\n"
        "eve path bank 0.01 XLM max 10 USD -> success\n"
        "expect ada offers 0, ada entries 1, bob offers 1\n";
    const auto report = run_scenario(text);
    ASSERT_TRUE(report) << report.error().text();
    for (const auto& fault : report->faults)
        ADD_FAILURE() << fault.text.substr(0, 80) << ": " << fault.got;
}

TEST(DevnetScenarios, say_where_a_line_is_not_understood) {
    const auto wrong = [](std::string_view text) {
        const auto report = run_scenario(text);
        return report ? "" : report.error().text();
    };
    EXPECT_EQ(wrong("account ada 100\nada pays bob 1 XLM"),
              "there is no operation of that name (line 2, 'pays')");
    EXPECT_EQ(wrong("ada pay bob 1 USD"), "no line before says 'asset USD ISSUER' (line 1, 'USD')");
    EXPECT_EQ(wrong("ada pay bob"), "the line ends where an amount is missing (line 1, 'bob')");
    EXPECT_EQ(wrong("ada pay bob 1 XLM loudly"),
              "this is no setting of a transaction (line 1, 'loudly')");
    EXPECT_EQ(wrong("expect ada XLM 1"), "there is no such account (line 1, 'ada')");
}

TEST(DevnetScenarios, report_what_came_instead) {
    const auto report =
        run_scenario("account ada 100\nada pay bob 1 XLM\nexpect ada XLM 100, ada entries 1");
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->passes);
    ASSERT_EQ(report->faults.size(), 3U);
    EXPECT_EQ(report->faults[0].got, "no_destination");
    EXPECT_EQ(report->faults[1].got, "99.99999");
    EXPECT_EQ(report->faults[2].got, "0");
}

}  // namespace
}  // namespace astro::devnet

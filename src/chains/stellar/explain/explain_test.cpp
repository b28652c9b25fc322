/// Results in words: every code of the schema has them, and real results read well.
#include "chains/stellar/explain/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "chains/stellar/explain/code_text.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "foundation/base/json.hpp"

namespace astro::stellar {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

boost::json::value document(const std::string& name) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/stellar/" + name, std::ios::binary);
    return boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
}

xdr::OperationResult payment_result(xdr::PaymentResultCode code) {
    xdr::OperationResult out;
    out.value = xdr::OperationResultTr{xdr::OperationType::payment, xdr::PaymentResult{code}};
    return out;
}

TEST(Explain, EveryCodeOfTheSchemaHasItsTextOnce) {
    // all_explanations() walks the schema and asserts that each has one; none is left over either.
    std::size_t texts = transaction_texts().size() + outer_operation_texts().size();
    for (const auto room :
         {account_texts, payment_texts, trading_texts, trust_texts, balance_texts, contract_texts})
        for (const auto& of_type : room()) texts += of_type.texts.size();
    EXPECT_EQ(all_explanations().size(), texts);
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& e : all_explanations())
        EXPECT_TRUE(seen.emplace(e.operation.value_or(""), e.xdr_name).second) << e.xdr_name;
}

TEST(Explain, TextsAreSentencesAndOnlyFaultsHaveARemedy) {
    for (const auto& e : all_explanations()) {
        const bool fault = e.xdr_name != "success" && e.xdr_name != "tx_success" &&
                           e.xdr_name != "op_inner" && e.xdr_name != "tx_fee_bump_inner_success";
        EXPECT_EQ(e.remedy.has_value(), fault) << e.xdr_name;
        for (const auto& text : {e.meaning, e.remedy.value_or("Nothing.")}) {
            ASSERT_FALSE(text.empty());
            EXPECT_TRUE(text.front() >= 'A' && text.front() <= 'Z') << text;
            EXPECT_EQ(text.back(), '.') << text;
            EXPECT_EQ(text.find("  "), std::string::npos) << text;
        }
    }
}

TEST(Explain, AFailedPaymentSaysWhichOperationAndWhatToDo) {
    xdr::TransactionResult result;
    result.fee_charged = 200;
    result.result.code = xdr::TransactionResultCode::tx_failed;
    result.result.value = std::vector{payment_result(xdr::PaymentResultCode::success),
                                      payment_result(xdr::PaymentResultCode::no_trust)};
    const auto explained = explain(result);
    EXPECT_FALSE(explained.successful);
    EXPECT_EQ(explained.fee_charged_stroops, "200");
    EXPECT_EQ(explained.result.code, "tx_failed");
    ASSERT_EQ(explained.operations.size(), 2U);
    EXPECT_FALSE(explained.operations[0].result.remedy);
    const auto& second = explained.operations[1];
    EXPECT_EQ(second.index, 1U);
    EXPECT_EQ(second.result.operation, "payment");
    EXPECT_EQ(second.result.code, "op_no_trust");
    EXPECT_THAT(*second.result.remedy, HasSubstr("add a trustline"));
}

TEST(Explain, AFeeBumpTellsOfTheTransactionInside) {
    xdr::InnerTransactionResultPair inner;
    inner.transaction_hash.bytes[31] = 0xab;
    inner.result.result.code = xdr::TransactionResultCode::tx_failed;
    inner.result.result.value = std::vector{payment_result(xdr::PaymentResultCode::underfunded)};
    xdr::TransactionResult result;
    result.result.code = xdr::TransactionResultCode::tx_fee_bump_inner_failed;
    result.result.value = inner;
    const auto explained = explain(result);
    EXPECT_EQ(explained.inner_hash->substr(62), "ab");
    EXPECT_EQ(explained.inner_result->code, "tx_failed");
    ASSERT_EQ(explained.operations.size(), 1U);
    EXPECT_EQ(explained.operations[0].result.code, "op_underfunded");
}

TEST(Explain, ResultsOfTheMainNetworkAreExplainedAsTheNetworkMeantThem) {
    std::map<std::string, int> outcomes;
    const auto transactions = document("tx_mainnet.json");
    for (const auto& v : transactions.at("vectors").as_array()) {
        const auto result = xdr::from_base64<xdr::TransactionResult>(
            std::string_view(v.at("result_xdr").as_string()));
        ASSERT_TRUE(result) << v.at("id");
        const auto explained = explain(*result);
        ++outcomes[explained.result.code];
        EXPECT_EQ(explained.successful, !explained.result.remedy.has_value());
        const bool operation_failed = std::ranges::any_of(
            explained.operations,
            [](const auto& operation) { return operation.result.remedy.has_value(); });
        EXPECT_EQ(operation_failed, explained.result.code == "tx_failed") << v.at("id");
    }
    EXPECT_GT(outcomes["tx_success"], 10);
}

TEST(Explain, CodesAreFoundByTheNamesThatLogsShow) {
    const auto sequence = explain_code("tx_bad_seq");
    ASSERT_TRUE(sequence);
    ASSERT_EQ(sequence->size(), 1U);
    EXPECT_THAT((*sequence)[0].meaning, HasSubstr("sequence number"));
    const auto one = explain_code("manage_sell_offer cross_self");
    ASSERT_TRUE(one);
    ASSERT_EQ(one->size(), 1U);
    EXPECT_EQ((*one)[0].code, "op_cross_self");
    std::vector<std::string> operations;
    for (const auto& e : *explain_code("op_cross_self")) operations.push_back(*e.operation);
    EXPECT_THAT(operations, ElementsAre("path_payment_strict_receive", "manage_sell_offer",
                                        "create_passive_sell_offer", "manage_buy_offer",
                                        "path_payment_strict_send"));
    for (const auto* wrong : {"", "op_", "tx_bad_sequence", "payment", "payment op_cross_self"})
        EXPECT_EQ(explain_code(wrong).error().code, "unknown_code") << wrong;
}

TEST(Explain, TravelsAsJson) {
    EXPECT_EQ(to_json(explain(payment_result(xdr::PaymentResultCode::no_issuer))),
              R"({"operation":"payment","code":"op_no_issuer","xdr_name":"no_issuer",)"
              R"("meaning":"The issuer of an asset does not exist.",)"
              R"("remedy":"Check the asset's issuer and the network."})");
}

}  // namespace
}  // namespace astro::stellar

// What is refused, and how it is said.
#include <gtest/gtest.h>

#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/transaction.hpp"
#include "chains/stellar/xdr/types_by_name.hpp"

namespace astro::stellar::xdr {
namespace {

TransactionEnvelope envelope_of(std::size_t operations) {
    TransactionV1Envelope envelope;
    for (std::size_t i = 0; i < operations; ++i)
        envelope.tx.operations.push_back({{}, {OperationType::inflation, std::monostate{}}});
    return {EnvelopeType::tx, std::move(envelope)};
}

/// "path: why" of a refusal.
template <class T>
std::string refusal_of(const Result<T>& result) {
    if (result) return "accepted";
    return result.error().where + ": " + result.error().message;
}

/// Of a transaction whose bytes from `at` on are replaced.
std::string refusal_with(std::size_t at, const std::string& hex) {
    auto bytes = to_xdr(envelope_of(4));
    const auto other = parse_hex(hex).value();
    std::copy(other.begin(), other.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    return refusal_of(from_xdr<TransactionEnvelope>(bytes));
}

// type 4, source 36, fee 4, sequence 8, conditions 4, memo 4, count 4: operations begin at 64.
constexpr std::size_t kOperations = 64, kOperationSize = 8;

TEST(XdrReader, AnUnknownCaseIsRefusedWithThePathToIt) {
    EXPECT_EQ(refusal_with(kOperations + 3 * kOperationSize + 4, "00000063"),
              "tx.operations[3].body.type: 99 is no OperationType (byte 92)");
    EXPECT_EQ(refusal_with(0, "00000008"),
              "type: 8 (contract_id) is no case of TransactionEnvelope (byte 0)");
    EXPECT_EQ(refusal_with(kOperations, "00000002"),
              "tx.operations[0].source_account: 2 is neither 0 nor 1 (byte 64)");
    EXPECT_EQ(refusal_with(kOperations + 4 * kOperationSize, "00000002"),
              "tx.ext.v: 2 is no case of TransactionExt (byte 96)");
    EXPECT_EQ(refusal_with(52, "00000007"), "tx.cond.type: 7 is no PreconditionType (byte 52)");
}

TEST(XdrReader, LengthsAreHeldToTheSchema) {
    EXPECT_EQ(refusal_with(kOperations - 4, "00000065"),
              "tx.operations: its length 101 is above the limit of 100 (byte 60)");
    EXPECT_EQ(refusal_with(100, "00000015"),
              "signatures: its length 21 is above the limit of 20 (byte 100)");
    EXPECT_EQ(refusal_with(100, "00000001"), "signatures: it ends early (byte 104)");
}

TEST(XdrReader, PaddingIsZeroAndNothingFollows) {
    const auto memo = parse_hex("00000001000000016100000000").value();
    EXPECT_EQ(refusal_of(from_xdr<Memo>(memo)), ": 1 bytes follow its end (byte 12)");
    EXPECT_EQ(refusal_of(from_xdr<Memo>(parse_hex("000000010000000161000001").value())),
              ": its padding is not zero (byte 11)");
    EXPECT_EQ(
        std::get<std::string>(from_xdr<Memo>(parse_hex("000000010000000161000000").value())->value),
        "a");
}

Bytes nested(std::size_t depth) {
    Bytes out;
    for (std::size_t i = 0; i < depth; ++i) {  // SCV_VEC, present, one item
        const Bytes level{0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 1};
        out.insert(out.end(), level.begin(), level.end());
    }
    out.insert(out.end(), {0, 0, 0, 1});
    return out;
}

TEST(XdrReader, ValuesLieInEachOtherToALimit) {
    const auto& type = **find_type("SCVal");
    const auto deep = json_of_xdr(type, nested(kXdrDepthMax - 1));
    ASSERT_TRUE(deep) << deep.error().text();
    EXPECT_EQ(xdr_of_json(type, *deep).value(), nested(kXdrDepthMax - 1));
    EXPECT_NE(
        refusal_of(json_of_xdr(type, nested(kXdrDepthMax))).find("it lies deeper than 200 values"),
        std::string::npos);
    EXPECT_FALSE(json_of_xdr(type, nested(100'000)));
}

std::string json_refusal(const char* type, std::string_view json) {
    return refusal_of(xdr_of_json(**find_type(type), json));
}

TEST(XdrJson, WhatIsWrongIsNamed) {
    EXPECT_EQ(json_refusal("Price", R"({"n":1})"), "d: is missing");
    EXPECT_EQ(json_refusal("Price", R"({"n":1,"d":2,"e":3})"), "e: is not known here");
    EXPECT_EQ(json_refusal("Price", R"({"n":1,"d":2147483648})"),
              "d: needs a whole number from -2147483648 to 2147483647");
    EXPECT_EQ(json_refusal("Price", R"({"n":1,"n":1,"d":2})"), "n: is there twice");
    EXPECT_EQ(json_refusal("Price", R"({"n":1,)").substr(0, 5), "byte ");
    EXPECT_EQ(json_refusal("TimeBounds", R"({"min_time":5,"max_time":"0"})"),
              "min_time: needs a text");
    EXPECT_EQ(json_refusal("TimeBounds", R"({"min_time":"07","max_time":"0"})"),
              "min_time: needs a text of a whole number of 64 bits, as \"10\", not \"07\"");
    EXPECT_EQ(json_refusal("Memo", R"({"none":null})"),
              ": \"none\" takes no value: it is written as a text");
    EXPECT_EQ(json_refusal("Memo", R"("text")"), ": \"text\" needs a value");
    EXPECT_EQ(json_refusal("Memo", R"({"text":"12345678901234567890123456789"})"),
              "text: has 29 bytes; at most 28 are allowed");
    EXPECT_EQ(json_refusal("Memo", R"({"hash":"00"})"), "hash: needs 32 bytes in hex");
    EXPECT_EQ(json_refusal("MemoType", R"("texts")"),
              ": \"texts\" is no MemoType; it is one of none, text, id, hash, return");
    EXPECT_EQ(json_refusal("ExtensionPoint", R"("v1")"),
              ": \"v1\" is no case of ExtensionPoint; there is only v0");
    EXPECT_EQ(
        json_refusal("PublicKey", R"("CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA")"),
        ": needs a public key, G…");
    EXPECT_EQ(json_refusal("SCVal", R"({"vec":[{"u32":1},{"i128":"1e3"}]})"),
              "vec[1].i128: needs a text of a whole number of 128 bits");
}

TEST(XdrTypes, AreFoundWhateverTheirCase) {
    EXPECT_EQ(find_type("scval").value(), find_type("SCVal").value());
    EXPECT_EQ(find_type("TransactionEnvelop").error().message,
              "there is no type TransactionEnvelop; the nearest is TransactionEnvelope");
}

}  // namespace
}  // namespace astro::stellar::xdr

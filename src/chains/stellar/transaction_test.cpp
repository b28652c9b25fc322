#include "chains/stellar/transaction.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "foundation/crypto/crypto_test_support.hpp"

namespace astro::stellar {
namespace {

// Envelopes of the SDKs' own suites: those of manage-data operations are read, hash as the SDK says
// and are written back; the others are refused, never misread.
TEST(Transaction, EnvelopesOfTheSdksAreReadOrRefused) {
    int read = 0, refused = 0;
    const auto file = crypto::load_vectors("stellar/tx_envelopes_suites.json");
    for (const auto& value : file.at("vectors").as_array()) {
        const auto& v = value.as_object();
        const std::string text = crypto::text_of(v.at("xdr"));
        const auto envelope = parse_envelope_base64(text);
        if (!envelope) {
            EXPECT_EQ(envelope.error().code, "xdr_unsupported") << envelope.error().text();
            ++refused;
            continue;
        }
        ++read;
        EXPECT_EQ(to_base64_xdr(*envelope), text);
        const auto& transaction = envelope->transaction;
        EXPECT_EQ(to_hex(transaction_hash(transaction, kPublicNetwork).view()),
                  crypto::text_of(v.at("hash_public")));
        EXPECT_EQ(to_hex(transaction_hash(transaction, kTestNetwork).view()),
                  crypto::text_of(v.at("hash_testnet")));
    }
    EXPECT_EQ(read + refused, 157);
    EXPECT_GT(read, 0);
}

Envelope any_envelope() {
    crypto::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
    const auto account = [&] {
        MuxedAccount out;
        random.fill(out.account.bytes);
        if (*rc::gen::arbitrary<bool>()) out.id = *rc::gen::arbitrary<std::uint64_t>();
        return out;
    };
    Envelope out;
    auto& tx = out.transaction;
    tx.source = account();
    tx.fee_stroops = *rc::gen::arbitrary<std::uint32_t>();
    tx.sequence = *rc::gen::arbitrary<std::int64_t>();
    if (*rc::gen::arbitrary<bool>()) tx.time_bounds = TimeBounds{1, 2};
    const Memo memos[] = {MemoNone{}, MemoText{"hi\xFF"}, MemoId{~0ULL}, MemoHash{}, MemoReturn{}};
    tx.memo = memos[*rc::gen::inRange(0, 5)];
    for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
        Operation operation;
        if (*rc::gen::arbitrary<bool>()) operation.source = account();
        ManageData data{to_hex(random.bytes(static_cast<std::size_t>(i))), {}};
        if (*rc::gen::arbitrary<bool>())
            data.value = random.bytes(static_cast<std::size_t>(i * 12));
        operation.body = data;
        tx.operations.push_back(operation);
    }
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
        sign_envelope(out, kTestNetwork, crypto::Ed25519Key::generate(random));
    return out;
}

RC_GTEST_PROP(TransactionProperty, WhatIsWrittenIsReadAndNoCutIs, ()) {
    const Envelope envelope = any_envelope();
    Bytes xdr = to_xdr(envelope);
    RC_ASSERT(parse_envelope(xdr).value() == envelope);
    RC_ASSERT(parse_envelope_base64(to_base64_xdr(envelope)).value() == envelope);
    RC_ASSERT(!parse_envelope(ByteView(xdr).first(*rc::gen::inRange<std::size_t>(0, xdr.size()))));
    xdr.push_back(0);
    RC_ASSERT(!parse_envelope(xdr));
}

RC_GTEST_PROP(TransactionProperty, WhateverIsReadHasOneText, ()) {
    Bytes xdr = to_xdr(any_envelope());
    const auto at = *rc::gen::inRange<std::size_t>(0, xdr.size());
    xdr[at] = *rc::gen::arbitrary<std::uint8_t>();
    const auto envelope = parse_envelope(xdr);
    if (envelope) RC_ASSERT(to_xdr(*envelope) == xdr);
}

TEST(Transaction, SignaturesBelongToOneKeyAndOneNetwork) {
    crypto::SeededRandom random(3);
    const auto key = crypto::Ed25519Key::generate(random);
    Envelope envelope;
    sign_envelope(envelope, kTestNetwork, key);
    AccountId account;
    account.bytes = key.public_key().bytes;
    const auto& signature = envelope.signatures[0];
    EXPECT_TRUE(
        is_signature_of(signature, account, transaction_hash(envelope.transaction, kTestNetwork)));
    EXPECT_FALSE(is_signature_of(signature, account,
                                 transaction_hash(envelope.transaction, kPublicNetwork)));
    account.bytes[0] ^= 1;
    EXPECT_FALSE(
        is_signature_of(signature, account, transaction_hash(envelope.transaction, kTestNetwork)));
}

TEST(Transaction, MuxedAccountsReadBack) {
    const char* muxed = "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ";
    EXPECT_EQ(to_text(parse_muxed_account(muxed).value()), muxed);
    EXPECT_EQ(parse_muxed_account(muxed)->id, 0U);
    EXPECT_FALSE(parse_muxed_account("CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA"));
}

TEST(Transaction, RefusalsNameTheField) {
    Envelope envelope;
    envelope.transaction.operations = {{{}, ManageData{"a", Bytes{1}}}};
    Bytes xdr = to_xdr(envelope);
    const auto where = [&](std::size_t from_end, std::uint8_t value) {
        Bytes bad = xdr;
        bad[bad.size() - from_end] = value;
        return parse_envelope(bad).error().where;
    };
    // … data_value: present, length 1, 01 000000 | ext | signatures
    EXPECT_TRUE(where(9, 1).starts_with("tx.operations[0].body.manage_data.data_value"))
        << "padding";
    EXPECT_TRUE(where(13, 65).starts_with("tx.operations[0].body.manage_data.data_value"))
        << "long";
    EXPECT_TRUE(where(17, 2).starts_with("tx.operations[0].body.manage_data.data_value")) << "bool";
    EXPECT_TRUE(where(5, 1).starts_with("tx.ext"));
    EXPECT_TRUE(where(1, 21).starts_with("signatures"));
    EXPECT_EQ(parse_envelope_base64("****").error().code, "bad_encoding");
    EXPECT_EQ(parse_envelope_base64(std::string(70'000, 'A')).error().code, "xdr_malformed");
}

}  // namespace
}  // namespace astro::stellar

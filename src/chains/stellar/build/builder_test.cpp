/// Transactions from plans: what the main network took is built again to the byte, and what it
/// would refuse is refused here, with the field.
#include "chains/stellar/build/builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <functional>
#include <iterator>

#include "chains/stellar/build/amount.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/hashes.hpp"
#include "chains/stellar/xdr/sources.hpp"

namespace astro::stellar {
namespace {

using ::testing::HasSubstr;

const std::string kAda = "GCALNQQBXAPZ2WIRSDDBMSTAKCUH5SG6U76YBFLQLIXJTF7FE5AX7AOO";
const std::string kBob = "GD5HOJ5COQVBCCOTRM3AN2BTJWQKRPLQOHQ65QDJ2EHXSLWZX4ZTCIK3";

xdr::PublicKey ada() {
    return parse_public_key(kAda, "").value();
}
xdr::PublicKey bob() {
    return parse_public_key(kBob, "").value();
}
xdr::Asset asset(const std::string& code) {
    return parse_asset(code + ":" + kBob, "").value();
}

template <class Op>
xdr::Operation operation(xdr::OperationType type, Op op) {
    return {std::nullopt, {type, std::move(op)}};
}
xdr::Operation payment(std::int64_t amount = 1) {
    return operation(xdr::OperationType::payment,
                     xdr::PaymentOp{to_muxed(bob()), xdr::Asset{}, amount});
}

TransactionPlan plan_of(std::vector<xdr::Operation> operations) {
    TransactionPlan plan;
    plan.source = to_muxed(ada());
    plan.sequence = 7;
    plan.conditions.time_bounds = xdr::TimeBounds{0, 1'900'000'000};
    plan.operations = std::move(operations);
    return plan;
}

const xdr::Transaction& transaction_of(const xdr::TransactionEnvelope& envelope) {
    return xdr::arm_of<xdr::TransactionV1Envelope>(envelope.value).tx;
}

std::vector<xdr::TransactionEnvelope> envelopes_of_the_main_network() {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/stellar/tx_mainnet.json",
                     std::ios::binary);
    const auto document = boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
    std::vector<xdr::TransactionEnvelope> out;
    for (const auto& v : document.at("vectors").as_array())
        out.push_back(xdr::from_base64<xdr::TransactionEnvelope>(
                          std::string_view(v.at("envelope_xdr").as_string()))
                          .value());
    return out;
}

xdr::PreconditionsV2 conditions_of(const xdr::Preconditions& from) {
    if (const auto* all = std::get_if<xdr::PreconditionsV2>(&from.value)) return *all;
    xdr::PreconditionsV2 out;
    if (const auto* times = std::get_if<xdr::TimeBounds>(&from.value)) out.time_bounds = *times;
    return out;
}

TEST(Builder, TransactionsOfTheMainNetworkAreBuiltAgainToTheByte) {
    int built = 0;
    for (const auto& envelope : envelopes_of_the_main_network()) {
        const auto* of = std::get_if<xdr::TransactionV1Envelope>(&envelope.value);
        if (const auto* bump = std::get_if<xdr::FeeBumpTransactionEnvelope>(&envelope.value))
            of = &bump->tx.inner_tx.v1;
        if (of == nullptr) continue;
        ASSERT_TRUE(check(of->tx)) << check(of->tx).error().text();
        TransactionPlan plan;
        plan.source = of->tx.source_account;
        plan.sequence = of->tx.seq_num;
        plan.memo = of->tx.memo;
        plan.conditions = conditions_of(of->tx.cond);
        plan.without_end = true;
        plan.operations = of->tx.operations;
        if (const auto* resources = std::get_if<xdr::SorobanTransactionData>(&of->tx.ext.value))
            plan.resources = *resources;
        auto again = build_transaction(plan);
        ASSERT_TRUE(again) << again.error().text();
        auto transaction = transaction_of(*again);
        transaction.fee = of->tx.fee;  // which need not be the same for each operation
        EXPECT_EQ(xdr::to_xdr(transaction), xdr::to_xdr(of->tx));
        ++built;
    }
    EXPECT_GT(built, 40);
}

TEST(Builder, TheFeeIsForEachOperation) {
    auto plan = plan_of({payment(), payment(), payment()});
    plan.fee_per_operation_stroops = 250;
    EXPECT_EQ(transaction_of(build_transaction(plan).value()).fee, 750U);
    plan.fee_per_operation_stroops = 99;
    EXPECT_THAT(build_transaction(plan).error().message, HasSubstr("below 100 stroops"));
    plan.fee_per_operation_stroops = UINT32_MAX;
    EXPECT_EQ(build_transaction(plan).error().where, "fee");
}

TEST(Builder, ConditionsTakeTheirShortestForm) {
    auto plan = plan_of({payment()});
    EXPECT_EQ(transaction_of(build_transaction(plan).value()).cond.type,
              xdr::PreconditionType::time);
    plan.conditions.min_seq_ledger_gap = 5;
    EXPECT_EQ(transaction_of(build_transaction(plan).value()).cond.type, xdr::PreconditionType::v2);
    plan.conditions = {};
    EXPECT_THAT(build_transaction(plan).error().message, HasSubstr("has no end"));
    plan.without_end = true;
    EXPECT_EQ(transaction_of(build_transaction(plan).value()).cond.type,
              xdr::PreconditionType::none);
}

TEST(Builder, RefusesWhatNoCarefulSenderMeans) {
    auto plan = plan_of({payment()});
    plan.memo = {xdr::MemoType::id, std::uint64_t{7}};
    EXPECT_TRUE(build_transaction(plan));
    auto& to = std::get<xdr::PaymentOp>(plan.operations[0].body.value).destination;
    to = {xdr::CryptoKeyType::muxed_ed25519, xdr::MuxedAccountMed25519{9, bob().ed25519}};
    const auto refused = build_transaction(plan);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().where, "memo");
    plan.memo = {};
    EXPECT_TRUE(build_transaction(plan));
}

struct Case {
    const char* where;
    const char* why;
    xdr::Operation operation;
};

TEST(Builder, RefusesOperationsThatTheNetworkWouldCallMalformed) {
    using T = xdr::OperationType;
    const auto usd = asset("USD");
    xdr::SetOptionsOp options;
    options.low_threshold = 256;
    xdr::SetOptionsOp own_key;
    own_key.signer = xdr::Signer{{xdr::SignerKeyType::ed25519, ada().ed25519}, 1};
    auto dirty = usd;
    std::get<xdr::AlphaNum4>(dirty.value).asset_code.bytes = {'U', 0, 'D', 0};
    xdr::CreateClaimableBalanceOp twice{usd, 5, {}};
    twice.claimants.assign(2, xdr::Claimant{{bob(), {}}});
    xdr::CreateClaimableBalanceOp hollow{usd, 5, {xdr::Claimant{{bob(), {}}}}};
    hollow.claimants[0].v0.predicate = {xdr::ClaimPredicateType::not_,
                                        std::optional<xdr::Box<xdr::ClaimPredicate>>{}};
    xdr::LiquidityPoolParameters unordered{{usd, xdr::Asset{}, 30}};
    const Case cases[] = {
        {"operations[0].amount", "not above zero", payment(0)},
        {"operations[0].amount", "not above zero", payment(-1)},
        {"operations[0].asset", "letters and digits",
         operation(T::payment, xdr::PaymentOp{to_muxed(bob()), dirty, 1})},
        {"operations[0].destination", "create itself",
         operation(T::create_account, xdr::CreateAccountOp{ada(), 1})},
        {"operations[0].starting_balance", "negative",
         operation(T::create_account, xdr::CreateAccountOp{bob(), -1})},
        {"operations[0].dest_min", "not above zero",
         operation(T::path_payment_strict_send,
                   xdr::PathPaymentStrictSendOp{usd, 5, to_muxed(bob()), usd, 0, {}})},
        {"operations[0].buying", "the asset sold",
         operation(T::manage_sell_offer, xdr::ManageSellOfferOp{usd, usd, 5, {1, 1}, 0})},
        {"operations[0].price", "not above zero",
         operation(T::manage_buy_offer, xdr::ManageBuyOfferOp{usd, {}, 5, {1, 0}, 0})},
        {"operations[0].amount", "removes an offer",
         operation(T::manage_sell_offer, xdr::ManageSellOfferOp{usd, {}, 0, {1, 1}, 0})},
        {"operations[0].low_threshold", "255", operation(T::set_options, options)},
        {"operations[0].signer.key", "master_weight", operation(T::set_options, own_key)},
        {"operations[0].line", "no trustline", operation(T::change_trust, xdr::ChangeTrustOp{})},
        {"operations[0].line.asset_b", "must come after",
         operation(T::change_trust,
                   xdr::ChangeTrustOp{{xdr::AssetType::pool_share, unordered}, 5})},
        {"operations[0].destination", "merged into itself",
         operation(T::account_merge, to_muxed(ada()))},
        {"operations[0].data_name", "empty", operation(T::manage_data, xdr::ManageDataOp{})},
        {"operations[0].data_name", "printable",
         operation(T::manage_data, xdr::ManageDataOp{"a\n", {}})},
        {"operations[0].bump_to", "negative", operation(T::bump_sequence, xdr::BumpSequenceOp{-1})},
        {"operations[0].claimants", "twice", operation(T::create_claimable_balance, twice)},
        {"operations[0].claimants", "condition", operation(T::create_claimable_balance, hollow)},
        {"operations[0].sponsored_id", "sponsor itself",
         operation(T::begin_sponsoring_future_reserves,
                   xdr::BeginSponsoringFutureReservesOp{ada()})},
        {"operations[0].asset", "not issued by",
         operation(T::clawback, xdr::ClawbackOp{usd, to_muxed(bob()), 5})},
        {"operations[0].set_flags", "sets what clear_flags clears",
         operation(T::set_trust_line_flags, xdr::SetTrustLineFlagsOp{bob(), usd, 1, 1})},
        {"operations[0].min_price", "above max_price",
         operation(T::liquidity_pool_deposit,
                   xdr::LiquidityPoolDepositOp{{}, 5, 5, {2, 1}, {1, 1}})},
        {"operations[0].min_amount_b", "negative",
         operation(T::liquidity_pool_withdraw, xdr::LiquidityPoolWithdrawOp{{}, 5, 0, -1})},
    };
    for (const auto& c : cases) {
        const auto refused = build_transaction(plan_of({c.operation}));
        ASSERT_FALSE(refused) << c.where << " " << c.why;
        EXPECT_EQ(refused.error().code, "bad_operation");
        EXPECT_EQ(refused.error().where, c.where);
        EXPECT_THAT(refused.error().message, HasSubstr(c.why));
    }
}

TEST(Builder, RefusesTransactionsThatTheNetworkWouldCallMalformed) {
    const auto refused = [](const std::function<void(TransactionPlan&)>& spoil) {
        auto plan = plan_of({payment()});
        spoil(plan);
        const auto built = build_transaction(plan);
        return built ? std::string("it was built") : built.error().where;
    };
    EXPECT_EQ(refused([](auto& p) { p.operations.clear(); }), "operations");
    EXPECT_EQ(refused([](auto& p) { p.operations.assign(100, payment()); }), "it was built");
    EXPECT_EQ(refused([](auto& p) { p.operations.assign(101, payment()); }), "operations");
    EXPECT_EQ(refused([](auto& p) { p.memo = {xdr::MemoType::text, std::string(29, 'a')}; }),
              "memo");
    // Fourteen letters of two bytes each are just enough.
    std::string umlauts;
    for (int i = 0; i < 14; ++i) umlauts += "\xC3\xA4";
    EXPECT_EQ(refused([&](auto& p) { p.memo = {xdr::MemoType::text, umlauts}; }), "it was built");
    EXPECT_EQ(refused([](auto& p) { p.sequence = -1; }), "seq_num");
    EXPECT_EQ(refused([](auto& p) { p.conditions.time_bounds = xdr::TimeBounds{9, 8}; }),
              "cond.time_bounds");
    EXPECT_EQ(refused([](auto& p) { p.conditions.ledger_bounds = xdr::LedgerBounds{9, 8}; }),
              "cond.ledger_bounds");
    EXPECT_EQ(refused([](auto& p) {
                  p.conditions.extra_signers.assign(
                      2, xdr::SignerKey{xdr::SignerKeyType::hash_x, xdr::Uint256{}});
              }),
              "cond.extra_signers");
    EXPECT_EQ(refused([](auto& p) {
                  p.operations.push_back(
                      operation(xdr::OperationType::restore_footprint, xdr::RestoreFootprintOp{}));
              }),
              "operations");
    EXPECT_EQ(refused([](auto& p) {
                  p.operations = {
                      operation(xdr::OperationType::restore_footprint, xdr::RestoreFootprintOp{})};
              }),
              "ext");
    EXPECT_EQ(refused([](auto& p) { p.resources = xdr::SorobanTransactionData{}; }), "ext");
}

class Signing : public ::testing::Test {
  protected:
    crypto::Ed25519Key key_ = crypto::Ed25519Key::from_seed(crypto::SecretKey(Bytes(32, 9)));
    xdr::TransactionEnvelope envelope_ = build_transaction(plan_of({payment()})).value();
    xdr::Hash hash_ = xdr::transaction_hash(envelope_, xdr::network_id("a network"));
};

TEST_F(Signing, OneSignatureIsMadeOnceAndTwentyAtMost) {
    ASSERT_TRUE(sign(envelope_, hash_, key_));
    const auto& made = xdr::signatures_of(envelope_).at(0);
    EXPECT_TRUE(crypto::verify_ed25519(key_.public_key().view(), hash_.view(), made.signature));
    EXPECT_EQ(made.hint.bytes[3], key_.public_key().bytes[31]);
    EXPECT_EQ(sign(envelope_, hash_, key_).error().code, "signed_already");
    for (std::uint8_t i = 0; i < 19; ++i) ASSERT_TRUE(sign_with_preimage(envelope_, Bytes{i}));
    EXPECT_EQ(sign_with_preimage(envelope_, Bytes{99}).error().code, "too_many_signatures");
}

TEST_F(Signing, SignersByHashAndByPayloadHaveTheirHints) {
    const Bytes preimage(64, 1);
    ASSERT_TRUE(sign_with_preimage(envelope_, preimage));
    const auto hashed = crypto::sha256(preimage);
    EXPECT_EQ(xdr::signatures_of(envelope_)[0].hint.bytes[0], hashed.bytes[28]);
    EXPECT_FALSE(sign_with_preimage(envelope_, Bytes(65, 1)));
    ASSERT_TRUE(sign_payload(envelope_, Bytes{0xf0, 0x0f}, key_));
    const auto& by_payload = xdr::signatures_of(envelope_)[1];
    EXPECT_EQ(by_payload.hint.bytes[0], key_.public_key().bytes[28] ^ 0xf0);
    EXPECT_EQ(by_payload.hint.bytes[1], key_.public_key().bytes[29] ^ 0x0f);
    EXPECT_EQ(by_payload.hint.bytes[3], key_.public_key().bytes[31]);
    EXPECT_FALSE(sign_payload(envelope_, Bytes{}, key_));
}

TEST_F(Signing, AFeeBumpPaysForOneOperationMoreAndNeverLess) {
    EXPECT_THAT(build_fee_bump(envelope_, to_muxed(bob()), 100).error().message,
                HasSubstr("not signed"));
    ASSERT_TRUE(sign(envelope_, hash_, key_));
    const auto bumped = build_fee_bump(envelope_, to_muxed(bob()), 250);
    ASSERT_TRUE(bumped);
    const auto& outer = xdr::arm_of<xdr::FeeBumpTransactionEnvelope>(bumped->value).tx;
    EXPECT_EQ(outer.fee, 500);
    EXPECT_EQ(outer.inner_tx.v1, xdr::arm_of<xdr::TransactionV1Envelope>(envelope_.value));
    EXPECT_THAT(build_fee_bump(envelope_, to_muxed(bob()), 99).error().message,
                HasSubstr("below 100"));
    EXPECT_FALSE(build_fee_bump(envelope_, to_muxed(bob()), INT64_MAX));
    EXPECT_FALSE(build_fee_bump(*bumped, to_muxed(bob()), 500));
}

TEST(Text, AssetsAndAddressesAreReadAsTheyAreWritten) {
    for (const auto& text : {std::string("native"), "USD:" + kAda, "EURT12345678:" + kAda})
        EXPECT_EQ(to_text(parse_asset(text, "").value()), text);
    EXPECT_EQ(parse_asset("XLM", "").value(), xdr::Asset{});
    for (const auto& text : {std::string(), std::string("USD"), ":" + kAda, "TOOLONGCODE13:" + kAda,
                             "U D:" + kAda, "USD:" + kAda.substr(1), "USD:S" + kAda.substr(1)})
        EXPECT_FALSE(parse_asset(text, "asset")) << text;
    EXPECT_EQ(to_text(parse_address(kAda, "").value()), kAda);
    const xdr::MuxedAccount muxed{xdr::CryptoKeyType::muxed_ed25519,
                                  xdr::MuxedAccountMed25519{0x0102030405060708, ada().ed25519}};
    EXPECT_EQ(parse_address(to_text(muxed), "").value(), muxed);
    EXPECT_EQ(account_of(muxed), ada());
    EXPECT_FALSE(parse_public_key(to_text(muxed), "account"));
}

}  // namespace
}  // namespace astro::stellar

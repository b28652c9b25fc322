/// What would fail before it is sent: each reason with its numbers, and balances afterwards.
#include "chains/stellar/preflight/preflight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/codec.hpp"

namespace astro::stellar {
namespace {

using ::testing::HasSubstr;
using xdr::OperationType;

constexpr std::int64_t kXlm = 10'000'000;

xdr::PublicKey key(std::uint8_t who) {
    xdr::PublicKey out;
    out.ed25519.bytes.fill(who);
    return out;
}
const xdr::PublicKey kAda = key(1), kBob = key(2), kIssuer = key(3), kNobody = key(4);
const xdr::Asset kUsd{xdr::AssetType::credit_alphanum4,
                      xdr::AlphaNum4{{{'U', 'S', 'D', 0}}, kIssuer}};

template <class Op>
xdr::Operation operation(OperationType type, Op op,
                         std::optional<xdr::PublicKey> source = std::nullopt) {
    xdr::Operation out{std::nullopt, {type, std::move(op)}};
    if (source) out.source_account = to_muxed(*source);
    return out;
}
xdr::Operation payment(const xdr::PublicKey& to, std::int64_t amount, const xdr::Asset& asset = {},
                       std::optional<xdr::PublicKey> source = std::nullopt) {
    return operation(OperationType::payment, xdr::PaymentOp{to_muxed(to), asset, amount}, source);
}
xdr::Operation trust(std::int64_t limit, std::optional<xdr::PublicKey> source = std::nullopt) {
    return operation(OperationType::change_trust,
                     xdr::ChangeTrustOp{{kUsd.type, std::get<xdr::AlphaNum4>(kUsd.value)}, limit},
                     source);
}
xdr::Operation begin_sponsoring(const xdr::PublicKey& sponsored,
                                std::optional<xdr::PublicKey> source = std::nullopt) {
    return operation(OperationType::begin_sponsoring_future_reserves,
                     xdr::BeginSponsoringFutureReservesOp{sponsored}, source);
}
xdr::Operation end_sponsoring(const xdr::PublicKey& source) {
    return operation(OperationType::end_sponsoring_future_reserves, std::monostate{}, source);
}

/// Ada and Bob with ten lumens each, the issuer with a hundred, nobody at the fourth address.
class PreflightTest : public ::testing::Test {
  protected:
    PreflightTest() {
        for (const auto& [id, balance] :
             {std::pair{kAda, 10 * kXlm}, {kBob, 10 * kXlm}, {kIssuer, 100 * kXlm}}) {
            AccountView account;
            account.id = id;
            account.balance = balance;
            account.sequence = 41;
            view_.accounts[id.ed25519] = account;
        }
        view_.accounts[kNobody.ed25519] = std::nullopt;
        view_.close_time_s = 1000;
        view_.sequence = 50;
    }

    AccountView& of(const xdr::PublicKey& id) { return *view_.accounts[id.ed25519]; }
    void give_line(const xdr::PublicKey& id, std::int64_t balance, std::int64_t limit) {
        of(id).lines.push_back({kUsd, balance, limit, 0, 0, true, true});
        ++of(id).subentries;
    }

    TransactionPlan plan(std::vector<xdr::Operation> operations) {
        TransactionPlan out;
        out.source = to_muxed(kAda);
        out.sequence = 42;
        out.conditions.time_bounds = xdr::TimeBounds{0, 2000};
        out.operations = std::move(operations);
        return out;
    }
    PreflightReport run(const TransactionPlan& from) {
        return preflight(build_transaction(from).value(), view_);
    }
    PreflightReport run(std::vector<xdr::Operation> operations) {
        return run(plan(std::move(operations)));
    }
    /// The one thing that is found.
    PreflightFinding only(std::vector<xdr::Operation> operations) {
        return only(run(std::move(operations)));
    }
    static PreflightFinding only(const PreflightReport& report) {
        EXPECT_FALSE(report.passes);
        EXPECT_EQ(report.findings.size(), 1U)
            << (report.findings.empty() ? "nothing" : report.findings.back().reason);
        return report.findings.empty() ? PreflightFinding{} : report.findings[0];
    }
    static PreflightBalance balance(const PreflightReport& report, const xdr::PublicKey& id,
                                    const xdr::Asset& asset = {}) {
        for (const auto& b : report.balances)
            if (b.account == to_text(id) && b.asset == to_text(asset)) return b;
        ADD_FAILURE() << "no such balance";
        return {};
    }

    LedgerView view_;
};

TEST_F(PreflightTest, APaymentThatPassesSaysWhatIsLeftAndFree) {
    const auto report = run({payment(kBob, 3 * kXlm)});
    EXPECT_TRUE(report.passes);
    EXPECT_TRUE(report.not_checked.empty());
    const auto ada = balance(report, kAda);
    EXPECT_EQ(ada.before, Stroops(10 * kXlm));
    EXPECT_EQ(ada.available_before, Stroops(9 * kXlm));
    EXPECT_EQ(ada.after, Stroops(7 * kXlm - 100));
    EXPECT_EQ(ada.available_after, Stroops(6 * kXlm - 100));
    EXPECT_EQ(balance(report, kBob).after, Stroops(13 * kXlm));
}

TEST_F(PreflightTest, TheReserveAndWhatOffersPromisedCannotBeSent) {
    of(kAda).subentries = 3;
    of(kAda).sponsoring = 1;
    of(kAda).sponsored = 2;
    of(kAda).selling_liabilities = kXlm;
    // Reserve (2 + 3 + 1 - 2) × 0.5 = 2; with one in offers and the fee 6.99999 are free.
    EXPECT_TRUE(run({payment(kBob, 7 * kXlm - 100)}).passes);
    const auto found = only({payment(kBob, 7 * kXlm)});
    EXPECT_EQ(found.code, "op_underfunded");
    EXPECT_EQ(found.operation, 0U);
    EXPECT_EQ(found.reason,
              "Sending 7 XLM needs 0.00001 XLM more: of 9.99999 XLM, 2 XLM are the reserve, 1 XLM "
              "are in offers.");
}

TEST_F(PreflightTest, DestinationsAreLookedAt) {
    EXPECT_EQ(only({payment(kNobody, kXlm)}).code, "op_no_destination");
    EXPECT_THAT(only({payment(kNobody, kXlm)}).remedy, HasSubstr("create-account"));
    const auto unknown = run({payment(key(9), kXlm)});
    EXPECT_TRUE(unknown.passes);
    ASSERT_EQ(unknown.not_checked.size(), 1U);
    EXPECT_THAT(unknown.not_checked[0].what, HasSubstr("was not looked up"));
    of(kBob).requires_memo = true;
    EXPECT_EQ(only({payment(kBob, kXlm)}).code, "memo_required");
    auto with_memo = plan({payment(kBob, kXlm)});
    with_memo.memo = {xdr::MemoType::id, std::uint64_t{5}};
    EXPECT_TRUE(run(with_memo).passes);
    auto muxed = payment(kBob, kXlm);
    std::get<xdr::PaymentOp>(muxed.body.value).destination = {
        xdr::CryptoKeyType::muxed_ed25519, xdr::MuxedAccountMed25519{5, kBob.ed25519}};
    EXPECT_TRUE(run({muxed}).passes);
}

TEST_F(PreflightTest, TrustlinesOfBothSidesAreLookedAt) {
    EXPECT_EQ(only({payment(kBob, 5, kUsd)}).code, "op_no_trust");
    give_line(kBob, 0, 100);
    EXPECT_EQ(only({payment(kBob, 5, kUsd)}).code, "op_src_no_trust");
    give_line(kAda, 500, 500);
    EXPECT_TRUE(run({payment(kBob, 100, kUsd)}).passes);
    const auto full = only({payment(kBob, 101, kUsd)});
    EXPECT_EQ(full.code, "op_line_full");
    EXPECT_THAT(full.reason, HasSubstr("can take 0.00001 USD more"));
    of(kBob).lines[0].buying_liabilities = 1;
    EXPECT_EQ(only({payment(kBob, 100, kUsd)}).code, "op_line_full");
    of(kBob).lines[0].is_authorized = false;
    EXPECT_EQ(only({payment(kBob, 1, kUsd)}).code, "op_not_authorized");
    of(kBob).lines[0].is_authorized = true;
    of(kAda).lines[0].is_authorized = false;
    EXPECT_EQ(only({payment(kBob, 1, kUsd)}).code, "op_src_not_authorized");
    // The issuer makes any amount, and takes any back.
    EXPECT_TRUE(run({payment(kBob, 99, kUsd, kIssuer)}).passes);
    of(kAda).lines[0].is_authorized = true;
    EXPECT_TRUE(run({payment(kIssuer, 500, kUsd)}).passes);
}

TEST_F(PreflightTest, EachOperationSeesWhatTheOnesBeforeLeave) {
    const auto report =
        run({operation(OperationType::create_account, xdr::CreateAccountOp{kNobody, 2 * kXlm}),
             payment(kNobody, kXlm), trust(1000, kNobody), payment(kNobody, 10, kUsd, kIssuer),
             payment(kBob, 10, kUsd, kNobody)});
    EXPECT_EQ(only(report).code, "op_no_trust");
    EXPECT_EQ(report.findings[0].operation, 4U);
    EXPECT_EQ(balance(report, kAda).after, balance(report, kAda).before);
    EXPECT_EQ(only({payment(kBob, 5 * kXlm), payment(kBob, 5 * kXlm)}).operation, 1U);
}

TEST_F(PreflightTest, AnEntryMoreNeedsItsReserve) {
    of(kAda).balance = kXlm + 2 * 100;
    const auto found = only({trust(1000)});
    EXPECT_EQ(found.code, "op_low_reserve");
    EXPECT_THAT(found.reason, HasSubstr("short by 0.49999 XLM: a trustline needs 0.5 XLM"));
    EXPECT_THAT(found.remedy, HasSubstr("Add 0.49999 XLM"));
    EXPECT_EQ(
        only({operation(OperationType::manage_data, xdr::ManageDataOp{"a", xdr::DataValue{1}})})
            .code,
        "op_low_reserve");
    of(kAda).data_names = {"a"};
    EXPECT_TRUE(
        run({operation(OperationType::manage_data, xdr::ManageDataOp{"a", xdr::DataValue{1}})})
            .passes);
    EXPECT_EQ(only({operation(OperationType::create_account,
                              xdr::CreateAccountOp{kNobody, kXlm - 1}, kBob)})
                  .code,
              "op_low_reserve");
}

TEST_F(PreflightTest, ASponsorPaysTheReserve) {
    of(kAda).balance = kXlm + 4 * 100;
    const auto report = run({begin_sponsoring(kAda, kBob), trust(1000), end_sponsoring(kAda)});
    EXPECT_TRUE(report.passes) << report.findings[0].reason;
    EXPECT_EQ(balance(report, kBob).available_after.value(), 9 * kXlm - kXlm / 2);
    of(kBob).balance = kXlm;
    const auto poor = only({begin_sponsoring(kAda, kBob), trust(1000), end_sponsoring(kAda)});
    EXPECT_EQ(poor.code, "op_low_reserve");
    EXPECT_THAT(poor.reason, HasSubstr(to_text(kBob)));
    EXPECT_EQ(only({begin_sponsoring(kBob)}).code, "tx_bad_sponsorship");
    EXPECT_EQ(only({end_sponsoring(kBob)}).code, "op_not_sponsored");
    EXPECT_EQ(
        only({begin_sponsoring(kBob), begin_sponsoring(kAda, kBob), end_sponsoring(kBob)}).code,
        "op_recursive");
}

TEST_F(PreflightTest, ATransactionIsLookedAtBeforeItsOperations) {
    auto late = plan({payment(kBob, 1)});
    late.conditions.time_bounds->max_time = 990;
    EXPECT_THAT(only(run(late)).reason, HasSubstr("ended 10 s before"));
    auto early = plan({payment(kBob, 1)});
    early.conditions.time_bounds->min_time = 1010;
    EXPECT_EQ(only(run(early)).code, "tx_too_early");
    auto ledgers = plan({payment(kBob, 1)});
    ledgers.conditions.ledger_bounds = xdr::LedgerBounds{0, 51};
    EXPECT_EQ(only(run(ledgers)).code, "tx_too_late");
    auto used = plan({payment(kBob, 1)});
    used.sequence = 41;
    EXPECT_THAT(only(run(used)).remedy, HasSubstr("applied already"));
    used.sequence = 45;
    EXPECT_THAT(only(run(used)).reason, HasSubstr("so the next is 42"));
    used.conditions.min_seq_num = 40;
    EXPECT_TRUE(run(used).passes);
    view_.base_fee_stroops = 101;
    EXPECT_EQ(only(run(plan({payment(kBob, 1)}))).code, "tx_insufficient_fee");
}

TEST_F(PreflightTest, WhoeverPaysTheFeeMustHaveIt) {
    of(kAda).balance = kXlm + 50;
    const auto poor = run({operation(OperationType::bump_sequence, xdr::BumpSequenceOp{1})});
    EXPECT_EQ(only(poor).code, "tx_insufficient_balance");
    EXPECT_THAT(poor.findings[0].reason, HasSubstr("0.00001 XLM is more than the 0.000005 XLM"));
    auto inner =
        build_transaction(plan({operation(OperationType::bump_sequence, xdr::BumpSequenceOp{1})}))
            .value();
    ASSERT_TRUE(sign_with_preimage(inner, Bytes{1}));
    const auto report = preflight(build_fee_bump(inner, to_muxed(kBob), 100).value(), view_);
    EXPECT_TRUE(report.passes);
    EXPECT_EQ(balance(report, kBob).after.value(), 10 * kXlm - 200);
    EXPECT_EQ(balance(report, kAda).after, balance(report, kAda).before);
}

TEST_F(PreflightTest, AMergeTakesAllAndNeedsAnEmptyAccount) {
    const auto merge = operation(OperationType::account_merge, to_muxed(kBob));
    const auto report = run({merge});
    EXPECT_TRUE(report.passes);
    EXPECT_EQ(balance(report, kAda).after, Stroops(0));
    EXPECT_EQ(balance(report, kBob).after.value(), 20 * kXlm - 100);
    EXPECT_EQ(only({merge, payment(kBob, 1)}).code, "op_no_source_account");
    of(kAda).sponsoring = 1;
    EXPECT_EQ(only({merge}).code, "op_is_sponsor");
    give_line(kAda, 0, 100);
    EXPECT_THAT(only({merge}).reason, HasSubstr("still has 1 trustlines"));
    of(kAda).flags = 4;
    EXPECT_EQ(only({merge}).code, "op_immutable_set");
}

TEST_F(PreflightTest, AnOfferPromisesWhatItSells) {
    give_line(kAda, 0, 50);
    const auto offer = [](std::int64_t amount) {
        return operation(OperationType::manage_sell_offer,
                         xdr::ManageSellOfferOp{{}, kUsd, amount, {1, 1'000'000}, 0});
    };
    EXPECT_TRUE(run({offer(5 * kXlm)}).passes);
    const auto promised = run({offer(5 * kXlm), payment(kBob, 4 * kXlm)});
    EXPECT_EQ(only(promised).operation, 1U);
    EXPECT_THAT(promised.findings[0].reason, HasSubstr("5 XLM are in offers"));
    EXPECT_THAT(only({offer(9 * kXlm)}).reason, HasSubstr("sells 9 XLM"));
    of(kAda).balance = 1000 * kXlm;
    EXPECT_EQ(only({offer(500 * kXlm)}).code, "op_line_full");
    of(kAda).lines.clear();
    EXPECT_EQ(only({offer(5 * kXlm)}).code, "op_buy_no_trust");
}

TEST_F(PreflightTest, APathPaymentFailsOnlyWhereItsPriceCannotMatter) {
    give_line(kBob, 0, 100);
    const auto path = [](std::int64_t send_max, std::int64_t amount) {
        return operation(
            OperationType::path_payment_strict_receive,
            xdr::PathPaymentStrictReceiveOp{{}, send_max, to_muxed(kBob), kUsd, amount, {}});
    };
    const auto report = run({path(2 * kXlm, 100)});
    EXPECT_TRUE(report.passes);
    EXPECT_EQ(balance(report, kAda).after.value(), 8 * kXlm - 100);
    EXPECT_EQ(balance(report, kBob, kUsd).after.value(), 100);
    const auto tight = run({path(20 * kXlm, 100)});
    EXPECT_TRUE(tight.passes);
    ASSERT_EQ(tight.not_checked.size(), 2U);
    EXPECT_EQ(tight.not_checked[1].what,
              "whether 8.99999 XLM suffice for what may cost up to 20 XLM");
    EXPECT_EQ(only({path(2 * kXlm, 101)}).code, "op_line_full");
}

TEST_F(PreflightTest, WhatTheNetworkCallsMalformedIsNamed) {
    auto built = build_transaction(plan({payment(kBob, 1)})).value();
    auto& tx = std::get<xdr::TransactionV1Envelope>(built.value).tx;
    std::get<xdr::PaymentOp>(tx.operations[0].body.value).amount = 0;
    const auto found = only(preflight(built, view_));
    EXPECT_EQ(found.code, "op_malformed");
    EXPECT_EQ(found.reason, "operations[0].amount: is not above zero.");
}

TEST_F(PreflightTest, NamesTheAccountsThatItWantsToKnow) {
    const auto envelope =
        build_transaction(plan({payment(kBob, 1), trust(5, kBob), payment(kAda, 1)})).value();
    EXPECT_EQ(accounts_of(envelope), (std::vector{kAda, kBob, kIssuer}));
}

// Whatever passes moves lumens, and makes or loses none but the fee.
RC_GTEST_FIXTURE_PROP(PreflightTest, LumensAreConserved, ()) {
    std::vector<xdr::Operation> operations;
    const auto count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i) {
        const auto from = key(*rc::gen::inRange<std::uint8_t>(1, 4));
        const auto to = key(*rc::gen::inRange<std::uint8_t>(1, 5));
        const auto amount = *rc::gen::inRange<std::int64_t>(1, 12 * kXlm);
        if (*rc::gen::inRange(0, 3) > 0 || from == to)
            operations.push_back(payment(to, amount, {}, from));
        else
            operations.push_back(
                operation(OperationType::create_account, xdr::CreateAccountOp{to, amount}, from));
    }
    const auto report = run(plan(operations));
    RC_PRE(report.passes);
    std::int64_t before = 0, after = 0;
    for (const auto& b : report.balances) {
        before += b.before.value();
        after += b.after.value();
    }
    std::int64_t created = 0;  // is in no balance: the account was not there before
    for (const auto& op : operations) {
        if (const auto* create = std::get_if<xdr::CreateAccountOp>(&op.body.value))
            created += create->starting_balance;
        const auto* paid = std::get_if<xdr::PaymentOp>(&op.body.value);
        if (paid != nullptr && account_of(paid->destination) == kNobody) created += paid->amount;
    }
    RC_ASSERT(after + created == before - 100 * count);
}

TEST(PreflightOfTheMainNetwork, NothingIsSaidToFailOfWhichNothingIsKnown) {
    std::ifstream in(std::string(ASTRO_SOURCE_DIR) + "/share/stellar/tx_mainnet.json",
                     std::ios::binary);
    const auto document = boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
    for (const auto& v : document.at("vectors").as_array()) {
        const auto envelope = xdr::from_base64<xdr::TransactionEnvelope>(
            std::string_view(v.at("envelope_xdr").as_string()));
        ASSERT_TRUE(envelope);
        const auto report = preflight(*envelope, {});
        EXPECT_TRUE(report.passes) << v.at("id") << report.findings[0].reason;
        EXPECT_TRUE(report.balances.empty());
    }
}

}  // namespace
}  // namespace astro::stellar

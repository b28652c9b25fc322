#include "capabilities/exchange/engine/venue_test_support.hpp"

namespace astro::exchange {
namespace {

struct VenueTransfersTest : VenueTest {
    void set(auto edit) {
        VenueSettings changed = venue.settings();
        ++changed.version;
        edit(changed);
        ASSERT_EQ(outcome(run(SetVenue{changed})), "ok");
    }
    void wait(std::int64_t ms) {
        now = TimeMs{now.value() + ms};
        told = run(Tick{});
    }
    Events ask(AccountId account, std::int64_t whole_dollars) {
        return run(RequestWithdrawal{WithdrawalRequest{.account = account,
                                                       .amount = dollars(whole_dollars),
                                                       .chain = Chain::stellar,
                                                       .address = "GABC"}});
    }
    static std::string state(const Events& events) {
        const auto changed = all<WithdrawalChanged>(events);
        return changed.empty() ? outcome(events)
                               : std::string(enum_name(changed.back().withdrawal->state));
    }
    std::string report(std::uint64_t id, WithdrawalState to) {
        return state(run(ReportWithdrawal{WithdrawalId{id}, to, {}}));
    }
    std::string decide(std::uint64_t id, bool approved) {
        return state(run(DecideWithdrawal{WithdrawalId{id}, approved}));
    }
    static Observation seen(std::int64_t height, std::uint8_t hash, std::uint32_t index = 0) {
        Observation out{.chain = Chain::solana, .height = height, .index = index};
        out.transaction.bytes[0] = hash;
        return out;
    }
    Events told;
    AccountId ada = person(1'000), bob = person(1'000);
};

TEST_F(VenueTransfersTest, ADepositIsCreditedOnceForEachObservation) {
    const auto deposit = [&](const Observation& observation) {
        return outcome(run(Deposit{ada, kUsdc, dollars(1), observation}));
    };
    EXPECT_EQ(deposit(seen(10, 1)), "ok");
    EXPECT_EQ(deposit(seen(10, 1)), "observation_known");
    EXPECT_EQ(deposit(seen(10, 1, 1)), "ok");
    EXPECT_EQ(deposit(seen(10, 2)), "ok");
    EXPECT_EQ(deposit(seen(-1, 2)), "bad_amount");
    Observation other = seen(10, 1);
    other.chain = Chain::stellar;
    EXPECT_EQ(deposit(other), "ok");
    EXPECT_EQ(deposit({}), "ok");
    EXPECT_EQ(deposit({}), "ok");  // a faucet's
    EXPECT_EQ(balance(ada), dollars(1'006));
}

TEST(DepositLog, ForgetsTheLowestHeightsAndNeverCreditsThemAgain) {
    DepositLog log;
    const auto seen = [](std::int64_t height, std::uint32_t index) {
        return Observation{
            .chain = Chain::solana, .height = height, .transaction = {}, .index = index};
    };
    for (std::uint32_t i = 0; i < DepositLog::kKeptMax; ++i) log.add(seen(5 + i / 2, i % 2));
    EXPECT_EQ(log.check(seen(5, 0)).code, RefusalCode::observation_known);
    EXPECT_EQ(log.check(seen(4, 0)).code, RefusalCode::none);
    log.add(seen(4, 0));  // one too many: the lowest height goes
    EXPECT_EQ(log.check(seen(4, 0)).code, RefusalCode::observation_too_old);
    EXPECT_EQ(log.check(seen(5, 0)).code, RefusalCode::observation_known);
    log.add(seen(100'000, 0));
    log.add(seen(100'001, 0));
    EXPECT_EQ(log.check(seen(5, 0)).code, RefusalCode::observation_too_old);
    EXPECT_EQ(log.check(seen(5, 0)).needed, 6);
    EXPECT_LE(log.chains.at(Chain::solana).seen.size(), DepositLog::kKeptMax);
}

TEST_F(VenueTransfersTest, AWithdrawalLeavesWhenItIsConfirmed) {
    EXPECT_EQ(state(ask(ada, 400)), "ready");
    EXPECT_EQ(balance(ada), dollars(600));
    EXPECT_EQ(venue.held(kUsdc).pending, dollars(400));
    EXPECT_EQ(report(1, WithdrawalState::confirmed), "withdrawal_state_refused");
    EXPECT_EQ(report(1, WithdrawalState::held), "withdrawal_state_refused");
    EXPECT_EQ(report(2, WithdrawalState::sent), "withdrawal_unknown");
    EXPECT_EQ(report(1, WithdrawalState::sent), "sent");
    EXPECT_EQ(outcome(run(CancelWithdrawal{ada, WithdrawalId{1}})), "withdrawal_state_refused");
    EXPECT_EQ(decide(1, false), "withdrawal_state_refused");
    EXPECT_EQ(report(1, WithdrawalState::confirmed), "confirmed");
    EXPECT_EQ(report(1, WithdrawalState::confirmed), "withdrawal_unknown");
    EXPECT_EQ(venue.held(kUsdc).pending, Amount{0});
    EXPECT_TRUE(venue.withdrawals().empty());
}

TEST_F(VenueTransfersTest, WhatFailsIsRejectedOrCancelledComesBack) {
    ask(ada, 100);
    report(1, WithdrawalState::sent);
    EXPECT_EQ(report(1, WithdrawalState::failed), "failed");
    ask(ada, 200);
    EXPECT_EQ(outcome(run(CancelWithdrawal{bob, WithdrawalId{2}})), "withdrawal_unknown");
    EXPECT_EQ(state(run(CancelWithdrawal{ada, WithdrawalId{2}})), "cancelled");
    ask(ada, 300);
    EXPECT_EQ(decide(3, false), "rejected");
    EXPECT_EQ(balance(ada), dollars(1'000));
}

TEST_F(VenueTransfersTest, LargerOnesWaitLongerAndTheLargestForAnOperator) {
    set([](VenueSettings& v) {
        v.instant_withdrawals = false;
        v.withdrawal_delay_ms = 1'000;
        v.withdrawal_large_value = usd(100);
        v.withdrawal_large_delay_ms = 5'000;
        v.withdrawal_approval_value = usd(500);
    });
    EXPECT_EQ(outcome(run(Withdraw{ada, kUsdc, dollars(1)})), "withdrawals_by_request");
    EXPECT_EQ(state(ask(ada, 99)), "held");
    EXPECT_EQ(state(ask(ada, 100)), "held");
    EXPECT_EQ(state(ask(ada, 500)), "needs_approval");
    EXPECT_EQ(decide(1, true), "withdrawal_state_refused");
    wait(1'000);
    EXPECT_EQ(state(told), "ready");
    EXPECT_EQ(report(2, WithdrawalState::sent), "withdrawal_state_refused");
    EXPECT_EQ(decide(3, true), "held");  // its delay is not over
    wait(4'000);
    EXPECT_EQ(all<WithdrawalChanged>(told).size(), 2U);
    EXPECT_EQ(report(2, WithdrawalState::sent), "sent");
    EXPECT_EQ(report(3, WithdrawalState::sent), "sent");
}

TEST_F(VenueTransfersTest, AnOwnerHasALimitADay) {
    set([](VenueSettings& v) { v.withdrawal_daily_max = usd(500); });
    const AccountId other = person(1'000, 1);  // ada's
    ask(ada, 300);
    const auto refused = all<Refused>(ask(other, 201));
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].refusal.code, RefusalCode::withdrawal_limit);
    EXPECT_EQ(refused[0].refusal.available, usd(200).value());
    EXPECT_EQ(refused[0].account, other);
    EXPECT_EQ(state(ask(other, 200)), "ready");
    run(CancelWithdrawal{other, WithdrawalId{2}});  // what has not left does not count
    EXPECT_EQ(state(ask(ada, 200)), "ready");
    EXPECT_EQ(outcome(ask(ada, 1)), "withdrawal_limit");
    EXPECT_EQ(state(ask(bob, 500)), "ready");
    wait(86'400'000);
    EXPECT_EQ(state(ask(ada, 500)), "ready");
}

TEST_F(VenueTransfersTest, WhatCannotBeAskedForIsRefused) {
    EXPECT_EQ(outcome(ask(ada, 1'001)), "balance_insufficient");
    EXPECT_EQ(outcome(ask(AccountId{99}, 1)), "account_unknown");
    EXPECT_EQ(
        outcome(run(RequestWithdrawal{WithdrawalRequest{.account = ada, .amount = dollars(1)}})),
        "bad_amount");  // no address
    for (std::uint32_t i = 0; i < kWithdrawalsOfOwnerMax; ++i)
        EXPECT_EQ(state(ask(ada, 1)), "ready");
    EXPECT_EQ(outcome(ask(ada, 1)), "too_many_withdrawals");
    EXPECT_EQ(state(ask(bob, 1)), "ready");
}

TEST_F(VenueTransfersTest, NobodyTakesOutWhatOthersStillOwe) {
    run(SetAsset{AssetSettings{.symbol = "SOL"}});
    run(SetAssetPrice{AssetId{1}, price("100")});
    const AccountId eve = person(0);
    run(Deposit{eve, AssetId{1}, Amount{100 * kBaseUnit}, {}});
    run(limit(eve, Side::sell, "100", "100"));
    run(limit(ada, Side::buy, "100", "100"));
    run(SetIndexPrice{sol, price("120")});
    run(limit(eve, Side::buy, "120", "100"));
    run(limit(ada, Side::sell, "120", "100"));
    EXPECT_EQ(balance(eve), dollars(-2'000));  // against 100 SOL
    EXPECT_EQ(balance(ada), dollars(3'000));
    // 2,000 of USDC have been deposited at all.
    const auto refused = all<Refused>(run(Withdraw{ada, kUsdc, dollars(2'001)}));
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].refusal.code, RefusalCode::liquidity_insufficient);
    EXPECT_EQ(refused[0].refusal.available, dollars(2'000).value());
    EXPECT_EQ(outcome(run(Withdraw{ada, kUsdc, dollars(2'000)})), "ok");
}

}  // namespace
}  // namespace astro::exchange

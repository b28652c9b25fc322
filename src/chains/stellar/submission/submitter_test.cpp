/// Many callers, a network that loses, delays and repeats, and a process that dies at any step:
/// nothing is paid twice, nothing is lost, and what an outcome says is what the ledger did.
#include "chains/stellar/submission/submitter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "chains/stellar/build/builder.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/hashes.hpp"

namespace astro::stellar {
namespace {

using ::testing::HasSubstr;

xdr::PublicKey key(std::uint8_t who) {
    xdr::PublicKey out;
    out.ed25519.bytes.fill(who);
    return out;
}
const xdr::PublicKey kPayer = key(9), kSource = key(8);
const xdr::Hash kNetwork = xdr::network_id("a network");

Result<xdr::TransactionEnvelope> sign_all(xdr::TransactionEnvelope envelope) {
    static const auto signer = crypto::Ed25519Key::from_seed(crypto::SecretKey(Bytes(32, 1)));
    ASTRO_CHECK(sign(envelope, xdr::transaction_hash(envelope, kNetwork), signer));
    return envelope;
}

/// A payment whose amount says which it is.
SubmissionRequest request(int number) {
    xdr::Operation operation{
        to_muxed(kSource),
        {xdr::OperationType::payment, xdr::PaymentOp{to_muxed(kPayer), {}, number + 1}}};
    return {"payment " + std::to_string(number), {operation}, {}};
}

SubmitterOptions options(int channels) {
    SubmitterOptions out;
    for (int i = 0; i < channels; ++i) out.channels.push_back(key(static_cast<std::uint8_t>(i)));
    out.fee_payer = kPayer;
    return out;
}

const xdr::TransactionV1Envelope& inner_of(const xdr::TransactionEnvelope& envelope) {
    if (const auto* bump = std::get_if<xdr::FeeBumpTransactionEnvelope>(&envelope.value))
        return bump->tx.inner_tx.v1;
    return std::get<xdr::TransactionV1Envelope>(envelope.value);
}
std::int64_t fee_of(const xdr::TransactionEnvelope& envelope) {
    if (const auto* bump = std::get_if<xdr::FeeBumpTransactionEnvelope>(&envelope.value))
        return bump->tx.fee / 2;
    return inner_of(envelope).tx.fee;
}

template <class Action>
std::vector<Action> only(std::vector<SubmissionAction> actions) {
    std::vector<Action> out;
    for (auto& action : actions)
        if (auto* wanted = std::get_if<Action>(&action)) out.push_back(std::move(*wanted));
    return out;
}

class SubmitterTest : public ::testing::Test {
  protected:
    /// With one channel whose number is 10, at second 1000.
    SubmitterTest() {
        submitter_.start(1000);
        (void)submitter_.take_actions();
        submitter_.on_sequence(key(0), 10, 999);
    }
    Intent intent() { return only<KeepIntent>(submitter_.take_actions()).at(0).intent; }
    Outcome outcome() { return only<KeepOutcome>(submitter_.take_actions()).at(0).outcome; }
    /// Submitted, durable and sent.
    Intent sent(int number) {
        EXPECT_TRUE(submitter_.submit(request(number), 1000));
        auto out = intent();
        submitter_.on_kept(out.key, 1000);
        EXPECT_EQ(only<SendEnvelope>(submitter_.take_actions()).size(), 1U);
        return out;
    }

    Submitter submitter_{options(1), kNetwork, sign_all};
};

TEST_F(SubmitterTest, NothingIsSentBeforeItIsDurable) {
    ASSERT_TRUE(submitter_.submit(request(1), 1000));
    auto actions = submitter_.take_actions();
    ASSERT_EQ(actions.size(), 1U);
    const auto kept = std::get<KeepIntent>(actions[0]).intent;
    EXPECT_EQ(kept.sequence, 11);
    EXPECT_EQ(kept.ends_at_s, 1060U);
    submitter_.on_tick(1030, 100);
    EXPECT_TRUE(only<SendEnvelope>(submitter_.take_actions()).empty());
    submitter_.on_kept(kept.key, 1030);
    EXPECT_EQ(only<SendEnvelope>(submitter_.take_actions()).size(), 1U);
}

TEST_F(SubmitterTest, AKeyIsOnePaymentHoweverOftenItIsGiven) {
    const auto first = sent(1);
    ASSERT_TRUE(submitter_.submit(request(1), 1001));
    EXPECT_TRUE(submitter_.take_actions().empty());
    EXPECT_EQ(submitter_.status(first.key)->unknown_until_s, 1060U);
    submitter_.on_found(first.key, {OutcomeKind::success, "", 7});
    EXPECT_EQ(outcome(), (Outcome{OutcomeKind::success, "", 7}));
    ASSERT_TRUE(submitter_.submit(request(1), 1002));
    EXPECT_TRUE(submitter_.take_actions().empty());
    EXPECT_EQ(submitter_.status(first.key)->outcome->ledger, 7U);
    EXPECT_FALSE(submitter_.status("another"));
    submitter_.forget(first.key);
    EXPECT_FALSE(submitter_.status(first.key));
    const auto second = sent(2);
    submitter_.forget(second.key);  // has no outcome yet
    EXPECT_TRUE(submitter_.status(second.key));
}

TEST_F(SubmitterTest, AChannelCarriesOneAtATimeAndTheNextNumberFollows) {
    const auto first = sent(1);
    ASSERT_TRUE(submitter_.submit(request(2), 1001));
    EXPECT_TRUE(submitter_.take_actions().empty());
    submitter_.on_found(first.key, {OutcomeKind::failed, "tx_failed", 7});
    EXPECT_EQ(intent().sequence, 12);
}

TEST_F(SubmitterTest, WhatHadNoAnswerIsSentAgainAsItIs) {
    const auto first = sent(1);
    submitter_.on_answer(first.key, SendAnswer::unknown, "", 1001);
    submitter_.on_tick(1003, 100);
    EXPECT_EQ(only<AskResult>(submitter_.take_actions()).at(0).hash, first.hash);
    submitter_.on_tick(1010, 100);
    EXPECT_EQ(only<SendEnvelope>(submitter_.take_actions()).at(0).envelope, first.envelope);
}

TEST_F(SubmitterTest, NotFoundIsNoOutcomeBeforeItsTimeIsOver) {
    const auto first = sent(1);
    submitter_.on_not_found(first.key, 1060);
    submitter_.on_sequence(key(0), 10, 1060);
    EXPECT_TRUE(submitter_.take_actions().empty());
    submitter_.on_not_found(first.key, 1061);
    EXPECT_EQ(only<AskSequence>(submitter_.take_actions()).size(), 1U);
    // Its number is used: it was applied, and a history that does not have it yet is behind.
    submitter_.on_sequence(key(0), 11, 1061);
    EXPECT_TRUE(submitter_.take_actions().empty());
    submitter_.on_sequence(key(0), 10, 1061);
    EXPECT_EQ(outcome().kind, OutcomeKind::expired);
}

TEST_F(SubmitterTest, WhatWasRefusedAtOnceHasFailedUnlessANodeMayHaveIt) {
    const auto first = sent(1);
    submitter_.on_answer(first.key, SendAnswer::refused, "tx_bad_auth", 1001);
    EXPECT_EQ(outcome(), (Outcome{OutcomeKind::failed, "tx_bad_auth", 0}));
    submitter_.on_sequence(key(0), 10, 1001);
    const auto second = sent(2);
    EXPECT_EQ(second.sequence, 11);
    submitter_.on_answer(second.key, SendAnswer::unknown, "", 1001);
    submitter_.on_tick(1010, 100);
    (void)submitter_.take_actions();
    submitter_.on_answer(second.key, SendAnswer::sequence_is_used, "tx_bad_seq", 1011);
    const auto actions = submitter_.take_actions();
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<AskResult>(actions[0]));
}

TEST_F(SubmitterTest, AHigherFeeGoesAroundTheSameTransaction) {
    const auto first = sent(1);
    submitter_.on_answer(first.key, SendAnswer::fee_too_low, "tx_insufficient_fee", 1001);
    submitter_.on_tick(1004, 300);
    const auto bumped = only<SendEnvelope>(submitter_.take_actions()).at(0).envelope;
    EXPECT_EQ(fee_of(bumped), 300);
    EXPECT_EQ(inner_of(bumped), inner_of(first.envelope));
    submitter_.on_answer(first.key, SendAnswer::accepted, "", 1005);
    submitter_.on_tick(1014, 301);  // a node that has it takes ten times the fee only
    EXPECT_EQ(fee_of(only<SendEnvelope>(submitter_.take_actions()).at(0).envelope), 3000);
}

TEST_F(SubmitterTest, WhatCannotBeSentIsRefusedWithItsReason) {
    EXPECT_EQ(submitter_.submit({"", request(1).operations, {}}, 1000).error().where, "key");
    EXPECT_EQ(submitter_.submit({std::string(129, 'k'), {}, {}}, 1000).error().where, "key");
    EXPECT_EQ(submitter_.submit({"k", {}, {}}, 1000).error().code, "bad_transaction");
    auto without_source = request(1);
    without_source.operations[0].source_account.reset();
    EXPECT_THAT(submitter_.submit(without_source, 1000).error().message, HasSubstr("no source"));
    auto negative = request(1);
    std::get<xdr::PaymentOp>(negative.operations[0].body.value).amount = -1;
    EXPECT_EQ(submitter_.submit(negative, 1000).error().code, "bad_operation");
    auto small = options(0);
    small.queue_max = 2;
    Submitter full(small, kNetwork, sign_all);
    EXPECT_TRUE(full.submit(request(1), 1000));
    EXPECT_TRUE(full.submit(request(2), 1000));
    EXPECT_EQ(full.submit(request(3), 1000).error().code, "too_many_requests");
    small.queue_max = 9;
    small.keys_max = 1;
    Submitter forgetful(small, kNetwork, sign_all);
    EXPECT_TRUE(forgetful.submit(request(1), 1000));
    EXPECT_EQ(forgetful.submit(request(2), 1000).error().code, "too_many_requests");
}

/// A ledger that closes each five seconds, and the way to it.
class Network {
  public:
    explicit Network(std::uint64_t seed) : random_(seed) {}

    bool chance(int percent) { return below(100) < percent; }
    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }

    SendAnswer send(const xdr::TransactionEnvelope& envelope) {
        const auto& tx = inner_of(envelope).tx;
        if (now_ < outage_until_ || chance(10))
            return SendAnswer::unknown;  // lost on the way there
        if (chance(5)) return SendAnswer::try_later;
        if (chance(5)) return SendAnswer::refused;
        if (fee_of(envelope) < fee_) return SendAnswer::fee_too_low;
        if (tx.seq_num != sequence_[account_of(tx.source_account).ed25519] + 1)
            return SendAnswer::sequence_is_used;
        waiting_.push_back({now_ + static_cast<std::uint64_t>(chance(20) ? below(90) : 0), tx});
        return chance(20) ? SendAnswer::unknown : SendAnswer::accepted;  // or lost on the way back
    }
    void pass(std::uint64_t seconds) {
        for (; seconds > 0; --seconds)
            if (++now_ % 5 == 0) close();
        if (chance(2)) outage_until_ = now_ + static_cast<std::uint64_t>(below(150));
        if (chance(5)) fee_ = static_cast<std::int64_t>(100) << below(6);
    }

    std::uint64_t now_ = 1000, closed_at_ = 1000;
    std::int64_t fee_ = 100;
    std::map<xdr::Uint256, std::int64_t> sequence_;
    std::map<xdr::Hash, Outcome> results_;
    std::map<std::int64_t, int> applied_;       ///< by the number of the payment: how often
    std::map<std::int64_t, Outcome> outcomes_;  ///< by the same

  private:
    struct Waiting {
        std::uint64_t arrives_at;
        xdr::Transaction tx;
    };

    void close() {
        closed_at_ = now_;
        ++ledger_;
        std::vector<Waiting> later;
        for (auto& waiting : waiting_) {
            if (waiting.arrives_at > now_ || chance(30))
                later.push_back(std::move(waiting));
            else
                apply(waiting.tx);
        }
        waiting_ = std::move(later);
    }
    void apply(const xdr::Transaction& tx) {
        auto& sequence = sequence_[account_of(tx.source_account).ed25519];
        if (tx.seq_num != sequence + 1) return;
        if (std::get<xdr::TimeBounds>(tx.cond.value).max_time < closed_at_) return;
        ++sequence;
        const auto number = std::get<xdr::PaymentOp>(tx.operations[0].body.value).amount - 1;
        const Outcome outcome = chance(10) ? Outcome{OutcomeKind::failed, "tx_failed", ledger_}
                                           : Outcome{OutcomeKind::success, "", ledger_};
        ++applied_[number];
        outcomes_[number] = outcome;
        const xdr::TransactionEnvelope envelope{xdr::EnvelopeType::tx,
                                                xdr::TransactionV1Envelope{tx, {}}};
        results_[xdr::transaction_hash(envelope, kNetwork)] = outcome;
    }

    std::mt19937_64 random_;
    std::uint32_t ledger_ = 0;
    std::uint64_t outage_until_ = 0;
    std::vector<Waiting> waiting_;
};

/// The process: what it keeps survives it.
class Process {
  public:
    Process(Network& network, int channels) : network_(network), channels_(channels) { boot(); }

    void submit(int number) {
        ASSERT_TRUE(submitter_->submit(request(number), network_.now_));
        act();
    }
    void tick() {
        submitter_->on_tick(network_.now_, static_cast<std::uint32_t>(network_.fee_));
        act();
    }
    [[nodiscard]] std::optional<Outcome> outcome(int number) const {
        const auto status = submitter_->status(request(number).key);
        return status ? status->outcome : std::nullopt;
    }
    [[nodiscard]] int deaths() const { return deaths_; }

  private:
    using Record = std::variant<Intent, KeepOutcome>;

    void boot() {
        submitter_ = std::make_unique<Submitter>(options(channels_), kNetwork, sign_all);
        for (const auto& record : journal_) {
            if (const auto* intent = std::get_if<Intent>(&record))
                submitter_->restore(*intent);
            else
                submitter_->restore(std::get<KeepOutcome>(record).key,
                                    std::get<KeepOutcome>(record).outcome);
        }
        submitter_->start(network_.now_);
        act();
    }
    /// Does what is to be done, and dies now and then before or behind a step.
    void act() {
        for (auto actions = submitter_->take_actions(); !actions.empty();
             actions = submitter_->take_actions()) {
            for (auto& action : actions) {
                if (network_.chance(2)) return die();
                std::visit([&](auto& step) { perform(step); }, action);
                if (network_.chance(2)) return die();
            }
        }
    }
    void die() {
        ++deaths_;
        boot();
    }
    void perform(KeepIntent& step) {
        journal_.emplace_back(step.intent);
        submitter_->on_kept(step.intent.key, network_.now_);
    }
    void perform(KeepOutcome& step) { journal_.emplace_back(step); }
    void perform(SendEnvelope& step) {
        submitter_->on_answer(step.key, network_.send(step.envelope), "tx_refused", network_.now_);
    }
    void perform(AskResult& step) {
        if (network_.chance(10)) return;  // no answer
        const auto found = network_.results_.find(step.hash);
        if (found != network_.results_.end())
            submitter_->on_found(step.key, found->second);
        else
            submitter_->on_not_found(step.key, network_.closed_at_);
    }
    void perform(AskSequence& step) {
        if (network_.chance(10)) return;
        submitter_->on_sequence(step.channel, network_.sequence_[step.channel.ed25519],
                                network_.closed_at_);
    }

    Network& network_;
    int channels_;
    std::vector<Record> journal_;
    std::unique_ptr<Submitter> submitter_;
    int deaths_ = 0;
};

TEST(Submission, NothingIsPaidTwiceNothingIsLostAndOutcomesAreTrue) {
    constexpr int kSeeds = 150, kPayments = 25;
    int deaths = 0, expired = 0, succeeded = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Network network(seed);
        Process process(network, 1 + network.below(4));
        std::map<int, Outcome> told;
        for (int round = 0; told.size() < kPayments; ++round) {
            ASSERT_LT(round, 5000) << "an outcome never came";
            // A caller that has no outcome asks again: after a death it has to.
            for (int number = 0; number < kPayments; ++number)
                if (!told.contains(number) && network.chance(10)) process.submit(number);
            network.pass(1 + static_cast<std::uint64_t>(network.below(3)));
            process.tick();
            for (int number = 0; number < kPayments; ++number)
                if (const auto outcome = process.outcome(number)) told.emplace(number, *outcome);
        }
        network.pass(300);  // what is still on its way arrives
        for (int number = 0; number < kPayments; ++number) {
            const auto applied = network.outcomes_.find(number);
            ASSERT_LE(network.applied_[number], 1) << "payment " << number;
            const bool is_applied = applied != network.outcomes_.end();
            ASSERT_EQ(told.at(number).ledger != 0, is_applied) << "payment " << number;
            if (is_applied) {
                ASSERT_EQ(told.at(number), applied->second) << "payment " << number;
            }
            expired += told.at(number).kind == OutcomeKind::expired;
            succeeded += told.at(number).kind == OutcomeKind::success;
        }
        deaths += process.deaths();
    }
    EXPECT_GT(deaths, 1000);
    EXPECT_GT(expired, 10);
    EXPECT_GT(succeeded, kSeeds * kPayments / 2);
}

}  // namespace
}  // namespace astro::stellar

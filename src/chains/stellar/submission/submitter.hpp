#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "chains/stellar/xdr/transaction.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// Sends transactions for many callers so that none is applied twice, none is lost, and each ends
/// with an outcome that is final.
///
///     submit ──▶ queued ──▶ kept ──▶ sent ──▶ found: success | failed
///                  a channel  durable,  │ ▲        │
///                  is free    then sent └─┴ again  └ not found, and its time is over: expired
///
/// A pure state machine: time, answers and what was made durable come in by its functions, what is
/// to be done goes out as actions, to be done in their order. Whoever drives it talks to the
/// network and to the journal.
///
/// Why nothing is applied twice: a caller's key stands for one transaction, with one sequence
/// number of one channel account, made durable before it is sent. It may be sent any number of
/// times, and fee bumps around it too: the ledger takes that sequence number once. A second
/// transaction for a key is never made.
///
/// Why outcomes are final: each transaction has an end in time. When a ledger closed after it and
/// neither the transaction is in the history nor its sequence number used, it never will be. What
/// every node that it was sent to refused never was in the network, and has failed at once.
namespace astro::stellar {

struct SubmissionRequest {
    std::string key;  ///< the caller's; the same key is the same payment. 1 to 128 bytes
    /// Each with its source account: the transaction's own source is a channel.
    std::vector<xdr::Operation> operations;
    xdr::Memo memo;
};

/// What must be durable before the transaction is sent.
struct Intent {
    std::string key;
    xdr::PublicKey channel;
    std::int64_t sequence = 0;
    std::uint64_t made_at_s = 0, ends_at_s = 0;
    xdr::TransactionEnvelope envelope;  ///< signed
    xdr::Hash hash;
};

enum class OutcomeKind { success, failed, expired };
BOOST_DESCRIBE_ENUM(OutcomeKind, success, failed, expired)
struct Outcome {
    OutcomeKind kind{};
    /// Of a failed one, and of an expired one that a node refused: Horizon's, "tx_failed".
    std::string code{};
    std::uint32_t ledger = 0;  ///< where it is; 0 when it is in none
    bool operator==(const Outcome&) const = default;
};
BOOST_DESCRIBE_STRUCT(Outcome, (), (kind, code, ledger))

/// Make it durable, then call on_kept().
struct KeepIntent {
    Intent intent;
};
/// Make it durable, and tell the caller.
struct KeepOutcome {
    std::string key;
    Outcome outcome;
};
/// Send it, then call on_answer().
struct SendEnvelope {
    std::string key;
    xdr::TransactionEnvelope envelope;
};
/// Look for it in the history, then call on_found() or on_not_found().
struct AskResult {
    std::string key;
    xdr::Hash hash;  ///< the inner one, by which a fee bump is found too
};
/// Read the account, then call on_sequence().
struct AskSequence {
    xdr::PublicKey channel;
};
using SubmissionAction =
    std::variant<KeepIntent, KeepOutcome, SendEnvelope, AskResult, AskSequence>;

/// What a node answered to a transaction.
enum class SendAnswer {
    accepted,          ///< pending or known already: not an outcome
    try_later,         ///< the node has no room now
    fee_too_low,       ///< tx_insufficient_fee
    sequence_is_used,  ///< tx_bad_seq: by this very transaction, or by somebody else
    refused,           ///< any other result: it was not taken, and never will be as it is
    unknown,           ///< no answer, 504: it may have been taken
};

struct SubmitterOptions {
    std::vector<xdr::PublicKey> channels;
    xdr::PublicKey fee_payer;        ///< of fee bumps
    std::uint64_t valid_for_s = 60;  ///< a transaction's life
    std::uint64_t ask_after_s = 3, resend_after_s = 10;
    std::uint32_t fee_stroops = 100, fee_max_stroops = 100'000;  ///< for each operation
    std::size_t queue_max = 10'000;                              ///< requests that wait
    std::size_t keys_max = 1'000'000;                            ///< known at once; see forget()
};

/// What stands of a key.
struct SubmissionStatus {
    std::optional<Outcome> outcome{};
    /// Without one: not before this second is it known for certain; 0 while it waits.
    std::uint64_t unknown_until_s = 0;
};

class Submitter {
  public:
    /// Signs the transaction with all keys that it needs. Of a fee bump, that of who pays.
    using Sign = std::function<Result<xdr::TransactionEnvelope>(xdr::TransactionEnvelope)>;

    Submitter(SubmitterOptions options, xdr::Hash network, Sign sign);

    /// After a restart, before anything else: what was durable, in its order.
    void restore(Intent intent);
    void restore(const std::string& key, Outcome outcome);
    /// Then once: asks for what the time away may have changed.
    void start(std::uint64_t now_s);

    /// The same key again gives nothing new: see status(). Refusals "bad_request",
    /// "bad_transaction", "bad_operation", "too_many_requests".
    [[nodiscard]] Result<void> submit(SubmissionRequest request, std::uint64_t now_s);
    [[nodiscard]] std::optional<SubmissionStatus> status(const std::string& key) const;
    /// Lets go of a key that has its outcome; given again it would be a new payment. For whoever
    /// knows that no caller gives it again, such as after days.
    void forget(const std::string& key);

    void on_kept(const std::string& key, std::uint64_t now_s);
    void on_answer(const std::string& key, SendAnswer answer, const std::string& code,
                   std::uint64_t now_s);
    void on_found(const std::string& key, Outcome outcome);
    /// `closed_at_s` is when the newest ledger of that history closed.
    void on_not_found(const std::string& key, std::uint64_t closed_at_s);
    /// The account's sequence number in a ledger that closed then.
    void on_sequence(const xdr::PublicKey& channel, std::int64_t sequence,
                     std::uint64_t closed_at_s);
    /// Time passes: asks and sends again. Also what the network's fees are at present.
    void on_tick(std::uint64_t now_s, std::uint32_t fee_stroops);

    /// What is to be done, in this order; each is given once.
    [[nodiscard]] std::vector<SubmissionAction> take_actions() {
        return std::exchange(actions_, {});
    }

  private:
    struct Flight {
        Intent intent;
        bool is_kept = false;
        bool may_be_taken = false;     ///< a node took it, or did not answer
        std::uint32_t unanswered = 0;  ///< sendings
        std::uint64_t next_ask_s = 0, next_send_s = 0;
        std::uint32_t fee_stroops = 0, fee_wanted_stroops = 0;  ///< for each operation
        std::string last_code{};
        bool ended = false;  ///< its time is over and no history has it: the sequence decides
    };
    struct Channel {
        std::optional<std::int64_t> sequence{};  ///< nullopt: being asked for
        std::string key{};                       ///< of its flight; empty: free
    };

    void fill_channels(std::uint64_t now_s);
    bool launch(const xdr::Uint256& id, Channel& channel, SubmissionRequest request,
                std::uint64_t now_s);
    void send(Flight& flight, std::uint64_t now_s);
    void finish(const std::string& key, Outcome outcome, bool sequence_is_used);
    void ask_sequence(const xdr::Uint256& id);
    void on_refusal(Flight& flight);
    Result<xdr::TransactionEnvelope> with_fee(Flight& flight);

    SubmitterOptions options_;
    xdr::Hash network_;
    Sign sign_;
    std::uint64_t now_s_ = 0;
    std::uint32_t fee_stroops_;
    std::map<xdr::Uint256, Channel> channels_;
    std::deque<SubmissionRequest> queue_;
    std::map<std::string, Flight> flights_;
    std::map<std::string, std::optional<Outcome>> keys_;  ///< nullopt: queued or in flight
    std::vector<SubmissionAction> actions_;
};

}  // namespace astro::stellar

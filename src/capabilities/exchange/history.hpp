#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "capabilities/exchange/checkpoints.hpp"
#include "capabilities/exchange/liabilities.hpp"
#include "capabilities/exchange/snapshot.hpp"
#include "capabilities/exchange/venue_record.hpp"
#include "foundation/journal/file_journal.hpp"

/// What the directory of a venue says happened, gone through again without a server and without
/// changing anything: its journal is read while nobody writes it.
namespace astro::exchange {

/// A command of the journal, and what it has led to; valid during the call.
struct Replayed {
    journal::Sequence sequence{};
    TimeMs time{};
    const Submission& submission;
    const Events& events;
    const Venue& venue;  ///< as it is after the command
};
/// False: no more.
using ReplayedVisit = std::function<bool(const Replayed&)>;

/// A venue and how far it is.
class History {
  public:
    /// At the beginning, or where the journal no longer reaches back to it at the oldest snapshot.
    /// Refusals: those of the journal and the snapshots with their place, "venue_foreign",
    /// "venue_version", "history_none", "history_incomplete" when neither leads from the beginning.
    [[nodiscard]] static Result<History> open(const std::string& directory);
    /// The same, at the newest snapshot that has seen nothing behind `sequence`.
    [[nodiscard]] static Result<History> open_near(const std::string& directory,
                                                   journal::Sequence sequence);

    /// Applies the commands up to `last`, or all of them.
    [[nodiscard]] Result<void> replay(const ReplayedVisit& visit,
                                      std::optional<journal::Sequence> last = {});

    [[nodiscard]] const Venue& venue() const { return *venue_; }
    /// Of the last command that the venue has seen; 0: none.
    [[nodiscard]] journal::Sequence seen() const { return seen_; }
    /// Of the last command in the journal.
    [[nodiscard]] journal::Sequence last() const;
    /// Of the snapshot that it began with; nothing when it began at the beginning.
    [[nodiscard]] std::optional<journal::Sequence> from_snapshot() const { return from_snapshot_; }
    /// Bytes of a group that was being written when the venue ended; not replayed.
    [[nodiscard]] std::uint64_t torn_bytes() const;

  private:
    explicit History(std::unique_ptr<journal::Journal> journal)
        : journal_(std::move(journal)), venue_(std::make_unique<Venue>()) {}
    struct Parsed {
        journal::Sequence sequence{};
        TimeMs time{};
        Submission submission;
    };
    void begin_with(Snapshot snapshot);
    bool apply(const std::vector<Parsed>& group, const ReplayedVisit& visit, Result<void>& applied);

    std::unique_ptr<journal::Journal> journal_;
    std::unique_ptr<Venue> venue_;
    Events events_;
    journal::Sequence seen_{0};
    std::optional<journal::Sequence> from_snapshot_;
};

/// The first thing that is not as it was stored.
struct Difference {
    journal::Sequence sequence{};
    std::string
        what;  ///< "state of a checkpoint", "root of a checkpoint", "state of a snapshot", …
    std::string stored, replayed;
};
BOOST_DESCRIBE_STRUCT(Difference, (), (sequence, what, stored, replayed))

struct Verification {
    journal::Sequence first{}, last{};  ///< of the commands that were replayed
    std::uint64_t commands = 0, events = 0, checkpoints = 0, roots = 0, snapshots = 0;
    std::uint64_t torn_bytes = 0;
    bool has_key = false;    ///< without it roots are not compared
    std::string state_hash;  ///< behind the last command
    std::optional<Difference> difference{};
};
BOOST_DESCRIBE_STRUCT(Verification, (),
                      (first, last, commands, events, checkpoints, roots, snapshots, torn_bytes,
                       has_key, state_hash, difference))

/// Replays all of it and compares every stored state, every root and every snapshot; stops at the
/// first difference. A damaged journal, snapshot or list of checkpoints is refused with its place.
[[nodiscard]] Result<Verification> verify_history(const std::string& directory);

/// The proof of an account: behind the command `at`, or at the newest checkpoint, whose root is
/// published, or where there is none behind the last command. "liabilities_key" when the directory
/// has none, "account_unknown", "sequence_unknown".
[[nodiscard]] Result<LiabilityProof> prove_liability(const std::string& directory,
                                                     AccountId account,
                                                     std::optional<journal::Sequence> at = {});

}  // namespace astro::exchange

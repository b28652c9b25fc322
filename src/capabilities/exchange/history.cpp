#include "capabilities/exchange/history.hpp"

#include <algorithm>

#include "capabilities/exchange/engine/lookahead.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/journal/segments.hpp"

namespace astro::exchange {
namespace {

using journal::Sequence;

/// From a record on, or from the oldest that is there.
Result<std::unique_ptr<journal::Journal>> open_journal(const std::string& directory,
                                                       std::optional<Sequence> from = {}) {
    if (!from) {
        ASTRO_TRY(const auto listing, journal::list_segments(directory));
        if (listing.segments.empty())
            return not_found("history_none", "there is no journal of a venue here", directory);
        from = listing.segments.front().first;
    }
    return journal::open_files({.directory = directory, .needed_from = *from, .read_only = true});
}

/// Of the journal's first record, where it is still there.
Result<void> check_opening(const journal::Journal& journal) {
    if (journal.recovery().first > kOpeningSequence || journal.next() == kOpeningSequence)
        return {};
    Result<void> checked;
    ASTRO_CHECK(journal.replay(kOpeningSequence, [&](const journal::Record& record) {
        const auto opening = parse_opening(record);
        if (!opening) checked = Unexpected{opening.error()};
        return false;
    }));
    return checked;
}

Sequence before(Sequence sequence) {
    return Sequence{sequence.value() - 1};
}

}  // namespace

void History::begin_with(Snapshot snapshot) {
    venue_ = std::move(snapshot.venue);
    seen_ = snapshot.header.sequence;
    from_snapshot_ = seen_;
}

Result<History> History::open(const std::string& directory) {
    ASTRO_TRY(auto journal, open_journal(directory));
    ASTRO_CHECK(check_opening(*journal));
    History out(std::move(journal));
    const Sequence first = out.journal_->recovery().first;
    if (first == kOpeningSequence) return out;
    ASTRO_TRY(const auto files, list_snapshots(directory));
    const auto oldest = std::ranges::lower_bound(files, before(first), {}, &SnapshotFile::sequence);
    if (oldest == files.end())
        return refusal("history_incomplete",
                       "the journal begins with record " + std::to_string(first.value()) +
                           " and no snapshot reaches it",
                       directory);
    ASTRO_TRY(auto snapshot, load_snapshot(oldest->path));
    out.begin_with(std::move(snapshot));
    return out;
}

Result<History> History::open_near(const std::string& directory, Sequence sequence) {
    ASTRO_TRY(auto snapshot, load_newest_snapshot(directory, sequence));
    if (!snapshot) return open(directory);
    ASTRO_TRY(auto journal,
              open_journal(directory, Sequence{snapshot->header.sequence.value() + 1}));
    History out(std::move(journal));
    out.begin_with(std::move(*snapshot));
    return out;
}

Sequence History::last() const {
    return before(journal_->next());
}

std::uint64_t History::torn_bytes() const {
    const auto& cut = journal_->recovery().cut;
    return cut ? cut->bytes : 0;
}

/// Some together, so that memory can be asked for before it is needed, as the running venue does.
Result<void> History::replay(const ReplayedVisit& visit, std::optional<Sequence> last) {
    if (seen_ >= last.value_or(this->last())) return {};
    constexpr std::size_t kTogether = 1'024;
    std::vector<Parsed> group;
    group.reserve(kTogether);
    bool more = true;
    Result<void> parsed;
    ASTRO_CHECK(journal_->replay(Sequence{seen_.value() + 1}, [&](const journal::Record& record) {
        if (record.sequence != kOpeningSequence) {
            Parsed& next = group.emplace_back(record.sequence, time_of(record.time));
            parsed = parse_submission(record, next.submission);
            if (!parsed) {
                group.pop_back();
                return false;
            }
        } else {
            seen_ = record.sequence;
        }
        if (last && record.sequence >= *last) return false;
        if (group.size() == kTogether) {
            more = apply(group, visit, parsed);
            group.clear();
        }
        return more;
    }));
    // What stands before a record that is none has happened all the same.
    if (more) apply(group, visit, parsed);
    return parsed;
}

/// False when no more is wanted.
bool History::apply(const std::vector<Parsed>& group, const ReplayedVisit& visit,
                    Result<void>& applied) {
    LookAhead look_ahead(*venue_);
    for (std::size_t i = 0; i < group.size(); ++i) {
        look_ahead(i, group.size(),
                   [&](std::size_t j) -> const CommandBody& { return group[j].submission.body; });
        const auto& [sequence, time, submission] = group[i];
        if (time < venue_->now()) {
            applied = refusal("venue_record", "a command is of an earlier time than the one before",
                              "sequence " + std::to_string(sequence.value()));
            return false;
        }
        events_.clear();
        venue_->apply(time, submission.body, events_);
        seen_ = sequence;
        if (!visit({sequence, time, submission, events_, *venue_})) return false;
    }
    return true;
}

namespace {

std::string hex(const crypto::Sha256& hash) {
    return to_hex(hash.view());
}

/// What was stored about points of the journal, and how the replay compares with it.
class Comparison {
  public:
    [[nodiscard]] static Result<Comparison> open(const std::string& directory) {
        Comparison out;
        ASTRO_TRY(out.checkpoints_, read_checkpoints(directory));
        ASTRO_TRY(out.snapshots_, list_snapshots(directory));
        ASTRO_TRY(out.key_, find_liabilities_key(directory));
        out.found_.has_key = out.key_.has_value();
        return out;
    }

    /// What lies behind a venue that begins later cannot be compared.
    void skip_before(Sequence first) {
        while (checkpoint_ < checkpoints_.size() && checkpoints_[checkpoint_].sequence < first)
            ++checkpoint_;
        while (snapshot_ < snapshots_.size() && snapshots_[snapshot_].sequence < first) ++snapshot_;
    }

    /// With what was stored behind the command; false: it differs.
    [[nodiscard]] Result<bool> compare(Sequence sequence, const Venue& venue) {
        if (checkpoint_ < checkpoints_.size() && checkpoints_[checkpoint_].sequence == sequence)
            compare_checkpoint(checkpoints_[checkpoint_++], venue);
        if (!found_.difference && snapshot_ < snapshots_.size() &&
            snapshots_[snapshot_].sequence == sequence)
            ASTRO_CHECK(compare_snapshot(snapshots_[snapshot_++], venue));
        return !found_.difference;
    }

    /// Nothing may have been stored of commands that the journal does not have.
    void finish() {
        if (found_.difference) return;
        if (checkpoint_ < checkpoints_.size())
            differ(checkpoints_[checkpoint_].sequence, "checkpoint", "stored", "no such command");
        else if (snapshot_ < snapshots_.size())
            differ(snapshots_[snapshot_].sequence, "snapshot", "stored", "no such command");
    }

    Verification& found() { return found_; }

  private:
    void differ(Sequence sequence, std::string what, std::string stored, std::string replayed) {
        if (!found_.difference)
            found_.difference =
                Difference{sequence, std::move(what), std::move(stored), std::move(replayed)};
    }

    void compare_checkpoint(const Checkpoint& stored, const Venue& venue) {
        ++found_.checkpoints;
        if (stored.time != venue.now())
            differ(stored.sequence, "time of a checkpoint", std::to_string(stored.time.value()),
                   std::to_string(venue.now().value()));
        if (const auto hash = state_hash(venue); hash != stored.state_hash)
            differ(stored.sequence, "state of a checkpoint", hex(stored.state_hash), hex(hash));
        if (!key_) return;
        ++found_.roots;
        const auto root = Liabilities(venue, stored.sequence, *key_).root();
        if (root != stored.liabilities_root)
            differ(stored.sequence, "liabilities root of a checkpoint",
                   hex(stored.liabilities_root), hex(root));
    }

    Result<void> compare_snapshot(const SnapshotFile& file, const Venue& venue) {
        ++found_.snapshots;
        ASTRO_TRY(const auto snapshot, load_snapshot(file.path));
        if (const auto hash = state_hash(venue); hash != snapshot.header.state_hash)
            differ(file.sequence, "state of a snapshot", hex(snapshot.header.state_hash),
                   hex(hash));
        return {};
    }

    std::vector<Checkpoint> checkpoints_;
    std::vector<SnapshotFile> snapshots_;
    std::optional<crypto::SecretKey> key_;
    std::size_t checkpoint_ = 0, snapshot_ = 0;
    Verification found_;
};

}  // namespace

Result<Verification> verify_history(const std::string& directory) {
    ASTRO_TRY(auto history, History::open(directory));
    ASTRO_TRY(auto comparison, Comparison::open(directory));
    Verification& found = comparison.found();
    found.first = Sequence{history.seen().value() + 1};
    found.torn_bytes = history.torn_bytes();
    comparison.skip_before(found.first);
    Result<void> compared;
    ASTRO_CHECK(history.replay([&](const Replayed& replayed) {
        ++found.commands;
        found.events += replayed.events.size();
        const auto same = comparison.compare(replayed.sequence, replayed.venue);
        if (!same) compared = Unexpected{same.error()};
        return same && *same;
    }));
    ASTRO_CHECK(compared);
    comparison.finish();
    found.last = history.seen();
    found.state_hash = hex(state_hash(history.venue()));
    return found;
}

Result<LiabilityProof> prove_liability(const std::string& directory, AccountId account,
                                       std::optional<Sequence> at) {
    ASTRO_TRY(const auto key, find_liabilities_key(directory));
    if (!key)
        return not_found("liabilities_key",
                         "the directory has no liabilities.key, with which its roots are made",
                         directory);
    ASTRO_TRY(const auto checkpoints, read_checkpoints(directory));
    if (!at && !checkpoints.empty()) at = checkpoints.back().sequence;
    ASTRO_TRY(auto history,
              History::open_near(directory, at.value_or(Sequence{~std::uint64_t{0}})));
    if (at && *at > history.last())
        return not_found("sequence_unknown",
                         "the journal ends with command " + std::to_string(history.last().value()));
    ASTRO_CHECK(history.replay([](const Replayed&) { return true; }, at));
    return Liabilities(history.venue(), history.seen(), *key).prove(account);
}

}  // namespace astro::exchange

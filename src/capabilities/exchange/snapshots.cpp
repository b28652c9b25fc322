#include "capabilities/exchange/snapshots.hpp"

#include <algorithm>

namespace astro::exchange {
namespace {

/// The newest may have seen more than the rows of a store that is behind; the one before has not.
constexpr std::size_t kKept = 3;

/// What stands beside the state.
struct Extra {
    std::vector<KeyMemory::Remembered> keys;
};
BOOST_DESCRIBE_STRUCT(Extra, (), (keys))

}  // namespace

Result<std::optional<Snapshots::Recovered>> Snapshots::recover(journal::Sequence not_after) {
    ASTRO_TRY(auto files, list_snapshots(directory_));
    std::ranges::reverse(files);
    for (const auto& file : files) {
        if (file.sequence > not_after) continue;
        auto snapshot = load_snapshot(file.path);
        if (!snapshot && snapshot.error().kind != ErrorKind::refusal)
            return Unexpected{snapshot.error()};
        auto extra = snapshot ? parse_binary<Extra>(snapshot->extra)
                              : Result<Extra>(Unexpected{snapshot.error()});
        if (!extra) {
            trouble_ = "a snapshot was passed over: " + extra.error().text() + ", " + file.path;
            continue;
        }
        newest_ = begun_ = file.sequence;
        return std::optional(
            Recovered{std::move(snapshot->venue), file.sequence, std::move(extra->keys)});
    }
    return std::optional<Recovered>();
}

void Snapshots::begin(const Moment& moment) {
    begun_ = moment.sequence;
    waiting_ = std::exchange(asked_, {});
    auto job = SnapshotJob::start(directory_, {.venue = moment.venue,
                                               .sequence = moment.sequence,
                                               .time = moment.venue.now(),
                                               .extra = to_binary(Extra{moment.keys.all()})});
    if (job) {
        job_.emplace(std::move(*job));
        return;
    }
    trouble_ = job.error().text();
    for (const auto& done : std::exchange(waiting_, {})) done(Unexpected{job.error()});
}

void Snapshots::end() {
    const auto made = job_->finish();
    job_.reset();
    Result<void> outcome;
    if (made) {
        newest_ = begun_;
        trouble_.clear();
        if (const auto pruned = prune_snapshots(directory_, kKept); !pruned)
            trouble_ = pruned.error().text();
    } else {
        trouble_ = made.error().text();
        outcome = Unexpected{made.error()};
    }
    for (const auto& done : std::exchange(waiting_, {})) done(outcome);
}

void Snapshots::step(const Moment& moment) {
    if (job_ && job_->is_done()) end();
    if (job_) return;
    const bool is_due = every_ > 0 && moment.sequence.value() - begun_.value() >= every_;
    if (is_due || !asked_.empty()) begin(moment);
}

Result<void> Snapshots::finish(const Moment& moment) {
    if (job_) end();
    if (newest_ == moment.sequence && asked_.empty()) return {};
    Result<void> outcome;
    ask([&outcome](const Result<void>& made) { outcome = made; });
    begin(moment);
    if (job_) end();
    return outcome;
}

}  // namespace astro::exchange

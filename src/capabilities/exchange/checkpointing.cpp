#include "capabilities/exchange/checkpointing.hpp"

#include <algorithm>

#include "capabilities/exchange/snapshot.hpp"

namespace astro::exchange {
namespace {

constexpr std::int64_t kRest = 19;  ///< a twentieth of a processor at most

}  // namespace

Result<std::unique_ptr<Checkpointing>> Checkpointing::open(const std::string& directory,
                                                           std::uint64_t every) {
    ASTRO_TRY(auto file, CheckpointFile::open(directory));
    ASTRO_TRY(auto key, liabilities_key(directory));
    std::unique_ptr<Checkpointing> out(new Checkpointing(std::move(file), std::move(key), every));
    if (!out->file_.all().empty()) out->last_ = out->file_.all().back().sequence;
    return out;
}

std::optional<journal::Sequence> Checkpointing::next_known(journal::Sequence sequence) const {
    const auto next = std::ranges::upper_bound(file_.all(), sequence, {}, &Checkpoint::sequence);
    return next == file_.all().end() ? std::nullopt : std::optional(next->sequence);
}

Result<void> Checkpointing::compare(const Venue& venue, journal::Sequence sequence) const {
    const auto known = std::ranges::lower_bound(file_.all(), sequence, {}, &Checkpoint::sequence);
    if (known == file_.all().end() || known->sequence != sequence ||
        known->state_hash == state_hash(venue))
        return {};
    return refusal("state_differs",
                   "the journal leads to another state than the one that is on record; the program "
                   "may have changed its rules without another version, or a file was exchanged",
                   "sequence " + std::to_string(sequence.value()));
}

void Checkpointing::step(const Venue& venue, journal::Sequence sequence, TimestampNs monotonic) {
    if (job_ && job_->is_done()) {
        finish();
        not_before_ = TimestampNs{monotonic.value() + kRest * (monotonic - begun_at_).value()};
    }
    if (job_ || every_ == 0 || sequence.value() < last_.value() + every_) return;
    if (monotonic < not_before_) return;
    last_ = sequence;
    begun_at_ = monotonic;
    auto job = CheckpointJob::start(venue, sequence, key_);
    if (job)
        job_.emplace(std::move(*job));
    else
        trouble_ = job.error().text();
}

void Checkpointing::finish() {
    if (!job_) return;
    const auto made = job_->finish();
    job_.reset();
    const auto kept = made ? file_.append(*made) : Result<void>(Unexpected{made.error()});
    trouble_ = kept ? std::string() : kept.error().text();
}

void Checkpointing::finish_with(const Venue& venue, journal::Sequence sequence) {
    finish();
    if (every_ == 0 || sequence <= last_) return;
    last_ = sequence;
    const auto kept = file_.append(make_checkpoint(venue, sequence, key_));
    trouble_ = kept ? std::string() : kept.error().text();
}

}  // namespace astro::exchange

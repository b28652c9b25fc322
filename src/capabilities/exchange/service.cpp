#include "capabilities/exchange/service.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <semaphore>
#include <thread>

#include "capabilities/exchange/applying.hpp"
#include "capabilities/exchange/checkpointing.hpp"
#include "capabilities/exchange/new_venue.hpp"
#include "capabilities/exchange/snapshots.hpp"
#include "foundation/journal/file_journal.hpp"
#include "foundation/journal/group_commit.hpp"

namespace astro::exchange {
namespace {

using journal::Group;
using journal::Sequence;

/// Groups that are durable and wait to be applied; the journal then waits too.
constexpr std::size_t kGroupsMax = 4;
/// Commands that are applied together while recovering.
constexpr std::size_t kReplayedTogether = 1'024;
constexpr std::int64_t kTickMsMax = 1'000;
/// How often it is seen to whether a snapshot is done.
constexpr std::chrono::milliseconds kSnapshotPause{5};

class VenueService final : public Service {
  public:
    VenueService(ServiceOptions options, const Clock& clock, std::vector<Listener*> listeners)
        : options_(std::move(options)),
          clock_(clock),
          keys_(options_.keys_max),
          applying_(std::move(listeners), keys_),
          snapshots_(options_.directory, options_.snapshot_every) {}
    ~VenueService() override { stop(); }
    VenueService(const VenueService&) = delete;
    VenueService& operator=(const VenueService&) = delete;

    Result<void> recover();
    void start();

    Result<void> submit(Submission submission, Done done) override;
    Result<Outcome> run(Submission submission) override;
    void read(const std::function<void(const Venue&)>& look) override;
    Sequence applied() const override { return Sequence{applied_.load()}; }
    ServiceStatus status() const override;
    Result<void> snapshot() override;
    void stop() override;

  private:
    struct Durable {
        Result<Group> group;
        std::vector<Waiting> commands;
    };

    /// The sequence of the last command that the venue has seen then.
    Result<Sequence> load_snapshot();
    Result<void> begin_journal();
    Result<void> check_opening();
    Result<void> replay(Sequence from);

    Result<void> submit_keyed(Waiting waiting);
    Result<void> journal(Waiting waiting);
    void hand_over(const Result<Group>& group, std::vector<Waiting>& commands);
    /// False when the applying thread ends.
    bool post(std::function<void()> task);
    [[nodiscard]] static Unexpected stopped();

    void run_applying();
    void apply_group(Durable& durable);
    void fail_group(Durable& durable);
    void tick_when_due();
    void step_state_files();
    [[nodiscard]] Snapshots::Moment moment() const { return {applying_.venue(), applied(), keys_}; }
    void note(const Group& group, std::size_t commands, DurationNs took);

    const ServiceOptions options_;
    const Clock& clock_;
    KeyMemory keys_;
    Applying applying_;
    Snapshots snapshots_;                         ///< of the applying thread
    std::unique_ptr<Checkpointing> checkpoints_;  ///< of the applying thread
    std::unique_ptr<journal::Journal> journal_;
    std::unique_ptr<journal::GroupCommit<Waiting>> commit_;
    TimestampNs last_time_{0};  ///< of the journal's last record when it was opened
    std::atomic<std::uint64_t> applied_{0};
    bool tick_under_way_ = false;  ///< of the applying thread

    mutable std::mutex mutex_;
    std::condition_variable work_, room_;
    std::deque<Durable> durable_;
    std::deque<std::function<void()>> tasks_;  ///< run by the applying thread between two groups
    std::vector<Waiting> spare_;               ///< empty, with room for a group
    std::size_t handed_over_ = 0;              ///< commands in durable_ and under way
    bool stopping_ = false;                    ///< no more is taken
    bool finished_ = false;                    ///< all that was taken has been handed over
    std::optional<Error> broken_;
    ServiceStatus status_;
    std::mutex stop_mutex_;
    std::thread thread_;
};

// ── recovery ────────────────────────────────────────────────────────────────────────────────────

Result<void> VenueService::recover() {
    ASTRO_TRY(const Sequence seen, load_snapshot());
    const Sequence from{seen.value() + 1};
    ASTRO_TRY(journal_, journal::open_files({.directory = options_.directory,
                                             .segment_bytes = options_.segment_bytes,
                                             .needed_from = from}));
    if (const auto& cut = journal_->recovery().cut) status_.cut_bytes = cut->bytes;
    if (journal_->next() == kOpeningSequence) ASTRO_CHECK(begin_journal());
    ASTRO_CHECK(check_opening());
    // Of another venue, or older than the tables: they would lack what comes next.
    if (options_.heard_from != kHeardAll && options_.heard_from > journal_->next())
        return refusal("journal_behind",
                       "the tables hold what commands up to " +
                           std::to_string(options_.heard_from.value() - 1) +
                           " led to, and the journal ends before; restore both from one backup",
                       options_.directory);
    ASTRO_TRY(checkpoints_, Checkpointing::open(options_.directory, options_.hash_every));
    ASTRO_CHECK(replay(std::max(from, Sequence{kOpeningSequence.value() + 1})));
    applied_ = journal_->next().value() - 1;
    return {};
}

Result<Sequence> VenueService::load_snapshot() {
    std::error_code error;
    if (!std::filesystem::is_directory(options_.directory, error)) return Sequence{0};
    const auto not_after = std::max<std::uint64_t>(options_.heard_from.value(), 1) - 1;
    ASTRO_TRY(auto found, snapshots_.recover(Sequence{not_after}));
    status_.snapshot_trouble = snapshots_.trouble();
    if (!found) return Sequence{0};
    status_.snapshot = found->sequence;
    last_time_ = TimestampNs{found->venue->now().value() * 1'000'000};
    applying_.begin_with(std::move(found->venue));
    keys_.restore(std::move(found->keys));
    return found->sequence;
}

/// One group, so that a venue is never found half begun.
Result<void> VenueService::begin_journal() {
    std::vector<Bytes> records{to_binary(Opening{.venue = options_.venue})};
    for (auto& command : first_commands(options_.markets))
        records.push_back(to_binary(Submission{{}, std::move(command)}));
    const std::vector<ByteView> views(records.begin(), records.end());
    const auto begun = journal_->append(views, clock_.now());
    if (!begun) return Unexpected{begun.error()};
    return {};
}

Result<void> VenueService::check_opening() {
    Result<Opening> opening(refusal("venue_foreign", "this is not the journal of a venue"));
    ASTRO_CHECK(journal_->replay(kOpeningSequence, [&](const journal::Record& record) {
        opening = parse_opening(record);
        return false;
    }));
    if (!opening) return Unexpected{opening.error()};
    if (opening->venue != options_.venue)
        return refusal("venue_other_kind",
                       "the journal is of a venue of kind '" + opening->venue + "', not '" +
                           options_.venue + "'",
                       options_.directory);
    return {};
}

Result<void> VenueService::replay(Sequence from) {
    std::vector<Waiting> commands;
    commands.reserve(kReplayedTogether);
    const auto flush = [&] {
        applying_.apply(commands, options_.heard_from, true);
        applying_.acknowledge(commands);
        status_.recovered_commands += commands.size();
        commands.clear();
    };
    auto checked = checkpoints_->next_known(Sequence{from.value() - 1});
    Result<void> read;
    ASTRO_CHECK(journal_->replay(from, [&](const journal::Record& record) {
        last_time_ = record.time;
        Waiting& next = commands.emplace_back();
        next.sequence = record.sequence;
        next.time = time_of(record.time);
        read = parse_submission(record, next.submission);
        if (!read) {
            commands.pop_back();
            return false;
        }
        if (commands.size() == kReplayedTogether || record.sequence == checked) flush();
        if (record.sequence != checked) return true;
        read = checkpoints_->compare(applying_.venue(), record.sequence);
        checked = checkpoints_->next_known(record.sequence);
        return read.has_value();
    }));
    ASTRO_CHECK(read);
    flush();
    return {};
}

void VenueService::start() {
    const journal::GroupOptions options{.records_max = options_.waiting_max,
                                        .not_before = last_time_};
    commit_ = std::make_unique<journal::GroupCommit<Waiting>>(
        *journal_, clock_, options,
        [this](const Result<Group>& group, std::vector<Waiting>& commands) {
            hand_over(group, commands);
        });
    thread_ = std::thread([this] { run_applying(); });
}

// ── submitting ──────────────────────────────────────────────────────────────────────────────────

Result<void> VenueService::submit(Submission submission, Done done) {
    Waiting waiting{std::move(submission), std::move(done)};
    return waiting.submission.key.empty() ? journal(std::move(waiting))
                                          : submit_keyed(std::move(waiting));
}

Result<void> VenueService::submit_keyed(Waiting waiting) {
    const std::string key = waiting.submission.key;
    ASTRO_TRY(auto look, keys_.begin(key, hash_of(waiting.submission.body), waiting.done));
    if (look.kind == KeyMemory::Look::Kind::waits) return {};
    if (look.kind == KeyMemory::Look::Kind::repeated) {
        const bool posted = post(
            [done = std::move(waiting.done), outcome = Result<Outcome>(std::move(look.outcome))] {
                if (done) done(outcome);
            });
        if (!posted) return stopped();
        return {};
    }
    auto taken = journal(std::move(waiting));
    if (taken) return taken;
    for (auto& other : keys_.fail(key))
        (void)post([other = std::move(other), taken] { other(Unexpected{taken.error()}); });
    return taken;
}

Result<void> VenueService::journal(Waiting waiting) {
    {
        const std::lock_guard hold(mutex_);
        if (broken_)
            return unavailable("venue_stopped",
                               "the venue takes nothing more since its journal could not be "
                               "written: " +
                                   broken_->message,
                               broken_->where);
        if (stopping_) return stopped();
    }
    static thread_local Bytes record;  // of each submitter, so that it grows once
    record.clear();
    append_binary(waiting.submission, record);
    auto taken = commit_->try_submit(record, std::move(waiting));
    if (taken) return taken;
    if (taken.error().kind == ErrorKind::limited)
        return limited("venue_busy", "too many commands wait to become durable; try again");
    return stopped();
}

Result<Outcome> VenueService::run(Submission submission) {
    std::optional<Result<Outcome>> result;
    std::binary_semaphore over(0);
    ASTRO_CHECK(submit(std::move(submission), [&](const Result<Outcome>& outcome) {
        result = outcome;
        over.release();
    }));
    over.acquire();
    return std::move(*result);
}

void VenueService::read(const std::function<void(const Venue&)>& look) {
    std::binary_semaphore over(0);
    const bool posted = post([&] {
        look(applying_.venue());
        over.release();
    });
    if (posted) return over.acquire();
    const std::lock_guard hold(stop_mutex_);  // the applying thread has ended when it is ours
    look(applying_.venue());
}

bool VenueService::post(std::function<void()> task) {
    {
        const std::lock_guard hold(mutex_);
        if (finished_) return false;
        tasks_.push_back(std::move(task));
    }
    work_.notify_one();
    return true;
}

Unexpected VenueService::stopped() {
    return unavailable("venue_stopped", "the venue is being stopped");
}

/// On the thread that writes the journal.
void VenueService::hand_over(const Result<Group>& group, std::vector<Waiting>& commands) {
    if (group) {
        auto sequence = group->first.value();
        for (auto& command : commands) {
            command.sequence = Sequence{sequence++};
            command.time = time_of(group->time);
        }
    }
    {
        std::unique_lock hold(mutex_);
        if (!group && !broken_) broken_ = group.error();
        room_.wait(hold, [this] { return durable_.size() < kGroupsMax; });
        handed_over_ += commands.size();
        durable_.push_back({group, std::move(commands)});
        commands = std::exchange(spare_, {});
    }
    work_.notify_one();
}

// ── applying ────────────────────────────────────────────────────────────────────────────────────

void VenueService::run_applying() {
    const auto is_called = [this] { return !durable_.empty() || !tasks_.empty() || finished_; };
    std::unique_lock hold(mutex_);
    while (true) {
        const auto pause = snapshots_.is_under_way() ? kSnapshotPause
                                                     : std::chrono::milliseconds(options_.tick_ms);
        const bool called = pause.count() == 0 ? (work_.wait(hold, is_called), true)
                                               : work_.wait_for(hold, pause, is_called);
        if (durable_.empty() && tasks_.empty() && finished_) break;
        if (!durable_.empty()) {
            Durable next = std::move(durable_.front());
            durable_.pop_front();
            hold.unlock();
            room_.notify_one();
            next.group ? apply_group(next) : fail_group(next);
            hold.lock();
            handed_over_ -= next.commands.size();
            next.commands.clear();
            spare_ = std::move(next.commands);
        }
        const auto tasks = std::exchange(tasks_, {});
        hold.unlock();
        for (const auto& task : tasks) task();
        if (!called && options_.tick_ms != 0) tick_when_due();
        step_state_files();
        hold.lock();
    }
    hold.unlock();
    checkpoints_->finish_with(applying_.venue(), applied());
    (void)snapshots_.finish(moment());
}

void VenueService::step_state_files() {
    const bool was_under_way = snapshots_.is_under_way() || checkpoints_->is_under_way();
    snapshots_.step(moment());
    checkpoints_->step(applying_.venue(), applied(), clock_.monotonic());
    if (!was_under_way) return;
    const std::lock_guard hold(mutex_);
    status_.snapshot = snapshots_.newest();
    status_.snapshot_trouble =
        snapshots_.trouble().empty() ? checkpoints_->trouble() : snapshots_.trouble();
}

void VenueService::apply_group(Durable& durable) {
    const auto begin = clock_.monotonic();
    applying_.apply(durable.commands, Sequence{0}, false);
    note(*durable.group, durable.commands.size(), clock_.monotonic() - begin);
    applying_.acknowledge(durable.commands);
}

void VenueService::note(const Group& group, std::size_t commands, DurationNs took) {
    applied_ = group.first.value() + commands - 1;
    const std::lock_guard hold(mutex_);
    status_.commands += commands;
    status_.groups += 1;
    status_.refused = applying_.refused();
    status_.group_size = commands;
    status_.sync_us = group.took.value() / 1'000;
    status_.apply_us = took.value() / 1'000;
    status_.sync_us_total += status_.sync_us;
    status_.apply_us_total += status_.apply_us;
    status_.time = time_of(group.time);
}

void VenueService::fail_group(Durable& durable) {
    const Result<Outcome> failed(Unexpected{durable.group.error()});
    for (auto& command : durable.commands) {
        if (command.done) command.done(failed);
        if (command.submission.key.empty()) continue;
        for (const auto& done : keys_.fail(command.submission.key)) done(failed);
    }
}

/// Time passes also when nobody commands anything: what was to end ends.
void VenueService::tick_when_due() {
    if (tick_under_way_) return;
    const TimeMs now = time_of(clock_.now());
    const auto idle_ms = now.value() - applying_.venue().now().value();
    const auto due = applying_.venue().next_due();
    const bool is_due = due && *due <= now && idle_ms >= options_.tick_ms;
    if (!is_due && idle_ms < kTickMsMax) return;
    tick_under_way_ = true;
    const auto done = [this](const Result<Outcome>&) { tick_under_way_ = false; };
    if (!submit({{}, Tick{}}, done)) tick_under_way_ = false;
}

// ── the rest ────────────────────────────────────────────────────────────────────────────────────

ServiceStatus VenueService::status() const {
    const std::size_t to_be_written = commit_ ? commit_->waiting() : 0;
    const std::lock_guard hold(mutex_);
    ServiceStatus out = status_;
    out.venue = options_.venue;
    out.sequence = applied();
    out.waiting = to_be_written + handed_over_;
    out.keys = keys_.size();
    if (broken_) out.trouble = broken_->text();
    return out;
}

Result<void> VenueService::snapshot() {
    Result<void> outcome;
    std::binary_semaphore over(0);
    const bool posted = post([&] {
        snapshots_.ask([&](const Result<void>& made) {
            outcome = made;
            over.release();
        });
    });
    if (!posted) return stopped();
    over.acquire();
    return outcome;
}

void VenueService::stop() {
    const std::lock_guard only_one(stop_mutex_);
    if (!thread_.joinable()) return;
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    commit_->stop();
    {
        const std::lock_guard hold(mutex_);
        finished_ = true;
    }
    work_.notify_one();
    thread_.join();
    (void)journal_->close();
}

}  // namespace

Result<std::unique_ptr<Service>> Service::open(const ServiceOptions& options, const Clock& clock,
                                               std::vector<Listener*> listeners) {
    auto service = std::make_unique<VenueService>(options, clock, std::move(listeners));
    ASTRO_CHECK(service->recover());
    service->start();
    return std::unique_ptr<Service>(std::move(service));
}

}  // namespace astro::exchange

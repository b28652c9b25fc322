#include "capabilities/mev/module.hpp"

#include <deque>
#include <mutex>
#include <unordered_set>

#include "capabilities/mev/api.hpp"
#include "capabilities/mev/counters.hpp"
#include "capabilities/mev/leaders.hpp"
#include "capabilities/mev/recorder.hpp"
#include "foundation/base/json.hpp"

namespace astro::mev {
namespace {

constexpr std::string_view kFindings = "mev.opportunity";
constexpr std::string_view kSwaps = "mev.swap";
constexpr std::string_view kSlots = "mev.slot";
constexpr std::string_view kLeaders = "mev.leader";

/// After a crash events may be out that no row knows of. Their seqs are not given out again: the
/// streams go on beyond anything that one run can have had in its queues.
constexpr std::uint64_t kSeqsSkippedAfterCrash = 1'000'000;
/// More than the window of any detector, and than a fork takes back.
constexpr std::size_t kSlotsRemembered = 1'024;
constexpr std::size_t kIdsRemembered = 20'000;

/// The last N of something, each once.
template <class T>
class Remembered {
  public:
    explicit Remembered(std::size_t limit) : limit_(limit) {}
    bool add(const T& value) {
        if (!set_.insert(value).second) return false;
        order_.push_back(value);
        if (order_.size() > limit_) {
            set_.erase(order_.front());
            order_.pop_front();
        }
        return true;
    }
    void remove(const T& value) {
        if (set_.erase(value) > 0) std::erase(order_, value);
    }
    [[nodiscard]] bool contains(const T& value) const { return set_.contains(value); }

  private:
    std::size_t limit_;
    std::unordered_set<T> set_;
    std::deque<T> order_;
};

class MevModule final : public Module {
  public:
    MevModule(ModuleOptions options, Bus& bus, store::Store& store, Clock& clock)
        : options_(std::move(options)),
          bus_(bus),
          store_(store),
          clock_(clock),
          detector_(options_.detector),
          leaders_(options_.leaders_max),
          slots_(kSlotsRemembered),
          ids_(kIdsRemembered) {}
    ~MevModule() override { stop(); }
    MevModule(const MevModule&) = delete;
    MevModule& operator=(const MevModule&) = delete;

    Result<void> start();

    BlockReport on_block(const solana::BlockActivity& block, const BlockArrival& arrival) override;
    void on_orphaned(Slot slot) override;
    Result<std::string> load_cursor(std::string_view feed) override {
        return resume_at_cursor(store_, feed);
    }
    void save_cursor(std::string_view feed, std::string_view cursor) override;

    std::vector<gateway::Route> routes() override {
        return make_routes(store_, [this] { return counters_json(); });
    }
    std::vector<gateway::Channel> channels() const override { return make_channels(); }
    ModuleStatus status() const override {
        const auto s = recorder_->status();
        return {s.queued, s.transactions, s.refused_jobs, s.last_commit_ms, s.trouble};
    }
    bool flush() override {
        push_pending({});
        return recorder_->flush();
    }
    void stop() override;

  private:
    void declare_streams(StoredState& state);
    void restore_leaders(StoredState& state);
    void publish_findings(const solana::BlockActivity& block, BlockFindings found, BlockRows& rows,
                          BlockReport& report);
    void publish_slot(const solana::BlockActivity& block, const BlockArrival& arrival,
                      BlockRows& rows, const BlockReport& report);
    void publish_leader(const solana::BlockActivity& block, BlockRows& rows);
    void publish_swaps(const solana::BlockActivity& block, BlockRows& rows, BlockReport& report);
    void push_pending(Recorder::Job with);
    void count(const solana::DecodeCounters& counters);
    std::string counters_json() const;
    EventPtr publish(std::string_view stream, std::string payload, Tags tags) {
        return bus_.publish(stream, clock_.now(), std::string(stream), std::move(payload),
                            std::move(tags));
    }

    ModuleOptions options_;
    Bus& bus_;
    store::Store& store_;
    Clock& clock_;
    Detector detector_;
    LeaderBook leaders_;
    Remembered<Slot> slots_;
    Remembered<std::string> ids_;
    std::unique_ptr<Recorder> recorder_;
    std::mutex pending_mutex_;
    std::shared_ptr<BlockRows> pending_;  ///< the last block, until its cursor comes
    mutable std::mutex counters_mutex_;
    solana::DecodeCounters counters_{};
    bool stopped_ = false;
};

// ── begin and end ───────────────────────────────────────────────────────────────────────────────

Result<void> MevModule::start() {
    ASTRO_TRY(auto state,
              load_state(store_, std::max(options_.retained_findings, options_.retained_slots)));
    if (!state.clean)  // also the streams of which no row was stored
        for (const auto stream : {kFindings, kSwaps, kSlots, kLeaders})
            state.stream_seqs[std::string(stream)] += kSeqsSkippedAfterCrash;
    // Stored before anything is published: the next run may come before the first row is stored.
    ASTRO_CHECK(store_.write([&](store::Writer& w) { return begin_run(w, state.stream_seqs); }));
    for (const auto slot : state.slots) slots_.add(slot);
    declare_streams(state);
    restore_leaders(state);
    recorder_ = std::make_unique<Recorder>(store_, clock_, options_.retention, options_.pruning);
    return {};
}

void MevModule::declare_streams(StoredState& state) {
    const auto declare = [&](std::string_view stream, std::size_t retain) {
        const auto at = state.stream_seqs.find(stream);
        bus_.declare(std::string(stream), retain, at == state.stream_seqs.end() ? 0 : at->second);
    };
    declare(kFindings, options_.retained_findings);
    declare(kSwaps, options_.retained_swaps);
    declare(kSlots, options_.retained_slots);
    declare(kLeaders, options_.leaders_max);
    bus_.restore(kFindings, std::move(state.findings));
    bus_.restore(kSlots, std::move(state.slot_events));
}

void MevModule::restore_leaders(StoredState& state) {
    std::vector<EventPtr> events;
    for (auto& [seq, totals] : state.leaders) {
        events.push_back(std::make_shared<Event>(Event{std::string(kLeaders), seq, clock_.now(),
                                                       std::string(kLeaders), to_json(totals),
                                                       Tags{{"leader", totals.leader}}}));
        leaders_.restore(std::move(totals));
    }
    bus_.restore(kLeaders, std::move(events));
}

void MevModule::stop() {
    if (stopped_ || !recorder_) return;
    stopped_ = true;
    push_pending({});
    recorder_->push([](store::Writer& w) { return end_run(w); });
    recorder_->stop();
}

// ── blocks ──────────────────────────────────────────────────────────────────────────────────────

BlockReport MevModule::on_block(const solana::BlockActivity& block, const BlockArrival& arrival) {
    BlockReport report;
    auto found = detector_.on_block(block);
    if (!slots_.add(block.slot)) {
        report.seen_before = true;
        return report;
    }
    count(block.counters);
    auto rows = std::make_shared<BlockRows>();
    rows->slot = block.slot;
    rows->stored_ms = clock_.now().value() / 1'000'000;
    publish_findings(block, std::move(found), *rows, report);
    report.latency = clock_.monotonic() - arrival.received;
    publish_slot(block, arrival, *rows, report);
    publish_leader(block, *rows);
    publish_swaps(block, *rows, report);
    push_pending({});
    const std::scoped_lock lock(pending_mutex_);
    pending_ = std::move(rows);
    return report;
}

void MevModule::publish_findings(const solana::BlockActivity& block, BlockFindings found,
                                 BlockRows& rows, BlockReport& report) {
    for (auto& finding : found.findings) {
        if (!finding.time) finding.time = block.time;
        if (!finding.leader && finding.slot == block.slot) finding.leader = block.leader;
        if (finding.synthetic.empty()) finding.synthetic = block.synthetic;
        auto row = row_of(finding, block.slot, clock_.now());
        row.event = publish(kFindings, to_json(finding), tags_of(row.columns, row.keys));
        row.columns.seq = row.event->seq;
        row.retold = !ids_.add(finding.id);
        ++report.findings_by_kind[std::string(enum_name(finding.kind))];
        rows.findings.push_back(std::move(row));
    }
    rows.superseded = std::move(found.superseded);
}

void MevModule::publish_slot(const solana::BlockActivity& block, const BlockArrival& arrival,
                             BlockRows& rows, const BlockReport& report) {
    std::uint64_t swaps = 0;
    for (const auto& tx : block.transactions) swaps += tx.swaps.size();
    const SlotSummary summary{
        .slot = block.slot,
        .parent_slot = block.parent_slot,
        .leader = block.leader,
        .time = block.time,
        .transactions = block.transaction_count,
        .swaps = swaps,
        .findings = rows.findings.size(),
        .label = arrival.label,
        .synthetic = block.synthetic,
        .processing_ms = static_cast<double>(report.latency.value() / 1'000) / 1'000,
    };
    rows.slot_event = publish(kSlots, to_json(summary), {});
}

void MevModule::publish_leader(const solana::BlockActivity& block, BlockRows& rows) {
    if (!block.leader) return;
    const auto leader = to_text(*block.leader);
    rows.leader = leaders_.add(leader, block.slot, rows.findings);
    rows.leader_seq = publish(kLeaders, to_json(*rows.leader), {{"leader", leader}})->seq;
}

void MevModule::publish_swaps(const solana::BlockActivity& block, BlockRows& rows,
                              BlockReport& report) {
    for (const auto& tx : block.transactions)
        for (const auto& swap : tx.swaps) {
            const auto row = solana::row_of(swap);
            const auto event = publish(kSwaps, to_json(row), tags_of(row));
            rows.swaps.push_back({event->seq, row.slot, row.signature, row.ix_index,
                                  row.inner_index, row.protocol, row.pool, row.trader, row.mint_in,
                                  row.mint_out, row.verified, rows.stored_ms, event->payload});
            ++report.swaps;
            ++report.swaps_by_protocol[{std::string(enum_name(row.protocol)), row.verified}];
        }
}

void MevModule::on_orphaned(Slot slot) {
    detector_.drop_slot(slot);
    slots_.remove(slot);
    push_pending({});
    const auto* totals = leaders_.take_back(slot);
    if (totals != nullptr) publish(kLeaders, to_json(*totals), {{"leader", totals->leader}});
    const auto event = publish(
        kSlots, to_json(SlotSummary{.slot = slot, .parent_slot = slot, .orphaned = true}), {});
    recorder_->push([slot, seq = event->seq](store::Writer& w) -> Result<void> {
        ASTRO_CHECK(withdraw_slot(w, slot));
        ASTRO_CHECK(save_stream_seq(w, kSlots, seq));
        return drop_newest_cursor(w);
    });
}

// ── rows ────────────────────────────────────────────────────────────────────────────────────────

void MevModule::save_cursor(std::string_view feed, std::string_view cursor) {
    push_pending([feed = std::string(feed), cursor = std::string(cursor)](store::Writer& w) {
        return mev::save_cursor(w, feed, cursor);
    });
}

/// The last block's rows and what belongs with them, as one job: one transaction.
void MevModule::push_pending(Recorder::Job with) {
    std::shared_ptr<BlockRows> rows;
    {
        const std::scoped_lock lock(pending_mutex_);
        rows = std::move(pending_);
    }
    if (!rows && !with) return;
    recorder_->push(
        [rows = std::move(rows), with = std::move(with)](store::Writer& w) -> Result<void> {
            if (rows) ASTRO_CHECK(save_block(w, *rows));
            if (with) ASTRO_CHECK(with(w));
            return {};
        });
}

void MevModule::count(const solana::DecodeCounters& c) {
    const std::scoped_lock lock(counters_mutex_);
    for_each_member(counters_, [&](std::string_view name, std::uint64_t& sum) {
        for_each_member(c, [&](std::string_view other, const std::uint64_t& part) {
            if (name == other) sum += part;
        });
    });
}

std::string MevModule::counters_json() const {
    const std::scoped_lock lock(counters_mutex_);
    return to_json(counters_);
}

}  // namespace

Result<std::unique_ptr<Module>> Module::make(ModuleOptions options, Bus& bus, store::Store& store,
                                             Clock& clock) {
    auto module = std::make_unique<MevModule>(std::move(options), bus, store, clock);
    ASTRO_CHECK(module->start());
    return std::unique_ptr<Module>(std::move(module));
}

}  // namespace astro::mev

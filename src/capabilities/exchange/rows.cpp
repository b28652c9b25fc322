#include "capabilities/exchange/rows.hpp"

#include <chrono>

#include "capabilities/exchange/tables.hpp"
#include "foundation/store/rows.hpp"

namespace astro::exchange {
namespace {

constexpr std::chrono::milliseconds kRetry{500};
/// What comes within it is written together: a transaction costs more than its rows.
constexpr std::chrono::milliseconds kGather{20};
constexpr std::uint64_t kPruneEvery = 32;  ///< commits
constexpr std::int64_t kPrunedTogether = 2'000;
constexpr std::int64_t kDayMs = 24 * 3'600'000;

/// Removes the oldest rows that are older than `before`; places grow with time.
Result<void> prune_table(store::Writer& writer, std::string_view table, std::int64_t before) {
    const std::string name(table);
    ASTRO_CHECK(writer.execute("DELETE FROM " + name +
                                   " WHERE time < ? AND place IN (SELECT place FROM " + name +
                                   " ORDER BY place LIMIT ?)",
                               {before, kPrunedTogether}));
    return {};
}

Result<void> prune_orders(store::Writer& writer, bool traded, std::int64_t before) {
    ASTRO_CHECK(writer.execute(
        "DELETE FROM exchange_orders WHERE order_id IN (SELECT order_id FROM exchange_orders "
        "WHERE traded = ? AND closed < ? LIMIT ?)",
        {std::int64_t{traded ? 1 : 0}, before, kPrunedTogether}));
    return {};
}

/// Removes the oldest candles of `length_ms`: the longer ones have their trades.
Result<void> prune_candles(store::Writer& writer, std::int64_t length_ms, std::int64_t before) {
    ASTRO_CHECK(writer.execute(
        "DELETE FROM exchange_candles WHERE length_ms < 3600000 AND length_ms = ? AND start < ? "
        "AND start <= (SELECT MAX(start) FROM (SELECT start FROM exchange_candles "
        "WHERE length_ms < 3600000 AND length_ms = ? ORDER BY start LIMIT ?) AS oldest)",
        {length_ms, before, length_ms, kPrunedTogether}));
    return {};
}

Result<void> prune_short_candles(store::Writer& writer, const RowsRetention& keep,
                                 std::int64_t now_ms) {
    for (const auto& interval : market::kCandleIntervals) {
        const std::int64_t kept = market::kept_ms(interval, keep.seconds_hours, keep.minutes_days);
        if (kept > 0) ASTRO_CHECK(prune_candles(writer, interval.length_ms, now_ms - kept));
    }
    return {};
}

/// Of old samples those of full hours stay.
Result<void> prune_equity(store::Writer& writer, const RowsRetention& keep, std::int64_t now_ms) {
    if (keep.equity_days > 0)
        ASTRO_CHECK(
            writer.execute("DELETE FROM exchange_equity WHERE bucket < ? AND bucket % 3600000 <> 0",
                           {now_ms - keep.equity_days * kDayMs}));
    if (keep.history_days > 0)
        ASTRO_CHECK(writer.execute("DELETE FROM exchange_equity WHERE bucket < ?",
                                   {now_ms - keep.history_days * kDayMs}));
    return {};
}

Result<void> prune(store::Writer& writer, const RowsRetention& keep, TimestampNs now) {
    const std::int64_t now_ms = now.value() / 1'000'000;
    if (keep.untraded_hours > 0)
        ASTRO_CHECK(prune_orders(writer, false, now_ms - keep.untraded_hours * kDayMs / 24));
    if (keep.trades_days > 0)
        ASTRO_CHECK(prune_table(writer, kTableOf<TradeRecord>, now_ms - keep.trades_days * kDayMs));
    ASTRO_CHECK(prune_short_candles(writer, keep, now_ms));
    ASTRO_CHECK(prune_equity(writer, keep, now_ms));
    if (keep.history_days == 0) return {};
    const std::int64_t before = now_ms - keep.history_days * kDayMs;
    ASTRO_CHECK(prune_orders(writer, true, before));
    for (const auto table :
         {kTableOf<FillRecord>, kTableOf<RealizedRecord>, kTableOf<FundingPaymentRecord>,
          kTableOf<LiquidationRecord>, kTableOf<DeleveragingRecord>, kTableOf<TransferRecord>})
        ASTRO_CHECK(prune_table(writer, table, before));
    return {};
}

}  // namespace

Result<std::unique_ptr<Rows>> Rows::open(store::Store& store, const Clock& clock,
                                         const RowsRetention& retention, JobEntry* pruning) {
    ASTRO_TRY(const auto rows,
              store.query("SELECT sequence FROM exchange_cursor WHERE name = 'rows'"));
    journal::Sequence written{0};
    if (!rows.empty() && !store::from_value(rows[0][0], written))
        return unavailable("store_corrupt", "the cursor of the venue's rows is no number");
    return std::unique_ptr<Rows>(new Rows(store, clock, retention, written, pruning));
}

Rows::Rows(store::Store& store, const Clock& clock, const RowsRetention& retention,
           journal::Sequence written, JobEntry* pruning)
    : store_(store),
      clock_(clock),
      retention_(retention),
      pruning_(pruning),
      heard_(written),
      sampler_(retention.equity_minutes) {
    status_.written = written;
    thread_ = std::thread([this] { run(); });
}

Rows::~Rows() {
    stop();
}

void Rows::on_applied(const Applied& applied) {
    if (applied.sequence <= heard_) return;
    heard_ = applied.sequence;
    auto& heard =
        group_.emplace_back(HeardCommand{applied.sequence, applied.time, applied.kept_events, {}});
    sampler_.look(applied, heard.equity);
}

void Rows::on_group_end(const Venue&) {
    if (group_.empty()) return;
    {
        std::unique_lock hold(mutex_);
        changed_.wait(hold, [this] { return queue_.size() < kQueueMax || stop_begun_; });
        // Once something is left out, all that follows is too: the cursor stands before it.
        if (queue_.size() >= kQueueMax) has_dropped_ = true;
        if (!has_dropped_)
            queue_.insert(queue_.end(), std::make_move_iterator(group_.begin()),
                          std::make_move_iterator(group_.end()));
    }
    group_.clear();
    changed_.notify_all();
}

bool Rows::flush() {
    std::unique_lock hold(mutex_);
    flushing_ = true;
    changed_.notify_all();
    changed_.wait(hold, [this] {
        return (queue_.empty() && under_way_ == 0) || !status_.trouble.empty() || stopping_;
    });
    flushing_ = false;
    return status_.trouble.empty();
}

void Rows::begin_stop() {
    {
        const std::lock_guard hold(mutex_);
        stop_begun_ = true;
    }
    changed_.notify_all();
}

void Rows::stop() {
    {
        const std::lock_guard hold(mutex_);
        stop_begun_ = stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

RowsStatus Rows::status() const {
    const std::lock_guard hold(mutex_);
    RowsStatus out = status_;
    out.waiting = queue_.size() + under_way_;
    return out;
}

/// What is queued, as rows; some milliseconds after the first of it.
RowBatch Rows::take(std::unique_lock<std::mutex>& hold) {
    changed_.wait_for(hold, kGather,
                      [this] { return stopping_ || flushing_ || queue_.size() >= kBatchMax; });
    under_way_ = std::min(queue_.size(), kBatchMax);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(under_way_);
    const std::vector<HeardCommand> commands(std::make_move_iterator(queue_.begin()),
                                             std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
    hold.unlock();
    changed_.notify_all();
    RowBatch batch;
    for (const auto& command : commands) batch.add(command);
    hold.lock();
    return batch;
}

void Rows::run() {
    std::unique_lock hold(mutex_);
    while (true) {
        changed_.wait(hold, [this] { return !queue_.empty() || stopping_; });
        if (queue_.empty()) return;
        const RowBatch batch = take(hold);
        hold.unlock();
        bool done = commit(batch);
        hold.lock();
        // At the end one failure is enough: the journal tells it again.
        while (!done && !changed_.wait_for(hold, kRetry, [this] { return stopping_; })) {
            hold.unlock();
            done = commit(batch);
            hold.lock();
        }
        if (!done) return;
        under_way_ = 0;
        changed_.notify_all();
    }
}

bool Rows::commit(const RowBatch& batch) {
    const auto begin = clock_.monotonic();
    const bool prune_now = commits_ % kPruneEvery == 0;
    const auto done = store_.write([&](store::Writer& writer) -> Result<void> {
        ASTRO_CHECK(batch.save(writer));
        if (prune_now)
            ASTRO_CHECK(run_job(pruning_, [&] { return prune(writer, retention_, clock_.now()); }));
        return {};
    });
    const std::lock_guard hold(mutex_);
    status_.last_commit_ms = static_cast<double>((clock_.monotonic() - begin).value()) * 1e-6;
    status_.trouble = done ? std::string() : done.error().text();
    if (done) {
        ++commits_;
        status_.written = batch.last();
        status_.rows += batch.rows();
    } else {
        changed_.notify_all();
    }
    return done.has_value();
}

}  // namespace astro::exchange

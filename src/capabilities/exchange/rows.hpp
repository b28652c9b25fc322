#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "capabilities/exchange/equity_sampler.hpp"
#include "capabilities/exchange/row_batch.hpp"
#include "capabilities/exchange/service.hpp"
#include "foundation/base/jobs.hpp"

/// What is kept of the past, in tables written behind the venue.
namespace astro::exchange {

/// How long it is kept; 0: for ever. Candles of an hour and more, funding rates and minute prices
/// are always kept.
struct RowsRetention {
    std::int64_t history_days = 365;   ///< of accounts: orders, fills, payments, transfers
    std::int64_t untraded_hours = 24;  ///< orders that ended without a trade
    std::int64_t trades_days = 30;     ///< public trades
    std::int64_t seconds_hours = 24;   ///< candles of a second
    std::int64_t minutes_days = 0;     ///< other candles shorter than an hour
    std::int64_t equity_days = 30;  ///< samples of equity; of each hour one stays for history_days
    std::int64_t equity_minutes = 5;  ///< from one of them to the next; 0: none is taken
};

struct RowsStatus {
    journal::Sequence written{};  ///< all before it, and it, is in the tables
    std::uint64_t waiting = 0;    ///< commands that are not
    std::uint64_t rows = 0;       ///< written by this run
    double last_commit_ms = 0;
    std::string trouble{};  ///< why nothing is written at present; empty when all is well
};
BOOST_DESCRIBE_STRUCT(RowsStatus, (), (written, waiting, rows, last_commit_ms, trouble))

/// Hears all that is applied and writes it, by a thread of its own, many commands in a transaction
/// together with the journal's sequence up to which all is written. After a crash the journal tells
/// again what is missing: nothing is lost and nothing twice.
///
/// The queue is bounded: when the store cannot keep up the venue waits, and its users are told that
/// it is busy. When the store fails, the same is tried again until it works.
class Rows final : public Listener {
  public:
    /// The store, migrated, outlives it; so does `pruning`, in which it is noted how forgetting
    /// what is too old went.
    [[nodiscard]] static Result<std::unique_ptr<Rows>> open(store::Store& store, const Clock& clock,
                                                            const RowsRetention& retention,
                                                            JobEntry* pruning = nullptr);
    ~Rows() override;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    /// What the service has to tell it again: ServiceOptions::heard_from.
    [[nodiscard]] journal::Sequence wanted_from() const {
        return journal::Sequence{heard_.value() + 1};
    }

    void on_applied(const Applied& applied) override;
    void on_group_end(const Venue& venue) override;

    /// Returns when all that was heard is written, or false when the store fails.
    bool flush();
    /// What no longer fits is not waited for from here on: the journal has it. Before the service
    /// is stopped.
    void begin_stop();
    /// Writes what was heard, then ends. After the service. Idempotent.
    void stop();
    [[nodiscard]] RowsStatus status() const;

  private:
    static constexpr std::size_t kQueueMax = 100'000;  ///< commands
    static constexpr std::size_t kBatchMax = 20'000;

    Rows(store::Store& store, const Clock& clock, const RowsRetention& retention,
         journal::Sequence written, JobEntry* pruning);
    void run();
    [[nodiscard]] RowBatch take(std::unique_lock<std::mutex>& hold);
    [[nodiscard]] bool commit(const RowBatch& batch);

    store::Store& store_;
    const Clock& clock_;
    const RowsRetention retention_;
    JobEntry* const pruning_;

    // Of the applying thread.
    journal::Sequence heard_;
    std::vector<HeardCommand> group_;
    EquitySampler sampler_;
    bool has_dropped_ = false;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<HeardCommand> queue_;
    std::size_t under_way_ = 0;
    bool stop_begun_ = false, stopping_ = false, flushing_ = false;
    RowsStatus status_;

    std::uint64_t commits_ = 0;  ///< of the writing thread
    std::thread thread_;
};

}  // namespace astro::exchange

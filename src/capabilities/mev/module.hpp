#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "capabilities/mev/engine/detector.hpp"
#include "capabilities/mev/rows.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/base/jobs.hpp"
#include "foundation/bus/bus.hpp"
#include "foundation/store/store.hpp"
#include "server/gateway/route.hpp"

/// The capability's face toward the server: decoded blocks go in; events, rows, routes and channels
/// come out.
namespace astro::mev {

struct ModuleOptions {
    DetectorConfig detector;
    Retention retention;
    std::size_t retained_findings = 2'000;  ///< of channel mev.opportunity, for snapshot and resume
    std::size_t retained_swaps = 2'000;
    std::size_t retained_slots = 500;
    std::size_t leaders_max = 4'000;  ///< whose totals are kept; the one longest not seen goes
    JobEntry* pruning = nullptr;      ///< where it is noted how forgetting what is too old went
};

/// How a block came, for what is shown with it.
struct BlockArrival {
    std::string label;     ///< "live", "replay", "synthetic"
    TimestampNs received;  ///< monotonic clock
};

/// What one block gave, for metrics.
struct BlockReport {
    bool seen_before = false;  ///< by an earlier run: only fills the detector's window
    std::size_t swaps = 0;
    std::map<std::string, std::uint64_t> findings_by_kind;
    std::map<std::pair<std::string, bool>, std::uint64_t> swaps_by_protocol;  ///< and verified
    DurationNs latency;  ///< from received until the findings were published
};

struct ModuleStatus {
    std::size_t queued_blocks = 0;
    std::uint64_t transactions = 0, refused_jobs = 0;
    double last_commit_ms = 0;
    std::string trouble;  ///< of the store; empty when all is well
};
BOOST_DESCRIBE_STRUCT(ModuleStatus, (),
                      (queued_blocks, transactions, refused_jobs, last_commit_ms, trouble))

/// on_block, on_orphaned and save_cursor are for one thread; all else is thread-safe.
///
/// Events are published first and written behind; a crash in between repeats the blocks from the
/// cursor. A block that an earlier run has stored publishes nothing.
class Module {
  public:
    /// The store has been migrated with migrations(). Declares the streams on the bus.
    static Result<std::unique_ptr<Module>> make(ModuleOptions options, Bus& bus,
                                                store::Store& store, Clock& clock);
    virtual ~Module() = default;

    virtual BlockReport on_block(const solana::BlockActivity& block,
                                 const BlockArrival& arrival) = 0;
    virtual void on_orphaned(Slot slot) = 0;

    virtual Result<std::string> load_cursor(std::string_view feed) = 0;
    /// Becomes durable together with the block before it.
    virtual void save_cursor(std::string_view feed, std::string_view cursor) = 0;

    [[nodiscard]] virtual std::vector<gateway::Route> routes() = 0;
    [[nodiscard]] virtual std::vector<gateway::Channel> channels() const = 0;
    [[nodiscard]] virtual ModuleStatus status() const = 0;

    /// Waits until all rows are committed; false when the store fails.
    virtual bool flush() = 0;
    /// Commits what is queued and marks the run as ended in order. Idempotent.
    virtual void stop() = 0;
};

}  // namespace astro::mev

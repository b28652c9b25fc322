#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/venue.hpp"
#include "capabilities/exchange/outcome.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/journal/journal.hpp"

/// The venue as it runs: a command becomes durable in the journal, then is applied, then
/// acknowledged. One thread applies; what it has applied is told to listeners in order.
///
///     submit ─▶ GroupCommit ─ one write and fdatasync a group ─▶ applying thread
///                 each command of the group: Venue::apply, listeners
///                 the group's end: listeners, then each is acknowledged, then queued reads
namespace astro::exchange {

/// One command that has been applied, for listeners; valid during the call.
struct Applied {
    journal::Sequence sequence{};
    TimeMs time{};
    const Submission& submission;
    const Events& events;
    const std::shared_ptr<const Events>& kept_events;  ///< the same, for who needs them longer
    const Venue& venue;                                ///< as it is after the command
    bool replayed = false;  ///< while recovering: it had been acknowledged by an earlier run
};

/// Sees all that is applied, on the thread that applies; briefly.
class Listener {
  public:
    virtual ~Listener() = default;
    virtual void on_applied(const Applied& applied) = 0;
    /// After the last command of a group that became durable together, before it is acknowledged.
    virtual void on_group_end(const Venue& venue) = 0;
};

/// Nobody has to hear anything again.
inline constexpr journal::Sequence kHeardAll{~std::uint64_t{0}};

struct ServiceOptions {
    std::string directory;        ///< of journal and snapshots; made when it is not there
    std::string venue = "paper";  ///< what kind of venue a new journal is of
    /// What a new venue lists beside its assets.
    std::vector<MarketSettings> markets = default_markets();
    std::uint64_t segment_bytes = std::uint64_t{64} << 20;  ///< of the journal
    std::uint64_t snapshot_every = 1'000'000;               ///< commands; 0: only when stopped
    std::uint64_t hash_every = 100'000;  ///< commands between stored state hashes
    std::size_t keys_max = 100'000;      ///< of idempotency that are remembered
    std::size_t waiting_max = 65'536;    ///< commands that wait to become durable
    /// When something is due and no command comes, a Tick is journalled, at most this often; when
    /// nothing is due, each second. 0: never.
    std::int64_t tick_ms = 100;
    /// Listeners hear again of commands from here on (what their rows do not have yet).
    journal::Sequence heard_from{1};
};

/// What a service says of itself.
struct ServiceStatus {
    std::string venue{};
    journal::Sequence sequence{};                         ///< of the command that was applied last
    TimeMs time{};                                        ///< and its time
    std::uint64_t commands = 0, refused = 0, groups = 0;  ///< of this run
    std::uint64_t recovered_commands = 0;                 ///< applied again when it was opened
    std::uint64_t cut_bytes = 0;   ///< of a group that was being written when the last run ended
    std::uint64_t waiting = 0;     ///< commands that wait to become durable, or to be applied
    std::uint64_t group_size = 0;  ///< of the last group
    std::int64_t sync_us = 0;      ///< what its write and sync took
    std::int64_t apply_us = 0;     ///< what applying it took
    std::int64_t sync_us_total = 0, apply_us_total = 0;
    std::uint64_t keys = 0;          ///< of idempotency that are remembered
    journal::Sequence snapshot{};    ///< the last command that the newest snapshot has seen
    std::string snapshot_trouble{};  ///< why the last one was not made, or was passed over
    std::string trouble{};           ///< why nothing more is taken; empty when all is well
};
BOOST_DESCRIBE_STRUCT(ServiceStatus, (),
                      (venue, sequence, time, commands, refused, groups, recovered_commands,
                       cut_bytes, waiting, group_size, sync_us, apply_us, sync_us_total,
                       apply_us_total, keys, snapshot, snapshot_trouble, trouble))

/// Thread-safe but for open().
class Service {
  public:
    using Done = OutcomeDone;

    /// Recovers from the newest snapshot that is not behind `heard_from` and the journal's tail.
    /// A venue that is new lists its assets and markets by the first commands of its journal.
    /// What stands in the way is refused: damage of the journal with its place, "venue_foreign",
    /// "venue_version", "venue_record", "venue_other_kind", "journal_behind", "state_differs".
    [[nodiscard]] static Result<std::unique_ptr<Service>> open(const ServiceOptions& options,
                                                               const Clock& clock,
                                                               std::vector<Listener*> listeners);
    virtual ~Service() = default;

    /// `done` is called on the applying thread when the command has been applied (which may be to
    /// refuse it), or when it could not be made durable: kind `unknown` then means that it may
    /// have been. Refusals, after which `done` is not called: "venue_busy" (kind limited) when too
    /// many wait, "venue_stopped" (kind unavailable), "idempotency_key_reused" (kind conflict).
    [[nodiscard]] virtual Result<void> submit(Submission submission, Done done) = 0;
    /// The same, and waits. Not from a `done` or a listener.
    [[nodiscard]] virtual Result<Outcome> run(Submission submission) = 0;
    /// Calls `look` on the applying thread between two groups, and waits for it; briefly. Not from
    /// a `done` or a listener.
    virtual void read(const std::function<void(const Venue&)>& look) = 0;

    /// Of the command that was applied last.
    [[nodiscard]] virtual journal::Sequence applied() const = 0;
    [[nodiscard]] virtual ServiceStatus status() const = 0;
    /// Makes a snapshot without stopping the engine and waits for it.
    [[nodiscard]] virtual Result<void> snapshot() = 0;
    /// Applies what was submitted, makes a snapshot, takes no more. Idempotent.
    virtual void stop() = 0;
};

}  // namespace astro::exchange

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/venue.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/journal/journal.hpp"

/// The venue as it runs: a command becomes durable in the journal, then is applied, then
/// acknowledged. One thread applies; what it has applied is told to listeners in order.
namespace astro::exchange {

/// What stands in the journal. Its time is that of its group.
struct Submission {
    /// Whose key it is and the key ("<user>:<Idempotency-Key>"); empty: none. A second submission
    /// of a key is not applied and gets the outcome of the first.
    std::string key;
    CommandBody body;
};
BOOST_DESCRIBE_STRUCT(Submission, (), (key, body))

/// What a command has led to.
struct Outcome {
    journal::Sequence sequence{};
    TimeMs time{};
    std::shared_ptr<const Events> events;
    bool repeated = false;  ///< the key was known: this is what it led to then
};

/// One command that has been applied, for listeners; valid during the call.
struct Applied {
    journal::Sequence sequence{};
    TimeMs time{};
    const Submission& submission;
    const Events& events;
    const Venue& venue;     ///< as it is after the command
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

struct ServiceOptions {
    std::string directory;  ///< of journal and snapshots; made when it is not there
    std::uint64_t snapshot_every = 1'000'000;  ///< commands; 0: only when stopped
    std::uint64_t hash_every = 100'000;        ///< commands between stored state hashes
    std::size_t keys_max = 100'000;            ///< of idempotency that are remembered
    /// Listeners hear again of commands from here on (what their rows do not have yet).
    journal::Sequence heard_from{1};
};

/// Thread-safe but for open().
class Service {
  public:
    using Done = std::function<void(const Result<Outcome>&)>;

    /// Recovers from the newest snapshot that is not behind `heard_from` and the journal's tail.
    /// Lists the default markets and USDC in a venue that is new.
    [[nodiscard]] static Result<std::unique_ptr<Service>> open(const ServiceOptions& options,
                                                               const Clock& clock,
                                                               std::vector<Listener*> listeners);
    virtual ~Service() = default;

    /// `done` is called on the applying thread when the command has been applied (which may be to
    /// refuse it), or when it could not be made durable: kind `unknown` then means that it may
    /// have been. "venue_busy" (kind limited) when too many wait.
    [[nodiscard]] virtual Result<void> submit(Submission submission, Done done) = 0;
    /// The same, and waits. Not from a `done` or a listener.
    [[nodiscard]] virtual Result<Outcome> run(Submission submission) = 0;
    /// Calls `look` on the applying thread between two groups, and waits for it; briefly. Not from
    /// a `done` or a listener.
    virtual void read(const std::function<void(const Venue&)>& look) = 0;

    /// Of the command that was applied last.
    [[nodiscard]] virtual journal::Sequence applied() const = 0;
    /// Makes a snapshot without stopping the engine and waits for it.
    [[nodiscard]] virtual Result<void> snapshot() = 0;
    /// Applies what was submitted, makes a snapshot, takes no more. Idempotent.
    virtual void stop() = 0;
};

}  // namespace astro::exchange

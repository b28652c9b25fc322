#pragma once

#include <memory>
#include <mutex>

#include "capabilities/exchange/service.hpp"

/// The whole venue as it was at one moment, for those who look at all of it for long.
namespace astro::exchange {

struct CopiedVenue {
    Bytes state;                   ///< Venue::load() gives one that may be changed
    std::unique_ptr<Venue> venue;  ///< the same, to look at
    journal::Sequence sequence{};  ///< of the last command that it has seen
};

/// Makes copies beside the running engine: between two groups of commands a child process is
/// started, which writes the state down as it was then while the venue goes on (forked.hpp). The
/// applying thread waits for the start of the process only. Thread-safe; one is made at a time, and
/// one that is young enough serves several.
class VenueCopies {
  public:
    VenueCopies(Service& service, const Clock& clock) : service_(service), clock_(clock) {}

    /// At most that old. Waits until it is there; not on an event loop. "copy_failed"
    [[nodiscard]] Result<std::shared_ptr<const CopiedVenue>> get(DurationNs age_max);

  private:
    [[nodiscard]] Result<std::shared_ptr<const CopiedVenue>> make();

    Service& service_;
    const Clock& clock_;
    std::mutex mutex_;
    std::shared_ptr<const CopiedVenue> last_;
    TimestampNs made_{};  ///< by the clock that never jumps
};

}  // namespace astro::exchange

#pragma once

#include <functional>

#include "server/traders/programs.hpp"
#include "server/traders/venue_link.hpp"

namespace astro::traders {

/// Connects, runs `session` until it returns, and connects anew after growing waits, until `stop`.
/// `session` returns without an error when it was stopped. Errors of kind refusal end the program
/// when no session has ever been whole.
[[nodiscard]] Result<void> keep_connected(
    const ConnectionOptions& options, Clock& clock, const StopFlag& stop, const Say& say,
    const std::function<Result<void>(VenueLink& link, bool& whole)>& session);

/// When to try again after "asked too much": at once nothing, then what the server says or ever
/// longer waits.
class Restraint {
  public:
    void refused(TimestampNs now, std::optional<DurationNs> retry_after);
    void served() { wait_ = kFirst; }
    [[nodiscard]] bool holds(TimestampNs now) const { return now < until_; }

  private:
    static constexpr DurationNs kFirst = seconds(1), kMost = seconds(60);
    DurationNs wait_ = kFirst;
    TimestampNs until_{};
};

/// {"market":["SOL-PERP",…]}
[[nodiscard]] std::string market_filter(const std::vector<std::string>& markets);

}  // namespace astro::traders

#pragma once

#include <optional>
#include <vector>

#include "capabilities/exchange/records.hpp"
#include "capabilities/exchange/service.hpp"

namespace astro::exchange {

/// Takes what each account is worth, once an interval of the venue's time, a sixtieth of the
/// accounts in each sixtieth of it, so that no command waits for all of them. What is taken follows
/// from the journal: which accounts, behind which command, with which numbers. Only behind the
/// first command after a start all are taken; of a bucket that has a sample already the table keeps
/// that.
///
/// An account without positions whose equity has not changed is left out but at full hours.
class EquitySampler {
  public:
    /// Minutes; 0: nothing is taken.
    explicit EquitySampler(std::int64_t interval_minutes)
        : interval_ms_(interval_minutes * kMinuteMs) {}

    /// On the applying thread, after each command.
    void look(const Applied& applied, std::vector<EquityRecord>& out);

  private:
    static constexpr std::int64_t kSlices = 60;
    void take(const Applied& applied, std::size_t account, std::vector<EquityRecord>& out);

    const std::int64_t interval_ms_;
    std::optional<std::int64_t> slice_;  ///< of time since 1970, of the last command
    std::vector<Quote> last_;            ///< equity, by account
};

}  // namespace astro::exchange

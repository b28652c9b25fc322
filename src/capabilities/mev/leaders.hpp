#pragma once

#include <deque>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "capabilities/mev/rows.hpp"

namespace astro::mev {

/// Running totals of the leaders seen last; bounded. Not thread-safe.
class LeaderBook {
  public:
    explicit LeaderBook(std::size_t leaders_max) : leaders_max_(leaders_max) {}

    void restore(LeaderTotals totals);
    /// The leader's totals with this block's findings in them.
    const LeaderTotals& add(const std::string& leader, Slot slot,
                            const std::vector<FindingRow>& findings);
    /// The chain dropped the slot: its part is taken back. Null when it is too long ago.
    const LeaderTotals* take_back(Slot slot);

  private:
    static constexpr std::size_t kSlotsRemembered = 512;
    void forget_oldest();

    std::size_t leaders_max_;
    std::map<std::string, LeaderTotals> totals_;
    std::list<std::string> order_;  ///< longest not seen first
    std::map<std::string, std::list<std::string>::iterator> places_;
    std::deque<std::pair<Slot, LeaderTotals>> recent_;  ///< what each slot added
};

}  // namespace astro::mev

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "capabilities/market/engine/price_board.hpp"
#include "capabilities/market/recorded_lines.hpp"
#include "capabilities/market/sources/source_text.hpp"

namespace astro::market {

struct PriceReplayReport {
    std::uint64_t lines = 0, observations = 0;
    std::uint64_t other = 0;       ///< messages that say nothing of a price
    std::uint64_t unreadable = 0;  ///< not JSON, or not what they claim to be
    std::uint64_t crossed = 0, set_aside = 0;
};
BOOST_DESCRIBE_STRUCT(PriceReplayReport, (),
                      (lines, observations, other, unreadable, crossed, set_aside))

/// Recorded messages of any source to prices, with no server: what a message is, it tells by its
/// members. Lines come in the order of their time.
class PriceReplay {
  public:
    using Tell = std::function<void(const AssetPrice&)>;
    /// `tell` gets the price of each asset that has one, at each whole multiple of `every` of the
    /// recorded time.
    PriceReplay(std::vector<AssetRules> rules, DurationNs every, Tell tell)
        : board_(std::move(rules)), every_(every), tell_(std::move(tell)) {}

    void take(const RecordedLine& line);
    /// Tells the last prices.
    void finish();
    [[nodiscard]] const PriceReplayReport& report() const { return report_; }

  private:
    void observe(Observation seen);
    bool take_exchange(const RecordedLine& line);
    void tell_all(TimestampNs time);

    PriceBoard board_;
    DurationNs every_;
    Tell tell_;
    PriceReplayReport report_;
    JsonDocument document_;
    TimestampNs next_{}, last_{};
};

}  // namespace astro::market

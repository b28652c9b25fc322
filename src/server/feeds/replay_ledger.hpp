#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "foundation/base/clock.hpp"
#include "server/feeds/block_supply.hpp"

namespace astro::feeds {

/// What a replay node has published so far. Keeps the bytes of the newest blocks; older ones are
/// read again from their file, or are gone when they have none. Thread-safe.
class ReplayLedger {
  public:
    /// `rpc_delay`: blocks are announced so long before they can be fetched.
    ReplayLedger(std::size_t kept_blocks, DurationNs rpc_delay, Clock& clock);

    /// Takes a block into the ledger; drops an orphan that came before it.
    void publish(RecordedBlock block);

    enum class Presence : std::uint8_t { here, not_yet, skipped, gone };
    struct Answer {
        Presence presence = Presence::not_yet;
        std::optional<RecordedBlock> block;  ///< with its bytes, when here
    };
    [[nodiscard]] Answer find(Slot slot) const;
    [[nodiscard]] std::optional<Slot> tip() const;
    [[nodiscard]] Slot first_available() const;
    /// Slots with blocks from `first` to `last`, at most `limit`.
    [[nodiscard]] std::vector<Slot> list(Slot first, Slot last, std::size_t limit) const;
    /// How many published blocks have a slot above `slot`.
    [[nodiscard]] std::size_t count_above(Slot slot) const;

  private:
    struct Entry {
        RecordedBlock block;
        TimestampNs fetchable;
    };
    void forget_old();  ///< the lock is held

    const std::size_t kept_blocks_;
    const DurationNs rpc_delay_;
    Clock& clock_;
    mutable std::mutex mutex_;
    std::map<Slot, Entry> entries_;
    Slot first_available_{0};
};

}  // namespace astro::feeds

#pragma once

#include "server/feeds/block_supply.hpp"

namespace astro::feeds {

/// Without end, the recorded blocks again with made-up cases in them, behind a block; each says so.
/// Recordings in base64 and small ones are no backgrounds; "no_background" when none is left.
[[nodiscard]] Result<std::unique_ptr<BlockSupply>> make_synthetic_supply(
    const std::vector<RecordedBlock>& files, Slot last, std::string last_hash, std::uint64_t seed);

}  // namespace astro::feeds

#pragma once

#include <string>
#include <vector>

#include "foundation/base/result.hpp"

namespace astro::exchange {

struct VenueFile {
    std::string name;  ///< in the venue's directory
    std::string path;  ///< where its bytes stand
};

/// What a venue is restored from, as it is at this moment, also while it runs: its whole journal,
/// checkpoints, key of liabilities. Without snapshots, which its journal leads to. What changes
/// while it is read is copied into `scratch`, a directory. Nothing when there is no venue. Its
/// tables are to be copied before: they then hold nothing that this journal does not.
[[nodiscard]] Result<std::vector<VenueFile>> copy_venue(const std::string& directory,
                                                        const std::string& scratch);

}  // namespace astro::exchange

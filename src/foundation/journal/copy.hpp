#pragma once

#include <string>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/journal/journal.hpp"

namespace astro::journal {

struct CopiedSegment {
    std::string name{};  ///< as in the journal's directory
    std::string path{};  ///< where its bytes stand: in the journal itself when they change no more
};

/// A journal as it is at this moment, also beside a running writer: what is there together opens as
/// one that ends with a whole group, and holds all that was durable when it began. The segment
/// that is being written is copied into `scratch`, a directory. "journal_damaged", "journal_io".
[[nodiscard]] Result<std::vector<CopiedSegment>> copy_segments(const std::string& directory,
                                                               const std::string& scratch);

}  // namespace astro::journal

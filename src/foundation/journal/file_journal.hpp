#pragma once

#include <memory>
#include <string>

#include "foundation/journal/journal.hpp"

namespace astro::journal {

struct FileOptions {
    std::string directory{};  ///< made when it is not there
    /// A new segment is begun when a group no longer fits; reserved on the disk in advance.
    std::uint64_t segment_bytes = std::uint64_t{64} << 20;
    /// The oldest record that is still needed (that behind the newest snapshot). The journal must
    /// reach back to it; of segments wholly before it only the header is read on opening.
    Sequence needed_from{1};
    /// Changes nothing, not even a torn end; not beside a writer.
    bool read_only = false;
};

/// The journal in files of one directory, as docs/journal.md specifies them. Checks everything from
/// `needed_from` on, cuts off a torn end (see Recovery) and refuses every other damage.
[[nodiscard]] Result<std::unique_ptr<Journal>> open_files(const FileOptions& options);

}  // namespace astro::journal

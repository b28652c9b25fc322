#include "capabilities/exchange/venue_backup.hpp"

#include <filesystem>

#include "foundation/journal/copy.hpp"

namespace astro::exchange {

namespace fs = std::filesystem;

Result<std::vector<VenueFile>> copy_venue(const std::string& directory,
                                          const std::string& scratch) {
    std::vector<VenueFile> out;
    std::error_code error;
    if (!fs::is_directory(directory, error)) return out;
    // Before the journal: a checkpoint of a command that it lacks could not be compared.
    for (const std::string name : {"liabilities.key", "checkpoints"}) {
        if (!fs::exists(directory + "/" + name, error)) continue;
        out.push_back({name, scratch + "/" + name});
        if (!fs::copy_file(directory + "/" + name, out.back().path, error))
            return unavailable("backup_io", "cannot be copied: " + error.message(),
                               directory + "/" + name);
    }
    ASTRO_TRY(const auto segments, journal::copy_segments(directory, scratch));
    for (const auto& segment : segments) out.push_back({segment.name, segment.path});
    return out;
}

}  // namespace astro::exchange

#pragma once

#include <map>
#include <string>

namespace astro::identity {

/// A zip archive (APPNOTE 6.3, stored, names in UTF-8) of files by name. All together below 4 GB.
[[nodiscard]] std::string to_zip(const std::map<std::string, std::string>& files);

}  // namespace astro::identity

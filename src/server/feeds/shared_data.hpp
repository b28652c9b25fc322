#pragma once

#include <string>
#include <string_view>

namespace astro::feeds {

/// A folder of share/ beside the program or above it ("solana/blocks"), or installed as
/// share/astrolabe/…. Empty when there is none.
[[nodiscard]] std::string find_shared(std::string_view folder);

}  // namespace astro::feeds

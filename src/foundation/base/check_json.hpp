#pragma once

#include <string_view>

#include "foundation/base/read_json.hpp"

namespace astro {

/// Whether `text` is one JSON object within the limits, for what is kept as its owner wrote it and
/// not read. Refusals as read_json().
[[nodiscard]] Result<void> check_json_object(std::string_view text, const JsonLimits& limits = {});

}  // namespace astro

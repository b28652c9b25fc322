#pragma once

#include <string>
#include <vector>

#include "capabilities/mev/engine/model.hpp"

/// What the command group `astrolabe mev` prints, apart from where it prints it (server/cli).
namespace astro::mev {

/// One line of JSON, without the line's end: the described Finding.
[[nodiscard]] std::string finding_json(const Finding& finding);

}  // namespace astro::mev

#include "capabilities/mev/commands.hpp"

#include "foundation/base/json.hpp"

namespace astro::mev {

std::string finding_json(const Finding& finding) {
    return to_json(finding);
}

}  // namespace astro::mev

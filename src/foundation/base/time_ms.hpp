#pragma once

#include "foundation/base/numbers.hpp"

namespace astro {

struct TimeMsTag : tags::Number<std::int64_t, false, JsonForm::number> {};
using TimeMs = Strong<TimeMsTag>;  ///< milliseconds since 1970, as the command brought it

}  // namespace astro

#pragma once

#include "capabilities/exchange/engine/refusal_code.hpp"
#include "foundation/base/result.hpp"

namespace astro::governance {

/// What the venue has refused, as an answer of the API: its code, a sentence with its numbers.
[[nodiscard]] Unexpected told(const exchange::Refusal& refusal);

}  // namespace astro::governance

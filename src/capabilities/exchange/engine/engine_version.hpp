#pragma once

#include <cstdint>

namespace astro::exchange {

/// Of the rules by which commands become events. Grows when the same commands would lead to
/// something else; a journal says under which it was written.
inline constexpr std::uint32_t kEngineVersion = 2;

}  // namespace astro::exchange

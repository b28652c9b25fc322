#pragma once

#include <cstdint>
#include <string>

namespace astro::exchange {

/// The terminal's light palette (web/src/ui/tokens.css), which is for paper too.
inline constexpr std::uint32_t kText = 0x141A24, kMuted = 0x566072, kFaint = 0x8A94A6,
                               kLine = 0xDDE2EA, kAccent = 0x2F66F5, kUp = 0x0B7F54,
                               kDown = 0xD1304A, kDownTint = 0xF8DEE2, kWarnTint = 0xF6E7C8,
                               kWarnText = 0x6B4A0F;

/// "1,250", "-0.25": with commas between thousands and that many decimals.
[[nodiscard]] std::string grouped_number(std::int64_t value, int decimals);

}  // namespace astro::exchange

#pragma once

#include <array>
#include <string_view>

namespace astro::crypto {

inline constexpr std::size_t kMnemonicWords = 2048;
/// BIP-39's, in the order of the alphabet.
extern const std::array<std::string_view, kMnemonicWords> kEnglishWords;

}  // namespace astro::crypto

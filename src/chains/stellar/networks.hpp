#pragma once

#include <string>
#include <string_view>

#include "foundation/base/result.hpp"

namespace astro::stellar {

inline constexpr std::string_view kPublicNetwork = "Public Global Stellar Network ; September 2015";
inline constexpr std::string_view kTestNetwork = "Test SDF Network ; September 2015";

/// The passphrase of "mainnet" (or "public"), "testnet", "futurenet", "standalone"; else `network`
/// is a passphrase itself. Another word of small letters is refused ("bad_network"): a slip of the
/// pen would give hashes of no network.
[[nodiscard]] Result<std::string> passphrase_of(std::string_view network);

}  // namespace astro::stellar

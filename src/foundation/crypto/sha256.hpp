#pragma once

#include <array>

#include "foundation/base/bytes.hpp"

namespace astro::crypto {

struct Sha256Tag {};
using Sha256 = FixedBytes<Sha256Tag, 32>;

/// FIPS 180-4 SHA-256 of `bytes`. Thread-safe.
[[nodiscard]] Sha256 sha256(ByteView bytes);

}  // namespace astro::crypto

#pragma once

#include "foundation/base/bytes.hpp"

namespace astro::journal {

/// CRC-32C (Castagnoli, RFC 3720 §12.1) of `bytes`; with `before` the CRC of what stands before
/// them. In hardware where the processor has SSE 4.2. Thread-safe.
[[nodiscard]] std::uint32_t crc32c(ByteView bytes, std::uint32_t before = 0);

/// The same from a table, on any processor.
[[nodiscard]] std::uint32_t crc32c_portable(ByteView bytes, std::uint32_t before = 0);

}  // namespace astro::journal

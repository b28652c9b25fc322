#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/base/numbers.hpp"
#include "foundation/base/result.hpp"

namespace astro::feeds {

/// Where a copy of a block is to stand.
struct NewPlace {
    Slot slot, parent;
    std::string blockhash, previous_blockhash;
    std::int64_t later_seconds = 0;  ///< added to blockTime
    std::uint64_t salt = 0;          ///< decides the new signatures
};

/// A copy of a block object with another place in the chain, other signatures (so that no
/// transaction seems to be there twice) and a member "synthetic" that says what it is. Everything
/// else stays byte for byte. Encodings json, jsonParsed, base64 and base58.
[[nodiscard]] Result<std::string> renumbered_copy(std::string_view block, Slot original,
                                                  const NewPlace& place);

/// 32 bytes made of the numbers, as base58: a hash for a made-up block.
[[nodiscard]] std::string made_hash(std::uint64_t a, std::uint64_t b);

}  // namespace astro::feeds

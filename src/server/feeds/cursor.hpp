#pragma once

#include <string>
#include <string_view>

#include "foundation/base/numbers.hpp"
#include "foundation/base/result.hpp"

namespace astro::feeds {

/// The last block that a feed delivered, as it is kept: {"slot":7,"blockhash":"…","genesis":"…"}.
struct Cursor {
    Slot slot;
    std::string blockhash;  ///< base58; empty = not known
    std::string genesis;    ///< of the cluster it belongs to; empty = not known
};

[[nodiscard]] std::string to_text(const Cursor& cursor);
/// Refusal "bad_cursor" for anything that to_text did not write.
[[nodiscard]] Result<Cursor> parse_cursor(std::string_view text);

}  // namespace astro::feeds

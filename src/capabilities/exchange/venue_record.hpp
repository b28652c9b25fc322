#pragma once

#include <array>
#include <string>

#include "capabilities/exchange/engine/commands.hpp"
#include "capabilities/exchange/engine/engine_version.hpp"
#include "foundation/base/binary.hpp"
#include "foundation/journal/journal.hpp"

/// What the records of a venue's journal are: the first is an Opening, every other a Submission,
/// each in its binary form. The time of a command is that of its group, in milliseconds.
namespace astro::exchange {

struct Opening {
    std::array<std::uint8_t, 8> magic{'A', 'S', 'T', 'R', 'O', 'V', 'E', 'N'};
    std::uint32_t engine_version = kEngineVersion;
    std::string venue;  ///< "paper"
};
BOOST_DESCRIBE_STRUCT(Opening, (), (magic, engine_version, venue))

/// What stands in the journal.
struct Submission {
    /// Whose key it is and the key ("<user>:<Idempotency-Key>"); empty: none. A second submission
    /// of a key is not applied and gets the outcome of the first.
    std::string key;
    CommandBody body;
};
BOOST_DESCRIBE_STRUCT(Submission, (), (key, body))

inline constexpr journal::Sequence kOpeningSequence{1};

/// "venue_foreign" when the journal is no venue's, "venue_version" when its engine had other rules.
[[nodiscard]] Result<Opening> parse_opening(const journal::Record& record);
/// Read in place, since a command is large to move. "venue_record": it is no command of this
/// engine, and `out` is unspecified; where: its sequence number and byte.
[[nodiscard]] Result<void> parse_submission(const journal::Record& record, Submission& out);

[[nodiscard]] constexpr TimeMs time_of(TimestampNs group) {
    return TimeMs{group.value() / 1'000'000};
}

}  // namespace astro::exchange

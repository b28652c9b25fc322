#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "foundation/base/bytes.hpp"
#include "foundation/base/numbers.hpp"
#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"

namespace astro::journal {

struct SequenceTag : astro::tags::Number<std::uint64_t, false, JsonForm::number> {};
/// The place of a record in the journal: 1, 2, 3, … without gaps.
using Sequence = Strong<SequenceTag>;

struct Record {
    Sequence sequence{};
    TimestampNs time{};  ///< of its group
    ByteView bytes{};    ///< valid during the call
};
/// False: no more.
using Visit = std::function<bool(const Record&)>;

/// What opening found.
struct Recovery {
    Sequence first{1};  ///< the oldest record that is kept
    Sequence next{1};   ///< what the next record will be
    std::size_t segments = 0;
    /// A group that was being written when the writer died; it was never acknowledged.
    struct Cut {
        std::string file;
        std::uint64_t offset = 0;
        std::uint64_t bytes = 0;
    };
    std::optional<Cut> cut{};
    /// Segments that were being made then; their records were never acknowledged either.
    std::vector<std::string> removed{};
};

/// The ordered, durable log of commands. What append() has returned is there after kill -9 and
/// after a loss of power. append() and close() are called by one thread at a time (see GroupWriter
/// for many); replay() and next() by any thread, also meanwhile.
///
/// Refusals: "journal_damaged" (where: file, byte, sequence), "journal_segment_missing",
/// "journal_in_use", "journal_broken", "journal_closed", "journal_read_only",
/// "journal_group_too_large", "journal_io". Kind `unknown` when records may or may not have become
/// durable: opening the journal again tells.
class Journal {
  public:
    virtual ~Journal() = default;

    /// Makes the records durable, all or none, and returns the sequence number of the first. An
    /// empty span writes nothing. After a failed write or sync the journal is broken and takes
    /// nothing more: the kernel may have dropped what it could not write, so a later success would
    /// prove nothing.
    [[nodiscard]] virtual Result<Sequence> append(std::span<const ByteView> records,
                                                  TimestampNs time) = 0;
    /// Calls `visit` for each durable record from `from` on, in order. Refuses a `from` that is
    /// older than what is kept or newer than next().
    [[nodiscard]] virtual Result<void> replay(Sequence from, const Visit& visit) const = 0;
    /// What the next record will be.
    [[nodiscard]] virtual Sequence next() const = 0;
    [[nodiscard]] virtual const Recovery& recovery() const = 0;
    /// Lets the journal go; append() refuses from here on. Closed by the destructor too.
    virtual Result<void> close() = 0;
};

}  // namespace astro::journal

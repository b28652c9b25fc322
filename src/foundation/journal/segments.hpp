#pragma once

#include <string>
#include <vector>

#include "foundation/journal/file.hpp"
#include "foundation/journal/format.hpp"

/// The segment files of a directory: which there are, and reading them as one chain.
namespace astro::journal {

struct Segment {
    Sequence first{};
    std::string path{};
};

inline constexpr std::string_view kSegmentSuffix = ".journal";
/// Of a segment until it is durable.
inline constexpr std::string_view kUnfinishedSuffix = ".journal.new";
/// No segment is larger; a larger file is none of ours.
inline constexpr std::uint64_t kSegmentBytesMax = std::uint64_t{1} << 30;

/// "DIRECTORY/00000000000000000042.journal"
[[nodiscard]] std::string segment_path(const std::string& directory, Sequence first);

struct Listing {
    std::vector<Segment> segments{};        ///< in order
    std::vector<std::string> unfinished{};  ///< never acknowledged: free to be removed
};
/// Refuses a directory with a segment whose name is not of that form ("journal_damaged").
[[nodiscard]] Result<Listing> list_segments(const std::string& directory);

/// What is known before the chain is read.
struct ChainStart {
    bool may_be_torn = false;          ///< the last segment may end in a torn group
    std::uint64_t last_bytes = ~0ULL;  ///< how much of the last segment is read
};
struct Chain {
    SegmentEnd end{};      ///< of the last segment
    bool stopped = false;  ///< `visit` wanted no more; `end` is then only where it stopped
};
/// Reads the segments, checks each and that each continues the one before. Refusals:
/// "journal_damaged", "journal_segment_missing", "journal_io"; where: file, byte, sequence.
[[nodiscard]] Result<Chain> read_chain(std::span<const Segment> segments, const ChainStart& start,
                                       const Visit& visit);

/// Checks that the segments are there, and their headers; for those whose records nobody needs.
[[nodiscard]] Result<void> check_headers(std::span<const Segment> segments);

}  // namespace astro::journal

#pragma once

#include <functional>
#include <optional>
#include <span>

#include "foundation/base/binary.hpp"
#include "foundation/base/time.hpp"
#include "foundation/crypto/sha256.hpp"
#include "foundation/journal/journal.hpp"

/// What stands in a segment file, to the byte (docs/journal.md): a header, then groups of records
/// one after the other, then nothing or zeros. Pure: bytes in, bytes out.
///
///     segment   | SegmentHeader | group | group | … | zeros |
///     group     | GroupHeader | u32 length, record | u32 length, record | … |
///
/// Each group names the SHA-256 of the whole group before it, over the borders of segments: nothing
/// can be changed, left out or exchanged without the chain breaking behind it.
namespace astro::journal {

inline constexpr std::array<std::uint8_t, 8> kSegmentMagic{'A', 'S', 'T', 'R', 'O', 'J', 'N', 'L'};
inline constexpr std::uint32_t kFormatVersion = 1;
/// Of the records of one group with their lengths.
inline constexpr std::size_t kGroupPayloadMax = std::size_t{256} << 20;

struct SegmentHeader {
    std::array<std::uint8_t, 8> magic = kSegmentMagic;
    std::uint32_t version = kFormatVersion;
    std::uint64_t mark = 0;      ///< random; each of the segment's groups begins with it
    Sequence first{1};           ///< of the first record in it
    crypto::Sha256 previous{};   ///< of the last group before this segment; zeros when none
    std::uint32_t checksum = 0;  ///< CRC-32C of all before
};
BOOST_DESCRIBE_STRUCT(SegmentHeader, (), (magic, version, mark, first, previous, checksum))
inline constexpr std::size_t kSegmentHeaderSize = BinaryForm<SegmentHeader>::kSizeMin;
static_assert(kSegmentHeaderSize == 64);

struct GroupHeader {
    /// The mark of the segment: a record that holds the bytes of a group is never taken for one.
    std::uint64_t mark = 0;
    std::uint32_t payload_size = 0;
    std::uint32_t count = 0;  ///< of records, one or more
    Sequence first{1};
    TimestampNs time{0};
    crypto::Sha256 previous{};           ///< of the whole group before; zeros when none
    std::uint32_t payload_checksum = 0;  ///< CRC-32C of the payload
    std::uint32_t header_checksum = 0;   ///< CRC-32C of all before
};
BOOST_DESCRIBE_STRUCT(GroupHeader, (),
                      (mark, payload_size, count, first, time, previous, payload_checksum,
                       header_checksum))
inline constexpr std::size_t kGroupHeaderSize = BinaryForm<GroupHeader>::kSizeMin;
static_assert(kGroupHeaderSize == 72);

/// What the next group continues.
struct ChainEnd {
    Sequence next{1};
    crypto::Sha256 hash{};  ///< of the last group
};

[[nodiscard]] Bytes make_segment_header(std::uint64_t mark, const ChainEnd& end);
/// The header of a segment that stands under the name `first`. Refusal: "journal_damaged".
[[nodiscard]] Result<SegmentHeader> parse_segment_header(ByteView bytes, Sequence first);

/// Writes the group of `records` into `out` (replacing what was there) and returns the new end.
/// The records are not empty and their payload is at most kGroupPayloadMax.
ChainEnd make_group(std::uint64_t mark, const ChainEnd& end, TimestampNs time,
                    std::span<const ByteView> records, Bytes& out);
[[nodiscard]] std::size_t payload_size(std::span<const ByteView> records);

/// How far the groups of a segment go.
struct SegmentEnd {
    ChainEnd chain{};
    std::size_t used = 0;  ///< bytes up to the end of the last group
    std::size_t torn = 0;  ///< bytes behind it that are a group that was not written to its end
};

/// What is known of a segment before it is read.
struct SegmentStart {
    Sequence first{1};                         ///< its name
    std::optional<crypto::Sha256> previous{};  ///< absent: the one before was not read
    bool is_last = false;                      ///< only the last may end in a torn group
};

/// Reads a whole segment, checking everything, and calls `visit` for each record until it returns
/// false. Refusal: "journal_damaged", where: "byte N, sequence S".
[[nodiscard]] Result<SegmentEnd> read_segment(ByteView bytes, const SegmentStart& start,
                                              const Visit& visit);

}  // namespace astro::journal

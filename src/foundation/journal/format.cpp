#include "foundation/journal/format.hpp"

#include <algorithm>

#include "foundation/journal/crc32c.hpp"

namespace astro::journal {
namespace {

constexpr std::size_t kChecksumSize = sizeof(std::uint32_t);

/// Puts the checksum of all before it into the last four bytes.
void seal_header(std::span<std::uint8_t> header) {
    const auto body = header.first(header.size() - kChecksumSize);
    const std::uint32_t checksum = crc32c(body);
    std::memcpy(header.data() + body.size(), &checksum, sizeof checksum);
}
bool is_sealed(ByteView header) {
    const auto body = header.first(header.size() - kChecksumSize);
    return crc32c(body) == load_le<std::uint32_t>(header, body.size());
}

Unexpected damaged(std::string message, std::size_t offset, Sequence sequence) {
    return refusal(
        "journal_damaged", std::move(message),
        "byte " + std::to_string(offset) + ", sequence " + std::to_string(sequence.value()));
}

std::string is_not(const char* what, Sequence found, Sequence expected) {
    return std::string(what) + " " + std::to_string(found.value()) + " instead of " +
           std::to_string(expected.value());
}

}  // namespace

Bytes make_segment_header(std::uint64_t mark, const ChainEnd& end) {
    SegmentHeader header;
    header.mark = mark;
    header.first = end.next;
    header.previous = end.hash;
    Bytes out = to_binary(header);
    seal_header(out);
    return out;
}

Result<SegmentHeader> parse_segment_header(ByteView bytes, Sequence first) {
    if (bytes.size() < kSegmentHeaderSize)
        return damaged("the segment is shorter than its header", bytes.size(), first);
    const auto form = bytes.first(kSegmentHeaderSize);
    ASTRO_TRY(auto header, parse_binary<SegmentHeader>(form));
    if (header.magic != kSegmentMagic) return damaged("is no journal segment", 0, first);
    if (!is_sealed(form)) return damaged("the segment's header has changed", 0, first);
    if (header.version != kFormatVersion)
        return damaged("the segment has format version " + std::to_string(header.version) +
                           "; this program knows " + std::to_string(kFormatVersion),
                       kSegmentMagic.size(), first);
    if (header.first != first)
        return damaged(is_not("the segment begins with sequence", header.first, first), 0, first);
    return header;
}

std::size_t payload_size(std::span<const ByteView> records) {
    std::size_t size = 0;
    for (const auto& record : records) size += detail::kCountSize + record.size();
    return size;
}

ChainEnd make_group(std::uint64_t mark, const ChainEnd& end, TimestampNs time,
                    std::span<const ByteView> records, Bytes& out) {
    const std::size_t size = payload_size(records);
    ASTRO_ASSERT(!records.empty() && size <= kGroupPayloadMax);
    out.resize(kGroupHeaderSize + size);
    auto* p = out.data() + kGroupHeaderSize;
    for (const auto& record : records) {
        p = detail::put_count(p, record.size());
        if (!record.empty()) std::memcpy(p, record.data(), record.size());
        p += record.size();
    }
    GroupHeader header;
    header.mark = mark;
    header.payload_size = static_cast<std::uint32_t>(size);
    header.count = static_cast<std::uint32_t>(records.size());
    header.first = end.next;
    header.time = time;
    header.previous = end.hash;
    header.payload_checksum = crc32c(ByteView(out).subspan(kGroupHeaderSize));
    BinaryForm<GroupHeader>::put(out.data(), header);
    seal_header(std::span(out).first(kGroupHeaderSize));
    return {Sequence{end.next.value() + records.size()}, crypto::sha256(out)};
}

namespace {

/// Goes through the groups of one segment.
class SegmentReader {
  public:
    SegmentReader(ByteView bytes, const SegmentStart& start, const Visit& visit)
        : bytes_(bytes), start_(start), visit_(visit) {}

    Result<SegmentEnd> read() {
        ASTRO_TRY(const auto header, parse_segment_header(bytes_, start_.first));
        if (start_.previous && header.previous != *start_.previous)
            return damaged("the segment does not continue the one before it", 0, start_.first);
        mark_ = header.mark;
        end_ = {{header.first, header.previous}, kSegmentHeaderSize, 0};
        while (going_ && end_.used < bytes_.size()) {
            const auto group = whole_group(end_.used);
            if (!group) {
                ASTRO_CHECK(check_tail());
                break;
            }
            ASTRO_CHECK(read_group(*group));
        }
        return end_;
    }

  private:
    /// The header at `offset`, when one that this segment's writer wrote is there.
    [[nodiscard]] std::optional<GroupHeader> header_at(std::size_t offset) const {
        if (bytes_.size() - offset < kGroupHeaderSize) return std::nullopt;
        const auto form = bytes_.subspan(offset, kGroupHeaderSize);
        if (load_le<std::uint64_t>(form, 0) != mark_ || !is_sealed(form)) return std::nullopt;
        return *parse_binary<GroupHeader>(form);
    }
    /// The header at `offset`, when its whole group is there.
    [[nodiscard]] std::optional<GroupHeader> whole_group(std::size_t offset) const {
        const auto header = header_at(offset);
        if (!header || header->payload_size > bytes_.size() - offset - kGroupHeaderSize)
            return std::nullopt;
        const auto payload = bytes_.subspan(offset + kGroupHeaderSize, header->payload_size);
        if (crc32c(payload) != header->payload_checksum) return std::nullopt;
        return header;
    }

    Result<void> read_group(const GroupHeader& header) {
        const auto next = end_.chain.next;
        if (header.first != next)
            return damaged(is_not("the group begins with sequence", header.first, next), end_.used,
                           next);
        if (header.previous != end_.chain.hash)
            return damaged("the group does not continue the one before it", end_.used, next);
        const std::size_t size = kGroupHeaderSize + header.payload_size;
        ASTRO_CHECK(read_records(header));
        end_.chain = {Sequence{next.value() + header.count},
                      crypto::sha256(bytes_.subspan(end_.used, size))};
        end_.used += size;
        return {};
    }
    Result<void> read_records(const GroupHeader& header) {
        ASTRO_CHECK(check_records(header));
        std::size_t at = end_.used + kGroupHeaderSize;
        for (std::uint32_t i = 0; i < header.count && going_; ++i) {
            const auto length = load_le<std::uint32_t>(bytes_, at);
            at += sizeof length;
            going_ = visit_(
                {Sequence{header.first.value() + i}, header.time, bytes_.subspan(at, length)});
            at += length;
        }
        return {};
    }
    /// Whether the payload is `count` records and nothing more.
    [[nodiscard]] Result<void> check_records(const GroupHeader& header) const {
        std::size_t at = end_.used + kGroupHeaderSize, left = header.payload_size;
        for (std::uint32_t i = 0; i < header.count; ++i) {
            std::uint32_t length = 0;
            if (left >= sizeof length) length = load_le<std::uint32_t>(bytes_, at);
            if (left < sizeof length || left - sizeof length < length)
                return damaged("the record does not end within its group", at,
                               Sequence{header.first.value() + i});
            at += sizeof length + length;
            left -= sizeof length + length;
        }
        if (left != 0 || header.count == 0)
            return damaged("the group holds more bytes than records", at, header.first);
        return {};
    }

    /// No whole group stands at end_.used. Since a group is written only when the one before is
    /// durable, a later header proves that this one once was whole: then it is damage, else the
    /// group that was being written.
    Result<void> check_tail() {
        const auto tail = bytes_.subspan(end_.used);
        const auto last = std::find_if(tail.rbegin(), tail.rend(), [](auto b) { return b != 0; });
        const auto torn = static_cast<std::size_t>(tail.rend() - last);
        if (torn != 0 && !start_.is_last)
            return damaged("the group is damaged", end_.used, end_.chain.next);
        if (const auto later = later_group(end_.used + torn))
            return damaged("the group is damaged, and another stands behind it at byte " +
                               std::to_string(*later),
                           end_.used, end_.chain.next);
        end_.torn = torn;
        return {};
    }
    [[nodiscard]] std::optional<std::size_t> later_group(std::size_t end) const {
        std::array<std::uint8_t, sizeof mark_> mark{};
        std::memcpy(mark.data(), &mark_, sizeof mark_);
        auto at = bytes_.begin() + static_cast<std::ptrdiff_t>(std::min(end_.used + 1, end));
        const auto stop = bytes_.begin() + static_cast<std::ptrdiff_t>(end);
        for (;; ++at) {
            at = std::search(at, stop, mark.begin(), mark.end());
            if (at == stop) return std::nullopt;
            const auto offset = static_cast<std::size_t>(at - bytes_.begin());
            if (header_at(offset)) return offset;
        }
    }

    ByteView bytes_;
    const SegmentStart& start_;
    const Visit& visit_;
    std::uint64_t mark_ = 0;
    bool going_ = true;
    SegmentEnd end_;
};

}  // namespace

Result<SegmentEnd> read_segment(ByteView bytes, const SegmentStart& start, const Visit& visit) {
    return SegmentReader(bytes, start, visit).read();
}

}  // namespace astro::journal

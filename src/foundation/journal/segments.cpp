#include "foundation/journal/segments.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace astro::journal {
namespace {

constexpr std::size_t kDigits = 20;

std::optional<Sequence> sequence_of(std::string_view name) {
    name.remove_suffix(kSegmentSuffix.size());
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
    if (name.size() != kDigits || error != std::errc() || end != name.data() + name.size() ||
        value == 0)
        return std::nullopt;
    return Sequence{value};
}

Unexpected in_file(Error error, const std::string& path) {
    error.where = error.where.empty() ? path : path + ", " + error.where;
    return {std::move(error)};
}

/// Up to `bytes` of the file into `buffer`.
Result<void> load(const std::string& path, std::uint64_t bytes, Bytes& buffer) {
    ASTRO_TRY(const auto file, File::open(path, O_RDONLY));
    ASTRO_TRY(const auto size, file.size());
    // A group larger than a segment stands alone in its own.
    if (size > kSegmentBytesMax + kGroupPayloadMax)
        return refusal("journal_damaged", "is too large for a journal segment", path);
    return file.read(bytes, buffer);
}

}  // namespace

std::string segment_path(const std::string& directory, Sequence first) {
    const auto digits = std::to_string(first.value());
    return directory + "/" + std::string(kDigits - digits.size(), '0') + digits +
           std::string(kSegmentSuffix);
}

Result<Listing> list_segments(const std::string& directory) {
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(directory.c_str()), &::closedir);
    if (entries == nullptr) return io_failed("read the directory", directory);
    Listing listing;
    errno = 0;
    while (const auto* entry = ::readdir(entries.get())) {
        const std::string_view name = entry->d_name;
        const std::string path = directory + "/" + std::string(name);
        if (name.ends_with(kUnfinishedSuffix)) listing.unfinished.push_back(path);
        if (!name.ends_with(kSegmentSuffix)) continue;
        const auto first = sequence_of(name);
        if (!first)
            return refusal("journal_damaged", "a segment is named by 20 digits, not so", path);
        listing.segments.push_back({*first, path});
    }
    if (errno != 0) return io_failed("read the directory", directory);
    std::sort(listing.segments.begin(), listing.segments.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return listing;
}

Result<Chain> read_chain(std::span<const Segment> segments, const ChainStart& start,
                         const Visit& visit) {
    Chain chain;
    const Visit watched = [&](const Record& record) {
        chain.stopped = !visit(record);
        return !chain.stopped;
    };
    // Before the first record of all there is nothing.
    std::optional<crypto::Sha256> previous;
    if (segments.front().first == Sequence{1}) previous.emplace();
    Bytes buffer;
    for (std::size_t i = 0; i < segments.size() && !chain.stopped; ++i) {
        const auto& [first, path] = segments[i];
        const bool is_last = i + 1 == segments.size();
        if (i != 0 && first != chain.end.chain.next)
            return refusal("journal_segment_missing",
                           "records from " + std::to_string(chain.end.chain.next.value()) +
                               " on are missing before this segment",
                           path + ", byte 0, sequence " + std::to_string(first.value()));
        ASTRO_CHECK(load(path, is_last ? start.last_bytes : ~0ULL, buffer));
        auto end = read_segment(buffer, {first, previous, is_last && start.may_be_torn}, watched);
        if (!end) return in_file(std::move(end).error(), path);
        chain.end = *end;
        previous = chain.end.chain.hash;
    }
    return chain;
}

Result<void> check_headers(std::span<const Segment> segments) {
    Bytes buffer;
    for (const auto& [first, path] : segments) {
        ASTRO_CHECK(load(path, kSegmentHeaderSize, buffer));
        if (auto header = parse_segment_header(buffer, first); !header)
            return in_file(std::move(header).error(), path);
    }
    return {};
}

}  // namespace astro::journal

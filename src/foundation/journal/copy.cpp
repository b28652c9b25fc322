#include "foundation/journal/copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "foundation/journal/segments.hpp"

namespace astro::journal {
namespace {

constexpr std::uint64_t kPage = 4'096;
/// A group may be written into the very page that is being read; once more, and it stands.
constexpr int kAttempts = 3;

/// From the end to the beginning, page by page. The writer only appends, so what lies before a
/// place that was read is at least as new as what lies behind it: a group that is whole here has
/// only whole ones before it, and the first that is not has nothing but zeros behind it.
Result<Bytes> read_backward(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return io_failed("open the segment", path);
    const auto size = std::max<off_t>(::lseek(file, 0, SEEK_END), 0);
    Bytes out(static_cast<std::size_t>(size));
    bool good = out.size() <= kSegmentBytesMax;
    for (std::uint64_t end = out.size(); end > 0 && good;) {
        const std::uint64_t begin = (end - 1) / kPage * kPage;
        const auto got = ::pread(file, out.data() + begin, end - begin, static_cast<off_t>(begin));
        if (got < 0 && errno == EINTR) continue;
        good = got == static_cast<ssize_t>(end - begin);
        end = begin;
    }
    ::close(file);
    if (!good) return io_failed("read the segment", path);
    return out;
}

/// Up to the end of its last whole group.
Result<void> copy_last(const Segment& segment, const std::string& target) {
    const SegmentStart start{.first = segment.first, .previous = {}, .is_last = true};
    for (int attempt = 1;; ++attempt) {
        ASTRO_TRY(const Bytes bytes, read_backward(segment.path));
        const auto end = read_segment(bytes, start, [](const Record&) { return true; });
        if (!end && attempt < kAttempts) continue;
        if (!end)
            return refusal("journal_damaged", end.error().message,
                           segment.path + ", " + end.error().where);
        ASTRO_TRY(const auto file, File::open(target, O_RDWR | O_CREAT | O_TRUNC));
        return file.write_at(ByteView(bytes).first(end->used), 0);
    }
}

}  // namespace

Result<std::vector<CopiedSegment>> copy_segments(const std::string& directory,
                                                 const std::string& scratch) {
    ASTRO_TRY(const auto listing, list_segments(directory));
    std::vector<CopiedSegment> out;
    for (const auto& segment : listing.segments)
        out.push_back({std::filesystem::path(segment.path).filename(), segment.path});
    if (out.empty()) return out;
    out.back().path = scratch + "/" + out.back().name;
    ASTRO_CHECK(copy_last(listing.segments.back(), out.back().path));
    return out;
}

}  // namespace astro::journal

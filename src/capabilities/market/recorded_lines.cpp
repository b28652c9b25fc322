#include "capabilities/market/recorded_lines.hpp"

#include <unistd.h>
#include <zlib.h>

#include <charconv>

namespace astro::market {
namespace {

gzFile handle(void* file) {
    return static_cast<gzFile>(file);
}

}  // namespace

void TextLines::Closer::operator()(void* file) const {
    ::gzclose(handle(file));
}

Result<TextLines> TextLines::open(const std::string& file) {
    gzFile opened =
        file == "-" ? ::gzdopen(::dup(STDIN_FILENO), "rb") : ::gzopen(file.c_str(), "rb");
    if (opened == nullptr) return refusal("cannot_read", "cannot be read");
    return TextLines(opened);
}

Result<bool> TextLines::next() {
    text_.clear();
    ++line_;
    char buffer[16'384];
    while (::gzgets(handle(file_.get()), buffer, sizeof buffer) != nullptr) {
        text_.append(buffer);
        if (text_.ends_with('\n')) {
            text_.pop_back();
            return true;
        }
        if (text_.size() > kLineBytesMax)
            return refusal("bad_line", "a line has at most 4 MiB", std::to_string(line_));
    }
    int error = 0;
    const char* why = ::gzerror(handle(file_.get()), &error);
    if (error != Z_OK && error != Z_STREAM_END)
        return refusal("cannot_read", std::string("cannot be read: ") + why, std::to_string(line_));
    return !text_.empty();
}

Result<RecordedLines> RecordedLines::open(const std::string& file) {
    ASTRO_TRY(auto lines, TextLines::open(file));
    return RecordedLines(std::move(lines));
}

Result<std::optional<RecordedLine>> RecordedLines::next() {
    ASTRO_TRY(const bool got, lines_.next());
    if (!got) return std::optional<RecordedLine>{};
    const std::string& text = lines_.text();
    const auto space = text.find(' ');
    std::int64_t time = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), time);
    if (space == text.npos || parsed.ec != std::errc{} || parsed.ptr != text.data() + space ||
        time < 0)
        return refusal("bad_line", "a line is the nanoseconds since 1970, a space, and JSON",
                       std::to_string(lines_.number()));
    return std::optional(RecordedLine{TimestampNs{time}, text.substr(space + 1)});
}

}  // namespace astro::market

#include "server/cli/lines.hpp"

#include <unistd.h>

#include <cstdio>
#include <memory>

namespace astro::cli {
namespace {

// Base64 or JSON of the largest value that is read.
constexpr std::size_t kLineBytesMax = 128U << 20;

struct CloseFile {
    void operator()(std::FILE* file) const {
        if (file != stdin) std::fclose(file);
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// Lines as they come, whether from a file or from somebody who types.
class LineReader {
  public:
    explicit LineReader(std::FILE* file) : file_(file) {}

    /// False at the end.
    bool next(std::string_view& line) {
        while (true) {
            const auto end = buffer_.find('\n', searched_);
            if (end != std::string::npos) return give(end, end + 1, line);
            searched_ = buffer_.size();
            if (too_long() || !fill())
                return searched_ > at_ && give(buffer_.size(), buffer_.size(), line);
        }
    }
    [[nodiscard]] bool too_long() const { return buffer_.size() - at_ > kLineBytesMax; }
    [[nodiscard]] bool failed() const { return failed_; }

  private:
    bool give(std::size_t end, std::size_t next, std::string_view& line) {
        line = std::string_view(buffer_).substr(at_, end - at_);
        at_ = searched_ = next;
        return true;
    }
    bool fill() {
        buffer_.erase(0, at_);
        searched_ -= at_;
        at_ = 0;
        char bytes[1U << 16];
        const auto size = ::read(fileno(file_), bytes, sizeof bytes);
        failed_ = size < 0;
        if (size <= 0) return false;
        buffer_.append(bytes, static_cast<std::size_t>(size));
        return true;
    }

    std::FILE* file_;
    std::string buffer_;
    std::size_t at_ = 0, searched_ = 0;
    bool failed_ = false;
};

std::string_view trimmed(std::string_view text, Spaces spaces) {
    const std::string_view kBlank = spaces == Spaces::passed_over ? " \t\r" : "\r";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string text_of(const Error& error) {
    return error.where.empty() ? error.message : error.where + ": " + error.message;
}

}  // namespace

ExitCode convert_lines(const std::string& source,
                       const std::function<Result<std::string>(std::string_view line)>& convert,
                       Spaces spaces) {
    const File file(source == "-" ? stdin : std::fopen(source.c_str(), "rb"));
    const std::string name = source == "-" ? "standard input" : source;
    if (!file) {
        complain(name + ": cannot be read");
        return ExitCode::bad_input;
    }
    Output out;
    ExitCode code = ExitCode::ok;
    const auto fault = [&](const std::string& text) {
        code = ExitCode::bad_input;
        complain(name + text);
    };
    LineReader lines(file.get());
    std::string_view line;
    for (std::uint64_t number = 1; !out.closed() && !out.failed() && lines.next(line); ++number) {
        const auto item = trimmed(line, spaces);
        if (item.empty()) continue;
        if (item.size() > kLineBytesMax) {
            fault(":" + std::to_string(number) + ": is longer than " +
                  std::to_string(kLineBytesMax) + " bytes; nothing behind it was read");
            break;
        }
        const auto result = convert(item);
        if (result)
            out.line(*result);
        else
            fault(":" + std::to_string(number) + ": " + text_of(result.error()));
    }
    if (lines.failed()) fault(": cannot be read");
    return ended(out, code);
}

}  // namespace astro::cli

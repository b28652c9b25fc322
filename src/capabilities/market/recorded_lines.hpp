#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"

namespace astro::market {

/// A message as it was recorded.
struct RecordedLine {
    TimestampNs time;  ///< when it was received
    std::string json;
};

/// Lines of a file, plain or gzip; "-" is standard input. Not thread-safe.
class TextLines {
  public:
    static constexpr std::size_t kLineBytesMax = 4U << 20;

    /// "cannot_read".
    [[nodiscard]] static Result<TextLines> open(const std::string& file);
    /// False at the end. Codes: "cannot_read", "bad_line" (`where`: the number of the line).
    [[nodiscard]] Result<bool> next();
    /// The line, without its end.
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] std::size_t number() const { return line_; }  ///< from 1

  private:
    struct Closer {
        void operator()(void* file) const;
    };
    explicit TextLines(void* file) : file_(file) {}

    std::unique_ptr<void, Closer> file_;
    std::string text_;
    std::size_t line_ = 0;
};

/// Lines "<nanoseconds> <json>". Not thread-safe.
class RecordedLines {
  public:
    [[nodiscard]] static Result<RecordedLines> open(const std::string& file);
    /// Nothing at the end. Codes: "cannot_read", "bad_line" (`where`: the number of the line).
    [[nodiscard]] Result<std::optional<RecordedLine>> next();

  private:
    explicit RecordedLines(TextLines lines) : lines_(std::move(lines)) {}

    TextLines lines_;
};

}  // namespace astro::market

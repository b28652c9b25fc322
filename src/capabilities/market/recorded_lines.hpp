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

/// Lines "<nanoseconds> <json>" of a file, plain or gzip; "-" is standard input. Not thread-safe.
class RecordedLines {
  public:
    static constexpr std::size_t kLineBytesMax = 4U << 20;

    [[nodiscard]] static Result<RecordedLines> open(const std::string& file);
    /// Nothing at the end. Codes: "cannot_read", "bad_line" (`where`: the number of the line).
    [[nodiscard]] Result<std::optional<RecordedLine>> next();

  private:
    struct Closer {
        void operator()(void* file) const;
    };
    explicit RecordedLines(void* file) : file_(file) {}
    Result<bool> read_line();

    std::unique_ptr<void, Closer> file_;
    std::string text_;
    std::size_t line_ = 0;
};

}  // namespace astro::market

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chains/solana/block_json.hpp"
#include "foundation/base/result.hpp"

/// Reads what a command line names: files, or "-" for standard input, plain or gzip. Inside, found
/// by itself: one document, documents behind each other, one a line (NDJSON), or a JSON array of
/// them.
namespace astro::solana {

/// Longest single document; what is longer is an error of its own, and reading goes on behind it.
inline constexpr std::size_t kMaxDocumentBytes = kMaxBlockBytes;

struct InputItem {
    std::string_view json;  ///< valid until the next call of next()
    std::string source;     ///< the path as given; "stdin" for "-"
    std::size_t line = 0;   ///< on which it begins, from 1
    std::size_t index = 0;  ///< among the source's documents, from 0

    /// "blocks.ndjson:12", for messages.
    [[nodiscard]] std::string place() const { return source + ":" + std::to_string(line); }
};

/// Hands out documents as soon as they are complete, so that a pipe can be followed. Not
/// thread-safe.
class InputReader {
  public:
    /// Called after each portion: bytes read of all sources so far, and their sum, 0 when a source
    /// has no size (a pipe). Bytes as stored, so compressed ones for gzip.
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

    explicit InputReader(std::vector<std::string> sources, Progress progress = {});
    ~InputReader();
    InputReader(InputReader&&) noexcept;
    InputReader& operator=(InputReader&&) noexcept;

    /// The next document, or the error in its place; nothing at the end. An error does not end the
    /// reading: call again. Codes: "cannot_read", "bad_gzip", "bad_json", "too_large"; `where`
    /// names source and line.
    [[nodiscard]] std::optional<Result<InputItem>> next();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace astro::solana

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chains/solana/activity.hpp"

namespace astro::cli {

/// What was read, for the summary and the exit code.
struct ReadReport {
    std::uint64_t blocks = 0;
    std::uint64_t transactions = 0;  ///< votes and failures included
    bool bad_input = false;          ///< something was said on standard error
};

/// Reads blocks and transactions from `sources` (paths, "-" for standard input), decodes them and
/// hands each on. What cannot be read is told in one line on standard error and passed over. A
/// progress bar is shown on a terminal. `on_block` returns false to stop.
ReadReport read_blocks(const std::vector<std::string>& sources,
                       const std::function<bool(solana::BlockActivity)>& on_block);

/// The first document of a source as it stands there; the fault is told on standard error.
[[nodiscard]] std::optional<std::string> read_document(const std::string& source);

/// A whole file; the fault is told on standard error.
[[nodiscard]] std::optional<std::string> read_text(const std::string& path);

/// getBlock does not say which slot it is of. A number in the file's name that fits the parent slot
/// (above it, by less than a thousand) is taken for it: "block_285000037.json".
[[nodiscard]] std::optional<Slot> slot_in_name(const std::string& path, Slot parent);

}  // namespace astro::cli

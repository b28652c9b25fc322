#pragma once

#include <string>
#include <vector>

#include "server/cli/console.hpp"

namespace astro::cli {

enum class Format { json, table };

/// `astrolabe solana decode`.
struct DecodeArguments {
    std::vector<std::string> files;
    Format format = Format::json;
};
[[nodiscard]] ExitCode run_decode(const DecodeArguments& arguments);

/// `astrolabe mev scan`.
struct ScanArguments {
    std::vector<std::string> files;
    Format format = Format::json;
    std::vector<std::string> kinds;  ///< empty = all that happened
    bool only_profitable = false;
    bool gaps = false;   ///< also what could be taken now (price_gap)
    bool brief = false;  ///< table: no evidence below the rows
};
[[nodiscard]] ExitCode run_scan(const ScanArguments& arguments);

}  // namespace astro::cli

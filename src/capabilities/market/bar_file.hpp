#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "capabilities/market/engine/indicators/bar.hpp"
#include "capabilities/market/recorded_lines.hpp"

namespace astro::market {

/// Bars of CSV lines. The first names the columns: a time (`timestamp`, `time`, `start`,
/// `open_time` or `date`), `open`, `high`, `low`, `close`, and `volume` if there is one; others are
/// passed over. Times are ISO 8601, or seconds or milliseconds since 1970, and grow.
class BarReader {
  public:
    /// The next line; "bad_line" says what is wrong with it.
    [[nodiscard]] Result<void> take(std::string_view line);
    [[nodiscard]] std::vector<Bar>& bars() { return bars_; }

  private:
    struct Columns {
        std::size_t time = 0;
        std::array<std::size_t, 5> numbers{};
    };
    [[nodiscard]] static Result<Columns> read_header(std::string_view line);
    [[nodiscard]] Result<Bar> read_bar(std::string_view line) const;

    std::optional<Columns> columns_;
    std::vector<Bar> bars_;
};

/// Of a file, plain or gzip; "-" is standard input. "cannot_read", "bad_line" (`where`: the number
/// of the line).
[[nodiscard]] Result<std::vector<Bar>> read_bars(const std::string& file);

inline constexpr std::size_t kBarsMax = 10'000'000;

}  // namespace astro::market

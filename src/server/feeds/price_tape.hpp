#pragma once

#include <memory>
#include <string>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"

/// Messages of an exchange's streams in the order of their time, without end: recorded ones again
/// and again with their times and numbers shifted, and made-up ones in the same form.
namespace astro::feeds {

struct TapeMessage {
    std::string stream;  ///< "btcusdt@bookTicker"
    std::string text;    ///< {"stream":…,"data":…}
};

/// Not thread-safe.
class PriceTape {
  public:
    virtual ~PriceTape() = default;
    /// When the next message is due.
    [[nodiscard]] virtual TimestampNs due() const = 0;
    /// An error when the recording cannot be read any further.
    [[nodiscard]] virtual Result<TapeMessage> next() = 0;
};

/// A recording of lines "<nanoseconds> <json>", plain or gzip.
struct CaptureOptions {
    std::string file;
    std::vector<std::string> streams;  ///< only those whose name ends so: "@bookTicker"
    /// The captures in share/market were made over the same minutes: they begin together and begin
    /// again together.
    TimestampNs base{1'723'161'253'900'000'000};
    DurationNs period = seconds(347);
};
/// Plays from `start` on. "no_capture" when the file cannot be read, or has no line to play.
[[nodiscard]] Result<std::unique_ptr<PriceTape>> make_capture_tape(CaptureOptions options,
                                                                   TimestampNs start);

/// The times ("E", "T") and the numbers ("u", "U", "pu", "t", "a", "f", "l") of a message, moved.
[[nodiscard]] std::string shift_message(std::string_view json, std::int64_t milliseconds,
                                        std::int64_t numbers);

/// Best bid and ask every half second along recorded hourly candles, each played in five minutes:
/// straight from the open over both extremes to the close. Where it stands follows from the wall
/// time alone, so that a restart goes on where it was. With `hour`, a candle's time as the file
/// writes it, each hour of the clock begins with that candle; "no_candles" when there is none.
[[nodiscard]] Result<std::unique_ptr<PriceTape>> make_candle_tape(const std::string& file,
                                                                  std::string symbol,
                                                                  TimestampNs start,
                                                                  std::string_view hour = {});

/// The same along a made-up path around a price (1e-6): some per cent over hours, some basis points
/// over minutes; a function of the wall time.
[[nodiscard]] std::unique_ptr<PriceTape> make_walk_tape(std::string symbol, std::int64_t around,
                                                        TimestampNs start);

}  // namespace astro::feeds

#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "foundation/base/clock.hpp"
#include "server/traders/noise_flow.hpp"
#include "server/traders/quoting.hpp"

/// Programs that trade through the public API and know nothing else of the venue.
namespace astro::traders {

struct ConnectionOptions {
    std::string url = "http://127.0.0.1:8080";
    std::string key_id, key_file;
    /// Play money is asked for when an account has less than half of it, US dollars; 0: never.
    std::int64_t paper_usd = 0;
};

struct QuoteOptions {
    ConnectionOptions connection;
    std::vector<std::string> markets;
    QuoteSettings quotes;                     ///< its size is of every market, when above zero …
    std::int64_t value_usd = 1'000;           ///< … else each market's is worth so much
    std::int64_t position_levels = 10;        ///< largest position, in sizes of a level
    DurationNs interval = milliseconds(500);  ///< between two changes of a market's quotes
};

struct NoiseOptions {
    ConnectionOptions connection;
    std::vector<std::string> markets;
    std::size_t accounts = 4;
    NoiseSettings flow;  ///< seed and style are those of the first; others follow from them
};

/// Raised once, from any thread: the program cancels what it has on the book and returns.
class StopFlag {
  public:
    void raise() { raised_ = true; }
    [[nodiscard]] bool raised() const { return raised_; }

  private:
    std::atomic<bool> raised_ = false;
};

/// Told as it happens: one line for a person.
using Say = std::function<void(const std::string&)>;

/// Run until `stop`. Lost connections are made anew with growing waits; what rests from before is
/// found again by its client ids. An error is one that trying again does not cure: a wrong key, an
/// unknown market.
[[nodiscard]] Result<void> run_quote(const QuoteOptions& options, Clock& clock,
                                     const StopFlag& stop, const Say& say);
[[nodiscard]] Result<void> run_noise(const NoiseOptions& options, Clock& clock,
                                     const StopFlag& stop, const Say& say);

}  // namespace astro::traders

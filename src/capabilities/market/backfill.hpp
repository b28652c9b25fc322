#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "capabilities/market/series_tape.hpp"
#include "foundation/net/client.hpp"

namespace astro::market {

/// What became of asking a source for what was missed.
struct BackfillStatus {
    std::string source{};
    std::string endpoint{};
    std::string state = "idle";  ///< "idle", "asking", "paused"
    std::string detail{};        ///< why it is paused
    std::uint64_t missing = 0;   ///< trades that are still to be asked for
    std::uint64_t requests = 0, rate_limited = 0, failed = 0;
    std::uint64_t filled = 0;  ///< trades that came
    std::uint64_t absent = 0;  ///< numbers that the source does not have
};
BOOST_DESCRIBE_STRUCT(BackfillStatus, (),
                      (source, endpoint, state, detail, missing, requests, rate_limited, failed,
                       filled, absent))

struct BackfillSource {
    std::string name{};  ///< "coinbase"
    std::string url{};   ///< of its REST interface
    std::string key{};   ///< for Binance's, where it wants one; empty: none
};

struct BackfillOptions {
    DurationNs interval = milliseconds(500);  ///< between requests, of all sources together
    DurationNs settle = seconds(2);           ///< a gap this new may still close by itself
    DurationNs pause_first = seconds(5), pause_max = seconds(600);  ///< after a failure
    DurationNs pause_limited = seconds(60);  ///< after 429, unless it names another time
};

/// Asks exchanges over REST for the trades that their streams left out, and for those of the time
/// when nobody listened: one request at a time, one gap at a time, the oldest first. A source that
/// fails or asks for it is left alone. Thread-safe, but for start() and stop().
class Backfill {
  public:
    /// The tape and the clock outlive it. "bad_url".
    [[nodiscard]] static Result<std::unique_ptr<Backfill>> make(
        const std::vector<BackfillSource>& sources, SeriesTape& tape, Clock& clock,
        const BackfillOptions& options = {});
    ~Backfill();

    void start();
    void stop();  ///< joins; idempotent
    [[nodiscard]] std::vector<BackfillStatus> status() const;

  private:
    struct Place {
        net::Url url{};
        std::string key{};
        std::shared_ptr<net::HttpClient> client{};
        BackfillStatus status{};
        TimestampNs not_before{};
        DurationNs pause{};
    };
    Backfill(SeriesTape& tape, Clock& clock, const BackfillOptions& options)
        : tape_(tape), clock_(clock), options_(options) {}

    void run();
    void step();
    [[nodiscard]] std::optional<SeriesTape::Missed> next_missed();
    Result<std::vector<ExchangeTrade>> ask(Place& place, const SeriesTape::Missed& missed);
    Result<net::Response> request(Place& place, const net::Request& request);
    void note(Place& place, const Error* error);

    SeriesTape& tape_;
    Clock& clock_;
    const BackfillOptions options_;
    std::vector<std::string> order_;
    solana::JsonDocument document_;  ///< the thread's own

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false;
    std::map<std::string, Place, std::less<>> places_;
    std::thread thread_;
};

}  // namespace astro::market

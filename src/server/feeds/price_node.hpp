#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "capabilities/market/sources/source_text.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/net/server.hpp"
#include "server/feeds/price_history.hpp"
#include "server/feeds/price_tape.hpp"

namespace astro::feeds {

/// What goes wrong on purpose, in per cent of the messages or requests concerned.
struct PriceFaults {
    int drop_percent = 0;          ///< of the streams' messages
    int garbage_percent = 0;       ///< of the streams' messages: cut in the middle
    int rate_limited_percent = 0;  ///< of HTTP requests: 429
    int server_error_percent = 0;  ///< of HTTP requests: 503
    bool silent = false;           ///< WebSockets are accepted and never told anything
};

/// One venue's streams: its path on the node, and what is played there.
struct PriceTrack {
    std::string path;  ///< "/spot"
    std::unique_ptr<PriceTape> tape;
    /// Its best bid and ask are also what Hermes and CoinGecko say of this asset; empty: no.
    std::string feed_id{}, coin_id{};
    /// And, with its trades, what is told at /coinbase and /kraken; empty: nothing.
    std::string coinbase{}, kraken{};
};

/// A loopback server that speaks what price sources speak, over recorded and made-up messages:
/// Binance's combined streams (WebSocket /spot, /usdm, /coinm), Coinbase's and Kraken's feeds
/// (WebSocket /coinbase, /kraken), older trades of these over HTTP, Hermes' and CoinGecko's. The
/// sources of the capability `market` are pointed at it, so that the demo runs the path that
/// production runs (docs/adr/0002). All public members are thread-safe.
class PriceNode {
  public:
    static Result<std::unique_ptr<PriceNode>> start(std::vector<PriceTrack> tracks, Clock& clock,
                                                    std::uint64_t seed = 1);
    ~PriceNode();

    [[nodiscard]] std::string url() const;            ///< "http://127.0.0.1:port"
    [[nodiscard]] std::string websocket_url() const;  ///< "ws://127.0.0.1:port"
    void set_faults(const PriceFaults& faults);
    /// How many streams are followed, and how many messages of a path's tapes were played.
    [[nodiscard]] std::size_t followers() const;
    [[nodiscard]] std::size_t played(const std::string& path) const;
    /// Why a tape ended before its end; empty when none did.
    [[nodiscard]] std::string problem() const;
    void stop();  ///< idempotent

  private:
    class Socket;
    /// What is known of an asset, from the last message of its track.
    struct Quote {
        std::string coin_id;
        exchange::Price price{}, confidence{};
        std::int64_t average_scaled = 0;  ///< of an EMA, 1e-6 / 65,536
        TimestampNs time{}, averaged{};
        exchange::Price sampled{};  ///< what CoinGecko says: each half minute anew
        TimestampNs sampled_at{};
    };

    PriceNode(std::vector<PriceTrack> tracks, Clock& clock, std::uint64_t seed);
    [[nodiscard]] net::Upgrade accept(const net::Request& request);
    [[nodiscard]] net::Response answer(const net::Request& request);
    [[nodiscard]] net::Response hermes_latest(const net::Request& request) const;
    [[nodiscard]] net::Response coingecko_price(const net::Request& request) const;
    void pace();
    void play_due(TimestampNs now);
    void publish(const PriceTrack& track, TapeMessage message);
    void send(const std::string& stream, std::string text);
    void retell(const PriceTrack& track, const std::string& text);
    void remember(const std::string& path, const std::string& symbol,
                  const market::PublicTrade& trade);
    void note(const PriceTrack& track, const market::BookTicker& ticker);
    [[nodiscard]] bool chance(int percent);

    Clock& clock_;
    std::vector<PriceTrack> tracks_;  ///< the pacer's own, but for what is constant

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false;
    std::string problem_;
    PriceFaults faults_;
    std::uint64_t random_;
    std::multimap<std::string, std::shared_ptr<net::WebSocket>> subscribers_;  ///< by path + stream
    std::map<std::string, Quote> quotes_;                                      ///< by feed id
    PriceHistory history_;
    std::map<std::string, std::size_t> played_;  ///< by path

    market::JsonDocument document_;  ///< the pacer's own
    std::unique_ptr<net::Server> server_;
    std::thread pacer_;
};

/// What the demo plays: BTC and ETH as recorded, SOL along recorded candles (`hour`: see
/// make_candle_tape), XLM made up. `folder` is share/market. Refusals: "no_capture", "no_candles".
[[nodiscard]] Result<std::vector<PriceTrack>> demo_tracks(const std::string& folder, Clock& clock,
                                                          std::string_view hour = {});

}  // namespace astro::feeds

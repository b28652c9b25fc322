#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "capabilities/market/engine/model.hpp"
#include "capabilities/market/series_model.hpp"
#include "capabilities/market/sources/exchange_text.hpp"
#include "foundation/base/clock.hpp"

/// Where prices come from. Live and replay differ in the address and the label only: what is
/// recorded is played by a loopback server that speaks the source's own protocol (docs/adr/0002).
namespace astro::market {

enum class SourceKind : std::uint8_t { pyth, coingecko, exchange, pools };
BOOST_DESCRIBE_ENUM(SourceKind, pyth, coingecko, exchange, pools)

struct SourceStatus {
    std::string source{};
    SourceKind kind = SourceKind::exchange;
    PriceLabel label = PriceLabel::live;
    std::string state{};   ///< "connecting", "running", "reconnecting", "stopped"
    std::string detail{};  ///< a sentence when something is wrong
    std::string endpoint{};
    std::vector<std::string> assets{};
    std::uint64_t messages = 0, observations = 0;
    std::uint64_t unreadable = 0;  ///< messages, or prices in them, that make no sense
    std::uint64_t crossed = 0;     ///< books whose best bid is not below the best ask
    std::uint64_t reconnects = 0, rate_limited = 0;
    std::optional<TimestampNs> last_message{};
};
BOOST_DESCRIBE_STRUCT(SourceStatus, (),
                      (source, kind, label, state, detail, endpoint, assets, messages, observations,
                       unreadable, crossed, reconnects, rate_limited, last_message))

/// Called from the sources' threads, at any time between start() and the return of stop(). Brief.
class SourceSink {
  public:
    virtual ~SourceSink() = default;
    virtual void on_observation(Observation seen) = 0;
    /// Of those sources that tell trades.
    virtual void on_trade(const SourceTrade&) {}
    /// Best bid and ask with their sizes, of those that tell them.
    virtual void on_quote(const SourceQuote&) {}
};

class Source {
  public:
    virtual ~Source() = default;
    virtual void start(SourceSink& sink) = 0;
    virtual void stop() = 0;  ///< joins; idempotent
    [[nodiscard]] virtual SourceStatus status() const = 0;
};

/// An asset, and what the source calls it.
struct SourceAsset {
    std::string asset{};    ///< "BTC"
    std::string foreign{};  ///< a feed's id, a coin's id, a symbol
    PriceLabel label = PriceLabel::live;
};

struct SourceOptions {
    std::string name{};  ///< "binance_spot"
    std::string url{};   ///< scheme, host, port
    std::vector<SourceAsset> assets{};
    DurationNs silence = seconds(20);  ///< a stream without messages is connected anew
    std::uint64_t seed = 1;            ///< of the waits between attempts
};

/// Best bid and ask of an exchange's stream (the price is the middle, the band half of the spread),
/// and its trades.
[[nodiscard]] Result<std::unique_ptr<Source>> make_exchange_source(
    SourceOptions options, Clock& clock, ExchangeFormat format = ExchangeFormat::binance);

struct HermesOptions : SourceOptions {
    bool stream = true;  ///< server-sent events; false: asks again and again
    DurationNs poll_interval = milliseconds(500);
};
[[nodiscard]] Result<std::unique_ptr<Source>> make_hermes_source(HermesOptions options,
                                                                 Clock& clock);

struct CoinGeckoOptions : SourceOptions {
    DurationNs poll_interval = seconds(60);  ///< the public plan allows few requests a minute
    std::string key{};                       ///< of a plan; empty: none
};
[[nodiscard]] Result<std::unique_ptr<Source>> make_coingecko_source(CoinGeckoOptions options,
                                                                    Clock& clock);

}  // namespace astro::market

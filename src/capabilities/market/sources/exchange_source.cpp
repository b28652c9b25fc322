#include <algorithm>

#include "capabilities/market/sources/observe.hpp"
#include "capabilities/market/sources/source_core.hpp"
#include "capabilities/market/sources/source_text.hpp"
#include "foundation/net/client.hpp"

namespace astro::market {
namespace {

constexpr std::size_t kMessageBytesMax = 4U << 20;

class ExchangeSource final : public Source {
  public:
    ExchangeSource(SourceOptions options, net::Url url, Clock& clock)
        : options_(std::move(options)),
          url_(std::move(url)),
          clock_(clock),
          core_(initial_status(options_, SourceKind::exchange), clock, options_.seed) {}
    ~ExchangeSource() override { ExchangeSource::stop(); }

    void start(SourceSink& sink) override {
        core_.start(sink, [this] { return session(); });
    }
    void stop() override {
        core_.stop([this] { socket_.interrupt(); });
    }
    SourceStatus status() const override { return core_.status(); }

  private:
    Result<void> session() {
        net::ClientOptions limits;
        limits.response_bytes = kMessageBytesMax;
        ASTRO_TRY(std::shared_ptr<net::WebSocketClient> socket,
                  net::WebSocketClient::connect(url_, limits));
        if (!socket_.set(socket)) return {};
        while (!core_.stopped()) {
            ASTRO_TRY(const std::optional<std::string> text, socket->receive(options_.silence));
            if (!text)
                return unavailable(
                    "silent", "nothing came for " +
                                  std::to_string(options_.silence.value() / 1'000'000'000) + " s");
            take(*text);
        }
        return {};
    }

    void take(std::string_view text) {
        const TimestampNs now = clock_.now();
        core_.heard(now);
        const auto message = parse_binance(document_, text);
        if (!message) return core_.count_unreadable();
        if (const auto* trade = std::get_if<PublicTrade>(&message->body))
            return take_trade(message->venue, *trade);
        const auto* ticker = std::get_if<BookTicker>(&message->body);
        if (ticker == nullptr) return;
        if (ticker->bid <= Price{0} || ticker->bid >= ticker->ask) return core_.count_crossed();
        const auto* asset = find_asset(options_.assets, ticker->symbol);
        if (asset == nullptr) return;
        core_.deliver(observation_of(options_.name, *asset, *ticker, now));
        constexpr std::int64_t kToBase = 10;  // 1e-8 to 1e-9
        core_.sink().on_quote({.source = options_.name,
                               .symbol = ticker->symbol,
                               .bid = {ticker->bid, Base{ticker->bid_size.value() * kToBase}},
                               .ask = {ticker->ask, Base{ticker->ask_size.value() * kToBase}},
                               .time = TimeMs{ticker->time.value_or(now).value() / 1'000'000}});
    }

    void take_trade(BinanceVenue venue, const PublicTrade& trade) {
        const auto* asset = find_asset(options_.assets, trade.symbol);
        if (asset == nullptr) return;
        const auto made = candle_trade_of(venue, trade);
        if (!made) return core_.count_unreadable();
        core_.sink().on_trade({.source = options_.name,
                               .symbol = trade.symbol,
                               .asset = asset->asset,
                               .label = asset->label,
                               .trade = *made,
                               .side = trade.buyer_is_maker ? Side::sell : Side::buy});
    }

    const SourceOptions options_;
    const net::Url url_;
    Clock& clock_;
    SourceCore core_;
    JsonDocument document_;
    Breakable<net::WebSocketClient> socket_;
};

/// "/stream?streams=btcusdt@bookTicker/btcusdt@trade", below the path of the address.
std::string streams_target(std::string_view path, const std::vector<SourceAsset>& assets) {
    std::string out(path.substr(0, path.find_last_not_of('/') + 1));
    out += "/stream?streams=";
    for (const auto& asset : assets) {
        std::string symbol = asset.foreign;
        std::transform(symbol.begin(), symbol.end(), symbol.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        out += (out.back() == '=' ? "" : "/") + symbol + "@bookTicker/" + symbol + "@trade";
    }
    return out;
}

}  // namespace

Result<std::unique_ptr<Source>> make_exchange_source(SourceOptions options, Clock& clock) {
    ASTRO_TRY(net::Url url, net::parse_url(options.url));
    url.target = streams_target(url.target, options.assets);
    return std::unique_ptr<Source>(
        std::make_unique<ExchangeSource>(std::move(options), std::move(url), clock));
}

}  // namespace astro::market

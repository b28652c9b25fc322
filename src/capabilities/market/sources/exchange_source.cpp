#include <algorithm>

#include "capabilities/market/sources/observe.hpp"
#include "capabilities/market/sources/source_core.hpp"
#include "foundation/net/client.hpp"

namespace astro::market {
namespace {

constexpr std::size_t kMessageBytesMax = 4U << 20;

class ExchangeSource final : public Source {
  public:
    ExchangeSource(SourceOptions options, ExchangeFormat format, net::Url url, Clock& clock)
        : options_(std::move(options)),
          format_(format),
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
        std::vector<std::string> symbols;
        for (const auto& asset : options_.assets) symbols.push_back(asset.foreign);
        for (const auto& text : subscriptions(format_, symbols)) ASTRO_CHECK(socket->send(text));
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
        const auto news = read_exchange(format_, document_, text);
        if (!news) return core_.count_unreadable();
        if (news->unreadable > 0) core_.count_unreadable(news->unreadable);
        if (!news->complaint.empty()) core_.trouble(news->complaint);
        for (const auto& trade : news->trades) take_trade(trade);
        for (const auto& quote : news->quotes) take_quote(quote, now);
    }

    void take_quote(const ExchangeQuote& quote, TimestampNs now) {
        if (quote.is_crossed()) return core_.count_crossed();
        const auto* asset = find_asset(options_.assets, quote.symbol);
        if (asset == nullptr) return;
        core_.deliver(observation_of(options_.name, *asset, quote, now));
        core_.sink().on_quote({.source = options_.name,
                               .symbol = quote.symbol,
                               .bid = {quote.bid, quote.bid_size},
                               .ask = {quote.ask, quote.ask_size},
                               .time = TimeMs{quote.time.value_or(now).value() / 1'000'000}});
    }

    void take_trade(const ExchangeTrade& trade) {
        const auto* asset = find_asset(options_.assets, trade.symbol);
        if (asset == nullptr) return;
        core_.sink().on_trade({.source = options_.name,
                               .symbol = trade.symbol,
                               .asset = asset->asset,
                               .label = asset->label,
                               .trade = trade.trade,
                               .side = trade.side});
    }

    const SourceOptions options_;
    const ExchangeFormat format_;
    const net::Url url_;
    Clock& clock_;
    SourceCore core_;
    solana::JsonDocument document_;
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

Result<std::unique_ptr<Source>> make_exchange_source(SourceOptions options, Clock& clock,
                                                     ExchangeFormat format) {
    ASTRO_TRY(net::Url url, net::parse_url(options.url));
    if (format == ExchangeFormat::binance) url.target = streams_target(url.target, options.assets);
    return std::unique_ptr<Source>(
        std::make_unique<ExchangeSource>(std::move(options), format, std::move(url), clock));
}

}  // namespace astro::market

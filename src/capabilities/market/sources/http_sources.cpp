#include "capabilities/market/sources/observe.hpp"
#include "capabilities/market/sources/source_core.hpp"
#include "capabilities/market/sources/source_text.hpp"
#include "foundation/net/client.hpp"
#include "foundation/net/event_stream.hpp"

namespace astro::market {
namespace {

constexpr std::size_t kAnswerBytesMax = 4U << 20;

net::ClientOptions client_options() {
    net::ClientOptions out;
    out.response_bytes = kAnswerBytesMax;
    return out;
}

/// The body of a 200; "http_429" (kind limited) and "http_error" else.
Result<std::string> get(net::HttpClient& client, const std::string& target,
                        const net::Fields& headers = {}) {
    net::Request request;
    request.target = target;
    request.headers = headers;
    ASTRO_TRY(net::Response response, client.request(request));
    if (response.status == 429)
        return limited("http_429", "the source asks to be asked less often", target);
    if (response.status != 200)
        return unavailable("http_error", "HTTP status " + std::to_string(response.status), target);
    return std::move(response.body);
}

class HermesSource final : public Source {
  public:
    HermesSource(HermesOptions options, net::Url url, Clock& clock)
        : options_(std::move(options)),
          url_(std::move(url)),
          clock_(clock),
          core_(initial_status(options_, SourceKind::pyth), clock, options_.seed) {}
    ~HermesSource() override { HermesSource::stop(); }

    void start(SourceSink& sink) override {
        core_.start(sink, [this] { return options_.stream ? follow() : ask(); });
    }
    void stop() override {
        core_.stop([this] {
            client_.interrupt();
            events_.interrupt();
        });
    }
    SourceStatus status() const override { return core_.status(); }

  private:
    std::string target(std::string_view path) const {
        std::string out = "/v2/updates/price/" + std::string(path) + "?parsed=true&encoding=base64";
        for (const auto& asset : options_.assets) out += "&ids%5B%5D=" + asset.foreign;
        return out;
    }

    /// Hermes ends a stream after some hours; that is no trouble.
    Result<void> follow() {
        net::Url url = url_;
        url.target = target("stream");
        ASTRO_TRY(std::shared_ptr<net::EventStreamClient> events,
                  net::EventStreamClient::connect(url));
        if (!events_.set(events)) return {};
        while (!core_.stopped()) {
            ASTRO_TRY(const auto event, events->receive(options_.silence));
            if (!event) return unavailable("silent", "the stream is silent", url_.authority());
            take(event->data);
        }
        return {};
    }

    Result<void> ask() {
        ASTRO_TRY(std::shared_ptr<net::HttpClient> client,
                  net::HttpClient::make(url_, client_options()));
        if (!client_.set(client)) return {};
        do {
            ASTRO_TRY(const std::string body, get(*client, target("latest")));
            take(body);
        } while (core_.pause(options_.poll_interval));
        return {};
    }

    void take(std::string_view text) {
        const TimestampNs now = clock_.now();
        core_.heard(now);
        const auto update = parse_hermes(document_, text);
        if (!update) return core_.count_unreadable();
        if (update->unreadable > 0) core_.count_unreadable(update->unreadable);
        for (const auto& price : update->prices)
            if (const auto* asset = find_asset(options_.assets, price.id))
                core_.deliver(observation_of(options_.name, *asset, price, now));
    }

    const HermesOptions options_;
    const net::Url url_;
    Clock& clock_;
    SourceCore core_;
    JsonDocument document_;
    Breakable<net::HttpClient> client_;
    Breakable<net::EventStreamClient> events_;
};

class CoinGeckoSource final : public Source {
  public:
    CoinGeckoSource(CoinGeckoOptions options, net::Url url, Clock& clock)
        : options_(std::move(options)),
          url_(std::move(url)),
          clock_(clock),
          core_(initial_status(options_, SourceKind::coingecko), clock, options_.seed) {}
    ~CoinGeckoSource() override { CoinGeckoSource::stop(); }

    void start(SourceSink& sink) override {
        core_.start(sink, [this] { return session(); });
    }
    void stop() override {
        core_.stop([this] { client_.interrupt(); });
    }
    SourceStatus status() const override { return core_.status(); }

  private:
    Result<void> session() {
        ASTRO_TRY(std::shared_ptr<net::HttpClient> client,
                  net::HttpClient::make(url_, client_options()));
        if (!client_.set(client)) return {};
        net::Fields headers;
        if (!options_.key.empty()) headers.set("x-cg-demo-api-key", options_.key);
        std::string ids;
        for (const auto& asset : options_.assets) ids += (ids.empty() ? "" : ",") + asset.foreign;
        const std::string target =
            "/api/v3/simple/price?vs_currencies=usd&precision=full"
            "&include_last_updated_at=true&ids=" +
            ids;
        do {
            ASTRO_TRY(const std::string body, get(*client, target, headers));
            take(body);
        } while (core_.pause(options_.poll_interval));
        return {};
    }

    void take(std::string_view text) {
        const TimestampNs now = clock_.now();
        core_.heard(now);
        const auto prices = parse_coingecko(document_, text);
        if (!prices) return core_.count_unreadable();
        if (prices->unreadable > 0) core_.count_unreadable(prices->unreadable);
        for (const auto& price : prices->prices)
            if (const auto* asset = find_asset(options_.assets, price.id))
                core_.deliver(observation_of(options_.name, *asset, price, now));
    }

    const CoinGeckoOptions options_;
    const net::Url url_;
    Clock& clock_;
    SourceCore core_;
    JsonDocument document_;
    Breakable<net::HttpClient> client_;
};

}  // namespace

Result<std::unique_ptr<Source>> make_hermes_source(HermesOptions options, Clock& clock) {
    ASTRO_TRY(net::Url url, net::parse_url(options.url));
    return std::unique_ptr<Source>(
        std::make_unique<HermesSource>(std::move(options), std::move(url), clock));
}

Result<std::unique_ptr<Source>> make_coingecko_source(CoinGeckoOptions options, Clock& clock) {
    ASTRO_TRY(net::Url url, net::parse_url(options.url));
    return std::unique_ptr<Source>(
        std::make_unique<CoinGeckoSource>(std::move(options), std::move(url), clock));
}

}  // namespace astro::market

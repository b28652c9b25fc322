#include "server/feeds/price_node.hpp"

#include <algorithm>
#include <chrono>

#include "capabilities/market/defaults.hpp"
#include "server/feeds/price_dialects.hpp"

namespace astro::feeds {
namespace {

using exchange::Price;

/// Due messages are sent together at this pace, which costs a wake-up of both sides each.
constexpr DurationNs kGrain = milliseconds(10);
constexpr DurationNs kSampleEvery = seconds(30);
constexpr std::int64_t kAverageSeconds = 3'600, kScale = 65'536;
constexpr std::int64_t kBandPart = 4'000;  ///< a made-up band of 2.5 basis points

const std::string kCoinbasePath = "/coinbase", kKrakenPath = "/kraken";

std::int64_t whole_seconds(TimestampNs time) {
    return time.value() / 1'000'000'000;
}

std::string hermes_number(std::string_view name, Price price, Price band, TimestampNs time) {
    // Hermes writes crypto prices with eight decimals.
    return R"(")" + std::string(name) + R"(":{"price":")" + std::to_string(price.value() * 100) +
           R"(","conf":")" + std::to_string(band.value() * 100) + R"(","expo":-8,"publish_time":)" +
           std::to_string(whole_seconds(time)) + "}";
}

net::Response plain(int status, std::string text) {
    net::Response out;
    out.status = status;
    out.headers.add("content-type", "text/plain");
    out.body = std::move(text);
    return out;
}

}  // namespace

/// /spot/stream?streams=a/b: follows those streams until it closes; /coinbase and /kraken: those
/// that it is sent the names of.
class PriceNode::Socket final : public net::WebSocketHandler {
  public:
    Socket(PriceNode& node, std::string path, std::vector<std::string> streams)
        : node_(node), path_(std::move(path)), streams_(std::move(streams)) {}

    void on_open(std::shared_ptr<net::WebSocket> socket) override {
        const std::lock_guard lock(node_.mutex_);
        socket_ = std::move(socket);
        for (const auto& stream : streams_) node_.subscribers_.emplace(stream, socket_);
    }
    void on_text(std::string_view text) override {
        market::JsonDocument document;
        const auto symbols = subscribed_symbols(document, text);
        const std::lock_guard lock(node_.mutex_);
        for (const auto& symbol : symbols) {
            const std::string stream = path_ + "/" + symbol;
            const auto [first, last] = node_.subscribers_.equal_range(stream);
            // Each of its channels is asked for by itself.
            if (socket_ && std::none_of(first, last, [this](const auto& entry) {
                    return entry.second == socket_;
                }))
                node_.subscribers_.emplace(stream, socket_);
        }
    }
    void on_close() override {
        const std::lock_guard lock(node_.mutex_);
        std::erase_if(node_.subscribers_,
                      [this](const auto& entry) { return entry.second == socket_; });
        socket_ = nullptr;
    }

  private:
    PriceNode& node_;
    const std::string path_;
    const std::vector<std::string> streams_;
    std::shared_ptr<net::WebSocket> socket_;
};

PriceNode::PriceNode(std::vector<PriceTrack> tracks, Clock& clock, std::uint64_t seed)
    : clock_(clock), tracks_(std::move(tracks)), random_(seed) {
    for (const auto& track : tracks_)
        if (!track.feed_id.empty()) quotes_[track.feed_id].coin_id = track.coin_id;
}

Result<std::unique_ptr<PriceNode>> PriceNode::start(std::vector<PriceTrack> tracks, Clock& clock,
                                                    std::uint64_t seed) {
    std::unique_ptr<PriceNode> node(new PriceNode(std::move(tracks), clock, seed));
    PriceNode* const self = node.get();
    net::ServerOptions options;
    options.offload_threads = 1;
    ASTRO_TRY(node->server_,
              net::Server::start(
                  std::move(options),
                  [self](const net::Request& request, const net::Reply& reply) {
                      reply(self->answer(request));
                  },
                  [self](const net::Request& request) { return self->accept(request); }));
    node->pacer_ = std::thread([self] { self->pace(); });
    return node;
}

net::Upgrade PriceNode::accept(const net::Request& request) {
    constexpr std::string_view kEnd = "/stream";
    if (request.path == kCoinbasePath || request.path == kKrakenPath)
        return std::make_unique<Socket>(*this, request.path, std::vector<std::string>());
    const auto wanted = request.query_value("streams");
    if (!wanted || !request.path.ends_with(kEnd)) return nullptr;
    const std::string path = request.path.substr(0, request.path.size() - kEnd.size());
    std::vector<std::string> streams;
    std::string_view left = *wanted;
    while (!left.empty()) {
        const auto name = left.substr(0, left.find('/'));
        streams.push_back(path + "/" + std::string(name));
        left.remove_prefix(std::min(left.size(), name.size() + 1));
    }
    return std::make_unique<Socket>(*this, path, std::move(streams));
}

PriceNode::~PriceNode() {
    stop();
}

void PriceNode::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    wake_.notify_all();
    if (pacer_.joinable()) pacer_.join();
    if (server_) server_->stop();
}

std::string PriceNode::url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port());
}
std::string PriceNode::websocket_url() const {
    return "ws://127.0.0.1:" + std::to_string(server_->port());
}

void PriceNode::set_faults(const PriceFaults& faults) {
    const std::lock_guard lock(mutex_);
    faults_ = faults;
}

std::size_t PriceNode::followers() const {
    const std::lock_guard lock(mutex_);
    return subscribers_.size();
}

std::size_t PriceNode::played(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto at = played_.find(path);
    return at == played_.end() ? 0 : at->second;
}

std::string PriceNode::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

/// The lock is held.
bool PriceNode::chance(int percent) {
    random_ = random_ * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
    return static_cast<int>((random_ >> 33) % 100) < percent;
}

// ── streams ─────────────────────────────────────────────────────────────────────────────────────

void PriceNode::pace() {
    for (;;) {
        play_due(clock_.now());
        std::unique_lock lock(mutex_);
        if (stopped_ || tracks_.empty()) return;
        const auto next = std::min_element(tracks_.begin(), tracks_.end(), [](auto& a, auto& b) {
                              return a.tape->due() < b.tape->due();
                          })->tape->due();
        const DurationNs wait = std::max(kGrain, next - clock_.now());
        wake_.wait_for(lock, std::chrono::nanoseconds(wait.value()), [this] { return stopped_; });
    }
}

void PriceNode::play_due(TimestampNs now) {
    for (auto track = tracks_.begin(); track != tracks_.end();) {
        bool ended = false;
        while (track->tape->due() <= now && !ended) {
            auto message = track->tape->next();
            if (message) {
                publish(*track, std::move(*message));
                continue;
            }
            const std::lock_guard lock(mutex_);
            problem_ = message.error().text();
            ended = true;
        }
        track = ended ? tracks_.erase(track) : std::next(track);
    }
}

void PriceNode::publish(const PriceTrack& track, TapeMessage message) {
    if (!track.feed_id.empty()) retell(track, message.text);
    send(track.path + "/" + message.stream, std::move(message.text));
    const std::lock_guard lock(mutex_);
    ++played_[track.path];
}

void PriceNode::send(const std::string& stream, std::string text) {
    const std::lock_guard lock(mutex_);
    if (faults_.silent || chance(faults_.drop_percent)) return;
    if (chance(faults_.garbage_percent)) text.resize(text.size() / 2);
    const auto [first, last] = subscribers_.equal_range(stream);
    if (first == last) return;
    const auto shared = std::make_shared<const std::string>(std::move(text));
    for (auto at = first; at != last; ++at) at->second->send(shared);
}

/// What other sources than the track's own say of it.
void PriceNode::retell(const PriceTrack& track, const std::string& text) {
    const auto message = market::parse_binance(document_, text);
    if (!message) return;
    const auto* ticker = std::get_if<market::BookTicker>(&message->body);
    const auto* trade = std::get_if<market::PublicTrade>(&message->body);
    if (ticker != nullptr) note(track, *ticker);
    const auto tell = [&](OtherFormat format, const std::string& path, const std::string& symbol) {
        if (symbol.empty()) return;
        if (ticker != nullptr)
            send(path + "/" + symbol, ticker_text(format, symbol, *ticker, clock_.now()));
        if (trade == nullptr) return;
        remember(path, symbol, *trade);
        send(path + "/" + symbol, trade_text(format, symbol, *trade));
    };
    if (trade != nullptr) remember(track.path, trade->symbol, *trade);
    tell(OtherFormat::coinbase, kCoinbasePath, track.coinbase);
    tell(OtherFormat::kraken, kKrakenPath, track.kraken);
}

/// Before it is told, so that who misses it finds it.
void PriceNode::remember(const std::string& path, const std::string& symbol,
                         const market::PublicTrade& trade) {
    const std::lock_guard lock(mutex_);
    history_.note(path, symbol, trade);
}

void PriceNode::note(const PriceTrack& track, const market::BookTicker& ticker) {
    const TimestampNs now = clock_.now();
    const std::lock_guard lock(mutex_);
    Quote& quote = quotes_[track.feed_id];
    const std::int64_t half = (ticker.ask - ticker.bid).value() / 2;
    quote.price = Price{ticker.bid.value() + half};
    quote.confidence = Price{std::max(half, quote.price.value() / kBandPart)};
    quote.time = now;
    if (quote.averaged == TimestampNs{}) quote.average_scaled = quote.price.value() * kScale;
    if (now - quote.averaged >= seconds(1)) {
        quote.average_scaled +=
            (quote.price.value() * kScale - quote.average_scaled) / kAverageSeconds;
        quote.averaged = now;
    }
    if (quote.sampled_at == TimestampNs{} || now - quote.sampled_at >= kSampleEvery) {
        quote.sampled = quote.price;
        quote.sampled_at = now;
    }
}

// ── HTTP ────────────────────────────────────────────────────────────────────────────────────────

net::Response PriceNode::answer(const net::Request& request) {
    {
        const std::lock_guard lock(mutex_);
        if (chance(faults_.rate_limited_percent)) return plain(429, "Too many requests");
        if (chance(faults_.server_error_percent)) return plain(503, "Busy");
        if (auto trades = history_.answer(request)) return net::json_response(std::move(*trades));
    }
    if (request.path == "/v2/updates/price/latest") return hermes_latest(request);
    if (request.path == "/api/v3/simple/price") return coingecko_price(request);
    return plain(404, "Not found");
}

net::Response PriceNode::hermes_latest(const net::Request& request) const {
    std::string feeds;
    const std::lock_guard lock(mutex_);
    for (const auto& [name, value] : request.query) {
        if (name != "ids[]") continue;
        const auto at = quotes_.find(value);
        if (at == quotes_.end()) return plain(404, "Price ids not found: " + value);
        const Quote& quote = at->second;
        if (quote.price == Price{0}) continue;
        feeds += (feeds.empty() ? "" : ",") + (R"({"id":")" + value + R"(",)") +
                 hermes_number("price", quote.price, quote.confidence, quote.time) + "," +
                 hermes_number("ema_price", Price{quote.average_scaled / kScale}, quote.confidence,
                               quote.time) +
                 "}";
    }
    return net::json_response(R"({"binary":{"encoding":"base64","data":[]},"parsed":[)" + feeds +
                              "]}");
}

net::Response PriceNode::coingecko_price(const net::Request& request) const {
    const std::string wanted = "," + std::string(request.query_value("ids").value_or("")) + ",";
    std::string coins;
    const std::lock_guard lock(mutex_);
    for (const auto& [id, quote] : quotes_) {
        if (quote.sampled == Price{0} || wanted.find("," + quote.coin_id + ",") == wanted.npos)
            continue;
        coins += (coins.empty() ? "\"" : ",\"") + quote.coin_id + R"(":{"usd":)" +
                 to_text(quote.sampled) + R"(,"last_updated_at":)" +
                 std::to_string(whole_seconds(quote.sampled_at)) + "}";
    }
    return net::json_response("{" + coins + "}");
}

Result<std::vector<PriceTrack>> demo_tracks(const std::string& folder, Clock& clock,
                                            std::string_view hour) {
    const TimestampNs now = clock.now();
    std::vector<PriceTrack> out;
    const auto capture = [&](std::string path, const std::string& file) -> Result<PriceTrack> {
        ASTRO_TRY(auto tape, make_capture_tape({.file = folder + "/" + file + "_20240808.raw.gz",
                                                .streams = {"@bookTicker", "@trade"}},
                                               now));
        return PriceTrack{.path = std::move(path), .tape = std::move(tape)};
    };
    // Its best bid and ask are what all sources say of the asset.
    const auto add = [&](std::string_view asset, PriceTrack track) {
        for (const auto& names : market::known_assets())
            if (names.asset == asset) {
                track.feed_id = names.pyth;
                track.coin_id = names.coingecko;
                track.coinbase = names.coinbase;
                track.kraken = names.kraken;
            }
        out.push_back(std::move(track));
    };
    ASTRO_TRY(auto btc, capture("/spot", "binance_spot_btcusdt"));
    add("BTC", std::move(btc));
    ASTRO_TRY(auto eth, capture("/spot", "binance_spot_ethusdt"));
    add("ETH", std::move(eth));
    ASTRO_TRY(auto usdm, capture("/usdm", "binance_usdm_btcusdt"));
    add("", std::move(usdm));
    ASTRO_TRY(auto coinm, capture("/coinm", "binance_coinm_btcusdperp"));
    add("", std::move(coinm));
    ASTRO_TRY(auto sol,
              make_candle_tape(folder + "/sol_candles_1h_2024-01_02.csv", "SOLUSDT", now, hour));
    add("SOL", {.path = "/spot", .tape = std::move(sol)});
    constexpr std::int64_t kXlmAround = 100'000;  // ten cents
    add("XLM", {.path = "/spot", .tape = make_walk_tape("XLMUSDT", kXlmAround, now)});
    return out;
}

}  // namespace astro::feeds

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "capabilities/market/candle_replay.hpp"
#include "capabilities/market/sources/source.hpp"
#include "foundation/net/net_test_support.hpp"

/// Sources of each format against a WebSocket server that says what such an exchange says.
namespace astro::market {
namespace {

/// Sends its lines to whoever has subscribed to as much as the format asks for.
class Exchange {
  public:
    Exchange(std::size_t subscriptions, std::vector<std::string> lines)
        : subscriptions_(subscriptions), lines_(std::move(lines)) {
        server_ = net::Server::start(
                      {}, [](const net::Request&, const net::Reply& reply) { reply({}); },
                      [this](const net::Request&) -> net::Upgrade {
                          return std::make_unique<Socket>(*this);
                      })
                      .value();
    }
    ~Exchange() { server_->stop(); }
    [[nodiscard]] std::string url() const {
        return "ws://127.0.0.1:" + std::to_string(server_->port());
    }
    [[nodiscard]] std::string heard() const {
        const std::lock_guard lock(mutex_);
        return heard_;
    }

  private:
    class Socket final : public net::WebSocketHandler {
      public:
        explicit Socket(Exchange& owner) : owner_(owner) {}
        void on_open(std::shared_ptr<net::WebSocket> socket) override { socket_ = socket; }
        void on_text(std::string_view text) override {
            const std::lock_guard lock(owner_.mutex_);
            owner_.heard_ += std::string(text) + "\n";
            if (++count_ == owner_.subscriptions_) tell();
        }
        void on_drain() override {
            const std::lock_guard lock(owner_.mutex_);
            if (count_ >= owner_.subscriptions_) tell();
        }
        void on_close() override { socket_ = nullptr; }

      private:
        /// As much as the queue takes.
        void tell() {
            while (socket_ && told_ < owner_.lines_.size() && socket_->queued() < 100 &&
                   socket_->send(std::make_shared<const std::string>(owner_.lines_[told_])))
                ++told_;
        }

        Exchange& owner_;
        std::shared_ptr<net::WebSocket> socket_;
        std::size_t count_ = 0, told_ = 0;
    };

    const std::size_t subscriptions_;
    const std::vector<std::string> lines_;
    mutable std::mutex mutex_;
    std::string heard_;
    std::unique_ptr<net::Server> server_;
};

class Collector final : public SourceSink {
  public:
    void on_observation(Observation seen) override { note(seen.asset + "=" + to_text(seen.price)); }
    void on_trade(const SourceTrade& seen) override {
        note(seen.source + ":" + seen.symbol + "#" + std::to_string(seen.trade.seq.value()));
        const std::lock_guard lock(mutex_);
        trades.push_back(seen);
    }
    /// All that was told, once it is so much.
    std::vector<std::string> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::milliseconds(net::test::kPatienceMs),
                       [&] { return told_.size() >= count; });
        return told_;
    }
    std::vector<SourceTrade> trades;

  private:
    void note(std::string text) {
        const std::lock_guard lock(mutex_);
        told_.push_back(std::move(text));
        wake_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::string> told_;
};

TEST(ExchangeSource, SubscribesAtCoinbaseAndTellsWhatComes) {
    const std::string match =
        R"({"type":"match","trade_id":11,"time":"2024-08-08T23:54:14.1Z","product_id":"BTC-USD",)"
        R"("size":"0.5","price":"61837.63","side":"buy"})";
    Exchange exchange(
        1,
        {R"({"type":"subscriptions","channels":[]})",
         R"({"type":"ticker","product_id":"BTC-USD","best_bid":"61837","best_ask":"61838",)"
         R"("time":"2024-08-08T23:54:14Z"})",
         R"({"type":"ticker","product_id":"BTC-USD","best_bid":"9","best_ask":"8"})",
         R"({"type":"match")", R"({"type":"match","product_id":"BTC-USD"})",
         R"({"type":"error","message":"Failed to subscribe","reason":"no such product"})", match});
    SystemClock clock;
    Collector seen;
    const auto source = make_exchange_source({.name = "coinbase",
                                              .url = exchange.url(),
                                              .assets = {{"BTC", "BTC-USD"}, {"XLM", "XLM-USD"}}},
                                             clock, ExchangeFormat::coinbase)
                            .value();
    source->start(seen);
    EXPECT_EQ(seen.wait_for(2), (std::vector<std::string>{"BTC=61837.5", "coinbase:BTC-USD#11"}));
    EXPECT_EQ(exchange.heard(),
              R"({"type":"subscribe","channels":["ticker","matches","heartbeat"],)"
              R"("product_ids":["BTC-USD","XLM-USD"]})"
              "\n");
    const auto status = source->status();
    EXPECT_EQ(status.state, "running");
    EXPECT_EQ(status.unreadable, 2U);
    EXPECT_EQ(status.crossed, 1U);
    EXPECT_EQ(status.detail, "Failed to subscribe: no such product");
    source->stop();
}

TEST(ExchangeSource, SubscribesAtKrakenAndTellsWhatComes) {
    Exchange exchange(
        2, {R"({"channel":"status","type":"update","data":[{"system":"online"}]})",
            R"({"channel":"trade","type":"snapshot","data":[)"
            R"({"symbol":"SOL/USD","side":"buy","price":150.1,"qty":1,"trade_id":8,)"
            R"("timestamp":"2024-08-08T23:54:14Z"},{"symbol":"SOL/USD"},)"
            R"({"symbol":"SOL/USD","side":"sell","price":150.2,"qty":1e-3,"trade_id":7,)"
            R"("timestamp":"2024-08-08T23:54:13Z"}]})",
            R"({"channel":"ticker","type":"update","data":[{"symbol":"SOL/USD","bid":150.12,)"
            R"("bid_qty":10.0,"ask":150.14,"ask_qty":3.5}]})"});
    SystemClock clock;
    Collector seen;
    const auto source =
        make_exchange_source(
            {.name = "kraken", .url = exchange.url(), .assets = {{"SOL", "SOL/USD"}}}, clock,
            ExchangeFormat::kraken)
            .value();
    source->start(seen);
    EXPECT_EQ(seen.wait_for(3),
              (std::vector<std::string>{"kraken:SOL/USD#7", "kraken:SOL/USD#8", "SOL=150.13"}));
    EXPECT_EQ(source->status().unreadable, 1U);
    EXPECT_EQ(exchange.heard(),
              R"({"method":"subscribe","params":{"channel":"ticker","event_trigger":"bbo",)"
              R"("symbol":["SOL/USD"]}})"
              "\n"
              R"({"method":"subscribe","params":{"channel":"trade","snapshot":true,)"
              R"("symbol":["SOL/USD"]}})"
              "\n");
    source->stop();
}

/// The recording through the source that runs in production, against the same read from the file.
TEST(ExchangeSource, PlaysTheRecordingOfKrakensFutures) {
    const std::string file = ASTRO_SOURCE_DIR "/share/market/kraken_futures_20210722.raw.gz";
    constexpr std::string_view kSymbol = "PI_ETHUSD";
    std::vector<std::string> lines;
    std::vector<RecordedCandle> expected;
    CandleReplay replay(kHours, [&](const RecordedCandle& candle) {
        if (candle.symbol == kSymbol) expected.push_back(candle);
    });
    auto recorded = RecordedLines::open(file).value();
    while (auto line = recorded.next().value()) {
        lines.push_back(line->json);
        replay.take(*line);
    }
    replay.finish();
    ASSERT_FALSE(expected.empty());

    Exchange exchange(2, lines);
    VirtualClock clock;
    clock.advance(parse_iso8601("2021-07-22T23:02:40Z").value() - clock.now());
    Collector seen;
    const auto source = make_exchange_source({.name = "kraken_futures",
                                              .url = exchange.url(),
                                              .assets = {{"ETH", std::string(kSymbol)}}},
                                             clock, ExchangeFormat::kraken_futures)
                            .value();
    source->start(seen);
    std::size_t trades = 0;
    for (const auto& candle : expected) trades += static_cast<std::size_t>(candle.candle.trades);
    constexpr std::size_t kQuotes = 25;
    EXPECT_EQ(seen.wait_for(trades + kQuotes).size(), trades + kQuotes);
    source->stop();
    TradeSeries series{GateRules{.dense = true}};
    for (const auto& trade : seen.trades)
        EXPECT_FALSE(series.take(trade.trade, TimeMs{clock.now().value() / 1'000'000}));
    std::size_t i = 0;
    for (const auto& candle : series.candles().candles(kHours)) {
        ASSERT_LT(i, expected.size());
        EXPECT_EQ(candle, expected[i++].candle);
    }
    EXPECT_EQ(i, expected.size());
}

}  // namespace
}  // namespace astro::market

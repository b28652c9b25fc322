#include "server/feeds/price_node.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include "capabilities/market/api.hpp"
#include "capabilities/market/defaults.hpp"
#include "capabilities/market/module.hpp"

namespace astro::feeds {
namespace {

const std::string kFolder = ASTRO_SOURCE_DIR "/share/market";

TEST(ShiftMessage, MovesTimesAndNumbersAndNothingElse) {
    EXPECT_EQ(shift_message(R"({"stream":"x@trade","data":{"e":"trade","E":10,"T":9,"s":"X","t":3,)"
                            R"("p":"5","q":"1","a":"7","m":false}})",
                            1'000, 50),
              R"({"stream":"x@trade","data":{"e":"trade","E":1010,"T":1009,"s":"X","t":53,)"
              R"("p":"5","q":"1","a":"7","m":false}})");
    EXPECT_EQ(shift_message(R"({"U":1,"u":2,"pu":0,"b":[["1","2"]],"a":[]})", 5, 7),
              R"({"U":8,"u":9,"pu":7,"b":[["1","2"]],"a":[]})");
    EXPECT_EQ(shift_message(R"({"E":10,"u":3})", 0, 0), R"({"E":10,"u":3})");
    EXPECT_EQ(shift_message("\":", 1, 1), "\":");
}

TEST(CaptureTape, PlaysTheRecordingAgainAndAgainWithTimesThatGoOn) {
    const auto file = std::filesystem::temp_directory_path() / "astrolabe_capture_tape_test.raw";
    std::ofstream(file)
        << "1000000000 {\"stream\":\"a@bookTicker\",\"data\":{\"E\":1700,\"u\":5}}\n"
           "1200000000 {\"stream\":\"a@trade\",\"data\":{\"E\":1800}}\n"
           "1500000000 {\"stream\":\"a@bookTicker\",\"data\":{\"E\":2200,\"u\":6}}\n";
    const auto start = from_unix_seconds(2'000'000'000);
    auto tape = make_capture_tape({.file = file.string(),
                                   .streams = {"@bookTicker"},
                                   .base = TimestampNs{900'000'000},
                                   .period = seconds(2)},
                                  start)
                    .value();
    const std::pair<std::int64_t, std::string> expected[] = {
        {100, R"({"stream":"a@bookTicker","data":{"E":2000000000100,"u":1999999999100005}})"},
        {600, R"({"stream":"a@bookTicker","data":{"E":2000000000600,"u":1999999999100006}})"},
        {2'100, R"({"stream":"a@bookTicker","data":{"E":2000000002100,"u":2000000001100005}})"},
        {2'600, R"({"stream":"a@bookTicker","data":{"E":2000000002600,"u":2000000001100006}})"}};
    for (const auto& [due_ms, text] : expected) {
        EXPECT_EQ(tape->due(), start + milliseconds(due_ms));
        const auto message = tape->next();
        ASSERT_TRUE(message);
        EXPECT_EQ(message->stream, "a@bookTicker");
        EXPECT_EQ(message->text, text);
    }
    std::filesystem::remove(file);
}

TEST(CaptureTape, RefusesWhatIsNoRecording) {
    const auto code_of = [](const std::string& file, const std::string& streams) {
        const auto tape = make_capture_tape({.file = file, .streams = {streams}}, TimestampNs{});
        return tape ? std::string("none") : std::string(tape.error().code);
    };
    EXPECT_EQ(code_of(kFolder + "/none.gz", ""), "no_capture");
    EXPECT_EQ(code_of(kFolder + "/README.md", ""), "no_capture");
    EXPECT_EQ(code_of(kFolder + "/binance_spot_btcusdt_20240808.raw.gz", "@none"), "no_capture");
}

TEST(DerivedTapes, FollowTheWallTimeAlone) {
    const std::string candles = kFolder + "/sol_candles_1h_2024-01_02.csv";
    const auto start = from_unix_seconds(300 * 1'000 * 6'000);
    auto early = make_candle_tape(candles, "SOLUSDT", start).value();
    const auto first = early->next().value();
    EXPECT_EQ(first.stream, "solusdt@bookTicker");
    EXPECT_NE(first.text.find(R"("s":"SOLUSDT","b":"96.020397","B":"100","a":"96.039603")"),
              std::string::npos)
        << first.text;
    std::string later;
    while (early->due() < start + seconds(60)) later = early->next().value().text;
    auto restarted = make_candle_tape(candles, "SOLUSDT", start + milliseconds(59'500)).value();
    EXPECT_EQ(restarted->next().value().text, later);
    auto walk = make_walk_tape("XLMUSDT", 100'000, start);
    auto again = make_walk_tape("XLMUSDT", 100'000, start);
    market::JsonDocument document;
    for (int i = 0; i < 2'000; ++i) {
        const auto text = walk->next().value().text;
        ASSERT_EQ(text, again->next().value().text);
        const auto message = market::parse_binance(document, text).value();
        const auto& ticker = std::get<market::BookTicker>(message.body);
        ASSERT_LT(ticker.bid, ticker.ask);
        ASSERT_GT(ticker.bid, exchange::Price{96'000});
        ASSERT_LT(ticker.ask, exchange::Price{104'000});
    }
}

TEST(DerivedTapes, BeginEachHourOfTheClockWithTheCandleThatWasAskedFor) {
    const std::string candles = kFolder + "/sol_candles_1h_2024-01_02.csv";
    const auto hour = from_unix_seconds(3'600 * 486'111);
    for (const auto start : {hour, hour + seconds(3'600)}) {
        auto tape = make_candle_tape(candles, "SOLUSDT", start, "2024-01-18T08:00:00Z").value();
        const auto text = tape->next().value().text;  // it opened at 100.75
        EXPECT_NE(text.find(R"("b":"100.739925","B":"100","a":"100.760075")"), std::string::npos)
            << text;
    }
    // One of its twelve has the lowest price: 91.41.
    auto later = make_candle_tape(candles, "SOLUSDT", hour, "2024-01-18T08:00:00Z").value();
    auto lowest = exchange::kPriceMax;
    market::JsonDocument document;
    while (later->due() < hour + seconds(3'600)) {
        const auto message = market::parse_binance(document, later->next().value().text).value();
        lowest = std::min(lowest, std::get<market::BookTicker>(message.body).ask);
    }
    EXPECT_LT(lowest, exchange::Price{91'500'000});
    const auto none = make_candle_tape(candles, "SOLUSDT", hour, "2023-01-18T08:00:00Z");
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("2023-01-18T08:00:00Z"), std::string::npos);
}

bool eventually(const std::function<bool()>& what) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!what()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

/// The node as the demo plays it, and the capability's sources pointed at it.
struct PriceNodeTest : testing::Test {
    SystemClock clock;
    std::unique_ptr<PriceNode> node =
        PriceNode::start(demo_tracks(kFolder, clock).value(), clock).value();
    std::unique_ptr<Bus> bus = make_bus();

    static market::SourceRule rule(std::string name, std::int64_t rank,
                                   market::SourceRole role = market::SourceRole::index) {
        return {.source = std::move(name), .role = role, .rank = rank, .age_ms_max = 60'000};
    }
    std::unique_ptr<market::Module> module() {
        using market::PriceLabel;
        std::vector<std::unique_ptr<market::Source>> sources;
        market::HermesOptions pyth{
            {.name = "pyth",
             .url = node->url(),
             .assets = {{"BTC", market::known_assets()[1].pyth, PriceLabel::replay},
                        {"XLM", market::known_assets()[3].pyth, PriceLabel::synthetic}}}};
        pyth.stream = false;
        pyth.poll_interval = milliseconds(20);
        sources.push_back(market::make_hermes_source(pyth, clock).value());
        market::CoinGeckoOptions gecko{
            {.name = "coingecko", .url = node->url(), .assets = {{"BTC", "bitcoin"}}}};
        gecko.poll_interval = milliseconds(20);
        sources.push_back(market::make_coingecko_source(gecko, clock).value());
        const auto stream = [&](std::string name, const std::string& path,
                                std::vector<market::SourceAsset> assets) {
            sources.push_back(market::make_exchange_source({.name = std::move(name),
                                                            .url = node->websocket_url() + path,
                                                            .assets = std::move(assets)},
                                                           clock)
                                  .value());
        };
        stream("binance_spot", "/spot",
               {{"BTC", "BTCUSDT", PriceLabel::replay}, {"XLM", "XLMUSDT", PriceLabel::synthetic}});
        stream("binance_usdm", "/usdm", {{"BTC", "BTCUSDT", PriceLabel::replay}});
        stream("binance_coinm", "/coinm", {{"BTC", "BTCUSD_PERP", PriceLabel::replay}});
        market::ModuleOptions options;
        options.interval = milliseconds(5);
        const auto reference = market::SourceRole::reference;
        options.assets = {
            {.asset = "BTC",
             .sources = {rule("pyth", 0), rule("binance_spot", 0), rule("coingecko", 1),
                         rule("binance_usdm", 0, reference), rule("binance_coinm", 0, reference)}},
            {.asset = "XLM", .sources = {rule("pyth", 0), rule("binance_spot", 0)}}};
        return market::Module::make(std::move(options), std::move(sources), *bus, clock);
    }
};

TEST_F(PriceNodeTest, BringsRecordedPricesThroughTheLivePathAndLabelsThem) {
    const auto market = module();
    market->start(nullptr);
    const auto all_used = [&] {
        const auto btc = market->prices()[0];
        return std::all_of(btc.sources.begin(), btc.sources.end(),
                           [](const auto& view) { return view.price.has_value(); });
    };
    ASSERT_TRUE(eventually([&] { return all_used() && market->prices()[1].sources_suffice; }));
    const auto prices = market->prices();
    EXPECT_TRUE(prices[0].sources_suffice);
    EXPECT_EQ(prices[0].label, market::PriceLabel::replay);
    EXPECT_EQ(prices[1].label, market::PriceLabel::synthetic);
    EXPECT_GT(prices[0].index, exchange::Price{61'000'000'000});
    EXPECT_LT(prices[0].index, exchange::Price{62'500'000'000});
    EXPECT_LT(market::distance_bps(prices[0].reference, prices[0].index), 50);
    ASSERT_TRUE(eventually([&] { return !bus->newest(market::kPriceStream, 1).empty(); }));
    market->stop();
    for (const auto& source : market->sources()) EXPECT_EQ(source.status.state, "stopped");
}

TEST_F(PriceNodeTest, SurvivesGarbageAndRefusalsAndCountsThem) {
    node->set_faults(
        {.garbage_percent = 50, .rate_limited_percent = 0, .server_error_percent = 50});
    const auto market = module();
    market->start(nullptr);
    const auto total = [&](auto member) {
        std::uint64_t sum = 0;
        for (const auto& source : market->sources()) sum += source.status.*member;
        return sum;
    };
    EXPECT_TRUE(eventually([&] {
        return total(&market::SourceStatus::unreadable) > 3 &&
               total(&market::SourceStatus::reconnects) > 0 && market->prices()[0].sources_suffice;
    }));
}

TEST_F(PriceNodeTest, LeavesAloneASourceThatAsksForIt) {
    node->set_faults({.rate_limited_percent = 100});
    const auto market = module();
    market->start(nullptr);
    EXPECT_TRUE(eventually([&] {
        const auto sources = market->sources();
        return sources[0].status.rate_limited == 1 && sources[1].status.rate_limited == 1;
    }));
    EXPECT_NE(market->sources()[0].status.detail, "");
}

// ── what was missed ─────────────────────────────────────────────────────────────────────────────

/// One trade each 20 ms of the past, as many as it is let.
class TradeTape final : public PriceTape {
  public:
    TradeTape(const std::atomic<std::size_t>& until, TimestampNs first, const Clock& clock)
        : until_(until), first_(first), clock_(clock) {}
    TimestampNs due() const override {
        return played_ < until_ ? TimestampNs{} : clock_.now() + milliseconds(5);
    }
    Result<TapeMessage> next() override {
        const market::CandleTrade trade = make(first_, ++played_);
        const std::string time = std::to_string(trade.time.value());
        return TapeMessage{"btcusdt@trade",
                           R"({"stream":"btcusdt@trade","data":{"e":"trade","E":)" + time +
                               R"(,"s":"BTCUSDT","t":)" + std::to_string(trade.seq.value()) +
                               R"(,"p":")" + to_text(trade.price) + R"(","q":")" +
                               to_text(trade.size) + R"(","T":)" + time + R"(,"m":)" +
                               (played_ % 3 == 0 ? "true" : "false") + "}}"};
    }
    static market::CandleTrade make(TimestampNs first, std::size_t number) {
        market::CandleTrade out{
            .seq = market::TradeSeq{number},
            .time = TimeMs{first.value() / 1'000'000 + static_cast<std::int64_t>(number) * 20},
            .price = exchange::Price{60'000'000'000 +
                                     static_cast<std::int64_t>(number * number % 977) * 10'000},
            .size = exchange::Base{static_cast<std::int64_t>(1 + number % 13) * 10'000'000}};
        out.value = market::trade_value(out.price, out.size);
        return out;
    }

  private:
    const std::atomic<std::size_t>& until_;
    const TimestampNs first_;
    const Clock& clock_;
    std::size_t played_ = 0;
};

/// Three exchanges that tell the same trades, followed into series that are kept.
struct BackfillTest : testing::Test {
    static constexpr std::size_t kSeries = 3;

    BackfillTest() {
        EXPECT_TRUE(store->migrate(market::migrations()));
        std::vector<PriceTrack> tracks;
        tracks.push_back({.path = "/spot",
                          .tape = std::make_unique<TradeTape>(until, first, clock),
                          .feed_id = "btc",
                          .coinbase = "BTC-USD",
                          .kraken = "BTC/USD"});
        node = PriceNode::start(std::move(tracks), clock).value();
    }
    ~BackfillTest() override {
        if (market) market->stop();
    }

    void start(const market::BackfillOptions& options = {.interval = milliseconds(1),
                                                         .settle = DurationNs{0}}) {
        if (market) market->stop();
        market.reset();
        backfill.reset();
        bus = make_bus();
        tape = market::SeriesTape::open(*store, *bus, clock, {}).value();
        backfill = market::Backfill::make({{"binance_spot", node->url() + "/spot"},
                                           {"coinbase", node->url() + "/coinbase"},
                                           {"kraken", node->url() + "/kraken"}},
                                          *tape, clock, options)
                       .value();
        std::vector<std::unique_ptr<market::Source>> sources;
        const auto add = [&](std::string name, const std::string& path, std::string symbol) {
            const auto format = market::format_of(name);
            sources.push_back(market::make_exchange_source({.name = std::move(name),
                                                            .url = node->websocket_url() + path,
                                                            .assets = {{"BTC", std::move(symbol)}}},
                                                           clock, format)
                                  .value());
        };
        add("binance_spot", "/spot", "BTCUSDT");
        add("coinbase", "/coinbase", "BTC-USD");
        add("kraken", "/kraken", "BTC/USD");
        market::ModuleOptions module_options;
        module_options.series = tape.get();
        module_options.backfill = backfill.get();
        market = market::Module::make(std::move(module_options), std::move(sources), *bus, clock);
        market->start(nullptr);
        // Binance's quotes are a stream of their own.
        ASSERT_TRUE(eventually([&] { return node->followers() == kSeries + 1; }));
    }
    /// Lets trades be told until all series have taken this one.
    void play(std::size_t number) {
        until = number;
        ASSERT_TRUE(eventually([&] {
            const auto health = tape->health();
            return health.size() == kSeries && std::ranges::all_of(health, [&](const auto& series) {
                       return series.last_trade.value() == number;
                   });
        })) << number;
    }
    bool nothing_is_missed() { return tape->health().size() == kSeries && tape->missed().empty(); }
    void expect_all(std::size_t count) {
        market::CandleBook expected;
        for (std::size_t i = 1; i <= count; ++i) expected.add(TradeTape::make(first, i));
        for (const auto* symbol : {"binance_spot:BTCUSDT", "coinbase:BTC-USD", "kraken:BTC/USD"})
            for (std::size_t i = 0; i < market::kCandleIntervals.size(); ++i) {
                const auto& whole = expected.candles(i);
                EXPECT_EQ(tape->candles(symbol, i),
                          (std::vector<market::Candle>{whole.begin(), whole.end()}))
                    << symbol << " " << market::kCandleIntervals[i].name;
            }
    }
    std::uint64_t total(std::uint64_t market::BackfillStatus::* member) const {
        std::uint64_t sum = 0;
        for (const auto& status : backfill->status()) sum += status.*member;
        return sum;
    }

    SystemClock clock;
    /// Two minutes ago, a whole second.
    const TimestampNs first = from_unix_seconds(clock.now().value() / 1'000'000'000 - 120);
    std::atomic<std::size_t> until = 0;
    std::unique_ptr<store::Store> store = store::open_sqlite({.path = ":memory:"}).value();
    std::unique_ptr<PriceNode> node;
    std::unique_ptr<Bus> bus;
    std::unique_ptr<market::SeriesTape> tape;
    std::unique_ptr<market::Backfill> backfill;
    std::unique_ptr<market::Module> market;
};

TEST_F(BackfillTest, AsksForWhatTheStreamsLeftOut) {
    start();
    play(1);
    node->set_faults({.drop_percent = 1});
    until = 2'999;
    ASSERT_TRUE(eventually([&] { return node->played("/spot") >= 2'999; }));
    node->set_faults({});
    play(3'000);
    ASSERT_TRUE(eventually([&] { return nothing_is_missed(); }));
    expect_all(3'000);
    EXPECT_GT(total(&market::BackfillStatus::filled), 45U);
    EXPECT_EQ(total(&market::BackfillStatus::absent), 0U);
    EXPECT_EQ(total(&market::BackfillStatus::failed), 0U);
    EXPECT_EQ(market->backfill().size(), kSeries);
}

TEST_F(BackfillTest, AlsoForTheTimeWhenNobodyListened) {
    start();
    play(500);
    market->stop();
    until = 2'500;
    ASSERT_TRUE(eventually([&] { return node->played("/spot") >= 2'500; }));
    start();
    play(2'501);
    ASSERT_TRUE(eventually([&] { return nothing_is_missed(); }));
    expect_all(2'501);
    EXPECT_EQ(total(&market::BackfillStatus::filled), kSeries * 2'000);
}

TEST_F(BackfillTest, LeavesAloneAnExchangeThatAsksForIt) {
    node->set_faults({.rate_limited_percent = 100});
    start({.interval = milliseconds(1), .settle = DurationNs{0}, .pause_limited = seconds(60)});
    play(1);
    node->set_faults({.drop_percent = 100, .rate_limited_percent = 100});
    until = 9;
    ASSERT_TRUE(eventually([&] { return node->played("/spot") >= 9; }));
    node->set_faults({.rate_limited_percent = 100});
    play(10);
    ASSERT_TRUE(
        eventually([&] { return total(&market::BackfillStatus::rate_limited) == kSeries; }));
    for (const auto& status : backfill->status()) {
        EXPECT_EQ(status.requests, 1U) << status.source;
        EXPECT_NE(status.detail, "");
    }
    EXPECT_EQ(tape->missed().size(), kSeries) << "is still known";
    // A server that begins anew begins with what was not filled.
    node->set_faults({});
    start();
    ASSERT_TRUE(eventually([&] { return nothing_is_missed(); }));
    expect_all(10);
}

}  // namespace
}  // namespace astro::feeds

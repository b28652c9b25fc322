/// The charts' datafeed over loopback: 5,000 bars in one answer, most of them from the store's
/// file, while trades of the same series come in. Bars are recorded hours of an exchange. The peer
/// is the same gateway giving the same bytes from memory. One JSON object a line.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "capabilities/exchange/tables.hpp"
#include "capabilities/market/api.hpp"
#include "capabilities/market/bar_file.hpp"
#include "foundation/net/client.hpp"
#include "server/gateway/gateway.hpp"

namespace {

using namespace astro;
using namespace astro::market;

constexpr int kRequests = 1'000, kWarmUp = 50;
constexpr std::size_t kBars = 5'000, kBarsStored = 15'000;
constexpr double kP99MaxMs = 15;
constexpr std::string_view kSymbol = "coinbase:BTC-USD", kCopy = "/api/v1/copy";

/// A folder that goes with the program.
struct Folder {
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("astrolabe_udf_bench_" + std::to_string(::getpid()));
};

Price price_of(double dollars) {
    return Price{static_cast<std::int64_t>(dollars * 100 + 0.5) * (exchange::kQuoteUnit / 100)};
}

/// A bar's four prices as four trades of its hour.
void trade_bar(SeriesTape& tape, const Bar& bar, std::uint64_t& seq) {
    const double prices[] = {bar.open, bar.high, bar.low, bar.close};
    for (std::int64_t i = 0; i < 4; ++i)
        tape.on_trade({.source = "coinbase",
                       .symbol = "BTC-USD",
                       .asset = "BTC",
                       .label = PriceLabel::replay,
                       .trade = {TradeSeq{++seq}, TimeMs{bar.start_ms + i * 600'000},
                                 price_of(prices[i]), Base{1'500'000'000}, Quote{1}}});
}

struct Times {
    std::vector<double> ms{};
    [[nodiscard]] double quantile(double q) const {
        return ms[static_cast<std::size_t>(static_cast<double>(ms.size()) * q)];
    }
};

/// One request after another on one connection.
Times ask(std::uint16_t port, const std::string& path, std::string& body) {
    const auto origin = net::parse_url("http://127.0.0.1:" + std::to_string(port)).value();
    const auto client = net::HttpClient::make(origin).value();
    net::Request request;
    request.target = path;
    Times out;
    for (int i = -kWarmUp; i < kRequests; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        auto answer = client->request(request).value();
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - begin;
        if (answer.status != 200) std::exit(1);
        if (i >= 0) out.ms.push_back(took.count());
        body = std::move(answer.body);
    }
    std::ranges::sort(out.ms);
    return out;
}

int print(std::string_view name, const Times& times, const std::string& body, double limit) {
    const auto bars = static_cast<std::size_t>(std::ranges::count(body, ',')) / 6;
    const bool met = bars == kBars && (limit == 0 || times.quantile(0.99) < limit);
    std::printf(R"({"bench":"udf","name":"%.*s","bars":%zu,"bytes":%zu,"requests":%zu,)"
                R"("p50_ms":%.2f,"p99_ms":%.2f,"max_ms":%.2f,"limit_p99_ms":%.0f,"met":%s})"
                "\n",
                static_cast<int>(name.size()), name.data(), bars, body.size(), times.ms.size(),
                times.quantile(0.5), times.quantile(0.99), times.ms.back(), limit,
                met ? "true" : "false");
    return met ? 0 : 1;
}

}  // namespace

int main() {
    const Folder folder;
    const auto store = store::open_sqlite({.path = (folder.path / "bench.db").string()}).value();
    auto all = migrations();
    for (auto& migration : exchange::migrations()) all.push_back(std::move(migration));
    ASTRO_ASSERT(store->migrate(all).has_value());
    const auto bus = make_bus();
    SystemClock clock;
    const auto tape = SeriesTape::open(*store, *bus, clock, {}).value();

    auto bars = read_bars(std::string(ASTRO_SOURCE_DIR) +
                          "/share/market/coinbase_btcusd_1h_2017_2019.csv.gz")
                    .value();
    bars.erase(bars.begin(), bars.end() - static_cast<std::ptrdiff_t>(kBarsStored));
    std::uint64_t seq = 0;
    for (const auto& bar : bars) {
        trade_bar(*tape, bar, seq);
        if (seq % 1'000 == 0) {
            tape->tell();
            ASTRO_ASSERT(tape->save().has_value());
        }
    }
    tape->tell();
    ASTRO_ASSERT(tape->save().has_value());

    exchange::MarketTape venue{*bus, {}};
    const SeriesView view(venue, *tape, *store);
    auto routes = udf_routes(view, clock);
    const auto copy = std::make_shared<std::string>();
    routes.push_back({.path = std::string(kCopy),
                      .summary = "The same bytes from memory",
                      .permission = std::string(gateway::kPublicPermission),
                      .handler = [copy](const gateway::Call&) -> Result<net::Response> {
                          return net::json_response(std::string(*copy));
                      }});
    gateway::Metrics metrics;
    gateway::declare_gateway_metrics(metrics);
    gateway::GatewayOptions options;
    options.log_requests = false;
    const auto served =
        gateway::Gateway::start(std::move(options), std::move(routes), {}, *bus, clock, metrics)
            .value();

    const auto end = bars.back().start_ms / 1'000 + 86'400;
    const std::string path = "/api/v1/market/udf/history?symbol=" + std::string(kSymbol) +
                             "&resolution=60&from=0&to=" + std::to_string(end) +
                             "&countback=" + std::to_string(kBars);
    std::atomic<bool> over = false;
    std::thread trader([&] {
        Bar now = bars.back();
        while (!over) {
            now.start_ms += 1;
            trade_bar(*tape, now, seq);
            tape->tell();
            (void)tape->save();
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    std::string copied;
    const auto history = ask(served->port(), path, *copy);
    const auto control = ask(served->port(), std::string(kCopy), copied);
    over = true;
    trader.join();
    served->stop();
    const int missed = print("history", history, *copy, kP99MaxMs) +
                       print("control, the same bytes from memory", control, copied, 0);
    return missed == 0 ? 0 : 1;
}

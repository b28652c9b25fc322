/// The venue's state: writing and reading snapshots beside the engine, memory of resting orders,
/// recovery from a journal, and how long a price tick takes with many accounts. Files in the
/// working directory, or in the folder that is given. One JSON object a line, each figure beside
/// its limit.

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "capabilities/exchange/bench.hpp"
#include "capabilities/exchange/history.hpp"
#include "foundation/journal/file.hpp"

namespace {

using namespace astro;
using namespace astro::exchange;
using journal::Sequence;

constexpr TimeMs kTime{1'700'000'000'000};
bool all_met = true;

double seconds(clockid_t clock = CLOCK_MONOTONIC) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// `limit` is not to be reached, or with `at_least` not to be missed.
void print(const std::string& name, double value, const char* unit, double limit, bool at_least,
           const std::string& more = "") {
    const bool met = at_least ? value >= limit : value < limit;
    all_met = all_met && met;
    std::printf(R"({"bench":"exchange_state","name":"%s","value":%.3f,"unit":"%s","limit":%g,)"
                R"("met":%s%s})"
                "\n",
                name.c_str(), value, unit, limit, met ? "true" : "false", more.c_str());
    std::fflush(stdout);
}
void print(const std::string& name, double value, const char* unit) {
    std::printf(R"({"bench":"exchange_state","name":"%s","value":%.3f,"unit":"%s"})"
                "\n",
                name.c_str(), value, unit);
    std::fflush(stdout);
}

/// What a fixed piece of work takes, to tell how quiet the machine is.
void calibrate() {
    const double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
    std::uint64_t x = 1;
    constexpr int kTurns = 200'000'000;
    for (int i = 0; i < kTurns; ++i) asm volatile("add $1, %0" : "+r"(x));
    print("spin_calibration", kTurns / (seconds(CLOCK_PROCESS_CPUTIME_ID) - begin) / 1e6, "Mops/s");
}

[[noreturn]] void stop(const Error& error) {
    std::fprintf(stderr, "%s\n", error.text().c_str());
    std::exit(2);
}
template <class T>
T must(Result<T> result) {
    if (!result) stop(result.error());
    return std::move(result).value();
}

struct Driver {
    Venue venue;
    Events events;
    TimeMs time = kTime;

    void run(CommandBody body) {
        events.clear();
        venue.apply({time, std::move(body)}, events);
        if (!events.empty() && std::holds_alternative<Refused>(events.back())) {
            std::fprintf(stderr, "a command of the benchmark was refused\n");
            std::exit(2);
        }
    }
    /// USDC and some markets at 1,000.
    void list(std::uint16_t markets, auto&& edit) {
        AssetSettings usdc{.symbol = "USDC", .decimals = 6};
        usdc.initial_weight_bps = usdc.maintenance_weight_bps = 10'000;
        usdc.deposit_cap = Amount{std::int64_t{1} << 60};
        run(SetAsset{usdc});
        for (std::uint16_t m = 0; m < markets; ++m) {
            MarketSettings settings = default_markets().front();
            settings.base_asset = "M" + std::to_string(m);
            settings.symbol = settings.base_asset + "-PERP";
            edit(settings);
            run(SetMarket{settings});
            run(SetIndexPrice{MarketId{m}, Price{1'000 * kQuoteUnit}});
        }
    }
    void open(std::uint32_t account, std::int64_t dollars) {
        OpenAccount open;
        for (std::size_t byte = 0; byte < 4; ++byte)
            open.owner.bytes[byte] = static_cast<std::uint8_t>(account >> 8 * byte);
        run(open);
        run(Deposit{AccountId{account}, kUsdc, Amount{dollars * kQuoteUnit}});
    }
};

// ── snapshots and memory ────────────────────────────────────────────────────────────────────────

constexpr std::uint32_t kAccounts = 100'000, kOrdersEach = 10, kMarkets = 100;

MarketId market_of(std::uint32_t account) {
    return MarketId{static_cast<std::uint16_t>(account % kMarkets)};
}

void fill(Driver& driver, bool named) {
    const Base lot = driver.venue.markets()[0].settings.lot_size;
    const std::int64_t tick = driver.venue.markets()[0].settings.tick_size.value();
    for (std::uint32_t n = 0; n < kOrdersEach; ++n)
        for (std::uint32_t a = 0; a < kAccounts; ++a) {
            PlaceOrder order;
            order.account = AccountId{a};
            order.market = market_of(a);
            order.side = (a / kMarkets + n) % 2 == 0 ? Side::buy : Side::sell;
            const std::int64_t away = 1 + (a / kMarkets * 7 + n * 131) % 1'500;
            order.price = Price{1'000 * kQuoteUnit - sign_of(order.side) * away * tick};
            order.size = Base{lot.value() * 100};
            if (named) order.client_id = ClientId("order-" + std::to_string(n));
            driver.run(order);
        }
}

double allocated_bytes() {
    const auto info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

void open_accounts(Driver& driver) {
    driver.list(kMarkets, [](MarketSettings&) {});
    for (std::uint32_t a = 0; a < kAccounts; ++a) {
        driver.open(a, 1'000'000);
        // The position is there before its orders, so that it is not counted as theirs.
        driver.run(SetLeverage{AccountId{a}, market_of(a), 5'000});
    }
}

void bench_memory(bool named) {
    auto driver = std::make_unique<Driver>();
    open_accounts(*driver);
    const double before = allocated_bytes();
    fill(*driver, named);
    const double each =
        (allocated_bytes() - before) / static_cast<double>(driver->venue.resting_orders());
    if (named)
        print("memory of a resting order with a client id", each, "bytes");
    else
        print("memory of a resting order, of a million", each, "bytes", 128, false);
}

void bench_snapshot(const std::string& directory) {
    auto driver = std::make_unique<Driver>();
    open_accounts(*driver);
    fill(*driver, false);
    const std::string more = ",\"orders\":" + std::to_string(driver->venue.resting_orders()) +
                             ",\"accounts\":" + std::to_string(driver->venue.accounts().size());
    double best = 1e9, pause = 0, state_bytes = 0;
    for (std::uint64_t round = 1; round <= 3; ++round) {
        const double begin = seconds();
        auto job = must(SnapshotJob::start(
            directory, {driver->venue, Sequence{round}, driver->venue.now(), {}}));
        pause = std::max(pause, seconds() - begin);
        const auto header = must(job.finish());
        best = std::min(best, seconds() - begin);
        state_bytes = static_cast<double>(header.state_bytes);
    }
    print("snapshot of 1 M orders and 100,000 accounts, durable", best, "s", 2, false, more);
    print("of it the engine waits for the fork, worst of 3", pause * 1e3, "ms");
    print("snapshot file", state_bytes / 1e6, "MB");
    double begin = seconds();
    const auto loaded = must(load_snapshot(snapshot_path(directory, Sequence{3})));
    print("snapshot read, checked and indexed", seconds() - begin, "s", 2, false, more);
    begin = seconds();
    const auto hash = state_hash(driver->venue);
    print("state hash of it", seconds() - begin, "s");
    if (hash != state_hash(*loaded.venue)) stop({.code = "", .message = "the states differ"});
    begin = seconds();
    const Liabilities liabilities(driver->venue, Sequence{1}, crypto::SecretKey());
    print("liabilities root of 100,000 accounts", seconds() - begin, "s");
}

// ── recovery ────────────────────────────────────────────────────────────────────────────────────

void bench_recovery(const std::string& directory) {
    constexpr std::size_t kSteps = 2'000'000, kGroup = 1'000;
    const auto flow = make_engine_load(kSteps);
    auto files = must(journal::open_files({.directory = directory + "/journal"}));
    std::vector<Bytes> group;
    const auto flush = [&] {
        const std::vector<ByteView> views(group.begin(), group.end());
        must(files->append(views, TimestampNs{kTime.value() * 1'000'000}));
        group.clear();
    };
    const auto write = [&](CommandBody body) {
        group.push_back(to_binary(Submission{{}, std::move(body)}));
        if (group.size() == kGroup) flush();
    };
    group.push_back(to_binary(Opening{.venue = "bench"}));
    for_each_opening_command(flow, write);
    Venue venue;
    Events events;
    open_venue(venue, flow);
    for (const Command& command : flow.commands) {
        events.clear();
        venue.apply(command, events);
        write(command.body);
    }
    flush();
    const auto count = static_cast<double>(files->next().value());
    files.reset();
    double best_cpu = 1e9, best_wall = 1e9;
    for (int round = 0; round < 3; ++round) {
        const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds();
        auto history = must(History::open(directory + "/journal"));
        if (const auto done = history.replay([](const Replayed&) { return true; }); !done)
            stop(done.error());
        best_cpu = std::min(best_cpu, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
        best_wall = std::min(best_wall, seconds() - wall);
        if (state_hash(history.venue()) != state_hash(venue))
            stop({.code = "", .message = "the replay led to another state"});
    }
    print("recovery: commands read, checked and applied, processor time", count / best_cpu, "1/s",
          1.5e6, true);
    print("the same by the clock", count / best_wall, "1/s");
}

// ── a price tick with many accounts ─────────────────────────────────────────────────────────────

/// Each account has a position of its own leverage; the prices at which they are looked at lie from
/// near to far.
std::unique_ptr<Driver> traders(std::uint32_t count) {
    auto driver = std::make_unique<Driver>();
    driver->list(1, [](MarketSettings& settings) {
        settings.open_interest_max = settings.position_max = settings.order_size_max;
        settings.imf_factor_ppm = 0;
        settings.impact_notional = Quote{10'000'000 * kQuoteUnit};
    });
    const Base size = driver->venue.markets()[0].settings.lot_size;
    const std::int64_t worth =
        static_cast<std::int64_t>(notional(Price{1'000 * kQuoteUnit}, size)) / kQuoteUnit + 1;
    for (std::uint32_t a = 0; a < count; ++a)
        driver->open(a, worth / 5 + worth * (a % 97) / 50 + 1);
    for (std::uint32_t a = 0; a + 1 < count; a += 2) {
        PlaceOrder order;
        order.price = Price{1'000 * kQuoteUnit};
        order.size = size;
        order.account = AccountId{a};
        order.side = a % 4 == 0 ? Side::buy : Side::sell;
        driver->run(order);
        order.account = AccountId{a + 1};
        order.side = opposite(order.side);
        driver->run(order);
    }
    return driver;
}

void bench_sweep() {
    for (const std::uint32_t count : {1'000U, 10'000U, 100'000U, 1'000'000U}) {
        auto driver = traders(count);
        const auto tick = [&](std::int64_t dollars_milli) {
            driver->time = TimeMs{driver->time.value() + 1};
            const double begin = seconds();
            driver->run(SetIndexPrice{MarketId{0}, Price{dollars_milli * 1'000}});
            return (seconds() - begin) * 1e6;
        };
        const double first = tick(1'000'000);  // everybody has just traded: all are looked at
        std::vector<double> ticks;
        std::int64_t price = 1'000'000;
        for (int i = 0; i < 400; ++i) {
            price += (i / 20) % 2 == 0 ? -100 : 100;  // 1 bp each, 20 down and 20 up
            ticks.push_back(tick(price));
        }
        std::ranges::sort(ticks);
        const std::string of = std::to_string(count) + " accounts";
        if (count == 100'000)
            print("a price tick, worst of 400, " + of, ticks.back(), "us", 10'000, false);
        else
            print("a price tick, worst of 400, " + of, ticks.back(), "us");
        print("a price tick, median, " + of, ticks[ticks.size() / 2], "us");
        print("all rechecked after all have traded, " + of, first / 1e3, "ms");
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::string directory = std::string(argc > 1 ? argv[1] : ".") + "/exchange_state_bench_XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) {
        std::perror(directory.c_str());
        return 2;
    }
    calibrate();
    bench_memory(false);
    bench_memory(true);
    bench_snapshot(directory);
    bench_sweep();
    bench_recovery(directory);
    calibrate();
    std::filesystem::remove_all(directory);
    return all_met ? 0 : 1;
}

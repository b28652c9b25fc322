/// Journalled commands a second of the venue as it runs, and how long one waits for its
/// acknowledgement, on the disk of the working directory (or of the folder that is given); in turns
/// with bare syncs, since the disk's pace changes from second to second. One JSON object a line.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "capabilities/exchange/bench.hpp"
#include "capabilities/exchange/service.hpp"

namespace {

using namespace astro;
using namespace astro::exchange;

double seconds(clockid_t clock = CLOCK_MONOTONIC) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// Of syncs that follow each other, the length of the one that is under way at a random moment: it
/// is 1% of the time longer than this. What comes at random moments meets long ones more often.
double p99_by_time(std::vector<double> values) {
    std::ranges::sort(values);
    double all = 0, behind = 0;
    for (const double value : values) all += value;
    for (auto value = values.rbegin(); value != values.rend(); ++value) {
        behind += *value;
        if (behind >= all / 100) return *value;
    }
    return 0;
}

double percentile(std::vector<double>& values, double part) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * part)];
}

/// One pwrite and one fdatasync, again and again, in a reserved file.
void add_bare_syncs(const std::string& directory, std::size_t bytes, std::vector<double>& took) {
    constexpr int kTimes = 250;
    const std::string path = directory + "/bare";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    const Bytes content(bytes, 1);
    if (file < 0 || ::fallocate(file, 0, 0, static_cast<off_t>(bytes) * kTimes) != 0) std::abort();
    for (int i = 0; i < kTimes; ++i) {
        const double start = seconds();
        if (::pwrite(file, content.data(), bytes, static_cast<off_t>(bytes) * i) < 0) std::abort();
        if (::fdatasync(file) != 0) std::abort();
        took.push_back((seconds() - start) * 1e6);
    }
    ::close(file);
    std::filesystem::remove(path);
    ::sync();
}

/// Wall time stands still, as in the engine's benchmark: prices do not become stale.
class StandingClock final : public Clock {
  public:
    [[nodiscard]] TimestampNs now() const override {
        return TimestampNs{1'750'000'000'000'000'000};
    }
    [[nodiscard]] TimestampNs monotonic() const override { return real_.monotonic(); }
    void sleep(DurationNs d) override { real_.sleep(d); }
    void interrupt() override { real_.interrupt(); }

  private:
    SystemClock real_;
};

/// A running venue with the markets and accounts of the engine's benchmark.
class Running {
  public:
    Running(const std::string& directory, const EngineLoad& load) : directory_(directory) {
        std::filesystem::remove_all(directory_);
        ServiceOptions options{
            .directory = directory_, .markets = {}, .snapshot_every = 0, .tick_ms = 0};
        options.waiting_max = 1U << 18;
        auto opened = Service::open(options, clock_, {});
        if (!opened) std::abort();
        service_ = std::move(*opened);
        std::vector<CommandBody> commands;
        for_each_opening_command(load,
                                 [&](CommandBody body) { commands.push_back(std::move(body)); });
        std::counting_semaphore<> done(0);
        for (auto& body : commands)
            if (!service_->submit({{}, std::move(body)}, [&](const auto&) { done.release(); }))
                std::abort();
        for (std::size_t i = 0; i < commands.size(); ++i) done.acquire();
    }
    ~Running() {
        service_->stop();
        service_.reset();
        std::filesystem::remove_all(directory_);
        ::sync();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    Service& operator*() { return *service_; }

  private:
    std::string directory_;
    StandingClock clock_;
    std::unique_ptr<Service> service_;
};

/// The engine's flow of orders from one thread, `window` in flight.
class Flow {
  public:
    Flow(const EngineLoad& load, Service& service, int window)
        : load_(load), service_(service), room_(window), window_(window) {}

    void submit(std::size_t i, std::vector<double>* waited) {
        auto body = load_.commands[i].body;
        room_.acquire();
        const double start = seconds();
        const auto taken =
            service_.submit({{}, std::move(body)}, [this, start, waited](const auto& outcome) {
                if (!outcome) std::abort();
                for (const auto& event : *outcome->events)
                    trades_ += std::holds_alternative<Traded>(event);
                if (waited != nullptr) waited->push_back((seconds() - start) * 1e6);
                room_.release();
            });
        if (!taken) std::abort();
    }
    void finish() {
        for (int i = 0; i < window_; ++i) room_.acquire();
        for (int i = 0; i < window_; ++i) room_.release();
    }
    [[nodiscard]] std::uint64_t trades() const { return trades_; }

  private:
    const EngineLoad& load_;
    Service& service_;
    std::counting_semaphore<> room_;
    int window_;
    std::uint64_t trades_ = 0;
};

void report(const char* name, double value, const char* unit, double limit, bool at_most,
            const std::string& more) {
    const bool met = at_most ? value <= limit : value >= limit;
    std::printf(R"({"bench":"exchange_service","name":"%s","value":%.0f,"unit":"%s","limit":%.0f,)"
                R"("limit_is":"%s","met":%s%s})"
                "\n",
                name, value, unit, limit, at_most ? "at most" : "at least", met ? "true" : "false",
                more.c_str());
    std::fflush(stdout);
}

std::string field(const char* name, double value) {
    char text[96];
    std::snprintf(text, sizeof text, R"(,"%s":%.1f)", name, value);
    return text;
}

/// As many as there is room for.
void bench_throughput(const std::string& directory, const EngineLoad& load) {
    constexpr int kWindow = 65'536;
    double best = 0, cpus = 0;
    std::uint64_t trades = 0, groups = 0;
    for (int round = 0; round < 3; ++round) {
        Running venue(directory + "/venue", load);
        Flow flow(load, *venue, kWindow);
        for (std::size_t i = 0; i < load.workload.prefill; ++i) flow.submit(i, nullptr);
        flow.finish();
        const auto groups_before = (*venue).status().groups;
        const double begin = seconds(), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        for (std::size_t i = load.workload.prefill; i < load.commands.size(); ++i)
            flow.submit(i, nullptr);
        flow.finish();
        const double took = seconds() - begin;
        const double rate =
            static_cast<double>(load.commands.size() - load.workload.prefill) / took;
        if (rate < best) continue;
        best = rate;
        cpus = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / took;
        trades = flow.trades();
        groups = (*venue).status().groups - groups_before;
    }
    report("journalled commands, 100 markets, 10000 accounts", best, "commands/s", 500'000, false,
           field("cpus", cpus) + field("trades", static_cast<double>(trades)) +
               field("groups", static_cast<double>(groups)));
}

/// So many in flight at a time: how long one waits.
void bench_latency(const std::string& directory, const EngineLoad& load, int window,
                   const char* name) {
    constexpr int kRounds = 4;
    std::vector<double> waited, synced;
    waited.reserve(1U << 20);
    std::uint64_t commands = 0;
    for (int round = 0; round < kRounds; ++round) {
        {
            Running venue(directory + "/venue", load);
            Flow flow(load, *venue, window);
            const double until = seconds() + 1.5;
            const double warm = seconds() + 0.3;
            for (std::size_t i = 0; i < load.commands.size() && seconds() < until; ++i, ++commands)
                flow.submit(i, seconds() < warm ? nullptr : &waited);
            flow.finish();
        }
        add_bare_syncs(directory, 4'096, synced);
    }
    const double limit = 2 * p99_by_time(synced);
    report(name, percentile(waited, 0.99), "us", limit, true,
           field("p50", percentile(waited, 0.5)) + field("fdatasync_p50", percentile(synced, 0.5)) +
               field("fdatasync_p99", percentile(synced, 0.99)) +
               field("fdatasync_p99_by_time", limit / 2) +
               field("commands", static_cast<double>(commands)));
}

}  // namespace

int main(int argc, char** argv) {
    std::string directory = std::string(argc > 1 ? argv[1] : ".") + "/exchange_service_XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) {
        std::fprintf(stderr, "cannot write in %s\n", argc > 1 ? argv[1] : ".");
        return 1;
    }
    const auto load = make_engine_load(2'000'000);
    bench_throughput(directory, load);
    bench_latency(directory, load, 1, "acknowledgement p99, one at a time");
    bench_latency(directory, load, 64, "acknowledgement p99, 64 in flight");
    std::filesystem::remove_all(directory);
}

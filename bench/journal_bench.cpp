// The journal on the disk of the working directory (or of the folder that is given): what one
// fdatasync costs there, what a record waits and how many become durable in a second, how fast they
// are read again. Waiting is of wall time; replaying is counted by both clocks.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "foundation/base/binary.hpp"
#include "foundation/journal/file_journal.hpp"
#include "foundation/journal/group_writer.hpp"

namespace {

using namespace astro;
using namespace astro::journal;

double seconds(clockid_t clock = CLOCK_MONOTONIC) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// What an order is like: 60 bytes.
enum class Side : std::uint8_t { buy, sell };
BOOST_DESCRIBE_ENUM(Side, buy, sell)
struct Order {
    std::uint64_t id = 0, account = 0, client_id = 0;
    Lamports price, size, trigger;
    TimestampNs expires;
    std::uint16_t market = 0;
    Side side = Side::buy;
    bool reduce_only = false;
};
BOOST_DESCRIBE_STRUCT(Order, (),
                      (id, account, client_id, price, size, trigger, expires, market, side,
                       reduce_only))
static_assert(BinaryForm<Order>::kSizeMin == 60);

struct Percentiles {
    double p50 = 0, p99 = 0;
};
Percentiles of(std::vector<double>& values) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    return {values[values.size() / 2], values[values.size() * 99 / 100]};
}

void report(const std::string& bench, double value, const char* unit, double limit = 0,
            const std::string& more = {}) {
    std::printf(R"({"bench":"journal.%s","value":%.1f,"unit":"%s")", bench.c_str(), value, unit);
    if (limit > 0) {
        const bool at_most = std::string_view(unit) == "us" || std::string_view(unit) == "ns";
        std::printf(R"(,"limit":%.1f,"limit_is":"%s","ok":%s)", limit,
                    at_most ? "at most" : "at least",
                    (at_most ? value <= limit : value >= limit) ? "true" : "false");
    }
    std::printf("%s}\n", more.c_str());
    std::fflush(stdout);
}

std::string field(const char* name, double value) {
    char text[96];
    std::snprintf(text, sizeof text, R"(,"%s":%.1f)", name, value);
    return text;
}

/// One pwrite of `bytes` and one fdatasync, again and again, in a reserved file.
Percentiles bare_sync(const std::string& directory, std::size_t bytes, int times) {
    const std::string path = directory + "/bare";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    const Bytes content(bytes, 1);
    const auto room = static_cast<off_t>(bytes) * times;
    if (file < 0 || ::fallocate(file, 0, 0, room) != 0) std::abort();
    std::vector<double> took;
    for (int i = 0; i < times; ++i) {
        const double start = seconds();
        if (::pwrite(file, content.data(), bytes, static_cast<off_t>(bytes) * i) < 0) std::abort();
        if (::fdatasync(file) != 0) std::abort();
        took.push_back((seconds() - start) * 1e6);
    }
    ::close(file);
    std::filesystem::remove(path);
    return of(took);
}

struct Load {
    int submitters = 1;
    int window = 1;  ///< records that each has in flight
    std::size_t record_bytes = 64;
    double seconds = 4;
};

struct Shared {
    GroupWriter& writer;
    std::vector<double> waited{};  ///< of the writing thread
    double measured_from = 0;
};

/// Keeps `window` records in flight until time is over.
void submit_for(Shared& shared, const Load& load, double until) {
    const Bytes record(load.record_bytes, 7);
    std::counting_semaphore<> room(load.window);
    while (seconds() < until) {
        room.acquire();
        const double start = seconds();
        const auto taken = shared.writer.submit(record, [&shared, &room, start](const auto& done) {
            if (!done) std::abort();
            if (start >= shared.measured_from) shared.waited.push_back((seconds() - start) * 1e6);
            room.release();
        });
        if (!taken) std::abort();
    }
    for (int i = 0; i < load.window; ++i) room.acquire();
}

struct Outcome {
    double rate = 0;
    Percentiles wait;
    double cpu = 0;  ///< seconds of processor a second
};

Outcome run(const std::string& directory, const Load& load) {
    const std::string path = directory + "/load";
    auto journal = open_files({.directory = path});
    if (!journal) std::abort();
    const SystemClock clock;
    constexpr double kWarm = 0.5;
    const double start = seconds(), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    Outcome outcome;
    {
        GroupWriter writer(**journal, clock, {.records_max = 1U << 18, .bytes_max = 64U << 20});
        Shared shared{writer, {}, start + kWarm};
        shared.waited.reserve(1U << 23);
        std::vector<std::thread> threads;
        for (int i = 0; i < load.submitters; ++i)
            threads.emplace_back([&] { submit_for(shared, load, start + kWarm + load.seconds); });
        for (auto& thread : threads) thread.join();
        const double took = seconds() - start;
        outcome.cpu = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / took;
        outcome.rate = static_cast<double>(shared.waited.size()) / (took - kWarm);
        outcome.wait = of(shared.waited);
    }
    journal->reset();
    std::filesystem::remove_all(path);
    return outcome;
}

void bench_load(const std::string& directory, const Load& load, double rate_limit) {
    // Beside a bare sync of as much as one of its groups, before and after.
    const auto first = run(directory, {load.submitters, load.window, load.record_bytes, 1});
    const auto group = std::max<std::size_t>(
        static_cast<std::size_t>(first.rate * first.wait.p50 * 1e-6) * load.record_bytes, 4096);
    const auto before = bare_sync(directory, group, 400);
    const auto outcome = run(directory, load);
    const auto after = bare_sync(directory, group, 400);
    const auto name = std::to_string(load.record_bytes) + "b." + std::to_string(load.submitters) +
                      "x" + std::to_string(load.window);
    report("durable." + name, outcome.rate, "records/s", rate_limit, field("cpus", outcome.cpu));
    const double sync_p99 = std::max(before.p99, after.p99);
    report("ack_p99." + name, outcome.wait.p99, "us", 2 * sync_p99,
           field("p50", outcome.wait.p50) + field("fdatasync_p50", before.p50) +
               field("fdatasync_p50_after", after.p50) + field("fdatasync_p99", before.p99) +
               field("fdatasync_p99_after", after.p99) +
               field("fdatasync_bytes", static_cast<double>(group)));
}

void bench_replay(const std::string& directory) {
    constexpr int kGroups = 500, kEach = 4000;
    const std::string path = directory + "/replay";
    {
        auto journal = open_files({.directory = path});
        if (!journal) std::abort();
        std::vector<Bytes> forms(kEach);
        std::vector<ByteView> views(kEach);
        for (int group = 0; group < kGroups; ++group) {
            for (std::size_t i = 0; i < kEach; ++i) {
                Order order;
                order.id = static_cast<std::uint64_t>(group) * kEach + i;
                forms[i] = to_binary(order);
                views[i] = forms[i];
            }
            if (!(*journal)->append(views, TimestampNs{group})) std::abort();
        }
    }
    constexpr double kRecords = double{kGroups} * kEach;
    double opened = 1e9, wall = 1e9, cpu = 1e9;
    for (int round = 0; round < 5; ++round) {
        const double start = seconds();
        auto journal = open_files({.directory = path});
        if (!journal) std::abort();
        opened = std::min(opened, seconds() - start);
        std::uint64_t expected = 0;
        const double from = seconds(), cpu_from = seconds(CLOCK_PROCESS_CPUTIME_ID);
        const auto done = (*journal)->replay(Sequence{1}, [&](const Record& record) {
            const auto order = parse_binary<Order>(record.bytes);
            return order && order->id == expected++;
        });
        wall = std::min(wall, seconds() - from);
        cpu = std::min(cpu, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_from);
        if (!done || expected != static_cast<std::uint64_t>(kRecords)) std::abort();
    }
    report("replay_decoded", kRecords / wall, "records/s", 1.5e6, field("by_cpu", kRecords / cpu));
    report("open", kRecords / opened, "records/s");
    report("open_and_replay_decoded", kRecords / (wall + opened), "records/s", 1.5e6);
    std::filesystem::remove_all(path);
}

void bench_binary() {
    constexpr std::size_t kCount = 10'000;
    std::vector<Order> orders(kCount);
    for (std::size_t i = 0; i < kCount; ++i) orders[i].id = i * 7919;
    Bytes bytes;
    double write = 1e9, read = 1e9;
    for (int round = 0; round < 50; ++round) {
        bytes.clear();
        const double start = seconds();
        for (const auto& order : orders) append_binary(order, bytes);
        write = std::min(write, seconds() - start);
        const double from = seconds();
        for (std::size_t i = 0; i < kCount; ++i) {
            const auto order = parse_binary<Order>(ByteView(bytes).subspan(i * 60, 60));
            if (!order || order->id != orders[i].id) std::abort();
        }
        read = std::min(read, seconds() - from);
    }
    report("binary.write_60b", write / kCount * 1e9, "ns", 30);
    report("binary.read_60b", read / kCount * 1e9, "ns", 30);
}

}  // namespace

int main(int argc, char** argv) {
    std::string directory = std::string(argc > 1 ? argv[1] : ".") + "/journal_bench_XXXXXX";
    if (::mkdtemp(directory.data()) == nullptr) {
        std::fprintf(stderr, "cannot write in %s\n", argc > 1 ? argv[1] : ".");
        return 1;
    }
    bench_binary();
    for (const std::size_t bytes : {64U, 256U}) {
        bench_load(directory, {1, 1, bytes}, 0);
        bench_load(directory, {64, 1, bytes}, 0);
        bench_load(directory, {1, 8192, bytes}, 500'000);
        bench_load(directory, {64, 128, bytes}, 500'000);
    }
    bench_replay(directory);
    std::filesystem::remove_all(directory);
}

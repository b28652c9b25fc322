// The journal on the disk of the working directory (or of the folder that is given): what one
// fdatasync costs there, what a record waits and how many become durable in a second, how fast they
// are read again. Waiting is of wall time; replaying is counted by both clocks.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
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
#include "foundation/journal/group_commit.hpp"

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

/// Of syncs that follow each other, the length of the one that is under way at a random moment: it
/// is 1% of the time longer than this. What comes at random moments meets long ones more often.
double p99_by_time(const std::vector<double>& sorted) {
    double all = 0, behind = 0;
    for (const double value : sorted) all += value;
    for (auto value = sorted.rbegin(); value != sorted.rend(); ++value) {
        behind += *value;
        if (behind >= all / 100) return *value;
    }
    return 0;
}

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

/// And waits until the disk has taken notice: giving back space holds up what is synced meanwhile.
void remove(const std::string& path) {
    std::filesystem::remove_all(path);
    ::sync();
}

/// One pwrite of `bytes` and one fdatasync, again and again, in a reserved file.
std::vector<double> bare_sync(const std::string& directory, std::size_t bytes, int times) {
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
    remove(path);
    return took;
}

struct Load {
    int submitters = 1;
    int window = 1;  ///< records that each has in flight
    std::size_t record_bytes = 64;
    double seconds = 2;
    double rate = 0;  ///< records a second of all submitters together; 0: as many as there is room
};

/// What comes with a record: when it was submitted, and who waits for room.
struct Item {
    double start = 0;
    std::counting_semaphore<>* room = nullptr;
};

struct Shared {
    GroupCommit<Item>* commit = nullptr;
    double measured_from = 0;
    std::vector<double> waited{};  ///< of the writing thread

    void acknowledge(const std::vector<Item>& items) {
        const double now = seconds();
        for (std::size_t i = 0; i < items.size();) {
            auto* room = items[i].room;
            std::ptrdiff_t together = 0;
            for (; i < items.size() && items[i].room == room; ++i, ++together)
                if (items[i].start >= measured_from) waited.push_back((now - items[i].start) * 1e6);
            room->release(together);
        }
    }
};

/// Waits until so many records are due that `submitted` of them is not ahead.
void pace(double start, double rate, double submitted) {
    if (rate <= 0) return;
    const double ahead = start + submitted / rate - seconds();
    if (ahead > 0) std::this_thread::sleep_for(std::chrono::duration<double>(ahead));
}

/// Keeps at most `window` records in flight until time is over; a record waits from when it is
/// submitted.
void submit_for(Shared& shared, const Load& load, double until) {
    const Bytes record(load.record_bytes, 7);
    std::counting_semaphore<> room(load.window);
    // In bursts of a few milliseconds: a sleep for each record would cost more than the journal.
    const double rate = load.rate / load.submitters;
    const int burst = std::max(1, static_cast<int>(rate * (load.submitters > 1 ? 0.01 : 0.001)));
    const double begin = seconds();
    for (double submitted = 0; seconds() < until; submitted += burst) {
        pace(begin, rate, submitted);
        for (int i = 0; i < (rate > 0 ? burst : 1); ++i) {
            room.acquire();
            const auto taken = shared.commit->submit(record, Item{seconds(), &room});
            if (!taken) std::abort();
        }
    }
    for (int i = 0; i < load.window; ++i) room.acquire();
}

struct Outcome {
    double rate = 0;
    std::vector<double> waited;
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
        Shared shared{.measured_from = start + kWarm};
        shared.waited.reserve(1U << 23);
        GroupCommit<Item> commit(**journal, clock,
                                 {.records_max = 1U << 18, .bytes_max = 64U << 20},
                                 [&shared](const Result<Group>& group, std::vector<Item>& items) {
                                     if (!group) std::abort();
                                     shared.acknowledge(items);
                                 });
        shared.commit = &commit;
        std::vector<std::thread> threads;
        for (int i = 0; i < load.submitters; ++i)
            threads.emplace_back([&] { submit_for(shared, load, start + kWarm + load.seconds); });
        for (auto& thread : threads) thread.join();
        const double took = seconds() - start;
        outcome.cpu = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / took;
        outcome.rate = static_cast<double>(shared.waited.size()) / (took - kWarm);
        outcome.waited = std::move(shared.waited);
    }
    journal->reset();
    remove(path);
    return outcome;
}

template <class T>
void add(std::vector<T>& to, const std::vector<T>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

/// By turns with bare syncs of as much as one of its groups, since the disk's pace changes from
/// second to second.
void bench_load(const std::string& directory, const Load& load, double rate_limit,
                bool is_wait_limited) {
    constexpr int kRounds = 4;
    double rate = 0, cpu = 0;
    std::size_t group = 4096;
    std::vector<double> waited, synced;
    for (int round = 0; round < kRounds; ++round) {
        const auto outcome = run(directory, load);
        rate += outcome.rate / kRounds;
        cpu += outcome.cpu / kRounds;
        add(waited, outcome.waited);
        auto bare = bare_sync(directory, group, 250);
        add(synced, bare);
        group = std::max<std::size_t>(
            4096, static_cast<std::size_t>(rate * kRounds / (round + 1) * of(bare).p50 * 1e-6) *
                      load.record_bytes);
    }
    const auto name = std::to_string(load.record_bytes) + "b." + std::to_string(load.submitters) +
                      (load.rate > 0 ? "_paced" : "x" + std::to_string(load.window));
    const auto wait = of(waited), sync = of(synced);
    report("durable." + name, rate, "records/s", rate_limit, field("cpus", cpu));
    const double sync_by_time = p99_by_time(synced);
    report("ack_p99." + name, wait.p99, "us", is_wait_limited ? 2 * sync_by_time : 0,
           field("p50", wait.p50) + field("fdatasync_p50", sync.p50) +
               field("fdatasync_p99", sync.p99) + field("fdatasync_p99_by_time", sync_by_time) +
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
        bench_load(directory, {.submitters = 1, .record_bytes = bytes}, 0, true);
        bench_load(directory, {.submitters = 64, .record_bytes = bytes}, 0, true);
        // More in flight than a sync takes: how many, not how soon.
        bench_load(directory, {.submitters = 1, .window = 16'384, .record_bytes = bytes}, 500'000,
                   false);
        bench_load(directory, {.submitters = 64, .window = 256, .record_bytes = bytes}, 500'000,
                   false);
        for (const int submitters : {1, 64})
            bench_load(directory,
                       {.submitters = submitters,
                        .window = 200'000,
                        .record_bytes = bytes,
                        .rate = 250'000},
                       0, true);
    }
    bench_replay(directory);
    std::filesystem::remove_all(directory);
}

/// Commands a second of the whole engine: 100 markets, 10,000 accounts, cross margin, fees, events.
/// One JSON object a line.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <vector>

#include "capabilities/exchange/bench.hpp"
#include "capabilities/exchange/engine/lookahead.hpp"

namespace {

using namespace astro;
using namespace astro::exchange;

constexpr std::size_t kSteps = 2'000'000;

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Counted {
    std::size_t events = 0, refused = 0, trades = 0;
};

Counted count(const Events& events) {
    Counted out{events.size(), 0, 0};
    for (const auto& event : events) {
        out.refused += std::holds_alternative<Refused>(event);
        out.trades += std::holds_alternative<Traded>(event);
    }
    return out;
}

}  // namespace

int main() {
    const auto flow = make_engine_load(kSteps);
    const auto& load = flow.workload;
    const auto& commands = flow.commands;
    const auto body_at = [&](std::size_t i) -> const CommandBody& { return commands[i].body; };
    double best = 0;
    Counted counted;
    std::vector<std::uint32_t> latencies;
    latencies.reserve(kSteps);
    for (int round = 0; round < 4; ++round) {
        Venue venue;
        Events events;
        events.reserve(4'096);
        LookAhead look_ahead(venue);
        open_venue(venue, flow);
        for (std::size_t i = 0; i < load.prefill; ++i) {
            events.clear();
            venue.apply(commands[i], events);
        }
        const bool timed_each = round == 0;
        counted = {};
        const double begin = cpu_seconds();
        for (std::size_t i = load.prefill; i < commands.size(); ++i) {
            // As the server does, which takes commands from the journal in groups.
            look_ahead(i, commands.size(), body_at);
            events.clear();
            if (timed_each) {
                const auto before = std::chrono::steady_clock::now();
                venue.apply(commands[i], events);
                const auto taken = std::chrono::steady_clock::now() - before;
                latencies.push_back(static_cast<std::uint32_t>(taken.count()));
            } else {
                venue.apply(commands[i], events);
            }
            const auto c = count(events);
            counted.events += c.events;
            counted.refused += c.refused;
            counted.trades += c.trades;
        }
        const double taken = cpu_seconds() - begin;
        if (!timed_each) best = std::max(best, static_cast<double>(kSteps) / taken);
        if (timed_each) {
            std::ranges::sort(latencies);
            const auto at = [&](double part) {
                return latencies[static_cast<std::size_t>(
                    static_cast<double>(latencies.size() - 1) * part)];
            };
            std::printf(
                R"({"bench":"exchange","name":"latency of a command, ns","p50":%u,"p99":%u,)"
                R"("p99_limit":5000,"p999":%u,"p999_limit":20000,"met":%s})"
                "\n",
                at(0.5), at(0.99), at(0.999),
                at(0.99) < 5'000 && at(0.999) < 20'000 ? "true" : "false");
        }
    }
    std::printf(R"({"bench":"exchange","name":"whole engine, 100 markets, 10000 accounts",)"
                R"("commands_per_cpu_second":%.0f,"limit":2000000,"met":%s,"events":%zu,)"
                R"("trades":%zu,"refused":%zu})"
                "\n",
                best, best >= 2e6 ? "true" : "false", counted.events, counted.trades,
                counted.refused);
    return best >= 2e6 ? 0 : 1;
}

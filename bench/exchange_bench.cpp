/// Commands a second of the whole engine: 100 markets, 10,000 accounts, cross margin, fees, events.
/// One JSON object a line.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "capabilities/exchange/bench.hpp"
#include "capabilities/exchange/engine/lookahead.hpp"

namespace {

using namespace astro;
using namespace astro::exchange;

constexpr std::size_t kSteps = 2'000'000;
constexpr double kRateMin = 2e6;
constexpr int kRounds = 3;

/// Of each command, in nanoseconds, in rising order.
std::vector<std::uint32_t> latencies(const EngineLoad& flow) {
    const auto& commands = flow.commands;
    const auto body_at = [&](std::size_t i) -> const CommandBody& { return commands[i].body; };
    std::vector<std::uint32_t> out;
    out.reserve(kSteps);
    Venue venue;
    Events events;
    events.reserve(4'096);
    LookAhead look_ahead(venue);
    open_venue(venue, flow);
    for (std::size_t i = 0; i < commands.size(); ++i) {
        // As the server does, which takes commands from the journal in groups.
        look_ahead(i, commands.size(), body_at);
        events.clear();
        const auto before = std::chrono::steady_clock::now();
        venue.apply(commands[i], events);
        const auto taken = std::chrono::steady_clock::now() - before;
        if (i >= flow.workload.prefill) out.push_back(static_cast<std::uint32_t>(taken.count()));
    }
    std::ranges::sort(out);
    return out;
}

}  // namespace

int main() {
    const auto flow = make_engine_load(kSteps);
    const auto sorted = latencies(flow);
    const auto at = [&](double part) {
        return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * part)];
    };
    std::printf(R"({"bench":"exchange","name":"latency of a command, ns","p50":%u,"p99":%u,)"
                R"("p99_limit":5000,"p999":%u,"p999_limit":20000,"met":%s})"
                "\n",
                at(0.5), at(0.99), at(0.999),
                at(0.99) < 5'000 && at(0.999) < 20'000 ? "true" : "false");
    const EngineRate rate = measure_engine(flow, kRounds);
    const bool met = static_cast<double>(rate.commands_per_cpu_second) >= kRateMin;
    std::printf(R"({"bench":"exchange","name":"whole engine, 100 markets, 10000 accounts",)"
                R"("commands_per_cpu_second":%lu,"limit":%.0f,"met":%s,"events":%lu,)"
                R"("trades":%lu,"refused":%lu})"
                "\n",
                rate.commands_per_cpu_second, kRateMin, met ? "true" : "false", rate.events,
                rate.trades, rate.refused);
    return met ? 0 : 1;
}

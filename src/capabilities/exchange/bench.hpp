#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/commands.hpp"
#include "capabilities/exchange/workload.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// How fast the books and the engine are here: processor time, best of some rounds.
namespace astro::exchange {

class Venue;

struct BookRate {
    std::string workload;
    std::uint64_t operations = 0;  ///< measured, without the prefill
    std::uint64_t operations_per_cpu_second = 0;
    std::uint64_t trades = 0, volume = 0;
    std::string notional;  ///< ticks times lots
    std::uint64_t resting = 0;
    std::string totals;  ///< "as published", "different", or "not published"
};
BOOST_DESCRIBE_STRUCT(BookRate, (),
                      (workload, operations, operations_per_cpu_second, trades, volume, notional,
                       resting, totals))

/// `rounds` times the same operations on fresh books. The operations must be those of one order
/// flow: a cancellation names an order that rests.
[[nodiscard]] BookRate measure_book(const Workload& workload, int rounds);
/// A file of operations (ops_csv.hpp) in memory, all of it measured; `where` of an error is the
/// line. Cancellations of what does not rest are left out, since they do nothing.
[[nodiscard]] Result<Workload> read_workload(const std::string& path);
inline constexpr std::size_t kWorkloadOperationsMax = 50'000'000;

/// A venue with cross margin, fees and events, and what is asked of it.
struct EngineLoad {
    std::uint32_t markets = 100, accounts = 10'000;
    Workload workload;              ///< the flow of orders it is made from
    std::vector<Command> commands;  ///< the first `workload.prefill` are not measured
};
[[nodiscard]] EngineLoad make_engine_load(std::size_t steps);
/// What lists the markets, opens the accounts and funds them; for a venue without any.
void for_each_opening_command(const EngineLoad& load, const std::function<void(CommandBody)>& run);
void open_venue(Venue& venue, const EngineLoad& load);

struct EngineRate {
    std::uint32_t markets = 0, accounts = 0;
    std::uint64_t commands = 0, commands_per_cpu_second = 0, events = 0, trades = 0, refused = 0;
};
BOOST_DESCRIBE_STRUCT(EngineRate, (),
                      (markets, accounts, commands, commands_per_cpu_second, events, trades,
                       refused))
[[nodiscard]] EngineRate measure_engine(const EngineLoad& load, int rounds);

}  // namespace astro::exchange

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "capabilities/exchange/engine/order_pool.hpp"

/// The reproducible order flow by which books are compared: 70 % additions around a drifting mid,
/// 25 % cancellations, 5 % marketable IOC orders, from splitmix64. Specified to the bit in
/// docs/benchmarks.md, so that another engine can be measured on the very same operations.
namespace astro::exchange {

enum class OperationType : std::uint8_t { add, cancel, ioc };

struct Operation {
    OperationType type = OperationType::add;
    Side side = Side::buy;
    std::uint32_t symbol = 0;
    std::uint32_t order_id = 0;  ///< 1, 2, 3, …; of a cancel: the order to cancel
    std::int64_t price = 0;      ///< ticks
    std::uint32_t quantity = 0;  ///< lots
};

struct Workload {
    std::string name;
    std::uint32_t symbols = 1;
    std::size_t prefill = 0;  ///< the first operations, not measured
    std::vector<Operation> operations;
};

/// What any correct engine must report after the prefill.
struct WorkloadTotals {
    std::uint64_t trades = 0, volume = 0, notional = 0, resting = 0;
    bool operator==(const WorkloadTotals&) const = default;
};

/// Generates by running a book, since cancels pick among live orders.
[[nodiscard]] Workload make_workload(std::string name, std::uint64_t seed, std::uint32_t symbols,
                                     std::size_t prefill, std::size_t steps);

/// W1: one symbol; W100: a hundred. The published totals stand beside them.
[[nodiscard]] Workload make_w1();
[[nodiscard]] Workload make_w100();
inline constexpr WorkloadTotals kW1Totals{2'492'513, 106'894'485, 10'684'104'392'380, 9'776};
inline constexpr WorkloadTotals kW100Totals{2'242'220, 100'536'202, 10'053'553'169'878, 353'140};

}  // namespace astro::exchange

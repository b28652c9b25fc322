#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// Scenarios of the local ledger: transactions and what must come of them, as tables that people
/// read and write. The language is described in docs/devnet.md.
namespace astro::devnet {

inline constexpr std::size_t kScenarioBytesMax = 1U << 20;
inline constexpr std::size_t kScenarioLinesMax = 20'000;

/// A line whose outcome was not the one it says.
struct ScenarioFault {
    std::uint32_t line = 0;
    std::string text;      ///< the line
    std::string expected;  ///< what it says
    std::string got;       ///< what came
};
BOOST_DESCRIBE_STRUCT(ScenarioFault, (), (line, text, expected, got))

struct ScenarioReport {
    bool passes = false;
    std::uint32_t transactions = 0, checks = 0, ledgers = 0;
    std::string ledger_hash;            ///< the same everywhere, in hex
    std::vector<std::string> outcomes;  ///< codes that came: "payment underfunded", "tx_bad_seq"
    std::vector<ScenarioFault> faults;
};
BOOST_DESCRIBE_STRUCT(ScenarioReport, (),
                      (passes, transactions, checks, ledgers, ledger_hash, outcomes, faults))

/// Runs a scenario on a new ledger. Refusal "bad_scenario" with the line and word that is not
/// understood.
[[nodiscard]] Result<ScenarioReport> run_scenario(std::string_view text);

}  // namespace astro::devnet

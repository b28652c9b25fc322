#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/exchange/engine/commands.hpp"
#include "capabilities/exchange/engine/events.hpp"
#include "foundation/base/result.hpp"

/// A scenario: commands to a venue and what must come of them, as a table that people read and
/// write. The language is described in docs/exchange.md.
namespace astro::exchange {

class Venue;

inline constexpr std::size_t kScenarioBytesMax = 4U << 20;
inline constexpr std::size_t kScenarioLineMax = 1'000;  ///< bytes of a line
inline constexpr std::size_t kScenarioCommandsMax = 20'000;
/// The subject of a fault that no line expected: the venue disagrees with itself.
inline constexpr std::string_view kAuditSubject = "audit";

/// What is looked at, after a command or in between.
enum class CheckKind : std::uint8_t {
    // Of the command of the same line.
    done,       ///< that it was not refused
    refused,    ///< its refusal
    trades,     ///< how much the order traded as it came; of no order: how much was traded at all
    rests,      ///< how much of it is on the book
    closed,     ///< why the order ended at once
    ended,      ///< why the order of that name ended
    triggered,  ///< whether the order of that name was placed
    item,       ///< what became of an action of a batch
    opens,      ///< how much traded in the auction of an opening, and at what price
    // Of the venue as it is.
    position,
    entry,  ///< average price
    balance,
    equity,      ///< collateral with unrealised profit, as it counts for maintenance
    free,        ///< collateral that is not needed as initial margin
    needs,       ///< initial margin
    maintains,   ///< maintenance margin
    orders,      ///< how many rest
    waiting,     ///< how many wait for a price
    order,       ///< one that rests
    waits,       ///< one that waits: its trigger
    due,         ///< the price that is due to an order in its auction
    indicative,  ///< what would trade if the market opened now
    book,        ///< a side, best first
    interest,    ///< open interest
    mark,
    last,
    fees,       ///< the venue's
    insurance,  ///< the fund's
    proposal,   ///< its state
    tally,      ///< its votes for, against and abstaining
    setting,    ///< of a market
    stake,      ///< of an account
    power,      ///< of its own stake and those delegated to it
    treasury,
    uncovered,  ///< losses that nobody could pay
    insured,    ///< what an account's shares of the insurance fund are worth
    funding     ///< paid by those who have, and not yet received by the others
};

struct Check {
    CheckKind kind = CheckKind::done;
    AccountId account{};
    MarketId market{};
    AssetId asset{};
    Leg leg = Leg::net;
    Side side = Side::buy;
    std::string label{};  ///< an order's name, or a setting's
    ProposalId proposal{};
    std::optional<Price> price{};          ///< only trades at it
    bool needed = true, available = true;  ///< which numbers of a refusal are compared
    std::uint32_t item = 0;                ///< of a batch, from 0
    std::string subject{};                 ///< as it stands in the text
    std::string expected{};                ///< the same text as the venue's would be
};

/// A line that does something, or only looks.
struct ScenarioStep {
    std::size_t line = 0;
    TimeMs time{};
    std::vector<CommandBody> commands{};
    /// Of the order that CancelOrder or AmendOrder is about; its id is known when it is there.
    std::string label{};
    std::vector<std::string> labels{};  ///< the same of the actions of a batch
    AccountId auction_of{};             ///< whose order FillAuction is about
    AccountId account{};                ///< whose order it is
    AssetId asset{};                    ///< in whose unit a refusal counts
    std::vector<Check> checks{};
};

struct Scenario {
    std::vector<ScenarioStep> steps;
    std::vector<AssetSettings> assets;  ///< by AssetId
};

/// An error says what is wrong and what would be right; its `where` is "line:column".
[[nodiscard]] Result<Scenario> parse_scenario(std::string_view text);

/// An expectation that did not hold.
struct ScenarioFault {
    std::size_t line = 0;
    std::string subject, expected, actual;
};

struct ScenarioReport {
    std::size_t commands = 0, events = 0, checks = 0;
    std::vector<ScenarioFault> faults;  ///< the first hundred
    std::size_t faults_more = 0;
};

/// Called for each event with the line that led to it.
using ScenarioWatch = std::function<void(std::size_t line, TimeMs time, const Event& event)>;
/// On a fresh venue, which is audited as it goes; `at_end` sees it as the last line leaves it.
[[nodiscard]] ScenarioReport run_scenario(const Scenario& scenario, const ScenarioWatch& watch = {},
                                          const std::function<void(const Venue&)>& at_end = {});

/// {"line":3,"time":1700000000000,"event":"traded",…}, or another count than of lines.
[[nodiscard]] std::string event_json(std::string_view counted, std::uint64_t number, TimeMs time,
                                     const Event& event);
/// "traded"
[[nodiscard]] std::string event_name(const Event& event);

/// "margin_insufficient needed=12.5 available=3", in the unit of what was refused.
[[nodiscard]] std::string refusal_text(const Refusal& refusal, std::int64_t asset_decimals,
                                       bool needed = true, bool available = true);
/// A market's setting of that name as text; nothing when there is none.
[[nodiscard]] std::string setting_text(const MarketSettings& settings, std::string_view name);

}  // namespace astro::exchange

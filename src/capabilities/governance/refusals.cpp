#include "capabilities/governance/refusals.hpp"

#include <algorithm>
#include <array>

#include "capabilities/governance/engine/model.hpp"
#include "foundation/base/time.hpp"

namespace astro::governance {
namespace {

using Code = exchange::RefusalCode;

/// How the numbers of a sentence are written.
enum class Unit { count, power, time };

struct Rule {
    Code code;
    std::string_view name;
    ErrorKind kind;
    std::string_view sentence;  ///< with {needed} and {available}
    Unit unit = Unit::count;
};

constexpr std::array kRules{
    Rule{Code::account_unknown, "account_unknown", ErrorKind::not_found, "no such account"},
    Rule{Code::asset_unknown, "asset_unknown", ErrorKind::not_found,
         "ASTRO, which is staked, is not listed here"},
    Rule{Code::proposal_unknown, "proposal_unknown", ErrorKind::not_found,
         "the venue knows the proposals that are open and the newest that have ended"},
    Rule{Code::governed, "governed", ErrorKind::forbidden,
         "the rules bind: only a proposal changes it"},
    Rule{Code::not_guardian, "not_guardian", ErrorKind::forbidden,
         "only a guardian's account can veto; GET /api/v1/governance/parameters names them"},
    Rule{Code::not_proposer, "not_proposer", ErrorKind::forbidden,
         "only the account that proposed it can cancel it"},
    Rule{Code::no_voting_power, "no_voting_power", ErrorKind::forbidden,
         "the account had no power when the proposal was made; what is staked later counts for "
         "later proposals"},
    Rule{Code::voting_over, "voting_over", ErrorKind::conflict, "voting ended at {needed}",
         Unit::time},
    Rule{Code::not_in_timelock, "not_in_timelock", ErrorKind::conflict,
         "a veto needs an accepted proposal, from {needed} on until it can be executed",
         Unit::time},
    Rule{Code::already_vetoed, "already_vetoed", ErrorKind::conflict,
         "this guardian's veto is counted already"},
    Rule{Code::proposal_over, "proposal_over", ErrorKind::conflict,
         "the proposal ended at {available}", Unit::time},
    Rule{Code::not_accepted, "not_accepted", ErrorKind::conflict,
         "the proposal is not accepted: it takes {needed} ASTRO in favour and has {available}; "
         "GET /api/v1/governance/proposals/{id} explains its tally",
         Unit::power},
    Rule{Code::timelock_running, "timelock_running", ErrorKind::conflict,
         "it can be executed from {needed} on", Unit::time},
    Rule{Code::too_many_proposals, "too_many_proposals", ErrorKind::conflict,
         "at most {needed} proposals may be open: 4 of an account, 64 of all"},
    Rule{Code::too_many_voters, "too_many_voters", ErrorKind::conflict,
         "at most {needed} accounts may stake"},
    Rule{Code::too_many_cooling, "too_many_cooling", ErrorKind::conflict,
         "at most {needed} withdrawals of an account cool down at a time"},
    Rule{Code::stake_insufficient, "stake_insufficient", ErrorKind::refusal,
         "needs {needed} ASTRO, {available} are staked", Unit::power},
    Rule{Code::power_insufficient, "power_insufficient", ErrorKind::refusal,
         "proposing takes a power of {needed} ASTRO, the account has {available}", Unit::power},
    Rule{Code::balance_insufficient, "balance_insufficient", ErrorKind::refusal,
         "needs {needed} ASTRO, {available} are free", Unit::power},
    Rule{Code::treasury_insufficient, "treasury_insufficient", ErrorKind::refusal,
         "needs {needed} USDC, the treasury has {available}", Unit::power},
    Rule{Code::bad_proposal, "bad_proposal", ErrorKind::refusal,
         "a proposal has a title and changes exactly one thing, to what it is not yet"},
    Rule{Code::bad_amount, "bad_amount", ErrorKind::refusal,
         "an amount is above zero and not beyond what is counted; a setting is within its range"},
    Rule{Code::positions_open, "positions_open", ErrorKind::conflict,
         "tick, lot and decimals of what is listed stay as they are"}};

std::string text_of(std::int64_t number, Unit unit) {
    switch (unit) {
        case Unit::power:
            return to_text(Power{number});
        case Unit::time:
            return to_iso8601(TimestampNs{number * 1'000'000});
        case Unit::count:
            break;
    }
    return std::to_string(number);
}

void replace(std::string& text, std::string_view what, const std::string& with) {
    if (const auto at = text.find(what); at != text.npos) text.replace(at, what.size(), with);
}

}  // namespace

Unexpected told(const exchange::Refusal& refusal) {
    const auto rule = std::ranges::find(kRules, refusal.code, &Rule::code);
    if (rule == kRules.end())
        return astro::refusal(enum_name(refusal.code), "the venue refused it", "");
    std::string sentence(rule->sentence);
    replace(sentence, "{needed}", text_of(refusal.needed, rule->unit));
    replace(sentence, "{available}", text_of(refusal.available, rule->unit));
    return Unexpected{{rule->kind, rule->name, std::move(sentence), ""}};
}

}  // namespace astro::governance

#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "foundation/base/bytes.hpp"
#include "foundation/base/decimal.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/numbers.hpp"
#include "foundation/base/result.hpp"
#include "foundation/base/time_ms.hpp"

/// Names, numbers and rules of votes. What a proposal does is not known here.
namespace astro::governance {

struct VoterTag : tags::Number<std::uint32_t, false, JsonForm::number> {};
struct ProposalTag : tags::Number<std::uint64_t, false, JsonForm::number> {};
struct PowerTag : tags::Number<std::int64_t, true, JsonForm::string> {
    static constexpr int kDecimals = 6;
};

using VoterId = Strong<VoterTag>;        ///< an account that stakes
using ProposalId = Strong<ProposalTag>;  ///< from 1, in the order of proposing
using Power = Strong<PowerTag>;          ///< staked governance asset, 1e-6 of one

/// Whose accounts they are: an id of the identity capability.
struct PersonTag {};
using PersonId = FixedBytes<PersonTag, 16>;
[[nodiscard]] inline std::string to_text(const PersonId& id) {
    return to_hex(id.view());
}
/// 32 hexadecimal digits.
[[nodiscard]] bool from_text(std::string_view text, PersonId& out);

inline constexpr std::size_t kVotersMax = 1'000'000;  ///< who stake, without their delegates
inline constexpr std::size_t kCoolingMax = 16;        ///< withdrawals of one voter that cool down
inline constexpr std::size_t kOpenMax = 64;           ///< proposals that have not ended
inline constexpr std::size_t kOpenOfOneMax = 4;
inline constexpr std::size_t kEndedKept = 256;  ///< proposals that have ended
inline constexpr std::size_t kGuardiansMax = 16;
inline constexpr Power kPowerMax{std::int64_t{1} << 60};  ///< of all voters together

/// The rules. A proposal keeps those of its start.
struct Settings {
    bool binds = false;  ///< what a proposal can set is set by nothing else; see docs/governance.md
    std::int64_t quorum_ppm = 200'000;       ///< of all power must vote, 1 to 1,000,000
    std::int64_t threshold_ppm = 150'000;    ///< of all power must be for it, 1 to 1,000,000
    std::int64_t voting_ms = 259'200'000;    ///< 1 s to 30 days
    std::int64_t timelock_ms = 172'800'000;  ///< from there until it can be executed; 0 to 30 days
    std::int64_t expiry_ms = 604'800'000;    ///< from there until it no longer can; 1 s to 90 days
    /// From unstaking until the amount is back, voting_ms to 90 days: who votes stays for what the
    /// vote leads to.
    std::int64_t cooldown_ms = 604'800'000;
    Power deposit{100'000'000};  ///< of a proposal; lost when it does not reach the quorum
    Power proposer_power_min{1'000'000'000};  ///< at least 1
    std::int64_t vetoes = 2;                  ///< guardians it takes, 2 to 16
    std::vector<PersonId> guardians{};        ///< none, or at least `vetoes`
};
BOOST_DESCRIBE_STRUCT(Settings, (),
                      (binds, quorum_ppm, threshold_ppm, voting_ms, timelock_ms, expiry_ms,
                       cooldown_ms, deposit, proposer_power_min, vetoes, guardians))

/// "bad_governance" names the first field that cannot be, and what it can be.
[[nodiscard]] Result<void> check_settings(const Settings& settings);

/// ```
/// voting ─▶ timelock ─▶ ready ─▶ executed
///    │          │         └────▶ expired
///    │          └──▶ vetoed
///    └──▶ defeated               any of the first three ─▶ cancelled
/// ```
enum class ProposalState : std::uint8_t {
    voting,    ///< from its start until before `voting_ends`
    timelock,  ///< accepted; guardians may veto until before `executable`
    ready,     ///< anybody may execute it until before `expires`
    executed,
    defeated,
    vetoed,
    cancelled,  ///< by who proposed it
    expired
};
BOOST_DESCRIBE_ENUM(ProposalState, voting, timelock, ready, executed, defeated, vetoed, cancelled,
                    expired)
[[nodiscard]] constexpr bool is_open(ProposalState state) {
    return state <= ProposalState::ready;
}

enum class Choice : std::uint8_t { against, in_favour, abstain };
BOOST_DESCRIBE_ENUM(Choice, against, in_favour, abstain)

struct Tally {
    Power in_favour, against, abstain;
    [[nodiscard]] Power sum() const { return in_favour + against + abstain; }
    [[nodiscard]] Power& of(Choice choice) {
        return choice == Choice::in_favour ? in_favour
               : choice == Choice::against ? against
                                           : abstain;
    }
    bool operator==(const Tally&) const = default;
};
BOOST_DESCRIBE_STRUCT(Tally, (), (in_favour, against, abstain))

/// What a proposal needs, as numbers: fixed at its start.
struct Terms {
    Power total;      ///< all power there was
    Power quorum;     ///< must vote
    Power threshold;  ///< must be for it
    TimeMs voting_ends{}, executable{}, expires{};
    Power deposit;
    std::int64_t vetoes = 0;
};
BOOST_DESCRIBE_STRUCT(Terms, (),
                      (total, quorum, threshold, voting_ends, executable, expires, deposit, vetoes))

/// By present rules, for a power of all voters above zero; requirements are rounded up.
[[nodiscard]] Terms terms_of(const Settings& settings, Power total, TimeMs now);

enum class Verdict : std::uint8_t {
    accepted,
    below_quorum,
    below_threshold,
    not_ahead  ///< no more for it than against
};
BOOST_DESCRIBE_ENUM(Verdict, accepted, below_quorum, below_threshold, not_ahead)
/// What the votes say as they stand.
[[nodiscard]] Verdict verdict_of(const Terms& terms, const Tally& tally);

struct Proposal {
    ProposalId id{};
    VoterId proposer{};
    ProposalState state = ProposalState::voting;
    TimeMs created{}, ended{};  ///< `ended` 0 while it is open
    Terms terms;
    Tally tally;
    std::vector<PersonId> vetoes{};  ///< guardians who are against it, in the order they said so
};
BOOST_DESCRIBE_STRUCT(Proposal, (), (id, proposer, state, created, ended, terms, tally, vetoes))

enum class RefusalCode : std::uint8_t {
    none,
    bad_amount,
    stake_insufficient,  ///< needed and available: amounts
    too_many_voters,     ///< needed: the most there are
    too_many_cooling,    ///< needed: the most withdrawals of one voter that cool down
    power_insufficient,  ///< needed and available: to propose
    too_many_proposals,  ///< needed: the most that may be open
    proposal_unknown,
    no_voting_power,  ///< none when the proposal was made
    voting_over,      ///< needed and available: the time it ended, and now
    not_guardian,
    not_in_timelock,  ///< needed and available: the timelock's begin, and now
    already_vetoed,
    not_proposer,
    proposal_over,    ///< it has ended
    not_accepted,     ///< needed and available: the votes it needs, and has
    timelock_running  ///< needed and available: when it can be executed, and now
};
BOOST_DESCRIBE_ENUM(RefusalCode, none, bad_amount, stake_insufficient, too_many_voters,
                    too_many_cooling, power_insufficient, too_many_proposals, proposal_unknown,
                    no_voting_power, voting_over, not_guardian, not_in_timelock, already_vetoed,
                    not_proposer, proposal_over, not_accepted, timelock_running)

/// Why something was not done, with its numbers.
struct Refusal {
    RefusalCode code = RefusalCode::none;
    std::int64_t needed = 0, available = 0;
    [[nodiscard]] explicit operator bool() const { return code != RefusalCode::none; }
};

}  // namespace astro::governance

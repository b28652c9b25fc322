#include "capabilities/governance/views.hpp"

#include "foundation/base/json.hpp"

namespace astro::governance {
namespace {

using exchange::AccountId;
using exchange::Venue;

/// As JSON has it, a text without its quotes.
template <class T>
std::string text_of(const T& value) {
    std::string out = to_json(value);
    if (out.size() >= 2 && out.front() == '"') out = out.substr(1, out.size() - 2);
    return out;
}

template <class Settings>
std::vector<ChangeView> changes_of(const std::optional<Settings>& base, const Settings& wanted) {
    std::vector<ChangeView> out;
    for_each_member(wanted, [&](std::string_view name, const auto& value) {
        if (name == "version") return;
        std::string from;
        if (base)
            for_each_member(*base, [&](std::string_view old_name, const auto& old) {
                if (old_name == name) from = text_of(old);
            });
        auto to = text_of(value);
        if (!base || from != to) out.push_back({std::string(name), from, std::move(to)});
    });
    return out;
}

std::string subject_of(const exchange::ProposalAction& action) {
    if (action.market) return "market " + action.market->symbol;
    if (action.asset) return "collateral " + action.asset->symbol;
    if (action.venue) return "venue";
    if (action.payment) return "treasury";
    return "governance";
}
std::vector<ChangeView> changes_of(const exchange::StoredProposition& stored) {
    const auto& action = stored.proposition->action;
    if (action.market) return changes_of(stored.base.market, *action.market);
    if (action.asset) return changes_of(stored.base.asset, *action.asset);
    if (action.venue) return changes_of(stored.base.venue, *action.venue);
    if (action.payment) return changes_of(stored.base.payment, *action.payment);
    if (action.governance) return changes_of(stored.base.governance, *action.governance);
    return {};
}

/// "1,250.5"
std::string grouped(Power power) {
    std::string out = to_text(power);
    for (auto end = std::min(out.find('.'), out.size()); end > 3; end -= 3)
        out.insert(end - 3, 1, ',');
    return out;
}

std::vector<ConditionView> conditions_of(const Terms& terms, const Tally& tally) {
    const std::string unit = " " + std::string(exchange::kGovernanceAsset);
    const Power voted = tally.sum(), in_favour = tally.in_favour;
    return {{.name = "quorum",
             .sentence = grouped(voted) + " of " + grouped(terms.total) + unit +
                         " have voted, it takes " + grouped(terms.quorum),
             .needed = terms.quorum,
             .has = voted,
             .is_met = voted >= terms.quorum},
            {.name = "threshold",
             .sentence =
                 grouped(in_favour) + unit + " are for it, it takes " + grouped(terms.threshold),
             .needed = terms.threshold,
             .has = in_favour,
             .is_met = in_favour >= terms.threshold},
            {.name = "ahead",
             .sentence = grouped(in_favour) + unit + " are for it and " + grouped(tally.against) +
                         " against; it takes more for it than against",
             .needed = Power{tally.against.value() + 1},
             .has = in_favour,
             .is_met = in_favour > tally.against}};
}

Unexpected bad(std::string_view field, const std::string& message) {
    return refusal("bad_proposal", message, std::string(field));
}

}  // namespace

ParametersView view_parameters(const Venue& venue) {
    const Governance& governance = venue.governance();
    return {.asset = std::string(exchange::kGovernanceAsset),
            .staked = governance.stakes().total(),
            .voters = governance.stakes().voters().size(),
            .newest_proposal = governance.newest(),
            .rules = governance.settings()};
}

std::optional<ProposalView> view_proposal(const Venue& venue, ProposalId id) {
    const Proposal* proposal = venue.governance().find(id);
    if (proposal == nullptr) return std::nullopt;
    const auto& stored = venue.propositions().at(id);
    ProposalView out{.id = id,
                     .account = AccountId{proposal->proposer.value()},
                     .state = proposal->state,
                     .title = stored.proposition->title,
                     .text = stored.proposition->text,
                     .subject = subject_of(stored.proposition->action),
                     .changes = changes_of(stored),
                     .created = proposal->created,
                     .terms = proposal->terms,
                     .tally = proposal->tally,
                     .verdict = verdict_of(proposal->terms, proposal->tally),
                     .conditions = conditions_of(proposal->terms, proposal->tally),
                     .vetoes = static_cast<std::int64_t>(proposal->vetoes.size())};
    if (!is_open(proposal->state)) out.ended = proposal->ended;
    return out;
}

StakeView view_stake(const Venue& venue, AccountId account) {
    StakeView out{.account = account, .stake = {}, .delegate = account, .power = {}};
    const Voter* voter = venue.governance().stakes().find(VoterId{account.value()});
    if (voter == nullptr) return out;
    out.stake = voter->stake;
    out.delegate = AccountId{voter->delegate.value()};
    out.power = voter->power;
    for (const auto& [until, amount] : voter->cooling) out.cooling.push_back({until, amount});
    return out;
}

std::vector<VoteView> view_votes(const Venue& venue, ProposalId id, AccountId from,
                                 std::size_t count_max) {
    std::vector<VoteView> out;
    const Governance& governance = venue.governance();
    const Proposal* proposal = governance.find(id);
    if (proposal == nullptr || proposal->state != ProposalState::voting) return out;
    const auto& votes = governance.votes(id);
    for (auto vote = votes.lower_bound(VoterId{from.value()});
         vote != votes.end() && out.size() < count_max; ++vote)
        out.push_back(
            {AccountId{vote->first.value()}, vote->second, governance.power_at(vote->first, id)});
    return out;
}

Result<void> check_proposition(const exchange::Proposition& proposition) {
    const auto& [title, text, action] = proposition;
    if (title.empty() || title.size() > exchange::kTitleMax)
        return bad("title", "title has 1 to " + std::to_string(exchange::kTitleMax) + " bytes");
    if (text.size() > exchange::kTextMax)
        return bad("text", "text has at most " + std::to_string(exchange::kTextMax) + " bytes");
    if (const int actions = exchange::count_of(action); actions != 1)
        return bad("action",
                   "action has exactly one member, not " + std::to_string(actions) + " of them");
    if (action.market) ASTRO_CHECK(exchange::check_market(*action.market));
    if (action.asset) ASTRO_CHECK(exchange::check_asset(*action.asset));
    if (action.venue) ASTRO_CHECK(exchange::check_venue(*action.venue));
    if (action.governance) ASTRO_CHECK(check_settings(*action.governance));
    return {};
}

}  // namespace astro::governance

#include <algorithm>
#include <array>

#include "capabilities/exchange/scenario_parser.hpp"
#include "capabilities/exchange/scenario_settings.hpp"

/// Stakes, proposals and votes in a scenario's text.
namespace astro::exchange {
namespace {

constexpr std::size_t kProposalsMax = 1'000;

}  // namespace

Result<void> ScenarioParser::governance_settings(Words& words, governance::Settings& settings) {
    while (!words.empty() && words.peek() != "->") {
        ASTRO_TRY(auto word, words.take("a setting"));
        if (!word.starts_with("guardians=")) {
            ASTRO_CHECK(set_field(words, settings, word));
            continue;
        }
        settings.guardians.clear();
        for (word.remove_prefix(10); !word.empty();) {
            const auto name = word.substr(0, word.find('+'));
            const auto owner = owners_.find(name);
            if (owner == owners_.end())
                return words.wrong("guardians are owners of accounts, joined by +, unlike " +
                                   quoted(name));
            settings.guardians.push_back(governance::PersonId{owner->second.bytes});
            word.remove_prefix(std::min(name.size() + 1, word.size()));
        }
    }
    return {};
}

Result<void> ScenarioParser::set_governance(Words& words, ScenarioStep& step) {
    governance::Settings settings = rules_;
    const Words rest = words;
    ASTRO_CHECK(governance_settings(words, settings));
    if (const auto valid = governance::check_settings(settings); !valid)
        return rest.wrong(valid.error().message);
    step.commands.emplace_back(SetGovernance{settings});
    if (!will_be_refused(words)) rules_ = std::move(settings);
    return {};
}

Result<const ScenarioParser::Asset*> ScenarioParser::voting_asset(const Words& words) const {
    const auto found = assets_.find(kGovernanceAsset);
    if (found == assets_.end())
        return words.wrong("votes take a stake; list its asset before: asset " +
                           std::string(kGovernanceAsset));
    return &found->second;
}

Result<void> ScenarioParser::stake(Words& words, ScenarioStep& step, std::string_view verb) {
    ASTRO_TRY(const auto* asset, voting_asset(words));
    ASTRO_TRY(const auto amount,
              words.take_decimal(static_cast<int>(asset->settings.decimals), "an amount"));
    step.asset = asset->id;
    if (verb == "stake")
        step.commands.emplace_back(StakeGovernance{step.account, governance::Power{amount}});
    else
        step.commands.emplace_back(UnstakeGovernance{step.account, governance::Power{amount}});
    return {};
}

Result<void> ScenarioParser::delegate(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto to, take_account(words));
    step.commands.emplace_back(DelegateGovernance{step.account, to});
    return {};
}

/// NAME market SYMBOL SETTING…, asset SYMBOL SETTING…, venue SETTING…, governance SETTING… or
/// payment ACCOUNT AMOUNT
Result<void> ScenarioParser::propose(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto* asset, voting_asset(words));
    ASTRO_TRY(const auto text, words.take("a name for the proposal"));
    ASTRO_TRY(const auto name, label(words, text));
    if (proposals_.contains(name.text())) return words.wrong("there is a proposal " + quoted(text));
    if (proposals_.size() == kProposalsMax)
        return words.wrong("a scenario has at most " + std::to_string(kProposalsMax) +
                           " proposals");
    Suggested suggested;
    ASTRO_TRY(suggested.action, action(words));
    suggested.rules = rules_;
    suggested.venue = venue_;
    step.asset = asset->id;
    Proposition proposition{std::string(name.text()), "", suggested.action};
    step.commands.emplace_back(Propose{step.account, std::move(proposition)});
    if (will_be_refused(words)) return {};
    suggested.id = ProposalId{proposals_.size() + 1};
    if (suggested.action.market)
        if (const auto found = markets_.find(suggested.action.market->symbol);
            found != markets_.end())
            suggested.market = found->second.settings;
    proposals_[std::string(name.text())] = std::move(suggested);
    return {};
}

Result<ProposalAction> ScenarioParser::action(Words& words) {
    ProposalAction out;
    ASTRO_TRY(const auto kind, words.take("what it changes"));
    if (kind == "market") {
        ASTRO_TRY(const auto symbol, words.take("a market's symbol, such as SOL-PERP"));
        out.market = market_settings(symbol);
        while (!words.empty() && words.peek() != "->") {
            ASTRO_TRY(const auto word, words.take("a setting"));
            ASTRO_CHECK(set_field(words, *out.market, word));
        }
    } else if (kind == "asset") {
        ASTRO_TRY(const auto* asset, take_asset(words));
        out.asset = asset->settings;
        while (!words.empty() && words.peek() != "->") {
            ASTRO_TRY(const auto word, words.take("a setting"));
            ASTRO_CHECK(set_field(words, *out.asset, word));
        }
    } else if (kind == "governance") {
        out.governance = rules_;
        ASTRO_CHECK(governance_settings(words, *out.governance));
    } else if (kind == "venue") {
        out.venue = venue_;
        while (!words.empty() && words.peek() != "->") {
            ASTRO_TRY(const auto word, words.take("a setting"));
            ASTRO_CHECK(set_field(words, *out.venue, word));
        }
    } else if (kind == "payment") {
        TreasuryPayment& payment = out.payment.emplace();
        ASTRO_TRY(payment.account, take_account(words));
        ASTRO_TRY(const auto amount, words.take_decimal(QuoteTag::kDecimals, "an amount"));
        payment.amount = Quote{amount};
    } else {
        return words.wrong(
            "a proposal changes a market, an asset, venue or governance, or is a payment, not " +
            quoted(kind));
    }
    return out;
}

Result<const ScenarioParser::Suggested*> ScenarioParser::take_proposal(Words& words) const {
    ASTRO_TRY(const auto name, words.take("a proposal's name"));
    const auto found = proposals_.find(name);
    if (found == proposals_.end())
        return words.wrong("there is no proposal " + quoted(name) +
                           "; make it before: ACCOUNT propose NAME market SYMBOL SETTING=VALUE");
    return &found->second;
}

Result<void> ScenarioParser::vote(Words& words, ScenarioStep& step) {
    ASTRO_TRY(const auto* proposal, take_proposal(words));
    ASTRO_TRY(const auto word, words.take("for, against or abstain"));
    governance::Choice choice = governance::Choice::in_favour;
    if (word != "for" && (word == "in_favour" || !enum_from_name(word, choice)))
        return words.wrong("a vote is for, against or abstain, not " + quoted(word));
    step.commands.emplace_back(VoteOnProposal{step.account, proposal->id, choice});
    return {};
}

/// veto, retract or execute
Result<void> ScenarioParser::about_proposal(Words& words, ScenarioStep& step,
                                            std::string_view verb) {
    ASTRO_TRY(const auto* proposal, take_proposal(words));
    if (const auto asset = assets_.find(kGovernanceAsset); asset != assets_.end())
        step.asset = asset->second.id;
    if (verb == "veto")
        step.commands.emplace_back(VetoProposal{step.account, proposal->id});
    else if (verb == "retract")
        step.commands.emplace_back(CancelProposal{step.account, proposal->id});
    else
        step.commands.emplace_back(ExecuteProposal{step.account, proposal->id});
    if (verb == "execute" && !will_be_refused(words)) carry_out(*proposal);
    return {};
}

/// What the venue will do, so that later lines mean what is in force.
void ScenarioParser::carry_out(const Suggested& proposal) {
    const ProposalAction& action = proposal.action;
    if (action.market) {
        const auto known = markets_.find(action.market->symbol);
        if (known == markets_.end())
            markets_[action.market->symbol] = {
                MarketId{static_cast<std::uint16_t>(markets_.size())}, *action.market};
        else if (proposal.market)
            known->second.settings =
                with_changes(known->second.settings, *proposal.market, *action.market);
    } else if (action.asset) {
        Asset& known = assets_[action.asset->symbol];
        known.settings = *action.asset;
        scenario_.assets[known.id.value()] = *action.asset;
    } else if (action.venue) {
        VenueSettings wanted = *action.venue;
        wanted.version = proposal.venue.version;
        venue_ = with_changes(venue_, proposal.venue, wanted);
        ++venue_.version;
    } else if (action.governance) {
        rules_ = with_changes(rules_, proposal.rules, *action.governance);
    }
}

/// proposal NAME STATE, tally NAME FOR AGAINST ABSTAIN or setting MARKET NAME VALUE
Result<bool> ScenarioParser::governance_check(Words& words, Check& check) {
    if (words.accept("setting")) {
        check.kind = CheckKind::setting;
        ASTRO_TRY(check.market, take_market(words));
        ASTRO_TRY(const auto name, words.take("a setting's name"));
        ASTRO_TRY(const auto value, words.take("its value"));
        MarketSettings settings;
        ASTRO_CHECK(set_field(words, settings, std::string(name) + "=" + std::string(value)));
        check.label = field_of(name);
        check.expected = setting_text(settings, check.label);
        return true;
    }
    const bool tally = words.peek() == "tally";
    if (!tally && words.peek() != "proposal") return false;
    (void)words.take("");
    check.kind = tally ? CheckKind::tally : CheckKind::proposal;
    ASTRO_TRY(const auto* proposal, take_proposal(words));
    check.proposal = proposal->id;
    if (!tally) {
        ASTRO_TRY(const auto state, words.take("its state"));
        governance::ProposalState known{};
        if (!enum_from_name(state, known))
            return words.wrong("a proposal's state is one of docs/governance.md, not " +
                               quoted(state));
        check.expected = state;
        return true;
    }
    ASTRO_TRY(const auto* asset, voting_asset(words));
    check.asset = asset->id;
    const int decimals = static_cast<int>(asset->settings.decimals);
    for (const char* choice : {"for", "against", "abstain"}) {
        ASTRO_TRY(const auto power, words.take_decimal(decimals, choice));
        check.expected += (check.expected.empty() ? "" : " ") + decimal_text(power, decimals);
    }
    return true;
}

}  // namespace astro::exchange

#include "capabilities/governance/api.hpp"

#include "capabilities/exchange/refusal_text.hpp"
#include "capabilities/governance/views.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

namespace astro::governance {

// Bodies and answers.
struct ProposeBody {
    exchange::AccountId account{};
    std::string title;
    std::string text;
    exchange::ProposalAction action{};
};
BOOST_DESCRIBE_STRUCT(ProposeBody, (), (account, title, text, action))
struct VoteBody {
    exchange::AccountId account{};
    ProposalId proposal{};
    Choice choice = Choice::against;
};
BOOST_DESCRIBE_STRUCT(VoteBody, (), (account, proposal, choice))
struct StakeBody {
    exchange::AccountId account{};
    Power amount;
};
BOOST_DESCRIBE_STRUCT(StakeBody, (), (account, amount))
struct DelegateBody {
    exchange::AccountId account{}, to{};
};
BOOST_DESCRIBE_STRUCT(DelegateBody, (), (account, to))
struct AccountBody {
    exchange::AccountId account{};
};
BOOST_DESCRIBE_STRUCT(AccountBody, (), (account))
struct ProposalList {
    std::vector<ProposalView> proposals;
};
BOOST_DESCRIBE_STRUCT(ProposalList, (), (proposals))
struct VoteList {
    std::vector<VoteView> votes;
    std::optional<exchange::AccountId> next{};  ///< `from` of the next page
};
BOOST_DESCRIBE_STRUCT(VoteList, (), (votes, next))

namespace {

using exchange::AccountId;
using exchange::Venue;
using gateway::Call;
using Answered = Result<net::Response>;

const std::string kPrefix = "/api/v1/governance";
constexpr std::int64_t kIdMax = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kPageMax = 500;

Unexpected proposal_unknown() {
    return not_found("proposal_unknown",
                     "the venue knows the proposals that are open and the newest that have ended");
}

template <class T>
T looked(exchange::Service& venue, const std::function<T(const Venue&)>& look) {
    T out{};
    venue.read([&](const Venue& now) { out = look(now); });
    return out;
}

/// Accounts are their owner's to act for.
Result<void> check_owner(exchange::Service& venue, const Call& call, AccountId account) {
    const bool owns = looked<bool>(venue, [&](const Venue& now) {
        return account.value() < now.accounts().size() &&
               to_text(now.accounts()[account.value()].owner) == call.caller().user;
    });
    if (owns) return {};
    return not_found("account_unknown", "no such account of yours", "account");
}

net::Response refused(const exchange::Refusal& refusal, const Call& call) {
    const exchange::RefusalAsset asset{exchange::kGovernanceAsset, PowerTag::kDecimals};
    const auto& rule = exchange::rule_of(refusal.code);
    return net::problem_response(rule.status, enum_name(refusal.code),
                                 exchange::refusal_sentence(refusal, asset), rule.field,
                                 call.request().request_id);
}

using Render = std::function<Answered(const exchange::Outcome& outcome)>;
/// Does it, once for a key of idempotency, and answers when it is durable and done.
Answered carry_out(exchange::Service& venue, const Call& call, exchange::CommandBody command,
                   const Render& render) {
    exchange::Submission submission{{}, std::move(command)};
    if (const auto key = call.request().headers.find("idempotency-key"))
        submission.key = call.caller().user + ":" + std::string(*key);
    ASTRO_TRY(const auto outcome, venue.run(std::move(submission)));
    for (const auto& event : *outcome.events)
        if (const auto* no = std::get_if<exchange::Refused>(&event))
            return refused(no->refusal, call);
    return render(outcome);
}

Answered proposal_answer(exchange::Service& venue, ProposalId id, int status = 200) {
    const auto view = looked<std::optional<ProposalView>>(
        venue, [&](const Venue& now) { return view_proposal(now, id); });
    if (!view) return proposal_unknown();
    return net::json_response(to_json(*view), status);
}
Answered stake_answer(exchange::Service& venue, AccountId account) {
    return net::json_response(to_json(
        looked<StakeView>(venue, [&](const Venue& now) { return view_stake(now, account); })));
}
Answered parameters_answer(exchange::Service& venue) {
    return net::json_response(to_json(
        looked<ParametersView>(venue, [](const Venue& now) { return view_parameters(now); })));
}

ProposalId proposal_of(const Call& call) {
    return ProposalId{static_cast<std::uint64_t>(call.integer("proposal").value_or(0))};
}

Answered list_proposals(exchange::Service& venue, const Call& call) {
    const auto wanted = call.text("state");
    return net::json_response(to_json(looked<ProposalList>(venue, [&](const Venue& now) {
        ProposalList out;
        const auto& all = now.governance().proposals();
        for (auto one = all.rbegin(); one != all.rend(); ++one)
            if (!wanted || enum_name(one->second.state) == *wanted)
                out.proposals.push_back(*view_proposal(now, one->first));
        return out;
    })));
}

Answered propose(exchange::Service& venue, const Call& call) {
    ASTRO_TRY(auto body, read_json<ProposeBody>(call.request().body));
    exchange::Proposition proposition{std::move(body.title), std::move(body.text),
                                      std::move(body.action)};
    ASTRO_CHECK(check_proposition(proposition));
    ASTRO_CHECK(check_owner(venue, call, body.account));
    return carry_out(venue, call, exchange::Propose{body.account, std::move(proposition)},
                     [&venue](const exchange::Outcome& outcome) -> Answered {
                         for (const auto& event : *outcome.events)
                             if (const auto* made = std::get_if<exchange::Proposed>(&event))
                                 return proposal_answer(venue, made->proposal, 201);
                         return proposal_unknown();
                     });
}

/// Of an account about the proposal of the path.
template <class Command>
Answered act(exchange::Service& venue, const Call& call) {
    ASTRO_TRY(const auto body, read_json<AccountBody>(call.request().body));
    ASTRO_CHECK(check_owner(venue, call, body.account));
    return carry_out(venue, call, Command{body.account, proposal_of(call)},
                     [&](const auto&) { return proposal_answer(venue, proposal_of(call)); });
}

Answered list_votes(exchange::Service& venue, const Call& call) {
    const AccountId from{static_cast<std::uint32_t>(call.integer("from").value_or(0))};
    const auto list =
        looked<std::optional<VoteList>>(venue, [&](const Venue& now) -> std::optional<VoteList> {
            if (now.governance().find(proposal_of(call)) == nullptr) return std::nullopt;
            VoteList out{view_votes(now, proposal_of(call), from, kPageMax + 1)};
            if (out.votes.size() > kPageMax) {
                out.next = out.votes.back().account;
                out.votes.pop_back();
            }
            return out;
        });
    if (!list) return proposal_unknown();
    return net::json_response(to_json(*list));
}

Answered vote(exchange::Service& venue, const Call& call) {
    ASTRO_TRY(const auto body, read_json<VoteBody>(call.request().body));
    ASTRO_CHECK(check_owner(venue, call, body.account));
    return carry_out(venue, call,
                     exchange::VoteOnProposal{body.account, body.proposal, body.choice},
                     [&](const auto&) { return proposal_answer(venue, body.proposal); });
}

template <class Command>
Answered move_stake(exchange::Service& venue, const Call& call) {
    ASTRO_TRY(const auto body, read_json<StakeBody>(call.request().body));
    ASTRO_CHECK(check_owner(venue, call, body.account));
    return carry_out(venue, call, Command{body.account, body.amount},
                     [&](const auto&) { return stake_answer(venue, body.account); });
}

Answered delegate(exchange::Service& venue, const Call& call) {
    ASTRO_TRY(const auto body, read_json<DelegateBody>(call.request().body));
    ASTRO_CHECK(check_owner(venue, call, body.account));
    return carry_out(venue, call, exchange::DelegateGovernance{body.account, body.to},
                     [&](const auto&) { return stake_answer(venue, body.account); });
}

Answered set_parameters(exchange::Service& venue, const Call& call) {
    ASTRO_TRY(auto rules, read_json<Settings>(call.request().body));
    ASTRO_CHECK(check_settings(rules));
    return carry_out(venue, call, exchange::SetGovernance{std::move(rules)},
                     [&](const auto&) { return parameters_answer(venue); });
}

gateway::Parameter id_parameter(std::string name, std::string summary) {
    return {.name = std::move(name),
            .type = gateway::ParameterType::integer,
            .summary = std::move(summary),
            .minimum = 0,
            .maximum = kIdMax,
            .example = "1"};
}

gateway::Route look(std::string path, std::string summary, std::vector<gateway::Parameter> given,
                    JsonDocument document, std::function<Answered(const Call&)> handler) {
    return {.path = kPrefix + std::move(path),
            .summary = std::move(summary),
            .parameters = std::move(given),
            .answers = {{.summary = "As it is now", .document = std::move(document)}},
            .permission = std::string(gateway::kPublicPermission),
            .handler = std::move(handler)};
}

gateway::Route change(std::string path, std::string summary, JsonDocument body,
                      gateway::Answer answer, std::function<Answered(const Call&)> handler) {
    gateway::Route out{.method = "POST",
                       .path = kPrefix + std::move(path),
                       .summary = std::move(summary),
                       .body = std::move(body),
                       .answers = {std::move(answer)},
                       .refusals = {403, 404, 409, 422, 429},
                       .permission = "governance.trade",
                       .limit_class = gateway::RouteClass::write,
                       .handler = std::move(handler)};
    if (out.path.find('{') != out.path.npos)
        out.parameters.push_back(id_parameter("proposal", "Number of the proposal"));
    return out;
}

void add_looks(exchange::Service& venue, std::vector<gateway::Route>& out) {
    gateway::Parameter state{.name = "state", .summary = "Only those in this state"};
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<ProposalState>>(
        [&](auto one) { state.choices.emplace_back(one.name); });
    state.example = state.choices.front();
    out.push_back(look("/parameters", "The rules of votes, and how much is staked", {},
                       json_document<ParametersView>(),
                       [&venue](const Call&) { return parameters_answer(venue); }));
    out.push_back(look("/proposals", "Proposals, newest first, with their tally explained",
                       {std::move(state)}, json_document<ProposalList>(),
                       [&venue](const Call& call) { return list_proposals(venue, call); }));
    out.push_back(
        look("/proposals/{proposal}", "One proposal",
             {id_parameter("proposal", "Number of the proposal")}, json_document<ProposalView>(),
             [&venue](const Call& call) { return proposal_answer(venue, proposal_of(call)); }));
    out.back().refusals = {404};
    out.push_back(look("/votes", "Who has voted, while it is voted on; by account",
                       {id_parameter("proposal", "Number of the proposal"),
                        id_parameter("from", "First account of the page")},
                       json_document<VoteList>(),
                       [&venue](const Call& call) { return list_votes(venue, call); }));
    out.back().refusals = {404};
    out.push_back(look("/stakes", "What an account has staked, and the power it votes with",
                       {id_parameter("account", "Number of the account")},
                       json_document<StakeView>(), [&venue](const Call& call) {
                           const auto account = call.integer("account").value_or(0);
                           return stake_answer(venue,
                                               AccountId{static_cast<std::uint32_t>(account)});
                       }));
}

void add_changes(exchange::Service& venue, std::vector<gateway::Route>& out) {
    const gateway::Answer proposal{.summary = "The proposal as it is then",
                                   .document = json_document<ProposalView>()};
    const gateway::Answer stake{.summary = "The stake as it is then",
                                .document = json_document<StakeView>()};
    gateway::Answer made = proposal;
    made.status = 201;
    out.push_back(change("/proposals", "Proposes a change of a market, a collateral or the rules",
                         json_document<ProposeBody>(), made,
                         [&venue](const Call& call) { return propose(venue, call); }));
    out.push_back(change("/proposals/{proposal}/veto", "A guardian's no, within the timelock",
                         json_document<AccountBody>(), proposal, [&venue](const Call& call) {
                             return act<exchange::VetoProposal>(venue, call);
                         }));
    out.push_back(change("/proposals/{proposal}/cancel", "Takes back what the account proposed",
                         json_document<AccountBody>(), proposal, [&venue](const Call& call) {
                             return act<exchange::CancelProposal>(venue, call);
                         }));
    out.push_back(change("/proposals/{proposal}/execute", "Does what was accepted",
                         json_document<AccountBody>(), proposal, [&venue](const Call& call) {
                             return act<exchange::ExecuteProposal>(venue, call);
                         }));
    out.push_back(change("/votes", "Votes, or votes otherwise", json_document<VoteBody>(), proposal,
                         [&venue](const Call& call) { return vote(venue, call); }));
    out.push_back(change(
        "/stakes", "Stakes free balance", json_document<StakeBody>(), stake,
        [&venue](const Call& call) { return move_stake<exchange::StakeGovernance>(venue, call); }));
    out.push_back(change("/stakes/withdrawals", "Takes from the stake; free after the cooldown",
                         json_document<StakeBody>(), stake, [&venue](const Call& call) {
                             return move_stake<exchange::UnstakeGovernance>(venue, call);
                         }));
    out.push_back(change("/stakes/delegations",
                         "Says who votes with the stake; the account itself takes it back",
                         json_document<DelegateBody>(), stake,
                         [&venue](const Call& call) { return delegate(venue, call); }));
    out.push_back(change(
        "/parameters", "Sets the rules of votes, unless they bind", json_document<Settings>(),
        {.summary = "The rules as they are then", .document = json_document<ParametersView>()},
        [&venue](const Call& call) { return set_parameters(venue, call); }));
    out.back().method = "PUT";
    out.back().permission = "governance.operate";
}

/// After each command the proposals that its events are about.
class Publisher final : public exchange::Listener {
  public:
    explicit Publisher(Bus& bus) : bus_(bus) {}

    void on_applied(const exchange::Applied& applied) override {
        if (applied.replayed) return;
        std::vector<ProposalId> touched;
        for (const auto& event : applied.events) {
            const auto id = std::visit(
                []<class E>(const E& e) {
                    if constexpr (requires { e.proposal; }) return e.proposal;
                    return ProposalId{0};
                },
                event);
            if (id != ProposalId{0} && std::ranges::find(touched, id) == touched.end())
                touched.push_back(id);
        }
        for (const ProposalId id : touched)
            if (const auto view = view_proposal(applied.venue, id)) publish(applied.time, *view);
    }
    void on_group_end(const Venue&) override {}

  private:
    void publish(TimeMs time, const ProposalView& view) {
        bus_.publish(kProposalStream, TimestampNs{time.value() * 1'000'000},
                     std::string(kProposalStream), to_json(view),
                     {{"proposal", std::to_string(view.id.value())},
                      {"state", std::string(enum_name(view.state))}});
    }
    Bus& bus_;
};

}  // namespace

std::vector<gateway::Route> governance_routes(exchange::Service& venue) {
    std::vector<gateway::Route> out;
    add_looks(venue, out);
    add_changes(venue, out);
    return out;
}

gateway::Channel proposal_channel() {
    return {.stream = std::string(kProposalStream),
            .summary = "A proposal as it is after something has happened to it",
            .filters = {{.parameter = {.name = "proposal",
                                       .summary = "Number of the proposal",
                                       .several = true},
                         .tag = "proposal"},
                        {.parameter = {.name = "state", .summary = "Its state", .several = true},
                         .tag = "state"}},
            .permission = std::string(gateway::kPublicPermission),
            .data = json_document<ProposalView>()};
}

std::unique_ptr<exchange::Listener> make_publisher(Bus& bus) {
    return std::make_unique<Publisher>(bus);
}

}  // namespace astro::governance

#include "capabilities/governance/api.hpp"

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
using exchange::CallPtr;
using exchange::Desk;
using exchange::Outcome;
using exchange::Venue;
using gateway::Call;
using gateway::Route;
using Answered = Result<net::Response>;

const std::string kPrefix = "/api/v1/governance";
constexpr std::int64_t kIdMax = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kPageMax = 500;

Unexpected proposal_unknown() {
    return not_found("proposal_unknown",
                     "the venue knows the proposals that are open and the newest that have ended");
}

template <class T>
T looked(Desk& desk, const std::function<T(const Venue&)>& look) {
    T out{};
    desk.service.read([&](const Venue& now) { out = look(now); });
    return out;
}

/// Amounts of a refusal are of the asset that votes.
exchange::AssetId voting_asset(const Desk& desk) {
    return desk.directory.asset(exchange::kGovernanceAsset).value_or(exchange::kUsdc);
}

/// The account of a request, if it is the caller's.
Result<AccountId> own(const Desk& desk, const Call& call, AccountId account) {
    return own_account(desk, call, exchange::number_of(account));
}

Answered proposal_answer(Desk& desk, ProposalId id, int status = 200) {
    const auto view = looked<std::optional<ProposalView>>(
        desk, [&](const Venue& now) { return view_proposal(now, id); });
    if (!view) return proposal_unknown();
    return net::json_response(to_json(*view), status);
}
Answered stake_answer(Desk& desk, AccountId account) {
    return net::json_response(to_json(
        looked<StakeView>(desk, [&](const Venue& now) { return view_stake(now, account); })));
}
Answered parameters_answer(Desk& desk) {
    return net::json_response(to_json(
        looked<ParametersView>(desk, [](const Venue& now) { return view_parameters(now); })));
}

ProposalId proposal_of(const Call& call) {
    return ProposalId{static_cast<std::uint64_t>(call.integer("proposal").value_or(0))};
}

Answered list_proposals(Desk& desk, const Call& call) {
    const auto wanted = call.text("state");
    return net::json_response(to_json(looked<ProposalList>(desk, [&](const Venue& now) {
        ProposalList out;
        const auto& all = now.governance().proposals();
        for (auto one = all.rbegin(); one != all.rend(); ++one)
            if (!wanted || enum_name(one->second.state) == *wanted)
                out.proposals.push_back(*view_proposal(now, one->first));
        return out;
    })));
}

Result<void> propose(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(auto body, read_json<ProposeBody>(call->request().body));
    exchange::Proposition proposition{std::move(body.title), std::move(body.text),
                                      std::move(body.action)};
    ASTRO_CHECK(check_proposition(proposition));
    ASTRO_TRY(const AccountId account, own(desk, *call, body.account));
    carry_out(desk, call, exchange::Propose{account, std::move(proposition)}, voting_asset(desk),
              std::move(done), [&desk](const Outcome& outcome) -> Answered {
                  for (const auto& event : *outcome.events)
                      if (const auto* made = std::get_if<exchange::Proposed>(&event))
                          return proposal_answer(desk, made->proposal, 201);
                  return proposal_unknown();
              });
    return {};
}

/// Of an account about the proposal of the path.
template <class Command>
Result<void> act(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto body, read_json<AccountBody>(call->request().body));
    ASTRO_TRY(const AccountId account, own(desk, *call, body.account));
    const ProposalId proposal = proposal_of(*call);
    carry_out(desk, call, Command{account, proposal}, voting_asset(desk), std::move(done),
              [&desk, proposal](const Outcome&) { return proposal_answer(desk, proposal); });
    return {};
}

Answered list_votes(Desk& desk, const Call& call) {
    const AccountId from{static_cast<std::uint32_t>(call.integer("from").value_or(0))};
    const auto list =
        looked<std::optional<VoteList>>(desk, [&](const Venue& now) -> std::optional<VoteList> {
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

Result<void> vote(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto body, read_json<VoteBody>(call->request().body));
    ASTRO_TRY(const AccountId account, own(desk, *call, body.account));
    carry_out(desk, call, exchange::VoteOnProposal{account, body.proposal, body.choice},
              voting_asset(desk), std::move(done),
              [&desk, id = body.proposal](const Outcome&) { return proposal_answer(desk, id); });
    return {};
}

template <class Command>
Result<void> move_stake(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto body, read_json<StakeBody>(call->request().body));
    ASTRO_TRY(const AccountId account, own(desk, *call, body.account));
    carry_out(desk, call, Command{account, body.amount}, voting_asset(desk), std::move(done),
              [&desk, account](const Outcome&) { return stake_answer(desk, account); });
    return {};
}

Result<void> delegate(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto body, read_json<DelegateBody>(call->request().body));
    ASTRO_TRY(const AccountId account, own(desk, *call, body.account));
    carry_out(desk, call, exchange::DelegateGovernance{account, body.to}, voting_asset(desk),
              std::move(done),
              [&desk, account](const Outcome&) { return stake_answer(desk, account); });
    return {};
}

Result<void> set_parameters(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(auto rules, read_json<Settings>(call->request().body));
    ASTRO_CHECK(check_settings(rules));
    const auto before =
        looked<Settings>(desk, [](const Venue& v) { return v.governance().settings(); });
    ASTRO_CHECK(desk.audit({.actor = call->caller().user,
                            .action = "governance.parameters_changed",
                            .subject = "governance",
                            .detail = exchange::changed_members(before, rules)}));
    carry_out(desk, call, exchange::SetGovernance{std::move(rules)}, voting_asset(desk),
              std::move(done), [&desk](const Outcome&) { return parameters_answer(desk); });
    return {};
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

/// The rest is as with the exchange's: a refusal says its numbers, a key is done once.
gateway::Route change(std::string path, std::string summary, JsonDocument body,
                      gateway::Answer answer,
                      std::function<Result<void>(const CallPtr&, Route::Done)> begin) {
    gateway::Route out{
        .method = "POST",
        .path = kPrefix + std::move(path),
        .summary = std::move(summary),
        .body = std::move(body),
        .answers = {std::move(answer)},
        .refusals = {403, 404, 409, 422, 429},
        .permission = "governance.trade",
        .limit_class = gateway::RouteClass::write,
        .blocking = false,
        .begin = [begin = std::move(begin)](const CallPtr& call, const Route::Done& done) {
            if (const auto begun = begin(call, done); !begun) done(Unexpected{begun.error()});
        }};
    if (out.path.find('{') != out.path.npos)
        out.parameters.push_back(id_parameter("proposal", "Number of the proposal"));
    return out;
}

void add_looks(Desk& desk, std::vector<gateway::Route>& out) {
    gateway::Parameter state{.name = "state", .summary = "Only those in this state"};
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<ProposalState>>(
        [&](auto one) { state.choices.emplace_back(one.name); });
    state.example = state.choices.front();
    out.push_back(look("/parameters", "The rules of votes, and how much is staked", {},
                       json_document<ParametersView>(),
                       [&desk](const Call&) { return parameters_answer(desk); }));
    out.push_back(look("/proposals", "Proposals, newest first, with their tally explained",
                       {std::move(state)}, json_document<ProposalList>(),
                       [&desk](const Call& call) { return list_proposals(desk, call); }));
    out.push_back(
        look("/proposals/{proposal}", "One proposal",
             {id_parameter("proposal", "Number of the proposal")}, json_document<ProposalView>(),
             [&desk](const Call& call) { return proposal_answer(desk, proposal_of(call)); }));
    out.back().refusals = {404};
    out.push_back(look("/votes", "Who has voted, while it is voted on; by account",
                       {id_parameter("proposal", "Number of the proposal"),
                        id_parameter("from", "First account of the page")},
                       json_document<VoteList>(),
                       [&desk](const Call& call) { return list_votes(desk, call); }));
    out.back().refusals = {404};
    out.push_back(look("/stakes", "What an account has staked, and the power it votes with",
                       {id_parameter("account", "Number of the account")},
                       json_document<StakeView>(), [&desk](const Call& call) {
                           const auto account = call.integer("account").value_or(0);
                           return stake_answer(desk,
                                               AccountId{static_cast<std::uint32_t>(account)});
                       }));
}

void add_changes(Desk& desk, std::vector<gateway::Route>& out) {
    const gateway::Answer proposal{.summary = "The proposal as it is then",
                                   .document = json_document<ProposalView>()};
    const gateway::Answer stake{.summary = "The stake as it is then",
                                .document = json_document<StakeView>()};
    gateway::Answer made = proposal;
    made.status = 201;
    out.push_back(change("/proposals", "Proposes a change of a market, a collateral or the rules",
                         json_document<ProposeBody>(), made, begun_by(desk, propose)));
    out.push_back(change("/proposals/{proposal}/veto", "A guardian's no, within the timelock",
                         json_document<AccountBody>(), proposal,
                         begun_by(desk, act<exchange::VetoProposal>)));
    out.push_back(change("/proposals/{proposal}/cancel", "Takes back what the account proposed",
                         json_document<AccountBody>(), proposal,
                         begun_by(desk, act<exchange::CancelProposal>)));
    out.push_back(change("/proposals/{proposal}/execute", "Does what was accepted",
                         json_document<AccountBody>(), proposal,
                         begun_by(desk, act<exchange::ExecuteProposal>)));
    out.push_back(change("/votes", "Votes, or votes otherwise", json_document<VoteBody>(), proposal,
                         begun_by(desk, vote)));
    out.push_back(change("/stakes", "Stakes free balance", json_document<StakeBody>(), stake,
                         begun_by(desk, move_stake<exchange::StakeGovernance>)));
    out.push_back(change("/stakes/withdrawals", "Takes from the stake; free after the cooldown",
                         json_document<StakeBody>(), stake,
                         begun_by(desk, move_stake<exchange::UnstakeGovernance>)));
    out.push_back(change("/stakes/delegations",
                         "Says who votes with the stake; the account itself takes it back",
                         json_document<DelegateBody>(), stake, begun_by(desk, delegate)));
    out.push_back(change(
        "/parameters", "Sets the rules of votes, unless they bind", json_document<Settings>(),
        {.summary = "The rules as they are then", .document = json_document<ParametersView>()},
        begun_by(desk, set_parameters)));
    out.back().method = "PUT";
    out.back().blocking = true;  // what the audit keeps is written before
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

std::vector<gateway::Route> governance_routes(exchange::Desk& desk) {
    std::vector<gateway::Route> out;
    add_looks(desk, out);
    add_changes(desk, out);
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

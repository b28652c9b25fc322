#include "capabilities/exchange/account_view.hpp"
#include "capabilities/exchange/desk.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// Accounts and what is in them.
namespace astro::exchange {

struct AccountList {
    std::vector<AccountView> accounts;
};
BOOST_DESCRIBE_STRUCT(AccountList, (), (accounts))
struct PositionList {
    std::vector<PositionView> positions;
};
BOOST_DESCRIBE_STRUCT(PositionList, (), (positions))

namespace {

using gateway::Call;
using gateway::Route;

const gateway::Parameter kAccountInPath = account_parameter("Number of an account");

Result<void> open_account(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<NewAccount>(call->request().body));
    OpenAccount body{.owner = owner_of(*call), .isolated = {}};
    if (body.owner.is_zero()) return unauthenticated("sign_in_needed", "an account needs an owner");
    if (wish.isolated) {
        ASTRO_TRY(body.isolated, market_of(desk, *wish.isolated));
    }
    if (desk.directory.accounts_of(body.owner).size() >= desk.accounts_max)
        return conflict("too_many_accounts",
                        "one has at most " + std::to_string(desk.accounts_max) + " accounts");
    carry_out(desk, call, body, kUsdc, std::move(done),
              [isolated = wish.isolated](const Outcome& outcome) -> Answered {
                  AccountReceipt receipt{.isolated = isolated};
                  for (const Event& event : *outcome.events)
                      if (const auto* opened = std::get_if<AccountOpened>(&event))
                          receipt.account = opened->account;
                  return net::json_response(to_json(with_outcome(std::move(receipt), outcome)),
                                            201);
              });
    return {};
}

Result<void> pour(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<FundingWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, number_of(wish.account)));
    ASTRO_TRY(const AssetId asset, asset_of(desk, wish.asset));
    ASTRO_TRY(const Amount amount, amount_of(desk, asset, wish.amount));
    const Faucet::Wish poured{
        owner_of(*call), std::string(call->request().headers.find("idempotency-key").value_or("")),
        asset, amount};
    ASTRO_TRY(const bool counted, desk.faucet.take(poured, desk.clock.now()));
    Deposit body;
    body.account = account;
    body.asset = asset;
    body.amount = amount;
    const auto given = std::make_shared<bool>(false);
    carry_out(
        desk, call, body, asset,
        [&desk, done = std::move(done), given, counted, poured](Result<net::Response> response) {
            // Of a deposit whose fate is unknown it stays counted.
            const bool unknown = !response && response.error().kind == ErrorKind::unknown;
            if (counted && !*given && !unknown) desk.faucet.give_back(poured, desk.clock.now());
            done(std::move(response));
        },
        [&desk, account, asset, given](const Outcome& outcome) -> Answered {
            *given = !outcome.repeated;
            return net::json_response(to_json(balance_receipt(desk, outcome, account, asset)), 201);
        });
    return {};
}

Result<void> transfer(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<TransferWish>(call->request().body));
    Transfer body;
    ASTRO_TRY(body.from, own_account(desk, *call, wish.from.value()));
    ASTRO_TRY(body.to, own_account(desk, *call, wish.to.value()));
    ASTRO_TRY(body.asset, asset_of(desk, wish.asset));
    ASTRO_TRY(body.amount, amount_of(desk, body.asset, wish.amount));
    carry_out(desk, call, body, body.asset, std::move(done),
              [&desk, body](const Outcome& outcome) -> Answered {
                  return net::json_response(
                      to_json(balance_receipt(desk, outcome, body.from, body.asset)), 201);
              });
    return {};
}

Result<void> set_leverage(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<LeverageWish>(call->request().body));
    SetLeverage body{.initial_margin_bps = wish.initial_margin_bps};
    ASTRO_TRY(body.account, own_account(desk, *call, call->integer("account")));
    ASTRO_TRY(body.market, market_of(desk, wish.market));
    carry_out(desk, call, body, kUsdc, std::move(done), plain_receipt);
    return {};
}

Result<void> set_dead_man(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<DeadManWish>(call->request().body));
    if (wish.after_ms != 0 && (wish.after_ms < 1'000 || wish.after_ms > 86'400'000))
        return refusal("bad_body", "needs 0, or 1000 to 86400000", "after_ms");
    SetDeadMan body;
    ASTRO_TRY(body.account, own_account(desk, *call, call->integer("account")));
    if (wish.after_ms != 0) body.at = TimeMs{to_time_ms(desk.clock.now()).value() + wish.after_ms};
    carry_out(desk, call, body, kUsdc, std::move(done), plain_receipt);
    return {};
}

Result<void> settle_funding(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const AccountId account, own_account(desk, *call, call->integer("account")));
    carry_out(desk, call, SettleFunding{account}, kUsdc, std::move(done), plain_receipt);
    return {};
}

Result<void> settle_interest(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const AccountId account, own_account(desk, *call, call->integer("account")));
    carry_out(desk, call, SettleInterest{account}, kUsdc, std::move(done), plain_receipt);
    return {};
}

Answered list_accounts(Desk& desk, const Call& call) {
    AccountList out;
    const auto accounts = desk.directory.accounts_of(owner_of(call));
    desk.service.read([&](const Venue& venue) {
        for (const AccountId account : accounts)
            out.accounts.push_back(account_view(venue, account));
    });
    return net::json_response(to_json(out));
}

Answered one_account(Desk& desk, const Call& call) {
    ASTRO_TRY(const AccountId account, own_account(desk, call, call.integer("account")));
    AccountView out;
    desk.service.read([&](const Venue& venue) { out = account_view(venue, account); });
    return net::json_response(to_json(out));
}

Answered positions(Desk& desk, const Call& call) {
    ASTRO_TRY(const auto accounts, own_accounts(desk, call));
    PositionList out;
    desk.service.read([&](const Venue& venue) {
        for (const AccountId account : accounts)
            for (auto& position : position_views(venue, account))
                out.positions.push_back(std::move(position));
    });
    return net::json_response(to_json(out));
}

Answered explain(Desk& desk, const Call& call) {
    ASTRO_TRY(const AccountId account, own_account(desk, call, call.integer("account")));
    MarginExplanation out;
    desk.service.read([&](const Venue& venue) {
        out = explain_margin(venue.margin_context(), venue.accounts()[account.value()]);
    });
    return net::json_response(to_json(out));
}

std::vector<Route> account_reads(Desk& desk) {
    const auto chosen = account_parameter("Whose; the caller's first account when absent");
    std::vector<Route> out;
    out.push_back(reading_route("/accounts", "The caller's accounts", json_document<AccountList>(),
                                read_by(desk, list_accounts)));
    out.push_back(reading_route("/accounts/{account}", "One account: balances, equity, margin",
                                json_document<AccountView>(), read_by(desk, one_account)));
    out.back().parameters = {kAccountInPath};
    out.push_back(reading_route("/positions", "Positions of one account, or of all of the caller's",
                                json_document<PositionList>(), read_by(desk, positions)));
    out.back().parameters = {account_parameter("Only of this account")};
    out.push_back(reading_route("/margin/explain", "An account's margin term by term",
                                json_document<MarginExplanation>(), read_by(desk, explain)));
    out.back().parameters = {chosen};
    return out;
}

}  // namespace

std::vector<Route> account_routes(Desk& desk) {
    std::vector<Route> out = account_reads(desk);
    const gateway::Answer done{.summary = "When it was done", .document = json_document<Receipt>()};
    const gateway::Answer balance{.status = 201,
                                  .summary = "The balance after it",
                                  .document = json_document<BalanceReceipt>()};
    out.push_back(writing_route(
        "POST", "/accounts", "Opens an account; an isolated one trades one market only",
        json_document<NewAccount>(),
        {.status = 201, .summary = "Its number", .document = json_document<AccountReceipt>()},
        begun_by(desk, open_account)));
    out.push_back(writing_route("POST", "/faucet", "Play money, so much a day",
                                json_document(FundingWish{{}, "USDC", "10000"}), balance,
                                begun_by(desk, pour)));
    out.back().blocking = true;  // asks the tables what was given today
    out.push_back(
        writing_route("POST", "/transfers", "Moves money between the caller's accounts",
                      json_document(TransferWish{AccountId{0}, AccountId{1}, "USDC", "5"}), balance,
                      begun_by(desk, transfer)));
    out.push_back(writing_route(
        "PUT", "/accounts/{account}/leverage",
        "The margin that one asks of oneself in a market, in basis points; 0: the market's",
        json_document(LeverageWish{"SOL-PERP", 1'000}), done, begun_by(desk, set_leverage)));
    out.back().parameters = {kAccountInPath};
    out.push_back(writing_route("PUT", "/accounts/{account}/dead-man",
                                "Cancels all orders of the account unless it is set again in time",
                                json_document(DeadManWish{10'000}), done,
                                begun_by(desk, set_dead_man)));
    out.back().parameters = {kAccountInPath};
    out.push_back(writing_route("POST", "/accounts/{account}/settle",
                                "Books the funding that its positions owe or are owed", {}, done,
                                begun_by(desk, settle_funding)));
    out.back().parameters = {kAccountInPath};
    out.push_back(writing_route("POST", "/accounts/{account}/settle-interest",
                                "Books the interest that its balances have earned or owe", {}, done,
                                begun_by(desk, settle_interest)));
    out.back().parameters = {kAccountInPath};
    return out;
}

}  // namespace astro::exchange

#include <algorithm>

#include "capabilities/exchange/account_view.hpp"
#include "capabilities/exchange/desk.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// What operators do: see who is near liquidation, set prices by hand on a venue of play money.
namespace astro::exchange {

struct RiskView {
    AccountId account{};
    OwnerId owner{};
    std::optional<std::string> isolated{};
    std::optional<std::int64_t> margin_ratio_ppm{};
    Quote collateral{}, requirement{};  ///< by maintenance margin
};
BOOST_DESCRIBE_STRUCT(RiskView, (),
                      (account, owner, isolated, margin_ratio_ppm, collateral, requirement))
struct RiskList {
    std::vector<RiskView> accounts;
};
BOOST_DESCRIBE_STRUCT(RiskList, (), (accounts))

struct PoolsView {
    Quote fees{}, insurance{}, treasury{}, funding{}, uncovered{};
};
BOOST_DESCRIBE_STRUCT(PoolsView, (), (fees, insurance, treasury, funding, uncovered))

struct PriceWish {
    std::string market;
    Price index{};
};
BOOST_DESCRIBE_STRUCT(PriceWish, (), (market, index))

namespace {

using gateway::Call;
using gateway::Route;

/// As many accounts as are looked at without letting commands wait long.
constexpr std::size_t kAccountsAtATime = 2'000;

/// Of accounts [from, from + kAccountsAtATime) those with positions; false behind the last.
bool look_at(const Venue& venue, std::size_t from, std::vector<RiskView>& out) {
    const auto& accounts = venue.accounts();
    const std::size_t end = std::min(accounts.size(), from + kAccountsAtATime);
    for (std::size_t i = from; i < end; ++i) {
        const Account& account = accounts[i];
        if (account.positions.size() == 0) continue;
        const Health health = health_of(venue.margin_context(), account, MarginKind::maintenance);
        RiskView view{.account = AccountId{static_cast<AccountId::Rep>(i)},
                      .owner = account.owner,
                      .isolated = {},
                      .margin_ratio_ppm = {},
                      .collateral = Quote{health.collateral},
                      .requirement = Quote{health.requirement}};
        if (account.isolated)
            view.isolated = venue.markets()[account.isolated->value()].settings.symbol;
        if (health.collateral > 0)
            view.margin_ratio_ppm = static_cast<std::int64_t>(
                static_cast<Int128>(health.requirement) * 1'000'000 / health.collateral);
        out.push_back(std::move(view));
    }
    return end < accounts.size();
}

/// Worst first: without collateral, then by how much of it the requirement takes.
Answered accounts_by_risk(Desk& desk, const Call& call) {
    RiskList out;
    bool more = true;
    for (std::size_t from = 0; more; from += kAccountsAtATime)
        desk.service.read([&](const Venue& venue) { more = look_at(venue, from, out.accounts); });
    const auto worse = [](const RiskView& a, const RiskView& b) {
        constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
        return std::pair(a.margin_ratio_ppm.value_or(kNone), b.account) >
               std::pair(b.margin_ratio_ppm.value_or(kNone), a.account);
    };
    std::ranges::sort(out.accounts, worse);
    const auto limit = static_cast<std::size_t>(call.integer("limit").value_or(50));
    if (out.accounts.size() > limit) out.accounts.resize(limit);
    return net::json_response(to_json(out));
}

Answered pools(Desk& desk, const Call&) {
    PoolsView out;
    desk.service.read([&](const Venue& venue) {
        const Pools& pools = venue.pools();
        out = {pools.fees, pools.insurance, pools.treasury, pools.funding, pools.uncovered};
    });
    return net::json_response(to_json(out));
}

Result<void> set_price(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<PriceWish>(call->request().body));
    ASTRO_TRY(const MarketId market, market_of(desk, wish.market));
    ASTRO_CHECK(check_paper(desk));
    if (wish.index <= Price{0} || wish.index > kPriceMax)
        return refusal("bad_body", "needs a price above zero", "index");
    SetIndexPrice body;
    body.market = market;
    body.index = wish.index;
    carry_out(desk, call, body, kUsdc, std::move(done), plain_receipt);
    return {};
}

/// Booking its funding has the account looked at as any change of it does.
Result<void> check_account(Desk& desk, const CallPtr& call, Route::Done done) {
    const auto account = call->integer("account");
    const AccountId id{static_cast<AccountId::Rep>(*account)};
    if (!desk.directory.account(id))
        return not_found("account_unknown", "there is no such account", "account");
    carry_out(desk, call, SettleFunding{id}, kUsdc, std::move(done), plain_receipt);
    return {};
}

}  // namespace

std::vector<Route> operator_routes(Desk& desk) {
    const gateway::Answer done{.summary = "When it was done", .document = json_document<Receipt>()};
    std::vector<Route> out;
    out.push_back(operating(reading_route(
        "/operate/accounts", "Accounts with positions, those nearest to liquidation first",
        json_document<RiskList>(), read_by(desk, accounts_by_risk))));
    out.back().parameters = {{.name = "limit",
                              .type = gateway::ParameterType::integer,
                              .summary = "Accounts at most; 50",
                              .minimum = 1,
                              .maximum = 1'000,
                              .example = "50"}};
    out.push_back(operating(reading_route("/operate/pools", "Money that is no account's",
                                          json_document<PoolsView>(), read_by(desk, pools))));
    out.push_back(operating(writing_route("PUT", "/operate/prices",
                                          "Sets a market's index price by hand, on a paper venue",
                                          json_document(PriceWish{"SOL-PERP", Price{100'000'000}}),
                                          done, begun_by(desk, set_price))));
    out.push_back(operating(writing_route("POST", "/operate/accounts/{account}/check",
                                          "Has an account looked at for liquidation", {}, done,
                                          begun_by(desk, check_account))));
    out.back().parameters = {account_parameter("Number of an account")};
    return out;
}

}  // namespace astro::exchange

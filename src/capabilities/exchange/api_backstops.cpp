#include <algorithm>

#include "capabilities/exchange/desk.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// Accounts that take over what the book does not take in a liquidation.
namespace astro::exchange {

struct BackstopWish {
    Quote notional_max{};  ///< 0: no more
};
BOOST_DESCRIBE_STRUCT(BackstopWish, (), (notional_max))

struct BackstopView {
    std::int64_t place = 0;  ///< from 1: they are asked in this order
    AccountId account{};
    Quote notional_max{}, notional{};  ///< of its positions: the most, and what it is
};
BOOST_DESCRIBE_STRUCT(BackstopView, (), (place, account, notional_max, notional))
struct BackstopList {
    std::vector<BackstopView> backstops{};
    std::int64_t count = 0;  ///< of everybody's
};
BOOST_DESCRIBE_STRUCT(BackstopList, (), (backstops, count))

namespace {

using gateway::Call;
using gateway::Route;

Quote notional_of(const Venue& venue, AccountId account) {
    Int128 out = 0;
    for (const Position& position : venue.accounts()[account.value()].positions) {
        const Base size = position.size < Base{0} ? Base{0} - position.size : position.size;
        out += notional(venue.markets()[position.market.value()].mark, size);
    }
    return Quote{static_cast<std::int64_t>(out)};
}

/// Those of `accounts`, or all.
Answered list_of(Desk& desk, const std::vector<AccountId>* accounts) {
    BackstopList out;
    desk.service.read([&](const Venue& venue) {
        for (const Backstop& backstop : venue.backstops()) {
            ++out.count;
            if (accounts != nullptr &&
                std::ranges::find(*accounts, backstop.account) == accounts->end())
                continue;
            out.backstops.push_back({out.count, backstop.account, backstop.notional_max,
                                     notional_of(venue, backstop.account)});
        }
    });
    return net::json_response(to_json(out));
}

Answered own(Desk& desk, const Call& call) {
    ASTRO_TRY(const auto accounts, own_accounts(desk, call));
    return list_of(desk, &accounts);
}

Answered all(Desk& desk, const Call&) {
    return list_of(desk, nullptr);
}

Result<void> set(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<BackstopWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, call->integer("account")));
    if (wish.notional_max < Quote{0} || wish.notional_max > kNotionalMax)
        return refusal("bad_body", "needs 0 to " + to_text(kNotionalMax), "notional_max");
    carry_out(desk, call, SetBackstop{account, wish.notional_max}, kUsdc, std::move(done),
              plain_receipt);
    return {};
}

}  // namespace

std::vector<Route> backstop_routes(Desk& desk) {
    std::vector<Route> out;
    out.push_back(reading_route("/backstops",
                                "The caller's accounts that take over what the book does not, and "
                                "their place in the order of asking",
                                json_document<BackstopList>(), read_by(desk, own)));
    out.back().parameters = {account_parameter("Only of this account")};
    out.push_back(writing_route(
        "PUT", "/accounts/{account}/backstop",
        "Takes over from accounts in liquidation what the book does not take, up to a notional of "
        "its positions; 0: no more",
        json_document(BackstopWish{Quote{50'000'000'000}}),
        {.summary = "When it was done", .document = json_document<Receipt>()},
        begun_by(desk, set)));
    out.back().parameters = {account_parameter("Number of an account")};
    out.push_back(operating(reading_route("/operate/backstops",
                                          "All backstops, in the order in which they are asked",
                                          json_document<BackstopList>(), read_by(desk, all))));
    return out;
}

}  // namespace astro::exchange

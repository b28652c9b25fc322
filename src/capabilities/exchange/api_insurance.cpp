#include "capabilities/exchange/desk.hpp"
#include "foundation/base/json.hpp"
#include "foundation/base/read_json.hpp"

/// Shares of the insurance fund: staking, leaving it, what they are worth.
namespace astro::exchange {

struct InsuranceWish {
    std::optional<AccountId> account{};
    Quote amount{};
};
BOOST_DESCRIBE_STRUCT(InsuranceWish, (), (account, amount))
struct UnstakeWish {
    std::optional<AccountId> account{};
    std::int64_t shares = 0;
};
BOOST_DESCRIBE_STRUCT(UnstakeWish, (), (account, shares))

/// An account's part of the fund.
struct InsuranceStakeView {
    AccountId account{};
    std::int64_t shares = 0;  ///< with those that cool down
    Quote value{};            ///< what they are worth
    std::int64_t requested_shares = 0;
    Quote requested_value{};                                  ///< the most that those pay
    std::optional<TimestampNs> requested_at{}, payable_at{};  ///< none: no request runs
    std::int64_t shares_total = 0;                            ///< of everybody and the venue
    Quote fund{};
};
BOOST_DESCRIBE_STRUCT(InsuranceStakeView, (),
                      (account, shares, value, requested_shares, requested_value, requested_at,
                       payable_at, shares_total, fund))
struct InsuranceStakeList {
    std::vector<InsuranceStakeView> stakes{};
    std::int64_t cooldown_ms = 0;  ///< from a request until it is paid
};
BOOST_DESCRIBE_STRUCT(InsuranceStakeList, (), (stakes, cooldown_ms))

struct InsuranceReceipt {
    InsuranceAction action = InsuranceAction::staked;
    Quote amount{};  ///< that came in, was frozen or was paid
    InsuranceStakeView stake{};
    std::uint64_t seq = 0;
    TimestampNs time{};
    bool repeated = false;
};
BOOST_DESCRIBE_STRUCT(InsuranceReceipt, (), (action, amount, stake, seq, time, repeated))

namespace {

using gateway::Call;
using gateway::Route;

InsuranceStakeView view_of(AccountId account, InsuranceStake stake, const InsuranceShares& shares,
                           Quote vault, std::int64_t cooldown_ms) {
    shares.follow(stake);
    InsuranceStakeView out{.account = account,
                           .shares = stake.shares,
                           .value = shares.value_of(vault, stake.shares),
                           .requested_shares = stake.requested,
                           .requested_value = stake.requested_value,
                           .shares_total = shares.total,
                           .fund = vault};
    if (stake.requested_at != TimeMs{0}) {
        out.requested_at = to_timestamp(stake.requested_at);
        out.payable_at = to_timestamp(TimeMs{stake.requested_at.value() + cooldown_ms});
    }
    return out;
}

Answered list(Desk& desk, const Call& call) {
    ASTRO_TRY(const auto accounts, own_accounts(desk, call));
    InsuranceStakeList out;
    desk.service.read([&](const Venue& venue) {
        out.cooldown_ms = venue.settings().insurance_cooldown_ms;
        for (const AccountId account : accounts)
            if (const auto found = venue.insurance_stakes().find(account);
                found != venue.insurance_stakes().end())
                out.stakes.push_back(view_of(account, found->second, venue.insurance_shares(),
                                             venue.pools().insurance, out.cooldown_ms));
    });
    return net::json_response(to_json(out));
}

Render receipt(Desk& desk) {
    return [&desk](const Outcome& outcome) -> Answered {
        InsuranceReceipt out;
        const std::int64_t cooldown_ms = desk.directory.venue()->insurance_cooldown_ms;
        for (const Event& event : *outcome.events)
            if (const auto* e = std::get_if<InsuranceStakeChanged>(&event)) {
                out.action = e->action;
                out.amount = e->amount;
                out.stake = view_of(e->account, e->stake, e->shares, e->vault, cooldown_ms);
            }
        return net::json_response(to_json(with_outcome(std::move(out), outcome)));
    };
}

Result<void> stake(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<InsuranceWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, number_of(wish.account)));
    carry_out(desk, call, StakeInsurance{account, wish.amount}, kUsdc, std::move(done),
              receipt(desk));
    return {};
}

Result<void> request(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const auto wish, read_json<UnstakeWish>(call->request().body));
    ASTRO_TRY(const AccountId account, own_account(desk, *call, number_of(wish.account)));
    carry_out(desk, call, RequestUnstakeInsurance{account, wish.shares}, kUsdc, std::move(done),
              receipt(desk));
    return {};
}

/// CancelUnstakeInsurance, or UnstakeInsurance.
template <class Command>
Result<void> end_request(Desk& desk, const CallPtr& call, Route::Done done) {
    ASTRO_TRY(const AccountId account, own_account(desk, *call, call->integer("account")));
    carry_out(desk, call, Command{account}, kUsdc, std::move(done), receipt(desk));
    return {};
}

}  // namespace

std::vector<Route> insurance_routes(Desk& desk) {
    const gateway::Answer answer{.summary = "The account's part of the fund as it is then",
                                 .document = json_document<InsuranceReceipt>()};
    const auto whose = account_parameter("Whose; the caller's first account when absent");
    std::vector<Route> out;
    out.push_back(reading_route("/insurance/stakes", "The caller's shares of the insurance fund",
                                json_document<InsuranceStakeList>(), read_by(desk, list)));
    out.back().parameters = {account_parameter("Only of this account")};
    out.push_back(writing_route(
        "POST", "/insurance/stakes", "Puts USDC into the insurance fund, for shares of it",
        json_document(InsuranceWish{{}, Quote{100'000'000}}), answer, begun_by(desk, stake)));
    out.push_back(writing_route("POST", "/insurance/unstakes",
                                "Begins the cool-down of some shares: they gain no more, but may "
                                "lose",
                                json_document(UnstakeWish{{}, 50'000'000}), answer,
                                begun_by(desk, request)));
    out.push_back(writing_route("DELETE", "/insurance/unstakes",
                                "Takes the request back: the shares stay, without what they would "
                                "have gained",
                                {}, answer, begun_by(desk, end_request<CancelUnstakeInsurance>)));
    out.back().parameters = {whose};
    out.push_back(writing_route("POST", "/insurance/unstakes/pay",
                                "Pays what was requested, after the cool-down", {}, answer,
                                begun_by(desk, end_request<UnstakeInsurance>)));
    out.back().parameters = {whose};
    return out;
}

}  // namespace astro::exchange
